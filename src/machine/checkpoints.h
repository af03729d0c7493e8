/*
 * Snapshots in memory, of one machine at many counts, to go back to: what the
 * debugger's backward steps stand on. A checkpoint holds the machine's state
 * and shares its RAM with the present by copy on write: pages and disk blocks
 * are copied when they are first written after it. So it costs what the machine
 * changes afterwards, and taking it is a matter of a millisecond.
 *
 * The machine may be bare or virtual, at any depth: its RAM is a range of the
 * bare machine's at the bottom, whose harts' stores are watched.
 *
 * What is outside does not go back: of what was put through board.config.inputs
 * the place in its journal is kept, so that the same inputs can enter again.
 */
#ifndef POGO_MACHINE_CHECKPOINTS_H
#define POGO_MACHINE_CHECKPOINTS_H

#include "base/state.h"
#include "machine/bare.h"
#include "machine/page_store.h"

struct checkpoints;

/*
 * For the machine `m` with the board `b`, which runs on `bottom` (it may be
 * `bottom` itself). They are borrowed, and stay as they are while this exists;
 * no other checkpoints are made of anything on `bottom` meanwhile. NULL: out of
 * memory, or the RAM of `m` is not one range of that of `bottom`.
 */
struct checkpoints *checkpoints_new(struct machine *m, struct board *b,
                                    struct bare *bottom);
void checkpoints_free(struct checkpoints *c);

/* What is not the machine's and goes back with it. Before the first is taken. */
void checkpoints_keep(struct checkpoints *c,
                      void (*also)(void *context, struct state *s),
                      void *context);

/*
 * Takes one of the machine as it is, between two runs; it is the newest. A run
 * that goes on from it where harts were in the middle of a round does so with
 * run_options.resume. False: out of memory, and nothing has changed.
 */
bool checkpoints_take(struct checkpoints *c);

/* How many there are; they are numbered from 0, the oldest. */
unsigned checkpoints_count(const struct checkpoints *c);

/* The machine_total of number i. */
uint64_t checkpoints_at(const struct checkpoints *c, unsigned i);

/* The newest one at or before `time`; -1 if there is none. */
int checkpoints_before(const struct checkpoints *c, uint64_t time);

/*
 * The machine is as it was at number i, and what is newer is gone. False: a
 * page could not be copied since (out of memory), and nothing has changed: go
 * further back.
 */
bool checkpoints_restore(struct checkpoints *c, unsigned i);

/* Number i is given up; what it alone held of its past goes to the one before
   it. */
void checkpoints_drop(struct checkpoints *c, unsigned i);

/* Bytes of memory that they take, all together. */
uint64_t checkpoints_bytes(const struct checkpoints *c);

#endif
