/*
 * Inside src/check/riscv only: the work of a check as a list of numbered items,
 * each of which any worker can do: states of the lattice, blocks of compressed
 * encodings, of SYSTEM words, and (exhaustive) of all words.
 */
#ifndef POGO_CHECK_RISCV_SWEEP_H
#define POGO_CHECK_RISCV_SWEEP_H

#include "check/riscv/bench.h"

/* How many items the check has. */
unsigned sweep_items(const struct riscv_part *part);

/* What item `n` costs, in arbitrary units, about; for progress. */
unsigned sweep_cost(const struct riscv_part *part, unsigned n);

/* Does it. False: out of memory. */
bool sweep_item(struct bench *b, unsigned n);

/* In the n-th state of the lattice, a few words of each group that `c` is there
   for. False: out of memory. */
bool sweep_condition(struct bench *b, enum riscv_condition c, unsigned n);

#endif
