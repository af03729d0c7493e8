/* A query's assignment, executed, and the definitions on concrete states. */
#include "check/isa/replay.h"

#include <stdlib.h>
#include <string.h>

static enum status execute(struct isa_replay *r)
{
    struct isa_executor *x = isa_executor_new(r->model, r->query->insn);

    if (!x)
        return STATUS_NO_MEMORY;
    for (unsigned s = 0; s < r->sides; s++)
        r->trap[s] = isa_execute(x, r->assignment->side[s],
                                 r->assignment->operand, r->after[s]);
    isa_executor_free(x);
    return STATUS_OK;
}

/* Where each guest address is, in the state before. */
static enum status translate(struct isa_replay *r)
{
    const struct isa_view *v = r->model->guest_view;
    const struct ast *root[2];
    struct isa_program *p;
    size_t n;

    if (!v)
        return STATUS_OK;
    n = (size_t)1 << v->width;
    root[0] = v->address;
    root[1] = v->fault;
    p = isa_program_new(r->model, root, 2);
    for (unsigned s = 0; p && s < r->sides; s++) {
        const uint64_t *const side[2] = { r->assignment->side[s], NULL };

        r->translated[s] = malloc(n * sizeof *r->translated[s]);
        for (uint64_t a = 0; r->translated[s] && a < n; a++) {
            const uint64_t *value = isa_program_run(p, side, &a, NULL);

            r->translated[s][a] =
                value[1] ? ISA_UNTRANSLATED : v->array->offset + value[0];
        }
    }
    isa_program_free(p);
    return p && r->translated[0] && (r->sides == 1 || r->translated[1])
               ? STATUS_OK
               : STATUS_NO_MEMORY;
}

enum status isa_replay_run(struct isa_replay *r, const struct isa_model *m,
                           const struct isa_query *q,
                           const struct isa_assignment *a)
{
    enum status status = STATUS_OK;

    *r = (struct isa_replay){
        .model = m,
        .query = q,
        .assignment = a,
        .sides = q->twin == ISA_TWIN_NONE ? 1 : 2,
    };
    for (unsigned s = 0; s < r->sides; s++) {
        r->after[s] = malloc(m->state_words * sizeof *r->after[s]);
        if (!r->after[s])
            status = STATUS_NO_MEMORY;
    }
    if (status == STATUS_OK)
        status = execute(r);
    if (status == STATUS_OK)
        status = translate(r);
    if (status != STATUS_OK)
        isa_replay_free(r);
    return status;
}

void isa_replay_free(struct isa_replay *r)
{
    for (unsigned s = 0; s < 2; s++) {
        free(r->after[s]);
        free(r->translated[s]);
    }
}

/* The place of side 1 that corresponds to a place of side 0: in states that
   differ in mode, the banks of the two modes are exchanged. */
static size_t across(const struct isa_replay *r, const struct isa_element *e,
                     size_t index)
{
    const uint64_t *mode = r->query->mode;
    unsigned below = e->index_width - e->bank_width;
    uint64_t bank = index >> below;

    if (r->query->twin != ISA_TWIN_MODE || e->bank_width == 0 ||
        (bank != mode[0] && bank != mode[1]))
        return index;
    bank = bank == mode[0] ? mode[1] : mode[0];
    return (bank << below) | (index & (((size_t)1 << below) - 1));
}

static void read_values(const struct isa_replay *r, struct isa_place *p)
{
    for (unsigned s = 0; s < 2; s++) {
        unsigned from = s < r->sides ? s : 0;

        p->before[s] = r->assignment->side[from][p->at[from]];
        p->after[s] = r->after[from][p->at[from]];
    }
}

static bool is_seen_by_view(const struct isa_replay *r,
                            const struct isa_element *e)
{
    return r->model->guest_view && r->model->guest_view->array == e;
}

/* Places are counted: first all of the elements, one after another, then the
   guest's addresses. An element that is seen by the view is left out. */
static bool place_of_element(const struct isa_replay *r, size_t *cursor,
                             struct isa_place *p)
{
    for (size_t i = 0; i < r->model->elements; i++) {
        const struct isa_element *e = r->model->element[i];
        size_t end = e->offset + isa_element_length(e);

        if (*cursor >= end || *cursor < e->offset)
            continue;
        if (is_seen_by_view(r, e)) {
            *cursor = end;
            i = (size_t)-1; /* whichever element is next, wherever it stands */
            continue;
        }
        p->element = e;
        p->index = (*cursor)++ - e->offset;
        p->is_in_view = false;
        p->at[0] = e->offset + p->index;
        p->at[1] = e->offset + across(r, e, p->index);
        return true;
    }
    return false;
}

static bool place_in_view(const struct isa_replay *r, size_t *cursor,
                          struct isa_place *p)
{
    const struct isa_view *v = r->model->guest_view;
    size_t words = r->model->state_words;

    for (; v && *cursor - words < (size_t)1 << v->width; ++*cursor) {
        size_t a = *cursor - words;
        uint64_t here = r->translated[0][a];
        uint64_t there = r->sides == 2 ? r->translated[1][a] : here;

        if (here == ISA_UNTRANSLATED || there == ISA_UNTRANSLATED)
            continue;
        ++*cursor;
        *p = (struct isa_place){
            .element = v->array,
            .index = a,
            .is_in_view = true,
            .at = { here, there },
        };
        return true;
    }
    return false;
}

bool isa_replay_next(const struct isa_replay *r, size_t *cursor,
                     struct isa_place *p)
{
    bool found =
        *cursor < r->model->state_words && place_of_element(r, cursor, p);

    if (!found) {
        if (*cursor < r->model->state_words)
            *cursor = r->model->state_words;
        found = place_in_view(r, cursor, p);
    }
    if (found)
        read_values(r, p);
    return found;
}

bool isa_place_differs(const struct isa_replay *r, const struct isa_place *p)
{
    bool visible = !isa_role_is_owned(p->element->role) &&
                   (p->element->role != ISA_MEMORY || p->is_in_view ||
                    !r->model->guest_view);

    return r->sides == 2 && visible && p->after[0] != p->after[1];
}

bool isa_place_is_taken(const struct isa_place *p)
{
    return isa_role_is_owned(p->element->role) && p->after[0] != p->before[0];
}

static bool memory_traps(const struct isa_replay *r, unsigned side)
{
    return r->trap[side] != ISA_NO_TRAP &&
           r->query->insn->body.trap[r->trap[side]].kind == ISA_TRAP_MEMORY;
}

bool isa_replay_shows(const struct isa_replay *r)
{
    unsigned real = r->sides - 1;
    struct isa_place p;
    size_t cursor = 0;

    if (r->trap[real] != ISA_NO_TRAP || memory_traps(r, 0))
        return false;
    if (r->trap[0] != ISA_NO_TRAP)
        return r->query->twin == ISA_TWIN_MODE;
    while (isa_replay_next(r, &cursor, &p))
        if (r->sides == 2 ? isa_place_differs(r, &p) : isa_place_is_taken(&p))
            return true;
    return false;
}
