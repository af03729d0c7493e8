/*
 * What happened when, over a run of unknown length: a row of intervals of equal
 * width, in counts of instructions. When the run gets longer than the row, the
 * width is doubled and neighbours are put together.
 */
#ifndef POGO_CHECK_SERIES_H
#define POGO_CHECK_SERIES_H

#include "base/bits.h"

#define SERIES_LENGTH                                                          \
    400 /* intervals at most; half as many at least, once the                  \
           width has doubled */
#define SERIES_CLASSES 9
#define SERIES_WIDTH   1000 /* counts, to begin with */

struct interval {
    uint64_t exits[SERIES_CLASSES];
    uint64_t direct, emulated; /* instructions */
};

struct series {
    uint64_t width;  /* counts an interval */
    unsigned length; /* intervals up to the last in which anything was */
    struct interval interval[SERIES_LENGTH];
};

void series_init(struct series *s);

/* An exit of `class` at `count`, which emulated 1 instruction, or 0. */
void series_exit(struct series *s, uint64_t count, unsigned class,
                 unsigned emulated);

/* n instructions ran directly, from `count` on. */
void series_direct(struct series *s, uint64_t count, uint64_t n);

#endif
