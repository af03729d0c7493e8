/* Which programs there are; pids are given in this order, from 1. */
#include "programs.h"

#include "user.h"

#define PROGRAM(function, fp)                                                  \
    {                                                                          \
        .name = #function, .entry = (uint64_t)function, .needs_fp = fp         \
    }

const struct program programs[] __attribute__((section(".user.table"),
                                               used)) = {
    PROGRAM(primes, 0), PROGRAM(sort, 0),  PROGRAM(wild, 0), PROGRAM(rogue, 0),
    PROGRAM(pi, 1),     PROGRAM(euler, 1), { .name = "" },
};
