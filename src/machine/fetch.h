/*
 * The instruction that a hart would execute, as one who looks on sees it:
 * translated by the hart's own rules, without their permissions, and with no
 * trace left in the machine.
 */
#ifndef POGO_MACHINE_FETCH_H
#define POGO_MACHINE_FETCH_H

#include "machine/board.h"
#include "machine/machine.h"

/*
 * The bits of the instruction at virtual address `pc` for mode `priv` of
 * `hart`; the high half is 0 if it is a compressed one. 0 if it cannot be read.
 */
uint32_t machine_fetch(struct machine *m, struct board *b, unsigned hart,
                       enum priv priv, uint64_t pc);

#endif
