/* Goldfish RTC: time that follows the count, and the alarm's exact count. */
#include "devices/fixture.h"

enum {
    TIME_LOW = 0x00,
    TIME_HIGH = 0x04,
    ALARM_LOW = 0x08,
    ALARM_HIGH = 0x0c,
    IRQ_ENABLED = 0x10,
    CLEAR_ALARM = 0x14,
    ALARM_STATUS = 0x18,
    CLEAR_INTERRUPT = 0x1c,
};

#define RTC_IRQ 11
#define START   (RTC_DEFAULT_EPOCH * UINT64_C(1000000000))

static uint64_t in(struct fixture *f, unsigned reg)
{
    return bus_get(f, RTC_BASE + reg, 4);
}

static void out(struct fixture *f, unsigned reg, uint64_t v)
{
    bus_put(f, RTC_BASE + reg, 4, v & UINT32_MAX);
}

static uint64_t time_of(struct fixture *f)
{
    uint64_t low = in(f, TIME_LOW);

    return in(f, TIME_HIGH) << 32 | low;
}

static void set_alarm(struct fixture *f, uint64_t ns)
{
    out(f, ALARM_HIGH, ns >> 32);
    out(f, ALARM_LOW, ns);
}

static bool wire(struct fixture *f)
{
    return f->devices.plic.level[0] >> RTC_IRQ & 1;
}

static void time_starts_at_a_fixed_date_and_follows_the_count(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(time_of(f), START);
    clock_advance(&f->bus.clock, 123456789);
    assert_int_equal(time_of(f), START + 123456789);
}

static void reading_the_low_half_latches_the_high_half(void **state)
{
    struct fixture *f = *state;
    uint64_t high;

    in(f, TIME_LOW);
    high = START >> 32;
    clock_advance(&f->bus.clock, UINT64_C(5) << 32);
    assert_int_equal(in(f, TIME_HIGH), high);
    in(f, TIME_LOW);
    assert_int_equal(in(f, TIME_HIGH), high + 5);
}

static void the_guest_can_set_the_time(void **state)
{
    struct fixture *f = *state;
    uint64_t ns = UINT64_C(1000000000) * 1000000;

    clock_advance(&f->bus.clock, 500);
    out(f, TIME_HIGH, ns >> 32);
    out(f, TIME_LOW, ns);
    assert_int_equal(time_of(f), ns);
    clock_advance(&f->bus.clock, 600);
    assert_int_equal(time_of(f), ns + 100);
}

static void the_alarm_goes_off_at_the_exact_count(void **state)
{
    struct fixture *f = *state;

    out(f, IRQ_ENABLED, 1);
    set_alarm(f, START + 1000);
    assert_int_equal(in(f, ALARM_STATUS), 1);
    assert_int_equal(in(f, ALARM_LOW), (START + 1000) & UINT32_MAX);
    assert_int_equal(in(f, ALARM_HIGH), START >> 32);
    assert_int_equal(clock_next(&f->bus.clock), 1000);
    clock_advance(&f->bus.clock, 999);
    assert_false(wire(f));
    clock_advance(&f->bus.clock, 1000);
    assert_true(wire(f));
    assert_int_equal(in(f, ALARM_STATUS), 0);
    out(f, CLEAR_INTERRUPT, 1);
    assert_false(wire(f));
}

static void an_alarm_for_the_next_count_is_not_missed(void **state)
{
    struct fixture *f = *state;

    out(f, IRQ_ENABLED, 1);
    set_alarm(f, START + 1);
    assert_false(wire(f));
    clock_advance(&f->bus.clock, 1);
    assert_true(wire(f));
}

static void an_alarm_in_the_past_goes_off_at_once(void **state)
{
    struct fixture *f = *state;

    out(f, IRQ_ENABLED, 1);
    set_alarm(f, START - 1);
    assert_true(wire(f));
    assert_int_equal(clock_next(&f->bus.clock), CLOCK_NEVER);
}

static void a_cleared_alarm_does_not_go_off(void **state)
{
    struct fixture *f = *state;

    out(f, IRQ_ENABLED, 1);
    set_alarm(f, START + 1000);
    out(f, CLEAR_ALARM, 1);
    assert_int_equal(in(f, ALARM_STATUS), 0);
    clock_advance(&f->bus.clock, 2000);
    assert_false(wire(f));
}

static void the_interrupt_waits_until_it_is_enabled(void **state)
{
    struct fixture *f = *state;

    set_alarm(f, START + 10);
    clock_advance(&f->bus.clock, 10);
    assert_false(wire(f));
    out(f, IRQ_ENABLED, 1);
    assert_int_equal(in(f, IRQ_ENABLED), 1);
    assert_true(wire(f));
}

static void an_alarm_too_far_ahead_is_never_due(void **state)
{
    struct fixture *f = *state;

    set_alarm(f, UINT64_MAX);
    assert_int_equal(clock_next(&f->bus.clock), UINT64_MAX - START);
    clock_advance(&f->bus.clock, START + 10);
    out(f, TIME_HIGH, 0);
    out(f, TIME_LOW, 0);
    assert_int_equal(clock_next(&f->bus.clock), CLOCK_NEVER);
}

static void registers_are_words(void **state)
{
    struct fixture *f = *state;

    assert_load_faults(f, RTC_BASE, 8);
    assert_load_faults(f, RTC_BASE, 1);
    assert_store_faults(f, RTC_BASE, 2);
    out(f, 0x40, 1);
    assert_int_equal(in(f, 0x40), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(time_starts_at_a_fixed_date_and_follows_the_count),
        FIXTURE_TEST(reading_the_low_half_latches_the_high_half),
        FIXTURE_TEST(the_guest_can_set_the_time),
        FIXTURE_TEST(the_alarm_goes_off_at_the_exact_count),
        FIXTURE_TEST(an_alarm_for_the_next_count_is_not_missed),
        FIXTURE_TEST(an_alarm_in_the_past_goes_off_at_once),
        FIXTURE_TEST(a_cleared_alarm_does_not_go_off),
        FIXTURE_TEST(the_interrupt_waits_until_it_is_enabled),
        FIXTURE_TEST(an_alarm_too_far_ahead_is_never_due),
        FIXTURE_TEST(registers_are_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
