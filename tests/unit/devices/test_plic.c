/* PLIC: priorities, gateways, claims and completions. */
#include "devices/fixture.h"

#define PRIORITY(source) (PLIC_BASE + 4 * (source))
#define PENDING(word)    (PLIC_BASE + 0x1000 + 4 * (word))
#define ENABLE(context, word)                                                  \
    (PLIC_BASE + 0x2000 + 0x80 * (context) + 4 * (word))
#define THRESHOLD(context) (PLIC_BASE + 0x200000 + 0x1000 * (context))
#define CLAIM(context)     (THRESHOLD(context) + 4)
#define LINE_SEI           BIT(9)
#define LINE_MEI           BIT(11)

static void wire(struct fixture *f, unsigned source, bool level)
{
    plic_set(&f->devices.plic, source, level);
}

/* Source enabled in a context with this priority. */
static void enable(struct fixture *f, unsigned context, unsigned source,
                   unsigned priority)
{
    uint64_t at = ENABLE(context, source / 32);

    bus_put(f, at, 4, bus_get(f, at, 4) | BIT(source % 32));
    bus_put(f, PRIORITY(source), 4, priority);
}

static void registers_keep_only_what_they_can_hold(void **state)
{
    struct fixture *f = *state;

    bus_put(f, PRIORITY(5), 4, 0xffffffff);
    assert_int_equal(bus_get(f, PRIORITY(5), 4), 7);
    bus_put(f, PRIORITY(0), 4, 7);
    assert_int_equal(bus_get(f, PRIORITY(0), 4), 0);
    bus_put(f, PRIORITY(PLIC_SOURCES), 4, 3);
    assert_int_equal(bus_get(f, PRIORITY(PLIC_SOURCES), 4), 3);
    bus_put(f, PRIORITY(PLIC_SOURCES + 1), 4, 3);
    assert_int_equal(bus_get(f, PRIORITY(PLIC_SOURCES + 1), 4), 0);
    bus_put(f, ENABLE(3, 0), 4, 0xffffffff);
    assert_int_equal(bus_get(f, ENABLE(3, 0), 4), 0xfffffffe);
    bus_put(f, ENABLE(3, 3), 4, 0xffffffff);
    assert_int_equal(bus_get(f, ENABLE(3, 3), 4), 0);
    bus_put(f, THRESHOLD(3), 4, 0xff);
    assert_int_equal(bus_get(f, THRESHOLD(3), 4), 7);
    bus_put(f, PENDING(0), 4, 0xffffffff);
    assert_int_equal(bus_get(f, PENDING(0), 4), 0);
    bus_put(f, THRESHOLD(2 * FIXTURE_HARTS), 4, 1);
    assert_int_equal(bus_get(f, THRESHOLD(2 * FIXTURE_HARTS), 4), 0);
    bus_put(f, ENABLE(2 * FIXTURE_HARTS, 0), 4, 2);
    assert_int_equal(bus_get(f, ENABLE(2 * FIXTURE_HARTS, 0), 4), 0);
    assert_load_faults(f, PRIORITY(1), 1);
    assert_load_faults(f, PRIORITY(2), 8);
    assert_store_faults(f, PRIORITY(1), 2);
}

static void contexts_are_m_then_s_of_each_hart(void **state)
{
    struct fixture *f = *state;

    enable(f, 4, 10, 1);
    wire(f, 10, true);
    assert_int_equal(f->lines[2], LINE_MEI);
    enable(f, 5, 10, 1);
    assert_int_equal(f->lines[2], LINE_MEI | LINE_SEI);
    assert_true(f->bus.attention);
}

static void only_enabled_sources_above_the_threshold_interrupt(void **state)
{
    struct fixture *f = *state;

    wire(f, 3, true);
    assert_int_equal(bus_get(f, PENDING(0), 4), BIT(3));
    assert_int_equal(f->lines[0], 0);
    enable(f, 0, 3, 0); /* priority 0: never */
    assert_int_equal(f->lines[0], 0);
    bus_put(f, THRESHOLD(0), 4, 2);
    bus_put(f, PRIORITY(3), 4, 2);
    assert_int_equal(f->lines[0], 0);
    bus_put(f, PRIORITY(3), 4, 3);
    assert_int_equal(f->lines[0], LINE_MEI);
    bus_put(f, THRESHOLD(0), 4, 3);
    assert_int_equal(f->lines[0], 0);
    /* "The claim operation is not affected by the priority threshold." */
    assert_int_equal(bus_get(f, CLAIM(0), 4), 3);
}

static void the_highest_priority_then_the_lowest_number_is_claimed(void **state)
{
    struct fixture *f = *state;

    enable(f, 0, 4, 2);
    enable(f, 0, 9, 5);
    enable(f, 0, 70, 5);
    enable(f, 0, PLIC_SOURCES, 7);
    wire(f, 70, true);
    wire(f, 9, true);
    wire(f, 4, true);
    wire(f, PLIC_SOURCES, true);
    assert_int_equal(bus_get(f, CLAIM(0), 4), PLIC_SOURCES);
    assert_int_equal(bus_get(f, CLAIM(0), 4), 9);
    assert_int_equal(bus_get(f, CLAIM(0), 4), 70);
    assert_int_equal(bus_get(f, CLAIM(0), 4), 4);
    assert_int_equal(f->lines[0], 0);
    assert_int_equal(bus_get(f, CLAIM(0), 4), 0);
}

static void of_two_harts_that_claim_one_gets_it(void **state)
{
    struct fixture *f = *state;

    enable(f, 1, 10, 1);
    enable(f, 3, 10, 1);
    wire(f, 10, true);
    assert_int_equal(f->lines[0], LINE_SEI);
    assert_int_equal(f->lines[1], LINE_SEI);
    assert_int_equal(bus_get(f, CLAIM(3), 4), 10);
    assert_int_equal(f->lines[0], 0);
    assert_int_equal(f->lines[1], 0);
    assert_int_equal(bus_get(f, CLAIM(1), 4), 0);
}

static void a_level_that_stays_pends_again_only_when_completed(void **state)
{
    struct fixture *f = *state;

    enable(f, 1, 10, 1);
    wire(f, 10, true);
    assert_int_equal(bus_get(f, CLAIM(1), 4), 10);
    assert_int_equal(bus_get(f, PENDING(0), 4), 0);
    wire(f, 10, false);
    wire(f, 10, true); /* the gateway is closed */
    assert_int_equal(bus_get(f, PENDING(0), 4), 0);
    assert_int_equal(f->lines[0], 0);
    bus_put(f, CLAIM(1), 4, 10);
    assert_int_equal(bus_get(f, PENDING(0), 4), BIT(10));
    assert_int_equal(f->lines[0], LINE_SEI);
    assert_int_equal(bus_get(f, CLAIM(1), 4), 10);
    wire(f, 10, false);
    bus_put(f, CLAIM(1), 4, 10);
    assert_int_equal(bus_get(f, PENDING(0), 4), 0);
    assert_int_equal(f->lines[0], 0);
}

static void a_request_that_was_forwarded_stays_when_the_level_falls(
    void **state)
{
    struct fixture *f = *state;

    enable(f, 1, 10, 1);
    wire(f, 10, true);
    wire(f, 10, false);
    assert_int_equal(f->lines[0], LINE_SEI);
    assert_int_equal(bus_get(f, CLAIM(1), 4), 10);
    bus_put(f, CLAIM(1), 4, 10);
    assert_int_equal(bus_get(f, CLAIM(1), 4), 0);
}

static void a_completion_of_what_is_not_enabled_is_ignored(void **state)
{
    struct fixture *f = *state;

    enable(f, 1, 10, 1);
    wire(f, 10, true);
    assert_int_equal(bus_get(f, CLAIM(1), 4), 10);
    bus_put(f, CLAIM(0), 4, 10);
    bus_put(f, CLAIM(1), 4, 0);
    bus_put(f, CLAIM(1), 4, 96);
    bus_put(f, CLAIM(1), 4, 0xffffffff);
    assert_int_equal(bus_get(f, PENDING(0), 4), 0);
    bus_put(f, ENABLE(1, 0), 4, 0);
    bus_put(f, CLAIM(1), 4, 10);
    assert_int_equal(bus_get(f, PENDING(0), 4), 0);
    bus_put(f, ENABLE(1, 0), 4, BIT(10));
    bus_put(f, CLAIM(1), 4, 10);
    assert_int_equal(bus_get(f, PENDING(0), 4), BIT(10));
}

static void disabling_takes_the_line_down_and_keeps_the_request(void **state)
{
    struct fixture *f = *state;

    enable(f, 0, 40, 1);
    wire(f, 40, true);
    assert_int_equal(f->lines[0], LINE_MEI);
    bus_put(f, ENABLE(0, 1), 4, 0);
    assert_int_equal(f->lines[0], 0);
    assert_int_equal(bus_get(f, PENDING(1), 4), BIT(8));
    assert_int_equal(bus_get(f, CLAIM(0), 4), 0);
    bus_put(f, ENABLE(0, 1), 4, BIT(8));
    assert_int_equal(f->lines[0], LINE_MEI);
}

static void wires_that_do_not_exist_do_nothing(void **state)
{
    struct fixture *f = *state;

    wire(f, 0, true);
    wire(f, PLIC_SOURCES + 1, true);
    for (unsigned w = 0; w < PLIC_WORDS; w++)
        assert_int_equal(bus_get(f, PENDING(w), 4), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(registers_keep_only_what_they_can_hold),
        FIXTURE_TEST(contexts_are_m_then_s_of_each_hart),
        FIXTURE_TEST(only_enabled_sources_above_the_threshold_interrupt),
        FIXTURE_TEST(the_highest_priority_then_the_lowest_number_is_claimed),
        FIXTURE_TEST(of_two_harts_that_claim_one_gets_it),
        FIXTURE_TEST(a_level_that_stays_pends_again_only_when_completed),
        FIXTURE_TEST(a_request_that_was_forwarded_stays_when_the_level_falls),
        FIXTURE_TEST(a_completion_of_what_is_not_enabled_is_ignored),
        FIXTURE_TEST(disabling_takes_the_line_down_and_keeps_the_request),
        FIXTURE_TEST(wires_that_do_not_exist_do_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
