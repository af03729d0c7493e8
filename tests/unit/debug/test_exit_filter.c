/* Filters of exits: what each lets pass, and what is said of bad ones. */
#include "debug/exit_filter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct exit_filter parse(const char *text)
{
    struct exit_filter f = { 0 };
    struct error e = { "" };

    if (exit_filter_parse(&f, text, &e) != STATUS_OK)
        fail_msg("'%s': %s", text, e.text);
    return f;
}

static bool passes(const char *text, const struct exit_record *e)
{
    struct exit_filter f = parse(text);

    return exit_filter_passes(&f, e);
}

static const struct exit_record fill = {
    .count = 1000,
    .priv = PRIV_S,
    .action = EXIT_FILLED,
    .pc = 0x80200010,
    .host = { CAUSE_LOAD_PAGE, 0x4000 },
};
static const struct exit_record timer = {
    .count = 2000,
    .priv = PRIV_U,
    .action = EXIT_INTERRUPT,
    .pc = 0x10000,
    .guest = { CAUSE_INTERRUPT | IRQ_STI, 0 },
};

static void an_empty_filter_lets_all_pass(void **state)
{
    (void)state;
    assert_true(passes("", &fill));
    assert_true(passes("", &timer));
}

static void each_key_chooses(void **state)
{
    static const char *const yes[] = {
        "mode=S",
        "action=filled",
        "cause=13",
        "cause=load-page-fault",
        "cause=LOAD_page",
        "cause=load",
        "pc=0x80200010",
        "pc=0x80200000-",
        "pc=0x80200000-0x80200010",
        "pc=-0x80200010",
        "count=1000-1000",
        "count=0-2000",
        "count=1000",
    };
    static const char *const no[] = {
        "mode=M",
        "mode=U",
        "action=emulated",
        "cause=12",
        "cause=15",
        "cause=illegal-instruction",
        "cause=supervisor-timer-interrupt",
        "pc=0x80200011-",
        "pc=-0x8020000f",
        "count=1001-2000",
        "count=999",
    };

    (void)state;
    for (size_t k = 0; k < sizeof yes / sizeof *yes; k++)
        if (!passes(yes[k], &fill))
            fail_msg("'%s' refuses", yes[k]);
    for (size_t k = 0; k < sizeof no / sizeof *no; k++)
        if (passes(no[k], &fill))
            fail_msg("'%s' lets pass", no[k]);
}

static void different_keys_must_all_hold_equal_ones_need_not(void **state)
{
    (void)state;
    assert_true(passes("mode=S,action=filled,count=1-5000", &fill));
    assert_false(passes("mode=S,action=device", &fill));
    assert_true(passes("mode=M,mode=S", &fill));
    assert_true(passes("count=1-5,count=1000", &fill));
    assert_true(passes("cause=2,cause=13", &fill));
}

static void an_interrupt_is_chosen_by_its_name(void **state)
{
    (void)state;
    assert_true(passes("cause=supervisor-timer", &timer));
    assert_true(passes("cause=supervisor-timer,cause=2", &timer));
    assert_false(passes("cause=machine-timer", &timer));
    /* Cause 0 is what the host's trap would be, if there were one. */
    assert_false(passes("cause=0", &timer));
}

static void a_machine_is_chosen_by_its_level(void **state)
{
    struct exit_filter f = parse("vm=2");

    (void)state;
    assert_false(exit_filter_vm(&f, 1));
    assert_true(exit_filter_vm(&f, 2));
    f = parse("vm=vm1,vm=3");
    assert_true(exit_filter_vm(&f, 1) && exit_filter_vm(&f, 3));
    assert_false(exit_filter_vm(&f, 2));
    f = parse("vm=all");
    assert_true(exit_filter_vm(&f, 1) && exit_filter_vm(&f, 4));
    f = parse("mode=S");
    assert_true(exit_filter_vm(&f, 1) && exit_filter_vm(&f, 4));
}

static void a_span_passes_if_part_of_it_lies_in_the_range(void **state)
{
    struct exit_filter f = parse("count=100-200,mode=U");

    (void)state;
    assert_true(exit_filter_span(&f, PRIV_U, 0, 100));
    assert_true(exit_filter_span(&f, PRIV_U, 200, 300));
    assert_true(exit_filter_span(&f, PRIV_U, 0, 1000));
    assert_false(exit_filter_span(&f, PRIV_U, 0, 99));
    assert_false(exit_filter_span(&f, PRIV_U, 201, 300));
    assert_false(exit_filter_span(&f, PRIV_S, 0, 1000));
}

static void bad_filters_are_told(void **state)
{
    static const struct {
        const char *text, *says;
    } bad[] = {
        { "mode=X", "mode must be M, S or U, not 'X'" },
        { "mode=", "mode must be M, S or U, not ''" },
        { "vm=0", "vm must be a level from 1" },
        { "vm=1x", "not '1x'" },
        { "cause=16", "cause must be a number from 0 to 15 or a name" },
        { "cause=page", "not 'page'" },
        { "cause=", "cause must be" },
        { "action=fill", "emulated, filled, device" },
        { "pc=5-4", "pc must be a number or a range LO-HI" },
        { "pc=-", "pc must be" },
        { "pc=main", "not 'main'" },
        { "count=1-2-3", "count must be" },
        { "count=99999999999999999999", "count must be" },
        { "colour=red", "a filter must be vm=, cause=, mode=" },
        { "mode", "not 'mode'" },
        { "mode=S,", "not ''" },
        { ",mode=S", "not ''" },
        { "pc=1,pc=1,pc=1,pc=1,pc=1,pc=1,pc=1,pc=1,pc=1", "8 times at most" },
    };

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct exit_filter f = { 0 };
        struct error e = { "" };

        assert_int_equal(exit_filter_parse(&f, bad[k].text, &e),
                         STATUS_BAD_ARGUMENT);
        if (!strstr(e.text, bad[k].says))
            fail_msg("of '%s': \"%s\"", bad[k].text, e.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_filter_lets_all_pass),
        cmocka_unit_test(each_key_chooses),
        cmocka_unit_test(different_keys_must_all_hold_equal_ones_need_not),
        cmocka_unit_test(an_interrupt_is_chosen_by_its_name),
        cmocka_unit_test(a_machine_is_chosen_by_its_level),
        cmocka_unit_test(a_span_passes_if_part_of_it_lies_in_the_range),
        cmocka_unit_test(bad_filters_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
