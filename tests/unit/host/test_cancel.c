/* What ends a run ends a wait too, whenever it comes. */
#include "host/cancel.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

static int reset(void **state)
{
    (void)state;
    cancel(0);
    cancel_on_signals(0);
    return 0;
}

/* Between the look at the flag and the wait: a wait for ever would hang. */
static void a_signal_before_the_wait_ends_it(void **state)
{
    (void)state;
    raise(SIGTERM);
    cancel_wait(NULL, 0, -1);
    assert_int_equal(*cancel_flag(), SIGTERM);
}

static void a_signal_ends_the_wait(void **state)
{
    (void)state;
    cancel_on_signals(0.01);
    assert_int_equal(cancel_wait(NULL, 0, -1), -1);
    assert_int_equal(*cancel_flag(), SIGALRM);
}

static void without_one_it_is_poll(void **state)
{
    struct pollfd p = { .events = POLLIN };
    int end[2];

    (void)state;
    assert_int_equal(pipe(end), 0);
    p.fd = end[0];
    assert_int_equal(cancel_wait(&p, 1, 1000000), 0);
    assert_int_equal(write(end[1], "x", 1), 1);
    assert_int_equal(cancel_wait(&p, 1, -1), 1);
    close(end[0]);
    close(end[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_signal_before_the_wait_ends_it, reset),
        cmocka_unit_test_setup(a_signal_ends_the_wait, reset),
        cmocka_unit_test_setup(without_one_it_is_poll, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
