/* A row of intervals that grows wider with the run. */
#include "check/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct series s;

static void instructions_are_divided_at_the_boundaries(void **state)
{
    (void)state;
    series_init(&s);
    series_direct(&s, 900, 1200);
    assert_int_equal(s.length, 3);
    assert_int_equal(s.interval[0].direct, 100);
    assert_int_equal(s.interval[1].direct, 1000);
    assert_int_equal(s.interval[2].direct, 100);
}

static void a_longer_run_doubles_the_width_and_loses_nothing(void **state)
{
    uint64_t exits = 0, direct = 0;

    (void)state;
    series_init(&s);
    for (uint64_t n = 0; n < 3000; n++) {
        series_exit(&s, n * 1000, 2, 1);
        series_direct(&s, n * 1000 + 1, 999);
    }
    assert_int_equal(s.width, 8000);
    assert_int_equal(s.length, 375);
    for (unsigned k = 0; k < SERIES_LENGTH; k++) {
        exits += s.interval[k].exits[2];
        direct += s.interval[k].direct;
        if (k < s.length)
            assert_int_equal(s.interval[k].emulated, 8);
    }
    assert_int_equal(exits, 3000);
    assert_int_equal(direct, 3000 * 999);
}

static void one_step_may_double_the_width_many_times(void **state)
{
    (void)state;
    series_init(&s);
    series_exit(&s, 0, 0, 0);
    series_exit(&s, UINT64_C(1) << 60, 0, 0);
    assert_true(s.length <= SERIES_LENGTH && s.length > SERIES_LENGTH / 2);
    assert_int_equal(s.interval[0].exits[0], 1);
    assert_int_equal(s.interval[s.length - 1].exits[0], 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instructions_are_divided_at_the_boundaries),
        cmocka_unit_test(a_longer_run_doubles_the_width_and_loses_nothing),
        cmocka_unit_test(one_step_may_double_the_width_many_times),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
