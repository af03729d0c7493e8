/*
 * The operations on numbers taken apart: each computes more bits than any
 * format has, exactly but for a sticky last one, and rounds once.
 */
#include "cpu/fpu_soft.h"

typedef unsigned __int128 wide;

static uint64_t invalid(const struct soft_format *f, unsigned *flags)
{
    *flags |= FFLAG_NV;
    return soft_nan(f);
}

/* The result if any operand is a NaN. */
static uint64_t nan_of(const struct soft_format *f, bool signaling,
                       unsigned *flags)
{
    return signaling ? invalid(f, flags) : soft_nan(f);
}

static wide shift_sticky(wide v, unsigned n)
{
    if (n == 0)
        return v;
    return n < 128 ? v >> n | ((v << (128 - n)) != 0) : v != 0;
}

/* Rounds v / 2^127 * 2^exponent; v is not 0. */
static uint64_t round_wide(const struct soft_format *f, bool negative,
                           int exponent, wide v, unsigned rm, unsigned *flags)
{
    uint64_t high = (uint64_t)(v >> 64);
    int leading = high ? __builtin_clzll(high)
                       : 64 + __builtin_clzll((uint64_t)v);

    v <<= leading;
    return soft_round(f, negative, exponent - leading,
                      (uint64_t)(v >> 64) | ((uint64_t)v != 0), rm, flags);
}

/* A term of a sum: ± v / 2^127 * 2^exponent. */
struct term {
    bool negative;
    int exponent;
    wide v;
};

/*
 * The sum of two terms. Their two topmost bits are clear, so that there is room
 * for a carry; their 20 lowest are zero, so that when aligning drops anything,
 * the terms are far apart, at most one leading bit cancels, and a sticky bit
 * stands well for the rest.
 */
static uint64_t sum(const struct soft_format *f, struct term a, struct term b,
                    unsigned rm, unsigned *flags)
{
    if (a.exponent < b.exponent) {
        struct term t = a;

        a = b;
        b = t;
    }
    b.v = shift_sticky(b.v, (unsigned)(a.exponent - b.exponent));
    if (a.negative == b.negative)
        return round_wide(f, a.negative, a.exponent, a.v + b.v, rm, flags);
    if (a.v == b.v) /* an exact zero is +0, but -0 when rounding down */
        return soft_zero(f, rm == RM_RDN);
    if (a.v > b.v)
        return round_wide(f, a.negative, a.exponent, a.v - b.v, rm, flags);
    return round_wide(f, b.negative, a.exponent, b.v - a.v, rm, flags);
}

/* n with two bits of room at the top. */
static struct term term_of(struct soft_number n)
{
    return (struct term){n.negative, n.exponent + 2,
                         (wide)n.significand << 62};
}

/* a + b where at least one is zero or infinite and none is a NaN. */
static uint64_t add_special(const struct soft_format *f, uint64_t raw_a,
                            uint64_t raw_b, unsigned rm, unsigned *flags)
{
    struct soft_number a = soft_unpack(f, raw_a), b = soft_unpack(f, raw_b);

    if (a.kind == SOFT_INFINITE && b.kind == SOFT_INFINITE &&
        a.negative != b.negative)
        return invalid(f, flags);
    if (a.kind == SOFT_INFINITE || b.kind == SOFT_INFINITE)
        return a.kind == SOFT_INFINITE ? raw_a : raw_b;
    if (a.kind != SOFT_ZERO || b.kind != SOFT_ZERO)
        return a.kind != SOFT_ZERO ? raw_a : raw_b;
    if (a.negative == b.negative)
        return raw_a;
    return soft_zero(f, rm == RM_RDN);
}

uint64_t soft_add(const struct soft_format *f, uint64_t a, uint64_t b,
                  unsigned rm, unsigned *flags)
{
    struct soft_number x = soft_unpack(f, a), y = soft_unpack(f, b);

    if (x.kind == SOFT_NAN || y.kind == SOFT_NAN)
        return nan_of(f, x.signaling || y.signaling, flags);
    if (x.kind != SOFT_FINITE || y.kind != SOFT_FINITE)
        return add_special(f, a, b, rm, flags);
    return sum(f, term_of(x), term_of(y), rm, flags);
}

uint64_t soft_sub(const struct soft_format *f, uint64_t a, uint64_t b,
                  unsigned rm, unsigned *flags)
{
    /* -0 has the sign bit alone; a NaN's sign does not matter */
    return soft_add(f, a, b ^ soft_zero(f, true), rm, flags);
}

uint64_t soft_mul(const struct soft_format *f, uint64_t a, uint64_t b,
                  unsigned rm, unsigned *flags)
{
    struct soft_number x = soft_unpack(f, a), y = soft_unpack(f, b);
    bool negative = x.negative != y.negative;

    if (x.kind == SOFT_NAN || y.kind == SOFT_NAN)
        return nan_of(f, x.signaling || y.signaling, flags);
    if (x.kind == SOFT_FINITE && y.kind == SOFT_FINITE)
        return round_wide(f, negative, x.exponent + y.exponent + 1,
                          (wide)x.significand * y.significand, rm, flags);
    if (x.kind == SOFT_FINITE || x.kind == y.kind) /* y decides */
        return y.kind == SOFT_ZERO ? soft_zero(f, negative)
                                   : soft_infinity(f, negative);
    if (y.kind == SOFT_FINITE)
        return x.kind == SOFT_ZERO ? soft_zero(f, negative)
                                   : soft_infinity(f, negative);
    return invalid(f, flags); /* 0 * infinity */
}

uint64_t soft_div(const struct soft_format *f, uint64_t a, uint64_t b,
                  unsigned rm, unsigned *flags)
{
    struct soft_number x = soft_unpack(f, a), y = soft_unpack(f, b);
    bool negative = x.negative != y.negative, less;
    uint64_t quotient;
    wide dividend;

    if (x.kind == SOFT_NAN || y.kind == SOFT_NAN)
        return nan_of(f, x.signaling || y.signaling, flags);
    if (x.kind == y.kind && x.kind != SOFT_FINITE)
        return invalid(f, flags); /* 0 / 0, infinity / infinity */
    if (x.kind == SOFT_ZERO || y.kind == SOFT_INFINITE)
        return soft_zero(f, negative);
    if (y.kind == SOFT_ZERO && x.kind == SOFT_FINITE)
        *flags |= FFLAG_DZ;
    if (x.kind == SOFT_INFINITE || y.kind == SOFT_ZERO)
        return soft_infinity(f, negative);
    /* Scaled so that the quotient has 64 bits exactly. */
    less = x.significand < y.significand;
    dividend = (wide)x.significand << (less ? 64 : 63);
    quotient = (uint64_t)(dividend / y.significand);
    quotient |= dividend % y.significand != 0;
    return soft_round(f, negative, x.exponent - y.exponent - less, quotient,
                      rm, flags);
}

/* The integer square root of v, 2^126 <= v, bit 0 sticky. */
static uint64_t root_of(wide v)
{
    uint64_t root = 0;

    for (int i = 63; i >= 0; i--) {
        uint64_t candidate = root | BIT(i);

        if ((wide)candidate * candidate <= v)
            root = candidate;
    }
    return root | ((wide)root * root != v);
}

uint64_t soft_sqrt(const struct soft_format *f, uint64_t a, unsigned rm,
                   unsigned *flags)
{
    struct soft_number x = soft_unpack(f, a);
    int odd = x.exponent & 1;

    if (x.kind == SOFT_NAN)
        return nan_of(f, x.signaling, flags);
    if (x.kind == SOFT_ZERO) /* the root of -0 is -0 */
        return a;
    if (x.negative)
        return invalid(f, flags);
    if (x.kind == SOFT_INFINITE)
        return a;
    return soft_round(f, false, (x.exponent - odd) / 2,
                      root_of((wide)x.significand << (63 + odd)), rm, flags);
}

/* a * b + c where a or b is zero or infinite and none is a NaN. */
static uint64_t fma_special(const struct soft_format *f, uint64_t a,
                            uint64_t b, uint64_t c, unsigned rm,
                            unsigned *flags)
{
    uint64_t product = soft_mul(f, a, b, rm, flags); /* exact */

    return soft_add(f, product, c, rm, flags);
}

uint64_t soft_fma(const struct soft_format *f, uint64_t a, uint64_t b,
                  uint64_t c, unsigned rm, unsigned *flags)
{
    struct soft_number x = soft_unpack(f, a), y = soft_unpack(f, b);
    struct soft_number z = soft_unpack(f, c);
    struct term product = {x.negative != y.negative,
                           x.exponent + y.exponent + 3,
                           (wide)x.significand * y.significand >> 2};

    /* infinity * 0 is invalid even if c is a quiet NaN */
    if ((x.kind == SOFT_INFINITE && y.kind == SOFT_ZERO) ||
        (x.kind == SOFT_ZERO && y.kind == SOFT_INFINITE))
        return invalid(f, flags);
    if (x.kind == SOFT_NAN || y.kind == SOFT_NAN || z.kind == SOFT_NAN)
        return nan_of(f, x.signaling || y.signaling || z.signaling, flags);
    if (x.kind != SOFT_FINITE || y.kind != SOFT_FINITE)
        return fma_special(f, a, b, c, rm, flags);
    if (z.kind == SOFT_INFINITE)
        return c;
    if (z.kind == SOFT_ZERO)
        return round_wide(f, product.negative, product.exponent, product.v,
                          rm, flags);
    return sum(f, product, term_of(z), rm, flags);
}
