/* Finds the leaves of a query's formula. */
#include "check/isa/variables.h"

#include <limits.h>
#include <stdlib.h>

struct finder {
    struct isa_variables *v;
    struct isa_assignment *assignment;
    bool *seen; /* by side and number of the element */
    size_t room, constant_room;
    bool failed;
};

static void add(struct finder *f, struct isa_variable variable)
{
    struct isa_variables *v = f->v;

    if (v->count == f->room) {
        size_t room = f->room ? 2 * f->room : 64;
        void *more = realloc(v->list, room * sizeof *v->list);

        f->failed = f->failed || !more;
        if (!more)
            return;
        v->list = more;
        f->room = room;
    }
    v->list[v->count++] = variable;
    v->bits = v->bits > UINT_MAX / 2 ? UINT_MAX : v->bits + variable.width;
}

static void add_constant(struct finder *f, uint64_t value)
{
    struct isa_variables *v = f->v;

    if (v->constants == f->constant_room) {
        size_t room = f->constant_room ? 2 * f->constant_room : 64;
        void *more = realloc(v->constant, room * sizeof *v->constant);

        f->failed = f->failed || !more;
        if (!more)
            return;
        v->constant = more;
        f->constant_room = room;
    }
    v->constant[v->constants++] = value;
}

static void add_element(struct finder *f, const struct isa_element *e,
                        unsigned side)
{
    bool *seen = &f->seen[2 * e->number + side];
    size_t length = isa_element_length(e);

    if (*seen)
        return;
    *seen = true;
    for (size_t i = 0; i < length && !f->failed; i++)
        add(f, (struct isa_variable){
                   &f->assignment->side[side][e->offset + i],
                   side ? &f->assignment->side[0][e->offset + i] : NULL, e,
                   e->width });
}

static void visit(void *context, const struct ast *n)
{
    struct finder *f = context;
    struct isa_variable v = { NULL, NULL, NULL, n->width };

    switch ((enum ast_op)n->op) {
    case AST_CONST:
        add_constant(f, n->value);
        break;
    case AST_STATE:
    case AST_SELECT:
        add_element(f, n->element, n->side);
        break;
    case AST_OPERAND:
        v.value = &f->assignment->operand[n->index];
        add(f, v);
        break;
    case AST_EXTRA:
        v.value = &f->assignment->extra[n->index];
        add(f, v);
        break;
    default:
        break;
    }
}

enum status isa_variables_new(struct isa_variables *v,
                              const struct isa_model *m,
                              const struct isa_query *q,
                              struct isa_assignment *a)
{
    struct finder f = { .v = v, .assignment = a };

    *v = (struct isa_variables){ NULL, 0, 0, NULL, 0 };
    f.seen = calloc(2 * m->elements, sizeof *f.seen);
    f.failed = !f.seen || !ast_visit(q->formula, visit, &f) || f.failed;
    free(f.seen);
    if (!f.failed)
        return STATUS_OK;
    isa_variables_free(v);
    return STATUS_NO_MEMORY;
}

void isa_variables_free(struct isa_variables *v)
{
    free(v->list);
    free(v->constant);
    *v = (struct isa_variables){ NULL, 0, 0, NULL, 0 };
}
