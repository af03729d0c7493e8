/*
 * Random programs for machines that run in lockstep: code, registers, CSRs,
 * page tables and PMP, put into every one of a set of worlds alike. Most
 * changes of a PTE are not followed by a fence: what was kept of the old one is
 * used, and must be the same everywhere (mmu/translations.h).
 *
 * Registers: x1..x4, x7 are scratch, x5 and x6 point to code (of S and M; of
 * U), x8..x15 point to data of all kinds, x16..x23 hold values for CSRs, x24
 * and x25 PTEs, x26 the address of PTEs, x27..x31 are the trap handlers'.
 */
#ifndef POGO_TESTS_SCENARIO_H
#define POGO_TESTS_SCENARIO_H

#include "world.h"

#define SCENARIO_WORLDS 3
#define SCENARIO_RAM (UINT64_C(4) << 20)

struct scenario {
    struct world w[SCENARIO_WORLDS]; /* depth 0, 1, 2 */
    uint64_t random;                 /* state of the generator */
    unsigned hart;                   /* being set up, or compared */
    uint64_t last_pc;                /* hart 0's, for the report */
    unsigned last_priv;
};

/* splitmix64: the next random number, or one below n. */
uint64_t scenario_random(struct scenario *s);
uint64_t scenario_below(struct scenario *s, uint64_t n);

/* The set-up of all harts, made anew. */
void scenario_make(struct scenario *s, unsigned harts);

/* scenario_code.c: `bytes` of random code at `pa`. */
void scenario_code(struct scenario *s, uint64_t pa, unsigned bytes);

/* The same in every world. */
void scenario_store(struct scenario *s, uint64_t pa, uint64_t v);
void scenario_set_reg(struct scenario *s, unsigned reg, uint64_t v);
void scenario_set_csr(struct scenario *s, unsigned csr, uint64_t v);

#endif
