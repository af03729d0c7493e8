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

static void tell(struct scheduler *s, const struct scheduled *m,
                 const struct scheduler_options *o, bool begins)
{
    if (o->turn)
        o->turn(o->context, s, (unsigned)(m - s->machine), begins);
}

static void begin_turn(struct scheduler *s, struct scheduled *m,
                       const struct scheduler_options *o)
{
    struct board *b = &m->vm->board;

    if (m->waiting)
        wake(s, m);
    s->turn = m;
    s->turn_counted = machine_count(b);
    s->turn_executed = executed(m);
    s->turn_until = least(m->until, (s->turn_counted / SCHEDULER_QUANTUM + 1) *
                                        SCHEDULER_QUANTUM);
    s->pass = m->pass;
    tell(s, m, o, true);
}

static void end_turn(struct scheduler *s, struct scheduled *m,
                     const struct scheduler_options *o)
{
    /* What traps for ever executes nothing, but counts. */
    uint64_t used = most(executed(m) - s->turn_executed,
                         machine_count(&m->vm->board) - s->turn_counted);

    tell(s, m, o, false);
    s->turn = NULL;
    m->turns++;
    m->ran += used;
    m->pass += (used << STRIDE_SHIFT) / m->weight;
    s->now += used;
    m->waiting = m->end == RUN_WAITING;
    m->since = s->now;
    m->ended = is_over(m, m->end);
}

/* Of one turn: who may cut it. */
struct cutter {
    const struct scheduler_options *o;
    unsigned machine;
};

static bool step(void *context, unsigned hart)
{
    const struct cutter *c = context;

    return c->o->step(c->o->context, c->machine, hart);
}

/* Has the run ended before the turn did? */
static bool is_cut(const struct scheduler *s)
{
    enum run_end end = s->turn->end;

    return end == RUN_BREAK || end == RUN_STEP ||
           (end == RUN_UNTIL &&
            machine_count(&s->turn->vm->board) < s->turn_until);
}

/* A turn, or the rest of one that was cut. False: it is cut. */
static bool turn(struct scheduler *s, struct scheduled *m,
                 const struct scheduler_options *o)
{
    struct cutter cutter = { o, (unsigned)(m - s->machine) };
    struct board *b = &m->vm->board;
    struct run_options run = { .stop_waiting = true,
                               .cancel = o->cancel,
                               .resume = s->turn != NULL,
                               .step = o->step ? step : NULL,
                               .context = &cutter };

    if (!s->turn)
        begin_turn(s, m, o);
    run.until = s->turn_until;
    if (o->until_total)
        run.until_total =
            machine_total(b) + (o->until_total - scheduler_total(s));
    m->end = machine_run(&m->vm->machine, b, &run);
    if (is_cut(s))
        return false;
    end_turn(s, m, o);
    return true;
}

uint64_t scheduler_total(const struct scheduler *s)
{
    uint64_t total = 0;

    for (unsigned i = 0; i < s->machines; i++)
        total += machine_total(&s->machine[i].vm->board);
    return total;
}

enum run_end scheduler_cut(const struct scheduler *s)
{
    return s->turn ? s->turn->end : RUN_UNTIL;
}

static bool is_time(const struct scheduler *s,
                    const struct scheduler_options *o)
{
    return (o->until && !s->turn && s->now >= o->until) ||
           (o->until_total && scheduler_total(s) >= o->until_total);
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
    if (o->until) /* not reached yet */
        passed = least(passed, o->until - s->now);
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
        uint64_t wait = 0;
        struct scheduled *m = s->turn ? s->turn : choose(s, &wait);

        if ((o->cancel && *o->cancel) || is_time(s, o))
            return false;
        if (m) {
            if (!turn(s, m, o))
                return false;
            if (m->ended)
                end(s, o, m);
            if (o->poll)
                o->poll(o->context, s, 0);
        } else if (!pass_time(s, o, wait)) {
            end_the_waiting(s, o);
        } else if (o->poll) {
            o->poll(o->context, s, 0);
        }
    }
    return true;
}

static void machine_state(struct scheduled *m, struct state *s)
{
    uint8_t end = (uint8_t)m->end;

    state_bool(s, &m->paused);
    state_bool(s, &m->ended);
    state_u8(s, &end);
    state_u64(s, &m->pass);
    state_bool(s, &m->waiting);
    state_u64(s, &m->since);
    state_u64(s, &m->paused_at);
    if (s->saving)
        return;
    state_require(s, end <= RUN_INPUTS_FAILED);
    m->end = s->bad ? RUN_FINISHED : (enum run_end)end;
    m->ended = m->ended && m->end == RUN_FINISHED;
}

void scheduler_state(struct scheduler *s, struct state *state)
{
    state_u64(state, &s->now);
    state_u64(state, &s->idle);
    state_u64(state, &s->pass);
    for (unsigned i = 0; i < s->machines; i++) {
        struct scheduled *m = &s->machine[i];

        machine_state(m, state);
        state_require(state, m->since <= s->now && m->paused_at <= s->now);
    }
    state_require(state, s->now <= CSR_COUNT_MAX && s->idle <= s->now);
}
