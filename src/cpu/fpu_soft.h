/*
 * IEEE 754 in integer arithmetic, exact, the same for both formats and all
 * five rounding modes. It computes what the host's floating point cannot
 * (RMM, invalid operations) or should not be trusted with (conversions), all
 * of it on hosts we know no fast path for, and is what tests compare with.
 *
 * Values go in and out as raw bits, a single in the low half. `flags` gathers
 * fflags; NaN results are canonical. Tininess is detected after rounding.
 */
#ifndef POGO_CPU_FPU_SOFT_H
#define POGO_CPU_FPU_SOFT_H

#include "cpu/fpu.h"

/* A binary interchange format: bits of the stored significand, the exponent. */
struct soft_format {
    unsigned fraction_bits, exponent_bits;
};
extern const struct soft_format soft_f32, soft_f64;

uint64_t soft_add(const struct soft_format *f, uint64_t a, uint64_t b,
                  unsigned rm, unsigned *flags);
uint64_t soft_sub(const struct soft_format *f, uint64_t a, uint64_t b,
                  unsigned rm, unsigned *flags);
uint64_t soft_mul(const struct soft_format *f, uint64_t a, uint64_t b,
                  unsigned rm, unsigned *flags);
uint64_t soft_div(const struct soft_format *f, uint64_t a, uint64_t b,
                  unsigned rm, unsigned *flags);
uint64_t soft_sqrt(const struct soft_format *f, uint64_t a, unsigned rm,
                   unsigned *flags);
uint64_t soft_fma(const struct soft_format *f, uint64_t a, uint64_t b,
                  uint64_t c, unsigned rm, unsigned *flags);
/* From one format to the other. */
uint64_t soft_convert(const struct soft_format *from,
                      const struct soft_format *to, uint64_t a, unsigned rm,
                      unsigned *flags);

/*
 * The parts the above are made of. A number is taken apart into its kind,
 * sign, and for a finite one: value = significand / 2^63 * 2^exponent, with
 * bit 63 of the significand set.
 */
enum soft_kind { SOFT_ZERO, SOFT_FINITE, SOFT_INFINITE, SOFT_NAN };

struct soft_number {
    enum soft_kind kind;
    bool negative;
    bool signaling; /* of a NaN */
    int exponent;
    uint64_t significand;
};

struct soft_number soft_unpack(const struct soft_format *f, uint64_t raw);

/*
 * The nearest number that `f` has, packed. The significand has bit 63 set, and
 * bit 0 stands for everything below it too ("sticky").
 */
uint64_t soft_round(const struct soft_format *f, bool negative, int exponent,
                    uint64_t significand, unsigned rm, unsigned *flags);

uint64_t soft_zero(const struct soft_format *f, bool negative);
uint64_t soft_infinity(const struct soft_format *f, bool negative);
uint64_t soft_nan(const struct soft_format *f);

/*
 * Whether a number whose last kept bit is `odd` and whose remainder is
 * `below`, in units of which `half` make half a last place, is rounded away
 * from zero.
 */
static inline bool soft_rounds_up(bool negative, bool odd, uint64_t below,
                                  uint64_t half, unsigned rm)
{
    switch (rm) {
    case RM_RNE: return below > half || (below == half && odd);
    case RM_RDN: return negative && below;
    case RM_RUP: return !negative && below;
    case RM_RMM: return below >= half;
    default: return false; /* RM_RTZ */
    }
}

#endif
