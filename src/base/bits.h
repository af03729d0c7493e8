/* Bit fields. A field is described by its mask; the shift follows from it. */
#ifndef POGO_BASE_BITS_H
#define POGO_BASE_BITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One bit, 0 to 63. */
#define BIT(n) (UINT64_C(1) << (n))

/* The mask of bits hi..lo inclusive; 63 >= hi >= lo >= 0. */
#define MASK(hi, lo) ((~UINT64_C(0) >> (63 - (hi))) & (~UINT64_C(0) << (lo)))

/* The value of the field `mask` (not 0) in `v`, shifted down to bit 0. */
static inline uint64_t field_get(uint64_t v, uint64_t mask)
{
    return (v & mask) / (mask & (~mask + 1));
}

/* `v` with its field `mask` replaced by `x` (shifted up and cut to fit). */
static inline uint64_t field_set(uint64_t v, uint64_t mask, uint64_t x)
{
    return (v & ~mask) | ((x * (mask & (~mask + 1))) & mask);
}

/* `v` with the bits of `mask` taken from `x`, unshifted. */
static inline uint64_t bits_merge(uint64_t v, uint64_t x, uint64_t mask)
{
    return (v & ~mask) | (x & mask);
}

/* Bits hi..lo of `v`, shifted down. */
static inline uint64_t bits_of(uint64_t v, unsigned hi, unsigned lo)
{
    return (v & MASK(hi, lo)) >> lo;
}

/* The low `width` (1..64) bits of `v` as a signed number. */
static inline int64_t sign_extend(uint64_t v, unsigned width)
{
    unsigned shift = 64 - width;

    return (int64_t)(v << shift) >> shift;
}

#endif
