/* When the conditional branches are taken (unprivileged manual, RV64I): the one
 * semantic body of each, from which the handlers of the branch alone and of
 * pairs that it ends are made. */
#ifndef POGO_CPU_BRANCH_H
#define POGO_CPU_BRANCH_H

#include "cpu/op.h"

#define TAKEN(name, condition)                            \
    static inline bool taken_##name(uint64_t a, uint64_t b) \
    {                                                     \
        return (condition);                               \
    }

TAKEN(beq, a == b)
TAKEN(bne, a != b)
TAKEN(blt, (int64_t)a < (int64_t)b)
TAKEN(bge, (int64_t)a >= (int64_t)b)
TAKEN(bltu, a < b)
TAKEN(bgeu, a >= b)

#undef TAKEN
#endif
