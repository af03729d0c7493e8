/*
 * A fine and cheap clock of the host, for times of some nanoseconds: what one
 * tick is, is found by comparing with the host's own clock at both ends of a
 * measurement.
 */
#ifndef POGO_CHECK_TICKS_H
#define POGO_CHECK_TICKS_H

#include "base/bits.h"

/* The host's monotonic clock, in ns. */
uint64_t ticks_ns(void);

/* The time in which this process had a processor, in ns. */
uint64_t ticks_processor_ns(void);

/* Ticks of one constant rate (the TSC of x86-64, elsewhere ns). */
static inline uint64_t ticks_now(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return ticks_ns();
#endif
}

/* Ticks that one call of ticks_now takes, at the least. Measured now. */
double ticks_cost(void);

#endif
