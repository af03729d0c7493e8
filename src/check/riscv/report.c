/* From a part to the report: instructions, witnesses, conditions, theorems. */
#include <stdlib.h>
#include <string.h>

#include "check/riscv/classify.h"
#include "check/riscv/report.h"
#include "isa/hole.h"

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* A finding that is there already, under another property perhaps. */
static int find_shown(const struct report_writer *w, const struct finding *f)
{
    for (size_t i = 0; i < w->shown_count; i++)
        if (w->shown[i].word == f->word && w->shown[i].order == f->order &&
            w->shown[i].property == f->property)
            return w->shown[i].witness;
    return NO_WITNESS;
}

int report_witness(struct report_writer *w, const struct replay *r,
                   struct twin *t, const char *insn)
{
    struct replay copy = *r;
    struct shown shown = { r->finding.word, r->finding.order,
                           r->finding.property, NO_WITNESS };

    if (w->witnesses == w->room)
        return NO_WITNESS;
    if (say_witness(&copy, t, insn, w->arena, &w->witness[w->witnesses]))
        shown.witness = (int)w->witnesses++;
    w->shown[w->shown_count++] = shown;
    return shown.witness;
}

/* The witness of a finding of the part's own. */
static int own_witness(struct report_writer *w, const struct finding *f,
                       const char *insn)
{
    const struct riscv_part *p = w->part;
    struct replay r = { p->question, p->without, say_isa(&p->isa, p->without),
                        *f };
    int i = find_shown(w, f);

    return i != NO_WITNESS ? i : report_witness(w, &r, &w->twin, insn);
}

static void set_properties(struct report_writer *w, unsigned g,
                           struct insn_result *out)
{
    const struct tally *t = &w->part->tally[g];

    for (unsigned p = 0; p < PROPERTIES; p++) {
        struct property_result *of = &out->property[p];

        *of =
            (struct property_result){ TRUTH_NO, EVIDENCE_SAMPLED, NO_WITNESS };
        if (!t->finding[p])
            continue;
        of->truth = TRUTH_YES;
        of->evidence = EVIDENCE_WITNESS;
        of->witness = own_witness(w, t->finding[p], out->name);
    }
    if (out->verdict == VERDICT_PRIVILEGED)
        out->property[PROPERTY_PRIVILEGED].truth = TRUTH_YES;
    if (out->verdict == VERDICT_ALWAYS_TRAPS)
        out->property[PROPERTY_ALWAYS_TRAPS].truth = TRUTH_YES;
}

static void set_reason(struct report_writer *w, unsigned g, enum knob knob,
                       struct insn_result *out)
{
    const struct finding *f = classify_finding(w->part, g);
    int i = NO_WITNESS;

    if (out->verdict == VERDICT_CONFIGURABLE) {
        out->reason = verdict_format(
            w->arena, "It traps in %s-mode only with %s.",
            report_mode(w->part->question->host), knob_name(knob));
        out->cure = knob_name(knob);
    }
    if (out->verdict != VERDICT_VIOLATION)
        return;
    if (f)
        i = own_witness(w, f, out->name);
    out->reason = i != NO_WITNESS ? w->witness[i].sentence : NULL;
    out->cure = "hardware that traps; or the guest is rewritten or "
                "paravirtualized where it uses it";
}

static void set_insn(struct report_writer *w, unsigned g,
                     struct insn_result *out)
{
    const struct group *of = &w->part->groups.group[g];
    const struct tally *t = &w->part->tally[g];
    char encoding[48];
    enum knob knob;

    group_encoding(&w->part->groups, g, encoding, sizeof encoding);
    *out = (struct insn_result){ .name =
                                     verdict_format(w->arena, "%s", of->name) };
    if (encoding[0])
        out->encoding = verdict_format(w->arena, "%s", encoding);
    out->verdict = classify(w->part, g, &knob);
    out->states = t->states;
    out->encodings = t->encodings;
    if (!w->part->exhaustive)
        out->encodings += group_size(&w->part->groups, g);
    set_properties(w, g, out);
    set_reason(w, g, knob, out);
}

static void set_insns(struct report_writer *w)
{
    unsigned n = w->part->groups.n;

    w->insn = verdict_alloc(w->arena, n * sizeof *w->insn);
    for (unsigned g = 0; w->insn && g < n; g++) {
        w->group_insn[g] = w->insns;
        set_insn(w, g, &w->insn[w->insns++]);
        w->classes[w->insn[w->insns - 1].verdict]++;
    }
}

/* "csrr sepc, csrw sepc and 10 more" of those that break it. */
static char *name_some(struct report_writer *w,
                       bool (*breaks)(const struct report_writer *, unsigned),
                       unsigned *first, unsigned *n)
{
    char *names = verdict_format(w->arena, "%s", "");

    *n = 0;
    for (unsigned g = 0; g < w->part->groups.n; g++) {
        if (!breaks(w, g))
            continue;
        if (!*n)
            *first = g;
        if (++*n <= 5)
            names = verdict_format(w->arena, "%s%s%s", or_empty(names),
                                   *n > 1 ? ", " : "",
                                   w->part->groups.group[g].name);
    }
    if (*n > 5)
        names =
            verdict_format(w->arena, "%s and %u more", or_empty(names), *n - 5);
    return names;
}

static bool breaks_first(const struct report_writer *w, unsigned g)
{
    return w->insn[w->group_insn[g]].verdict == VERDICT_VIOLATION;
}

static bool breaks_third(const struct report_writer *w, unsigned g)
{
    return classify_breaks_hybrid(w->part, g);
}

static void set_theorem(struct report_writer *w, unsigned number,
                        bool (*breaks)(const struct report_writer *, unsigned),
                        const char *holds, const char *fails)
{
    struct condition_result *out = &w->theorem[number - 1];
    unsigned first = 0, n;
    char *names = name_some(w, breaks, &first, &n);
    const struct finding *f = n ? classify_finding(w->part, first) : NULL;

    *out = (struct condition_result){
        .name = verdict_format(w->arena, "Theorem %u", number),
        .holds = w->complete ? TRUTH_YES : TRUTH_UNKNOWN,
        .evidence = w->complete ? EVIDENCE_SAMPLED : EVIDENCE_NONE,
        .sentence = holds,
        .witness = NO_WITNESS,
    };
    if (!n)
        return;
    out->holds = TRUTH_NO;
    out->evidence = EVIDENCE_WITNESS;
    out->insn = w->insn[w->group_insn[first]].name;
    out->sentence = verdict_format(w->arena, fails, or_empty(names));
    if (f)
        out->witness = own_witness(w, f, out->insn);
}

static void set_theorems(struct report_writer *w)
{
    struct condition_result *second = &w->theorem[1];

    set_theorem(w, 1, breaks_first,
                "Every instruction that is sensitive traps where the guest "
                "runs, or is made to: a monitor can be built.",
                "Sensitive, and do not trap where the guest runs: %s.");
    set_theorem(w, 3, breaks_third,
                "Every instruction that is sensitive in U-mode traps there, "
                "or is made to: a hybrid monitor, which interprets the "
                "guest's privileged code, can be built.",
                "Sensitive in U-mode, and do not trap there: %s.");
    *second = w->theorem[0];
    second->name = "Theorem 2";
    second->sentence =
        second->holds == TRUTH_NO
            ? "Theorem 1 fails, so this does too."
            : "Theorem 1 holds, and the counters trap, so that the monitor "
              "can hide the time it takes: it runs under itself.";
}

const char *report_mode(enum priv mode)
{
    return mode == PRIV_U ? "U" : mode == PRIV_S ? "S" : "M";
}

static void set_subject(struct report_writer *w, struct verdict_report *r)
{
    const struct riscv_part *p = w->part;
    struct isa gc;
    char isa[512] = "RV64GC";
    size_t at;

    if (isa_parse("rv64gc", &gc, &at) != STATUS_OK ||
        (p->isa.ext & gc.ext) != gc.ext)
        isa_format(&p->isa, isa, sizeof isa);
    r->subject = verdict_format(w->arena, "%s, %s", isa, p->question->subject);
    for (unsigned h = 0; h < HOLE_COUNT; h++)
        if (hole_in(&p->isa, h))
            r->subject =
                verdict_format(w->arena, "%s, hole %s", or_empty(r->subject),
                               hole_table[h].name);
    if (p->without != CONDITIONS)
        r->subject =
            verdict_format(w->arena, "%s, without %s", or_empty(r->subject),
                           riscv_condition_row(p->without)->name);
    r->question = p->question->name;
}

/* The verdict's first line. */
static void set_sentence(struct report_writer *w, struct verdict_report *r)
{
    unsigned first, n, have, of;
    char *names = name_some(w, breaks_first, &first, &n);

    riscv_part_shares(w->part, &have, &of);
    r->virtualizable = w->theorem[0].holds;
    if (r->virtualizable == TRUTH_NO)
        r->sentence = verdict_format(
            w->arena,
            "not virtualizable: sensitive, and not trapping in "
            "%s-mode: %s",
            report_mode(w->part->question->host), or_empty(names));
    else if (r->virtualizable == TRUTH_UNKNOWN)
        r->sentence = verdict_format(w->arena,
                                     "unknown: %u of %u shares were checked, "
                                     "and these found nothing against it",
                                     have, of);
    else
        r->sentence = verdict_format(
            w->arena,
            "virtualizable, under the %zu named conditions: of the "
            "sensitive instructions %u are privileged, and %u can "
            "be made to trap",
            w->conditions, w->classes[VERDICT_PRIVILEGED],
            w->classes[VERDICT_CONFIGURABLE]);
}

static enum status begin(struct report_writer *w, const struct riscv_part *part)
{
    struct isa isa = say_isa(&part->isa, part->without);
    unsigned have, of;

    memset(w, 0, sizeof *w);
    w->part = part;
    w->arena = verdict_arena_new();
    if (!w->arena)
        return STATUS_NO_MEMORY;
    riscv_part_shares(part, &have, &of);
    w->complete = have == of;
    w->room = part->groups.n * FINDINGS + 2 * CONDITIONS;
    w->witness = verdict_alloc(w->arena, w->room * sizeof *w->witness);
    w->shown = verdict_alloc(w->arena, (w->room + 1) * sizeof *w->shown);
    w->twin = (struct twin){ .lab = { lab_new(&isa), lab_new(&isa) } };
    if (!w->witness || !w->shown || !w->twin.lab[0] || !w->twin.lab[1])
        return STATUS_NO_MEMORY;
    return STATUS_OK;
}

static void fill(struct report_writer *w, struct verdict_report *r)
{
    set_insns(w);
    if (!w->insn)
        return;
    set_theorems(w);
    report_conditions(w);
    set_subject(w, r);
    set_sentence(w, r);
    memcpy(r->theorem, w->theorem, sizeof r->theorem);
    r->condition = w->condition;
    r->conditions = w->conditions;
    r->insn = w->insn;
    r->insns = w->insns;
    r->witness = w->witness;
    r->witnesses = w->witnesses;
    r->seed = w->part->seed;
    r->seconds = w->part->seconds;
    for (unsigned g = 0; g < w->part->groups.n; g++)
        r->states += w->part->tally[g].states;
    r->arena = w->arena;
}

enum status riscv_part_report(const struct riscv_part *part,
                              struct verdict_report *report,
                              struct error *error)
{
    struct report_writer *w = malloc(sizeof *w);
    enum status status = w ? begin(w, part) : STATUS_NO_MEMORY;

    memset(report, 0, sizeof *report);
    if (status == STATUS_OK)
        fill(w, report);
    if (w && !report->arena) {
        struct verdict_report none = { .arena = w->arena };

        verdict_free(&none);
        status = STATUS_NO_MEMORY;
    }
    if (w)
        replay_free(&w->twin);
    free(w);
    if (status != STATUS_OK)
        snprintf(error->text, sizeof error->text, "out of memory");
    return status;
}
