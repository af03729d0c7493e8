/* For tests of X_state functions: there and back, and what must not crash. */
#ifndef POGO_TESTS_STATE_TRIP_H
#define POGO_TESTS_STATE_TRIP_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/state_buffer.h"

/* X_state, of an object behind a pointer to nothing in particular. */
typedef void trip_function(void *object, struct state *s);

static inline struct state_buffer trip_save(trip_function *f, void *object)
{
    struct state_buffer b;

    state_buffer_save(&b);
    f(object, &b.state);
    assert_false(b.no_memory);
    return b;
}

/* False: it was refused. */
static inline bool trip_load(trip_function *f, void *object, const void *bytes,
                             size_t size)
{
    struct state_buffer b;

    state_buffer_load(&b, bytes, size);
    f(object, &b.state);
    return !b.state.bad && b.left == 0;
}

/* Saves `from`, loads it into `to`, made alike; saves that: the same bytes. */
static inline void trip(trip_function *f, void *from, void *to)
{
    struct state_buffer a = trip_save(f, from), b;

    assert_true(trip_load(f, to, a.bytes, a.size));
    b = trip_save(f, to);
    assert_int_equal(a.size, b.size);
    if (a.size)
        assert_memory_equal(a.bytes, b.bytes, a.size);
    state_buffer_free(&a);
    state_buffer_free(&b);
}

/* splitmix64 */
static inline uint64_t trip_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* A few bytes of it become others, or its end is missing. */
static inline void trip_spoil(struct state_buffer *b, uint64_t *random)
{
    unsigned times = 1 + (unsigned)(trip_random(random) % 4);

    while (times-- > 0 && b->size) {
        uint64_t r = trip_random(random), at = r % b->size;

        if (r >> 60 == 0)
            b->size = at;
        else if (r >> 60 < 8)
            b->bytes[at] ^= (uint8_t)(1u << (r >> 40) % 8);
        else
            b->bytes[at] = (uint8_t)(r >> 40);
    }
}

#endif
