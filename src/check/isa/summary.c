/* The verdict on a described ISA, from the classes of its instructions. */
#include "check/isa/summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/isa/classify.h"

#define NAMES_TOLD                                                             \
    6 /* instructions named in a sentence; the rest are counted */

/* Which instructions a sentence is about. */
typedef bool insn_filter(const struct insn_result *i);

static bool is_violation(const struct insn_result *i)
{
    return i->verdict == VERDICT_VIOLATION;
}

static bool is_open(const struct insn_result *i)
{
    return i->verdict == VERDICT_UNDECIDED;
}

static bool is_configurable(const struct insn_result *i)
{
    return i->verdict == VERDICT_CONFIGURABLE;
}

/* A violation that a hybrid monitor cannot live with either. */
static bool breaks_hybrid(const struct insn_result *i)
{
    return is_violation(i) && i->property[PROPERTY_USER].truth == TRUTH_YES;
}

static bool may_break_hybrid(const struct insn_result *i)
{
    return i->property[PROPERTY_USER].truth == TRUTH_UNKNOWN &&
           (is_violation(i) || is_open(i));
}

static const struct insn_result *first(const struct verdict_report *r,
                                       insn_filter *f)
{
    for (size_t i = 0; i < r->insns; i++)
        if (f(&r->insn[i]))
            return &r->insn[i];
    return NULL;
}

static size_t count(const struct verdict_report *r, insn_filter *f)
{
    size_t n = 0;

    for (size_t i = 0; i < r->insns; i++)
        n += f(&r->insn[i]);
    return n;
}

/* "POPF, SMSW and 15 more"; NULL: out of memory. */
static const char *names(const struct verdict_report *r, insn_filter *f)
{
    size_t n = count(r, f), told = 0;
    const char *text = "";

    if (n > NAMES_TOLD + 1)
        n = NAMES_TOLD;
    for (size_t i = 0; text && told < n && i < r->insns; i++) {
        if (!f(&r->insn[i]))
            continue;
        told++;
        text = verdict_format(r->arena, "%s%s%s", text,
                              told == 1                       ? ""
                              : told == n && n == count(r, f) ? " and "
                                                              : ", ",
                              r->insn[i].name);
    }
    if (text && n < count(r, f))
        text =
            verdict_format(r->arena, "%s and %zu more", text, count(r, f) - n);
    return text;
}

static int main_witness(const struct insn_result *i)
{
    for (unsigned p = PROPERTY_CONTROL; i && p <= PROPERTY_OTHER; p++)
        if (i->property[p].witness != NO_WITNESS)
            return i->property[p].witness;
    return NO_WITNESS;
}

/* A theorem whose condition some instruction breaks, or may break, or none. */
static void set_theorem(const struct verdict_report *r,
                        struct condition_result *t, insn_filter *breaks,
                        insn_filter *may_break)
{
    const struct insn_result *i = first(r, breaks);

    t->holds = TRUTH_YES;
    t->evidence = EVIDENCE_PROVED;
    t->witness = NO_WITNESS;
    if (i) {
        t->holds = TRUTH_NO;
        t->evidence = EVIDENCE_WITNESS;
        t->witness = breaks == breaks_hybrid
                         ? i->property[PROPERTY_USER].witness
                         : main_witness(i);
    } else if (first(r, may_break)) {
        i = first(r, may_break);
        t->holds = TRUTH_UNKNOWN;
        t->evidence = EVIDENCE_NONE;
    }
    t->insn = i ? i->name : NULL;
}

static const char *are(size_t n, const char *one, const char *several)
{
    return n == 1 ? one : several;
}

static const char *theorem_1_sentence(const struct verdict_report *r)
{
    size_t n = count(r, is_violation), open = count(r, is_open);

    if (n)
        return verdict_format(r->arena,
                              "%s %s sensitive, and %s not trap in "
                              "the mode in which a guest runs.",
                              names(r, is_violation), are(n, "is", "are"),
                              are(n, "does", "do"));
    if (open)
        return verdict_format(r->arena,
                              "%s could not be decided in the time "
                              "given.",
                              names(r, is_open));
    if (count(r, is_configurable))
        return verdict_format(r->arena,
                              "Every sensitive instruction traps, "
                              "%s by a setting of the monitor's.",
                              names(r, is_configurable));
    return "Every sensitive instruction is privileged.";
}

static const char *theorem_3_sentence(const struct verdict_report *r)
{
    size_t n = count(r, breaks_hybrid);

    if (n)
        return verdict_format(r->arena,
                              "%s %s user sensitive, and %s not "
                              "trap: not even a hybrid monitor can be built "
                              "this way.",
                              names(r, breaks_hybrid), are(n, "is", "are"),
                              are(n, "does", "do"));
    if (count(r, may_break_hybrid))
        return verdict_format(r->arena,
                              "Whether %s can do harm in user mode "
                              "could not be decided in the time given.",
                              names(r, may_break_hybrid));
    if (count(r, is_violation))
        return verdict_format(r->arena,
                              "%s %s not user sensitive: a hybrid "
                              "monitor can be built, which interprets the "
                              "guest's privileged modes.",
                              names(r, is_violation),
                              are(count(r, is_violation), "is", "are"));
    return "Every user sensitive instruction traps.";
}

/* Theorem 2 asks for Theorem 1, and for a monitor that no guest depends on for
   its timing; descriptions have no time, so this is not decided here. */
static void set_theorem_2(struct verdict_report *r)
{
    struct condition_result *t = &r->theorem[1];

    *t = r->theorem[0];
    t->sentence = t->holds == TRUTH_YES
                      ? "It holds with Theorem 1, for a monitor without timing "
                        "dependence: a description has no time."
                  : t->holds == TRUTH_NO
                      ? "It asks for Theorem 1, which does not hold."
                      : "It asks for Theorem 1, which is not decided.";
}

static bool has_condition(const struct insn_result *i)
{
    return is_violation(i) || is_configurable(i);
}

/* What must be so of the machine: one condition for each instruction that is
   sensitive and not simply privileged. */
static enum status set_conditions(const struct isa_model *m,
                                  const uint32_t *pinned,
                                  struct verdict_report *r)
{
    size_t n = count(r, has_condition);
    struct condition_result *c = verdict_alloc(r->arena, n * sizeof *c + 1);

    r->condition = c;
    for (size_t i = 0; c && i < r->insns; i++) {
        const struct insn_result *insn = &r->insn[i];
        bool holds = is_configurable(insn);

        if (!has_condition(insn))
            continue;
        *c = (struct condition_result){
            .name = verdict_format(r->arena,
                                   "%s is harmless in the guest's "
                                   "real mode",
                                   insn->name),
            .holds = holds ? TRUTH_YES : TRUTH_NO,
            .evidence = holds ? EVIDENCE_PROVED : EVIDENCE_WITNESS,
            .sentence = insn->reason,
            .insn = insn->name,
            .witness = main_witness(insn),
        };
        if (holds)
            c->sentence =
                verdict_format(r->arena, "The monitor holds %s.",
                               isa_settings_text(m, pinned[i], r->arena));
        if (!c->name || (holds && !c->sentence))
            return STATUS_NO_MEMORY;
        c++;
        r->conditions++;
    }
    return c ? STATUS_OK : STATUS_NO_MEMORY;
}

static const char *first_line(const struct verdict_report *r)
{
    size_t n = count(r, is_violation);

    if (r->virtualizable == TRUTH_NO)
        return verdict_format(
            r->arena,
            "%s is not virtualizable by Theorem 1: "
            "%zu of %zu instructions %s sensitive and %s not "
            "trap; a hybrid monitor (Theorem 3) %s.",
            r->subject, n, r->insns, are(n, "is", "are"), are(n, "does", "do"),
            r->theorem[2].holds == TRUTH_YES  ? "can be built"
            : r->theorem[2].holds == TRUTH_NO ? "cannot be built either"
                                              : "is undecided");
    if (r->virtualizable == TRUTH_UNKNOWN)
        return verdict_format(r->arena,
                              "Whether %s is virtualizable is "
                              "unknown: %zu of %zu instructions could not be "
                              "decided in the time given.",
                              r->subject, count(r, is_open), r->insns);
    return verdict_format(
        r->arena, "%s is virtualizable by Theorem 1.%s", r->subject,
        count(r, is_configurable) ? " Some instructions need a setting." : "");
}

enum status isa_summarise(const struct isa_model *m, const uint32_t *pinned,
                          struct verdict_report *r)
{
    static const char *const theorems[] = { "Theorem 1", "Theorem 2",
                                            "Theorem 3" };

    r->subject = verdict_format(r->arena, "%s", m->name);
    r->question = verdict_format(r->arena, "%s", m->file);
    set_theorem(r, &r->theorem[0], is_violation, is_open);
    set_theorem(r, &r->theorem[2], breaks_hybrid, may_break_hybrid);
    r->theorem[0].sentence = theorem_1_sentence(r);
    r->theorem[2].sentence = theorem_3_sentence(r);
    set_theorem_2(r);
    for (unsigned t = 0; t < 3; t++)
        r->theorem[t].name = theorems[t];
    r->virtualizable = r->theorem[0].holds;
    if (!r->subject || !r->question || !r->theorem[0].sentence ||
        !r->theorem[2].sentence)
        return STATUS_NO_MEMORY;
    r->sentence = first_line(r);
    return r->sentence ? set_conditions(m, pinned, r) : STATUS_NO_MEMORY;
}
