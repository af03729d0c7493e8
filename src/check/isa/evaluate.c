/* Expressions and instructions on concrete states. */
#include "check/isa/evaluate.h"

#include <stdlib.h>
#include <string.h>

/* One operation; what it computes goes to slot number = its own number. */
struct operation {
    uint8_t op, width, result_width, side, lo;
    bool is_needed;   /* if the result is 0, isa_program_holds() is false */
    uint32_t a, b, c; /* slots of the arguments; AST_STATE, AST_SELECT: `c` is
                         the element's offset; AST_OPERAND, AST_EXTRA: index */
};

struct isa_program {
    struct operation *operation;
    size_t operations;
    uint64_t *slot;
    uint32_t *root; /* slots */
    uint64_t *result;
    size_t roots;
};

void isa_program_free(struct isa_program *p)
{
    if (!p)
        return;
    free(p->operation);
    free(p->slot);
    free(p->root);
    free(p->result);
    free(p);
}

/* Marks in `needed`, by id, all that the roots are made of; returns how many.
   Arguments have smaller ids, so one pass downwards finds all. */
static size_t mark(const struct ast **needed, size_t ids,
                   const struct ast *const *root, size_t roots)
{
    size_t count = 0;

    for (size_t i = 0; i < roots; i++)
        needed[root[i]->id] = root[i];
    for (size_t i = ids; i-- > 0;) {
        if (!needed[i])
            continue;
        count++;
        for (unsigned k = 0; k < 3 && needed[i]->arg[k]; k++)
            needed[needed[i]->arg[k]->id] = needed[i]->arg[k];
    }
    return count;
}

static struct operation compile(const struct ast *n, const uint32_t *slot_of)
{
    struct operation o = { .op = n->op,
                           .result_width = n->width,
                           .width = n->width,
                           .side = n->side,
                           .lo = n->lo };
    uint32_t *argument[3] = { &o.a, &o.b, &o.c };

    for (unsigned k = 0; k < 3 && n->arg[k]; k++) {
        *argument[k] = slot_of[n->arg[k]->id];
        if (k == 0 || n->op == AST_CONCAT)
            o.width = n->arg[k]->width;
    }
    if (n->op == AST_STATE || n->op == AST_SELECT)
        o.c = n->element->offset;
    else if (n->op == AST_OPERAND || n->op == AST_EXTRA)
        o.c = n->index;
    return o;
}

static bool fill(struct isa_program *p, const struct ast *const *needed,
                 size_t ids, const struct ast *const *root)
{
    uint32_t *slot_of = calloc(ids, sizeof *slot_of);
    uint32_t next = 0;

    if (!slot_of)
        return false;
    for (size_t i = 0; i < ids; i++) {
        if (!needed[i])
            continue;
        slot_of[i] = next;
        p->operation[next] = compile(needed[i], slot_of);
        p->slot[next++] = needed[i]->value; /* constants stay there */
    }
    for (size_t i = 0; i < p->roots; i++)
        p->root[i] = slot_of[root[i]->id];
    free(slot_of);
    return true;
}

static size_t top_id(const struct ast *const *root, size_t roots)
{
    size_t top = 0;

    for (size_t i = 0; i < roots; i++)
        top = root[i]->id > top ? root[i]->id : top;
    return top;
}

struct isa_program *isa_program_new(const struct isa_model *m,
                                    const struct ast *const *root, size_t roots)
{
    struct isa_program *p =
        ast_pool_failed(m->pool) ? NULL : calloc(1, sizeof *p);
    size_t ids = top_id(root, roots) + 1;
    const struct ast **needed = calloc(ids, sizeof *needed);
    bool good = false;

    if (p && needed) {
        p->roots = roots;
        p->operations = mark(needed, ids, root, roots);
        p->operation = calloc(p->operations + 1, sizeof *p->operation);
        p->slot = calloc(p->operations + 1, sizeof *p->slot);
        p->root = calloc(roots + 1, sizeof *p->root);
        p->result = calloc(roots + 1, sizeof *p->result);
        good = p->operation && p->slot && p->root && p->result &&
               fill(p, needed, ids, root);
    }
    free(needed);
    if (good)
        return p;
    isa_program_free(p);
    return NULL;
}

/* The conjuncts of a formula, in list[] as far as there is room; returns how
   many. */
static size_t conjuncts(const struct ast *f, const struct ast **list,
                        size_t room)
{
    size_t n = 1;

    list[0] = f;
    for (size_t i = 0; i < n;) {
        f = list[i];
        if (f->op == AST_AND && f->width == 1 && n < room) {
            list[i] = f->arg[0];
            list[n++] = f->arg[1];
        } else {
            i++;
        }
    }
    return n;
}

#define MAX_CONJUNCTS 2048

struct isa_program *isa_program_of_truth(const struct isa_model *m,
                                         const struct ast *formula)
{
    const struct ast **list = calloc(MAX_CONJUNCTS, sizeof *list);
    struct isa_program *p = NULL;

    if (list)
        p = isa_program_new(m, list, conjuncts(formula, list, MAX_CONJUNCTS));
    for (size_t i = 0; p && i < p->roots; i++)
        p->operation[p->root[i]].is_needed = true;
    free(list);
    return p;
}

static uint64_t operate(const struct operation *o, const uint64_t *slot,
                        const uint64_t *const side[2], const uint64_t *operand,
                        const uint64_t *extra)
{
    uint64_t mask = MASK(o->result_width - 1, 0);

    switch ((enum ast_op)o->op) {
    case AST_STATE:
        return side[o->side][o->c];
    case AST_SELECT:
        return side[o->side][o->c + slot[o->a]];
    case AST_OPERAND:
        return operand[o->c] & mask;
    case AST_EXTRA:
        return extra[o->c] & mask;
    case AST_EXTRACT:
        return slot[o->a] >> o->lo & mask;
    default:
        return ast_compute((enum ast_op)o->op, o->width, o->result_width,
                           slot[o->a], slot[o->b], slot[o->c]);
    }
}

const uint64_t *isa_program_run(struct isa_program *p,
                                const uint64_t *const side[2],
                                const uint64_t *operand, const uint64_t *extra)
{
    for (size_t i = 0; i < p->operations; i++)
        if (p->operation[i].op != AST_CONST)
            p->slot[i] =
                operate(&p->operation[i], p->slot, side, operand, extra);
    for (size_t i = 0; i < p->roots; i++)
        p->result[i] = p->slot[p->root[i]];
    return p->result;
}

bool isa_program_holds(struct isa_program *p, const uint64_t *const side[2],
                       const uint64_t *operand, const uint64_t *extra)
{
    for (size_t i = 0; i < p->operations; i++) {
        if (p->operation[i].op != AST_CONST)
            p->slot[i] =
                operate(&p->operation[i], p->slot, side, operand, extra);
        if (p->operation[i].is_needed && !p->slot[i])
            return false;
    }
    return true;
}

/* The roots of an executor's program: of each trap the condition; of each
   update the guard, the value, and the index if it has one. */
struct isa_executor {
    const struct isa_model *model;
    const struct isa_body *body;
    struct isa_program *program;
};

static size_t body_roots(const struct isa_model *m, const struct isa_body *b,
                         const struct ast **root)
{
    size_t n = 0;

    for (size_t i = 0; i < b->traps; i++)
        root[n++] = b->trap[i].when;
    for (size_t i = 0; i < b->updates; i++) {
        const struct isa_update *u = &b->update[i];

        root[n++] = u->guard;
        root[n++] = u->value;
        root[n++] = u->index ? u->index : ast_false(m->pool);
    }
    return n;
}

static struct isa_executor *executor_new(const struct isa_model *m,
                                         const struct isa_body *body)
{
    struct isa_executor *x = calloc(1, sizeof *x);
    const struct ast **root =
        calloc(body->traps + 3 * body->updates + 1, sizeof *root);

    if (x && root) {
        size_t roots = body_roots(m, body, root);

        x->model = m;
        x->body = body;
        x->program = isa_program_new(m, root, roots);
    }
    free(root);
    if (x && x->program)
        return x;
    isa_executor_free(x);
    return NULL;
}

struct isa_executor *isa_executor_new(const struct isa_model *m,
                                      const struct isa_insn *insn)
{
    return executor_new(m, &insn->body);
}

void isa_executor_free(struct isa_executor *x)
{
    if (!x)
        return;
    isa_program_free(x->program);
    free(x);
}

int isa_execute(struct isa_executor *x, const uint64_t *before,
                const uint64_t *operand, uint64_t *after)
{
    const uint64_t *const side[2] = { before, NULL };
    const uint64_t *v = isa_program_run(x->program, side, operand, NULL);
    const struct isa_body *b = x->body;

    memcpy(after, before, x->model->state_words * sizeof *after);
    for (size_t i = 0; i < b->traps; i++)
        if (*v++)
            return (int)i;
    for (size_t i = 0; i < b->updates; i++, v += 3) {
        const struct isa_update *u = &b->update[i];
        uint64_t *at = &after[u->element->offset + (u->index ? v[2] : 0)];

        if (v[0])
            *at = field_set(*at, MASK(u->hi, u->lo), v[1]);
    }
    return ISA_NO_TRAP;
}

enum status isa_trap_enter(const struct isa_model *m, const char *trap,
                           const uint64_t *before, uint64_t *after)
{
    struct isa_executor *x = executor_new(m, &m->on_trap);
    uint64_t cause = 0;

    if (!x)
        return STATUS_NO_MEMORY;
    while (cause < m->trap_names && strcmp(m->trap_name[cause], trap) != 0)
        cause++;
    isa_execute(x, before, &cause, after);
    isa_executor_free(x);
    return STATUS_OK;
}
