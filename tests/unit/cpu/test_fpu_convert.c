/*
 * Conversions between floating point and integers: what saturates, what is
 * inexact, and agreement with the host where C defines the same.
 */
#include <fenv.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fpu_operands.h"

static const int host_modes[] = {FE_TONEAREST, FE_TOWARDZERO, FE_DOWNWARD,
                                 FE_UPWARD};

struct integer_vector {
    uint64_t (*convert)(uint64_t a, unsigned rm, unsigned *flags);
    uint64_t a;
    unsigned rm;
    uint64_t result;
    unsigned flags;
};

static void conversions_to_integers_saturate_as_the_manual_says(void **state)
{
    static const uint64_t half = UINT64_C(0x3fe0000000000000);
    static const uint64_t max_w = 0x7fffffff, min_w = ~max_w;
    const struct integer_vector vectors[] = {
        {f64_to_w, QUIET, RM_RTZ, max_w, FFLAG_NV},
        {f64_to_w, SIGN | SIGNALING, RM_RTZ, max_w, FFLAG_NV},
        {f64_to_w, SIGN | INFINITE, RM_RTZ, min_w, FFLAG_NV},
        {f64_to_wu, QUIET, RM_RTZ, ~UINT64_C(0), FFLAG_NV},
        {f64_to_wu, SIGN | ONE, RM_RTZ, 0, FFLAG_NV},
        {f64_to_wu, SIGN | half, RM_RTZ, 0, FFLAG_NX},
        {f64_to_wu, SIGN | half, RM_RNE, 0, FFLAG_NX},
        {f64_to_wu, SIGN | half, RM_RMM, 0, FFLAG_NV},
        {f64_to_wu, SIGN | half, RM_RDN, 0, FFLAG_NV},
        {f64_to_lu, SIGN | 1, RM_RUP, 0, FFLAG_NX},
        {f64_to_lu, SIGN, RM_RDN, 0, 0},
        {f64_to_l, 1, RM_RUP, 1, FFLAG_NX},
        {f64_to_l, SIGN | 1, RM_RDN, ~UINT64_C(0), FFLAG_NX},
        {f64_to_l, SIGN | 1, RM_RMM, 0, FFLAG_NX},
        {f64_to_l, half, RM_RMM, 1, FFLAG_NX},
        {f64_to_l, half, RM_RNE, 0, FFLAG_NX},
        /* 2^31 - 0.5, ±2^31, 2^32, ±2^63, 2^64 */
        {f64_to_w, UINT64_C(0x41dfffffffe00000), RM_RTZ, max_w, FFLAG_NX},
        {f64_to_w, UINT64_C(0x41dfffffffe00000), RM_RNE, max_w, FFLAG_NV},
        {f64_to_w, UINT64_C(0x41e0000000000000), RM_RTZ, max_w, FFLAG_NV},
        {f64_to_w, UINT64_C(0xc1e0000000000000), RM_RTZ, min_w, 0},
        {f64_to_wu, UINT64_C(0x41e0000000000000), RM_RTZ, min_w, 0},
        {f64_to_wu, UINT64_C(0x41f0000000000000), RM_RTZ, ~UINT64_C(0),
         FFLAG_NV},
        {f64_to_l, UINT64_C(0x43e0000000000000), RM_RTZ, INT64_MAX, FFLAG_NV},
        {f64_to_l, UINT64_C(0xc3e0000000000000), RM_RTZ, SIGN, 0},
        {f64_to_lu, UINT64_C(0x43e0000000000000), RM_RTZ, SIGN, 0},
        {f64_to_lu, UINT64_C(0x43f0000000000000), RM_RTZ, ~UINT64_C(0),
         FFLAG_NV},
    };

    (void)state;
    for (size_t n = 0; n < COUNT(vectors); n++) {
        const struct integer_vector *v = &vectors[n];
        unsigned flags = 0;
        uint64_t result = v->convert(v->a, v->rm, &flags);

        if (result != v->result || flags != v->flags)
            fail_msg("vector %zu: %llx flags %02x", n,
                     (unsigned long long)result, flags);
    }
}

static void singles_convert_to_integers_too(void **state)
{
    unsigned flags = 0;

    (void)state;
    assert_true(f32_to_w(0xc0300000, RM_RNE, &flags) == ~UINT64_C(2));
    assert_true(f32_to_wu(0x4f000000, RM_RNE, &flags) ==
                UINT64_C(0xffffffff80000000));
    assert_true(f32_to_l(0xdf000000, RM_RNE, &flags) == SIGN);
    assert_int_equal(flags, FFLAG_NX);
    assert_true(f32_to_lu(0x7fc00000, RM_RNE, &flags) == ~UINT64_C(0));
    assert_int_equal(flags, FFLAG_NX | FFLAG_NV);
}

/* libm's rounding functions as a second opinion on numbers in range. */
static void conversions_agree_with_libm(void **state)
{
    (void)state;
    for (unsigned n = 0; n < ROUNDS * MODES; n++) {
        union pair x = {.bits = random_number(&soft_f64)};
        volatile double in = x.value, out;
        unsigned flags = 0, rm = n % MODES;
        uint64_t result;

        if (!(fabs(x.value) < 0x1p62))
            continue;
        if (rm != RM_RMM)
            fesetround(host_modes[rm]);
        out = rm == RM_RMM ? round(in) : nearbyint(in);
        fesetround(FE_TONEAREST);
        result = f64_to_l(x.bits, rm, &flags);
        assert_true((int64_t)result == (int64_t)out);
        assert_int_equal(flags, out == in ? 0 : FFLAG_NX);
    }
}

static void integers_convert_as_the_host_does(void **state)
{
    (void)state;
    for (unsigned n = 0; n < ROUNDS; n++) {
        uint64_t x = random_bits() >> (n & 63);
        unsigned flags = 0;
        union pair l = {.value = (double)(int64_t)x};
        union pair lu = {.value = (double)x};
        union pair w = {.value = (double)(int32_t)x};
        union pair wu = {.value = (double)(uint32_t)x};
        union single s = {(float)(int64_t)x}, su = {(float)x};
        union single sw = {(float)(int32_t)x}, swu = {(float)(uint32_t)x};

        assert_true(f64_from_l(x, RM_RNE, &flags) == l.bits);
        assert_true(f64_from_lu(x, RM_RNE, &flags) == lu.bits);
        assert_true(f64_from_w(x) == w.bits);
        assert_true(f64_from_wu(x) == wu.bits);
        assert_true(f32_from_l(x, RM_RNE, &flags) == s.bits);
        assert_true(f32_from_lu(x, RM_RNE, &flags) == su.bits);
        assert_true(f32_from_w(x, RM_RNE, &flags) == sw.bits);
        assert_true(f32_from_wu(x, RM_RNE, &flags) == swu.bits);
    }
}

static void integers_that_do_not_fit_are_inexact(void **state)
{
    unsigned flags = 0;

    (void)state;
    assert_true(f64_from_l(BIT(53), RM_RNE, &flags) == ONE + (53ull << 52));
    assert_int_equal(flags, 0);
    assert_true(f64_from_l(BIT(53) + 1, RM_RUP, &flags) ==
                ONE + (53ull << 52) + 1);
    assert_int_equal(flags, FFLAG_NX);
    /* 2^64 - 1 rounds to 2^64 */
    assert_int_equal(f32_from_lu(~UINT64_C(0), RM_RNE, &flags), 0x5f800000);
    assert_int_equal(f32_from_lu(~UINT64_C(0), RM_RTZ, &flags), 0x5f7fffff);
}

static void widening_keeps_values_and_makes_nans_canonical(void **state)
{
    unsigned flags = 0;

    (void)state;
    assert_true(f64_from_f32(0x00000001, &flags) ==
                UINT64_C(0x36a0000000000000));
    assert_true(f64_from_f32(0xff800000, &flags) == (SIGN | INFINITE));
    assert_true(f64_from_f32(0xffc00001, &flags) == F64_CANONICAL_NAN);
    assert_int_equal(flags, 0);
    assert_true(f64_from_f32(0x7f800001, &flags) == F64_CANONICAL_NAN);
    assert_int_equal(flags, FFLAG_NV);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions_to_integers_saturate_as_the_manual_says),
        cmocka_unit_test(singles_convert_to_integers_too),
        cmocka_unit_test(conversions_agree_with_libm),
        cmocka_unit_test(integers_convert_as_the_host_does),
        cmocka_unit_test(integers_that_do_not_fit_are_inexact),
        cmocka_unit_test(widening_keeps_values_and_makes_nans_canonical),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
