/*
 * The state of a whole machine (base/state.h): harts, clock, wires, devices;
 * all that a guest could ever notice, but for RAM and what the disks hold. The
 * same guest at the same count has the same state at every depth, byte for
 * byte, and what was saved of a machine of one depth can be loaded into one of
 * another.
 */
#ifndef POGO_MACHINE_MACHINE_STATE_H
#define POGO_MACHINE_MACHINE_STATE_H

#include "machine/board.h"
#include "machine/machine.h"

/*
 * Moves the state of `m`, whose board is `b`, between two runs. The state is
 * loaded into a machine that was made with the same configuration, whose RAM
 * may be loaded before it or after. It is refused (s->bad) if no machine of
 * this configuration could have got there; the machine is then only good for
 * being freed.
 */
void machine_state(struct machine *m, struct board *b, struct state *s);

/* Bytes that are always enough for it. */
uint64_t machine_state_limit(const struct board *b);

#endif
