/*
 * A pair of runs, and what it shows. On side 0 and side 1 are states that are
 * alike but for the mode, the mapping, or something the monitor owns; the same
 * instruction is run on both.
 */
#ifndef POGO_CHECK_RISCV_TWIN_H
#define POGO_CHECK_RISCV_TWIN_H

#include "check/riscv/lab.h"
#include "check/verdict.h"

/* What was run: enough to run it again. */
struct finding {
    uint8_t property; /* enum property: CONTROL (side 0 alone), MODE, LOCATION,
                         OTHER */
    uint32_t word;
    uint64_t order; /* of those found, the lowest is kept */
    struct machine_state state[2];
};

/*
 * Do the results show that the instruction is sensitive? *difference, a set of
 * enum difference, says in what they differ; 0 if they do, and not in that: one
 * trapped, or only one changed what the monitor owns.
 *
 * If side 0 has the guest's own tables and side 1 shadows, then side 1 may have
 * exits that side 0 has not: a memory trap there is the monitor's chance to
 * fill the shadow. Where side 0 traps, side 1 must. In all other pairs either
 * both have the same kind of outcome, or they differ.
 */
bool twin_differs(const struct lab *side0, const struct outcome *o0,
                  const struct lab *side1, const struct outcome *o1,
                  bool memory, unsigned *difference);

/* A finding, run again: two labs to do it in, and what came of it. */
struct twin {
    struct lab *lab[2];
    struct outcome outcome[2];
    unsigned difference;
};

/* Does it show (still) what it is said to show? */
bool twin_shows(struct twin *t, const struct finding *f,
                enum riscv_condition without);

/*
 * Leaves out of the finding what does not matter: whatever can have its neutral
 * value on both sides gets it, and of keys in which the sides differ all but
 * one pair that is needed are made alike.
 */
void twin_minimise(struct twin *t, struct finding *f,
                   enum riscv_condition without);

#endif
