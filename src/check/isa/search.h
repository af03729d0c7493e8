/*
 * Decides queries by trying states: at random, with values and differences
 * that matter chosen more often; or all of them, where a query's variables have
 * few bits together, and then the answer is a proof.
 */
#ifndef POGO_CHECK_ISA_SEARCH_H
#define POGO_CHECK_ISA_SEARCH_H

#include "check/isa/properties.h"

struct isa_search {
    const struct isa_model *model;
    uint64_t random;  /* the generator's state: start with the seed */
    uint64_t states;  /* how many to try at random */
    uint64_t exhaust; /* queries with up to this many assignments are tried
                         completely */
    uint64_t tried;   /* counted up */
    double until;     /* of isa_clock(); 0: no limit */
};

/* Seconds of a clock that only goes forward. */
double isa_clock(void);

/*
 * ISA_SAT: *found (made by isa_assignment_new()) satisfies the formula, and is
 * completed by isa_twin_state(). ISA_UNSAT: none does, all were tried.
 * ISA_OPEN: none was found. *status is set to STATUS_NO_MEMORY on that, and
 * else left alone.
 */
enum isa_answer isa_search(struct isa_search *s, const struct isa_query *q,
                           struct isa_assignment *found, enum status *status);

/*
 * Makes a satisfying assignment plainer while it stays one: values become 0, or
 * equal on both sides, one after another. Completed as by isa_search().
 */
enum status isa_minimise(const struct isa_model *m, const struct isa_query *q,
                         struct isa_assignment *a);

#endif
