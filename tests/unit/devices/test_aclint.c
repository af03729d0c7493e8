/* ACLINT: software interrupts, and timers due at the exact count. */
#include "devices/fixture.h"

#define MSIP(hart)     (ACLINT_BASE + 4 * (hart))
#define MTIMECMP(hart) (ACLINT_BASE + 0x4000 + 8 * (hart))
#define MTIME          (ACLINT_BASE + 0xbff8)
#define LINE_MSI       BIT(3)
#define LINE_MTI       BIT(7)

static void advance(struct fixture *f, uint64_t count)
{
    clock_advance(&f->bus.clock, count);
}

static void msip_has_one_writable_bit_that_is_the_line(void **state)
{
    struct fixture *f = *state;

    bus_put(f, MSIP(2), 4, 0xffffffff);
    assert_int_equal(bus_get(f, MSIP(2), 4), 1);
    assert_int_equal(f->lines[2], LINE_MSI);
    assert_int_equal(f->lines[1], 0);
    assert_true(f->bus.attention);
    bus_put(f, MSIP(2), 4, 0xfffffffe);
    assert_int_equal(f->lines[2], 0);
}

static void harts_that_are_not_there_read_as_zero(void **state)
{
    struct fixture *f = *state;

    bus_put(f, MSIP(FIXTURE_HARTS), 4, 1);
    assert_int_equal(bus_get(f, MSIP(FIXTURE_HARTS), 4), 0);
    bus_put(f, MTIMECMP(FIXTURE_HARTS), 8, 0);
    assert_int_equal(bus_get(f, MTIMECMP(FIXTURE_HARTS), 8), 0);
    bus_put(f, SSWI_BASE + 4 * FIXTURE_HARTS, 4, 1);
    assert_int_equal(bus_get(f, ACLINT_BASE + 0xfff8, 8), 0);
}

static void no_timer_is_due_after_reset(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(bus_get(f, MTIMECMP(0), 8), UINT64_MAX);
    assert_int_equal(clock_next(&f->bus.clock), CLOCK_NEVER);
    advance(f, UINT64_C(1) << 60);
    assert_int_equal(f->lines[0], 0);
}

static void the_timer_line_rises_at_the_exact_count(void **state)
{
    struct fixture *f = *state;

    advance(f, 1234);
    bus_put(f, MTIMECMP(1), 8, 20);
    assert_int_equal(clock_next(&f->bus.clock), 2000);
    advance(f, 1999);
    assert_int_equal(f->lines[1], 0);
    f->bus.attention = false;
    advance(f, 2000);
    assert_int_equal(bus_get(f, MTIME, 8), 20);
    assert_int_equal(f->lines[1], LINE_MTI);
    assert_true(f->bus.attention);
    assert_int_equal(f->lines[0], 0);
}

static void a_time_that_has_passed_raises_the_line_at_once(void **state)
{
    struct fixture *f = *state;

    advance(f, 5000);
    bus_put(f, MTIMECMP(0), 8, 50);
    assert_int_equal(f->lines[0], LINE_MTI);
    bus_put(f, MTIMECMP(0), 8, 51);
    assert_int_equal(f->lines[0], 0);
    advance(f, 5100);
    assert_int_equal(f->lines[0], LINE_MTI);
    bus_put(f, MTIMECMP(0), 8, UINT64_MAX);
    assert_int_equal(f->lines[0], 0);
    assert_int_equal(clock_next(&f->bus.clock), CLOCK_NEVER);
}

static void registers_can_be_accessed_by_halves(void **state)
{
    struct fixture *f = *state;

    bus_put(f, MTIMECMP(0) + 4, 4, 0x11223344);
    bus_put(f, MTIMECMP(0), 4, 0x55667788);
    assert_int_equal(bus_get(f, MTIMECMP(0), 8), UINT64_C(0x1122334455667788));
    assert_int_equal(bus_get(f, MTIMECMP(0), 4), 0x55667788);
    assert_int_equal(bus_get(f, MTIMECMP(0) + 4, 4), 0x11223344);
    advance(f, UINT64_C(0x123456789) * 100);
    assert_int_equal(bus_get(f, MTIME, 4), 0x23456789);
    assert_int_equal(bus_get(f, MTIME + 4, 4), 1);
    bus_put(f, MTIME + 4, 4, 7);
    assert_int_equal(bus_get(f, MTIME, 8), UINT64_C(0x723456789));
    bus_put(f, MTIME, 4, 1);
    assert_int_equal(bus_get(f, MTIME, 8), UINT64_C(0x700000001));
    assert_load_faults(f, MTIME, 2);
    assert_store_faults(f, MTIMECMP(0), 1);
    assert_load_faults(f, MSIP(0), 8);
}

static void writing_mtime_moves_every_timer(void **state)
{
    struct fixture *f = *state;

    bus_put(f, MTIMECMP(0), 8, 1000);
    bus_put(f, MTIMECMP(1), 8, 500);
    bus_put(f, MTIME, 8, 600);
    assert_int_equal(f->times_written, 1);
    assert_int_equal(f->lines[0], 0);
    assert_int_equal(f->lines[1], LINE_MTI);
    assert_int_equal(clock_next(&f->bus.clock), 400 * 100);
    bus_put(f, MTIME, 8, 0);
    assert_int_equal(f->lines[1], 0);
    assert_int_equal(clock_next(&f->bus.clock), 500 * 100);
    advance(f, 500 * 100);
    assert_int_equal(f->lines[1], LINE_MTI);
}

static void the_line_falls_when_mtime_wraps_around(void **state)
{
    struct fixture *f = *state;

    bus_put(f, MTIMECMP(0), 8, 5);
    bus_put(f, MTIME, 8, UINT64_MAX - 1);
    assert_int_equal(f->lines[0], LINE_MTI);
    advance(f, 199);
    assert_int_equal(f->lines[0], LINE_MTI);
    assert_int_equal(clock_next(&f->bus.clock), 200);
    advance(f, 200);
    assert_int_equal(bus_get(f, MTIME, 8), 0);
    assert_int_equal(f->lines[0], 0);
    advance(f, 700);
    assert_int_equal(f->lines[0], LINE_MTI);
}

static void setssip_is_an_edge_and_reads_as_zero(void **state)
{
    struct fixture *f = *state;

    bus_put(f, SSWI_BASE + 4 * 3, 4, 1);
    assert_true(f->bus.attention);
    assert_int_equal(bus_get(f, SSWI_BASE + 4 * 3, 4), 0);
    bus_put(f, SSWI_BASE + 4 * 3, 4, 0);
    assert_int_equal(f->ssip[3], 1);
    bus_put(f, SSWI_BASE + 4 * 3, 4, 1);
    assert_int_equal(f->ssip[3], 2);
    assert_int_equal(f->ssip[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(msip_has_one_writable_bit_that_is_the_line),
        FIXTURE_TEST(harts_that_are_not_there_read_as_zero),
        FIXTURE_TEST(no_timer_is_due_after_reset),
        FIXTURE_TEST(the_timer_line_rises_at_the_exact_count),
        FIXTURE_TEST(a_time_that_has_passed_raises_the_line_at_once),
        FIXTURE_TEST(registers_can_be_accessed_by_halves),
        FIXTURE_TEST(writing_mtime_moves_every_timer),
        FIXTURE_TEST(the_line_falls_when_mtime_wraps_around),
        FIXTURE_TEST(setssip_is_an_edge_and_reads_as_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
