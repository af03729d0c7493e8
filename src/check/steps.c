#include "check/steps.h"

#include "isa/trap.h"
#include "machine/fetch.h"

static uint64_t reg(const struct side *s, unsigned hart, unsigned r)
{
    return s->machine->ops->reg_get(s->machine, hart, r);
}

struct fingerprint state_of(const struct side *s)
{
    struct fingerprint state = { .count = machine_count(s->board),
                           .hash = machine_hash(s->machine, s->board) };

    for (unsigned h = 0; h < s->machine->harts; h++)
        state.reservations =
            state.reservations * 31 + reg(s, h, REG_RESERVATION);
    return state;
}

bool state_equal(const struct fingerprint *a, const struct fingerprint *b)
{
    return a->count == b->count && a->hash == b->hash &&
           a->reservations == b->reservations;
}

/* ---- states on the way ---- */

struct walker {
    const struct side *side;
    uint64_t step, first, stride;
    unsigned most; /* points */
    struct steps_trail *trail;
};

static void add_point(struct walker *w, enum run_end end)
{
    w->trail->point[w->trail->points++] = (struct steps_point){
        .state = state_of(w->side),
        .output = w->side->output->size,
        .end = end,
    };
}

static bool walk_on(void *context, unsigned hart)
{
    struct walker *w = context;
    uint64_t step = w->step++;

    (void)hart;
    if (step < w->first || (step - w->first) % w->stride != 0)
        return true;
    add_point(w, RUN_STEP);
    return w->trail->points < w->most;
}

void steps_trail(const struct side *s, uint64_t until, uint64_t first,
                 uint64_t stride, struct steps_trail *out)
{
    struct walker w = {
        .side = s,
        .first = first,
        .stride = stride,
        .trail = out,
        .most = stride == 1 ? STEPS_STRIDE + 1 : STEPS_POINTS - 1,
    };
    const struct run_options o = { .until = until,
                                   .step = walk_on,
                                   .context = &w };
    enum run_end end;

    out->points = 0;
    end = machine_run(s->machine, s->board, &o);
    if (end != RUN_STEP)
        add_point(&w, end);
}

unsigned steps_part(const struct side side[2],
                    const struct steps_trail trail[2])
{
    size_t same_output = difference_console(side);
    unsigned k = 0;

    for (; k < trail[0].points && k < trail[1].points; k++) {
        const struct steps_point *a = &trail[0].point[k];
        const struct steps_point *b = &trail[1].point[k];

        if (!state_equal(&a->state, &b->state) || a->end != b->end ||
            a->output != b->output || a->output > same_output)
            return k;
    }
    return trail[0].points == trail[1].points ? STEPS_POINTS : k;
}

/* ---- one step ---- */

struct stepper {
    const struct side *side;
    uint64_t step, steps;
    struct steps_before *before;
};

static bool step_on(void *context, unsigned hart)
{
    struct stepper *t = context;
    const struct side *s = t->side;

    if (t->step == t->steps) {
        uint8_t priv = (uint8_t)reg(s, hart, REG_PRIV);
        uint64_t pc = reg(s, hart, REG_PC);

        *t->before = (struct steps_before){
            .hart = hart,
            .priv = priv,
            .pc = pc,
            .count = s->board->csr[hart]->count,
            .hash = machine_hash(s->machine, s->board),
            .insn = machine_fetch(s->machine, s->board, hart, priv, pc),
            .interrupt = interrupt_choose(s->board->csr[hart]),
        };
    }
    return t->step++ <= t->steps;
}

void steps_one_more(const struct side *s, uint64_t until, uint64_t steps,
                    struct steps_before *out)
{
    struct stepper t = { .side = s, .steps = steps, .before = out };
    const struct run_options o = { .until = until,
                                   .step = step_on,
                                   .context = &t };

    *out = (struct steps_before){ 0 };
    machine_run(s->machine, s->board, &o);
}
