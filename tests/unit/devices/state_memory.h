/* States in memory: moves into, and out of, bytes of a test's own. */
#ifndef POGO_TESTS_DEVICES_STATE_MEMORY_H
#define POGO_TESTS_DEVICES_STATE_MEMORY_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/state.h"
#include "seed.h"

struct state_bytes {
    struct state state;
    uint8_t *bytes;
    size_t at, size; /* where it is in them; how many there are */
};

static inline void state_bytes_move(struct state *s, void *bytes, size_t n)
{
    struct state_bytes *b = (struct state_bytes *)s;

    if (n > b->size - b->at) {
        s->bad = true;
        memset(bytes, 0, n);
        return;
    }
    if (s->saving)
        memcpy(b->bytes + b->at, bytes, n);
    else
        memcpy(bytes, b->bytes + b->at, n);
    b->at += n;
}

static inline struct state_bytes state_bytes_of(uint8_t *bytes, size_t size,
                                                bool saving)
{
    return (struct state_bytes){ .state = { .move = state_bytes_move,
                                            .saving = saving },
                                 .bytes = bytes,
                                 .size = size };
}

/* Seeds rand(). */
static inline void state_bytes_seed(void)
{
    srand((unsigned)test_seed());
}

#endif
