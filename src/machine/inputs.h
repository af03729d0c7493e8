/*
 * The one place where anything from outside enters a machine: keys, network
 * frames, replies of a shared folder, the host's clock. Each input enters
 * between two instructions, at an exact count; so it can be written to a
 * journal, and a run that takes its inputs from the journal is the same run
 * (ReVirt, OSDI 2002: log what is not deterministic, and when).
 *
 *   live          what the outside puts goes to the device at once; it is
 *                 recorded if there is a journal
 *   replaying     the journal's records go to the devices, each at its count;
 *                 what the outside puts is not taken
 *
 * A journal of several runs of the machine (the guest resets it) has a start
 * for each, counts begin anew there. One object serves all of them, one board
 * after the other.
 */
#ifndef POGO_MACHINE_INPUTS_H
#define POGO_MACHINE_INPUTS_H

#include "base/error.h"
#include "base/bits.h"
#include "machine/journal.h"

/* Where inputs enter. The numbers are those in journals: they stay. */
enum input_port {
    INPUT_START = 0, /* not an input: a run begins */
    INPUT_STOP = 1,  /* not an input: the recording ended here */
    INPUT_UART = 2,
    INPUT_CONSOLE = 3, /* port 0 of the virtio console; to 6: ports 1 to 3 */
    INPUT_NET = 7,
    INPUT_SHARE = 8,
    INPUT_KEYBOARD = 9,
    INPUT_TABLET = 10,
    INPUT_BALLOON = 11,
    INPUT_TIME = 12, /* mtime, 8 bytes, little-endian */
    INPUT_PORTS
};

/*
 * The device's end of a port: takes n bytes, and returns how many of them; all
 * or none where they are one unit (a frame). `device` is how the outside names
 * it.
 */
struct input_end {
    size_t (*take)(void *device, const uint8_t *bytes, size_t n);
    void *device;
};

/* The outside's end of a port that is asked: `n` bytes of reply, at most max.
 */
struct input_oracle {
    size_t (*answer)(void *context, const uint8_t *request, size_t size,
                     uint8_t *reply, size_t max);
    void *context;
};

/*
 * Something that puts inputs at a count that is known beforehand (a script).
 * `fire` is called when a run gets there, at the first count >= `due` where
 * several harts have finished a round, and sets `due` anew. Not while
 * replaying.
 */
struct input_timer {
    uint64_t due; /* CLOCK_NEVER: not */
    void (*fire)(void *context, uint64_t now);
    void *context;
};
#define INPUT_TIMERS 4

/* A place among the inputs that came, to go back to. */
struct input_mark {
    size_t at;
    uint64_t position;
};

struct board;

struct inputs {
    struct input_end end[INPUT_PORTS];
    struct input_oracle oracle[INPUT_PORTS];
    struct input_timer *timer[INPUT_TIMERS]; /* borrowed */
    unsigned timers;
    struct board *board;     /* that the ends are of */
    uint64_t entered;        /* as of the last delivery: see inputs_entered */
    struct journal *journal; /* borrowed; NULL: nothing is recorded */
    bool replaying;
    bool goes_on; /* replaying: what comes behind the last record is live */
    uint64_t position; /* records before the next, or recorded so far */
    size_t at;         /* replaying: the place behind … */
    struct journal_record next; /* … the next record; if has_next */
    bool has_next;
    bool failed; /* the run cannot go on; `error` says why */
    struct error error;
};

/* Live. The journal, if there is one, is empty and not read meanwhile. */
void inputs_init(struct inputs *in, struct journal *journal);

/* Replaying, from the journal's beginning. */
void inputs_init_replay(struct inputs *in, struct journal *journal);

/* ---- the machine's side ---- */

/* A board takes the place of the one before it: it connects its ports itself,
   in `end`. */
void inputs_attach(struct inputs *in, struct board *b);

/* The count of the next record, or of the next thing due of any kind:
   CLOCK_NEVER if there is none. `in` may be NULL, here and below. */
uint64_t inputs_next_record(const struct inputs *in);
uint64_t inputs_next(const struct inputs *in);

/* A run has got to the count `now`, between two instructions: what is due
   enters. */
void inputs_deliver(struct inputs *in, uint64_t now);

/* At the count `now`: inputs due below this count have entered. It does not
   depend on when a run has looked at its inputs last. */
uint64_t inputs_entered(const struct inputs *in, uint64_t now);

/* Has the replay got to where the recording ended? */
bool inputs_stopped(const struct inputs *in, uint64_t now);

/*
 * A device asks, at the exact count of the board's clock. Returns the reply's
 * length, 0 if there is none. Replaying, the request must be the recorded one,
 * or the run fails.
 */
size_t inputs_ask(struct inputs *in, enum input_port port,
                  const uint8_t *request, size_t size, uint8_t *reply,
                  size_t max);

static inline bool inputs_failed(const struct inputs *in)
{
    return in && in->failed;
}

/*
 * Back to an earlier place. Live, with a journal in memory, what has come since
 * comes again, each at its count, and behind it the outside again; without one
 * it is forgotten. `in` may be NULL.
 */
struct input_mark inputs_mark(const struct inputs *in);
void inputs_return(struct inputs *in, struct input_mark mark);

/*
 * What has come behind `mark`, a place of the past or the present, will not come
 * again: from there on the outside is live. For journals in memory.
 */
void inputs_forget(struct inputs *in, struct input_mark mark);

/* ---- the outside ---- */

/*
 * Input for the port whose end has this `device`. Returns how many of the n
 * bytes (at most JOURNAL_RECORD_MAX) were taken: 0 if there is no such device,
 * and while replaying.
 */
size_t inputs_put(struct inputs *in, const void *device, const uint8_t *bytes,
                  size_t n);

/* Who answers what is asked at a port. */
void inputs_answer(struct inputs *in, enum input_port port,
                   struct input_oracle oracle);

/* At most INPUT_TIMERS; from the next run on. Forgotten by inputs_attach. */
void inputs_schedule(struct inputs *in, struct input_timer *t);

/* ---- recording and replaying a run ---- */

/* What the clock of the board that is about to be made begins with, in seconds
   since 1970: `live`, or what was recorded. */
uint64_t inputs_epoch(const struct inputs *in, uint64_t live);

/*
 * A run begins: the machine is made, and machine_hash is `hash`. Replaying, it
 * must be the recorded one. `epoch` is the board's.
 */
void inputs_start(struct inputs *in, uint64_t hash, uint64_t epoch);

/* It has ended for good, with this exit status. Replaying, the recording must
   end here, and so. */
void inputs_stop(struct inputs *in, uint64_t count, uint64_t hash, int status);

/* The exit status that the recording ended with, after inputs_stopped. */
int inputs_status(const struct inputs *in);

#endif
