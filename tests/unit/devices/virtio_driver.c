/* A small virtio driver for tests; see virtio_driver.h. */
#include "devices/virtio_driver.h"

uint32_t virtio_get(struct fixture *f, unsigned slot, unsigned reg)
{
    return (uint32_t)bus_get(f, VIRTIO_BASE(slot) + reg, 4);
}

void virtio_set(struct fixture *f, unsigned slot, unsigned reg, uint32_t v)
{
    bus_put(f, VIRTIO_BASE(slot) + reg, 4, v);
}

void virtio_set64(struct fixture *f, unsigned slot, unsigned reg, uint64_t v)
{
    virtio_set(f, slot, reg, (uint32_t)v);
    virtio_set(f, slot, reg + 4, (uint32_t)(v >> 32));
}

void virtio_negotiate(struct fixture *f, unsigned slot)
{
    virtio_set(f, slot, V_STATUS, 0);
    virtio_set(f, slot, V_STATUS, ACKNOWLEDGE | DRIVER);
    for (unsigned word = 0; word < 2; word++) {
        virtio_set(f, slot, V_DEVICE_FEATURES_SEL, word);
        virtio_set(f, slot, V_DRIVER_FEATURES_SEL, word);
        virtio_set(f, slot, V_DRIVER_FEATURES,
                   virtio_get(f, slot, V_DEVICE_FEATURES));
    }
    virtio_set(f, slot, V_STATUS, ACKNOWLEDGE | DRIVER | FEATURES_OK);
    assert_true(virtio_get(f, slot, V_STATUS) & FEATURES_OK);
}

void virtio_place_queue(struct fixture *f, unsigned slot, unsigned q,
                        uint32_t size)
{
    virtio_set(f, slot, V_QUEUE_SEL, q);
    virtio_set(f, slot, V_QUEUE_NUM, size);
    virtio_set64(f, slot, V_QUEUE_DESC, DESC(q));
    virtio_set64(f, slot, V_QUEUE_DRIVER, AVAIL(q));
    virtio_set64(f, slot, V_QUEUE_DEVICE, USED(q));
    virtio_set(f, slot, V_QUEUE_READY, 1);
}

void virtio_start(struct fixture *f, unsigned slot, unsigned queues)
{
    virtio_negotiate(f, slot);
    for (unsigned q = 0; q < queues; q++) {
        virtio_place_queue(f, slot, q, QUEUE_SIZE);
        assert_int_equal(virtio_get(f, slot, V_QUEUE_READY), 1);
    }
    virtio_set(f, slot, V_STATUS, RUNNING);
}

void virtio_describe(struct fixture *f, uint64_t table, unsigned i, uint64_t pa,
                     uint32_t len, unsigned flags, unsigned next)
{
    bus_put(f, table + 16 * i, 8, pa);
    bus_put(f, table + 16 * i + 8, 4, len);
    bus_put(f, table + 16 * i + 12, 2, flags);
    bus_put(f, table + 16 * i + 14, 2, next);
}

void virtio_offer(struct fixture *f, unsigned q, unsigned head)
{
    uint64_t index = bus_get(f, AVAIL(q) + 2, 2);

    bus_put(f, AVAIL(q) + 4 + index % QUEUE_SIZE * 2, 2, head);
    bus_put(f, AVAIL(q) + 2, 2, index + 1);
}

void virtio_submit(struct fixture *f, unsigned slot, unsigned q, unsigned head)
{
    virtio_offer(f, q, head);
    virtio_set(f, slot, V_QUEUE_NOTIFY, q);
}

unsigned virtio_used(struct fixture *f, unsigned q)
{
    return (unsigned)bus_get(f, USED(q) + 2, 2);
}

uint32_t virtio_used_length(struct fixture *f, unsigned q, unsigned i)
{
    return (uint32_t)bus_get(f, USED(q) + 4 + 8 * (i % QUEUE_SIZE) + 4, 4);
}

void assert_virtio_gave_up(struct fixture *f, unsigned slot, unsigned q)
{
    unsigned used = virtio_used(f, q);

    assert_true(virtio_get(f, slot, V_STATUS) & NEEDS_RESET);
    assert_true(virtio_get(f, slot, V_INTERRUPT_STATUS) & 2);
    virtio_describe(f, DESC(q), 0, BUFFER, 16, WRITE, 0);
    virtio_submit(f, slot, q, 0);
    assert_int_equal(virtio_used(f, q), used);
    /* A reset brings it back. */
    virtio_start(f, slot, 1);
    assert_false(virtio_get(f, slot, V_STATUS) & NEEDS_RESET);
}
