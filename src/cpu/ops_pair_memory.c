/* Pairs whose first operation is a load or a store. */
#include "cpu/pair_body.h"

FIRST_LOAD(PAIRS_LOAD)
FIRST_STORE(PAIRS_STORE)
