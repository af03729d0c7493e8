/* Expressions as Z3's bit-vector terms. */
#include "check/isa/z3/translate.h"

#include <stdlib.h>
#include <string.h>

#include "check/isa/isa_model.h"

void z3_terms_init(struct z3_terms *t, Z3_context context,
                   const struct ast_pool *pool)
{
    *t = (struct z3_terms){ .context = context, .pool = pool };
}

void z3_terms_free(struct z3_terms *t)
{
    free(t->term);
    free(t->mark);
    free(t->visited);
    free(t->stack);
}

/* Room for every node of the pool as it is now. */
static bool make_room(struct z3_terms *t)
{
    size_t n = ast_pool_count(t->pool);
    Z3_ast *term;
    uint32_t *mark;

    if (n <= t->terms)
        return true;
    n += n / 2;
    term = realloc(t->term, n * sizeof *term);
    if (!term)
        return false;
    t->term = term;
    mark = realloc(t->mark, n * sizeof *mark);
    if (!mark)
        return false;
    t->mark = mark;
    memset(term + t->terms, 0, (n - t->terms) * sizeof *term);
    memset(mark + t->terms, 0, (n - t->terms) * sizeof *mark);
    t->terms = n;
    return true;
}

static bool push(const struct ast ***list, size_t *n, size_t *size,
                 const struct ast *node)
{
    const struct ast **more;

    if (*n == *size) {
        more = realloc(*list, (*size * 2 + 64) * sizeof *more);
        if (!more)
            return false;
        *list = more;
        *size = *size * 2 + 64;
    }
    (*list)[(*n)++] = node;
    return true;
}

/*
 * Lists the nodes below root, arguments before what is made of them. A node is
 * on the stack until its arguments are listed; it may be deep, so this is no
 * recursion.
 */
static bool visit(struct z3_terms *t, const struct ast *root)
{
    size_t depth = 0;

    t->visits = 0;
    t->round++;
    if (!push(&t->stack, &depth, &t->stack_size, root))
        return false;
    while (depth) {
        const struct ast *n = t->stack[depth - 1];
        size_t before = depth;

        if (t->mark[n->id] == t->round) {
            depth--;
            continue;
        }
        for (unsigned i = 0; i < 3 && n->arg[i]; i++)
            if (t->mark[n->arg[i]->id] != t->round &&
                !push(&t->stack, &depth, &t->stack_size, n->arg[i]))
                return false;
        if (depth > before)
            continue;
        depth--;
        t->mark[n->id] = t->round;
        if (!push(&t->visited, &t->visits, &t->visits_size, n))
            return false;
    }
    return true;
}

static Z3_ast variable(struct z3_terms *t, const struct ast *n)
{
    Z3_sort sort = Z3_mk_bv_sort(t->context, n->width);

    return Z3_mk_const(t->context, Z3_mk_int_symbol(t->context, (int)n->id),
                       sort);
}

static Z3_ast bit(struct z3_terms *t, bool one)
{
    return Z3_mk_unsigned_int64(t->context, one, Z3_mk_bv_sort(t->context, 1));
}

/* A truth of Z3's as a vector of width 1, and back. */
static Z3_ast of_bool(struct z3_terms *t, Z3_ast condition)
{
    return Z3_mk_ite(t->context, condition, bit(t, true), bit(t, false));
}

static Z3_ast to_bool(struct z3_terms *t, Z3_ast vector)
{
    return Z3_mk_eq(t->context, vector, bit(t, true));
}

typedef Z3_ast binary_maker(Z3_context c, Z3_ast a, Z3_ast b);

static const struct {
    binary_maker *make;
    bool is_truth; /* it makes one of Z3's truths */
} binary[AST_OPS] = {
    [AST_AND] = { Z3_mk_bvand, false },
    [AST_OR] = { Z3_mk_bvor, false },
    [AST_XOR] = { Z3_mk_bvxor, false },
    [AST_ADD] = { Z3_mk_bvadd, false },
    [AST_SUB] = { Z3_mk_bvsub, false },
    [AST_MUL] = { Z3_mk_bvmul, false },
    [AST_UDIV] = { Z3_mk_bvudiv, false },
    [AST_UREM] = { Z3_mk_bvurem, false },
    [AST_SDIV] = { Z3_mk_bvsdiv, false },
    [AST_SREM] = { Z3_mk_bvsrem, false },
    [AST_SHL] = { Z3_mk_bvshl, false },
    [AST_LSHR] = { Z3_mk_bvlshr, false },
    [AST_ASHR] = { Z3_mk_bvashr, false },
    [AST_EQ] = { Z3_mk_eq, true },
    [AST_ULT] = { Z3_mk_bvult, true },
    [AST_ULE] = { Z3_mk_bvule, true },
    [AST_SLT] = { Z3_mk_bvslt, true },
    [AST_SLE] = { Z3_mk_bvsle, true },
    [AST_CONCAT] = { Z3_mk_concat, false },
};

static Z3_ast make_term(struct z3_terms *t, const struct ast *n)
{
    Z3_context c = t->context;
    Z3_ast a[3] = { NULL }, made;

    for (unsigned i = 0; i < 3 && n->arg[i]; i++)
        a[i] = t->term[n->arg[i]->id];
    switch ((enum ast_op)n->op) {
    case AST_CONST:
        return Z3_mk_unsigned_int64(c, n->value, Z3_mk_bv_sort(c, n->width));
    case AST_STATE:
    case AST_OPERAND:
    case AST_EXTRA:
    case AST_SELECT:
        return variable(t, n);
    case AST_NOT:
        return Z3_mk_bvnot(c, a[0]);
    case AST_NEG:
        return Z3_mk_bvneg(c, a[0]);
    case AST_EXTRACT:
        return Z3_mk_extract(c, n->hi, n->lo, a[0]);
    case AST_ZERO_EXTEND:
        return Z3_mk_zero_ext(c, n->width - n->arg[0]->width, a[0]);
    case AST_SIGN_EXTEND:
        return Z3_mk_sign_ext(c, n->width - n->arg[0]->width, a[0]);
    case AST_ITE:
        return Z3_mk_ite(c, to_bool(t, a[0]), a[1], a[2]);
    default:
        made = binary[n->op].make(c, a[0], a[1]);
        return binary[n->op].is_truth ? of_bool(t, made) : made;
    }
}

Z3_ast z3_translate(struct z3_terms *t, const struct ast *root)
{
    if (!make_room(t) || !visit(t, root))
        return NULL;
    for (size_t i = 0; i < t->visits; i++) {
        const struct ast *n = t->visited[i];

        if (t->term[n->id])
            continue;
        t->term[n->id] = make_term(t, n);
        if (Z3_get_error_code(t->context) != Z3_OK || !t->term[n->id]) {
            t->term[n->id] = NULL;
            return NULL;
        }
    }
    return t->term[root->id];
}

/* Two readings that may be of the same element. */
static bool may_meet(const struct ast *a, const struct ast *b)
{
    return a->op == AST_SELECT && b->op == AST_SELECT &&
           a->element == b->element && a->side == b->side &&
           !(a->arg[0]->op == AST_CONST && b->arg[0]->op == AST_CONST);
}

bool z3_assert_readings(struct z3_terms *t, Z3_solver solver)
{
    Z3_context c = t->context;

    for (size_t i = 0; i < t->visits; i++) {
        const struct ast *a = t->visited[i];

        if (a->op != AST_SELECT)
            continue;
        for (size_t k = 0; k < i; k++) {
            const struct ast *b = t->visited[k];

            if (!may_meet(a, b))
                continue;
            Z3_solver_assert(
                c, solver,
                Z3_mk_implies(
                    c,
                    Z3_mk_eq(c, t->term[a->arg[0]->id], t->term[b->arg[0]->id]),
                    Z3_mk_eq(c, t->term[a->id], t->term[b->id])));
            if (Z3_get_error_code(c) != Z3_OK)
                return false;
        }
    }
    return true;
}
