#include "check/verdict_view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of all results of instructions, which kinds of evidence occur. */
struct kinds {
    bool proved, sampled;
};

const enum insn_verdict verdict_order[VERDICT_VERDICTS] = {
    VERDICT_VIOLATION,  VERDICT_UNDECIDED,    VERDICT_CONFIGURABLE,
    VERDICT_PRIVILEGED, VERDICT_ALWAYS_TRAPS, VERDICT_INNOCUOUS,
};

static const struct {
    const char *heading, *meaning;
} classes[] = {
    [VERDICT_PRIVILEGED] = { "privileged",
                             "It always traps in the mode that the guest "
                             "really runs in, and never in the most "
                             "privileged one." },
    [VERDICT_ALWAYS_TRAPS] = { "always trap", "It traps in every mode." },
    [VERDICT_INNOCUOUS] = { "innocuous", "It is not sensitive: a guest may "
                                         "run it directly." },
    [VERDICT_CONFIGURABLE] = { "configurable",
                               "It is sensitive, but a setting of the "
                               "machine makes it trap." },
    [VERDICT_VIOLATION] = { "violations",
                            "It is sensitive, and there is a state in which "
                            "it does not trap." },
    [VERDICT_UNDECIDED] = { "unknown", "It could not be decided." },
};

static const char *const meanings[] = {
    [PROPERTY_PRIVILEGED] = "traps in the guest's real mode, and not in the "
                            "most privileged one",
    [PROPERTY_ALWAYS_TRAPS] = "traps in every mode",
    [PROPERTY_CONTROL] = "changes state that the monitor owns, without a trap",
    [PROPERTY_MODE] = "does something else in another mode, without a trap",
    [PROPERTY_LOCATION] = "does something else where memory is mapped "
                          "elsewhere, without a trap",
    [PROPERTY_OTHER] = "depends on other state that the monitor owns, without "
                       "a trap",
    [PROPERTY_USER] = "is sensitive for some state in user mode",
};

const char *verdict_outcome(enum truth virtualizable)
{
    return virtualizable == TRUTH_YES  ? "virtualizable"
           : virtualizable == TRUTH_NO ? "not virtualizable"
                                       : "unknown";
}

const char *verdict_sentence(const struct verdict_report *r)
{
    const char *outcome = verdict_outcome(r->virtualizable);
    size_t n = strlen(outcome);

    if (r->sentence && strncmp(r->sentence, outcome, n) == 0 &&
        strncmp(r->sentence + n, ": ", 2) == 0)
        return r->sentence + n + 2;
    return r->sentence;
}

enum truth verdict_worse(enum truth a, enum truth b)
{
    if (a == TRUTH_NO || b == TRUTH_NO)
        return TRUTH_NO;
    return a == TRUTH_UNKNOWN ? a : b;
}

void verdict_count(const struct verdict_report *r,
                   size_t count[VERDICT_VERDICTS])
{
    for (unsigned v = 0; v < VERDICT_VERDICTS; v++)
        count[v] = 0;
    for (size_t k = 0; k < r->insns; k++)
        count[r->insn[k].verdict]++;
}

const char *verdict_class_heading(enum insn_verdict v)
{
    return classes[v].heading;
}

const char *verdict_class_meaning(enum insn_verdict v)
{
    return classes[v].meaning;
}

const char *verdict_property_meaning(enum property p)
{
    return meanings[p];
}

bool verdict_is_notable(enum insn_verdict v)
{
    return v == VERDICT_VIOLATION || v == VERDICT_CONFIGURABLE ||
           v == VERDICT_UNDECIDED;
}

const struct witness *verdict_witness(const struct verdict_report *r, int index)
{
    return index >= 0 && (size_t)index < r->witnesses ? &r->witness[index]
                                                      : NULL;
}

int verdict_main_witness(const struct verdict_report *r,
                         const struct insn_result *i)
{
    static const enum property order[] = {
        PROPERTY_MODE,         PROPERTY_CONTROL, PROPERTY_LOCATION,
        PROPERTY_OTHER,        PROPERTY_USER,    PROPERTY_PRIVILEGED,
        PROPERTY_ALWAYS_TRAPS,
    };

    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        int w = i->property[order[k]].witness;

        if (verdict_witness(r, w))
            return w;
    }
    return NO_WITNESS;
}

bool verdict_is_reason(const struct verdict_report *r, const char *sentence)
{
    for (size_t k = 0; k < r->insns; k++) {
        const struct insn_result *i = &r->insn[k];

        if (verdict_is_notable(i->verdict) && i->reason &&
            strcmp(i->reason, sentence) == 0)
            return true;
    }
    return false;
}

static struct kinds kinds_of(const struct verdict_report *r)
{
    struct kinds found = { 0 };

    for (size_t k = 0; k < r->insns; k++) {
        for (unsigned p = 0; p < PROPERTIES; p++) {
            enum evidence e = r->insn[k].property[p].evidence;

            found.proved |= e == EVIDENCE_PROVED;
            found.sampled |= e == EVIDENCE_SAMPLED;
        }
    }
    return found;
}

bool verdict_is_mixed(const struct verdict_report *r)
{
    struct kinds found = kinds_of(r);

    return found.proved && found.sampled;
}

void verdict_basis(const struct verdict_report *r, char *buf, size_t size)
{
    struct kinds found = kinds_of(r);
    char number[VERDICT_NUMBER], seed[48] = "";

    if (r->seed)
        snprintf(seed, sizeof seed, ", seed %" PRIu64, r->seed);
    snprintf(buf, size, "%s %s in %.3g s%s. Without a witness: %s.",
             verdict_number(r->states, number),
             found.sampled || r->seed ? "states" : "queries", r->seconds, seed,
             !found.sampled  ? "proved for all states"
             : !found.proved ? "as in all states tried"
                             : "proved for all states, or, where marked ~, as "
                               "in all states tried");
}

const char *verdict_number(uint64_t v, char *buf)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, v);
    size_t at = 0;

    for (int k = 0; k < n; k++) {
        if (k > 0 && (n - k) % 3 == 0)
            buf[at++] = ',';
        buf[at++] = digits[k];
    }
    buf[at] = '\0';
    return buf;
}
