/* The class of an instruction, from its properties. */
#include "check/isa/classify.h"

#include <inttypes.h>
#include <string.h>

#include "check/isa/witness.h"

/* ---- witnesses ---- */

static struct witness *new_witness(struct isa_findings *f)
{
    struct witness *more;
    size_t size = f->size * 2 + 16;

    if (f->witnesses == f->size) {
        more = verdict_alloc(f->arena, size * sizeof *more);
        if (!more)
            return NULL;
        if (f->witnesses)
            memcpy(more, f->witness, f->witnesses * sizeof *more);
        f->witness = more;
        f->size = size;
    }
    return &f->witness[f->witnesses];
}

/* Executes what was found, makes it plainer, and remembers it. */
static enum status add_witness(struct isa_decider *d, const struct isa_query *q,
                               struct isa_findings *f, int *index)
{
    struct witness *w = new_witness(f);
    struct isa_replay r;
    enum status status =
        w ? isa_minimise(d->model, q, &d->found) : STATUS_NO_MEMORY;

    if (status == STATUS_OK)
        status = isa_replay_run(&r, d->model, q, &d->found);
    if (status != STATUS_OK)
        return status;
    status =
        isa_replay_shows(&r) ? isa_witness_make(&r, f->arena, w) : STATUS_FAULT;
    isa_replay_free(&r);
    if (status == STATUS_OK)
        *index = (int)f->witnesses++;
    return status;
}

/* ---- properties ---- */

static enum status decide_property(struct isa_decider *d,
                                   const struct isa_insn *insn, enum property p,
                                   uint32_t pinned, struct isa_findings *f,
                                   struct property_result *result)
{
    struct isa_decision decision;
    enum status status = isa_decide(d, insn, p, pinned, &decision);

    result->truth = decision.truth;
    result->evidence = decision.evidence;
    result->witness = NO_WITNESS;
    if (status == STATUS_OK && f && decision.shown)
        status = add_witness(d, decision.shown, f, &result->witness);
    return status;
}

/* By the order of the definitions: what traps as it should is privileged
   whatever else it would do. */
static enum insn_verdict class_of(const struct property_result *p)
{
    bool some = false, open = false;

    for (unsigned k = PROPERTY_CONTROL; k <= PROPERTY_OTHER; k++) {
        some |= p[k].truth == TRUTH_YES;
        open |= p[k].truth == TRUTH_UNKNOWN;
    }
    if (p[PROPERTY_PRIVILEGED].truth == TRUTH_YES)
        return VERDICT_PRIVILEGED;
    if (p[PROPERTY_ALWAYS_TRAPS].truth == TRUTH_YES)
        return VERDICT_ALWAYS_TRAPS;
    if (!some)
        return open ? VERDICT_UNDECIDED : VERDICT_INNOCUOUS;
    return p[PROPERTY_PRIVILEGED].truth == TRUTH_NO &&
                   p[PROPERTY_ALWAYS_TRAPS].truth == TRUTH_NO
               ? VERDICT_VIOLATION
               : VERDICT_UNDECIDED;
}

/* User sensitivity is a part of these three: where none is so, neither is it.
 */
static bool is_never_user(const struct property_result *p)
{
    return p[PROPERTY_CONTROL].truth == TRUTH_NO &&
           p[PROPERTY_LOCATION].truth == TRUTH_NO &&
           p[PROPERTY_OTHER].truth == TRUTH_NO;
}

static enum status decide_all(struct isa_decider *d,
                              const struct isa_insn *insn,
                              struct isa_findings *f,
                              struct property_result *result)
{
    enum status status = STATUS_OK;

    for (unsigned p = 0; p < PROPERTIES && status == STATUS_OK; p++) {
        if (p == PROPERTY_USER && is_never_user(result))
            result[p] = (struct property_result){ TRUTH_NO, EVIDENCE_PROVED,
                                                  NO_WITNESS };
        else
            status =
                decide_property(d, insn, (enum property)p, 0, f, &result[p]);
    }
    return status;
}

/* ---- settings ---- */

/* The class with these settings held, found with as few decisions as will
   do. */
static enum status class_when(struct isa_decider *d,
                              const struct isa_insn *insn, uint32_t pinned,
                              enum insn_verdict *verdict)
{
    struct property_result p[PROPERTIES] = { { TRUTH_NO, EVIDENCE_NONE, 0 } };
    enum status status = STATUS_OK;

    for (unsigned k = 0; k <= PROPERTY_OTHER && status == STATUS_OK; k++) {
        status =
            decide_property(d, insn, (enum property)k, pinned, NULL, &p[k]);
        if (p[k].truth == TRUTH_YES)
            break; /* privileged, or it always traps; or sensitive, which is
                      enough of these */
    }
    *verdict = class_of(p);
    return status;
}

static bool is_harmless(enum insn_verdict v)
{
    return v == VERDICT_PRIVILEGED || v == VERDICT_ALWAYS_TRAPS ||
           v == VERDICT_INNOCUOUS;
}

/* The least of the sets of settings that make the instruction harmless: all
   are tried, by their size. What all of them together do not do, none does. */
static enum status find_settings(struct isa_decider *d,
                                 const struct isa_insn *insn,
                                 enum insn_verdict *verdict, uint32_t *pinned)
{
    unsigned n = isa_settings(d->model);
    uint32_t all = n ? UINT32_MAX >> (32 - n) : 0;
    enum insn_verdict v = VERDICT_VIOLATION;
    enum status status = STATUS_OK;

    if (n)
        status = class_when(d, insn, all, &v);
    if (status != STATUS_OK || !is_harmless(v)) {
        if (v == VERDICT_UNDECIDED)
            *verdict = v;
        return status;
    }
    *verdict = VERDICT_CONFIGURABLE;
    *pinned = all;
    for (unsigned size = 1; size < n; size++) {
        for (uint32_t set = 1; set < all; set++) {
            if ((unsigned)__builtin_popcount(set) != size)
                continue;
            status = class_when(d, insn, set, &v);
            if (status == STATUS_OK && !is_harmless(v))
                continue;
            *pinned = set;
            return status;
        }
    }
    return status;
}

const char *isa_settings_text(const struct isa_model *m, uint32_t pinned,
                              struct verdict_arena *arena)
{
    const char *text = "";

    for (unsigned i = 0; text && i < isa_settings(m); i++) {
        const struct isa_element *e = isa_setting(m, i);

        if (pinned >> i & 1)
            text = verdict_format(arena, "%s%s%s = %" PRIu64, text,
                                  *text ? " and " : "", e->name, e->pinned);
    }
    return text;
}

/* ---- the row ---- */

/* The settings are held while a guest runs: what is user sensitive without
   them only is not. */
static enum status recheck_user(struct isa_decider *d,
                                const struct isa_insn *insn,
                                struct isa_findings *f, struct insn_result *r)
{
    unsigned n = isa_settings(d->model);

    if (r->verdict != VERDICT_VIOLATION || n == 0 ||
        r->property[PROPERTY_USER].truth == TRUTH_NO)
        return STATUS_OK;
    return decide_property(d, insn, PROPERTY_USER, UINT32_MAX >> (32 - n), f,
                           &r->property[PROPERTY_USER]);
}

static const char *main_sentence(const struct isa_findings *f,
                                 const struct insn_result *r)
{
    for (unsigned p = PROPERTY_CONTROL; p <= PROPERTY_OTHER; p++)
        if (r->property[p].witness != NO_WITNESS)
            return f->witness[r->property[p].witness].sentence;
    return NULL;
}

/* The author's note first, and what the literature says; else the witness. */
static enum status explain(struct isa_decider *d, const struct isa_insn *insn,
                           struct isa_findings *f, uint32_t pinned,
                           struct insn_result *r)
{
    const char *reason = insn->note ? insn->note : main_sentence(f, r);

    if (r->verdict == VERDICT_UNDECIDED) {
        r->reason = "not decided within the time limit";
        return STATUS_OK;
    }
    if (r->verdict != VERDICT_VIOLATION && r->verdict != VERDICT_CONFIGURABLE)
        return STATUS_OK;
    r->reason = reason;
    if (insn->listed)
        r->reason = reason ? verdict_format(f->arena, "%s (listed: %s)", reason,
                                            insn->listed)
                           : insn->listed;
    r->cure = insn->cure;
    if (r->verdict == VERDICT_CONFIGURABLE)
        r->cure = isa_settings_text(d->model, pinned, f->arena);
    return (reason && !r->reason) || (pinned && !r->cure) ? STATUS_NO_MEMORY
                                                          : STATUS_OK;
}

enum status isa_classify(struct isa_decider *d, const struct isa_insn *insn,
                         struct isa_findings *f, struct insn_result *result,
                         uint32_t *pinned)
{
    uint64_t queries = d->queries, tried = d->search.tried;
    enum status status;

    *pinned = 0;
    *result =
        (struct insn_result){ .name = insn->name, .encoding = insn->encoding };
    status = decide_all(d, insn, f, result->property);
    if (status != STATUS_OK)
        return status;
    result->verdict = class_of(result->property);
    if (result->verdict == VERDICT_VIOLATION)
        status = find_settings(d, insn, &result->verdict, pinned);
    if (status == STATUS_OK)
        status = recheck_user(d, insn, f, result);
    if (status == STATUS_OK)
        status = explain(d, insn, f, *pinned, result);
    result->states = d->search.tried - tried + (d->queries - queries);
    return status;
}
