/*
 * A described ISA, executed: expressions and instructions on concrete states.
 * A state is an array of model->state_words values; element e's are at
 * e->offset, and bits above its width are clear.
 *
 * An expression is compiled to a straight line of operations, one for each
 * distinct node, and run as often as one likes: about 2 ns a node.
 */
#ifndef POGO_CHECK_ISA_EVALUATE_H
#define POGO_CHECK_ISA_EVALUATE_H

#include "check/isa/isa_model.h"

/* Several expressions compiled together. */
struct isa_program;

/* NULL: out of memory. The model must outlive the program. */
struct isa_program *isa_program_new(const struct isa_model *m,
                                    const struct ast *const *root,
                                    size_t roots);
void isa_program_free(struct isa_program *p);

/*
 * Evaluates all roots. `side` are two states (the second may be NULL if no
 * expression has side 1), `operand` and `extra` the values of these leaves
 * (NULL where there are none). Returns the roots' values, which stay valid
 * until the next run of this program.
 */
const uint64_t *isa_program_run(struct isa_program *p,
                                const uint64_t *const side[2],
                                const uint64_t *operand, const uint64_t *extra);

/*
 * The same of one formula of width 1, when only its truth is asked for: it is
 * taken apart at its outermost conjunctions, and evaluation ends with the first
 * part that is false.
 */
struct isa_program *isa_program_of_truth(const struct isa_model *m,
                                         const struct ast *formula);
bool isa_program_holds(struct isa_program *p, const uint64_t *const side[2],
                       const uint64_t *operand, const uint64_t *extra);

/* One instruction, ready to be executed. */
struct isa_executor;

#define ISA_NO_TRAP (-1)

/* NULL: out of memory. */
struct isa_executor *isa_executor_new(const struct isa_model *m,
                                      const struct isa_insn *insn);
void isa_executor_free(struct isa_executor *x);

/*
 * Executes the instruction on `before` with these operands (insn->operands
 * values, cut to their widths). Returns ISA_NO_TRAP and the state after in
 * `after`; or the index of the trap taken in insn->body.trap, and `after` is as
 * before. `after` must not overlap `before`.
 */
int isa_execute(struct isa_executor *x, const uint64_t *before,
                const uint64_t *operand, uint64_t *after);

/* What the trap of this name does to a state, by the model's `on trap`. */
enum status isa_trap_enter(const struct isa_model *m, const char *trap,
                           const uint64_t *before, uint64_t *after);

#endif
