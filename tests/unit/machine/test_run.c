/*
 * The run loop, over harts that only count: what they would execute is a script
 * of waits and wishes, so that every stop can be predicted.
 */
#include "machine/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_LOG 64

/* A hart that executes until `waits_at` and then waits until `woken`. */
struct toy_hart {
    struct csr_file csr;
    uint64_t waits_at;
    bool woken;
    uint64_t idled;
    bool reserved;
};

struct toy {
    struct machine machine;
    struct board board;
    struct toy_hart hart[BOARD_MAX_HARTS];
    struct { unsigned hart; uint64_t budget; } log[MAX_LOG];
    unsigned runs;
    /* What a hart does at a count: schedules `event`, or finishes. */
    uint64_t act_at, finish_at, event_due;
    struct clock_event event;
    uint64_t fired_at, fires;
};

static struct toy *toy_of(struct machine *m)
{
    return (struct toy *)m;
}

static struct stop advance(struct toy *t, struct toy_hart *h, uint64_t n,
                           uint8_t reason)
{
    h->csr.count += n;
    t->board.bus.clock.now = h->csr.count;
    return (struct stop){ .reason = reason, .count = n };
}

static struct stop run(struct machine *m, unsigned hart, uint64_t budget)
{
    struct toy *t = toy_of(m);
    struct toy_hart *h = &t->hart[hart];
    uint64_t now = h->csr.count;

    if (t->runs < MAX_LOG) {
        t->log[t->runs].hart = hart;
        t->log[t->runs].budget = budget;
    }
    t->runs++;
    if (now >= h->waits_at && !h->woken)
        return advance(t, h, 0, STOP_WAIT);
    if (t->finish_at > now && t->finish_at - now <= budget) {
        struct stop s = advance(t, h, t->finish_at - now, STOP_EVENT);

        t->board.finished = true;
        return s;
    }
    if (t->act_at > now && t->act_at - now <= budget) {
        struct stop s = advance(t, h, t->act_at - now, STOP_EVENT);

        clock_schedule(&t->board.bus.clock, &t->event, t->event_due);
        return s;
    }
    if (h->waits_at > now && h->waits_at - now <= budget)
        return advance(t, h, h->waits_at - now, STOP_WAIT);
    return advance(t, h, budget, STOP_LIMIT);
}

static void idle(struct machine *m, unsigned hart, uint64_t n)
{
    struct toy_hart *h = &toy_of(m)->hart[hart];

    h->csr.count += n;
    h->idled += n;
}

static void reg_set(struct machine *m, unsigned hart, unsigned reg, uint64_t v)
{
    if (reg == REG_RESERVATION && v == RESERVATION_NONE)
        toy_of(m)->hart[hart].reserved = false;
}

static const struct machine_ops ops = { .run = run, .idle = idle,
                                        .reg_set = reg_set };

/* Wakes all harts. */
static void fire(void *context, uint64_t now)
{
    struct toy *t = context;

    t->fired_at = now;
    t->fires++;
    for (unsigned h = 0; h < BOARD_MAX_HARTS; h++)
        t->hart[h].woken = true;
    t->board.bus.attention = true;
}

static struct toy *new_toy(unsigned harts)
{
    struct toy *t = calloc(1, sizeof *t);
    struct board_config c = { .harts = harts, .memory = RAM_PAGE,
                              .isa = isa_default() };

    assert_int_equal(board_init(&t->board, &c, NULL, NULL), STATUS_OK);
    t->machine = (struct machine){ &ops, &t->board.config.isa, harts };
    for (unsigned h = 0; h < harts; h++) {
        csr_reset(&t->hart[h].csr, t->machine.isa, h);
        t->hart[h].waits_at = CLOCK_NEVER;
        t->board.csr[h] = &t->hart[h].csr;
    }
    t->event = (struct clock_event){ .due = CLOCK_NEVER, .fire = fire,
                                     .context = t };
    return t;
}

static void free_toy(struct toy *t)
{
    board_free(&t->board);
    free(t);
}

static enum run_end go(struct toy *t, uint64_t until)
{
    struct run_options o = { .until = until };

    return machine_run(&t->machine, &t->board, &o);
}

static void stops_at_exactly_the_count_asked_for(void **state)
{
    (void)state;
    for (unsigned harts = 1; harts <= 3; harts++) {
        struct toy *t = new_toy(harts);

        assert_int_equal(go(t, 12345), RUN_UNTIL);
        for (unsigned h = 0; h < harts; h++)
            assert_int_equal(t->hart[h].csr.count, 12345);
        assert_int_equal(go(t, 12346), RUN_UNTIL);
        assert_int_equal(machine_count(&t->board), 12346);
        free_toy(t);
    }
}

static void an_event_happens_at_exactly_its_count(void **state)
{
    (void)state;
    for (unsigned harts = 1; harts <= 3; harts++) {
        struct toy *t = new_toy(harts);

        clock_schedule(&t->board.bus.clock, &t->event, 777);
        assert_int_equal(go(t, 5000), RUN_UNTIL);
        assert_int_equal(t->fired_at, 777);
        assert_int_equal(t->fires, 1);
        free_toy(t);
    }
}

/* An event due at the very count where the run ends has happened. */
static void an_event_at_the_end_has_happened(void **state)
{
    struct toy *t = new_toy(1);

    (void)state;
    clock_schedule(&t->board.bus.clock, &t->event, 5000);
    assert_int_equal(go(t, 5000), RUN_UNTIL);
    assert_int_equal(t->fires, 1);
    free_toy(t);
}

/* The guest arms a timer while it runs towards a later event. */
static void a_lone_hart_stops_for_an_event_it_has_just_scheduled(void **state)
{
    struct toy *t = new_toy(1);

    (void)state;
    t->act_at = 100;
    t->event_due = 150;
    assert_int_equal(go(t, 5000), RUN_UNTIL);
    assert_int_equal(t->fired_at, 150);
    free_toy(t);
}

static void a_wait_jumps_to_the_next_event(void **state)
{
    struct toy *t = new_toy(1);

    (void)state;
    t->hart[0].waits_at = 10;
    clock_schedule(&t->board.bus.clock, &t->event, 1000000000);
    assert_int_equal(go(t, 1000000007), RUN_UNTIL);
    assert_int_equal(t->fired_at, 1000000000);
    assert_int_equal(t->hart[0].idled, 1000000000 - 10);
    assert_true(t->runs < 10);
    free_toy(t);
}

static void several_waiting_harts_jump_together(void **state)
{
    struct toy *t = new_toy(4);

    (void)state;
    for (unsigned h = 0; h < 4; h++)
        t->hart[h].waits_at = 10 * h;
    clock_schedule(&t->board.bus.clock, &t->event, 1000000000);
    assert_int_equal(go(t, 1000000007), RUN_UNTIL);
    assert_int_equal(t->fired_at, 1000000000);
    assert_true(t->runs < 40);
    for (unsigned h = 0; h < 4; h++)
        assert_int_equal(t->hart[h].csr.count, 1000000007);
    free_toy(t);
}

static void a_machine_that_nothing_can_wake_is_idle_for_good(void **state)
{
    (void)state;
    for (unsigned harts = 1; harts <= 2; harts++) {
        struct toy *t = new_toy(harts);

        for (unsigned h = 0; h < harts; h++)
            t->hart[h].waits_at = 10;
        assert_int_equal(go(t, CLOCK_NEVER), RUN_IDLE);
        free_toy(t);
    }
}

static void a_finished_board_ends_the_run_at_once(void **state)
{
    struct toy *t = new_toy(3);

    (void)state;
    t->finish_at = 2500;
    assert_int_equal(go(t, CLOCK_NEVER), RUN_FINISHED);
    assert_int_equal(t->hart[0].csr.count, 2500);
    assert_int_equal(t->hart[1].csr.count, 2000);
    assert_int_equal(machine_count(&t->board), 2500);
    free_toy(t);
}

static void a_reset_ends_the_run(void **state)
{
    struct toy *t = new_toy(1);

    (void)state;
    t->board.reset_wanted = true;
    assert_int_equal(go(t, CLOCK_NEVER), RUN_RESET);
    free_toy(t);
}

/* Harts take turns, in order, up to the same multiple of the quantum. */
static void several_harts_share_in_quanta(void **state)
{
    struct toy *t = new_toy(2);

    (void)state;
    clock_schedule(&t->board.bus.clock, &t->event, 1300);
    assert_int_equal(go(t, 2500), RUN_UNTIL);
    static const struct { unsigned hart; uint64_t budget; } want[] = {
        { 0, 1000 }, { 1, 1000 }, { 0, 300 }, { 1, 300 }, { 0, 700 },
        { 1, 700 }, { 0, 500 }, { 1, 500 },
    };
    assert_int_equal(t->runs, sizeof want / sizeof *want);
    for (unsigned k = 0; k < t->runs; k++) {
        assert_int_equal(t->log[k].hart, want[k].hart);
        assert_int_equal(t->log[k].budget, want[k].budget);
    }
    free_toy(t);
}

/* Another hart may have written since. A lone hart keeps it: nobody has. */
static void a_quantum_ends_the_reservation_of_several_harts(void **state)
{
    struct toy *t = new_toy(2);

    (void)state;
    t->hart[0].reserved = t->hart[1].reserved = true;
    go(t, 1000);
    assert_false(t->hart[0].reserved);
    assert_false(t->hart[1].reserved);
    free_toy(t);
    t = new_toy(1);
    t->hart[0].reserved = true;
    go(t, 10 * RUN_QUANTUM);
    assert_true(t->hart[0].reserved);
    free_toy(t);
}

struct asked {
    uint64_t idle[8];
    unsigned times;
    uint64_t answer[8];
};

static uint64_t poll(void *context, struct board *b, uint64_t idle)
{
    struct asked *a = context;

    (void)b;
    if (idle == 0)
        return 0;
    assert_true(a->times < 8);
    a->idle[a->times] = idle;
    return a->answer[a->times++];
}

/* Input that comes early ends the wait where it came. */
static void a_poll_decides_how_much_of_a_wait_passes(void **state)
{
    struct toy *t = new_toy(1);
    struct asked a = { .answer = { 100, 890 } };
    struct run_options o = { .until = CLOCK_NEVER, .poll = poll,
                             .context = &a };

    (void)state;
    t->hart[0].waits_at = 10;
    t->finish_at = 2000;
    clock_schedule(&t->board.bus.clock, &t->event, 1000);
    assert_int_equal(machine_run(&t->machine, &t->board, &o), RUN_FINISHED);
    assert_int_equal(a.times, 2);
    assert_int_equal(a.idle[0], 990);
    assert_int_equal(a.idle[1], 890);
    assert_int_equal(t->fired_at, 1000);
    free_toy(t);
}

static void with_nothing_due_the_poll_says_whether_to_go_on(void **state)
{
    struct toy *t = new_toy(1);
    struct asked a = { .answer = { 5, 7, 0 } };
    struct run_options o = { .until = CLOCK_NEVER, .poll = poll,
                             .context = &a };

    (void)state;
    t->hart[0].waits_at = 10;
    assert_int_equal(machine_run(&t->machine, &t->board, &o), RUN_IDLE);
    assert_int_equal(a.times, 3);
    assert_true(a.idle[2] == CLOCK_NEVER);
    assert_int_equal(t->hart[0].csr.count, 10 + 5 + 7);
    free_toy(t);
}

static void a_set_flag_cancels_a_run_without_events(void **state)
{
    struct toy *t = new_toy(1);
    volatile int flag = 1;
    struct run_options o = { .until = CLOCK_NEVER, .cancel = &flag };

    (void)state;
    assert_int_equal(machine_run(&t->machine, &t->board, &o), RUN_CANCELLED);
    assert_true(t->hart[0].csr.count <= RUN_POLL);
    free_toy(t);
}

struct steps {
    unsigned taken, of_hart_1, enough;
};

static bool step(void *context, unsigned hart)
{
    struct steps *s = context;

    if (s->taken == s->enough)
        return false;
    s->taken++;
    s->of_hart_1 += hart == 1;
    return true;
}

/* The turns are those of a run without steps: to the end of the quantum. */
static void steps_do_not_change_whose_turn_it_is(void **state)
{
    struct toy *t = new_toy(2);
    struct steps s = { .enough = 1003 };
    struct run_options o = { .until = 5000, .step = step, .context = &s };

    (void)state;
    t->hart[1].reserved = true;
    assert_int_equal(machine_run(&t->machine, &t->board, &o), RUN_STEP);
    assert_int_equal(s.of_hart_1, 3);
    assert_int_equal(t->hart[0].csr.count, 1000);
    assert_int_equal(t->hart[1].csr.count, 3);
    assert_true(t->hart[1].reserved);
    free_toy(t);
}

/* Where a run ends between two steps, nothing has happened since the last. */
static void a_run_that_is_stepped_ends_before_what_is_due(void **state)
{
    struct toy *t = new_toy(2);
    struct steps s = { .enough = 1500 };
    struct run_options o = { .until = 5000, .step = step, .context = &s };

    (void)state;
    clock_schedule(&t->board.bus.clock, &t->event, 1000);
    assert_int_equal(machine_run(&t->machine, &t->board, &o), RUN_STEP);
    assert_int_equal(t->fires, 0);
    free_toy(t);
}

/* Cut anywhere, harts go on in the middle of a round. */
static void a_run_is_continued_in_the_middle_of_a_round(void **state)
{
    struct toy *t = new_toy(3), *whole = new_toy(3);
    struct run_options o = { .until = CLOCK_NEVER, .resume = true };

    (void)state;
    clock_schedule(&t->board.bus.clock, &t->event, 1500);
    clock_schedule(&whole->board.bus.clock, &whole->event, 1500);
    t->hart[2].reserved = true;
    for (o.until_total = 1; o.until_total <= 6000; o.until_total += 7) {
        assert_int_equal(machine_run(&t->machine, &t->board, &o), RUN_UNTIL);
        assert_int_equal(machine_total(&t->board), o.until_total);
        assert_true(o.until_total >= 3000 || t->hart[2].reserved);
        assert_true(t->fires == (o.until_total >= 4500));
    }
    o.until_total = 6000;
    machine_run(&t->machine, &t->board, &o);
    assert_int_equal(go(whole, 2000), RUN_UNTIL);
    for (unsigned h = 0; h < 3; h++)
        assert_int_equal(t->hart[h].csr.count, whole->hart[h].csr.count);
    assert_int_equal(t->fired_at, whole->fired_at);
    free_toy(t);
    free_toy(whole);
}

/* All wait: they are even wherever the run ends. */
static void a_wait_is_cut_where_harts_are_even(void **state)
{
    struct toy *t = new_toy(2);
    struct run_options o = { .until = CLOCK_NEVER,
                             .resume = true,
                             .until_total = 101 };

    (void)state;
    t->hart[0].waits_at = t->hart[1].waits_at = 0;
    t->board.turn.idle = true;
    clock_schedule(&t->board.bus.clock, &t->event, 1000);
    assert_int_equal(machine_run(&t->machine, &t->board, &o), RUN_UNTIL);
    assert_int_equal(t->hart[0].csr.count, 51);
    assert_int_equal(t->hart[1].csr.count, 51);
    assert_int_equal(t->runs, 0);
    free_toy(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stops_at_exactly_the_count_asked_for),
        cmocka_unit_test(an_event_happens_at_exactly_its_count),
        cmocka_unit_test(an_event_at_the_end_has_happened),
        cmocka_unit_test(a_lone_hart_stops_for_an_event_it_has_just_scheduled),
        cmocka_unit_test(a_wait_jumps_to_the_next_event),
        cmocka_unit_test(several_waiting_harts_jump_together),
        cmocka_unit_test(a_machine_that_nothing_can_wake_is_idle_for_good),
        cmocka_unit_test(a_finished_board_ends_the_run_at_once),
        cmocka_unit_test(a_reset_ends_the_run),
        cmocka_unit_test(several_harts_share_in_quanta),
        cmocka_unit_test(a_quantum_ends_the_reservation_of_several_harts),
        cmocka_unit_test(a_poll_decides_how_much_of_a_wait_passes),
        cmocka_unit_test(with_nothing_due_the_poll_says_whether_to_go_on),
        cmocka_unit_test(a_set_flag_cancels_a_run_without_events),
        cmocka_unit_test(steps_do_not_change_whose_turn_it_is),
        cmocka_unit_test(a_run_that_is_stepped_ends_before_what_is_due),
        cmocka_unit_test(a_run_is_continued_in_the_middle_of_a_round),
        cmocka_unit_test(a_wait_is_cut_where_harts_are_even),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
