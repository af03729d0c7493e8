/* Operators and choices: what width their parts must have. */
#include "check/isa/elaborate_operator.h"

#include <string.h>

struct binary {
    const char *sign;
    enum ast_op op, signed_op; /* AST_OPS: has no signed form */
    bool swap, negate;         /* a > b is b < a; a != b is !(a == b) */
};

static const struct binary comparisons[] = {
    { "==", AST_EQ, AST_OPS, false, false },
    { "!=", AST_EQ, AST_OPS, false, true },
    { "<", AST_ULT, AST_SLT, false, false },
    { "<=", AST_ULE, AST_SLE, false, false },
    { ">", AST_ULT, AST_SLT, true, false },
    { ">=", AST_ULE, AST_SLE, true, false },
};

static const struct binary arithmetic[] = {
    { "+", AST_ADD, AST_OPS, false, false },
    { "-", AST_SUB, AST_OPS, false, false },
    { "*", AST_MUL, AST_OPS, false, false },
    { "/", AST_UDIV, AST_SDIV, false, false },
    { "%", AST_UREM, AST_SREM, false, false },
    { "&", AST_AND, AST_OPS, false, false },
    { "|", AST_OR, AST_OPS, false, false },
    { "^", AST_XOR, AST_OPS, false, false },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct binary *find(const struct binary *table, size_t count,
                                 const struct node *n)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(table[i].sign, n->text))
            return &table[i];
    return NULL;
}

/* True for what takes the width that its place asks for. */
static bool is_number(struct elaborator *e, const struct node *n)
{
    const struct symbol *symbol;

    if (!elaborate_step(e, n))
        return false;
    switch (n->kind) {
    case NODE_NUMBER:
        return true;
    case NODE_NAME:
        if (!strcmp(n->text, "row"))
            return e->in_family;
        symbol = elaborate_find(e, n->text);
        return symbol && symbol->kind == SYMBOL_CONST;
    case NODE_UNARY:
        return n->text[0] != '!' && is_number(e, n->first);
    case NODE_BINARY:
        return find(arithmetic, COUNT(arithmetic), n) &&
               is_number(e, n->first) && is_number(e, n->last);
    case NODE_IF:
        return is_number(e, n->first->next) && is_number(e, n->last);
    case NODE_MATCH:
        for (const struct node *arm = n->first->next; arm; arm = arm->next)
            if (!is_number(e, arm->first))
                return false;
        return true;
    default:
        return false;
    }
}

/* Two operands that have one width, `width` if it is not 0. */
static void operands(struct elaborator *e, const struct node *a,
                     const struct node *b, unsigned width,
                     const struct ast *value[2])
{
    if (!width && is_number(e, a)) {
        if (is_number(e, b))
            width = 64; /* numbers among themselves: features, say */
        value[1] = elaborate_expr(e, b, width);
        value[0] = elaborate_expr(e, a, value[1]->width);
        return;
    }
    value[0] = elaborate_expr(e, a, width);
    value[1] = elaborate_expr(e, b, value[0]->width);
}

/* Both sides of an operator that may compare or divide signed numbers; sets
 *op. */
static void signed_operands(struct elaborator *e, const struct node *n,
                            const struct binary *b, unsigned width,
                            const struct ast *value[2], enum ast_op *op)
{
    const struct node *left = n->first, *right = n->last;
    bool is_signed = left->kind == NODE_SIGNED || right->kind == NODE_SIGNED;

    *op = b->op;
    if (is_signed && b->signed_op != AST_OPS) {
        *op = b->signed_op;
        if ((left->kind != NODE_SIGNED && !is_number(e, left)) ||
            (right->kind != NODE_SIGNED && !is_number(e, right)))
            elaborate_error(e, n, "signed(…) was expected on both sides");
        left = left->kind == NODE_SIGNED ? left->first : left;
        right = right->kind == NODE_SIGNED ? right->first : right;
    }
    operands(e, left, right, width, value);
}

static const struct ast *compare(struct elaborator *e, const struct node *n,
                                 const struct binary *b)
{
    const struct ast *value[2], *result;
    enum ast_op op;

    signed_operands(e, n, b, 0, value, &op);
    result = ast_binary(e->pool, op, value[b->swap], value[!b->swap]);
    return b->negate ? ast_not(e->pool, result) : result;
}

/* The amount of a shift, in the width of what is shifted: if it does not fit,
   all ones, which is no less than that width. */
static const struct ast *amount(struct elaborator *e, const struct node *n,
                                unsigned width)
{
    const struct ast *a, *all = ast_const(e->pool, width, ~UINT64_C(0));
    bool wide;

    a = elaborate_expr(e, n, is_number(e, n) ? 64 : 0);
    wide = a->width > width;
    if (!wide)
        return ast_resize(e->pool, a, width, false);
    return ast_ite(e->pool,
                   ast_binary(e->pool, AST_ULE,
                              ast_resize(e->pool, all, a->width, false), a),
                   all, ast_extract(e->pool, a, width - 1, 0));
}

static const struct ast *shift(struct elaborator *e, const struct node *n,
                               unsigned width)
{
    bool left = n->text[0] == '<';
    bool is_signed = !left && n->first->kind == NODE_SIGNED;
    const struct ast *a =
        elaborate_expr(e, is_signed ? n->first->first : n->first, width);

    return ast_binary(e->pool,
                      left        ? AST_SHL
                      : is_signed ? AST_ASHR
                                  : AST_LSHR,
                      a, amount(e, n->last, a->width));
}

/* a && b, a || b: what is in b happens only if a does not decide. */
static const struct ast *logic(struct elaborator *e, const struct node *n)
{
    bool both = n->text[0] == '&';
    const struct ast *a = elaborate_expr(e, n->first, 1), *b;
    const struct ast *guard = e->guard;

    e->guard = ast_and(e->pool, guard, both ? a : ast_not(e->pool, a));
    b = elaborate_expr(e, n->last, 1);
    e->guard = guard;
    return both ? ast_and(e->pool, a, b) : ast_or(e->pool, a, b);
}

static const struct ast *join(struct elaborator *e, const struct node *n)
{
    const struct ast *a = elaborate_expr(e, n->first, 0);
    const struct ast *b = elaborate_expr(e, n->last, 0);

    if (a->width + b->width > 64) {
        elaborate_error(e, n, "this has %u bits: at most 64 were expected",
                        a->width + b->width);
        return a;
    }
    return ast_binary(e->pool, AST_CONCAT, a, b);
}

static const struct ast *binary(struct elaborator *e, const struct node *n,
                                unsigned width)
{
    const struct binary *b = find(comparisons, COUNT(comparisons), n);
    const struct ast *value[2];
    enum ast_op op;

    if (b)
        return compare(e, n, b);
    if (!strcmp(n->text, "&&") || !strcmp(n->text, "||"))
        return logic(e, n);
    if (!strcmp(n->text, "<<") || !strcmp(n->text, ">>"))
        return shift(e, n, width);
    b = find(arithmetic, COUNT(arithmetic), n);
    if (!b)
        return join(e, n);
    signed_operands(e, n, b, width, value, &op);
    return ast_binary(e->pool, op, value[0], value[1]);
}

static const struct ast *unary(struct elaborator *e, const struct node *n,
                               unsigned width)
{
    const struct ast *a =
        elaborate_expr(e, n->first, n->text[0] == '!' ? 1 : width);

    return ast_unary(e->pool, n->text[0] == '-' ? AST_NEG : AST_NOT, a);
}

/* One branch of a choice, reached if `when`. */
static const struct ast *branch(struct elaborator *e, const struct node *n,
                                const struct ast *when, unsigned width)
{
    const struct ast *guard = e->guard, *result;

    e->guard = ast_and(e->pool, guard, when);
    result = elaborate_expr(e, n, width);
    e->guard = guard;
    return result;
}

static const struct ast *choose(struct elaborator *e, const struct node *n,
                                unsigned width)
{
    const struct ast *c = elaborate_expr(e, n->first, 1);
    const struct ast *not_c = ast_not(e->pool, c), *a, *b;
    const struct node *then = n->first->next, *other = n->last;

    if (!width && is_number(e, then)) {
        b = branch(e, other, not_c, 0);
        a = branch(e, then, c, b->width);
    } else {
        a = branch(e, then, c, width);
        b = branch(e, other, not_c, a->width);
    }
    return ast_ite(e->pool, c, a, b);
}

/* When an arm is taken, if no arm before it is; *patterns counts. */
static const struct ast *arm_taken(struct elaborator *e, const struct node *arm,
                                   const struct ast *value, size_t *patterns)
{
    const struct ast *taken = ast_false(e->pool);
    const struct node *n = arm->first->next;

    if (!n)
        return ast_true(e->pool);
    for (; n; n = n->next, ++*patterns)
        taken = ast_or(
            e->pool, taken,
            ast_eq(e->pool, value,
                   ast_const(e->pool, value->width,
                             elaborate_number(e, n, "a pattern", 0,
                                              MASK(value->width - 1, 0)))));
    return taken;
}

struct arm {
    const struct node *node; /* of its result */
    const struct ast *taken, *alone, *result;
};

/* The results of those arms that are numbers, or of those that are not. */
static unsigned arm_results(struct elaborator *e, struct arm *arm, size_t arms,
                            unsigned width, bool numbers)
{
    for (size_t i = 0; i < arms && !e->failed; i++)
        if (is_number(e, arm[i].node) == numbers) {
            arm[i].result = branch(e, arm[i].node, arm[i].alone, width);
            width = arm[i].result->width;
        }
    return width;
}

static bool covers(const struct elaborator *e, const struct ast *value,
                   size_t patterns)
{
    const struct isa_element *mode = e->model->mode;

    if (value->op == AST_STATE && value->element == mode && mode &&
        patterns == e->model->modes)
        return true;
    return value->width < 16 && patterns == (size_t)1 << value->width;
}

static const struct ast *match(struct elaborator *e, const struct node *n,
                               unsigned width)
{
    const struct node *of = n->first, *a;
    const struct ast *value = elaborate_expr(e, of, is_number(e, of) ? 64 : 0);
    const struct ast *before = ast_false(e->pool);
    struct arm *arm = NULL;
    size_t arms = 0, patterns = 0;

    for (a = of->next; a && !e->failed; a = a->next, arms++) {
        struct arm *more = isa_append(e->arena, arm, arms, sizeof *arm);

        if (!more)
            return value; /* the arena has failed: the next step says so */
        arm = more;
        arm[arms].node = a->first;
        arm[arms].taken = arm_taken(e, a, value, &patterns);
        arm[arms].alone =
            ast_and(e->pool, arm[arms].taken, ast_not(e->pool, before));
        before = ast_or(e->pool, before, arm[arms].taken);
    }
    if (n->last->first->next && !covers(e, value, patterns))
        elaborate_error(e, n->last,
                        "'else => value' was expected at the end: the "
                        "patterns do not cover every value");
    width = arm_results(e, arm, arms, width, false);
    arm_results(e, arm, arms, width, true);
    if (e->failed || !arms)
        return ast_const(e->pool, width ? width : 1, 0);
    value = arm[arms - 1].result;
    while (--arms > 0)
        value =
            ast_ite(e->pool, arm[arms - 1].taken, arm[arms - 1].result, value);
    return value;
}

const struct ast *elaborate_operator(struct elaborator *e, const struct node *n,
                                     unsigned width)
{
    switch (n->kind) {
    case NODE_UNARY:
        return unary(e, n, width);
    case NODE_BINARY:
        return binary(e, n, width);
    case NODE_IF:
        return choose(e, n, width);
    case NODE_MATCH:
        return match(e, n, width);
    default:
        elaborate_error(e, n, "a value was expected here");
        return ast_const(e->pool, width ? width : 1, 0);
    }
}
