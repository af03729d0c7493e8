/* Makers of expressions, with the simplifications that cost nothing. */
#include <stdlib.h>

#include "check/isa/ast_make.h"
#include "check/isa/isa_model.h"

static const struct {
    const char *name;
    unsigned arguments;
} ops[AST_OPS] = {
    [AST_CONST] = { "const", 0 },
    [AST_STATE] = { "state", 0 },
    [AST_OPERAND] = { "operand", 0 },
    [AST_EXTRA] = { "extra", 0 },
    [AST_SELECT] = { "select", 1 },
    [AST_NOT] = { "not", 1 },
    [AST_NEG] = { "neg", 1 },
    [AST_EXTRACT] = { "extract", 1 },
    [AST_ZERO_EXTEND] = { "zero_extend", 1 },
    [AST_SIGN_EXTEND] = { "sign_extend", 1 },
    [AST_AND] = { "and", 2 },
    [AST_OR] = { "or", 2 },
    [AST_XOR] = { "xor", 2 },
    [AST_ADD] = { "add", 2 },
    [AST_SUB] = { "sub", 2 },
    [AST_MUL] = { "mul", 2 },
    [AST_UDIV] = { "udiv", 2 },
    [AST_UREM] = { "urem", 2 },
    [AST_SDIV] = { "sdiv", 2 },
    [AST_SREM] = { "srem", 2 },
    [AST_SHL] = { "shl", 2 },
    [AST_LSHR] = { "lshr", 2 },
    [AST_ASHR] = { "ashr", 2 },
    [AST_EQ] = { "eq", 2 },
    [AST_ULT] = { "ult", 2 },
    [AST_ULE] = { "ule", 2 },
    [AST_SLT] = { "slt", 2 },
    [AST_SLE] = { "sle", 2 },
    [AST_CONCAT] = { "concat", 2 },
    [AST_ITE] = { "ite", 3 },
};

unsigned ast_arguments(enum ast_op op)
{
    return ops[op].arguments;
}

const char *ast_op_name(enum ast_op op)
{
    return ops[op].name;
}

static bool is_const(const struct ast *a)
{
    return a->op == AST_CONST;
}

static bool is_value(const struct ast *a, uint64_t value)
{
    return is_const(a) && a->value == value;
}

static bool is_ones(const struct ast *a)
{
    return is_value(a, MASK(a->width - 1, 0));
}

const struct ast *ast_state(struct ast_pool *p, const struct isa_element *e,
                            unsigned side)
{
    struct ast n = { .op = AST_STATE, .width = (uint8_t)e->width };

    n.side = (uint8_t)side;
    n.element = e;
    return ast_make(p, &n);
}

const struct ast *ast_select(struct ast_pool *p, const struct isa_element *e,
                             unsigned side, const struct ast *index)
{
    struct ast n = { .op = AST_SELECT, .width = (uint8_t)e->width };

    n.side = (uint8_t)side;
    n.element = e;
    n.arg[0] = index;
    return ast_make(p, &n);
}

const struct ast *ast_unary(struct ast_pool *p, enum ast_op op,
                            const struct ast *a)
{
    struct ast n = { .op = (uint8_t)op, .width = a->width };

    if (is_const(a))
        return ast_const(p, a->width,
                         ast_compute(op, a->width, a->width, a->value, 0, 0));
    if (a->op == op)
        return a->arg[0];
    n.arg[0] = a;
    return ast_make(p, &n);
}

static bool commutes(enum ast_op op)
{
    switch (op) {
    case AST_AND:
    case AST_OR:
    case AST_XOR:
    case AST_ADD:
    case AST_MUL:
    case AST_EQ:
        return true;
    default:
        return false;
    }
}

static bool opposite(const struct ast *a, const struct ast *b)
{
    return (a->op == AST_NOT && a->arg[0] == b) ||
           (b->op == AST_NOT && b->arg[0] == a);
}

/* Of equal arguments. NULL: nothing simpler. */
static const struct ast *simplify_equal(struct ast_pool *p, enum ast_op op,
                                        const struct ast *a)
{
    switch (op) {
    case AST_AND:
    case AST_OR:
        return a;
    case AST_XOR:
    case AST_SUB:
        return ast_const(p, a->width, 0);
    case AST_EQ:
    case AST_ULE:
    case AST_SLE:
        return ast_true(p);
    case AST_ULT:
    case AST_SLT:
        return ast_false(p);
    default:
        return NULL;
    }
}

/* Of a choice between constants, compared with one. NULL: nothing simpler. */
static const struct ast *simplify_choice(struct ast_pool *p,
                                         const struct ast *a,
                                         const struct ast *b)
{
    bool then, other;

    if (a->op != AST_ITE || !is_const(a->arg[1]) || !is_const(a->arg[2]))
        return NULL;
    then = a->arg[1] == b;
    other = a->arg[2] == b;
    if (then == other)
        return ast_const(p, 1, then);
    return then ? a->arg[0] : ast_not(p, a->arg[0]);
}

/* With a constant on the right. NULL: nothing simpler. */
static const struct ast *simplify_right(struct ast_pool *p, enum ast_op op,
                                        const struct ast *a,
                                        const struct ast *b)
{
    switch (op) {
    case AST_AND:
        return is_value(b, 0) ? b : is_ones(b) ? a : NULL;
    case AST_OR:
        return is_value(b, 0) ? a : is_ones(b) ? b : NULL;
    case AST_XOR:
    case AST_ADD:
    case AST_SUB:
    case AST_SHL:
    case AST_LSHR:
    case AST_ASHR:
        return is_value(b, 0) ? a : NULL;
    case AST_EQ:
        if (a->width == 1)
            return is_value(b, 1) ? a : ast_not(p, a);
        return simplify_choice(p, a, b);
    case AST_ULT:
        return is_value(b, 0) ? ast_false(p) : NULL;
    case AST_ULE:
        return is_ones(b) ? ast_true(p) : NULL;
    default:
        return NULL;
    }
}

static const struct ast *simplify(struct ast_pool *p, enum ast_op op,
                                  unsigned width, const struct ast *a,
                                  const struct ast *b)
{
    if (is_const(a) && is_const(b))
        return ast_const(p, width,
                         ast_compute(op, op == AST_CONCAT ? b->width : a->width,
                                     width, a->value, b->value, 0));
    if (op == AST_CONCAT)
        return NULL;
    if (a == b)
        return simplify_equal(p, op, a);
    if (is_const(b))
        return simplify_right(p, op, a, b);
    if ((op == AST_AND || op == AST_OR) && opposite(a, b))
        return ast_const(p, width, op == AST_AND ? 0 : ~UINT64_C(0));
    return NULL;
}

const struct ast *ast_binary(struct ast_pool *p, enum ast_op op,
                             const struct ast *a, const struct ast *b)
{
    struct ast n = { .op = (uint8_t)op, .width = a->width };
    const struct ast *simpler;

    if (op == AST_CONCAT)
        n.width = (uint8_t)(a->width + b->width);
    else if (op >= AST_EQ && op <= AST_SLE)
        n.width = 1;
    if (commutes(op) && (is_const(a) || (!is_const(b) && a->id > b->id))) {
        const struct ast *swap = a;

        a = b;
        b = swap;
    }
    simpler = simplify(p, op, n.width, a, b);
    if (simpler)
        return simpler;
    n.arg[0] = a;
    n.arg[1] = b;
    return ast_make(p, &n);
}

const struct ast *ast_extract(struct ast_pool *p, const struct ast *a,
                              unsigned hi, unsigned lo)
{
    struct ast n = { .op = AST_EXTRACT, .width = (uint8_t)(hi - lo + 1) };

    if (hi == a->width - 1u && lo == 0)
        return a;
    if (is_const(a))
        return ast_const(p, n.width, a->value >> lo);
    if (a->op == AST_EXTRACT)
        return ast_extract(p, a->arg[0], hi + a->lo, lo + a->lo);
    if (a->op == AST_CONCAT) {
        unsigned low = a->arg[1]->width;

        if (lo >= low)
            return ast_extract(p, a->arg[0], hi - low, lo - low);
        if (hi < low)
            return ast_extract(p, a->arg[1], hi, lo);
    }
    if ((a->op == AST_ZERO_EXTEND || a->op == AST_SIGN_EXTEND) &&
        hi < a->arg[0]->width)
        return ast_extract(p, a->arg[0], hi, lo);
    n.hi = (uint8_t)hi;
    n.lo = (uint8_t)lo;
    n.arg[0] = a;
    return ast_make(p, &n);
}

const struct ast *ast_resize(struct ast_pool *p, const struct ast *a,
                             unsigned width, bool is_signed)
{
    struct ast n = { .width = (uint8_t)width };

    if (width <= a->width)
        return ast_extract(p, a, width - 1, 0);
    n.op = is_signed ? AST_SIGN_EXTEND : AST_ZERO_EXTEND;
    if (is_const(a))
        return ast_const(
            p, width,
            ast_compute((enum ast_op)n.op, a->width, width, a->value, 0, 0));
    n.arg[0] = a;
    return ast_make(p, &n);
}

const struct ast *ast_ite(struct ast_pool *p, const struct ast *condition,
                          const struct ast *then, const struct ast *other)
{
    struct ast n = { .op = AST_ITE, .width = then->width };

    if (is_const(condition))
        return condition->value ? then : other;
    if (then == other)
        return then;
    if (condition->op == AST_NOT)
        return ast_ite(p, condition->arg[0], other, then);
    if (then->width == 1) {
        if (is_const(then))
            return then->value ? ast_or(p, condition, other)
                               : ast_and(p, ast_not(p, condition), other);
        if (is_const(other))
            return other->value ? ast_or(p, ast_not(p, condition), then)
                                : ast_and(p, condition, then);
    }
    n.arg[0] = condition;
    n.arg[1] = then;
    n.arg[2] = other;
    return ast_make(p, &n);
}

const struct ast *ast_true(struct ast_pool *p)
{
    return ast_const(p, 1, 1);
}

const struct ast *ast_false(struct ast_pool *p)
{
    return ast_const(p, 1, 0);
}

const struct ast *ast_not(struct ast_pool *p, const struct ast *a)
{
    return ast_unary(p, AST_NOT, a);
}

const struct ast *ast_and(struct ast_pool *p, const struct ast *a,
                          const struct ast *b)
{
    return ast_binary(p, AST_AND, a, b);
}

const struct ast *ast_or(struct ast_pool *p, const struct ast *a,
                         const struct ast *b)
{
    return ast_binary(p, AST_OR, a, b);
}

const struct ast *ast_eq(struct ast_pool *p, const struct ast *a,
                         const struct ast *b)
{
    return ast_binary(p, AST_EQ, a, b);
}

const struct ast *ast_insert(struct ast_pool *p, const struct ast *a,
                             unsigned hi, unsigned lo, const struct ast *field)
{
    if (lo > 0)
        field = ast_binary(p, AST_CONCAT, field, ast_extract(p, a, lo - 1, 0));
    if (hi < a->width - 1u)
        field = ast_binary(p, AST_CONCAT,
                           ast_extract(p, a, a->width - 1u, hi + 1), field);
    return field;
}
