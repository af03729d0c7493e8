#include "cli/verdict_text.h"

#include <stdlib.h>
#include <string.h>

#include "check/verdict_view.h"

#define NAME_MAX_WIDTH 40 /* columns of an instruction's name, at most */
#define CELL           8  /* columns of a property */
#define FULL_WITNESSES 10 /* shown with their states, where not all are */

static const char *const headings[] = {
    [PROPERTY_PRIVILEGED] = "priv",   [PROPERTY_ALWAYS_TRAPS] = "always",
    [PROPERTY_CONTROL] = "control",   [PROPERTY_MODE] = "mode",
    [PROPERTY_LOCATION] = "location", [PROPERTY_OTHER] = "state",
    [PROPERTY_USER] = "user",
};

struct table {
    struct text_out o;
    const struct verdict_report *r;
    bool all;
    bool mixed;   /* verdict_is_mixed() */
    size_t width; /* of names */
    bool *done;   /* of each instruction: it has been shown */
};

static enum text_colour colour_of(enum insn_verdict v)
{
    return v == VERDICT_VIOLATION                                ? TEXT_RED
           : v == VERDICT_CONFIGURABLE || v == VERDICT_UNDECIDED ? TEXT_YELLOW
                                                                 : TEXT_GREEN;
}

static enum text_colour colour_of_truth(enum truth t)
{
    return t == TRUTH_NO ? TEXT_RED : t == TRUTH_YES ? TEXT_GREEN : TEXT_YELLOW;
}

static void print_heading(const struct table *t, const char *title)
{
    putc('\n', t->o.file);
    text_colour(t->o, TEXT_BOLD, title);
    putc('\n', t->o.file);
}

/* ---- the table ---- */

static bool shown_alone(const struct table *t, const struct insn_result *i)
{
    return t->all || verdict_is_notable(i->verdict);
}

/* Do their rows look alike, but for witnesses? */
static bool rows_alike(const struct insn_result *a, const struct insn_result *b)
{
    if (a->verdict != b->verdict)
        return false;
    for (unsigned p = 0; p < PROPERTIES; p++)
        if (a->property[p].truth != b->property[p].truth ||
            a->property[p].evidence != b->property[p].evidence)
            return false;
    return true;
}

/* "yes 3", "-", "- ~", "?": one cell. */
static void print_cell(const struct table *t, const struct insn_result *i,
                       enum property p, bool numbered)
{
    const struct property_result *c = &i->property[p];
    const char *mark = t->mixed && c->evidence == EVIDENCE_SAMPLED ? " ~" : "";
    char number[16] = "", text[32];

    if (numbered && verdict_witness(t->r, c->witness))
        snprintf(number, sizeof number, " %d", witness_number(c->witness));
    snprintf(text, sizeof text, "%s%s%s",
             c->truth == TRUTH_YES  ? "yes"
             : c->truth == TRUTH_NO ? "-"
                                    : "?",
             number, mark);
    putc(' ', t->o.file);
    text_cell(t->o, c->truth == TRUTH_NO ? TEXT_FAINT : TEXT_PLAIN, text,
              p + 1 < PROPERTIES ? CELL - 1 : 0);
}

/* A row of cells for i, named `name`. A long name has a line of its own. */
static void print_row(const struct table *t, const struct insn_result *i,
                      const char *name, bool numbered)
{
    fputs("  ", t->o.file);
    if (text_width(name) > t->width) {
        text_wrap(t->o, name, 2, 4);
        fprintf(t->o.file, "%*s", (int)t->width + 2, "");
    } else {
        text_cell(t->o, TEXT_PLAIN, name, t->width);
    }
    for (unsigned p = 0; p < PROPERTIES; p++)
        print_cell(t, i, (enum property)p, numbered);
    putc('\n', t->o.file);
}

/* The names of all that look like instruction `first`, which they are marked
   as shown with; the caller frees. NULL: out of memory. */
static char *names_alike(const struct table *t, size_t first, size_t *count)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    if (!f)
        return NULL;
    *count = 0;
    for (size_t k = first; k < t->r->insns; k++) {
        if (t->done[k] || !rows_alike(&t->r->insn[first], &t->r->insn[k]))
            continue;
        t->done[k] = true;
        fprintf(f, "%s%s", (*count)++ ? ", " : "", t->r->insn[k].name);
    }
    if (fclose(f) == 0)
        return text;
    free(text);
    return NULL;
}

/* One row for instruction k and all like it, their names below. */
static void print_group(const struct table *t, size_t k)
{
    const struct insn_result *i = &t->r->insn[k];
    size_t count = 0;
    char *names = names_alike(t, k, &count), title[48];

    if (count > 1) {
        snprintf(title, sizeof title, "%zu alike:", count);
        print_row(t, i, title, false);
        fputs("    ", t->o.file);
        text_wrap(t->o, names, 4, 4);
    } else {
        print_row(t, i, i->name, true);
    }
    free(names);
}

static void print_class(const struct table *t, enum insn_verdict v,
                        size_t count)
{
    bool counted_only = v == VERDICT_INNOCUOUS && !t->all;
    char title[64];

    if (count == 0)
        return;
    snprintf(title, sizeof title, "%s (%zu)", verdict_class_heading(v), count);
    text_colour(t->o, colour_of(v), title);
    fputs(counted_only ? ": --all lists them\n" : "\n", t->o.file);
    if (counted_only)
        return;
    for (size_t k = 0; k < t->r->insns; k++) {
        const struct insn_result *i = &t->r->insn[k];

        if (i->verdict != v || t->done[k])
            continue;
        if (shown_alone(t, i))
            print_row(t, i, i->name, true);
        else
            print_group(t, k);
    }
}

static size_t name_width(const struct table *t)
{
    size_t width = 12;

    for (size_t k = 0; k < t->r->insns; k++) {
        const struct insn_result *i = &t->r->insn[k];
        size_t w = text_width(i->name);

        if (shown_alone(t, i) && w > width && w <= NAME_MAX_WIDTH)
            width = w;
    }
    return width;
}

static void print_table(struct table *t)
{
    size_t count[VERDICT_VERDICTS];
    char title[CELL + 1];

    t->width = name_width(t);
    verdict_count(t->r, count);
    fprintf(t->o.file, "\n%*s", (int)t->width + 2, "");
    for (unsigned p = 0; p < PROPERTIES; p++) {
        snprintf(title, sizeof title, "%s", headings[p]);
        putc(' ', t->o.file);
        text_cell(t->o, TEXT_BOLD, title, p + 1 < PROPERTIES ? CELL - 1 : 0);
    }
    putc('\n', t->o.file);
    for (unsigned k = 0; k < VERDICT_VERDICTS; k++)
        print_class(t, verdict_order[k], count[verdict_order[k]]);
    fprintf(t->o.file, "\nyes N: witness N shows it.  -: no.  ?: unknown.%s\n",
            t->mixed ? "  ~: held in all states tried, not proved." : "");
}

/* ---- why ---- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* With a full stop, which it may lack. */
static void put_sentence(FILE *f, const char *s)
{
    size_t n = strlen(s);

    fprintf(f, "%s%s", s, n && s[n - 1] == '.' ? "" : ".");
}

/* The reason and cure of instruction `first`, and of all that share both. */
static void print_reason(const struct table *t, size_t first)
{
    const struct insn_result *i = &t->r->insn[first];
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    if (!f)
        return;
    for (size_t k = first; k < t->r->insns; k++) {
        const struct insn_result *j = &t->r->insn[k];

        if (j->verdict != i->verdict || !same_text(i->reason, j->reason) ||
            !same_text(i->cure, j->cure))
            continue;
        t->done[k] = true;
        fprintf(f, "%s%s", k > first ? ", " : "", j->name);
    }
    fputs(": ", f);
    if (i->reason)
        put_sentence(f, i->reason);
    if (i->cure) {
        fprintf(f, "%sCure: ", i->reason ? " " : "");
        put_sentence(f, i->cure);
    }
    fclose(f);
    fputs("  ", t->o.file);
    text_wrap(t->o, text, 2, 4);
    free(text);
}

static void print_reasons(const struct table *t)
{
    bool headed = false;

    memset(t->done, 0, t->r->insns * sizeof *t->done);
    for (unsigned c = 0; c < VERDICT_VERDICTS; c++) {
        for (size_t k = 0; k < t->r->insns; k++) {
            const struct insn_result *i = &t->r->insn[k];

            if (i->verdict != verdict_order[c] || t->done[k] ||
                !shown_alone(t, i) || (!i->reason && !i->cure))
                continue;
            if (!headed)
                print_heading(t, "Why, and what cures it");
            headed = true;
            print_reason(t, k);
        }
    }
}

/* ---- conditions and theorems ---- */

/* How it is known: " (witness 3)", " (proved)", or nothing. */
static void say_evidence(FILE *f, const struct table *t,
                         const struct condition_result *c)
{
    if (verdict_witness(t->r, c->witness))
        fprintf(f, " (witness %d)", witness_number(c->witness));
    else if (c->evidence != EVIDENCE_NONE)
        fprintf(f, " (%s)", evidence_name(c->evidence));
}

static void print_condition(const struct table *t,
                            const struct condition_result *c)
{
    bool said = !c->sentence || verdict_is_reason(t->r, c->sentence);
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);

    if (!f)
        return;
    fprintf(f, "%s%s%s", c->name, said ? "" : ": ", said ? "" : c->sentence);
    say_evidence(f, t, c);
    fclose(f);
    fputs("  ", t->o.file);
    text_cell(t->o, colour_of_truth(c->holds),
              c->holds == TRUTH_NO ? "NO" : truth_name(c->holds), 8);
    text_wrap(t->o, text, 10, 12);
    free(text);
}

static void print_conditions(const struct table *t)
{
    if (t->r->conditions)
        print_heading(t, "Conditions");
    for (size_t k = 0; k < t->r->conditions; k++)
        print_condition(t, &t->r->condition[k]);
    print_heading(t, "Theorems");
    for (unsigned k = 0; k < 3; k++)
        if (t->r->theorem[k].name)
            print_condition(t, &t->r->theorem[k]);
}

/* ---- witnesses ---- */

/* Which witnesses are shown: wanted[i] of witness i. */
static void choose_witnesses(const struct table *t, bool *wanted)
{
    for (size_t k = 0; k < t->r->insns; k++) {
        int w = verdict_main_witness(t->r, &t->r->insn[k]);

        if (t->r->insn[k].verdict == VERDICT_VIOLATION && w != NO_WITNESS)
            wanted[w] = true;
    }
    for (size_t k = 0; k < t->r->conditions; k++) {
        const struct condition_result *c = &t->r->condition[k];

        if (c->holds == TRUTH_NO && verdict_witness(t->r, c->witness))
            wanted[c->witness] = true;
    }
}

static void print_witnesses(const struct table *t)
{
    size_t left = 0, shown = 0;
    bool *wanted = calloc(t->r->witnesses + 1, sizeof *wanted);

    if (!wanted)
        return;
    choose_witnesses(t, wanted);
    for (size_t k = 0; k < t->r->witnesses; k++) {
        if (!t->all && !wanted[k]) {
            left++;
            continue;
        }
        putc('\n', t->o.file);
        verdict_text_witness(t->o, t->r, (int)k,
                             t->all || shown < FULL_WITNESSES);
        left += !t->all && shown++ >= FULL_WITNESSES;
    }
    if (left)
        fprintf(t->o.file, "\n--all shows %zu more witness%s in full.\n", left,
                left == 1 ? "" : "es");
    free(wanted);
}

/* ---- the whole ---- */

/* The first line has the verdict: the sentence, if it begins with the subject
   as it should; else that stands below. */
static void print_verdict(struct text_out o, const struct verdict_report *r)
{
    enum text_colour c = colour_of_truth(r->virtualizable);
    const char *outcome = verdict_outcome(r->virtualizable);

    text_begin(o, c);
    if (r->sentence &&
        strncmp(r->sentence, r->subject, strlen(r->subject)) == 0) {
        text_wrap(o, r->sentence, 0, 0);
    } else {
        fprintf(o.file, "%s: ", outcome);
        text_wrap(o, r->subject, strlen(outcome) + 2, 2);
        if (r->sentence)
            text_wrap(o, verdict_sentence(r), 0, 0);
    }
    text_end(o, c);
}

void verdict_text_write(struct text_out o, const struct verdict_report *r,
                        bool all)
{
    struct table t = {
        .o = o, .r = r, .all = all, .mixed = verdict_is_mixed(r)
    };
    char basis[256];

    print_verdict(o, r);
    t.done = calloc(r->insns + 1, sizeof *t.done);
    if (!t.done)
        return;
    if (r->insns)
        print_table(&t);
    verdict_basis(r, basis, sizeof basis);
    text_wrap(o, basis, 0, 0);
    print_reasons(&t);
    print_conditions(&t);
    print_witnesses(&t);
    free(t.done);
}
