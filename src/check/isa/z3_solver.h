/*
 * Decides queries for all states, with Z3. One solver is made for a model and
 * used for all its queries.
 *
 * Z3 takes longer to load than a guest to start, so it is loaded when a solver
 * is first made: with pogo-z3.so (folder z3/), which lies beside the program,
 * or one folder above it.
 */
#ifndef POGO_CHECK_ISA_Z3_SOLVER_H
#define POGO_CHECK_ISA_Z3_SOLVER_H

#include "check/isa/properties.h"

struct isa_z3;

/* NULL: out of memory, or pogo-z3.so is not there. */
struct isa_z3 *isa_z3_new(struct isa_model *m);
void isa_z3_free(struct isa_z3 *z); /* NULL: nothing happens */

/*
 * ISA_UNSAT is a proof for all states. ISA_SAT: *found satisfies the formula,
 * which the evaluator confirms, and is completed by isa_twin_state(). ISA_OPEN:
 * not decided in `seconds`. *status is set to STATUS_NO_MEMORY on that, to
 * STATUS_FAULT if the evaluator does not confirm what Z3 found (an error of
 * Pogo's or of Z3's), and else left alone.
 */
enum isa_answer isa_z3_decide(struct isa_z3 *z, const struct isa_query *q,
                              double seconds, struct isa_assignment *found,
                              enum status *status);

/* The same of a formula that belongs to no query: *found is what satisfies it,
   on both sides, and is not completed. */
enum isa_answer isa_z3_solve(struct isa_z3 *z, const struct ast *formula,
                             double seconds, struct isa_assignment *found,
                             enum status *status);

/* What pogo-z3.so has under the name "isa_z3_ops": these four. */
struct isa_z3_ops {
    struct isa_z3 *(*new)(struct isa_model *m);
    void (*free)(struct isa_z3 *z);
    enum isa_answer (*decide)(struct isa_z3 *z, const struct isa_query *q,
                              double seconds, struct isa_assignment *found,
                              enum status *status);
    enum isa_answer (*solve)(struct isa_z3 *z, const struct ast *formula,
                             double seconds, struct isa_assignment *found,
                             enum status *status);
};
extern const struct isa_z3_ops isa_z3_ops; /* inside pogo-z3.so only */

#endif
