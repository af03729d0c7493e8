/* Side 1 of a query in terms of side 0. */
#include "check/isa/twin.h"

#include <string.h>

struct twin twin_start(struct isa_model *m, struct isa_query *q)
{
    struct twin t = { m, q, 0 };

    if (q->twin == ISA_TWIN_LOCATION && m->memory && m->guest_view)
        twin_extra(&t, "x", m->memory->index_width);
    return t;
}

static bool is_pinned(const struct isa_query *q, const struct isa_element *e,
                      unsigned side)
{
    return e->role == ISA_SETTING && (q->pinned >> e->setting & 1) &&
           (side == 1 || q->twin != ISA_TWIN_OTHER);
}

bool isa_query_varies(const struct isa_query *q, const struct isa_element *e)
{
    switch (q->twin) {
    case ISA_TWIN_MODE:
        return q->mapping_varies && e->role == ISA_MAPPING && !e->bank_width;
    case ISA_TWIN_LOCATION:
        return e->role == ISA_MAPPING;
    case ISA_TWIN_OTHER:
        return (e->role == ISA_OWNED || e->role == ISA_SETTING) &&
               !is_pinned(q, e, 1);
    default:
        return false;
    }
}

static bool moves(const struct twin *t, const struct isa_element *e)
{
    return t->query->twin == ISA_TWIN_LOCATION && e == t->model->memory &&
           t->model->guest_view;
}

const struct ast *twin_exchange(struct twin *t, const struct isa_element *e,
                                const struct ast *index)
{
    struct ast_pool *p = t->model->pool;
    unsigned width = e->index_width, bank = e->bank_width;
    const struct ast *mode[2], *top;

    if (t->query->twin != ISA_TWIN_MODE || !bank)
        return index;
    top = ast_extract(p, index, width - 1, width - bank);
    for (unsigned s = 0; s < 2; s++)
        mode[s] = ast_const(p, bank, t->query->mode[s]);
    top = ast_ite(p, ast_eq(p, top, mode[0]), mode[1],
                  ast_ite(p, ast_eq(p, top, mode[1]), mode[0], top));
    return width == bank
               ? top
               : ast_binary(p, AST_CONCAT, top,
                            ast_extract(p, index, width - bank - 1, 0));
}

/* An array's element on side 1, where it stands on side 0. */
static const struct ast *moved(struct twin *t, struct ast_pool *p,
                               const struct isa_element *e,
                               const struct ast *index)
{
    if (moves(t, e))
        return ast_binary(p, AST_SUB, index,
                          ast_extra(p, ISA_EXTRA_MOVE, e->index_width));
    return twin_exchange(t, e, index);
}

static const struct ast *place(void *context, struct ast_pool *p,
                               const struct ast *leaf, const struct ast *index)
{
    struct twin *t = context;
    const struct isa_query *q = t->query;
    const struct isa_element *e = leaf->element;
    bool varies = t->side == 1 && e && isa_query_varies(q, e);

    if (leaf->op == AST_SELECT)
        return ast_select(p, e, varies,
                          varies || t->side == 0 ? index
                                                 : moved(t, p, e, index));
    if (leaf->op != AST_STATE)
        return leaf;
    if (e->role == ISA_MODE && q->twin == ISA_TWIN_MODE)
        return ast_const(p, e->width, q->mode[t->side]);
    if (is_pinned(q, e, t->side))
        return ast_const(p, e->width, e->pinned);
    return ast_state(p, e, varies);
}

const struct ast *twin_side(struct twin *t, unsigned side,
                            const struct ast *expr)
{
    t->side = side;
    return ast_rewrite(t->model->pool, expr, place, t);
}

static const struct ast *set_address(void *context, struct ast_pool *p,
                                     const struct ast *leaf,
                                     const struct ast *index)
{
    if (leaf->op == AST_OPERAND)
        return context;
    return leaf->op == AST_SELECT
               ? ast_select(p, leaf->element, leaf->side, index)
               : leaf;
}

const struct ast *twin_address(struct twin *t, const struct ast *expr,
                               const struct ast *address)
{
    return ast_rewrite(t->model->pool, expr, set_address, (void *)address);
}

const struct ast *twin_extra(struct twin *t, const char *name, unsigned width)
{
    struct isa_query *q = t->query;
    unsigned i = 0;

    while (i < q->extras &&
           (q->extra[i].width != width || strcmp(q->extra[i].name, name) != 0))
        i++;
    if (i == q->extras && q->extras < ISA_MAX_EXTRAS)
        q->extra[q->extras++] = (struct isa_extra){ name, width };
    return ast_extra(t->model->pool, i, width);
}

/* What the guest view does with an address, on both sides. */
struct translation {
    const struct ast *address[2], *fault[2];
};

static struct translation translate(struct twin *t, const struct ast *address)
{
    const struct isa_view *view = t->model->guest_view;
    struct translation r;

    for (unsigned s = 0; s < 2; s++) {
        r.address[s] = twin_side(t, s, twin_address(t, view->address, address));
        r.fault[s] = twin_side(t, s, twin_address(t, view->fault, address));
    }
    return r;
}

/* For an address that nothing is known of. */
static bool translates_alike(struct twin *t)
{
    struct translation r = translate(
        t, ast_operand(t->model->pool, 0, t->model->guest_view->width));

    return r.address[0] == r.address[1] && r.fault[0] == r.fault[1];
}

void twin_choose_mapping(struct twin *t)
{
    t->query->mapping_varies = false;
    if (t->model->guest_view)
        t->query->mapping_varies = !translates_alike(t);
}

static const struct ast *premise_at(struct twin *t, const struct ast *address)
{
    struct ast_pool *p = t->model->pool;
    struct translation r = translate(t, address);
    const struct ast *faults, *same;

    if (t->query->twin != ISA_TWIN_LOCATION)
        return ast_or(p, ast_or(p, r.fault[0], r.fault[1]),
                      ast_eq(p, r.address[0], r.address[1]));
    faults = ast_eq(p, r.fault[0], r.fault[1]);
    same =
        ast_eq(p, r.address[1],
               ast_binary(p, AST_ADD, r.address[0],
                          ast_extra(p, ISA_EXTRA_MOVE, r.address[0]->width)));
    return ast_and(p, faults, ast_or(p, r.fault[0], same));
}

const struct ast *twin_premise(struct twin *t)
{
    struct ast_pool *p = t->model->pool;
    const struct isa_view *view = t->model->guest_view;
    const struct ast *result = ast_true(p);

    if (!view || (t->query->twin != ISA_TWIN_LOCATION && translates_alike(t)))
        return result;
    for (uint64_t a = 0; a < BIT(view->width); a++)
        result =
            ast_and(p, result, premise_at(t, ast_const(p, view->width, a)));
    return result;
}

/* Now the same on concrete states. */

static uint64_t other_index(const struct isa_query *q,
                            const struct isa_element *e, uint64_t index)
{
    unsigned low = e->index_width - e->bank_width;
    uint64_t top = index >> low, rest = index & (BIT(low) - 1);

    if (q->twin != ISA_TWIN_MODE || !e->bank_width)
        return index;
    if (top == q->mode[0])
        top = q->mode[1];
    else if (top == q->mode[1])
        top = q->mode[0];
    return top << low | rest;
}

static void complete(const struct isa_model *m, const struct isa_query *q,
                     struct isa_assignment *a, const struct isa_element *e)
{
    uint64_t *from = a->side[0] + e->offset, *to = a->side[1] + e->offset;
    size_t n = isa_element_length(e);
    uint64_t x = 0;

    if (q->twin == ISA_TWIN_LOCATION && e == m->memory && m->guest_view)
        x = a->extra[ISA_EXTRA_MOVE];
    for (size_t i = 0; i < n && !isa_query_varies(q, e); i++)
        to[(other_index(q, e, i) + x) & (n - 1)] = from[i];
    for (unsigned s = 0; s < 2; s++)
        if (is_pinned(q, e, s))
            a->side[s][e->offset] = e->pinned;
}

void isa_twin_state(const struct isa_model *m, const struct isa_query *q,
                    struct isa_assignment *a)
{
    for (size_t i = 0; i < m->elements; i++)
        complete(m, q, a, m->element[i]);
    if (q->twin != ISA_TWIN_MODE)
        return;
    for (unsigned s = 0; s < 2; s++)
        a->side[s][m->mode->offset] = q->mode[s];
}
