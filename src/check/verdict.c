/* Names of what a check can find, and the memory of a report. */
#include "check/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const insn_verdicts[] = {
    [VERDICT_PRIVILEGED] = "privileged",
    [VERDICT_ALWAYS_TRAPS] = "always-traps",
    [VERDICT_INNOCUOUS] = "innocuous",
    [VERDICT_CONFIGURABLE] = "configurable",
    [VERDICT_VIOLATION] = "violation",
    [VERDICT_UNDECIDED] = "unknown",
};

static const char *const properties[] = {
    [PROPERTY_PRIVILEGED] = "privileged",
    [PROPERTY_ALWAYS_TRAPS] = "always-traps",
    [PROPERTY_CONTROL] = "control-sensitive",
    [PROPERTY_MODE] = "mode-sensitive",
    [PROPERTY_LOCATION] = "location-sensitive",
    [PROPERTY_OTHER] = "state-sensitive",
    [PROPERTY_USER] = "user-sensitive",
};

static const char *const evidences[] = {
    [EVIDENCE_PROVED] = "proved",
    [EVIDENCE_WITNESS] = "witness",
    [EVIDENCE_SAMPLED] = "sampled",
    [EVIDENCE_NONE] = "none",
};

static const char *const truths[] = {
    [TRUTH_NO] = "no",
    [TRUTH_YES] = "yes",
    [TRUTH_UNKNOWN] = "unknown",
};

const char *insn_verdict_name(enum insn_verdict v)
{
    return insn_verdicts[v];
}

const char *property_name(enum property p)
{
    return properties[p];
}

const char *evidence_name(enum evidence e)
{
    return evidences[e];
}

const char *truth_name(enum truth t)
{
    return truths[t];
}

/* A report is small and freed as a whole: a list of pieces. */
struct piece {
    struct piece *next;
    max_align_t bytes[];
};

struct verdict_arena {
    struct piece *pieces;
};

struct verdict_arena *verdict_arena_new(void)
{
    return calloc(1, sizeof(struct verdict_arena));
}

void *verdict_alloc(struct verdict_arena *a, size_t size)
{
    struct piece *p = calloc(1, sizeof *p + size);

    if (!p)
        return NULL;
    p->next = a->pieces;
    a->pieces = p;
    return p->bytes;
}

char *verdict_format(struct verdict_arena *a, const char *format, ...)
{
    va_list args;
    char *text;
    int n;

    va_start(args, format);
    n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text = n < 0 ? NULL : verdict_alloc(a, (size_t)n + 1);
    if (!text)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)n + 1, format, args);
    va_end(args);
    return text;
}

void verdict_free(struct verdict_report *r)
{
    struct piece *p = r->arena ? r->arena->pieces : NULL;

    while (p) {
        struct piece *next = p->next;

        free(p);
        p = next;
    }
    free(r->arena);
    r->arena = NULL;
}
