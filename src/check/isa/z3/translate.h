/*
 * Expressions as Z3's bit-vector terms. Between the files of this folder only.
 *
 * A truth is a bit-vector of width 1, as in ast.h. Arrays are not Z3 arrays:
 * an expression only ever reads arrays, at a known set of indexes, so each
 * reading is a variable of its own, and two readings of an array at equal
 * indexes are equal (Ackermann's reduction). A short array that is read more
 * often than it is long has a variable for each element instead. Formulas thus
 * stay in QF_BV, which Z3 decides by bit-blasting and SAT.
 */
#ifndef POGO_CHECK_ISA_Z3_TRANSLATE_H
#define POGO_CHECK_ISA_Z3_TRANSLATE_H

#include <z3.h>

#include "check/isa/ast.h"

/* Terms already made, by the node's id. */
struct z3_terms {
    Z3_context context;
    const struct ast_pool *pool;
    Z3_ast *term; /* NULL: not made yet */
    size_t terms;
    const struct ast **visited; /* of the last z3_translate(): every node below
                                   its root, arguments first */
    size_t visits, visits_size;
    const struct ast **stack;
    size_t stack_size;
    uint32_t *mark; /* the round in which a node was visited last */
    uint32_t round;
};

void z3_terms_init(struct z3_terms *t, Z3_context context,
                   const struct ast_pool *pool);
void z3_terms_free(struct z3_terms *t);

/* Translates `root`, and lists in t->visited what it consists of. NULL: out of
   memory, here or in Z3. */
Z3_ast z3_translate(struct z3_terms *t, const struct ast *root);

/* Asserts that equal indexes read equal values, for all readings in
   t->visited. False: out of memory. */
bool z3_assert_readings(struct z3_terms *t, Z3_solver solver);

#endif
