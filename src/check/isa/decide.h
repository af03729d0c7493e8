/*
 * Decides one property of one instruction: its queries (properties.h), by a
 * short search and then by Z3. Between the check*.c files only.
 */
#ifndef POGO_CHECK_ISA_DECIDE_H
#define POGO_CHECK_ISA_DECIDE_H

#include "check/isa/check.h"
#include "check/isa/search.h"
#include "check/isa/z3_solver.h"

struct isa_decider {
    struct isa_model *model;
    const struct isa_check_config *config;
    struct isa_search search;
    struct isa_z3 *z3; /* NULL: not to be used */
    double until;      /* of isa_clock() */
    bool is_ended;     /* by the progress function: decide nothing more */
    uint64_t queries;  /* asked so far */
    struct isa_query query[ISA_MAX_QUERIES];
    enum isa_answer answer[ISA_MAX_QUERIES];
    struct isa_assignment found;
};

struct isa_decision {
    enum truth truth;
    enum evidence evidence;
    /* With TRUTH_YES and EVIDENCE_WITNESS: the query that shows it, which
       d->found satisfies, until the next decision. Else NULL. */
    const struct isa_query *shown;
};

/* STATUS_NO_MEMORY: nothing to free. */
enum status isa_decider_new(struct isa_decider *d, struct isa_model *m,
                            const struct isa_check_config *c);
void isa_decider_free(struct isa_decider *d);

/*
 * Returns
 *   STATUS_OK         also where *decision is that it is unknown
 *   STATUS_NO_MEMORY
 *   STATUS_FAULT      Z3 and the evaluator disagree: an error of Pogo's
 */
enum status isa_decide(struct isa_decider *d, const struct isa_insn *insn,
                       enum property property, uint32_t pinned,
                       struct isa_decision *decision);

#endif
