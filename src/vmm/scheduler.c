#include "vmm/scheduler.h"

/* The pass of a machine of weight 1 advances by 2^STRIDE_SHIFT an instruction:
   fine enough to divide by a weight, and 64 bits last for months. */
#define STRIDE_SHIFT 12

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t most(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t executed(const struct scheduled *m)
{
    const struct core_stats *s = &m->vm->monitor.stats;

    return s->direct + s->emulated;
}

/* How long it waits from s->now on, if nothing comes from outside. One that
   nothing will ever wake does not reach its `until` either, as alone. */
static uint64_t time_to_wake(const struct scheduler *s,
                             const struct scheduled *m)
{
    const struct board *b = &m->vm->board;
    uint64_t event = machine_idle_time(b), slept = s->now - m->since;
    uint64_t span = least(event, m->until - machine_count(b));

    if (m->ended || m->paused)
        return CLOCK_NEVER;
    if (!m->waiting || b->bus.attention)
        return 0;
    if (event == CLOCK_NEVER)
        return CLOCK_NEVER;
    return slept < span ? span - slept : 0;
}

/* The machine whose turn it is; NULL: all wait, *wake is for how long. */
static struct scheduled *choose(const struct scheduler *s, uint64_t *wake)
{
    struct scheduled *best = NULL;

    *wake = CLOCK_NEVER;
    for (unsigned i = 0; i < s->machines; i++) {
        struct scheduled *m = &s->machine[i];
        uint64_t wait = time_to_wake(s, m);

        *wake = least(*wake, wait);
        if (wait == 0 && (!best || m->pass < best->pass))
            best = m;
    }
    return best;
}

/* It has no claim to what it did not use meanwhile. */
static void join(const struct scheduler *s, struct scheduled *m)
{
    if (m->pass < s->pass)
        m->pass = s->pass;
}

/* The time it has slept passes on its board. */
static void wake(const struct scheduler *s, struct scheduled *m)
{
    struct board *b = &m->vm->board;
    uint64_t span = least(machine_idle_time(b), m->until - machine_count(b));

    m->waiting = false;
    machine_idle(&m->vm->machine, b, least(span, s->now - m->since));
    join(s, m);
}

void scheduler_pause(struct scheduler *s, unsigned i, bool paused)
{
    struct scheduled *m = &s->machine[i];

    if (m->paused == paused)
        return;
    m->paused = paused;
    if (paused) {
        m->paused_at = s->now;
    } else {
        m->since += s->now - m->paused_at;
        join(s, m);
    }
}

static bool is_over(const struct scheduled *m, enum run_end end)
{
    return end != RUN_WAITING && end != RUN_CANCELLED &&
           (end != RUN_UNTIL || machine_count(&m->vm->board) >= m->until);
}

static void turn(struct scheduler *s, struct scheduled *m,
                 const struct scheduler_options *o)
{
    struct board *b = &m->vm->board;
    uint64_t before = executed(m), count, used;
    struct run_options run = { .stop_waiting = true, .cancel = o->cancel };

    if (m->waiting)
        wake(s, m);
    run.until = least(m->until, (machine_count(b) / SCHEDULER_QUANTUM + 1) *
                                    SCHEDULER_QUANTUM);
    s->pass = m->pass;
    count = machine_count(b);
    m->end = machine_run(&m->vm->machine, b, &run);
    /* What traps for ever executes nothing, but counts. */
    used = most(executed(m) - before, machine_count(b) - count);
    m->turns++;
    m->ran += used;
    m->pass += (used << STRIDE_SHIFT) / m->weight;
    s->now += used;
    m->waiting = m->end == RUN_WAITING;
    m->since = s->now;
    m->ended = is_over(m, m->end);
}

/* Everybody waits. False: for ever. */
static bool pass_time(struct scheduler *s, const struct scheduler_options *o,
                      uint64_t wait)
{
    uint64_t passed = o->poll ? o->poll(o->context, s, wait)
                              : (wait == CLOCK_NEVER ? 0 : wait);

    if (wait == CLOCK_NEVER && passed == 0) {
        for (unsigned i = 0; i < s->machines; i++)
            if (time_to_wake(s, &s->machine[i]) == 0)
                return true;
        return false;
    }
    passed = least(passed, wait);
    s->now += passed;
    s->idle += passed;
    return true;
}

static bool all_ended(const struct scheduler *s)
{
    for (unsigned i = 0; i < s->machines; i++)
        if (!s->machine[i].ended)
            return false;
    return true;
}

static void end(struct scheduler *s, const struct scheduler_options *o,
                struct scheduled *m)
{
    if (o->ended && o->ended(o->context, s, (unsigned)(m - s->machine)))
        m->ended = m->waiting = false;
}

static void end_the_waiting(struct scheduler *s,
                            const struct scheduler_options *o)
{
    for (unsigned i = 0; i < s->machines; i++) {
        struct scheduled *m = &s->machine[i];

        if (m->ended || m->paused)
            continue;
        m->ended = true;
        m->end = RUN_IDLE;
        end(s, o, m);
    }
}

bool scheduler_run(struct scheduler *s, const struct scheduler_options *o)
{
    while (!all_ended(s)) {
        uint64_t wait;
        struct scheduled *m = choose(s, &wait);

        if (o->cancel && *o->cancel)
            return false;
        if (m) {
            turn(s, m, o);
            if (m->ended)
                end(s, o, m);
            if (o->poll)
                o->poll(o->context, s, 0);
        } else if (!pass_time(s, o, wait)) {
            end_the_waiting(s, o);
        }
    }
    return true;
}
