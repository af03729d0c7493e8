/* virtio net: frames out and in, and drivers that do what none should. */
#include "devices/virtio_driver.h"

#include <string.h>

#define NET DEVICES_NET_SLOT
enum { RECEIVE = 0, TRANSMIT = 1 };

#define HEADER 12
#define FULL   (HEADER + NET_FRAME_MAX)

/* What came out at the far end of the cable. */
struct far {
    unsigned frames;
    size_t size; /* of the last one */
    uint8_t frame[NET_FRAME_MAX];
};

static void hear(void *context, const uint8_t *frame, size_t size)
{
    struct far *far = context;

    assert_in_range(size, NET_FRAME_MIN, NET_FRAME_MAX);
    far->frames++;
    far->size = size;
    memcpy(far->frame, frame, size);
}

/* A driver that runs, and somebody at the far end. */
static void start(struct fixture *f, struct far *far)
{
    memset(far, 0, sizeof *far);
    f->net.sent = hear;
    f->net.far = far;
    virtio_start(f, NET, 2);
}

static bool deliver(struct fixture *f, const uint8_t *frame, size_t size)
{
    return f->net.deliver(f->net.device, frame, size);
}

/* A frame whose byte i is i + first; `size` bytes of it. */
static void make_frame(uint8_t *frame, size_t size, unsigned first)
{
    for (size_t i = 0; i < size; i++)
        frame[i] = (uint8_t)(i + first);
}

static void assert_ram(struct fixture *f, uint64_t pa, const uint8_t *bytes,
                       size_t size)
{
    for (size_t i = 0; i < size; i++)
        assert_int_equal(bus_get(f, pa + i, 1), bytes[i]);
}

/* Fills [BUFFER, +size) so that what is behind a header is byte i of a frame,
   the header being nonsense. */
static void put_packet(struct fixture *f, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bus_put(f, BUFFER + i, 1, i < HEADER ? 0xee : (i - HEADER) % 251);
}

static void send(struct fixture *f, uint32_t size)
{
    virtio_describe(f, DESC(TRANSMIT), 0, BUFFER, size, 0, 0);
    virtio_submit(f, NET, TRANSMIT, 0);
}

static void it_says_what_it_is(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(virtio_get(f, NET, V_DEVICE_ID), 1);
    virtio_set(f, NET, V_DEVICE_FEATURES_SEL, 0);
    assert_int_equal(virtio_get(f, NET, V_DEVICE_FEATURES),
                     1u << 5 | 1u << 28); /* MAC, INDIRECT_DESC */
    virtio_set(f, NET, V_DEVICE_FEATURES_SEL, 1);
    assert_int_equal(virtio_get(f, NET, V_DEVICE_FEATURES), 1);
    for (unsigned i = 0; i < NET_MAC; i++)
        assert_int_equal(bus_get(f, VIRTIO_BASE(NET) + V_CONFIG + i, 1),
                         f->net.mac[i]);
    assert_int_equal(bus_get(f, VIRTIO_BASE(NET) + V_CONFIG + NET_MAC, 2), 0);
    bus_put(f, VIRTIO_BASE(NET) + V_CONFIG, 1, 0xff);
    assert_int_equal(bus_get(f, VIRTIO_BASE(NET) + V_CONFIG, 1), 2);
    for (unsigned q = 0; q < 3; q++) {
        virtio_set(f, NET, V_QUEUE_SEL, q);
        assert_int_equal(virtio_get(f, NET, V_QUEUE_NUM_MAX),
                         q < 2 ? VIRTQUEUE_MAX : 0);
    }
}

static void a_frame_goes_out_without_its_header(void **state)
{
    struct fixture *f = *state;
    struct far far;

    start(f, &far);
    put_packet(f, FULL);
    /* The header's end and the frame's middle are cut. */
    virtio_describe(f, DESC(TRANSMIT), 0, BUFFER, 5, NEXT, 1);
    virtio_describe(f, DESC(TRANSMIT), 1, BUFFER + 5, 1000, NEXT, 2);
    virtio_describe(f, DESC(TRANSMIT), 2, BUFFER + 1005, FULL - 1005, 0, 0);
    virtio_submit(f, NET, TRANSMIT, 0);
    assert_int_equal(far.frames, 1);
    assert_int_equal(far.size, NET_FRAME_MAX);
    for (size_t i = 0; i < NET_FRAME_MAX; i++)
        assert_int_equal(far.frame[i], i % 251);
    assert_int_equal(virtio_used(f, TRANSMIT), 1);
    assert_int_equal(virtio_used_length(f, TRANSMIT, 0), 0);
    assert_int_equal(virtio_get(f, NET, V_INTERRUPT_STATUS), 1);
    assert_true(plic_pending(f, NET + 1));
}

static void what_is_no_frame_is_not_sent(void **state)
{
    static const uint32_t bad[] = { 0,        1,
                                    HEADER,   HEADER + NET_FRAME_MIN - 1,
                                    FULL + 1, 0x20000 };
    struct fixture *f = *state;
    unsigned n = sizeof bad / sizeof bad[0];
    struct far far;

    start(f, &far);
    for (unsigned i = 0; i < n; i++) {
        send(f, bad[i]);
        assert_int_equal(far.frames, 0);
        assert_int_equal(virtio_used(f, TRANSMIT), i + 1);
    }
    send(f, HEADER + NET_FRAME_MIN);
    assert_int_equal(far.size, NET_FRAME_MIN);
    /* What the device might write does not count. */
    virtio_describe(f, DESC(TRANSMIT), 0, BUFFER, FULL, WRITE, 0);
    virtio_submit(f, NET, TRANSMIT, 0);
    assert_int_equal(far.frames, 1);
    assert_int_equal(virtio_used(f, TRANSMIT), n + 2);
}

static void without_a_far_end_frames_are_lost(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, NET, 2);
    send(f, FULL);
    assert_int_equal(virtio_used(f, TRANSMIT), 1);
}

static void a_frame_comes_in_behind_a_header(void **state)
{
    static const uint8_t header[HEADER] = { [10] = 1 }; /* num_buffers */
    struct fixture *f = *state;
    uint8_t frame[NET_FRAME_MAX];
    struct far far;

    start(f, &far);
    make_frame(frame, sizeof frame, 3);
    for (size_t i = 0; i < 2048; i++)
        bus_put(f, BUFFER + i, 1, 0xee);
    virtio_describe(f, DESC(RECEIVE), 0, BUFFER, 7, NEXT | WRITE, 1);
    virtio_describe(f, DESC(RECEIVE), 1, BUFFER + 7, 2000, WRITE, 0);
    virtio_submit(f, NET, RECEIVE, 0);
    assert_int_equal(virtio_used(f, RECEIVE), 0);
    assert_int_equal(virtio_get(f, NET, V_INTERRUPT_STATUS), 0);
    assert_true(deliver(f, frame, 700));
    assert_int_equal(virtio_used(f, RECEIVE), 1);
    assert_int_equal(virtio_used_length(f, RECEIVE, 0), HEADER + 700);
    assert_ram(f, BUFFER, header, HEADER);
    assert_ram(f, BUFFER + HEADER, frame, 700);
    assert_int_equal(bus_get(f, BUFFER + HEADER + 700, 1), 0xee);
    assert_int_equal(virtio_get(f, NET, V_INTERRUPT_STATUS), 1);
    assert_true(plic_pending(f, NET + 1));
}

static void a_frame_is_refused_while_there_is_no_buffer(void **state)
{
    struct fixture *f = *state;
    uint8_t frame[NET_FRAME_MAX];
    struct far far;

    make_frame(frame, sizeof frame, 0);
    assert_false(deliver(f, frame, 60)); /* no driver */
    start(f, &far);
    assert_false(deliver(f, frame, 60)); /* no buffer */
    virtio_describe(f, DESC(RECEIVE), 0, BUFFER, FULL, WRITE, 0);
    virtio_submit(f, NET, RECEIVE, 0);
    assert_int_equal(virtio_used(f, RECEIVE), 0); /* it was not kept */
    assert_true(deliver(f, frame, sizeof frame));
    assert_false(deliver(f, frame, 60));
    assert_int_equal(virtio_used(f, RECEIVE), 1);
    virtio_submit(f, NET, RECEIVE, 0);
    virtio_set(f, NET, V_STATUS, 0);
    assert_false(deliver(f, frame, 60)); /* its driver has gone */
    assert_int_equal(virtio_used(f, RECEIVE), 1);
}

static void frames_come_one_to_a_buffer_in_order(void **state)
{
    struct fixture *f = *state;
    uint8_t frame[100];
    struct far far;

    start(f, &far);
    for (unsigned i = 0; i < 3; i++) {
        virtio_describe(f, DESC(RECEIVE), i, BUFFER + 2048 * i, FULL, WRITE, 0);
        virtio_submit(f, NET, RECEIVE, i);
    }
    for (unsigned i = 0; i < 3; i++) {
        make_frame(frame, sizeof frame, i);
        assert_true(deliver(f, frame, 20 + i));
        assert_int_equal(virtio_used(f, RECEIVE), i + 1);
        assert_int_equal(virtio_used_length(f, RECEIVE, i), HEADER + 20 + i);
        assert_ram(f, BUFFER + 2048 * i + HEADER, frame, 20 + i);
    }
}

static void a_buffer_that_is_too_small_goes_back_empty(void **state)
{
    struct fixture *f = *state;
    uint8_t frame[60];
    struct far far;

    start(f, &far);
    make_frame(frame, sizeof frame, 0);
    bus_put(f, BUFFER, 8, UINT64_MAX);
    virtio_describe(f, DESC(RECEIVE), 0, BUFFER, HEADER + 59, WRITE, 0);
    virtio_describe(f, DESC(RECEIVE), 1, BUFFER, FULL, 0, 0); /* read-only */
    virtio_describe(f, DESC(RECEIVE), 2, BUFFER, 0, WRITE, 0);
    virtio_describe(f, DESC(RECEIVE), 3, BUFFER, HEADER + 60, WRITE, 0);
    for (unsigned i = 0; i < 4; i++)
        virtio_submit(f, NET, RECEIVE, i);
    for (unsigned i = 0; i < 3; i++) {
        assert_true(deliver(f, frame, 60)); /* and it is lost */
        assert_int_equal(virtio_used(f, RECEIVE), i + 1);
        assert_int_equal(virtio_used_length(f, RECEIVE, i), 0);
        assert_true(bus_get(f, BUFFER, 8) == UINT64_MAX);
    }
    assert_true(deliver(f, frame, 60));
    assert_int_equal(virtio_used_length(f, RECEIVE, 3), HEADER + 60);
    assert_ram(f, BUFFER + HEADER, frame, 60);
}

static void a_buffer_outside_ram_breaks_the_queue(void **state)
{
    struct fixture *f = *state;
    uint8_t frame[60] = { 0 };
    struct far far;

    start(f, &far);
    virtio_describe(f, DESC(RECEIVE), 0, FIXTURE_RAM + FIXTURE_RAM_SIZE - 8,
                    FULL, WRITE, 0);
    virtio_submit(f, NET, RECEIVE, 0);
    assert_int_equal(virtio_get(f, NET, V_STATUS) & NEEDS_RESET, 0);
    assert_false(deliver(f, frame, 60));
    assert_false(deliver(f, frame, 60));
    assert_virtio_gave_up(f, NET, RECEIVE);
}

static void a_loop_breaks_the_queue(void **state)
{
    struct fixture *f = *state;
    struct far far;

    start(f, &far);
    virtio_describe(f, DESC(TRANSMIT), 0, BUFFER, 100, NEXT, 0);
    virtio_submit(f, NET, TRANSMIT, 0);
    assert_int_equal(far.frames, 0);
    assert_int_equal(virtio_used(f, TRANSMIT), 0);
    assert_virtio_gave_up(f, NET, TRANSMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(it_says_what_it_is),
        FIXTURE_TEST(a_frame_goes_out_without_its_header),
        FIXTURE_TEST(what_is_no_frame_is_not_sent),
        FIXTURE_TEST(without_a_far_end_frames_are_lost),
        FIXTURE_TEST(a_frame_comes_in_behind_a_header),
        FIXTURE_TEST(a_frame_is_refused_while_there_is_no_buffer),
        FIXTURE_TEST(frames_come_one_to_a_buffer_in_order),
        FIXTURE_TEST(a_buffer_that_is_too_small_goes_back_empty),
        FIXTURE_TEST(a_buffer_outside_ram_breaks_the_queue),
        FIXTURE_TEST(a_loop_breaks_the_queue),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
