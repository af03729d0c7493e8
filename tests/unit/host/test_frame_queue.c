/* Frames that wait: in order, whole, and not without bound. */
#include "host/slirp/frame_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct frame_queue queue;

/* Frame n has 14 + n % 1501 bytes, all of n. */
static size_t size_of(unsigned n)
{
    return NET_FRAME_MIN + n % (NET_FRAME_MAX - NET_FRAME_MIN + 1);
}

static void add(unsigned n)
{
    uint8_t frame[NET_FRAME_MAX];

    memset(frame, (int)n, sizeof frame);
    frame_queue_add(&queue, frame, size_of(n));
}

static void expect(unsigned n)
{
    size_t size = 0;
    const uint8_t *frame = frame_queue_oldest(&queue, &size);

    assert_non_null(frame);
    assert_int_equal(size, size_of(n));
    for (size_t k = 0; k < size; k++)
        assert_int_equal(frame[k], (uint8_t)n);
    frame_queue_remove(&queue);
}

static void the_first_comes_first(void **state)
{
    size_t size;

    (void)state;
    memset(&queue, 0, sizeof queue);
    assert_null(frame_queue_oldest(&queue, &size));
    for (unsigned n = 0; n < 3000; n += 3) { /* round and round */
        for (unsigned k = 0; k < 3; k++)
            add(n + k);
        for (unsigned k = 0; k < 3; k++)
            expect(n + k);
    }
    assert_null(frame_queue_oldest(&queue, &size));
}

static void what_has_no_room_is_lost(void **state)
{
    size_t size;

    (void)state;
    memset(&queue, 0, sizeof queue);
    for (unsigned n = 0; n < FRAME_QUEUE + 10; n++)
        add(n);
    assert_int_equal(queue.waiting, FRAME_QUEUE);
    expect(0);
    add(1000);
    add(1001);
    for (unsigned n = 1; n < FRAME_QUEUE; n++)
        expect(n);
    expect(1000);
    assert_null(frame_queue_oldest(&queue, &size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_comes_first),
        cmocka_unit_test(what_has_no_room_is_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
