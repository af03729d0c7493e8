/* How a run of a hart ended. Freestanding. */
#ifndef POGO_ISA_STOP_H
#define POGO_ISA_STOP_H

#include "isa/cause.h"

enum stop_reason {
    STOP_LIMIT, /* the budget is used up, exactly */
    STOP_TRAP,  /* a trap to M-mode; a monitor is attached. Nothing of it has
                   been entered: pc is at the instruction (its own for an
                   exception, the next to execute for an interrupt) */
    STOP_WAIT,  /* wfi has retired and nothing wakes the hart yet */
    STOP_EVENT, /* a device or another hart may have work now: look at the
                   clock and the board, then run on */
    STOP_BREAK, /* at a stop point (cpu/stops.h): nothing of what comes next has
                   happened */
};

struct stop {
    uint8_t reason;  /* enum stop_reason */
    uint64_t count;  /* by how much the hart's count advanced in this run */
    struct trap trap;
};

#endif
