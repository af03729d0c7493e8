/*
 * What a workload gives to the runtime around it. A workload is one object
 * file, linked twice: for the bare machine (bare.c) and as a static Linux
 * program (linux.c), so that both run the same instructions.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>

/* Does the work, and returns a value that depends on all of it. */
uint64_t workload(void);

/* How many operations that was, where one of them is of interest by itself;
   0 where only the whole is. */
extern const uint64_t workload_operations;

/* The same sequence everywhere: xorshift64 (Marsaglia 2003). */
static inline uint64_t bench_random(uint64_t *state)
{
    uint64_t x = *state;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return *state = x;
}

#endif
