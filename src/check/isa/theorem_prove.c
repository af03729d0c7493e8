/*
 * The square as one formula. A state that has gone through several steps is
 * read through them backwards: what an element holds after a step is an
 * expression over the state before, whose leaves are read there.
 */
#include <string.h>

#include "check/isa/theorem_parts.h"

/* Stands for the index while an expression of another model is made. */
#define PLACEHOLDER (ISA_MAX_EXTRAS - 1)

enum stage_kind {
    STAGE_MACHINE, /* S, the machine's state: variables of side 0 */
    STAGE_MAP,     /* f of `before`, but that `start` has not run yet; what is
                      the monitor's are variables of side 1 */
    STAGE_BODY,    /* `before`, and then `body` of `model` */
    STAGE_CHOICE,  /* `condition` ? `before` : `other` */
};

struct stage {
    enum stage_kind kind;
    const struct theorem *t;
    const struct stage *before, *other;
    struct isa_model *model;
    const struct isa_body *body;
    const struct ast *operand; /* 0, if it is not the instruction's: the cause
                                  that a trap is entered with */
    const struct ast *condition;
};

static const struct ast *read_stage(const struct stage *s, const char *name,
                                    const struct ast *index);

struct leaf_context {
    const struct stage *stage; /* where leaves are read */
    const struct ast *operand, *index;
};

static const struct ast *read_leaf(void *context, struct ast_pool *p,
                                   const struct ast *leaf,
                                   const struct ast *index)
{
    const struct leaf_context *c = context;

    if (leaf->op == AST_EXTRA)
        return c->index;
    if (leaf->op == AST_OPERAND)
        return c->operand ? c->operand
                          : ast_operand(p, leaf->index, leaf->width);
    return read_stage(c->stage, leaf->element->name, index);
}

/* An expression of some model over the state `s`. */
static const struct ast *over(const struct stage *s, const struct ast *expr,
                              const struct ast *operand,
                              const struct ast *index)
{
    struct leaf_context c = { s, operand, index };

    return ast_rewrite(s->t->machine->pool, expr, read_leaf, &c);
}

static const struct ast *variable(const struct theorem *t, const char *name,
                                  unsigned side, const struct ast *index)
{
    const struct isa_element *e = isa_find_element(t->machine, name);
    struct ast_pool *p = t->machine->pool;

    return index ? ast_select(p, e, side, index) : ast_state(p, e, side);
}

/* A real word: the guest's, or the monitor's own. */
static const struct ast *read_storage(const struct stage *s,
                                      const struct theorem_link *l,
                                      const struct ast *index)
{
    struct ast_pool *p = s->t->machine->pool;
    const struct ast *value = variable(s->t, l->machine->name, 1, index);

    for (size_t n = 0; n < s->t->words; n++) {
        const struct ast *word = ast_const(p, index->width, n);
        const struct ast *here =
            ast_eq(p, index, ast_const(p, index->width, s->t->window[n]));

        value = ast_ite(p, here, read_stage(s->before, l->machine->name, word),
                        value);
    }
    return value;
}

static const struct ast *read_map(const struct stage *s, const char *name,
                                  const struct ast *index)
{
    const struct theorem_link *l =
        &s->t->link[isa_find_element(s->t->monitor, name)->number];

    switch (l->role) {
    case THEOREM_STORAGE:
        return read_storage(s, l, index);
    case THEOREM_OWN:
        return variable(s->t, l->machine->name, 1, NULL);
    default:
        return read_stage(s->before, l->machine->name, NULL);
    }
}

/* After a body. What the body's model does not know it does not change. */
static const struct ast *read_body(const struct stage *s, const char *name,
                                   const struct ast *index)
{
    const struct isa_element *e = isa_find_element(s->model, name);
    const struct ast *at = NULL;

    if (!e)
        return read_stage(s->before, name, index);
    if (index)
        at = ast_extra(s->model->pool, PLACEHOLDER, e->index_width);
    return over(s->before, isa_after(s->model, s->body, e, at), s->operand,
                index);
}

static const struct ast *read_stage(const struct stage *s, const char *name,
                                    const struct ast *index)
{
    switch (s->kind) {
    case STAGE_MACHINE:
        return variable(s->t, name, 0, index);
    case STAGE_MAP:
        return read_map(s, name, index);
    case STAGE_BODY:
        return read_body(s, name, index);
    default:
        return ast_ite(s->t->machine->pool, s->condition,
                       read_stage(s->before, name, index),
                       read_stage(s->other, name, index));
    }
}

#define MAX_TRAPS 8 /* of an instruction: more is refused */

/* One way round the square, for one instruction: the stages of each trap that
   it may take, and of its going through. */
struct way {
    struct stage trapped[MAX_TRAPS], handled[MAX_TRAPS], choice[MAX_TRAPS];
    struct stage done;
    const struct stage *end;
    const struct ast *lost; /* a trap has not led into the monitor */
};

static struct stage body_stage(const struct theorem *t,
                               const struct stage *before,
                               struct isa_model *model,
                               const struct isa_body *body)
{
    return (struct stage){ .kind = STAGE_BODY,
                           .t = t,
                           .before = before,
                           .model = model,
                           .body = body };
}

/* Trap number k is taken: the machine enters it, and on the real machine the
   monitor's routine runs. */
static const struct stage *take_trap(const struct theorem *t, struct way *w,
                                     const struct stage *before,
                                     struct isa_model *model,
                                     const struct isa_insn *insn, size_t k)
{
    const struct isa_trap *trap = &insn->body.trap[k];
    struct ast_pool *p = t->machine->pool;

    w->trapped[k] = body_stage(t, before, model, &model->on_trap);
    w->trapped[k].operand =
        ast_const(p, ISA_CAUSE_WIDTH, theorem_cause(model, trap));
    if (model == t->machine)
        return &w->trapped[k];
    w->handled[k] = body_stage(t, &w->trapped[k], t->monitor,
                               &theorem_routine(t, insn, trap)->body);
    return &w->handled[k];
}

/* `insn` of `model`, from the state `before`. */
static bool go(const struct theorem *t, struct way *w,
               const struct stage *before, struct isa_model *model,
               const struct isa_insn *insn)
{
    struct ast_pool *p = t->machine->pool;
    const struct ast *mode =
        ast_const(p, model->mode->width, theorem_monitor_mode(t));

    w->done = body_stage(t, before, model, &insn->body);
    w->end = &w->done;
    w->lost = ast_false(p);
    if (insn->body.traps > MAX_TRAPS)
        return false;
    /* the first that holds is taken: the last choice made is the first trap */
    for (size_t k = insn->body.traps; k-- > 0;) {
        const struct ast *when =
            over(before, insn->body.trap[k].when, NULL, NULL);
        const struct stage *taken = take_trap(t, w, before, model, insn, k);
        const struct ast *in_monitor = ast_eq(
            p, read_stage(&w->trapped[k], model->mode->name, NULL), mode);

        w->choice[k] = (struct stage){ .kind = STAGE_CHOICE,
                                       .t = t,
                                       .before = taken,
                                       .other = w->end,
                                       .condition = when };
        w->end = &w->choice[k];
        w->lost = ast_ite(p, when, ast_not(p, in_monitor), w->lost);
    }
    return true;
}

static const struct ast *differ(const struct theorem *t, const struct stage *a,
                                const struct stage *b,
                                const struct isa_element *e, size_t i)
{
    struct ast_pool *p = t->machine->pool;
    const struct ast *index =
        e->index_width ? ast_const(p, e->index_width, i) : NULL;

    return ast_not(p, ast_eq(p, read_stage(a, e->name, index),
                             read_stage(b, e->name, index)));
}

/* The two ends of the square are not the same real state; what a trap has
   saved in the monitor's storage is used up, and not looked at. */
static const struct ast *ends_differ(const struct theorem *t,
                                     const struct stage *a,
                                     const struct stage *b)
{
    struct ast_pool *p = t->machine->pool;
    const struct ast *bad = ast_false(p);

    for (size_t k = 0; k < t->monitor->elements; k++) {
        const struct isa_element *e = t->monitor->element[k];
        bool is_storage = t->link[k].role == THEOREM_STORAGE;

        for (size_t i = 0; i < isa_element_length(e); i++)
            if (!is_storage || !theorem_is_scratch(t, i))
                bad = ast_or(p, bad, differ(t, a, b, e, i));
    }
    return bad;
}

/* The virtual machine uses storage that its monitor does not give it. */
static const struct ast *leaves_window(const struct theorem *t,
                                       const struct stage *before,
                                       const struct stage *after)
{
    struct ast_pool *p = t->machine->pool;
    const struct isa_element *e = t->machine->memory;
    const struct ast *bad = ast_false(p);

    for (size_t i = t->words; e && i < isa_element_length(e); i++)
        bad = ast_or(p, bad, differ(t, before, after, e, i));
    return bad;
}

/* What holds of S: the description's assumption, and a mode that exists. */
static const struct ast *premise(const struct theorem *t,
                                 const struct stage *machine)
{
    struct ast_pool *p = t->machine->pool;
    const struct isa_element *e = t->machine->mode;
    const struct ast *mode = read_stage(machine, e->name, NULL);
    const struct ast *exists = ast_false(p);

    for (size_t i = 0; i < t->machine->modes; i++)
        exists = ast_or(
            p, exists,
            ast_eq(p, mode,
                   ast_const(p, e->width, t->machine->mode_value[i].value)));
    return ast_and(p, exists, over(machine, t->machine->assume, NULL, NULL));
}

/* True where the square does not commute. NULL: not within MAX_TRAPS. */
static const struct ast *square(const struct theorem *t,
                                const struct isa_insn *insn)
{
    const struct isa_insn *real = isa_find_insn(t->real, insn->name);
    struct ast_pool *p = t->machine->pool;
    struct stage machine = { .kind = STAGE_MACHINE, .t = t };
    struct stage map = { .kind = STAGE_MAP, .t = t, .before = &machine };
    struct stage f = body_stage(t, &map, t->monitor, &t->start->body);
    struct stage map_after = { .kind = STAGE_MAP, .t = t };
    struct stage f_after =
        body_stage(t, &map_after, t->monitor, &t->start->body);
    struct way virtual_way, real_way;

    if (!go(t, &virtual_way, &machine, t->machine, insn) ||
        !go(t, &real_way, &f, t->real, real))
        return NULL;
    map_after.before = virtual_way.end;
    return ast_and(p, premise(t, &machine),
                   ast_or(p, real_way.lost,
                          ast_or(p, ends_differ(t, &f_after, real_way.end),
                                 leaves_window(t, &machine, virtual_way.end))));
}

/* What Z3 has found must show in the execution of it, too. */
static enum status execute_witness(const struct theorem *t,
                                   const struct isa_insn *insn,
                                   struct isa_assignment *a,
                                   struct verdict_arena *arena,
                                   struct theorem_answer *answer)
{
    struct theorem_run *r = theorem_run_new(t, insn);
    enum status status = r ? STATUS_OK : STATUS_NO_MEMORY;

    if (r) {
        theorem_run_state(r, a->side[0], a->side[1]);
        status = theorem_run_square(r, a->operand)
                     ? STATUS_FAULT
                     : theorem_tell(r, a, arena, &answer->witness);
    }
    theorem_run_free(r);
    answer->commutes = TRUTH_NO;
    answer->evidence = EVIDENCE_WITNESS;
    return status;
}

enum status theorem_prove(struct theorem *t, const struct isa_insn *insn,
                          double seconds, struct verdict_arena *arena,
                          struct theorem_answer *answer)
{
    const struct ast *formula = square(t, insn);
    enum isa_answer found = ISA_OPEN;
    struct isa_assignment a;
    enum status status;

    *answer = (struct theorem_answer){ TRUTH_UNKNOWN, EVIDENCE_NONE, 0, NULL };
    if (!t->z3)
        t->z3 = isa_z3_new(t->machine);
    if (!t->z3)
        return STATUS_IO;
    if (ast_pool_failed(t->machine->pool))
        return STATUS_NO_MEMORY;
    status = isa_assignment_new(t->machine, &a);
    if (status != STATUS_OK)
        return status;
    if (formula)
        found = isa_z3_solve(t->z3, formula, seconds, &a, &status);
    if (status == STATUS_OK && found == ISA_SAT)
        status = execute_witness(t, insn, &a, arena, answer);
    if (found == ISA_UNSAT) {
        answer->commutes = TRUTH_YES;
        answer->evidence = EVIDENCE_PROVED;
    }
    isa_assignment_free(&a);
    return status;
}
