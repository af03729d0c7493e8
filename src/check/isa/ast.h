/*
 * Expressions over bit-vectors: what a description of an ISA (docs/
 * isa-language.md) means, once it is parsed, checked and its functions are
 * inlined. Both readers of a description, the concrete evaluator (evaluate.h)
 * and Z3 (z3_*.h), work on these nodes and on nothing else.
 *
 * Every value is a vector of 1 to 64 bits. A truth is a vector of width 1, 1
 * for true; comparisons have width 1, and and, or, not on it are the Boolean
 * ones. All operations are total, with the meaning that SMT-LIB's QF_BV gives
 * them, also for division by zero and for shifts by the width or more.
 *
 * Nodes are immutable and unique: equal expressions of one pool are the same
 * node (so they compare with ==), and an expression is a graph without cycles
 * whose shared parts may be reached on very many paths. Readers must therefore
 * remember what they have done by `id`, never walk it as a tree. Ids count
 * from 0 in the order of making: arguments have smaller ids than their node.
 */
#ifndef POGO_CHECK_ISA_AST_H
#define POGO_CHECK_ISA_AST_H

#include "base/bits.h"

struct isa_element;

enum ast_op {
    /* leaves */
    AST_CONST,   /* value */
    AST_STATE,   /* the scalar state element, of side `side` */
    AST_OPERAND, /* the instruction's operand field number `index` */
    AST_EXTRA,   /* a free variable of a property (properties.h), `index` */
    /* arg[0] is an index of exactly element->index_width bits */
    AST_SELECT, /* the array element at an index, of side `side` */
    /* one argument */
    AST_NOT, /* bitwise */
    AST_NEG,
    AST_EXTRACT,     /* bits hi..lo of arg[0]: width is hi - lo + 1 */
    AST_ZERO_EXTEND, /* to `width`, which is more than that of arg[0] */
    AST_SIGN_EXTEND,
    /* two arguments of the same width, which is that of the result */
    AST_AND,
    AST_OR,
    AST_XOR,
    AST_ADD,
    AST_SUB,
    AST_MUL,
    AST_UDIV,
    AST_UREM,
    AST_SDIV,
    AST_SREM,
    AST_SHL,
    AST_LSHR,
    AST_ASHR,
    /* two arguments of the same width; the result has width 1 */
    AST_EQ,
    AST_ULT,
    AST_ULE,
    AST_SLT,
    AST_SLE,
    /* arg[0] above arg[1]; widths add up, to 64 at most */
    AST_CONCAT,
    /* arg[0] (width 1) ? arg[1] : arg[2] */
    AST_ITE,
    AST_OPS
};

struct ast {
    uint32_t id;
    uint8_t op;     /* enum ast_op */
    uint8_t width;  /* 1..64 */
    uint8_t side;   /* AST_STATE, AST_SELECT: 0 or 1; see properties.h */
    uint8_t hi, lo; /* AST_EXTRACT */
    uint16_t index; /* AST_OPERAND, AST_EXTRA */
    uint64_t value; /* AST_CONST; bits above `width` are clear */
    const struct isa_element *element; /* AST_STATE, AST_SELECT */
    const struct ast *arg[3];          /* unused ones are NULL */
};

/* How many arguments a node with this operation has. */
unsigned ast_arguments(enum ast_op op);

/* "add", "extract": for messages and debugging. */
const char *ast_op_name(enum ast_op op);

/*
 * Where nodes live. A pool that has run out of memory or holds AST_MAX_NODES
 * nodes has failed: it goes on returning (meaningless) nodes, so that callers
 * need to ask only once, at the end.
 */
#define AST_MAX_NODES 1000000

struct ast_pool;

struct ast_pool *ast_pool_new(void); /* NULL: out of memory */
void ast_pool_free(struct ast_pool *p);
bool ast_pool_failed(const struct ast_pool *p);
uint32_t ast_pool_count(const struct ast_pool *p); /* all ids are below it */

/*
 * Makers. They return the unique node, simplified where that is cheap
 * (constants are folded, x & 0, a condition that is constant, …), and never
 * NULL. Widths must agree as stated above; the caller has checked them.
 */
const struct ast *ast_const(struct ast_pool *p, unsigned width,
                            uint64_t value); /* cut to width */
const struct ast *ast_state(struct ast_pool *p, const struct isa_element *e,
                            unsigned side);
const struct ast *ast_select(struct ast_pool *p, const struct isa_element *e,
                             unsigned side, const struct ast *index);
const struct ast *ast_operand(struct ast_pool *p, unsigned index,
                              unsigned width);
const struct ast *ast_extra(struct ast_pool *p, unsigned index, unsigned width);
const struct ast *ast_unary(struct ast_pool *p, enum ast_op op,
                            const struct ast *a); /* AST_NOT, AST_NEG */
const struct ast *ast_binary(struct ast_pool *p, enum ast_op op,
                             const struct ast *a, const struct ast *b);
const struct ast *ast_extract(struct ast_pool *p, const struct ast *a,
                              unsigned hi, unsigned lo);
/* To any width: wider by extension, narrower by cutting, or as it is. */
const struct ast *ast_resize(struct ast_pool *p, const struct ast *a,
                             unsigned width, bool is_signed);
const struct ast *ast_ite(struct ast_pool *p, const struct ast *condition,
                          const struct ast *then, const struct ast *other);
/* Truths, of width 1. */
const struct ast *ast_true(struct ast_pool *p);
const struct ast *ast_false(struct ast_pool *p);
const struct ast *ast_not(struct ast_pool *p, const struct ast *a);
const struct ast *ast_and(struct ast_pool *p, const struct ast *a,
                          const struct ast *b);
const struct ast *ast_or(struct ast_pool *p, const struct ast *a,
                         const struct ast *b);
const struct ast *ast_eq(struct ast_pool *p, const struct ast *a,
                         const struct ast *b);
/* `a` with its bits hi..lo replaced by `field`, which has that width. */
const struct ast *ast_insert(struct ast_pool *p, const struct ast *a,
                             unsigned hi, unsigned lo, const struct ast *field);

/*
 * `root` rebuilt with its leaves replaced: `leaf` is called once for each
 * distinct leaf and AST_SELECT (whose index is rebuilt already, and is in
 * `index`; NULL for leaves) and returns what stands in its place, of the same
 * width: the node itself to keep a leaf, ast_select() to keep a selection.
 * `root` may be of another pool, if `leaf` keeps none of its nodes.
 */
typedef const struct ast *ast_leaf_fn(void *context, struct ast_pool *p,
                                      const struct ast *leaf,
                                      const struct ast *index);
const struct ast *ast_rewrite(struct ast_pool *p, const struct ast *root,
                              ast_leaf_fn *leaf, void *context);

/* Calls `visit` once for each distinct node below and at `root`, arguments
   before their node. False: out of memory, and nothing was visited. */
bool ast_visit(const struct ast *root,
               void (*visit)(void *context, const struct ast *node),
               void *context);

/*
 * What an operation computes, on values whose bits above their width are
 * clear: the one definition that folding and evaluation share. `width` is that
 * of the arguments (for AST_CONCAT that of arg 1, for extensions of arg 0; for
 * AST_ITE it is not looked at). Not for leaves, AST_SELECT and AST_EXTRACT.
 */
uint64_t ast_compute(enum ast_op op, unsigned width, unsigned result_width,
                     uint64_t a, uint64_t b, uint64_t c);

#endif
