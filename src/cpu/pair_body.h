/* How the handler of a pair is made; for ops_pair_*.c. */
#ifndef POGO_CPU_PAIR_BODY_H
#define POGO_CPU_PAIR_BODY_H

#include "cpu/pairs.h"

/* Where the operands come from, by form. */
#define A_0 RS1
#define B_0 RS2
#define A_1 acc
#define B_1 RS2
#define A_2 RS1
#define B_2 acc

#define PAIR(c1, n1, f1, c2, n2, f2)        \
    OP(pair_##n1##_##f1##_##n2##_##f2);     \
    OP(pair_##n1##_##f1##_##n2##_##f2)      \
    {                                       \
        BODY_##c1(n1, A_##f1, B_##f1);      \
        o++;                                \
        BODY_##c2(n2, A_##f2, B_##f2);      \
        NEXT;                               \
    }
#define PAIRS_ALU(c, n, f) AFTER_ALU(PAIR, c, n, f)
#define PAIRS_LOAD(c, n, f) AFTER_LOAD(PAIR, c, n, f)
#define PAIRS_STORE(c, n, f) AFTER_STORE(PAIR, c, n, f)

#endif
