/* pogo check theorem: f(i(S)) = i'(f(S)), for every instruction i. */
#include "cli/check_theorem.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/isa/search.h"
#include "check/isa/theorem.h"
#include "cli/check.h"
#include "cli/progress.h"
#include "cli/report.h"
#include "cli/text_layout.h"

#define DEFAULT_SECONDS 60

struct settings {
    const char *variant;
    double time_limit; /* seconds, of each proof */
    bool json, no_proofs, no_execution;
};

#define AT(member) offsetof(struct settings, member)

static const struct option rows[] = {
    { "variant", OPTION_TEXT, AT(variant), "NAME",
      "the real machine's variant (default: the first); the virtual machine is "
      "NAME-half",
      0, 0, NULL },
    { "time-limit", OPTION_SECONDS, AT(time_limit), "SECONDS",
      "of each instruction's proof: what is not proved by then is unknown (60)",
      0, 0, NULL },
    { "no-proofs", OPTION_FLAG, AT(no_proofs), NULL,
      "execute states only, where they are few enough", 0, 0, NULL },
    { "no-execution", OPTION_FLAG, AT(no_execution), NULL, "prove only", 0, 0,
      NULL },
    { "json", OPTION_FLAG, AT(json), NULL, "the answer as one JSON object", 0,
      0, NULL },
    { 0 },
};

/* The machines that are looked at where none is named: the tiny one, all of
   whose states can be executed, and the paper's. */
static const char *const shipped[][2] = {
    { "examples/theorem/tiny.isa", "examples/theorem/tiny-monitor.isa" },
    { "examples/isa/paper.isa", "examples/theorem/paper-monitor.isa" },
};

/* The squares of one instruction. */
struct row {
    const struct isa_insn *insn;
    struct theorem_answer proof, execution;
    double proof_seconds, execution_seconds;
    enum truth commutes; /* by what was done of these two */
};

struct answer {
    struct theorem *theorem;
    struct verdict_arena *arena;
    struct row *row;
    size_t rows;
    enum truth holds;
};

/* ---- deciding ---- */

static bool is_decided(const struct theorem_answer *a)
{
    return a->commutes != TRUTH_UNKNOWN;
}

/* Proof and execution cannot both be right and disagree. */
static int join(struct row *r)
{
    r->commutes =
        is_decided(&r->proof) ? r->proof.commutes : r->execution.commutes;
    if (is_decided(&r->proof) && is_decided(&r->execution) &&
        r->proof.commutes != r->execution.commutes)
        return complain(EXIT_INTERNAL, "proof and execution disagree on '%s'",
                        r->insn->name);
    return 0;
}

static int decide_row(const struct settings *s, struct answer *a, struct row *r)
{
    double start = isa_clock();
    enum status status = STATUS_OK;

    r->proof.commutes = r->execution.commutes = TRUTH_UNKNOWN;
    if (!s->no_proofs)
        status = theorem_prove(a->theorem, r->insn, s->time_limit, a->arena,
                               &r->proof);
    r->proof_seconds = isa_clock() - start;
    start = isa_clock();
    if (status == STATUS_OK && !s->no_execution) {
        status = theorem_exhaust(a->theorem, r->insn, a->arena, &r->execution);
        if (status == STATUS_TOO_BIG)
            status = STATUS_OK; /* it is unknown, then */
    }
    r->execution_seconds = isa_clock() - start;
    if (status == STATUS_FAULT)
        return complain(EXIT_INTERNAL,
                        "what was found of '%s' does not show "
                        "when it is executed",
                        r->insn->name);
    if (status != STATUS_OK)
        return complain_of_check(status);
    return join(r);
}

static enum truth conjunction(const struct answer *a)
{
    enum truth holds = TRUTH_YES;

    for (size_t i = 0; i < a->rows; i++) {
        if (a->row[i].commutes == TRUTH_NO)
            return TRUTH_NO;
        if (a->row[i].commutes == TRUTH_UNKNOWN)
            holds = TRUTH_UNKNOWN;
    }
    return holds;
}

static int decide(const struct settings *s, struct answer *a)
{
    const struct isa_model *m = theorem_machine(a->theorem);
    struct progress progress = progress_begin("check theorem");
    int status = 0;

    a->arena = verdict_arena_new();
    if (a->arena)
        a->row = verdict_alloc(a->arena, (m->insns + 1) * sizeof *a->row);
    if (!a->row)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    a->rows = m->insns;
    for (size_t i = 0; i < m->insns && status == 0; i++) {
        a->row[i].insn = &m->insn[i];
        status = decide_row(s, a, &a->row[i]);
        progress_show(&progress, i + 1, m->insns);
    }
    progress_end(&progress);
    a->holds = conjunction(a);
    return status;
}

/* ---- showing ---- */

/* Adds the names of the instructions of which this is the truth. */
static void name_rows(const struct answer *a, enum truth commutes, FILE *f)
{
    bool first = true;

    for (size_t i = 0; i < a->rows; i++) {
        if (a->row[i].commutes != commutes)
            continue;
        fprintf(f, "%s%s", first ? "" : ", ", a->row[i].insn->name);
        first = false;
    }
}

/* The verdict's sentence, in buf. */
static void verdict_line(const struct answer *a, char *buf, size_t size)
{
    FILE *f = fmemopen(buf, size, "w");

    buf[0] = '\0';
    if (!f)
        return;
    fprintf(f, "Theorem 1 %s on %s (monitor: %s): ",
            a->holds == TRUTH_YES  ? "holds"
            : a->holds == TRUTH_NO ? "fails"
                                   : "is undecided",
            theorem_real(a->theorem)->name, theorem_monitor(a->theorem)->name);
    if (a->holds == TRUTH_YES) {
        fprintf(f,
                "f(i(S)) = i'(f(S)) for each of %zu instructions i and all "
                "states S.",
                a->rows);
    } else {
        fprintf(f, "f(i(S)) = i'(f(S)) %s of ",
                a->holds == TRUTH_NO ? "is not true" : "could not be decided");
        name_rows(a, a->holds, f);
        putc('.', f);
    }
    fclose(f);
    buf[size - 1] = '\0';
}

static const char *outcome(const struct theorem_answer *a, const char *yes)
{
    return a->commutes == TRUTH_YES  ? yes
           : a->commutes == TRUTH_NO ? "FAILS"
                                     : "-";
}

static const struct witness *witness_of(const struct row *r)
{
    return r->proof.witness ? r->proof.witness : r->execution.witness;
}

static void show_states(struct text_out o, const struct witness *w)
{
    static const char *const heading[] = { "", "S", "f(S)", "should be", "is" };

    for (unsigned k = 0; k < 5; k++)
        text_cell(o, TEXT_FAINT, heading[k], k ? 14 : 18);
    putc('\n', o.file);
    for (size_t i = 0; i < w->items; i++) {
        const struct witness_item *item = &w->item[i];
        const char *const cell[] = { item->before[0], item->before[1],
                                     item->after[0], item->after[1] };

        fputs("    ", o.file);
        text_cell(o, TEXT_PLAIN, item->name, 14);
        for (unsigned k = 0; k < 4; k++)
            text_cell(o, TEXT_PLAIN, cell[k] ? cell[k] : "", 14);
        fputs(item->differs ? "DIFFERS\n" : "\n", o.file);
    }
}

static void show_row(struct text_out o, const struct row *r)
{
    char text[64];

    fputs("  ", o.file);
    text_cell(o, TEXT_PLAIN, r->insn->name, 14);
    snprintf(text, sizeof text, "%s", outcome(&r->proof, "proved"));
    text_cell(o, TEXT_PLAIN, text, 22);
    if (r->execution.states)
        snprintf(text, sizeof text, "%s%" PRIu64,
                 r->execution.commutes == TRUTH_NO ? "FAILS at " : "",
                 r->execution.states);
    else
        snprintf(text, sizeof text, "-");
    text_cell(o, TEXT_PLAIN, text, 0);
    putc('\n', o.file);
}

static void show_text(const struct answer *a)
{
    struct text_out o = { .file = stdout, .colour = false };
    char line[1024];

    verdict_line(a, line, sizeof line);
    text_wrap(o, line, 0, 0);
    printf("\n  instruction   for all states (Z3)   states executed\n");
    for (size_t i = 0; i < a->rows; i++)
        show_row(o, &a->row[i]);
    for (size_t i = 0; i < a->rows; i++) {
        const struct witness *w = witness_of(&a->row[i]);

        if (!w)
            continue;
        fputs("\nWitness: ", stdout);
        text_wrap(o, w->sentence, 9, 2);
        show_states(o, w);
    }
}

static void report_row(struct report *r, const struct row *row)
{
    const struct witness *w = witness_of(row);

    report_item(r, row->insn->name);
    report_text(r, "commutes", truth_name(row->commutes));
    report_text(r, "by proof", truth_name(row->proof.commutes));
    report_real(r, "proof seconds", row->proof_seconds);
    report_text(r, "by execution", truth_name(row->execution.commutes));
    report_number(r, "states executed", row->execution.states);
    report_real(r, "execution seconds", row->execution_seconds);
    if (w)
        report_text(r, "witness", w->sentence);
    report_end(r);
}

static void report_answer(struct report *r, const struct answer *a)
{
    char line[1024];

    verdict_line(a, line, sizeof line);
    report_item(r, theorem_real(a->theorem)->name);
    report_text(r, "holds", truth_name(a->holds));
    report_text(r, "sentence", line);
    report_list(r, "instructions");
    for (size_t i = 0; i < a->rows; i++)
        report_row(r, &a->row[i]);
    report_list_end(r);
    report_end(r);
}

/* ---- the command ---- */

static int complain_of(const char *file, enum status status,
                       const struct isa_error *e)
{
    int exit_status = status == STATUS_NO_MEMORY      ? EXIT_INTERNAL
                      : status == STATUS_BAD_ARGUMENT ? EXIT_USAGE
                                                      : EXIT_BAD_INPUT;

    if (e->line)
        return complain(exit_status, "%s:%u:%u: %s", file, e->line, e->column,
                        e->text);
    return complain(exit_status, "'%s': %s", file, e->text);
}

/* One machine and its monitor: decided, shown, added to *worst. */
static int check_one(const struct settings *s, const char *const file[2],
                     struct report *json, enum truth *worst)
{
    struct answer a = { 0 };
    struct isa_error e;
    const char *wrong;
    enum status opened =
        theorem_new(file[0], file[1], s->variant, &a.theorem, &wrong, &e);
    struct verdict_report owner = { 0 };
    int status;

    if (opened != STATUS_OK)
        return complain_of(wrong, opened, &e);
    status = decide(s, &a);
    if (status == 0 && json)
        report_answer(json, &a);
    else if (status == 0)
        show_text(&a);
    if (a.holds == TRUTH_NO || *worst == TRUTH_YES)
        *worst = a.holds;
    owner.arena = a.arena;
    if (a.arena)
        verdict_free(&owner);
    theorem_free(a.theorem);
    return status;
}

static int check_all(const struct settings *s, const char *const (*file)[2],
                     size_t files)
{
    struct report json;
    enum truth worst = TRUTH_YES;
    int status = 0;

    if (s->json) {
        json = report_open(stdout, true);
        report_list(&json, "machines");
    }
    for (size_t i = 0; i < files && status == 0; i++) {
        if (i && !s->json)
            putchar('\n');
        status = check_one(s, file[i], s->json ? &json : NULL, &worst);
    }
    if (s->json) {
        report_list_end(&json);
        report_close(&json);
    }
    if (status)
        return status;
    return worst == TRUTH_YES  ? EXIT_VIRTUALIZABLE
           : worst == TRUTH_NO ? EXIT_NOT_VIRTUALIZABLE
                               : EXIT_NOT_DECIDED;
}

int check_theorem(int argc, char **argv)
{
    struct settings s = { .time_limit = DEFAULT_SECONDS };
    const char *named[1][2] = { { NULL, NULL } };
    struct error e;

    if (argc > 2 && strncmp(argv[1], "--", 2) != 0 &&
        strncmp(argv[2], "--", 2) != 0) {
        named[0][0] = argv[1];
        named[0][1] = argv[2];
        argv[2] = argv[0];
        argc -= 2;
        argv += 2;
    } else if (argc > 1 && strncmp(argv[1], "--", 2) != 0) {
        return complain(EXIT_USAGE,
                        "check theorem takes a machine and its "
                        "monitor, MACHINE.isa MONITOR.isa, or neither");
    }
    if (options_parse(rows, "check theorem", argc, argv, &s, &e) != STATUS_OK)
        return complain(EXIT_USAGE, "%s", e.text);
    if (s.no_proofs && s.no_execution)
        return complain(EXIT_USAGE, "with --no-proofs and --no-execution "
                                    "nothing is left to do: give one of them");
    if (named[0][0])
        return check_all(&s, named, 1);
    return check_all(&s, shipped, sizeof shipped / sizeof *shipped);
}

void help_check_theorem(FILE *out)
{
    fputs("\nusage: pogo check theorem [MACHINE.isa MONITOR.isa] [options]\n\n"
          "Does Theorem 1 hold: is what a monitor and the real machine do "
          "together what the\nvirtual machine would have done, for every "
          "instruction and all states? Without\nfiles: on the paper's machine, "
          "tiny and whole, as described under examples (from\nPogo's folder). "
          "--variant jrst1 adds the instruction with which it fails.\nThe exit "
          "status is 0 if it holds, 1 if not, 2 if unknown. docs/theorem.md "
          "says more.\n\n",
          out);
    options_help(rows, out);
}
