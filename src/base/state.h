/*
 * An object's state, moved out of it or into it by the same function:
 *
 *     void plic_state(struct plic *p, struct state *s)
 *     {
 *         state_u32(s, &p->pending);
 *         ...
 *     }
 *
 * Saving hands each value to `move`; loading takes each from there, in the same
 * order. What is moved is what a guest could ever notice, and nothing that the
 * host owns (pointers, file descriptors, statistics). What follows from the
 * rest is not moved but made anew by whoever loads. A value that is used as an
 * index, a size or an address of the host's is checked with state_require: a
 * file may hold anything.
 *
 * An object is loaded into one that was made with the same configuration. If
 * s->bad is set after loading, the object is only good for being freed.
 * Freestanding. Numbers are moved little-endian.
 */
#ifndef POGO_BASE_STATE_H
#define POGO_BASE_STATE_H

#include "base/bits.h"

struct state {
    /* Moves n bytes from `bytes` (saving) or to it (loading). When there are
       not so many, it sets bad and zeroes them. Saving never fails. */
    void (*move)(struct state *s, void *bytes, size_t n);
    bool saving;
    bool bad; /* what was loaded cannot be: stays set */
};

/* n bytes as they are. */
static inline void state_bytes(struct state *s, void *bytes, size_t n)
{
    s->move(s, bytes, n);
}

/* A number of `size` (1..8) bytes. */
static inline uint64_t state_number(struct state *s, uint64_t v, unsigned size)
{
    uint8_t bytes[8];

    for (unsigned i = 0; i < size; i++)
        bytes[i] = (uint8_t)(v >> (8 * i));
    s->move(s, bytes, size);
    v = 0;
    for (unsigned i = 0; i < size; i++)
        v |= (uint64_t)bytes[i] << (8 * i);
    return v;
}

static inline void state_u64(struct state *s, uint64_t *v)
{
    *v = state_number(s, *v, 8);
}

static inline void state_u32(struct state *s, uint32_t *v)
{
    *v = (uint32_t)state_number(s, *v, 4);
}

static inline void state_u16(struct state *s, uint16_t *v)
{
    *v = (uint16_t)state_number(s, *v, 2);
}

static inline void state_u8(struct state *s, uint8_t *v)
{
    *v = (uint8_t)state_number(s, *v, 1);
}

static inline void state_bool(struct state *s, bool *v)
{
    *v = state_number(s, *v, 1) != 0;
}

/* What was loaded is wrong unless `holds`. Saving, it is ignored. */
static inline void state_require(struct state *s, bool holds)
{
    if (!s->saving && !holds)
        s->bad = true;
}

/*
 * A tag of four letters between two objects: loading, something else there
 * means that whoever saved had another idea of what comes before.
 */
static inline void state_tag(struct state *s, const char tag[5])
{
    uint8_t bytes[4] = { (uint8_t)tag[0], (uint8_t)tag[1], (uint8_t)tag[2],
                         (uint8_t)tag[3] };

    s->move(s, bytes, sizeof bytes);
    for (unsigned i = 0; i < sizeof bytes; i++)
        state_require(s, bytes[i] == (uint8_t)tag[i]);
}

#endif
