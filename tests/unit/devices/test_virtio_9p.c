/* virtio 9P: messages go to the far end and replies come back, untouched. */
#include "devices/virtio_driver.h"

#include <string.h>

#define SHARE DEVICES_SHARE_SLOT
#define REPLY (BUFFER + 0x8000)

/* What came, and what is to go back. */
struct far {
    unsigned requests;
    size_t size, max;
    uint8_t first, last;
    size_t reply; /* bytes to give, as far as there is room */
};

static size_t answer(void *context, const uint8_t *request, size_t n,
                     uint8_t *reply, size_t max)
{
    struct far *far = context;
    size_t size = far->reply < max ? far->reply : max;

    assert_true(n <= SHARE_MESSAGE && max <= SHARE_MESSAGE);
    far->requests++;
    far->size = n;
    far->max = max;
    far->first = n ? request[0] : 0;
    far->last = n ? request[n - 1] : 0;
    for (size_t i = 0; i < size; i++)
        reply[i] = (uint8_t)(i % 251 + 1);
    return size;
}

static void start(struct fixture *f, struct far *far, size_t reply)
{
    *far = (struct far){ .reply = reply };
    f->share = (struct share_end){ .answer = answer, .far = far };
    virtio_start(f, SHARE, 1);
}

static void it_says_what_it_is(void **state)
{
    static const char tag[] = "\x04\x00host";
    struct fixture *f = *state;

    assert_int_equal(virtio_get(f, SHARE, V_DEVICE_ID), 9);
    virtio_set(f, SHARE, V_DEVICE_FEATURES_SEL, 0);
    assert_int_equal(virtio_get(f, SHARE, V_DEVICE_FEATURES),
                     1u << 0 | 1u << 28); /* MOUNT_TAG, INDIRECT_DESC */
    for (unsigned i = 0; i < 6; i++)
        assert_int_equal(bus_get(f, VIRTIO_BASE(SHARE) + V_CONFIG + i, 1),
                         tag[i]);
    assert_int_equal(bus_get(f, VIRTIO_BASE(SHARE) + V_CONFIG + 6, 2), 0);
    virtio_set(f, SHARE, V_QUEUE_SEL, 1);
    assert_int_equal(virtio_get(f, SHARE, V_QUEUE_NUM_MAX), 0);
}

static void a_reply_follows_a_request_at_once(void **state)
{
    struct fixture *f = *state;
    struct far far;

    start(f, &far, 100);
    bus_put(f, BUFFER, 1, 0x11);
    bus_put(f, BUFFER + 3000, 1, 0x22);
    /* The request and the room for the reply are cut. */
    virtio_describe(f, DESC(0), 0, BUFFER, 7, NEXT, 1);
    virtio_describe(f, DESC(0), 1, BUFFER + 2006, 995, NEXT, 2);
    virtio_describe(f, DESC(0), 2, REPLY, 11, NEXT | WRITE, 3);
    virtio_describe(f, DESC(0), 3, REPLY + 0x100, 200, WRITE, 0);
    virtio_submit(f, SHARE, 0, 0);
    assert_int_equal(far.requests, 1);
    assert_int_equal(far.size, 1002);
    assert_int_equal(far.max, 211);
    assert_int_equal(far.first, 0x11);
    assert_int_equal(far.last, 0x22);
    assert_int_equal(virtio_used(f, 0), 1);
    assert_int_equal(virtio_used_length(f, 0, 0), 100);
    assert_int_equal(bus_get(f, REPLY + 10, 1), 11);
    assert_int_equal(bus_get(f, REPLY + 11, 1), 0);
    assert_int_equal(bus_get(f, REPLY + 0x100, 1), 12);
    assert_int_equal(bus_get(f, REPLY + 0x100 + 88, 1), 100);
    assert_int_equal(bus_get(f, REPLY + 0x100 + 89, 1), 0);
    assert_int_equal(virtio_get(f, SHARE, V_INTERRUPT_STATUS), 1);
    assert_true(plic_pending(f, 12));
}

static void a_request_without_reply_comes_back_empty(void **state)
{
    struct fixture *f = *state;
    struct far far;

    start(f, &far, 0);
    virtio_describe(f, DESC(0), 0, BUFFER, 20, NEXT, 1);
    virtio_describe(f, DESC(0), 1, REPLY, 20, WRITE, 0);
    virtio_submit(f, SHARE, 0, 0);
    assert_int_equal(far.requests, 1);
    assert_int_equal(virtio_used(f, 0), 1);
    assert_int_equal(virtio_used_length(f, 0, 0), 0);
}

static void sizes_are_bounded(void **state)
{
    struct fixture *f = *state;
    struct far far;

    start(f, &far, SIZE_MAX);
    /* The same RAM several times: more than a message, less than all RAM. */
    virtio_describe(f, DESC(0), 0, BUFFER, 0x18000, NEXT, 1);
    virtio_describe(f, DESC(0), 1, BUFFER, 0x10000, WRITE, 0);
    virtio_submit(f, SHARE, 0, 0);
    assert_int_equal(far.size, 0x18000);
    assert_int_equal(far.max, 0x10000);
    assert_int_equal(virtio_used_length(f, 0, 0), 0x10000);
    virtio_describe(f, DESC(0), 0, BUFFER, SHARE_MESSAGE + 1, 0, 0);
    virtio_submit(f, SHARE, 0, 0);
    assert_int_equal(far.size, SHARE_MESSAGE);
    assert_int_equal(far.max, 0);
    virtio_describe(f, DESC(0), 0, BUFFER, SHARE_MESSAGE + 1, WRITE, 0);
    virtio_submit(f, SHARE, 0, 0);
    assert_int_equal(far.size, 0);
    assert_int_equal(far.max, SHARE_MESSAGE);
    assert_int_equal(virtio_used(f, 0), 3);
    assert_int_equal(virtio_used_length(f, 0, 2), SHARE_MESSAGE);
}

static void a_buffer_outside_ram_breaks_the_queue(void **state)
{
    struct fixture *f = *state;
    struct far far;

    start(f, &far, 10);
    virtio_describe(f, DESC(0), 0, BUFFER, 20, NEXT, 1);
    virtio_describe(f, DESC(0), 1, FIXTURE_RAM + FIXTURE_RAM_SIZE - 8, 16,
                    WRITE, 0);
    virtio_submit(f, SHARE, 0, 0);
    assert_int_equal(far.requests, 0);
    assert_virtio_gave_up(f, SHARE, 0);
}

static void move(struct state *s, void *bytes, size_t n)
{
    static uint8_t kept[16];
    static size_t at;

    if (s->saving)
        memcpy(kept + at, bytes, n);
    else
        memcpy(bytes, kept, n);
    at += n;
}

static void its_state_is_nothing_but_its_tag(void **state)
{
    struct fixture *f = *state;
    struct state save = { .move = move, .saving = true };
    struct state load = { .move = move };

    virtio_9p_state(&f->devices.share, &save);
    virtio_9p_state(&f->devices.share, &load);
    assert_false(load.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(it_says_what_it_is),
        FIXTURE_TEST(a_reply_follows_a_request_at_once),
        FIXTURE_TEST(a_request_without_reply_comes_back_empty),
        FIXTURE_TEST(sizes_are_bounded),
        FIXTURE_TEST(a_buffer_outside_ram_breaks_the_queue),
        FIXTURE_TEST(its_state_is_nothing_but_its_tag),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
