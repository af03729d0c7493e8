/* Proportional shares: exact by weight, nothing for who has nothing to do. */
#include "vmm/scheduler.h"
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MACHINES 3
#define RAM      (UINT64_C(1) << 20)
#define MTIMECMP UINT64_C(0x02004000)

/* Machines on a bare host, each with a program of its own in M-mode. */
struct rig {
    struct world host;
    struct vm_siblings siblings;
    struct vm *vm[MACHINES];
    struct scheduled m[MACHINES];
    struct scheduler s;
    uint64_t limit; /* stops there, of the scheduler's time */
    int cancel;
    uint64_t asked[8]; /* idle times that poll was asked about */
    unsigned asks;
};

static uint64_t poll(void *context, struct scheduler *s, uint64_t idle)
{
    struct rig *r = context;

    r->cancel = s->now >= r->limit;
    if (idle && r->asks < 8)
        r->asked[r->asks++] = idle;
    return idle == CLOCK_NEVER ? 0 : idle;
}

static void setup(struct rig *r, const unsigned *weight)
{
    struct board_config c = { .harts = 1, .isa = isa_default(), .memory = RAM };

    *r = (struct rig){ .limit = CLOCK_NEVER };
    world_make_as(&r->host, 0, 1, MACHINES * vm_host_memory(RAM, 1),
                  isa_default());
    for (unsigned i = 0; i < MACHINES; i++) {
        r->vm[i] = vm_new_sibling(r->host.m, &c, &r->siblings);
        assert_non_null(r->vm[i]);
        r->m[i] = (struct scheduled){ .vm = r->vm[i],
                                      .weight = weight[i],
                                      .until = CLOCK_NEVER };
    }
    r->s = (struct scheduler){ .machine = r->m, .machines = MACHINES };
}

static void teardown(struct rig *r)
{
    for (unsigned i = 0; i < MACHINES; i++)
        vm_free(r->vm[i]);
    world_free(&r->host);
}

static void program(struct rig *r, unsigned i, const uint32_t *code, size_t n)
{
    struct world w = { .m = &r->vm[i]->machine, .b = &r->vm[i]->board };

    world_code(&w, CODE, code, n);
    world_set_reg(&w, REG_PC, CODE);
    world_set_reg(&w, REG_PRIV, PRIV_M);
}

static void loops(struct rig *r, unsigned i)
{
    program(r, i, (uint32_t[]){ HERE }, 1);
}

static void sleeps(struct rig *r, unsigned i)
{
    program(r, i, (uint32_t[]){ WFI, 0xffdff06f /* j -4 */ }, 2);
}

/* Sleeps until mtime is `time`, then loops. */
static void sleeps_until(struct rig *r, unsigned i, uint64_t time)
{
    struct world w = { .m = &r->vm[i]->machine, .b = &r->vm[i]->board };

    program(r, i, (uint32_t[]){ WFI, HERE }, 2);
    world_set_csr(&w, CSR_mie, BIT(IRQ_MTI));
    world_store(&w, MTIMECMP, time);
}

static bool run(struct rig *r, uint64_t counts)
{
    const struct scheduler_options o = { .cancel = &r->cancel,
                                         .poll = poll,
                                         .context = r };

    r->cancel = 0;
    r->limit = r->s.now + counts;
    return scheduler_run(&r->s, &o);
}

/* Within 1 % of the share after so many counts: a hundredth of a nominal
   second, as the quantum bounds the error. */
static void test_shares_follow_the_weights(void **state)
{
    static const unsigned weight[] = { 1, 2, 5 };
    const uint64_t counts = 100000000;
    struct rig r;
    uint64_t sum = 0;

    (void)state;
    setup(&r, weight);
    for (unsigned i = 0; i < MACHINES; i++)
        loops(&r, i);
    assert_false(run(&r, counts));
    for (unsigned i = 0; i < MACHINES; i++) {
        double wanted = (double)r.s.now * weight[i] / 8;

        sum += r.m[i].ran;
        assert_true((double)r.m[i].ran < wanted * 1.01 &&
                    (double)r.m[i].ran > wanted * 0.99);
    }
    assert_true(sum == r.s.now && r.s.idle == 0);
    teardown(&r);
}

/* No turn for a machine that waits: its share goes to the others. */
static void test_an_idle_machine_takes_nothing(void **state)
{
    static const unsigned weight[] = { 1, 100, 1 };
    struct rig r;

    (void)state;
    setup(&r, weight);
    loops(&r, 0);
    sleeps(&r, 1);
    loops(&r, 2);
    assert_false(run(&r, 10000000));
    assert_int_equal(r.m[1].turns, 1);
    assert_int_equal(r.m[1].ran, 1);
    assert_true(r.m[0].ran > 4900000 && r.m[2].ran > 4900000);
    teardown(&r);
}

/* It sleeps half of the time, then has its half, and no claim to the rest. */
static void test_one_that_wakes_has_its_share_from_then_on(void **state)
{
    static const unsigned weight[] = { 1, 1, 1 };
    struct rig r;

    (void)state;
    setup(&r, weight);
    loops(&r, 0);
    sleeps_until(&r, 1, 20000000 / CLOCK_COUNTS_PER_TICK);
    sleeps(&r, 2);
    assert_false(run(&r, 40000000));
    assert_true(r.m[1].ran > 9800000 && r.m[1].ran < 10200000);
    /* And it woke when it should, on its own clock. */
    assert_in_range(machine_count(&r.vm[1]->board) - r.m[1].ran, 19900000,
                    20200000);
    teardown(&r);
}

/* All wait: time jumps to the first who wakes, and nothing is executed. */
static void test_time_passes_when_all_wait(void **state)
{
    static const unsigned weight[] = { 1, 1, 1 };
    struct rig r;

    (void)state;
    setup(&r, weight);
    sleeps(&r, 0);
    sleeps_until(&r, 1, 1000);
    sleeps(&r, 2);
    r.m[1].until = 150000;
    assert_true(run(&r, CLOCK_NEVER / 2));
    assert_int_equal(r.asks, 2);
    assert_in_range(r.asked[0], 99900, 100000);
    assert_true(r.asked[1] == CLOCK_NEVER);
    assert_int_equal(r.m[1].end, RUN_UNTIL);
    assert_int_equal(machine_count(&r.vm[1]->board), 150000);
    /* Nothing will ever wake the others, until or not. */
    assert_int_equal(r.m[0].end, RUN_IDLE);
    assert_int_equal(machine_count(&r.vm[0]->board), 1);
    assert_in_range(r.s.idle, 99900, 100000);
    teardown(&r);
}

/* What executes nothing, and yet never ends, pays for its turns: a machine
   whose trap handler cannot be fetched. */
static void test_one_that_traps_for_ever_does_not_stop_the_others(void **state)
{
    static const unsigned weight[] = { 1, 1, 1 };
    struct rig r;
    struct world w;

    (void)state;
    setup(&r, weight);
    loops(&r, 0);
    loops(&r, 1);
    loops(&r, 2);
    w = (struct world){ .m = &r.vm[0]->machine, .b = &r.vm[0]->board };
    world_set_csr(&w, CSR_mtvec, 0);
    world_set_reg(&w, REG_PC, 0);
    assert_false(run(&r, 3000000));
    for (unsigned i = 0; i < MACHINES; i++)
        assert_in_range(r.m[i].ran, 900000, 1100000);
    teardown(&r);
}

static void test_a_paused_machine_stands_still(void **state)
{
    static const unsigned weight[] = { 1, 1, 1 };
    struct rig r;
    uint64_t count;

    (void)state;
    setup(&r, weight);
    for (unsigned i = 0; i < MACHINES; i++)
        loops(&r, i);
    run(&r, 3000000);
    count = machine_count(&r.vm[0]->board);
    scheduler_pause(&r.s, 0, true);
    run(&r, 3000000);
    assert_true(machine_count(&r.vm[0]->board) == count);
    scheduler_pause(&r.s, 0, false);
    run(&r, 3000000);
    assert_in_range(machine_count(&r.vm[0]->board) - count, 900000, 1100000);
    teardown(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares_follow_the_weights),
        cmocka_unit_test(test_an_idle_machine_takes_nothing),
        cmocka_unit_test(test_one_that_wakes_has_its_share_from_then_on),
        cmocka_unit_test(test_time_passes_when_all_wait),
        cmocka_unit_test(test_one_that_traps_for_ever_does_not_stop_the_others),
        cmocka_unit_test(test_a_paused_machine_stands_still),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
