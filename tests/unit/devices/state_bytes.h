/* A struct state over bytes in memory, for tests of X_state(). */
#ifndef POGO_TESTS_DEVICES_STATE_BYTES_H
#define POGO_TESTS_DEVICES_STATE_BYTES_H

#include "base/state.h"

struct state_bytes {
    struct state state; /* first: what X_state() is given */
    uint8_t bytes[65536];
    size_t size, at; /* at: of loading */
};

/* Ready to save. */
void state_bytes_save(struct state_bytes *b);
/* Ready to load what is there from the start. */
void state_bytes_load(struct state_bytes *b);

#endif
