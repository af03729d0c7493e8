#include "check/sample_report.h"

#include <string.h>

#define NONE                                                                   \
    {                                                                          \
        TRUTH_NO, EVIDENCE_PROVED, NO_WITNESS                                  \
    }
#define YES                                                                    \
    {                                                                          \
        TRUTH_YES, EVIDENCE_PROVED, NO_WITNESS                                 \
    }
#define SEEN(n)                                                                \
    {                                                                          \
        TRUTH_YES, EVIDENCE_WITNESS, n                                         \
    }
#define TRIED                                                                  \
    {                                                                          \
        TRUTH_NO, EVIDENCE_SAMPLED, NO_WITNESS                                 \
    }
#define OPEN                                                                   \
    {                                                                          \
        TRUTH_UNKNOWN, EVIDENCE_NONE, NO_WITNESS                               \
    }

static const struct witness_item popf_items[] = {
    { "mode", { "user", "supervisor" }, { NULL, NULL }, true, false },
    { "eflags.IOPL", { "0", "0" }, { NULL, NULL }, false, false },
    { "eflags.IF", { "1", "1" }, { "1", "0" }, false, true },
    { "memory[0x0000000080001000]",
      { "0x0000000000000002", "0x0000000000000002" },
      { NULL, NULL },
      false,
      false },
};

static const struct witness_item lsl_items[] = {
    { "gdt.base", { "0x1000", NULL }, { "0x2000", NULL }, false, true },
    { "ax", { "8", NULL }, { NULL, NULL }, false, false },
};

static const struct witness_item long_items[] = {
    { "a_register_with_a_name_that_is_rather_long_for_one",
      { "0x00112233445566778899aabbccddeeff",
        "0xffeeddccbbaa99887766554433221100" },
      { "0x00112233445566778899aabbccddeeff",
        "0xffeeddccbbaa99887766554433221101" },
      true,
      true },
};

static const struct witness witnesses[] = {
    { "popf", "popfd", PROPERTY_MODE,
      "popf in user mode with IOPL=0 leaves IF as it was, in supervisor mode "
      "clears it: a guest kernel would believe interrupts are off.",
      popf_items, 4, "witness popf\nmode user supervisor\n" },
    { "lsl", "lsl ax, bx", PROPERTY_CONTROL,
      "lsl moves the table of descriptors, and nothing traps.", lsl_items, 2,
      NULL },
    { "wide", "wide", PROPERTY_LOCATION, NULL, long_items, 1, NULL },
};

static const struct insn_result rows[] = {
    { "popf",
      "0x9d",
      VERDICT_VIOLATION,
      { NONE, NONE, NONE, SEEN(0), NONE, NONE, SEEN(0) },
      "It writes IF in one mode and leaves it in the other.",
      "rewriting, or a trap of its own.",
      1,
      0 },
    { "lsl",
      NULL,
      VERDICT_VIOLATION,
      { NONE, NONE, SEEN(1), NONE, SEEN(2), TRIED, SEEN(1) },
      "It reads a table that the monitor owns.",
      "rewriting.",
      0,
      0 },
    { "rdtsc",
      "0x0f31",
      VERDICT_CONFIGURABLE,
      { NONE, NONE, NONE, NONE, NONE, SEEN(0), NONE },
      "It reads the host's clock unless CR4.TSD is set.",
      "CR4.TSD=1.",
      1,
      0 },
    { "cpuid",
      NULL,
      VERDICT_UNDECIDED,
      { OPEN, NONE, OPEN, OPEN, OPEN, OPEN, OPEN },
      "The time limit of 1 s was reached.",
      NULL,
      0,
      0 },
    { "lgdt",
      NULL,
      VERDICT_PRIVILEGED,
      { YES, NONE, NONE, NONE, NONE, NONE, NONE },
      NULL,
      NULL,
      0,
      0 },
    { "hlt",
      NULL,
      VERDICT_PRIVILEGED,
      { YES, NONE, NONE, NONE, NONE, NONE, NONE },
      NULL,
      NULL,
      0,
      0 },
    { "int3",
      NULL,
      VERDICT_ALWAYS_TRAPS,
      { NONE, YES, NONE, NONE, NONE, NONE, NONE },
      NULL,
      NULL,
      0,
      0 },
};

#define ROWS (sizeof rows / sizeof *rows)

static const struct condition_result conditions[] = {
    { "rdtsc traps in user mode", TRUTH_YES, EVIDENCE_PROVED,
      "CR4.TSD makes it trap.", "rdtsc", NO_WITNESS },
    { "popf traps in user mode", TRUTH_NO, EVIDENCE_WITNESS,
      "popf completes, and does less.", "popf", 0 },
    { "cpuid can be made to trap", TRUTH_UNKNOWN, EVIDENCE_NONE, NULL, NULL,
      NO_WITNESS },
};

static const struct condition_result theorems[] = {
    { "Theorem 1", TRUTH_NO, EVIDENCE_WITNESS,
      "popf and lsl are sensitive and not privileged.", "popf", 0 },
    { "Theorem 2", TRUTH_NO, EVIDENCE_NONE, "it needs Theorem 1.", NULL,
      NO_WITNESS },
    { "Theorem 3", TRUTH_UNKNOWN, EVIDENCE_NONE, "cpuid could not be decided.",
      "cpuid", NO_WITNESS },
};

/* Texts of popf's row and witness, its place in the report. */
static void make_hostile(struct verdict_report *r, struct insn_result *insn,
                         struct witness *w)
{
    struct witness_item *item = verdict_alloc(r->arena, sizeof popf_items);

    memcpy(item, popf_items, sizeof popf_items);
    item[1].name = SAMPLE_SCRIPT;
    item[2].after[1] = SAMPLE_QUOTES;
    w->item = item;
    w->insn = w->sentence = SAMPLE_SCRIPT;
    w->text = SAMPLE_SCRIPT SAMPLE_QUOTES;
    insn->name = SAMPLE_SCRIPT SAMPLE_QUOTES SAMPLE_ESCAPE;
    insn->encoding = insn->reason = insn->cure = SAMPLE_SCRIPT SAMPLE_QUOTES;
    r->subject = SAMPLE_SCRIPT SAMPLE_ESCAPE;
    r->question = SAMPLE_QUOTES;
    r->sentence = SAMPLE_SCRIPT;
    r->theorem[0].sentence = SAMPLE_SCRIPT SAMPLE_QUOTES;
}

struct verdict_report sample_report(unsigned innocuous, bool hostile)
{
    struct verdict_report r = {
        .subject = "a sample",
        .question = "sample.isa",
        .virtualizable = TRUTH_NO,
        .sentence = "popf and lsl are sensitive and do not trap.",
        .condition = conditions,
        .conditions = 3,
        .insns = ROWS + innocuous,
        .witnesses = 3,
        .states = 1234567,
        .seconds = 2.5,
        .arena = verdict_arena_new()
    };
    struct insn_result *insn = verdict_alloc(r.arena, r.insns * sizeof *insn);
    struct witness *w = verdict_alloc(r.arena, sizeof witnesses);

    memcpy(r.theorem, theorems, sizeof theorems);
    memcpy(insn, rows, sizeof rows);
    memcpy(w, witnesses, sizeof witnesses);
    for (unsigned k = 0; k < innocuous; k++)
        insn[ROWS + k] = (struct insn_result){
            .name = verdict_format(r.arena, "add.%u", k),
            .verdict = VERDICT_INNOCUOUS,
            .property = { NONE, NONE, NONE, NONE, NONE, NONE, NONE },
        };
    if (hostile)
        make_hostile(&r, insn, w);
    r.insn = insn;
    r.witness = w;
    return r;
}
