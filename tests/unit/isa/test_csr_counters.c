/* mcycle, minstret and time: offsets, writes and inhibition. */
#include "csr_fixture.h"

/* `n` instructions are executed and retire. */
static void run(struct csr_file *c, uint64_t n)
{
    c->count += n;
    c->instret += n;
}

static void counters_follow_the_counts(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.c.count = 100;
    f.c.instret = 90;
    f.c.time = 1;
    assert_int_equal(csr_read(&f.c, CSR_mcycle), 100);
    assert_int_equal(csr_read(&f.c, CSR_cycle), 100);
    assert_int_equal(csr_read(&f.c, CSR_minstret), 90);
    assert_int_equal(csr_read(&f.c, CSR_instret), 90);
    assert_int_equal(csr_read(&f.c, CSR_time), 1);
}

static void a_write_holds_from_its_count_on(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    run(&f.c, 1000);
    assert_int_equal(written(&f.c, CSR_mcycle, 5), 5);
    assert_int_equal(written(&f.c, CSR_minstret, ~UINT64_C(0)), ~UINT64_C(0));
    run(&f.c, 3);
    assert_int_equal(csr_read(&f.c, CSR_mcycle), 8);
    assert_int_equal(csr_read(&f.c, CSR_cycle), 8);
    assert_int_equal(csr_read(&f.c, CSR_instret), 2); /* wrapped */
    assert_int_equal(f.c.count, 1003);                /* time goes on */
}

static void an_inhibited_counter_stands_still_and_goes_on_from_there(
    void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    run(&f.c, 10);
    csr_write(&f.c, CSR_mcountinhibit, COUNTEREN_CY);
    run(&f.c, 10);
    assert_int_equal(csr_read(&f.c, CSR_mcycle), 10);
    assert_int_equal(csr_read(&f.c, CSR_minstret), 20);
    csr_write(&f.c, CSR_mcountinhibit, COUNTEREN_IR);
    run(&f.c, 10);
    assert_int_equal(csr_read(&f.c, CSR_mcycle), 20);
    assert_int_equal(csr_read(&f.c, CSR_minstret), 20);
    csr_write(&f.c, CSR_mcountinhibit, 0);
    run(&f.c, 10);
    assert_int_equal(csr_read(&f.c, CSR_mcycle), 30);
    assert_int_equal(csr_read(&f.c, CSR_minstret), 30);
}

static void an_inhibited_counter_can_be_written(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    run(&f.c, 10);
    csr_write(&f.c, CSR_mcountinhibit, COUNTEREN_CY | COUNTEREN_IR);
    csr_write(&f.c, CSR_mcycle, 500);
    csr_write(&f.c, CSR_minstret, 600);
    run(&f.c, 7);
    assert_int_equal(csr_read(&f.c, CSR_mcycle), 500);
    assert_int_equal(csr_read(&f.c, CSR_minstret), 600);
    csr_write(&f.c, CSR_mcountinhibit, 0);
    run(&f.c, 1);
    assert_int_equal(csr_read(&f.c, CSR_mcycle), 501);
    assert_int_equal(csr_read(&f.c, CSR_minstret), 601);
}

/* Or a monitor's copy of a hart would differ from it in hidden state. */
static void counters_that_read_the_same_are_the_same(void **state)
{
    struct fixture f, g;

    (void)state;
    fixture_init(&f);
    run(&f.c, 10);
    memcpy(&g, &f, sizeof f);
    g.c.isa = f.c.isa;
    csr_write(&f.c, CSR_mcountinhibit, COUNTEREN_CY | COUNTEREN_IR);
    csr_write(&f.c, CSR_mcycle, 500);
    csr_write(&f.c, CSR_minstret, 600);
    run(&f.c, 7);
    run(&g.c, 7);
    csr_write(&g.c, CSR_mcycle, 500);
    csr_write(&g.c, CSR_minstret, 600);
    csr_write(&g.c, CSR_mcountinhibit, COUNTEREN_CY | COUNTEREN_IR);
    assert_memory_equal(&f.c, &g.c, sizeof f.c);
    csr_write(&f.c, CSR_mcountinhibit, 0);
    csr_write(&g.c, CSR_mcountinhibit, 0);
    assert_memory_equal(&f.c, &g.c, sizeof f.c);
    assert_int_equal(f.c.cycle_frozen | f.c.instret_frozen, 0);
}

static void time_cannot_be_inhibited(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_int_equal(written(&f.c, CSR_mcountinhibit, ~UINT64_C(0)), 5);
    f.c.time = 77;
    assert_int_equal(csr_read(&f.c, CSR_time), 77);
}

static void hpm_counters_read_zero(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    run(&f.c, 1000);
    for (unsigned i = 3; i < 32; i++) {
        assert_int_equal(written(&f.c, CSR_mcycle + i, 1), 0);
        assert_int_equal(csr_read(&f.c, CSR_cycle + i), 0);
        assert_int_equal(written(&f.c, CSR_mcountinhibit + i, 1), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_follow_the_counts),
        cmocka_unit_test(a_write_holds_from_its_count_on),
        cmocka_unit_test(
            an_inhibited_counter_stands_still_and_goes_on_from_there),
        cmocka_unit_test(an_inhibited_counter_can_be_written),
        cmocka_unit_test(counters_that_read_the_same_are_the_same),
        cmocka_unit_test(time_cannot_be_inhibited),
        cmocka_unit_test(hpm_counters_read_zero),
    };

    return cmocka_run_group_tests_name("isa/csr_counters", tests, NULL, NULL);
}
