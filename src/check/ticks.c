#include "check/ticks.h"

#include <time.h>

uint64_t ticks_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* The shortest of several rounds: the others were interrupted. */
double ticks_cost(void)
{
    enum { ROUNDS = 10, CALLS = 1000 };
    uint64_t least = UINT64_MAX;

    for (unsigned round = 0; round < ROUNDS; round++) {
        uint64_t start = ticks_now(), end = start;

        for (unsigned k = 0; k < CALLS; k++)
            end = ticks_now();
        if (end - start < least)
            least = end - start;
    }
    return (double)least / CALLS;
}
