#include "machine/run.h"

struct runner {
    struct machine *m;
    struct board *b;
    const struct run_options *o;
    struct run_turn *turn;
    uint64_t next_poll; /* count */
    bool halted; /* the run ends at once, before anything else changes … */
    enum run_end end; /* … with this */
    bool trap; /* a trap came back that is not this loop's business */
};

uint64_t machine_count(const struct board *b)
{
    uint64_t count = 0;

    for (unsigned h = 0; h < b->config.harts; h++)
        if (b->csr[h] && b->csr[h]->count > count)
            count = b->csr[h]->count;
    return count;
}

uint64_t machine_total(const struct board *b)
{
    uint64_t total = 0;

    for (unsigned h = 0; h < b->config.harts; h++)
        total += b->csr[h] ? b->csr[h]->count : 0;
    return total;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* How many counts of all harts together are left. */
static uint64_t total_left(const struct runner *r)
{
    uint64_t until = r->o->until_total, total;

    if (until == 0)
        return CLOCK_NEVER;
    total = machine_total(r->b);
    return until - least(until, total);
}

static bool stopped(const struct runner *r)
{
    return r->b->finished || r->b->reset_wanted || r->trap || r->halted ||
           total_left(r) == 0;
}

static void halt(struct runner *r, enum run_end end)
{
    r->halted = true;
    r->end = end;
}

/* A CSR write may have moved the Sstc comparator; the guest does not tell. */
static struct stop run_hart_once(struct runner *r, unsigned hart, uint64_t n)
{
    struct board *b = r->b;
    struct stop s = { .reason = STOP_LIMIT };

    if (r->o->step) {
        n = 1;
        if (!r->o->step(r->o->context, hart)) {
            halt(r, RUN_STEP);
            return s;
        }
    }
    b->bus.attention = false;
    s = r->m->ops->run(r->m, hart, n);
    b->bus.clock.now = b->csr[hart]->count;
    if (s.reason == STOP_EVENT)
        board_timer_update(b, hart);
    else if (s.reason == STOP_TRAP)
        r->trap = true;
    else if (s.reason == STOP_BREAK)
        halt(r, RUN_BREAK);
    return s;
}

/* Alone, a hart is stopped by whatever may bring the next event nearer. */
static void run_alone(struct runner *r, uint64_t target)
{
    struct stop s;

    do {
        s = run_hart_once(r, 0, target - r->b->csr[0]->count);
        r->turn->idle = s.reason == STOP_WAIT;
    } while (s.reason == STOP_EVENT && !r->b->bus.clock.changed &&
             r->b->csr[0]->count < target && !stopped(r));
}

/* One of several: ends at the turn's target, waiting if it has nothing to do;
   or before it, where the run does. */
static void run_share(struct runner *r, unsigned hart)
{
    const struct csr_file *c = r->b->csr[hart];
    uint64_t target = r->turn->target;

    while (c->count < target && !stopped(r)) {
        uint64_t n = least(target - c->count, total_left(r));
        struct stop s = run_hart_once(r, hart, n);

        if (s.count > 0 || (s.reason != STOP_WAIT && !r->halted))
            r->turn->idle = false;
        if (s.reason == STOP_WAIT)
            r->m->ops->idle(r->m, hart,
                            least(target - c->count, total_left(r)));
    }
    if (c->count < target && (r->halted || total_left(r) == 0))
        return; /* it is still its turn */
    r->m->ops->reg_set(r->m, hart, REG_RESERVATION, RESERVATION_NONE);
    r->turn->hart++;
}

/* Where a round ends at the latest, because of `until`. */
static uint64_t round_limit(const struct runner *r)
{
    return r->o->at_boundary && r->m->harts > 1 ? CLOCK_NEVER : r->o->until;
}

/* Where a round that begins now is to end. */
static uint64_t round_target(const struct runner *r, uint64_t now)
{
    const struct inputs *in = r->b->config.inputs;
    uint64_t target = least(clock_next(&r->b->bus.clock), round_limit(r));

    target = least(target, inputs_next_record(in));
    if (r->m->harts > 1)
        return least(target, (now / RUN_QUANTUM + 1) * RUN_QUANTUM);
    target = least(target, inputs_next(in));
    if (r->o->until_total)
        target = least(target, r->o->until_total);
    if (r->o->cancel || r->o->poll)
        target = least(target, now + RUN_POLL);
    return target;
}

/* The rest of the round that is open, or a new one. */
static void run_round(struct runner *r, uint64_t now)
{
    struct run_turn *t = r->turn;

    uint64_t target = t->open ? t->target : round_target(r, now);

    r->b->bus.clock.changed = false;
    if (r->m->harts == 1) {
        run_alone(r, target);
        return;
    }
    if (!t->open)
        *t = (struct run_turn){ .idle = true, .open = true, .target = target };
    while (t->hart < r->m->harts && !stopped(r))
        run_share(r, t->hart);
    if (t->hart == r->m->harts || !(r->halted || total_left(r) == 0))
        *t = (struct run_turn){ .idle = t->idle };
}

uint64_t machine_idle_time(const struct board *b)
{
    uint64_t event =
        least(clock_next(&b->bus.clock), inputs_next(b->config.inputs));

    return event == CLOCK_NEVER ? event : event - least(event, machine_count(b));
}

void machine_idle(struct machine *m, struct board *b, uint64_t n)
{
    for (unsigned h = 0; n && h < m->harts; h++)
        m->ops->idle(m, h, n);
    clock_advance(&b->bus.clock, machine_count(b));
}

/* All harts wait: time passes. False: it will never bring anything. */
static bool pass_idle(struct runner *r, uint64_t now)
{
    uint64_t idle = machine_idle_time(r->b);
    uint64_t span = least(idle, r->o->until - now);

    if (r->o->until_total)
        span = least(span,
                     (total_left(r) + r->m->harts - 1) / r->m->harts);
    if (idle == CLOCK_NEVER && !r->o->poll)
        return false;
    if (r->o->poll) {
        uint64_t given = idle == CLOCK_NEVER ? CLOCK_NEVER : span;
        uint64_t passed = r->o->poll(r->o->context, r->b, given);

        if (idle == CLOCK_NEVER && passed == 0)
            return false;
        span = least(passed, span);
        r->next_poll = 0;
    }
    machine_idle(r->m, r->b, span);
    return true;
}

static bool cancelled(const struct runner *r)
{
    return r->o->cancel && *r->o->cancel;
}

static bool ended(const struct runner *r, uint64_t now, enum run_end *end)
{
    if (r->trap)
        *end = RUN_TRAP;
    else if (r->b->finished)
        *end = RUN_FINISHED;
    else if (r->b->reset_wanted)
        *end = RUN_RESET;
    else if (now >= r->o->until)
        *end = RUN_UNTIL;
    else if (inputs_stopped(r->b->config.inputs, now))
        *end = RUN_REPLAYED;
    else if (cancelled(r))
        *end = RUN_CANCELLED;
    else
        return false;
    return true;
}

static void take_inputs(struct runner *r, uint64_t now)
{
    inputs_deliver(r->b->config.inputs, now);
    if (r->o->poll && now >= r->next_poll) {
        r->o->poll(r->o->context, r->b, 0);
        r->next_poll = now + RUN_POLL;
    }
}

/* Between two rounds. False: the run ends, as *end says. */
static bool between_rounds(struct runner *r, uint64_t now, enum run_end *end)
{
    struct board *b = r->b;

    clock_advance(&b->bus.clock, now);
    if (ended(r, now, end))
        return false;
    take_inputs(r, now);
    *end = inputs_failed(b->config.inputs) ? RUN_INPUTS_FAILED : RUN_UNTIL;
    return *end != RUN_INPUTS_FAILED && total_left(r) > 0;
}

enum run_end machine_run(struct machine *m, struct board *b,
                         const struct run_options *o)
{
    struct runner r = { .m = m, .b = b, .o = o, .turn = &b->turn };
    enum run_end end;

    if (o->resume)
        r.next_poll = machine_count(b) + 1;
    else
        b->turn = (struct run_turn){ .idle = false };
    while (!r.halted) {
        uint64_t now = machine_count(b);

        if (b->turn.open && total_left(&r) == 0)
            return RUN_UNTIL;
        if (!b->turn.open && !between_rounds(&r, now, &end))
            return end;
        if (!b->turn.open && cancelled(&r)) /* by a key, perhaps */
            continue;
        if (b->turn.open || !b->turn.idle || b->bus.attention)
            run_round(&r, now);
        else if (o->stop_waiting)
            return RUN_WAITING;
        else if (!pass_idle(&r, now))
            return RUN_IDLE;
    }
    return r.end;
}
