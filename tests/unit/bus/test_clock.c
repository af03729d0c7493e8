/* The clock: exact counts, and the order in which things come due. */
#include "bus/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "state_trip.h"

struct record {
    struct clock clock;
    struct clock_event event[3];
    int fired[8];
    uint64_t when[8];
    int n;
};

struct tagged {
    struct record *record;
    int tag;
};

static void fire(void *context, uint64_t now)
{
    struct tagged *t = context;

    t->record->fired[t->record->n] = t->tag;
    t->record->when[t->record->n++] = now;
}

static void set_up(struct record *r, struct tagged *tag)
{
    *r = (struct record){ 0 };
    clock_init(&r->clock);
    for (int i = 0; i < 3; i++) {
        tag[i] = (struct tagged){ r, i };
        r->event[i] = (struct clock_event){ .due = CLOCK_NEVER,
                                            .fire = fire,
                                            .context = &tag[i] };
    }
}

static void mtime_is_a_fixed_ratio_of_the_count(void **state)
{
    struct clock c;

    (void)state;
    clock_init(&c);
    assert_int_equal(clock_time(&c, 0), 0);
    assert_int_equal(clock_time(&c, 99), 0);
    assert_int_equal(clock_time(&c, 100), 1);
    c.time_offset = 0 - UINT64_C(3);
    assert_int_equal(clock_time(&c, 250), UINT64_MAX);
}

static void count_of_is_the_first_count_at_which_the_time_is_reached(
    void **state)
{
    struct clock c;

    (void)state;
    clock_init(&c);
    c.now = 1234;
    for (uint64_t time = 13; time < 20; time++) {
        uint64_t count = clock_count_of(&c, time);

        assert_true(clock_time(&c, count) >= time);
        assert_true(clock_time(&c, count - 1) < time);
    }
    c.time_offset = 1000000;
    assert_int_equal(clock_count_of(&c, 1000013), 1300);
}

static void count_of_a_time_that_has_passed_is_now(void **state)
{
    struct clock c;

    (void)state;
    clock_init(&c);
    c.now = 1234;
    assert_int_equal(clock_count_of(&c, 12), 1234);
    assert_int_equal(clock_count_of(&c, 0), 1234);
}

static void count_of_a_time_beyond_64_bits_is_never(void **state)
{
    struct clock c;
    uint64_t last = (UINT64_MAX - 1) / CLOCK_COUNTS_PER_TICK;

    (void)state;
    clock_init(&c);
    assert_int_equal(clock_count_of(&c, UINT64_MAX), CLOCK_NEVER);
    assert_int_equal(clock_count_of(&c, last + 1), CLOCK_NEVER);
    assert_int_equal(clock_count_of(&c, last), last * CLOCK_COUNTS_PER_TICK);
}

static void count_of_wrap_is_when_mtime_is_zero_again(void **state)
{
    struct clock c;

    (void)state;
    clock_init(&c);
    assert_int_equal(clock_count_of_wrap(&c), CLOCK_NEVER);
    c.time_offset = UINT64_MAX - 4;
    c.now = 50;
    assert_int_equal(clock_count_of_wrap(&c), 500);
    assert_int_equal(clock_time(&c, 500), 0);
}

static void events_fire_by_due_count_then_by_order_of_scheduling(void **state)
{
    struct record r;
    struct tagged tag[3];

    (void)state;
    set_up(&r, tag);
    clock_schedule(&r.clock, &r.event[0], 50);
    clock_schedule(&r.clock, &r.event[1], 20);
    clock_schedule(&r.clock, &r.event[2], 50);
    assert_int_equal(clock_next(&r.clock), 20);
    clock_advance(&r.clock, 19);
    assert_int_equal(r.n, 0);
    clock_advance(&r.clock, 50);
    assert_int_equal(r.n, 3);
    assert_int_equal(r.fired[0], 1);
    assert_int_equal(r.fired[1], 0);
    assert_int_equal(r.fired[2], 2);
    assert_int_equal(r.when[0], 50);
    assert_int_equal(clock_next(&r.clock), CLOCK_NEVER);
}

static void rescheduling_moves_an_event_and_never_takes_it_out(void **state)
{
    struct record r;
    struct tagged tag[3];

    (void)state;
    set_up(&r, tag);
    clock_schedule(&r.clock, &r.event[0], 10);
    clock_schedule(&r.clock, &r.event[0], 30);
    assert_int_equal(clock_next(&r.clock), 30);
    clock_advance(&r.clock, 20);
    assert_int_equal(r.n, 0);
    clock_schedule(&r.clock, &r.event[0], CLOCK_NEVER);
    clock_advance(&r.clock, 100);
    assert_int_equal(r.n, 0);
}

static void changed_says_that_the_front_of_the_queue_moved(void **state)
{
    struct record r;
    struct tagged tag[3];

    (void)state;
    set_up(&r, tag);
    clock_schedule(&r.clock, &r.event[0], 10);
    assert_true(r.clock.changed);
    r.clock.changed = false;
    clock_schedule(&r.clock, &r.event[1], 20);
    assert_false(r.clock.changed);
    clock_schedule(&r.clock, &r.event[2], 5);
    assert_true(r.clock.changed);
    r.clock.changed = false;
    clock_schedule(&r.clock, &r.event[2], CLOCK_NEVER);
    assert_true(r.clock.changed);
}

static void again(void *context, uint64_t now)
{
    struct record *r = context;

    r->n++;
    clock_schedule(&r->clock, &r->event[0], now + 10);
}

static void an_event_may_schedule_itself_anew(void **state)
{
    struct record r = { 0 };

    (void)state;
    clock_init(&r.clock);
    r.event[0] = (struct clock_event){ .due = CLOCK_NEVER,
                                       .fire = again,
                                       .context = &r };
    clock_schedule(&r.clock, &r.event[0], 10);
    for (uint64_t now = 0; now <= 100; now++)
        clock_advance(&r.clock, now);
    assert_int_equal(r.n, 10);
    assert_int_equal(clock_next(&r.clock), 110);
}

/* The clock, and its events in another order than they were scheduled in. */
static void moved(void *record, struct state *s)
{
    struct record *r = record;

    clock_state(&r->clock, s);
    for (int i = 0; i < 3; i++)
        clock_event_state(&r->clock, &r->event[i], s);
}

static void the_order_of_what_is_due_at_once_is_state(void **state)
{
    static const int orders[][3] = {
        { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
        { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 },
    };

    (void)state;
    for (unsigned o = 0; o < sizeof orders / sizeof orders[0]; o++) {
        struct record a, b;
        struct tagged tag[3], other[3];

        set_up(&a, tag);
        set_up(&b, other);
        clock_schedule(&b.clock, &b.event[1], 5); /* gone after loading */
        clock_advance(&a.clock, 3);
        a.clock.time_offset = 77;
        for (int i = 0; i < 3; i++)
            clock_schedule(&a.clock, &a.event[orders[o][i]], 10);
        trip(moved, &a, &b);
        assert_int_equal(b.clock.now, 3);
        assert_int_equal(clock_time(&b.clock, 3), 77);
        clock_advance(&b.clock, 9);
        assert_int_equal(b.n, 0);
        clock_advance(&b.clock, 10);
        assert_int_equal(b.n, 3);
        for (int i = 0; i < 3; i++)
            assert_int_equal(b.fired[i], orders[o][i]);
    }
}

static void events_at_other_counts_and_none_are_state(void **state)
{
    struct record a, b;
    struct tagged tag[3], other[3];

    (void)state;
    set_up(&a, tag);
    set_up(&b, other);
    clock_schedule(&a.clock, &a.event[0], 30);
    clock_schedule(&a.clock, &a.event[2], 20);
    trip(moved, &a, &b);
    assert_int_equal(clock_next(&b.clock), 20);
    assert_true(b.event[1].due == CLOCK_NEVER);
    clock_schedule(&b.clock, &b.event[2], CLOCK_NEVER);
    assert_int_equal(clock_next(&b.clock), 30);
    clock_advance(&b.clock, 100);
    assert_int_equal(b.n, 1);
    assert_int_equal(b.fired[0], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mtime_is_a_fixed_ratio_of_the_count),
        cmocka_unit_test(
            count_of_is_the_first_count_at_which_the_time_is_reached),
        cmocka_unit_test(count_of_a_time_that_has_passed_is_now),
        cmocka_unit_test(count_of_a_time_beyond_64_bits_is_never),
        cmocka_unit_test(count_of_wrap_is_when_mtime_is_zero_again),
        cmocka_unit_test(events_fire_by_due_count_then_by_order_of_scheduling),
        cmocka_unit_test(rescheduling_moves_an_event_and_never_takes_it_out),
        cmocka_unit_test(changed_says_that_the_front_of_the_queue_moved),
        cmocka_unit_test(an_event_may_schedule_itself_anew),
        cmocka_unit_test(the_order_of_what_is_due_at_once_is_state),
        cmocka_unit_test(events_at_other_counts_and_none_are_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
