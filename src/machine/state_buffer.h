/* State (base/state.h) saved to memory, and loaded from there. */
#ifndef POGO_MACHINE_STATE_BUFFER_H
#define POGO_MACHINE_STATE_BUFFER_H

#include "base/state.h"

struct state_buffer {
    struct state state; /* first: &b->state is what X_state functions get */
    uint8_t *bytes;     /* saving: `size` of them, this object's own */
    size_t size, room;
    const uint8_t *from; /* loading: `left` bytes that are yet to be loaded */
    size_t left;
    bool no_memory; /* saving: what is in `bytes` is not all */
};

/* Ready for saving; empty. */
void state_buffer_save(struct state_buffer *b);

/* Ready for loading from `size` bytes, borrowed. After it `left` says how many
   were too many. */
void state_buffer_load(struct state_buffer *b, const void *bytes, size_t size);

/* Frees what was saved. */
void state_buffer_free(struct state_buffer *b);

#endif
