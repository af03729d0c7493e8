#include "check/ticks.h"

#include <time.h>

static uint64_t ns_of(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

uint64_t ticks_ns(void)
{
    return ns_of(CLOCK_MONOTONIC);
}

uint64_t ticks_processor_ns(void)
{
    return ns_of(CLOCK_PROCESS_CPUTIME_ID);
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
