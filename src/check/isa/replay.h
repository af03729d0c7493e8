/*
 * A query's assignment, executed: both states, the instruction on each, and
 * what of the results may be compared. This is the definitions once more, on
 * concrete states and without formulas: what search or Z3 has found must show
 * its property here, or it is no witness.
 */
#ifndef POGO_CHECK_ISA_REPLAY_H
#define POGO_CHECK_ISA_REPLAY_H

#include "check/isa/evaluate.h"
#include "check/isa/properties.h"

struct isa_replay {
    const struct isa_model *model;
    const struct isa_query *query;
    const struct isa_assignment *assignment; /* the states before */
    unsigned sides;                          /* 1 or 2 */
    uint64_t *after[2];
    int trap[2];             /* index into the body's traps, or ISA_NO_TRAP */
    uint64_t *translated[2]; /* by guest address: where it is in a state, or
                                ISA_UNTRANSLATED; NULL without a guest view */
};

#define ISA_UNTRANSLATED UINT64_MAX

/* One value that stands in both states, perhaps in different places. */
struct isa_place {
    const struct isa_element *element;
    size_t index;    /* in the element, or the guest's address in the view */
    bool is_in_view; /* of memory, by the guest view */
    uint64_t before[2], after[2]; /* of side 1 as of side 0 if that is all */
    size_t at[2];                 /* its places in the states */
};

/* Executes. The assignment must be complete (isa_twin_state()) and outlive the
   replay. STATUS_NO_MEMORY: nothing to free. */
enum status isa_replay_run(struct isa_replay *r, const struct isa_model *m,
                           const struct isa_query *q,
                           const struct isa_assignment *a);
void isa_replay_free(struct isa_replay *r);

/*
 * Goes through all places of the states: *cursor starts at 0. Memory is gone
 * through by the guest view, if there is one, and only where both sides
 * translate the address. False: that was all.
 */
bool isa_replay_next(const struct isa_replay *r, size_t *cursor,
                     struct isa_place *p);

/* True if the guest can tell the sides apart by this place: it sees it, and the
   results differ. */
bool isa_place_differs(const struct isa_replay *r, const struct isa_place *p);

/* True if the instruction has changed, on side 0, what the monitor owns. */
bool isa_place_is_taken(const struct isa_place *p);

/* Does the replay show the query's property (its sense is ISA_SHOWS)? */
bool isa_replay_shows(const struct isa_replay *r);

#endif
