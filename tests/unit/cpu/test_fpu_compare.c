/* Comparisons, minimum and maximum, and fclass. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fpu_operands.h"

static void min_and_max_follow_ieee_2019(void **state)
{
    unsigned flags = 0;

    (void)state;
    assert_true(f64_min(0, SIGN, &flags) == SIGN);
    assert_true(f64_max(SIGN, 0, &flags) == 0);
    assert_true(f64_min(SIGN | ONE, SIGN | (ONE + 1), &flags) ==
                (SIGN | (ONE + 1)));
    assert_true(f64_max(ONE, INFINITE, &flags) == INFINITE);
    assert_true(f64_min(QUIET, ONE, &flags) == ONE);
    assert_true(f64_max(ONE, QUIET, &flags) == ONE);
    assert_true(f64_max(QUIET, QUIET, &flags) == F64_CANONICAL_NAN);
    assert_int_equal(flags, 0);
    assert_true(f64_max(SIGNALING, ONE, &flags) == ONE);
    assert_int_equal(flags, FFLAG_NV);
    flags = 0;
    assert_int_equal(f32_min(0x7f800001, 0x7fc00000, &flags),
                     F32_CANONICAL_NAN);
    assert_int_equal(flags, FFLAG_NV);
    assert_int_equal(f32_max(0x80000000, 0x00000000, &flags), 0);
}

static void comparisons_are_quiet_or_signaling(void **state)
{
    unsigned flags = 0;

    (void)state;
    assert_true(f64_eq(0, SIGN, &flags));
    assert_false(f64_lt(SIGN, 0, &flags));
    assert_true(f64_le(0, SIGN, &flags));
    assert_true(f64_lt(SIGN | ONE, 0, &flags));
    assert_true(f64_le(SIGN | INFINITE, SIGN | ONE, &flags));
    assert_false(f64_eq(QUIET, QUIET, &flags));
    assert_true(f32_lt(0xff800000, 0x80000001, &flags));
    assert_false(f32_le(0x00000001, 0x80000001, &flags));
    assert_int_equal(flags, 0);
    assert_false(f64_lt(QUIET, ONE, &flags));
    assert_int_equal(flags, FFLAG_NV);
    flags = 0;
    assert_false(f32_le(0x3f800000, 0x7fc00000, &flags));
    assert_int_equal(flags, FFLAG_NV);
    flags = 0;
    assert_false(f64_eq(ONE, SIGNALING, &flags));
    assert_int_equal(flags, FFLAG_NV);
}

/* Random pairs, compared as the host compares numbers. */
static void numbers_compare_as_on_the_host(void **state)
{
    (void)state;
    for (unsigned n = 0; n < ROUNDS; n++) {
        union pair a = {.bits = random_number(&soft_f64)};
        union pair b = {.bits = n & 1 ? random_number(&soft_f64) : a.bits};
        unsigned flags = 0;

        assert_int_equal(f64_eq(a.bits, b.bits, &flags), a.value == b.value);
        assert_int_equal(f64_lt(a.bits, b.bits, &flags),
                         isless(a.value, b.value));
        assert_int_equal(f64_le(a.bits, b.bits, &flags),
                         islessequal(a.value, b.value));
    }
}

static void classes_are_the_manuals_bits(void **state)
{
    static const uint64_t ascending[] = {
        SIGN | INFINITE, SIGN | ONE, SIGN | 1, SIGN, 0, 1, ONE, INFINITE,
        SIGNALING, QUIET,
    };

    (void)state;
    for (unsigned n = 0; n < COUNT(ascending); n++)
        assert_int_equal(f64_classify(ascending[n]), 1u << n);
    assert_int_equal(f32_classify(0xff800000), 1 << 0);
    assert_int_equal(f32_classify(0x807fffff), 1 << 2);
    assert_int_equal(f32_classify(0x00800000), 1 << 6);
    assert_int_equal(f32_classify(0xffc00000), 1 << 9);
    assert_int_equal(f64_classify(BIT(52) - 1), 1 << 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(min_and_max_follow_ieee_2019),
        cmocka_unit_test(comparisons_are_quiet_or_signaling),
        cmocka_unit_test(numbers_compare_as_on_the_host),
        cmocka_unit_test(classes_are_the_manuals_bits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
