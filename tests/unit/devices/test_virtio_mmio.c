/* The virtio transport: registers, negotiation, queue set-up, interrupts. */
#include "devices/virtio_driver.h"

#define RNG     DEVICES_RNG_SLOT
#define EMPTY   2
#define RNG_IRQ (RNG + 1)

static void an_empty_slot_has_device_id_0(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(virtio_get(f, EMPTY, V_MAGIC), 0x74726976);
    assert_int_equal(virtio_get(f, EMPTY, V_VERSION), 2);
    assert_int_equal(virtio_get(f, EMPTY, V_DEVICE_ID), 0);
    for (unsigned reg = 0x10; reg < 0x200; reg += 4) {
        virtio_set(f, EMPTY, reg, 0xffffffff);
        assert_int_equal(virtio_get(f, EMPTY, reg), 0);
    }
}

static void the_slots_say_what_sits_in_them(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(virtio_get(f, 0, V_DEVICE_ID), 2);
    assert_int_equal(virtio_get(f, 1, V_DEVICE_ID), 2);
    assert_int_equal(virtio_get(f, 5, V_DEVICE_ID), 1);
    assert_int_equal(virtio_get(f, 6, V_DEVICE_ID), 3);
    assert_int_equal(virtio_get(f, 7, V_DEVICE_ID), 4);
    assert_int_equal(virtio_get(f, 7, V_VERSION), 2);
}

static void registers_are_words_and_configuration_is_not(void **state)
{
    struct fixture *f = *state;

    assert_load_faults(f, VIRTIO_BASE(RNG), 1);
    assert_load_faults(f, VIRTIO_BASE(RNG), 8);
    assert_store_faults(f, VIRTIO_BASE(RNG) + V_STATUS, 2);
    assert_int_equal(bus_get(f, VIRTIO_BASE(0) + V_CONFIG, 1), 9);
    assert_int_equal(bus_get(f, VIRTIO_BASE(0) + V_CONFIG, 8), 9);
    bus_put(f, VIRTIO_BASE(0) + V_CONFIG, 8, 100); /* read-only */
    assert_int_equal(bus_get(f, VIRTIO_BASE(0) + V_CONFIG, 8), 9);
    /* The fields end at 60 bytes; the slot does not. */
    assert_int_equal(bus_get(f, VIRTIO_BASE(0) + V_CONFIG + 56, 8), 0);
    assert_int_equal(bus_get(f, VIRTIO_BASE(0) + 0xff8, 8), 0);
}

static void version_1_and_what_is_offered_must_be_accepted(void **state)
{
    struct fixture *f = *state;

    virtio_set(f, RNG, V_DEVICE_FEATURES_SEL, 1);
    assert_int_equal(virtio_get(f, RNG, V_DEVICE_FEATURES), 1);
    virtio_set(f, RNG, V_DEVICE_FEATURES_SEL, 2);
    assert_int_equal(virtio_get(f, RNG, V_DEVICE_FEATURES), 0);
    /* Without VERSION_1: */
    virtio_set(f, RNG, V_STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    assert_false(virtio_get(f, RNG, V_STATUS) & FEATURES_OK);
    /* With what is not on offer: */
    virtio_set(f, RNG, V_DRIVER_FEATURES_SEL, 1);
    virtio_set(f, RNG, V_DRIVER_FEATURES, 3);
    virtio_set(f, RNG, V_STATUS, FEATURES_OK);
    assert_false(virtio_get(f, RNG, V_STATUS) & FEATURES_OK);
    virtio_set(f, RNG, V_DRIVER_FEATURES, 1);
    virtio_set(f, RNG, V_STATUS, FEATURES_OK);
    assert_true(virtio_get(f, RNG, V_STATUS) & FEATURES_OK);
    /* Settled from now on: */
    virtio_set(f, RNG, V_DRIVER_FEATURES, 0);
    assert_int_equal(f->devices.virtio[RNG].accepted, VIRTIO_F_VERSION_1);
}

static void the_driver_cannot_set_needs_reset(void **state)
{
    struct fixture *f = *state;

    virtio_set(f, RNG, V_STATUS, 0xff);
    assert_false(virtio_get(f, RNG, V_STATUS) & NEEDS_RESET);
}

static void queues_that_are_not_there_have_no_size(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(virtio_get(f, RNG, V_QUEUE_NUM_MAX), VIRTQUEUE_MAX);
    virtio_set(f, RNG, V_QUEUE_SEL, 1);
    assert_int_equal(virtio_get(f, RNG, V_QUEUE_NUM_MAX), 0);
    virtio_set(f, RNG, V_QUEUE_READY, 1);
    assert_int_equal(virtio_get(f, RNG, V_QUEUE_READY), 0);
    virtio_set(f, RNG, V_QUEUE_SEL, UINT32_MAX);
    assert_int_equal(virtio_get(f, RNG, V_QUEUE_NUM_MAX), 0);
    virtio_start(f, RNG, 1);
    virtio_set(f, RNG, V_QUEUE_NOTIFY, 1);
    virtio_set(f, RNG, V_QUEUE_NOTIFY, UINT32_MAX);
    assert_int_equal(virtio_get(f, RNG, V_STATUS), RUNNING);
}

static void a_ready_queue_cannot_be_moved(void **state)
{
    struct fixture *f = *state;
    struct virtqueue *q = &f->devices.virtio[RNG].queue[0];

    virtio_start(f, RNG, 1);
    virtio_set64(f, RNG, V_QUEUE_DESC, 0);
    virtio_set(f, RNG, V_QUEUE_NUM, 3);
    assert_int_equal(q->descriptors, DESC(0));
    assert_int_equal(q->size, QUEUE_SIZE);
    virtio_set(f, RNG, V_QUEUE_READY, 0);
    assert_int_equal(virtio_get(f, RNG, V_QUEUE_READY), 0);
    virtio_set64(f, RNG, V_QUEUE_DESC, FIXTURE_RAM);
    assert_int_equal(q->descriptors, FIXTURE_RAM);
}

static void rings_that_cannot_be_need_a_reset(void **state)
{
    static const struct {
        uint32_t size;
        uint64_t desc, avail, used;
    } bad[] = {
        { 0, DESC(0), AVAIL(0), USED(0) },
        { 3, DESC(0), AVAIL(0), USED(0) },
        { 512, DESC(0), AVAIL(0), USED(0) },
        { 8, DESC(0) + 8, AVAIL(0), USED(0) },
        { 8, DESC(0), AVAIL(0) + 1, USED(0) },
        { 8, DESC(0), AVAIL(0), USED(0) + 2 },
        { 8, FIXTURE_RAM - 16, AVAIL(0), USED(0) },
        { 8, FIXTURE_RAM + FIXTURE_RAM_SIZE - 16, AVAIL(0), USED(0) },
        { 8, DESC(0), FIXTURE_RAM + FIXTURE_RAM_SIZE - 8, USED(0) },
        { 8, DESC(0), AVAIL(0), UINT64_MAX - 3 },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        virtio_negotiate(f, RNG);
        virtio_set(f, RNG, V_QUEUE_NUM, bad[i].size);
        virtio_set64(f, RNG, V_QUEUE_DESC, bad[i].desc);
        virtio_set64(f, RNG, V_QUEUE_DRIVER, bad[i].avail);
        virtio_set64(f, RNG, V_QUEUE_DEVICE, bad[i].used);
        virtio_set(f, RNG, V_QUEUE_READY, 1);
        assert_int_equal(virtio_get(f, RNG, V_QUEUE_READY), 0);
        assert_true(virtio_get(f, RNG, V_STATUS) & NEEDS_RESET);
    }
    virtio_start(f, RNG, 1);
}

static void nothing_is_served_before_the_driver_is_ready(void **state)
{
    struct fixture *f = *state;

    virtio_negotiate(f, RNG);
    virtio_place_queue(f, RNG, 0, QUEUE_SIZE);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used(f, 0), 0);
    virtio_set(f, RNG, V_STATUS, RUNNING);
    virtio_set(f, RNG, V_QUEUE_NOTIFY, 0);
    assert_int_equal(virtio_used(f, 0), 1);
}

static void an_answer_interrupts_until_acknowledged(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_get(f, RNG, V_INTERRUPT_STATUS), 1);
    assert_true(plic_pending(f, RNG_IRQ));
    virtio_set(f, RNG, V_INTERRUPT_ACK, 1);
    assert_int_equal(virtio_get(f, RNG, V_INTERRUPT_STATUS), 0);
    assert_int_equal(f->devices.plic.level[0], 0);
}

static void the_driver_can_do_without_interrupts(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    bus_put(f, AVAIL(0), 2, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used(f, 0), 1);
    assert_int_equal(virtio_get(f, RNG, V_INTERRUPT_STATUS), 0);
}

static void a_notify_without_requests_does_nothing(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_set(f, RNG, V_QUEUE_NOTIFY, 0);
    assert_int_equal(virtio_get(f, RNG, V_INTERRUPT_STATUS), 0);
    assert_int_equal(virtio_get(f, RNG, V_STATUS), RUNNING);
}

static void a_reset_takes_everything_back(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    virtio_set(f, RNG, V_STATUS, 0);
    assert_int_equal(virtio_get(f, RNG, V_STATUS), 0);
    assert_int_equal(virtio_get(f, RNG, V_INTERRUPT_STATUS), 0);
    assert_int_equal(virtio_get(f, RNG, V_QUEUE_READY), 0);
    assert_int_equal(f->devices.plic.level[0], 0);
    bus_put(f, AVAIL(0) + 2, 2, 0);
    bus_put(f, USED(0) + 2, 2, 0);
    virtio_start(f, RNG, 1);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used(f, 0), 1);
}

static void no_shared_memory_is_all_ones(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(virtio_get(f, RNG, 0xb0), UINT32_MAX);
    assert_int_equal(virtio_get(f, RNG, 0xb4), UINT32_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(an_empty_slot_has_device_id_0),
        FIXTURE_DISK_TEST(the_slots_say_what_sits_in_them),
        FIXTURE_DISK_TEST(registers_are_words_and_configuration_is_not),
        FIXTURE_TEST(version_1_and_what_is_offered_must_be_accepted),
        FIXTURE_TEST(the_driver_cannot_set_needs_reset),
        FIXTURE_TEST(queues_that_are_not_there_have_no_size),
        FIXTURE_TEST(a_ready_queue_cannot_be_moved),
        FIXTURE_TEST(rings_that_cannot_be_need_a_reset),
        FIXTURE_TEST(nothing_is_served_before_the_driver_is_ready),
        FIXTURE_TEST(an_answer_interrupts_until_acknowledged),
        FIXTURE_TEST(the_driver_can_do_without_interrupts),
        FIXTURE_TEST(a_notify_without_requests_does_nothing),
        FIXTURE_TEST(a_reset_takes_everything_back),
        FIXTURE_TEST(no_shared_memory_is_all_ones),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
