/*
 * Conversions between floating point and integers, and from single to double
 * ("F" chapter, "Single-Precision Floating-Point Conversion and Move
 * Instructions", and the same of "D"). Out of range: the nearest integer there
 * is, and NV alone; a NaN counts as +infinity.
 */
#include "cpu/fpu_soft.h"

/* An integer type: its limits, as magnitudes. */
struct integer {
    uint64_t most_positive, most_negative;
};

static const struct integer type_w = {INT32_MAX, BIT(31)};
static const struct integer type_wu = {UINT32_MAX, 0};
static const struct integer type_l = {INT64_MAX, BIT(63)};
static const struct integer type_lu = {UINT64_MAX, 0};

static uint64_t signed_of(bool negative, uint64_t magnitude)
{
    return negative ? -magnitude : magnitude;
}

static uint64_t saturated(const struct integer *type, bool negative,
                          unsigned *flags)
{
    *flags |= FFLAG_NV;
    return signed_of(negative,
                     negative ? type->most_negative : type->most_positive);
}

/* The low 64 bits of the integer; the W forms extend it. */
static uint64_t to_integer(const struct soft_format *f, uint64_t raw,
                           const struct integer *type, unsigned rm,
                           unsigned *flags)
{
    struct soft_number n = soft_unpack(f, raw);
    unsigned __int128 fixed; /* 64 bits, point, 64 bits */
    uint64_t whole, below;
    int drop = 63 - n.exponent;

    if (n.kind == SOFT_ZERO)
        return 0;
    if (n.kind != SOFT_FINITE || drop < 0)
        return saturated(type, n.negative && n.kind != SOFT_NAN, flags);
    fixed = (unsigned __int128)n.significand << 64;
    /* beyond 127 there is less than a quarter left: a sticky bit is enough */
    fixed = drop < 128 ? fixed >> drop : 1;
    whole = (uint64_t)(fixed >> 64);
    below = (uint64_t)fixed;
    if (soft_rounds_up(n.negative, whole & 1, below, BIT(63), rm))
        whole++;
    if (whole > (n.negative ? type->most_negative : type->most_positive))
        return saturated(type, n.negative, flags);
    if (below)
        *flags |= FFLAG_NX;
    return signed_of(n.negative, whole);
}

static uint64_t from_integer(const struct soft_format *f, bool negative,
                             uint64_t magnitude, unsigned rm, unsigned *flags)
{
    int leading;

    if (magnitude == 0)
        return soft_zero(f, false);
    leading = __builtin_clzll(magnitude);
    return soft_round(f, negative, 63 - leading, magnitude << leading, rm,
                      flags);
}

static uint64_t from_signed(const struct soft_format *f, int64_t x,
                            unsigned rm, unsigned *flags)
{
    return from_integer(f, x < 0, signed_of(x < 0, (uint64_t)x), rm, flags);
}

static uint64_t extend_word(uint64_t v)
{
    return (uint64_t)sign_extend(v, 32);
}

uint64_t f32_to_w(uint32_t a, unsigned rm, unsigned *flags)
{
    return extend_word(to_integer(&soft_f32, a, &type_w, rm, flags));
}

uint64_t f32_to_wu(uint32_t a, unsigned rm, unsigned *flags)
{
    return extend_word(to_integer(&soft_f32, a, &type_wu, rm, flags));
}

uint64_t f32_to_l(uint32_t a, unsigned rm, unsigned *flags)
{
    return to_integer(&soft_f32, a, &type_l, rm, flags);
}

uint64_t f32_to_lu(uint32_t a, unsigned rm, unsigned *flags)
{
    return to_integer(&soft_f32, a, &type_lu, rm, flags);
}

uint64_t f64_to_w(uint64_t a, unsigned rm, unsigned *flags)
{
    return extend_word(to_integer(&soft_f64, a, &type_w, rm, flags));
}

uint64_t f64_to_wu(uint64_t a, unsigned rm, unsigned *flags)
{
    return extend_word(to_integer(&soft_f64, a, &type_wu, rm, flags));
}

uint64_t f64_to_l(uint64_t a, unsigned rm, unsigned *flags)
{
    return to_integer(&soft_f64, a, &type_l, rm, flags);
}

uint64_t f64_to_lu(uint64_t a, unsigned rm, unsigned *flags)
{
    return to_integer(&soft_f64, a, &type_lu, rm, flags);
}

uint32_t f32_from_w(uint64_t x, unsigned rm, unsigned *flags)
{
    return (uint32_t)from_signed(&soft_f32, sign_extend(x, 32), rm, flags);
}

uint32_t f32_from_wu(uint64_t x, unsigned rm, unsigned *flags)
{
    return (uint32_t)from_integer(&soft_f32, false, (uint32_t)x, rm, flags);
}

uint32_t f32_from_l(uint64_t x, unsigned rm, unsigned *flags)
{
    return (uint32_t)from_signed(&soft_f32, (int64_t)x, rm, flags);
}

uint32_t f32_from_lu(uint64_t x, unsigned rm, unsigned *flags)
{
    return (uint32_t)from_integer(&soft_f32, false, x, rm, flags);
}

/* 32 bits fit into a double: nothing is rounded, no flag is raised. */
uint64_t f64_from_w(uint64_t x)
{
    unsigned none = 0;

    return from_signed(&soft_f64, sign_extend(x, 32), RM_RNE, &none);
}

uint64_t f64_from_wu(uint64_t x)
{
    unsigned none = 0;

    return from_integer(&soft_f64, false, (uint32_t)x, RM_RNE, &none);
}

uint64_t f64_from_l(uint64_t x, unsigned rm, unsigned *flags)
{
    return from_signed(&soft_f64, (int64_t)x, rm, flags);
}

uint64_t f64_from_lu(uint64_t x, unsigned rm, unsigned *flags)
{
    return from_integer(&soft_f64, false, x, rm, flags);
}

/* Every single is a double: nothing is rounded. */
uint64_t f64_from_f32(uint32_t a, unsigned *flags)
{
    return soft_convert(&soft_f32, &soft_f64, a, RM_RNE, flags);
}
