#include "machine/run.h"

struct runner {
    struct machine *m;
    struct board *b;
    const struct run_options *o;
    uint64_t next_poll; /* count */
    bool idle; /* in the last round every hart did nothing but wait */
    bool halted; /* o->step wants no more */
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

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static bool stopped(const struct runner *r)
{
    return r->b->finished || r->b->reset_wanted || r->trap || r->halted;
}

/* A CSR write may have moved the Sstc comparator; the guest does not tell. */
static struct stop run_hart_once(struct runner *r, unsigned hart, uint64_t n)
{
    struct board *b = r->b;
    struct stop s = { .reason = STOP_LIMIT };

    if (r->o->step) {
        n = 1;
        r->halted = !r->o->step(r->o->context, hart);
        if (r->halted)
            return s;
    }
    b->bus.attention = false;
    s = r->m->ops->run(r->m, hart, n);
    b->bus.clock.now = b->csr[hart]->count;
    if (s.reason == STOP_EVENT)
        board_timer_update(b, hart);
    else if (s.reason == STOP_TRAP)
        r->trap = true;
    return s;
}

/* Alone, a hart is stopped by whatever may bring the next event nearer. */
static void run_alone(struct runner *r, uint64_t target)
{
    struct stop s;

    do {
        s = run_hart_once(r, 0, target - r->b->csr[0]->count);
        r->idle = s.reason == STOP_WAIT;
    } while (s.reason == STOP_EVENT && !r->b->bus.clock.changed &&
             r->b->csr[0]->count < target && !stopped(r));
}

/* One of several: always ends at `target`, waiting if it has nothing to do. */
static void run_share(struct runner *r, unsigned hart, uint64_t target)
{
    const struct csr_file *c = r->b->csr[hart];

    while (c->count < target && !stopped(r)) {
        struct stop s = run_hart_once(r, hart, target - c->count);

        if (s.reason != STOP_WAIT || s.count > 0)
            r->idle = false;
        if (s.reason == STOP_WAIT)
            r->m->ops->idle(r->m, hart, target - c->count);
    }
    if (!r->halted) /* else this is not the end of its share */
        r->m->ops->reg_set(r->m, hart, REG_RESERVATION, RESERVATION_NONE);
}

static void run_round(struct runner *r, uint64_t now)
{
    uint64_t target = least(clock_next(&r->b->bus.clock), r->o->until);

    r->b->bus.clock.changed = false;
    if (r->m->harts == 1) {
        if (r->o->cancel || r->o->poll)
            target = least(target, now + RUN_POLL);
        run_alone(r, target);
        return;
    }
    r->idle = true;
    target = least(target, (now / RUN_QUANTUM + 1) * RUN_QUANTUM);
    for (unsigned h = 0; h < r->m->harts && !stopped(r); h++)
        run_share(r, h, target);
}

uint64_t machine_idle_time(const struct board *b)
{
    uint64_t event = clock_next(&b->bus.clock);

    return event == CLOCK_NEVER ? event : event - machine_count(b);
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
    uint64_t event = clock_next(&r->b->bus.clock);
    uint64_t span = least(event, r->o->until) - now;

    if (event == CLOCK_NEVER && !r->o->poll)
        return false;
    if (r->o->poll) {
        uint64_t given = event == CLOCK_NEVER ? CLOCK_NEVER : span;
        uint64_t passed = r->o->poll(r->o->context, r->b, given);

        if (event == CLOCK_NEVER && passed == 0)
            return r->b->bus.attention;
        span = least(passed, span);
        r->next_poll = now + span + RUN_POLL;
    }
    machine_idle(r->m, r->b, span);
    return true;
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
    else if (r->o->cancel && *r->o->cancel)
        *end = RUN_CANCELLED;
    else
        return false;
    return true;
}

enum run_end machine_run(struct machine *m, struct board *b,
                         const struct run_options *o)
{
    struct runner r = { .m = m, .b = b, .o = o };
    enum run_end end;

    for (;;) {
        uint64_t now = machine_count(b);

        if (r.halted) /* before anything else changes */
            return RUN_STEP;
        clock_advance(&b->bus.clock, now);
        if (ended(&r, now, &end))
            return end;
        if (o->poll && now >= r.next_poll) {
            o->poll(o->context, b, 0);
            r.next_poll = now + RUN_POLL;
        }
        if (!r.idle || b->bus.attention)
            run_round(&r, now);
        else if (o->stop_waiting)
            return RUN_WAITING;
        else if (!pass_idle(&r, now))
            return RUN_IDLE;
    }
}
