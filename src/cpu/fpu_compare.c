/*
 * Comparisons, minimum and maximum (IEEE 754-2019 minimumNumber and
 * maximumNumber, as F and D version 2.2 have them), classification. On raw
 * bits: without the sign, numbers are in the order of their bits.
 */
#include "cpu/fpu.h"

#define F32_SIGN BIT(31)
#define F32_INFINITY UINT64_C(0x7f800000)
#define F32_QUIET BIT(22)
#define F64_SIGN BIT(63)
#define F64_INFINITY UINT64_C(0x7ff0000000000000)
#define F64_QUIET BIT(51)

/* What the comparisons need to know of a format. */
struct layout {
    uint64_t sign, infinity, quiet, nan;
};
static const struct layout f32 = {F32_SIGN, F32_INFINITY, F32_QUIET,
                                  F32_CANONICAL_NAN};
static const struct layout f64 = {F64_SIGN, F64_INFINITY, F64_QUIET,
                                  F64_CANONICAL_NAN};

static inline bool is_nan(const struct layout *f, uint64_t a)
{
    return (a & ~f->sign) > f->infinity;
}

static inline bool is_signaling(const struct layout *f, uint64_t a)
{
    return is_nan(f, a) && !(a & f->quiet);
}

/* Puts numbers that are no NaN in order, -0 before +0. */
static inline int64_t rank(const struct layout *f, uint64_t a)
{
    return a & f->sign ? -(int64_t)(a & ~f->sign) - 1 : (int64_t)a;
}

static inline bool both_zero(const struct layout *f, uint64_t a, uint64_t b)
{
    return ((a | b) & ~f->sign) == 0;
}

/* Is one a NaN? For a quiet comparison only a signaling one is invalid. */
static inline bool unordered(const struct layout *f, uint64_t a, uint64_t b,
                             bool quiet, unsigned *flags)
{
    bool nan = is_nan(f, a) || is_nan(f, b);

    if (quiet ? is_signaling(f, a) || is_signaling(f, b) : nan)
        *flags |= FFLAG_NV;
    return nan;
}

static inline bool equal(const struct layout *f, uint64_t a, uint64_t b,
                         unsigned *flags)
{
    return !unordered(f, a, b, true, flags) && (a == b || both_zero(f, a, b));
}

static inline bool less(const struct layout *f, uint64_t a, uint64_t b,
                        unsigned *flags)
{
    return !unordered(f, a, b, false, flags) &&
           rank(f, a) < rank(f, b) && !both_zero(f, a, b);
}

static inline bool less_or_equal(const struct layout *f, uint64_t a,
                                 uint64_t b, unsigned *flags)
{
    return !unordered(f, a, b, false, flags) &&
           (rank(f, a) <= rank(f, b) || both_zero(f, a, b));
}

/* A NaN loses against a number; two make one. */
static inline uint64_t choose(const struct layout *f, uint64_t a, uint64_t b,
                              bool want_less, unsigned *flags)
{
    if (unordered(f, a, b, true, flags)) {
        if (is_nan(f, a) && is_nan(f, b))
            return f->nan;
        return is_nan(f, a) ? b : a;
    }
    return (rank(f, a) < rank(f, b)) == want_less ? a : b;
}

/* The bits that fclass sets. */
enum {
    CLASS_INFINITE = 0, CLASS_NORMAL = 1, CLASS_SUBNORMAL = 2, CLASS_ZERO = 3,
    CLASS_SIGNALING = 8, CLASS_QUIET = 9,
    CLASS_POSITIVE = 7, /* of a positive number: 7 less that of its negative */
};

static uint64_t classify(const struct layout *f, uint64_t a)
{
    uint64_t magnitude = a & ~f->sign;
    uint64_t least_normal = f->quiet << 1;
    unsigned class = CLASS_NORMAL;

    if (is_nan(f, a))
        return BIT(is_signaling(f, a) ? CLASS_SIGNALING : CLASS_QUIET);
    if (magnitude == f->infinity)
        class = CLASS_INFINITE;
    else if (magnitude == 0)
        class = CLASS_ZERO;
    else if (magnitude < least_normal)
        class = CLASS_SUBNORMAL;
    return BIT(a & f->sign ? class : CLASS_POSITIVE - class);
}

uint32_t f32_min(uint32_t a, uint32_t b, unsigned *flags)
{
    return (uint32_t)choose(&f32, a, b, true, flags);
}

uint32_t f32_max(uint32_t a, uint32_t b, unsigned *flags)
{
    return (uint32_t)choose(&f32, a, b, false, flags);
}

bool f32_eq(uint32_t a, uint32_t b, unsigned *flags)
{
    return equal(&f32, a, b, flags);
}

bool f32_lt(uint32_t a, uint32_t b, unsigned *flags)
{
    return less(&f32, a, b, flags);
}

bool f32_le(uint32_t a, uint32_t b, unsigned *flags)
{
    return less_or_equal(&f32, a, b, flags);
}

uint64_t f32_classify(uint32_t a)
{
    return classify(&f32, a);
}

uint64_t f64_min(uint64_t a, uint64_t b, unsigned *flags)
{
    return choose(&f64, a, b, true, flags);
}

uint64_t f64_max(uint64_t a, uint64_t b, unsigned *flags)
{
    return choose(&f64, a, b, false, flags);
}

bool f64_eq(uint64_t a, uint64_t b, unsigned *flags)
{
    return equal(&f64, a, b, flags);
}

bool f64_lt(uint64_t a, uint64_t b, unsigned *flags)
{
    return less(&f64, a, b, flags);
}

bool f64_le(uint64_t a, uint64_t b, unsigned *flags)
{
    return less_or_equal(&f64, a, b, flags);
}

uint64_t f64_classify(uint64_t a)
{
    return classify(&f64, a);
}
