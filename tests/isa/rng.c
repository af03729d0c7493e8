/* Random numbers, and the operands worth trying. */
#include "torture.h"

uint64_t rng_next(struct rng *r)
{
    r->state ^= r->state >> 12;
    r->state ^= r->state << 25;
    r->state ^= r->state >> 27;
    return r->state * 0x2545f4914f6cdd1dull;
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
    return (rng_next(r) >> 16) % n;
}

bool rng_chance(struct rng *r, unsigned percent)
{
    return rng_below(r, 100) < percent;
}

/* Exponent and fraction from their edges: a double. */
static uint64_t random_double(struct rng *r)
{
    static const uint16_t exponents[] = {
        0,      0,      1,      2,      0x3ca, 0x3cb, 0x3fd, 0x3fe,
        0x3ff,  0x3ff,  0x400,  0x401,  0x41d, 0x41e, 0x41f, 0x43c,
        0x43d,  0x43e,  0x43f,  0x440,  0x433, 0x434, 0x435, 0x380,
        0x381,  0x36a,  0x47e,  0x47f,  0x7fd, 0x7fe, 0x7ff, 0x7ff,
    };
    static const uint64_t fractions[] = {
        0,
        1,
        0xfffffffffffff,
        0x8000000000000,
        0x7ffffffffffff,
        0x8000000000001,
        0x4000000000000,
        0xffffffe000000,
        0xfffffff000000,
        0x0000010000000,
    };
    uint64_t e = exponents[rng_below(r, 32)];
    uint64_t f = rng_next(r) >> 12;

    if (rng_chance(r, 20))
        e = 0x3e0 + rng_below(r, 64);
    if (rng_chance(r, 50))
        f = fractions[rng_below(r, 10)];
    return rng_below(r, 2) << 63 | e << 52 | f;
}

/* A single, nearly always boxed as the manual asks. */
static uint64_t random_single(struct rng *r)
{
    static const uint8_t exponents[] = {
        0,    0,    1,    2,    0x7d, 0x7e, 0x7f, 0x7f, 0x80, 0x81, 0x9d,
        0x9e, 0x9f, 0xbd, 0xbe, 0xbf, 0xc0, 0x96, 0x97, 0xfd, 0xfe, 0xff,
        0xff, 0x67,
    };
    static const uint32_t fractions[] = {0,        1,        0x7fffff,
                                         0x400000, 0x3fffff, 0x400001,
                                         0x200000, 0x7ffffe};
    uint64_t e = exponents[rng_below(r, 24)];
    uint64_t f = rng_next(r) >> 41;

    if (rng_chance(r, 20))
        e = 0x70 + rng_below(r, 32);
    if (rng_chance(r, 50))
        f = fractions[rng_below(r, 8)];
    f |= rng_below(r, 2) << 31 | e << 23;
    return rng_chance(r, 92) ? f | 0xffffffff00000000 : f | rng_next(r) << 32;
}

static uint64_t random_integer(struct rng *r)
{
    static const uint64_t edges[] = {
        0, 1, ~0ull, 1ull << 63, ~0ull >> 1, 0x80000000, 0x7fffffff,
        0xffffffff80000000, 0xffffffff, 0x100000000, 0x8000, 0x80,
    };

    switch (rng_below(r, 4)) {
    case 0:
        return edges[rng_below(r, 12)] + rng_below(r, 3) - 1;
    case 1:
        return 1ull << rng_below(r, 64);
    case 2:
        return rng_next(r) >> rng_below(r, 64);
    default:
        return rng_next(r);
    }
}

uint64_t rng_interesting(struct rng *r)
{
    switch (rng_below(r, 3)) {
    case 0:
        return random_double(r);
    case 1:
        return random_single(r);
    default:
        return random_integer(r);
    }
}
