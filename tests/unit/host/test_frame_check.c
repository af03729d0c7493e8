/* What libslirp is not given, and that all else is. */
#include "host/slirp/frame_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "host/frames.h"

static bool passes(const struct frame *f)
{
    /* A copy of exactly that size: what reads past it is found. */
    uint8_t *copy = malloc(f->size ? f->size : 1);
    bool good;

    assert_non_null(copy);
    memcpy(copy, f->bytes, f->size);
    good = frame_check(copy, f->size);
    free(copy);
    return good;
}

static bool segment_passes(uint32_t sequence, uint8_t flags, size_t size)
{
    static const uint8_t data[1460];
    struct segment s = { 1, 2, sequence, 0, flags, data, size };
    struct frame f;

    frame_tcp(&f, ROUTER_IP, &s);
    return passes(&f);
}

static void what_every_guest_sends_passes(void **state)
{
    struct frame f;

    (void)state;
    frame_arp(&f, ROUTER_IP);
    assert_true(passes(&f));
    frame_ping(&f, ROUTER_IP);
    assert_true(passes(&f));
    frame_dhcp(&f, 1);
    assert_true(passes(&f));
    assert_true(segment_passes(1, SYN, 0));
    assert_true(segment_passes(1, ACK, 1460));
    assert_true(segment_passes(UINT32_MAX, ACK, 2));
    assert_true(segment_passes(0, SYN, 0));
    assert_true(segment_passes(UINT32_MAX, SYN, 0));
    assert_true(segment_passes(0, ACK, 0));
    assert_true(segment_passes(0, RST, 0));
    assert_true(segment_passes(0, ACK | FIN, 1));
}

static void no_segment_ends_at_number_0(void **state)
{
    (void)state;
    for (uint32_t size = 1; size <= 1460; size += 7)
        for (uint32_t by = 0; by < 3; by++)
            assert_int_equal(segment_passes(1 - size - by, ACK, size), by != 1);
    assert_false(segment_passes(0, ACK | FIN, 0));
    assert_false(segment_passes(UINT32_MAX - 1, SYN, 1));
    assert_true(segment_passes(UINT32_MAX, SYN, 1));
}

static void nothing_is_in_pieces(void **state)
{
    struct segment s = { 1, 2, 100, 0, ACK, "ab", 2 };
    struct frame f;

    (void)state;
    frame_tcp(&f, ROUTER_IP, &s);
    frame_put(&f, IP_FRAGMENT, 2, 0x4000); /* don't fragment */
    assert_true(passes(&f));
    frame_put(&f, IP_FRAGMENT, 2, 0x2000); /* more follow */
    assert_false(passes(&f));
    frame_put(&f, IP_FRAGMENT, 2, 5); /* this one is further on */
    assert_false(passes(&f));
    frame_ping(&f, ROUTER_IP);
    frame_put(&f, IP_FRAGMENT, 2, 0x2000);
    assert_false(passes(&f));
}

/* Any headers: what they say about sizes is true, or the segment is lost. */
static void sizes_are_not_believed(void **state)
{
    struct segment s = { 1, 2, 100, 0, ACK, "ab", 2 };
    struct frame f;
    size_t whole;

    (void)state;
    frame_tcp(&f, ROUTER_IP, &s);
    whole = f.size;
    for (f.size = 34; f.size < whole; f.size++)
        assert_false(passes(&f));
    f.size = whole + 6; /* padding */
    assert_true(passes(&f));
    f.size = whole;
    for (unsigned words = 0; words < 16; words++) {
        frame_put(&f, 14, 1, 0x40 | words);
        assert_int_equal(passes(&f), words == 5);
        frame_put(&f, 14, 1, 0x45);
        frame_put(&f, 46, 1, words << 4);
        assert_int_equal(passes(&f), words == 5);
        frame_put(&f, 46, 1, 5 << 4);
    }
    for (unsigned length = 0; length < 100; length++) {
        frame_put(&f, IP_LENGTH, 2, length);
        assert_int_equal(passes(&f), length >= 40 && length <= 42);
    }
}

static void short_frames_are_left_to_it(void **state)
{
    struct frame f = { 0 };

    (void)state;
    frame_put(&f, FRAME_TYPE, 2, TYPE_IP);
    for (f.size = 0; f.size < 34; f.size++)
        assert_true(passes(&f));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_every_guest_sends_passes),
        cmocka_unit_test(no_segment_ends_at_number_0),
        cmocka_unit_test(nothing_is_in_pieces),
        cmocka_unit_test(sizes_are_not_believed),
        cmocka_unit_test(short_frames_are_left_to_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
