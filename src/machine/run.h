/*
 * The run loop: shares one host thread among a machine's harts, in quanta, and
 * lets time pass on its board. The same for the bare machine and for a virtual
 * one, so that both pass through the same states at the same counts.
 *
 *  - One hart: it runs until the next event on the board's clock.
 *  - Several: each in turn runs to the end of the quantum, which is the next
 *    multiple of RUN_QUANTUM (or an event already scheduled, if that is
 *    earlier); there it gives up its reservation, and due events happen.
 *  - A waiting hart passes the time idle. When all wait, time jumps to the
 *    next event; when there is none, the machine is idle for good unless
 *    input can come from outside.
 */
#ifndef POGO_MACHINE_RUN_H
#define POGO_MACHINE_RUN_H

#include "machine/board.h"
#include "machine/machine.h"

#define RUN_QUANTUM 1000

enum run_end {
    RUN_FINISHED,  /* board->finished: the guest stopped the machine */
    RUN_RESET,     /* board->reset_wanted */
    RUN_UNTIL,     /* the count asked for is reached */
    RUN_IDLE,      /* every hart waits and nothing can ever wake one */
    RUN_CANCELLED, /* *options.cancel was set (timeout, Ctrl-A x) */
    RUN_WAITING,   /* every hart waits, and options.stop_waiting is set */
    RUN_STEP,      /* options.step has said so */
    RUN_BREAK,     /* a stop point of the engine (cpu/stops.h) */
    RUN_REPLAYED,  /* the end of the recording that is replayed is reached */
    RUN_INPUTS_FAILED, /* the run cannot go on: board->config.inputs says why */
    RUN_TRAP,          /* a monitor is attached to a hart and a trap reached it:
                          whoever attached it must run the hart, not this loop */
};

struct run_options {
    uint64_t until; /* stop at exactly this count; CLOCK_NEVER: do not */
    /*
     * Stop where machine_total is this, behind all that enters there from
     * outside; 0: do not. Where all harts wait they go on together, and it may
     * be so many more as makes the harts even.
     */
    uint64_t until_total;
    /*
     * Go on exactly where the last run ended, or where the state that was
     * loaded was saved, be it in the middle of a round: for runs that end with
     * until_total, RUN_STEP or RUN_BREAK. Otherwise a round begins. Inputs are
     * not asked for (poll) at the very count where it begins: they have been.
     */
    bool resume;
    /*
     * Stop at the first boundary at or behind `until` instead: where a run that
     * is not cut would begin another round, or any count at which all harts
     * wait. With one hart that is `until` itself. A run that goes on from
     * there, or from what was saved there, passes through the same states as
     * one that was never cut.
     */
    bool at_boundary;
    bool stop_waiting; /* end with RUN_WAITING where time would pass idle */
    const volatile int *cancel; /* may be NULL */
    /*
     * The outside; may be NULL. With idle = 0 it puts its inputs, now: about
     * every RUN_POLL counts, and after each wait. When all harts wait it is
     * called with the counts until the next event (CLOCK_NEVER: there is none),
     * so that a host-paced run can sleep, and puts nothing. It returns by how
     * many counts, at most `idle`, time passes: `idle` itself if time may jump,
     * fewer if there is input earlier. For idle = CLOCK_NEVER 0 means that
     * nothing can ever come.
     */
    uint64_t (*poll)(void *context, struct board *b, uint64_t idle);
    /*
     * Called before each instruction, with the hart that is to execute it; may
     * be NULL. False: the run ends here, with RUN_STEP. Harts take turns as
     * they do without it, so that the machine passes through the same states.
     */
    bool (*step)(void *context, unsigned hart);
    void *context;
};

#define RUN_POLL 1000000

enum run_end machine_run(struct machine *m, struct board *b,
                         const struct run_options *o);

/*
 * After RUN_WAITING: by how many counts time may pass at most, CLOCK_NEVER: by
 * itself the machine will never go on. And time passes, by n counts of these.
 *
 * A run that is cut into pieces with `until`, or at waits, passes through the
 * same states as one that is not, if the cuts are at multiples of RUN_QUANTUM
 * or there is one hart.
 */
uint64_t machine_idle_time(const struct board *b);
void machine_idle(struct machine *m, struct board *b, uint64_t n);

/* The machine's count: that of the hart that is furthest on. */
uint64_t machine_count(const struct board *b);

/* What all harts together have counted: it grows with each instruction. */
uint64_t machine_total(const struct board *b);

/*
 * The hash of the whole architectural state: per hart x, f, pc, mode and every
 * CSR; RAM; the count. Equal machines have equal hashes at any depth. 0: out of
 * memory.
 */
uint64_t machine_hash(struct machine *m, struct board *b);

#endif
