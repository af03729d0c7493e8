/* The definitions, as formulas: properties.h says what they are. */
#include "check/isa/properties.h"

#include "check/isa/twin.h"

/* The first trap that holds is of this kind. */
static const struct ast *first_trap(struct isa_model *m,
                                    const struct isa_body *b, bool memory_only)
{
    const struct ast *result = ast_false(m->pool);
    const struct ast *before = result;

    for (size_t i = 0; i < b->traps; i++) {
        const struct isa_trap *t = &b->trap[i];
        const struct ast *first =
            ast_and(m->pool, t->when, ast_not(m->pool, before));

        if (t->kind == ISA_TRAP_MEMORY || !memory_only)
            result = ast_or(m->pool, result, memory_only ? first : t->when);
        before = ast_or(m->pool, before, t->when);
    }
    return result;
}

const struct ast *isa_traps(struct isa_model *m, const struct isa_body *b)
{
    return first_trap(m, b, false);
}

const struct ast *isa_memory_traps(struct isa_model *m,
                                   const struct isa_body *b)
{
    return first_trap(m, b, true);
}

const struct ast *isa_after(struct isa_model *m, const struct isa_body *b,
                            const struct isa_element *e,
                            const struct ast *index)
{
    struct ast_pool *p = m->pool;
    const struct ast *value =
        index ? ast_select(p, e, 0, index) : ast_state(p, e, 0);

    for (size_t i = 0; i < b->updates; i++) {
        const struct isa_update *u = &b->update[i];
        const struct ast *hits = u->guard;

        if (u->element != e)
            continue;
        if (index)
            hits = ast_and(p, hits, ast_eq(p, u->index, index));
        value = ast_ite(p, hits, ast_insert(p, value, u->hi, u->lo, u->value),
                        value);
    }
    return value;
}

static bool is_updated(const struct isa_body *b, const struct isa_element *e)
{
    for (size_t i = 0; i < b->updates; i++)
        if (b->update[i].element == e)
            return true;
    return false;
}

/* "For some index": one variable for each width of an index is enough, for all
   arrays together. */
static const struct ast *some_index(struct twin *t, unsigned width)
{
    return twin_extra(t, "index", width);
}

/* Side 0 changes what the monitor owns. */
static const struct ast *changes_owned(struct twin *t)
{
    struct ast_pool *p = t->model->pool;
    const struct isa_body *b = &t->query->insn->body;
    const struct ast *result = ast_false(p);

    for (size_t i = 0; i < t->model->elements; i++) {
        const struct isa_element *e = t->model->element[i];
        const struct ast *index = NULL, *before, *after;

        if (!isa_role_is_owned(e->role) || !is_updated(b, e))
            continue;
        if (e->index_width)
            index = some_index(t, e->index_width);
        before = index ? ast_select(p, e, 0, index) : ast_state(p, e, 0);
        after = isa_after(t->model, b, e, index);
        result = ast_or(p, result,
                        ast_not(p, twin_side(t, 0, ast_eq(p, before, after))));
    }
    return result;
}

/* The guest's address k can be translated, on both sides. */
static const struct ast *both_translate(struct twin *t, const struct ast *k)
{
    struct ast_pool *p = t->model->pool;
    const struct ast *faults = twin_address(t, t->model->guest_view->fault, k);

    return ast_not(p,
                   ast_or(p, twin_side(t, 0, faults), twin_side(t, 1, faults)));
}

/* The guest sees another result on side 1 than on side 0 in this element. */
static const struct ast *element_differs(struct twin *t,
                                         const struct isa_element *e)
{
    struct isa_model *m = t->model;
    const struct ast *index[2] = { NULL, NULL }, *after[2];
    const struct ast *seen = ast_true(m->pool), *k;

    if (e->role == ISA_MEMORY && m->guest_view) {
        k = twin_extra(t, "address", m->guest_view->width);
        index[0] = index[1] = twin_address(t, m->guest_view->address, k);
        seen = both_translate(t, k);
    } else if (e->index_width) {
        index[0] = some_index(t, e->index_width);
        index[1] = twin_exchange(t, e, index[0]);
    }
    for (unsigned s = 0; s < 2; s++)
        after[s] =
            twin_side(t, s, isa_after(m, &t->query->insn->body, e, index[s]));
    return ast_and(m->pool, seen,
                   ast_not(m->pool, ast_eq(m->pool, after[0], after[1])));
}

static const struct ast *visibly_differs(struct twin *t)
{
    const struct ast *result = ast_false(t->model->pool);

    for (size_t i = 0; i < t->model->elements; i++) {
        const struct isa_element *e = t->model->element[i];

        if (!isa_role_is_owned(e->role) && is_updated(&t->query->insn->body, e))
            result = ast_or(t->model->pool, result, element_differs(t, e));
    }
    return result;
}

/* Which modes a state may be in. */
enum where { IN_ANY, IN_REAL, IN_TOP };

static const struct ast *in_mode(struct twin *t, enum where where)
{
    struct isa_model *m = t->model;
    const struct ast *mode = ast_state(m->pool, m->mode, 0);
    const struct ast *result = ast_false(m->pool);

    for (size_t i = 0; i < m->modes; i++) {
        const struct isa_mode *v = &m->mode_value[i];

        if (where == IN_ANY   ? v->is_guest
            : where == IN_TOP ? i == m->top
                              : v->is_real)
            result =
                ast_or(m->pool, result,
                       ast_eq(m->pool, mode,
                              ast_const(m->pool, m->mode->width, v->value)));
    }
    return result;
}

/* A place to write queries to. */
struct list {
    struct isa_model *model;
    struct isa_query *query;
    size_t queries;
    const struct isa_insn *insn;
    enum property property;
    uint32_t pinned;
};

static struct twin add(struct list *l, enum isa_twin twin,
                       enum isa_query_sense sense)
{
    struct isa_query *q = &l->query[l->queries++];

    *q = (struct isa_query){ .insn = l->insn,
                             .property = l->property,
                             .twin = twin,
                             .sense = sense,
                             .pinned = l->pinned };
    return twin_start(l->model, q);
}

/* Queries about one state: it occurs, is in such a mode, and does not trap. */
static void add_single(struct list *l, enum isa_query_sense sense,
                       enum where where, bool changes)
{
    struct twin t = add(l, ISA_TWIN_NONE, sense);
    struct ast_pool *p = l->model->pool;
    const struct ast *f =
        twin_side(&t, 0,
                  ast_and(p, ast_and(p, l->model->assume, in_mode(&t, where)),
                          ast_not(p, isa_traps(l->model, &l->insn->body))));

    if (changes)
        f = ast_and(p, f, changes_owned(&t));
    t.query->formula = f;
}

/* Location and other: two states of one mode, neither of which traps. */
static void add_same_mode(struct list *l, enum isa_twin twin, enum where where)
{
    struct twin t = add(l, twin, ISA_SHOWS);
    struct ast_pool *p = l->model->pool;
    const struct ast *f = twin_side(&t, 0, in_mode(&t, where));

    for (unsigned s = 0; s < 2; s++)
        f = ast_and(p, f,
                    twin_side(&t, s,
                              ast_and(p, l->model->assume,
                                      ast_not(p, isa_traps(l->model,
                                                           &l->insn->body)))));
    f = ast_and(p, f, visibly_differs(&t));
    if (f != ast_false(p)) /* else the premise need not be built */
        f = ast_and(p, f, twin_premise(&t));
    t.query->formula = f;
}

/* Both states occur, and neither memory-traps; the real one does not trap. */
static const struct ast *real_runs(struct twin *t)
{
    struct isa_model *m = t->model;
    struct ast_pool *p = m->pool;
    const struct isa_body *b = &t->query->insn->body;
    const struct ast *occurs =
        ast_and(p, m->assume, ast_not(p, isa_memory_traps(m, b)));

    return ast_and(p,
                   ast_and(p, twin_side(t, 0, occurs), twin_side(t, 1, occurs)),
                   twin_side(t, 1, ast_not(p, isa_traps(m, b))));
}

/* One query for each mode of the guest that is run in another. */
static void add_pairs(struct list *l, enum isa_query_sense sense,
                      bool behaviour)
{
    struct ast_pool *p = l->model->pool;

    for (size_t i = 0; i < l->model->modes; i++) {
        const struct isa_mode *v = &l->model->mode_value[i];
        const struct ast *f;
        struct twin t;

        if (!v->is_guest || v->real == v->value)
            continue;
        t = add(l, ISA_TWIN_MODE, sense);
        t.query->mode[0] = v->value;
        t.query->mode[1] = v->real;
        twin_choose_mapping(&t);
        f = real_runs(&t);
        if (behaviour)
            f = ast_and(
                p, f,
                ast_or(p, twin_side(&t, 0, isa_traps(l->model, &l->insn->body)),
                       visibly_differs(&t)));
        if (f != ast_false(p))
            f = ast_and(p, f, twin_premise(&t));
        t.query->formula = f;
    }
}

size_t isa_queries(struct isa_model *m, const struct isa_insn *insn,
                   enum property property, uint32_t pinned,
                   struct isa_query *query)
{
    struct list l = { m, query, 0, insn, property, pinned };

    switch (property) {
    case PROPERTY_PRIVILEGED:
        add_pairs(&l, ISA_REFUTES, false);
        add_single(&l, ISA_REQUIRED, IN_TOP, false);
        break;
    case PROPERTY_ALWAYS_TRAPS:
        add_single(&l, ISA_REFUTES, IN_ANY, false);
        break;
    case PROPERTY_CONTROL:
        add_single(&l, ISA_SHOWS, IN_ANY, true);
        break;
    case PROPERTY_MODE:
        add_pairs(&l, ISA_SHOWS, true);
        break;
    case PROPERTY_LOCATION:
        add_same_mode(&l, ISA_TWIN_LOCATION, IN_ANY);
        break;
    case PROPERTY_OTHER:
        add_same_mode(&l, ISA_TWIN_OTHER, IN_ANY);
        break;
    case PROPERTY_USER:
        add_single(&l, ISA_SHOWS, IN_REAL, true);
        add_same_mode(&l, ISA_TWIN_LOCATION, IN_REAL);
        add_same_mode(&l, ISA_TWIN_OTHER, IN_REAL);
        break;
    default:
        break;
    }
    return l.queries;
}

enum truth isa_property_truth(const struct isa_query *query,
                              const enum isa_answer *answer, size_t queries)
{
    bool open = false, forall = false;

    for (size_t i = 0; i < queries; i++) {
        forall = forall || query[i].sense != ISA_SHOWS;
        open = open || answer[i] == ISA_OPEN;
        if (query[i].sense == ISA_REFUTES && answer[i] == ISA_SAT)
            return TRUTH_NO;
        if (query[i].sense == ISA_REQUIRED && answer[i] == ISA_UNSAT)
            return TRUTH_NO;
        if (query[i].sense == ISA_SHOWS && answer[i] == ISA_SAT)
            return TRUTH_YES;
    }
    if (open)
        return TRUTH_UNKNOWN;
    return forall ? TRUTH_YES : TRUTH_NO;
}
