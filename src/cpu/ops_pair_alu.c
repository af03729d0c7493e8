/* Pairs whose first operation computes with x registers. */
#include "cpu/pair_body.h"

FIRST_ALU(PAIRS_ALU)
