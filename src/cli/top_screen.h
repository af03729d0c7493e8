/*
 * What `pogo top` shows of machines side by side: how fast they are now, from
 * two samples of what they have done so far.
 */
#ifndef POGO_CLI_TOP_SCREEN_H
#define POGO_CLI_TOP_SCREEN_H

#include "cli/fleet.h"

#define TOP_CAUSES 16
#define TOP_WINDOW 4 /* samples that a rate is taken over */

/* What a machine has done so far. */
struct top_sample {
    uint64_t ran, direct, emulated, fills, exits[TOP_CAUSES];
};

struct top_moment {
    uint64_t host_ns, time, idle; /* the host's clock; the scheduler's */
    struct top_sample machine[VM_MAX_SIBLINGS];
};

enum top_order { TOP_BY_PROCESSOR, TOP_BY_EXITS, TOP_BY_NAME };

struct top_screen {
    struct fleet *fleet;
    struct top_moment moment[TOP_WINDOW]; /* a ring */
    unsigned moments;                     /* taken so far */
    uint64_t dirty[VM_MAX_SIBLINGS];      /* bytes written since the start */
    enum top_order order;
    unsigned selected; /* machine */
};

/* What one machine does now. */
struct top_row {
    unsigned machine;
    double wanted, got;  /* percent of the processor */
    double mips, direct; /* direct: percent */
    double exits, fills; /* per second of host time */
    const char *cause;   /* of most exits; "" if there were none */
};

/* Takes a sample. The first must be taken before the machines run. */
void top_take(struct top_screen *t, uint64_t host_ns);

/* What machine i does, in a few words. */
const char *top_state(const struct fleet *f, unsigned i);

/* A row for each machine, sorted; from the first sample that is still there to
   the last. `row` has room for all. */
void top_rows(const struct top_screen *t, struct top_row *row);

/* Moves the selection by n rows of the order shown. */
void top_move(struct top_screen *t, int n);

/* The screen, of that many rows and columns, as text with escape sequences. */
void top_draw(const struct top_screen *t, unsigned rows, unsigned columns,
              FILE *out);

/* The same as a report, from the first sample to the last. */
void top_report(const struct top_screen *t, FILE *out, bool json);

#endif
