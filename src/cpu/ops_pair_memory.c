/* Pairs whose first operation is a load or a store; runs of four. */
#include "cpu/pair_body.h"

FIRST_LOAD(PAIRS_LOAD)
FIRST_STORE(PAIRS_STORE)

#define FOUR(c, n, f)               \
    OP(four_##n##_##f);             \
    OP(four_##n##_##f)              \
    {                               \
        BODY_##c(n, A_##f, B_##f);  \
        o++;                        \
        BODY_##c(n, A_##f, B_##f);  \
        o++;                        \
        BODY_##c(n, A_##f, B_##f);  \
        o++;                        \
        BODY_##c(n, A_##f, B_##f);  \
        NEXT;                       \
    }
FOUR_OF(FOUR)
