/* The comparison of two machines, and the search for where they part. */
#include "check/equivalence.h"

#include <string.h>

#include "check/steps.h"

/* How many times more often than before, when a difference is searched. */
#define FINER 100

enum outcome { SAME, DIFFERENT, CANCELLED, FAILED };

/* A point of a run: so many resets, and then so many counts. */
struct place {
    unsigned resets;
    uint64_t count;
};

struct search {
    const struct equivalence_config *c;
    struct equivalence *out;
    struct side side[2];
    enum run_end end[2];
    unsigned resets;
    struct place last; /* where both were last seen equal */
    size_t output;     /* as far as the outputs are known to be equal */
    bool begun;        /* `last` is one: they were equal in reset */
    bool watched;      /* exits are noted */
};

static void note_exit(void *context, struct vm *vm, const struct exit_record *e)
{
    struct equivalence_exits *x = context;

    (void)vm;
    x->exit[x->taken++ % EQUIVALENCE_EXITS] = *e;
}

/* Both sides in reset; `again`: because their guests have asked for it. */
static bool make(struct search *s, bool again)
{
    for (unsigned k = 0; k < 2; k++) {
        if (!s->c->make(s->c->context, k, again, &s->side[k]))
            return false;
        s->end[k] = RUN_UNTIL;
        if (s->watched && s->side[k].vm)
            vm_watch(s->side[k].vm, note_exit, &s->out->exits[k]);
    }
    s->resets = again ? s->resets + 1 : 0;
    if (!again)
        s->output = 0;
    return true;
}

static void run(struct search *s, uint64_t until)
{
    const struct run_options o = { .until = until, .cancel = s->c->cancel };

    for (unsigned k = 0; k < 2; k++)
        s->end[k] = machine_run(s->side[k].machine, s->side[k].board, &o);
}

static bool ended(const struct search *s, enum run_end end)
{
    return s->end[0] == end || s->end[1] == end;
}

/* A fresh pair, at a place where it is known to be equal. */
static enum outcome arrive(struct search *s, struct place p)
{
    if (!make(s, false))
        return FAILED;
    while (s->resets < p.resets) {
        run(s, CLOCK_NEVER);
        if (ended(s, RUN_CANCELLED))
            return CANCELLED;
        if (s->end[0] != RUN_RESET || s->end[1] != RUN_RESET)
            return DIFFERENT;
        if (!make(s, true))
            return FAILED;
    }
    if (p.count > 0)
        run(s, p.count);
    return ended(s, RUN_CANCELLED) ? CANCELLED : SAME;
}

static bool same_output(struct search *s)
{
    const struct side_output *a = s->side[0].output, *b = s->side[1].output;
    bool same = a->size == b->size &&
                (a->size == s->output ||
                 memcmp(a->bytes + s->output, b->bytes + s->output,
                        a->size - s->output) == 0);

    if (same)
        s->output = a->size;
    return same;
}

/* Do both sides stand alike? Then that is the last place where they do. */
static bool same(struct search *s)
{
    struct fingerprint state[2];

    for (unsigned k = 0; k < 2; k++)
        state[k] = state_of(&s->side[k]);
    s->out->compared++;
    if (s->end[0] != s->end[1] || !state_equal(&state[0], &state[1]) ||
        s->side[0].board->status != s->side[1].board->status || !same_output(s))
        return false;
    s->last = (struct place){ s->resets, state[0].count };
    s->begun = true;
    s->out->hash = state[0].hash;
    s->out->end = s->end[0];
    s->out->status = s->side[0].board->status;
    if (s->c->progress)
        s->c->progress(s->c->context, state[0].count);
    return true;
}

/* Compares every `every` counts from a place where both are equal on, to the
   end of the runs or the first difference. */
static enum outcome compare(struct search *s, struct place from, uint64_t every)
{
    enum outcome o = arrive(s, from);

    while (o == SAME) {
        uint64_t now, next;

        if (!same(s))
            return DIFFERENT;
        now = s->last.count;
        if (s->end[0] == RUN_RESET) {
            if (!make(s, true))
                return FAILED;
            continue;
        }
        if (s->end[0] != RUN_UNTIL || now >= s->c->until)
            return SAME;
        next = (now / every + 1) * every;
        run(s, next < s->c->until ? next : s->c->until);
        if (ended(s, RUN_CANCELLED))
            return CANCELLED;
    }
    return o;
}

static uint64_t finer(uint64_t every)
{
    uint64_t quanta = every / FINER / RUN_QUANTUM;

    return quanta ? quanta * RUN_QUANTUM : RUN_QUANTUM;
}

/*
 * Both are equal at s->last and differ a quantum later, at the latest. Harts
 * take turns in a quantum, which must not be cut: it is run in steps instead.
 * Finds how many steps lead to the last state that is equal.
 */
static enum outcome count_steps(struct search *s, uint64_t until,
                                uint64_t *steps)
{
    *steps = 0;
    for (uint64_t stride = STEPS_STRIDE;; stride = 1) {
        struct steps_trail trail[2];
        enum outcome o = arrive(s, s->last);
        unsigned parted;

        if (o != SAME)
            return o;
        for (unsigned k = 0; k < 2; k++)
            steps_trail(&s->side[k], until, *steps, stride, &trail[k]);
        s->out->compared += trail[0].points;
        parted = steps_part(s->side, trail);
        if (parted == 0 || parted == STEPS_POINTS)
            return SAME; /* it did not happen again */
        *steps += (parted - 1) * stride;
        if (stride == 1)
            return DIFFERENT;
    }
}

/* Both sides to right after the instruction that makes them differ. */
static enum outcome show(struct search *s, uint64_t until, uint64_t steps)
{
    struct equivalence *out = s->out;
    struct steps_before before;
    enum outcome o;

    s->watched = true;
    o = arrive(s, s->last);
    if (o != SAME)
        return o;
    steps_one_more(&s->side[1], until, steps, &before);
    steps_one_more(&s->side[0], until, steps, &before);
    for (unsigned k = 0; k < 2; k++)
        if (s->side[k].vm)
            vm_unwatch(s->side[k].vm, note_exit, &out->exits[k]);
    s->last.count = before.count;
    out->hash = before.hash;
    out->hart = before.hart;
    out->priv = before.priv;
    out->pc = before.pc;
    out->insn = before.insn;
    out->interrupt = before.interrupt;
    out->located = true;
    return DIFFERENT;
}

/* A difference was seen: where did it begin? */
static enum outcome locate(struct search *s)
{
    uint64_t every = s->c->every, until, steps;
    enum outcome o = DIFFERENT;

    while (o == DIFFERENT && s->begun && every > RUN_QUANTUM) {
        every = finer(every);
        o = compare(s, s->last, every);
    }
    if (o != DIFFERENT || !s->begun || s->out->end == RUN_RESET)
        return o;
    until = (s->last.count / RUN_QUANTUM + 1) * RUN_QUANTUM;
    if (until > s->c->until)
        until = s->c->until;
    o = count_steps(s, until, &steps);
    return o == DIFFERENT ? show(s, until, steps) : o;
}

static enum equivalence_verdict verdict(struct search *s)
{
    uint64_t sector;
    enum outcome o = compare(s, (struct place){ 0, 0 }, s->c->every);

    if (o == SAME && difference_disk(s->side, &sector) >= 0)
        return NOT_EQUIVALENT;
    if (o == SAME)
        return EQUIVALENT;
    if (o == DIFFERENT) {
        s->out->differ = true;
        o = locate(s);
        if (o == SAME) /* a difference all the same */
            o = DIFFERENT;
    }
    return o == CANCELLED ? EQUIVALENCE_CANCELLED
           : o == FAILED  ? EQUIVALENCE_FAILED
                          : NOT_EQUIVALENT;
}

void equivalence_check(const struct equivalence_config *c,
                       struct equivalence *out)
{
    struct search s = { .c = c, .out = out };

    *out = (struct equivalence){ .end = RUN_UNTIL };
    out->verdict = verdict(&s);
    out->count = s.last.count;
    out->resets = s.last.resets;
    memcpy(out->side, s.side, sizeof out->side);
}
