/* Operands for the tests of floating point. */
#ifndef POGO_TESTS_CPU_FPU_OPERANDS_H
#define POGO_TESTS_CPU_FPU_OPERANDS_H

#include "cpu/fpu_soft.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
/* Random operand sets for each operation, format and mode. */
#define ROUNDS 40000
#define MODES 5

/* Doubles. */
#define ONE UINT64_C(0x3ff0000000000000)
#define INFINITE UINT64_C(0x7ff0000000000000)
#define SIGN BIT(63)
#define QUIET UINT64_C(0x7ff8000000000001)
#define SIGNALING UINT64_C(0x7ff0000000000001)

union single {
    float value;
    uint32_t bits;
};

union pair {
    double value;
    uint64_t bits;
};

static inline uint64_t random_bits(void)
{
    static uint64_t s = 0x9e3779b97f4a7c15;

    s ^= s << 13;
    s ^= s >> 7;
    s ^= s << 17;
    return s * 0x2545f4914f6cdd1d;
}

/* Magnitudes at which something changes, then with sign and neighbours. */
static inline uint64_t boundary(const struct soft_format *f, unsigned n)
{
    uint64_t one = (BIT(f->exponent_bits - 1) - 1) << f->fraction_bits;
    uint64_t least_normal = BIT(f->fraction_bits);
    uint64_t infinity = soft_infinity(f, false);
    const uint64_t values[] = {
        0, 1, 2, least_normal / 2, least_normal - 1, least_normal,
        least_normal + 1, one - 1, one, one + 1, one + least_normal / 2,
        one + least_normal, one * 2, infinity - 1, infinity - least_normal,
        infinity, infinity + 1, soft_nan(f), soft_nan(f) + 7,
        one / 2, one + least_normal * f->fraction_bits,
    };

    return values[n / 2 % COUNT(values)] | soft_zero(f, n & 1);
}
#define BOUNDARIES 42

/* Numbers that meet: exponents near a common one, few or many ones. */
static inline uint64_t random_number(const struct soft_format *f)
{
    uint64_t r = random_bits(), fraction = random_bits();
    unsigned top = (unsigned)BIT(f->exponent_bits) - 1, width = 12;
    unsigned centres[] = {1, top / 2, top / 2 + f->fraction_bits, top - 8};
    unsigned exponent = centres[r & 3] + (r >> 8) % width;

    if ((r >> 2 & 7) == 0)
        return boundary(f, (unsigned)(r >> 16));
    if ((r >> 2 & 7) < 3)
        exponent = (unsigned)(r >> 8);
    if ((r >> 5 & 3) == 0)
        fraction = BIT((r >> 32) % f->fraction_bits) -
                   ((r >> 40) & 1 ? BIT((r >> 48) % f->fraction_bits) : 0);
    if ((r >> 5 & 3) == 1)
        fraction = 0 - (fraction & 3);
    return (fraction & (BIT(f->fraction_bits) - 1)) |
           (uint64_t)(exponent & top) << f->fraction_bits |
           soft_zero(f, r >> 7 & 1);
}

#endif
