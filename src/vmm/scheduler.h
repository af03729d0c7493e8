/*
 * Several virtual machines share one host: proportional shares by stride
 * scheduling (Waldspurger and Weihl, MIT/LCS/TM-528, 1995), in exact quanta of
 * instructions.
 *
 * Each machine's time is its own: while another has the processor it stands
 * still, so that a machine passes through the states it would pass through
 * alone. The scheduler's time is what all machines together have executed (a
 * host of one instruction a count), plus the time in which none had anything
 * to do. A machine that waits for its next event sleeps for so long on that
 * scale, and costs nothing. One that wakes has no claim to what it did not use.
 */
#ifndef POGO_VMM_SCHEDULER_H
#define POGO_VMM_SCHEDULER_H

#include "machine/run.h"
#include "vmm/vm.h"

/* Counts a turn lasts at most; a multiple of RUN_QUANTUM, so that the harts of
   a machine interleave as they would alone. */
#define SCHEDULER_QUANTUM    100000
#define SCHEDULER_MAX_WEIGHT 1000

/* One machine and its share. The first three are the caller's to set. */
struct scheduled {
    struct vm *vm;   /* borrowed */
    unsigned weight; /* 1..SCHEDULER_MAX_WEIGHT */
    uint64_t until;  /* its own count to stop at; CLOCK_NEVER */

    bool paused; /* set by scheduler_pause */
    bool ended;
    enum run_end end; /* why */
    uint64_t ran;     /* instructions executed for it, of all its harts */
    uint64_t turns;
    uint64_t pass; /* what it has used, by its weight */
    bool waiting;
    uint64_t since;     /* scheduler's time when it began to wait … */
    uint64_t paused_at; /* … and when it was paused */
};

struct scheduler {
    struct scheduled *machine; /* [machines], the caller's */
    unsigned machines;
    uint64_t now;  /* the scheduler's time */
    uint64_t idle; /* of that, nobody had anything to do */
    uint64_t pass; /* that of the machine which ran last */

    struct scheduled *turn; /* whose turn is under way, or was cut in its
                               middle; NULL: between two turns */
    uint64_t turn_until;    /* its count to which that lasts … */
    uint64_t turn_counted;  /* … its count when that began … */
    uint64_t turn_executed; /* … and what it had executed */
};

struct scheduler_options {
    const volatile int *cancel; /* ends the run when set; may be NULL */
    uint64_t until; /* ends it between two turns, at or behind this time of the
                       scheduler's; 0: does not */
    /*
     * For a debugger: ends it where all machines together have counted so much
     * (scheduler_total; 0: does not), be it in the middle of a turn. And it is
     * asked before each instruction, with the machine and the hart that is to
     * execute it: false ends it there. A stop point of the engine (RUN_BREAK)
     * does, too.
     */
    uint64_t until_total;
    bool (*step)(void *context, unsigned i, unsigned hart);
    /*
     * The outside, as in run_options: between turns with idle = 0 it puts its
     * inputs; when all machines wait it is called with the time until the next
     * one wakes (CLOCK_NEVER: none will by itself), puts nothing, and returns
     * how much time passes. May be NULL: time jumps.
     */
    uint64_t (*poll)(void *context, struct scheduler *s, uint64_t idle);
    /* Machine i's turn begins, at the scheduler's time; or has ended. May be
       NULL. */
    void (*turn)(void *context, struct scheduler *s, unsigned i, bool begins);
    /*
     * Machine i has ended as machine[i].end says. True: it has been made to go
     * on (vm_reset), and does. May be NULL.
     */
    bool (*ended)(void *context, struct scheduler *s, unsigned i);
    void *context;
};

/* Machine i stands still, and its time with it, until it is let go again. */
void scheduler_pause(struct scheduler *s, unsigned i, bool paused);

/* What all machines together have counted. */
uint64_t scheduler_total(const struct scheduler *s);

/*
 * Runs until every machine has ended (true), or it is ended before (false).
 * May be called again after that: a run that was cut with `until`, or for a
 * debugger, goes the same way as one that was not.
 */
bool scheduler_run(struct scheduler *s, const struct scheduler_options *o);

/* After false: what has cut a turn in its middle, RUN_BREAK or RUN_STEP; or
   RUN_UNTIL, which may have been between two turns, as `cancel` always is. */
enum run_end scheduler_cut(const struct scheduler *s);

/*
 * The state (base/state.h), between two turns; that of the machines is their
 * own. Loading, they are as many, with their weights and untils set; one that
 * had ended in another way than by itself is let go on.
 */
void scheduler_state(struct scheduler *s, struct state *state);

#endif
