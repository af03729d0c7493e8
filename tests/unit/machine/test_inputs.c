/* Inputs enter at their counts, and a replay is the same run. */
#include "machine/inputs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "machine/run.h"

/* A board with one hart whose count is all there is of it. */
struct fixture {
    struct board board;
    struct csr_file csr;
    struct inputs inputs;
    struct journal journal;
    char got[64]; /* by the device, and when: "5:ab " */
    size_t room;  /* bytes that the device still takes */
};

static size_t take(void *device, const uint8_t *bytes, size_t n)
{
    struct fixture *f = device;
    size_t taken = n < f->room ? n : f->room;
    size_t used = strlen(f->got);

    if (taken)
        snprintf(f->got + used, sizeof f->got - used, "%llu:%.*s ",
                 (unsigned long long)f->csr.count, (int)taken,
                 (const char *)bytes);
    f->room -= taken;
    return taken;
}

/* What is asked comes back turned round. */
static size_t answer(void *context, const uint8_t *request, size_t size,
                     uint8_t *reply, size_t max)
{
    (void)context, (void)max;
    for (size_t k = 0; k < size; k++)
        reply[k] = request[size - 1 - k];
    return size;
}

static void plug_in(struct fixture *f)
{
    f->csr.count = f->board.bus.clock.now = 0;
    f->got[0] = '\0';
    f->room = 100;
    inputs_attach(&f->inputs, &f->board);
    f->inputs.end[INPUT_UART] = (struct input_end){ take, f };
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    f->board.config.harts = 1;
    f->board.config.inputs = &f->inputs;
    f->board.csr[0] = &f->csr;
    if (journal_init(&f->journal) != STATUS_OK)
        return -1;
    inputs_init(&f->inputs, &f->journal);
    inputs_answer(&f->inputs, INPUT_SHARE, (struct input_oracle){ answer, f });
    plug_in(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    journal_free(&f->journal);
    free(f);
    return 0;
}

static size_t put(struct fixture *f, uint64_t count, const char *text)
{
    f->csr.count = count;
    return inputs_put(&f->inputs, f, (const uint8_t *)text, strlen(text));
}

/* What the device is answered, or "" */
static const char *ask(struct fixture *f, uint64_t count, const char *text)
{
    static uint8_t reply[32];
    size_t n;

    f->csr.count = f->board.bus.clock.now = count;
    n = inputs_ask(&f->inputs, INPUT_SHARE, (const uint8_t *)text, strlen(text),
                   reply, sizeof reply - 1);
    reply[n] = '\0';
    return (const char *)reply;
}

static void record(struct fixture *f)
{
    inputs_start(&f->inputs, 77, 1234);
    put(f, 5, "ab");
    assert_string_equal(ask(f, 7, "xyz"), "zyx");
    put(f, 9, "c");
    put(f, 9, "d");
    f->room = 1;
    assert_int_equal(put(f, 12, "ef"), 1);
    assert_int_equal(put(f, 12, "f"), 0);
    inputs_stop(&f->inputs, 20, 88, 3);
    assert_string_equal(f->got, "5:ab 9:c 9:d 12:e ");
}

static void begin_replay(struct fixture *f)
{
    inputs_init_replay(&f->inputs, &f->journal);
    plug_in(f);
}

/* Time passes to `count`, as a run would let it. */
static void run_to(struct fixture *f, uint64_t count)
{
    for (uint64_t next; (next = inputs_next(&f->inputs)) <= count;) {
        if (f->inputs.failed || inputs_stopped(&f->inputs, next))
            break;
        f->csr.count = next;
        inputs_deliver(&f->inputs, next);
    }
    f->csr.count = count;
    inputs_deliver(&f->inputs, count);
}

static void a_replay_brings_the_same_at_the_same_counts(void **state)
{
    struct fixture *f = *state;

    record(f);
    begin_replay(f);
    assert_int_equal(inputs_epoch(&f->inputs, 9), 1234);
    inputs_start(&f->inputs, 77, 1234);
    run_to(f, 6);
    assert_int_equal(inputs_next(&f->inputs), CLOCK_NEVER); /* it is asked */
    assert_string_equal(ask(f, 7, "xyz"), "zyx");
    assert_true(f->board.bus.attention && f->board.bus.clock.changed);
    assert_int_equal(inputs_next(&f->inputs), 9);
    run_to(f, 19);
    assert_string_equal(f->got, "5:ab 9:c 9:d 12:e ");
    assert_false(inputs_stopped(&f->inputs, 19));
    assert_true(inputs_stopped(&f->inputs, 20));
    assert_int_equal(inputs_status(&f->inputs), 3);
    inputs_stop(&f->inputs, 20, 88, 3);
    assert_false(f->inputs.failed);
}

static void what_the_outside_puts_is_not_taken_in_a_replay(void **state)
{
    struct fixture *f = *state;

    record(f);
    begin_replay(f);
    inputs_start(&f->inputs, 77, 1234);
    assert_int_equal(put(f, 1, "no"), 0);
    assert_string_equal(f->got, "");
}

static void fails_with(struct fixture *f, const char *text)
{
    assert_true(f->inputs.failed);
    if (!strstr(f->inputs.error.text, text))
        fail_msg("'%s' does not say '%s'", f->inputs.error.text, text);
}

static void another_machine_is_refused(void **state)
{
    struct fixture *f = *state;

    record(f);
    begin_replay(f);
    inputs_start(&f->inputs, 78, 1234);
    fails_with(f, "the machine is not the recorded one");
}

static void another_question_is_noticed(void **state)
{
    struct fixture *f = *state;

    record(f);
    begin_replay(f);
    inputs_start(&f->inputs, 77, 1234);
    run_to(f, 6);
    assert_string_equal(ask(f, 7, "xyZ"), "");
    fails_with(f, "asks something else (record 2 of the journal, count 7)");
}

static void a_device_that_does_not_take_is_noticed(void **state)
{
    struct fixture *f = *state;

    record(f);
    begin_replay(f);
    inputs_start(&f->inputs, 77, 1234);
    f->room = 1;
    run_to(f, 6);
    fails_with(f, "does not take its input (record 1 of the journal, count 5)");
}

static void another_end_is_noticed(void **state)
{
    static const struct {
        uint64_t count, hash;
        const char *says;
    } ends[] = { { 19, 88, "the recorded one goes on" },
                 { 20, 89, "another state" } };
    struct fixture *f = *state;

    record(f);
    for (unsigned k = 0; k < 2; k++) {
        begin_replay(f);
        inputs_start(&f->inputs, 77, 1234);
        run_to(f, 6);
        ask(f, 7, "xyz");
        run_to(f, ends[k].count);
        inputs_stop(&f->inputs, ends[k].count, ends[k].hash, 3);
        fails_with(f, ends[k].says);
    }
}

/* Behind the last good record the run would be another one. */
static void a_journal_without_an_end_stops_the_run(void **state)
{
    struct fixture *f = *state;

    inputs_start(&f->inputs, 77, 1234);
    put(f, 5, "ab");
    begin_replay(f);
    inputs_start(&f->inputs, 77, 1234);
    run_to(f, 4);
    assert_false(f->inputs.failed);
    run_to(f, 5);
    assert_string_equal(f->got, "5:ab ");
    fails_with(f, "cut off or damaged");
    fails_with(f, "(record 2 of the journal, count 5)");
}

static void a_reset_begins_counts_anew(void **state)
{
    struct fixture *f = *state;

    inputs_start(&f->inputs, 77, 0);
    put(f, 50, "a");
    plug_in(f);
    inputs_start(&f->inputs, 79, 0);
    put(f, 3, "b");
    inputs_stop(&f->inputs, 4, 1, 0);

    begin_replay(f);
    inputs_start(&f->inputs, 77, 0);
    run_to(f, 60);
    assert_string_equal(f->got, "50:a ");
    assert_int_equal(inputs_next(&f->inputs), CLOCK_NEVER);
    plug_in(f);
    inputs_start(&f->inputs, 79, 0);
    run_to(f, 3);
    assert_string_equal(f->got, "3:b ");
    assert_false(f->inputs.failed);
}

static void fire(void *context, uint64_t now)
{
    struct fixture *f = context;

    f->inputs.timer[0]->due = now < 30 ? now + 10 : CLOCK_NEVER;
    put(f, now, "t");
}

static void a_timer_fires_at_its_count_and_is_recorded(void **state)
{
    struct fixture *f = *state;
    struct input_timer t = { .due = 10, .fire = fire, .context = f };

    inputs_start(&f->inputs, 77, 0);
    inputs_schedule(&f->inputs, &t);
    run_to(f, 100);
    assert_string_equal(f->got, "10:t 20:t 30:t ");
    inputs_stop(&f->inputs, 100, 1, 0);
    begin_replay(f);
    inputs_schedule(&f->inputs, &t);
    t.due = 1; /* does not matter now */
    inputs_start(&f->inputs, 77, 0);
    run_to(f, 99);
    assert_string_equal(f->got, "10:t 20:t 30:t ");
}

/* A snapshot says it, and is the same whenever inputs were looked at. */
static void what_has_entered_is_what_was_due(void **state)
{
    struct fixture *f = *state;
    struct input_timer t = { .due = 10, .fire = fire, .context = f };

    assert_int_equal(inputs_entered(NULL, 7), 0);
    inputs_start(&f->inputs, 77, 0);
    inputs_schedule(&f->inputs, &t);
    assert_int_equal(inputs_entered(&f->inputs, 9), 9);
    run_to(f, 4);
    assert_int_equal(inputs_entered(&f->inputs, 4), 5);
    assert_int_equal(inputs_entered(&f->inputs, 9), 9);
    assert_int_equal(inputs_entered(&f->inputs, 12), 10); /* amid a round */
    run_to(f, 12);
    assert_int_equal(inputs_entered(&f->inputs, 12), 13);
    assert_int_equal(inputs_entered(&f->inputs, 8), 8);
    assert_int_equal(inputs_entered(&f->inputs, 15), 15);
}

/* Back in time, what is forgotten does not come again, and what the outside
   puts does. */
static void what_is_forgotten_does_not_come_again(void **state)
{
    struct fixture *f = *state;
    struct input_mark begin, middle;

    inputs_start(&f->inputs, 77, 0);
    begin = inputs_mark(&f->inputs);
    put(f, 5, "a");
    middle = inputs_mark(&f->inputs);
    put(f, 9, "b");
    inputs_return(&f->inputs, begin);
    inputs_forget(&f->inputs, middle);
    f->got[0] = '\0';
    f->csr.count = 0;
    run_to(f, 20);
    assert_string_equal(f->got, "5:a ");
    assert_false(f->inputs.replaying);
    put(f, 21, "c");
    inputs_return(&f->inputs, begin);
    f->got[0] = '\0';
    f->csr.count = 0;
    run_to(f, 30);
    assert_string_equal(f->got, "5:a 21:c ");
    assert_false(f->inputs.failed);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_replay_brings_the_same_at_the_same_counts),
        TEST(what_the_outside_puts_is_not_taken_in_a_replay),
        TEST(another_machine_is_refused),
        TEST(another_question_is_noticed),
        TEST(a_device_that_does_not_take_is_noticed),
        TEST(another_end_is_noticed),
        TEST(a_journal_without_an_end_stops_the_run),
        TEST(a_reset_begins_counts_anew),
        TEST(what_has_entered_is_what_was_due),
        TEST(what_is_forgotten_does_not_come_again),
        TEST(a_timer_fires_at_its_count_and_is_recorded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
