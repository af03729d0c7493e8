/*
 * Time as a count of instructions, and what is due at which count. mtime is
 * count divided by a fixed ratio plus an offset that a write to mtime sets.
 */
#ifndef POGO_BUS_CLOCK_H
#define POGO_BUS_CLOCK_H

#include "base/bits.h"
#include "base/state.h"

#define CLOCK_NEVER           UINT64_MAX
#define CLOCK_COUNTS_PER_TICK 100 /* 10 MHz mtime on a nominal 1 GIPS hart */
#define CLOCK_HZ              10000000

struct clock;

/* One thing due. Embedded in its owner, which sets fire and context once. */
struct clock_event {
    uint64_t due; /* count; CLOCK_NEVER when not scheduled */
    void (*fire)(void *context, uint64_t now);
    void *context;
    struct clock_event *next; /* the clock's */
    uint32_t rank; /* while events are loaded: how many with the same due go
                      before it */
};

struct clock {
    uint64_t now;              /* the count of whoever accesses the board now */
    uint64_t time_offset;      /* added to ticks, modulo 2^64 */
    struct clock_event *queue; /* by due, then by order of scheduling */
    bool changed; /* the front of the queue moved since last looked at: set
                     here, cleared by the run loop */
};

void clock_init(struct clock *c);

/* mtime at count `now`. */
uint64_t clock_time(const struct clock *c, uint64_t now);

/*
 * The first count at which mtime is >= `time`; CLOCK_NEVER if that count does
 * not fit 64 bits. A time already reached gives c->now.
 */
uint64_t clock_count_of(const struct clock *c, uint64_t time);

/*
 * The first count at which mtime has wrapped around to 0; CLOCK_NEVER if that
 * count does not fit 64 bits, as it hardly ever does.
 */
uint64_t clock_count_of_wrap(const struct clock *c);

/* (Re)schedules `e` at count `due`; CLOCK_NEVER takes it out. */
void clock_schedule(struct clock *c, struct clock_event *e, uint64_t due);

/* When the first event is due; CLOCK_NEVER if there is none. */
uint64_t clock_next(const struct clock *c);

/* Sets now, and fires what is due at or before it, in order. */
void clock_advance(struct clock *c, uint64_t now);

/*
 * The state of the clock itself (base/state.h), to be moved before that of any
 * event: loading empties the queue. Each owner of an event then moves when it
 * is due, and with it which comes first of those due at the same count.
 */
void clock_state(struct clock *c, struct state *s);
void clock_event_state(struct clock *c, struct clock_event *e,
                       struct state *s);

#endif
