/*
 * Floating point: what guests get, the integer path, and the floating point of
 * the program at hand agree on results and flags in every rounding mode they
 * have; and where hosts differ (NaNs, conversions, min and max, RMM) it is as
 * the F and D chapters say.
 */
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fpu_operands.h"

static const struct soft_format *const formats[] = {&soft_f32, &soft_f64};

/* An operation as computed for guests, by integers, and by this program's own
   floating point; c is often unused. */
struct operation {
    const char *name;
    uint64_t (*fast[2])(uint64_t a, uint64_t b, uint64_t c, unsigned rm,
                        unsigned *flags);
    uint64_t (*soft)(const struct soft_format *f, uint64_t a, uint64_t b,
                     uint64_t c, unsigned rm, unsigned *flags);
    float (*host_32)(float a, float b, float c);
    double (*host_64)(double a, double b, double c);
};

/* volatile: computed here and now, between the calls of fenv.h */
#define HOST(name, type, expression) \
    static type name(type in_a, type in_b, type in_c) \
    { \
        volatile type a = in_a, b = in_b, c = in_c, result; \
        (void)b, (void)c; \
        result = expression; \
        return result; \
    }
#define HOST_BOTH(name, expression_32, expression_64) \
    HOST(name##_host_32, float, expression_32) \
    HOST(name##_host_64, double, expression_64)
HOST_BOTH(add, a + b, a + b)
HOST_BOTH(sub, a - b, a - b)
HOST_BOTH(mul, a * b, a * b)
HOST_BOTH(div, a / b, a / b)
HOST_BOTH(sqrt, sqrtf(a), sqrt(a))
HOST_BOTH(fma, fmaf(a, b, c), fma(a, b, c))

#define WRAP(name, fast_call_32, fast_call_64, soft_call) \
    static uint64_t name##_32(uint64_t a, uint64_t b, uint64_t c, \
                              unsigned rm, unsigned *flags) \
    { \
        (void)b, (void)c; \
        return fast_call_32; \
    } \
    static uint64_t name##_64(uint64_t a, uint64_t b, uint64_t c, \
                              unsigned rm, unsigned *flags) \
    { \
        (void)b, (void)c; \
        return fast_call_64; \
    } \
    static uint64_t name##_soft(const struct soft_format *f, uint64_t a, \
                                uint64_t b, uint64_t c, unsigned rm, \
                                unsigned *flags) \
    { \
        (void)b, (void)c; \
        return soft_call; \
    }
#define WRAP_BINARY(name) \
    WRAP(name, f32_##name((uint32_t)a, (uint32_t)b, rm, flags), \
         f64_##name(a, b, rm, flags), soft_##name(f, a, b, rm, flags))
WRAP_BINARY(add)
WRAP_BINARY(sub)
WRAP_BINARY(mul)
WRAP_BINARY(div)
WRAP(sqrt, f32_sqrt((uint32_t)a, rm, flags), f64_sqrt(a, rm, flags),
     soft_sqrt(f, a, rm, flags))
WRAP(fma, f32_fma((uint32_t)a, (uint32_t)b, (uint32_t)c, rm, flags),
     f64_fma(a, b, c, rm, flags), soft_fma(f, a, b, c, rm, flags))

static const struct operation operations[] = {
    {"add", {add_32, add_64}, add_soft, add_host_32, add_host_64},
    {"sub", {sub_32, sub_64}, sub_soft, sub_host_32, sub_host_64},
    {"mul", {mul_32, mul_64}, mul_soft, mul_host_32, mul_host_64},
    {"div", {div_32, div_64}, div_soft, div_host_32, div_host_64},
    {"sqrt", {sqrt_32, sqrt_64}, sqrt_soft, sqrt_host_32, sqrt_host_64},
    {"fma", {fma_32, fma_64}, fma_soft, fma_host_32, fma_host_64},
};

static const int host_modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD,
                                 FE_UPWARD};

static unsigned host_flags(void)
{
    static const struct { int host, guest; } pairs[] = {
        {FE_INEXACT, FFLAG_NX}, {FE_UNDERFLOW, FFLAG_UF},
        {FE_OVERFLOW, FFLAG_OF}, {FE_DIVBYZERO, FFLAG_DZ},
        {FE_INVALID, FFLAG_NV},
    };
    unsigned flags = 0;

    for (size_t n = 0; n < COUNT(pairs); n++)
        flags |= fetestexcept(pairs[n].host) ? (unsigned)pairs[n].guest : 0;
    return flags;
}

static uint64_t on_host(const struct operation *o, unsigned format, uint64_t a,
                        uint64_t b, uint64_t c, unsigned rm, unsigned *flags)
{
    union single x = {.bits = (uint32_t)a}, y = {.bits = (uint32_t)b},
                 z = {.bits = (uint32_t)c};
    union pair u = {.bits = a}, v = {.bits = b}, w = {.bits = c};

    feclearexcept(FE_ALL_EXCEPT);
    fesetround(host_modes[rm]);
    if (format)
        u.value = o->host_64(u.value, v.value, w.value);
    else
        x.value = o->host_32(x.value, y.value, z.value);
    *flags |= host_flags();
    fesetround(FE_TONEAREST);
    return format ? u.bits : x.bits;
}

/*
 * The integers against this program's arithmetic. Hosts have their own NaNs;
 * whether 0 * infinity + NaN is invalid they choose; and tininess is detected
 * after rounding on x86 as it is on RISC-V, elsewhere perhaps before.
 */
static bool host_differs(const struct operation *o, unsigned format, uint64_t a,
                         uint64_t b, uint64_t c, unsigned rm, uint64_t soft,
                         unsigned soft_flags)
{
    unsigned flags = 0, mask = 31;
    uint64_t host;

    if (rm == RM_RMM)
        return false;
#if !defined(__x86_64__)
    mask &= ~(unsigned)FFLAG_UF;
#endif
    host = on_host(o, format, a, b, c, rm, &flags);
    if (soft == soft_nan(formats[format])) {
        mask = o->soft == fma_soft ? 0 : mask;
        host = soft_unpack(formats[format], host).kind == SOFT_NAN ? soft : 0;
    }
    return host != soft || ((flags ^ soft_flags) & mask);
}

static void compare(const struct operation *o, unsigned format, uint64_t a,
                    uint64_t b, uint64_t c, unsigned rm)
{
    /* flags are gathered: some stand already */
    unsigned before = (unsigned)random_bits() & 31 & (unsigned)random_bits();
    unsigned fast_flags = before, soft_flags = 0;
    uint64_t fast = o->fast[format](a, b, c, rm, &fast_flags);
    uint64_t soft = o->soft(formats[format], a, b, c, rm, &soft_flags);

    if (fast != soft || fast_flags != (before | soft_flags) ||
        host_differs(o, format, a, b, c, rm, soft, soft_flags))
        fail_msg("f%u %s rm %u of %llx %llx %llx: %llx flags %02x, by integers "
                 "%llx flags %02x", format ? 64 : 32, o->name, rm,
                 (unsigned long long)a, (unsigned long long)b,
                 (unsigned long long)c, (unsigned long long)fast, fast_flags,
                 (unsigned long long)soft, soft_flags);
}

static void host_and_integers_agree_on_random_operands(void **state)
{
    (void)state;
    for (size_t o = 0; o < COUNT(operations); o++)
        for (unsigned format = 0; format < 2; format++)
            for (unsigned n = 0; n < ROUNDS * MODES; n++)
                compare(&operations[o], format,
                        random_number(formats[format]),
                        random_number(formats[format]),
                        random_number(formats[format]), n % MODES);
}

static void host_and_integers_agree_at_all_boundaries(void **state)
{
    (void)state;
    for (size_t o = 0; o < COUNT(operations); o++)
        for (unsigned format = 0; format < 2; format++)
            for (unsigned n = 0; n < BOUNDARIES * BOUNDARIES; n++)
                for (unsigned rm = 0; rm < MODES; rm++)
                    compare(&operations[o], format,
                            boundary(formats[format], n / BOUNDARIES),
                            boundary(formats[format], n % BOUNDARIES),
                            boundary(formats[format],
                                     (unsigned)random_bits() % BOUNDARIES),
                            rm);
}

static void narrowing_agrees(void **state)
{
    (void)state;
    for (unsigned n = 0; n < ROUNDS * MODES; n++) {
        uint64_t a = random_number(&soft_f64);
        unsigned fast_flags = 0, soft_flags = 0, rm = n % MODES;

        if (n & 1) /* into the range of singles */
            a = f64_from_f32((uint32_t)random_number(&soft_f32), &fast_flags) ^
                (random_bits() & random_bits() & MASK(29, 0));
        fast_flags = 0;
        assert_int_equal(f32_from_f64(a, rm, &fast_flags),
                         soft_convert(&soft_f64, &soft_f32, a, rm,
                                      &soft_flags));
        assert_int_equal(fast_flags, soft_flags);
    }
}

/* RMM has no host to compare with: it is one of the two neighbours, the same
   as RNE but for ties, and there the one farther from zero. */
static void nearest_ties_to_max_magnitude(void **state)
{
    (void)state;
    for (unsigned n = 0; n < ROUNDS; n++) {
        uint64_t a = random_number(&soft_f64), b = random_number(&soft_f64);
        unsigned none = 0, even_flags = 0, max_flags = 0;
        uint64_t even = f64_mul(a, b, RM_RNE, &even_flags);
        uint64_t max = f64_mul(a, b, RM_RMM, &max_flags);
        uint64_t zero = f64_mul(a, b, RM_RTZ, &none);

        if (max == even) {
            assert_int_equal(max_flags, even_flags);
            continue;
        }
        assert_int_equal(even, zero);
        assert_int_equal(max, zero + 1);
        assert_int_equal(even & 1, 0);
    }
}

struct vector {
    uint64_t a, b, c;
    unsigned rm;
    uint64_t result;
    unsigned flags;
};

#define NX_OF (FFLAG_NX | FFLAG_OF)
#define NX_UF (FFLAG_NX | FFLAG_UF)

static void fma_vectors_hold(void **state)
{
    static const struct vector vectors[] = {
        {ONE, ONE, QUIET, RM_RNE, F64_CANONICAL_NAN, 0},
        {ONE, SIGNALING, ONE, RM_RNE, F64_CANONICAL_NAN, FFLAG_NV},
        /* infinity * 0 is invalid even when a quiet NaN is added */
        {INFINITE, 0, QUIET, RM_RNE, F64_CANONICAL_NAN, FFLAG_NV},
        {INFINITE, ONE, SIGN | INFINITE, RM_RNE, F64_CANONICAL_NAN, FFLAG_NV},
        {ONE, ONE, SIGN | ONE, RM_RNE, 0, 0},
        {ONE, ONE, SIGN | ONE, RM_RDN, SIGN, 0},
        /* 1 + 2^-53: a tie */
        {ONE, ONE, ONE - (UINT64_C(53) << 52), RM_RNE, ONE, FFLAG_NX},
        {ONE, ONE, ONE - (UINT64_C(53) << 52), RM_RMM, ONE + 1, FFLAG_NX},
        {SIGN | ONE, ONE, SIGN | (ONE - (UINT64_C(53) << 52)), RM_RMM,
         (SIGN | ONE) + 1, FFLAG_NX},
        {INFINITE - 1, INFINITE - 1, 0, RM_RTZ, INFINITE - 1, NX_OF},
        {INFINITE - 1, INFINITE - 1, 0, RM_RMM, INFINITE, NX_OF},
        /* 2^-1022 (1 - 2^-104) rounds up to the least normal, and would with
           any exponent: not tiny after rounding */
        {BIT(52) - 1, ONE + 1, 0, RM_RNE, BIT(52), FFLAG_NX},
        /* 2^-1022 (1 - 2^-53) would be exact: tiny */
        {ONE - 1, BIT(52), 0, RM_RNE, BIT(52), NX_UF},
        {ONE - 1, BIT(52), 0, RM_RTZ, BIT(52) - 1, NX_UF},
    };

    (void)state;
    for (size_t n = 0; n < COUNT(vectors); n++) {
        const struct vector *v = &vectors[n];
        unsigned flags = 0;
        uint64_t result = f64_fma(v->a, v->b, v->c, v->rm, &flags);

        if (result != v->result || flags != v->flags)
            fail_msg("vector %zu: %llx flags %02x", n,
                     (unsigned long long)result, flags);
    }
}

static void single_fma_rounds_once(void **state)
{
    unsigned flags = 0;

    (void)state;
    /* (1 + 2^-12)^2 is a tie that 2^-60 decides; in double, it would vanish */
    assert_int_equal(f32_fma(0x3f800800, 0x3f800800, 0x21800000, RM_RNE,
                             &flags), 0x3f801001);
    assert_int_equal(f32_fma(0x3f800800, 0x3f800800, 0, RM_RNE, &flags),
                     0x3f801000);
}

/* Stale host flags, and a host that rounds otherwise, must not leak in. */
static void host_state_does_not_matter(void **state)
{
    volatile double tenth = 0.1, third = 3.0, zero = 0, sink;
    unsigned flags = 0;

    (void)state;
    sink = tenth / third;
    sink = third / zero;
    (void)sink;
    assert_true(f64_add(ONE, ONE, RM_RNE, &flags) == ONE + BIT(52));
    assert_int_equal(flags, 0);
    fesetround(FE_UPWARD);
    assert_true(f64_add(ONE, 1, RM_RNE, &flags) == ONE);
    fesetround(FE_TONEAREST);
    assert_int_equal(flags, FFLAG_NX);
    f64_add(ONE, 1, RM_RUP, &flags);
    assert_int_equal(fegetround(), FE_TONEAREST);
}

static void boxing_keeps_singles_and_rejects_doubles(void **state)
{
    (void)state;
    assert_int_equal(f32_unbox(f32_box(0x3f800000)), 0x3f800000);
    assert_int_equal(f32_unbox(ONE), F32_CANONICAL_NAN);
    assert_int_equal(f32_unbox(0x3f800000), F32_CANONICAL_NAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(host_and_integers_agree_on_random_operands),
        cmocka_unit_test(host_and_integers_agree_at_all_boundaries),
        cmocka_unit_test(narrowing_agrees),
        cmocka_unit_test(nearest_ties_to_max_magnitude),
        cmocka_unit_test(fma_vectors_hold),
        cmocka_unit_test(single_fma_rounds_once),
        cmocka_unit_test(host_state_does_not_matter),
        cmocka_unit_test(boxing_keeps_singles_and_rejects_doubles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
