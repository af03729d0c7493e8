/* Time as a count of instructions; see clock.h. */
#include "bus/clock.h"

void clock_init(struct clock *c)
{
    *c = (struct clock){ 0 };
}

uint64_t clock_time(const struct clock *c, uint64_t now)
{
    return now / CLOCK_COUNTS_PER_TICK + c->time_offset;
}

/* The first count of the tick that comes `ticks` (> 0) after the current. */
static uint64_t count_after(const struct clock *c, uint64_t ticks)
{
    uint64_t current = c->now / CLOCK_COUNTS_PER_TICK;
    uint64_t last = (CLOCK_NEVER - 1) / CLOCK_COUNTS_PER_TICK;

    if (ticks > last - current)
        return CLOCK_NEVER;
    return (current + ticks) * CLOCK_COUNTS_PER_TICK;
}

uint64_t clock_count_of(const struct clock *c, uint64_t time)
{
    uint64_t current = clock_time(c, c->now);

    if (current >= time)
        return c->now;
    return count_after(c, time - current);
}

uint64_t clock_count_of_wrap(const struct clock *c)
{
    uint64_t current = clock_time(c, c->now);

    /* At mtime 0 a whole turn of 2^64 ticks is left: no count is that far. */
    return current ? count_after(c, 0 - current) : CLOCK_NEVER;
}

static void clock_remove(struct clock *c, struct clock_event *e)
{
    struct clock_event **link = &c->queue;

    while (*link && *link != e)
        link = &(*link)->next;
    if (!*link)
        return;
    if (link == &c->queue)
        c->changed = true;
    *link = e->next;
    e->next = NULL;
}

void clock_schedule(struct clock *c, struct clock_event *e, uint64_t due)
{
    struct clock_event **link = &c->queue;

    clock_remove(c, e);
    e->due = due;
    if (due == CLOCK_NEVER)
        return;
    while (*link && (*link)->due <= due)
        link = &(*link)->next;
    if (link == &c->queue)
        c->changed = true;
    e->next = *link;
    *link = e;
}

uint64_t clock_next(const struct clock *c)
{
    return c->queue ? c->queue->due : CLOCK_NEVER;
}

void clock_advance(struct clock *c, uint64_t now)
{
    c->now = now;
    while (c->queue && c->queue->due <= now) {
        struct clock_event *e = c->queue;

        /* Out of the queue first: firing may schedule it anew. */
        clock_schedule(c, e, CLOCK_NEVER);
        e->fire(e->context, now);
    }
}

void clock_state(struct clock *c, struct state *s)
{
    state_u64(s, &c->now);
    state_u64(s, &c->time_offset);
    if (!s->saving) {
        c->queue = NULL;
        c->changed = false;
    }
}

/* How many events that are due with `e` go before it. */
static uint32_t rank_of(const struct clock *c, const struct clock_event *e)
{
    const struct clock_event *other = c->queue;
    uint32_t rank = 0;

    for (; other && other != e; other = other->next)
        rank += other->due == e->due;
    return other ? rank : 0;
}

/* Behind those that are due before, or as soon and of a lower rank. */
static void insert(struct clock *c, struct clock_event *e)
{
    struct clock_event **link = &c->queue;

    while (*link && ((*link)->due < e->due ||
                     ((*link)->due == e->due && (*link)->rank <= e->rank)))
        link = &(*link)->next;
    e->next = *link;
    *link = e;
}

void clock_event_state(struct clock *c, struct clock_event *e, struct state *s)
{
    if (s->saving)
        e->rank = rank_of(c, e);
    state_u64(s, &e->due);
    state_u32(s, &e->rank);
    if (s->saving)
        return;
    e->next = NULL;
    if (e->due != CLOCK_NEVER)
        insert(c, e);
}
