/* Numbers in bytes, least significant first: RISC-V's memory order, and that
   of virtio's structures, whatever the host's. */
#ifndef POGO_BUS_LITTLE_ENDIAN_H
#define POGO_BUS_LITTLE_ENDIAN_H

#include "base/bits.h"

/* The number in `size` (0..8) bytes at p. */
static inline uint64_t little_endian_get(const uint8_t *p, size_t size)
{
    uint64_t v = 0;

    for (size_t i = 0; i < size; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

/* The low `size` (0..8) bytes of v to p. */
static inline void little_endian_put(uint8_t *p, size_t size, uint64_t v)
{
    for (size_t i = 0; i < size; i++)
        p[i] = (uint8_t)(v >> (8 * i));
}

#endif
