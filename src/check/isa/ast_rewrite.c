/* Rebuilding an expression with other leaves. */
#include <stdlib.h>

#include "check/isa/ast_make.h"

/*
 * The nodes of one expression: a table from a node's id to what has become of
 * it. The pool may be far larger than the expression.
 */
struct entry {
    const struct ast *node, *done;
};

struct reached {
    struct entry *entry; /* a hash table with open addressing */
    size_t entries, size;
    const struct ast **list; /* the same nodes, later in order of their ids */
    bool failed;
};

static struct entry *entry_of(const struct reached *r, const struct ast *n)
{
    size_t i = n->id * 2654435761u & (r->size - 1);

    while (r->entry[i].node && r->entry[i].node != n)
        i = (i + 1) & (r->size - 1);
    return &r->entry[i];
}

static bool resize(struct reached *r)
{
    struct entry *old = r->entry;
    size_t size = r->size ? 2 * r->size : 64;
    const struct ast **list = realloc(r->list, size / 2 * sizeof *list);

    if (list)
        r->list = list;
    r->entry = list ? calloc(size, sizeof *r->entry) : NULL;
    if (!r->entry) {
        r->entry = old;
        r->failed = true;
        return false;
    }
    r->size = size;
    for (size_t i = 0; i < r->entries; i++)
        entry_of(r, r->list[i])->node = r->list[i];
    free(old);
    return true;
}

static void reach(struct reached *r, const struct ast *n)
{
    if (r->failed || entry_of(r, n)->node ||
        (r->entries == r->size / 2 && !resize(r)))
        return;
    entry_of(r, n)->node = n;
    r->list[r->entries++] = n;
}

static int by_id(const void *a, const void *b)
{
    uint32_t x = (*(const struct ast *const *)a)->id;
    uint32_t y = (*(const struct ast *const *)b)->id;

    return (x > y) - (x < y);
}

static const struct ast *rebuild(struct ast_pool *p, const struct ast *n,
                                 const struct ast *const *arg)
{
    switch ((enum ast_op)n->op) {
    case AST_NOT:
    case AST_NEG:
        return ast_unary(p, (enum ast_op)n->op, arg[0]);
    case AST_EXTRACT:
        return ast_extract(p, arg[0], n->hi, n->lo);
    case AST_ZERO_EXTEND:
    case AST_SIGN_EXTEND:
        return ast_resize(p, arg[0], n->width, n->op == AST_SIGN_EXTEND);
    case AST_ITE:
        return ast_ite(p, arg[0], arg[1], arg[2]);
    default:
        return ast_binary(p, (enum ast_op)n->op, arg[0], arg[1]);
    }
}

static const struct ast *rewrite(struct ast_pool *p, const struct reached *r,
                                 const struct ast *n, ast_leaf_fn *leaf,
                                 void *context)
{
    const struct ast *arg[3] = { NULL };

    if (n->op == AST_CONST)
        return ast_const(p, n->width, n->value);
    for (unsigned i = 0; i < 3 && n->arg[i]; i++)
        arg[i] = entry_of(r, n->arg[i])->done;
    if (ast_arguments((enum ast_op)n->op) == 0 || n->op == AST_SELECT)
        return leaf(context, p, n, arg[0]);
    return rebuild(p, n, arg);
}

/*
 * Arguments have smaller ids than their node, so that going through the nodes
 * by id does without recursion: an expression may be very deep.
 */
static bool collect(struct reached *r, const struct ast *root)
{
    *r = (struct reached){ NULL, 0, 0, NULL, false };
    if (resize(r))
        reach(r, root);
    for (size_t i = 0; i < r->entries; i++)
        for (unsigned k = 0; k < 3 && r->list[i]->arg[k]; k++)
            reach(r, r->list[i]->arg[k]);
    if (!r->failed)
        qsort(r->list, r->entries, sizeof *r->list, by_id);
    return !r->failed;
}

static void forget(struct reached *r)
{
    free(r->entry);
    free(r->list);
}

const struct ast *ast_rewrite(struct ast_pool *p, const struct ast *root,
                              ast_leaf_fn *leaf, void *context)
{
    const struct ast *result = root;
    struct reached r;

    if (ast_pool_failed(p))
        return root;
    if (collect(&r, root)) {
        for (size_t i = 0; i < r.entries; i++)
            entry_of(&r, r.list[i])->done =
                rewrite(p, &r, r.list[i], leaf, context);
        result = entry_of(&r, root)->done;
    } else {
        ast_pool_fail(p);
    }
    forget(&r);
    return result;
}

bool ast_visit(const struct ast *root,
               void (*visit)(void *context, const struct ast *node),
               void *context)
{
    struct reached r;
    bool good = collect(&r, root);

    for (size_t i = 0; good && i < r.entries; i++)
        visit(context, r.list[i]);
    forget(&r);
    return good;
}
