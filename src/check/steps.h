/*
 * A short run of one side, step by step: the states on its way, and the
 * instruction that a given step executes. Harts take turns as in any run.
 */
#ifndef POGO_CHECK_STEPS_H
#define POGO_CHECK_STEPS_H

#include "check/difference.h"
#include "machine/run.h"

/* All that is compared of a machine. */
struct fingerprint {
    uint64_t count;        /* machine_count */
    uint64_t hash;         /* machine_hash */
    uint64_t reservations; /* of all harts, folded: not in the hash */
};

struct fingerprint state_of(const struct side *s);
bool state_equal(const struct fingerprint *a, const struct fingerprint *b);

/* With this stride a quantum of eight harts fits into a trail. */
#define STEPS_STRIDE 64
#define STEPS_POINTS 256

struct steps_point {
    struct fingerprint state;
    size_t output;    /* bytes written to the consoles by then */
    enum run_end end; /* RUN_STEP: the run goes on from here */
};

struct steps_trail {
    unsigned points;
    struct steps_point point[STEPS_POINTS];
};

/*
 * Runs `s` until the count `until`, and notes its state before step `first`
 * (from 0), before each `stride`-th after it, and at the end of the run. With
 * stride 1 no more than STEPS_STRIDE steps and the state after them.
 */
void steps_trail(const struct side *s, uint64_t until, uint64_t first,
                 uint64_t stride, struct steps_trail *out);

/*
 * The first point at which the two trails, which the two sides have left,
 * differ; STEPS_POINTS if nowhere.
 */
unsigned steps_part(const struct side side[2],
                    const struct steps_trail trail[2]);

/* What was about to happen before a step. */
struct steps_before {
    unsigned hart;
    uint8_t priv;
    uint64_t pc, count, hash; /* count: that hart's */
    uint32_t insn;            /* at pc; 0: it cannot be read */
    uint64_t interrupt;       /* not 0: this is taken at pc first, and the step
                                 executes the handler's first instruction */
};

/* Runs `s` until the count `until`, but `steps` steps and one more at most. */
void steps_one_more(const struct side *s, uint64_t until, uint64_t steps,
                    struct steps_before *out);

#endif
