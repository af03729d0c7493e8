/*
 * Taking numbers apart and rounding them back (IEEE 754-2019, 3.4, 4.3, 7.4,
 * 7.5; "F" chapter of the unprivileged manual).
 */
#include "cpu/fpu_soft.h"

const struct soft_format soft_f32 = {23, 8};
const struct soft_format soft_f64 = {52, 11};

static int bias_of(const struct soft_format *f)
{
    return (1 << (f->exponent_bits - 1)) - 1;
}

static uint64_t sign_of(const struct soft_format *f, bool negative)
{
    return (uint64_t)negative << (f->fraction_bits + f->exponent_bits);
}

/* An exponent field of all ones. */
static uint64_t special_exponent(const struct soft_format *f)
{
    return (BIT(f->exponent_bits) - 1) << f->fraction_bits;
}

uint64_t soft_zero(const struct soft_format *f, bool negative)
{
    return sign_of(f, negative);
}

uint64_t soft_infinity(const struct soft_format *f, bool negative)
{
    return sign_of(f, negative) | special_exponent(f);
}

uint64_t soft_nan(const struct soft_format *f)
{
    return special_exponent(f) | BIT(f->fraction_bits - 1);
}

struct soft_number soft_unpack(const struct soft_format *f, uint64_t raw)
{
    uint64_t fraction = raw & (BIT(f->fraction_bits) - 1);
    unsigned field = (raw >> f->fraction_bits) & (BIT(f->exponent_bits) - 1);
    struct soft_number n = {
        .kind = SOFT_FINITE,
        .negative = raw >> (f->fraction_bits + f->exponent_bits) & 1,
        .exponent = (int)field - bias_of(f),
        .significand = BIT(63) | fraction << (63 - f->fraction_bits),
    };

    if (field == BIT(f->exponent_bits) - 1) {
        n.kind = fraction ? SOFT_NAN : SOFT_INFINITE;
        n.signaling = fraction && !(fraction & BIT(f->fraction_bits - 1));
    } else if (field == 0 && fraction == 0) {
        n.kind = SOFT_ZERO;
    } else if (field == 0) { /* subnormal: no hidden bit */
        int leading = __builtin_clzll(fraction);

        n.significand = fraction << leading;
        n.exponent = 1 - bias_of(f) + 63 - (int)f->fraction_bits - leading;
    }
    return n;
}

/* Too large for the format: to infinity, or not quite. */
static uint64_t overflow(const struct soft_format *f, bool negative,
                         unsigned rm, unsigned *flags)
{
    bool to_infinity = rm == RM_RNE || rm == RM_RMM ||
                       rm == (negative ? RM_RDN : RM_RUP);

    *flags |= FFLAG_OF | FFLAG_NX;
    /* what comes before infinity is the largest finite number */
    return soft_infinity(f, negative) - !to_infinity;
}

/* v / 2^n, with bit 0 set if anything is lost; n > 0. */
static uint64_t shift_sticky(uint64_t v, unsigned n)
{
    return n < 64 ? v >> n | ((v << (64 - n)) != 0) : v != 0;
}

uint64_t soft_round(const struct soft_format *f, bool negative, int exponent,
                    uint64_t significand, unsigned rm, unsigned *flags)
{
    unsigned spare = 63 - f->fraction_bits; /* bits below the last place */
    uint64_t last = BIT(spare), half = last >> 1;
    int below_least = 1 - bias_of(f) - exponent; /* > 0: perhaps subnormal */
    uint64_t below = significand & (last - 1);
    bool up = soft_rounds_up(negative, significand & last, below, half, rm);
    /*
     * Tiny after rounding: the result, had the exponent no lower bound, would
     * be less than the least normal number. Just below that, rounding up a
     * significand of all ones reaches it.
     */
    bool tiny = below_least > 1 ||
                (below_least == 1 &&
                 !(up && (significand | (last - 1)) == ~UINT64_C(0)));
    uint64_t packed;

    if (below_least > 0) {
        significand = shift_sticky(significand, (unsigned)below_least);
        below = significand & (last - 1);
        up = soft_rounds_up(negative, significand & last, below, half, rm);
    }
    /* The hidden bit, or a carry into it, counts the exponent field up. */
    packed = (significand >> spare) + up;
    if (below_least <= 0)
        packed += (uint64_t)(exponent + bias_of(f) - 1) << f->fraction_bits;
    if (packed >= special_exponent(f))
        return overflow(f, negative, rm, flags);
    if (below)
        *flags |= FFLAG_NX | (tiny ? FFLAG_UF : 0);
    return packed | sign_of(f, negative);
}

uint64_t soft_convert(const struct soft_format *from,
                      const struct soft_format *to, uint64_t a, unsigned rm,
                      unsigned *flags)
{
    struct soft_number n = soft_unpack(from, a);

    switch (n.kind) {
    case SOFT_ZERO:
        return soft_zero(to, n.negative);
    case SOFT_INFINITE:
        return soft_infinity(to, n.negative);
    case SOFT_NAN:
        *flags |= n.signaling ? FFLAG_NV : 0;
        return soft_nan(to);
    default:
        return soft_round(to, n.negative, n.exponent, n.significand, rm,
                          flags);
    }
}
