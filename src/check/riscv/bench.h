/*
 * Inside src/check/riscv only: the labs of one worker, set up for one state of
 * the lattice: bare in each mode, under the monitor in each mode of the
 * guest's, and one of these sides twice more: with other frames, and with
 * something else in what the monitor owns.
 */
#ifndef POGO_CHECK_RISCV_BENCH_H
#define POGO_CHECK_RISCV_BENCH_H

#include "check/riscv/part.h"

#define BENCH_SIDES 6 /* bare U, S, M; under the monitor U, S, M */

struct bench {
    struct riscv_part *part; /* borrowed: what is seen goes there */
    struct lab *side[BENCH_SIDES];
    struct lab *moved;   /* as side[varied], the frames in another order */
    struct lab *changed; /* as side[varied], what the monitor owns changed */
    unsigned varied;     /* changes from state to state of the lattice */
    bool moves, changes; /* is there such a variation of it? */
    uint64_t order;      /* of what is found next */
    struct outcome outcome[BENCH_SIDES];
    bool failed; /* out of memory */
};

enum status bench_init(struct bench *b, struct riscv_part *part,
                       const struct isa *isa);
void bench_free(struct bench *b);

/* Sets up the labs for the n-th state of the lattice. */
void bench_set(struct bench *b, unsigned n);

/* The same with everything open that a monitor could close. */
void bench_set_open(struct bench *b, unsigned n);
/* Runs it, and counts that, where the guest's most privileged mode runs under
   the monitor. Did it trap? */
bool bench_traps(struct bench *b, uint32_t word, unsigned group);

/* Runs `word`, of `group`, on all sides, compares, and notes what it shows. */
void bench_try(struct bench *b, uint32_t word, unsigned group);

/* What is fixed of the state of a host that lacks `without`. */
void bench_pin(enum riscv_condition without, struct machine_state *s);
/* The holes that a machine has which lacks it. */
uint64_t bench_holes(enum riscv_condition without);

#endif
