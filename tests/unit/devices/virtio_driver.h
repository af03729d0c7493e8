/* A small virtio driver for tests: it can also do what no driver should. */
#ifndef POGO_TESTS_DEVICES_VIRTIO_DRIVER_H
#define POGO_TESTS_DEVICES_VIRTIO_DRIVER_H

#include "devices/fixture.h"

enum {
    V_MAGIC = 0x00,
    V_VERSION = 0x04,
    V_DEVICE_ID = 0x08,
    V_DEVICE_FEATURES = 0x10,
    V_DEVICE_FEATURES_SEL = 0x14,
    V_DRIVER_FEATURES = 0x20,
    V_DRIVER_FEATURES_SEL = 0x24,
    V_QUEUE_SEL = 0x30,
    V_QUEUE_NUM_MAX = 0x34,
    V_QUEUE_NUM = 0x38,
    V_QUEUE_READY = 0x44,
    V_QUEUE_NOTIFY = 0x50,
    V_INTERRUPT_STATUS = 0x60,
    V_INTERRUPT_ACK = 0x64,
    V_STATUS = 0x70,
    V_QUEUE_DESC = 0x80,
    V_QUEUE_DRIVER = 0x90,
    V_QUEUE_DEVICE = 0xa0,
    V_CONFIG_GENERATION = 0xfc,
    V_CONFIG = 0x100,
};

enum {
    ACKNOWLEDGE = 1,
    DRIVER = 2,
    DRIVER_OK = 4,
    FEATURES_OK = 8,
    NEEDS_RESET = 64,
    RUNNING = 15
};
enum { NEXT = 1, WRITE = 2, INDIRECT = 4 };

#define QUEUE_SIZE 8
/* Where queue q's rings are, and where buffers are free to be. */
#define DESC(q)  (FIXTURE_RAM + 0x1000 + 0x1000 * (q))
#define AVAIL(q) (DESC(q) + 0x400)
#define USED(q)  (DESC(q) + 0x800)
#define BUFFER   (FIXTURE_RAM + 0x10000)

uint32_t virtio_get(struct fixture *f, unsigned slot, unsigned reg);
void virtio_set(struct fixture *f, unsigned slot, unsigned reg, uint32_t v);
void virtio_set64(struct fixture *f, unsigned slot, unsigned reg, uint64_t v);

/* Negotiates everything that is offered, up to FEATURES_OK. */
void virtio_negotiate(struct fixture *f, unsigned slot);

/* Places queue q; negotiates, places `queues` of them, sets DRIVER_OK. */
void virtio_place_queue(struct fixture *f, unsigned slot, unsigned q,
                        uint32_t size);
void virtio_start(struct fixture *f, unsigned slot, unsigned queues);

/* Writes descriptor i of the table at `table`. */
void virtio_describe(struct fixture *f, uint64_t table, unsigned i, uint64_t pa,
                     uint32_t len, unsigned flags, unsigned next);

/* Makes `head` available on queue q, and notifies. */
void virtio_offer(struct fixture *f, unsigned q, unsigned head);
void virtio_submit(struct fixture *f, unsigned slot, unsigned q, unsigned head);

/* used.idx, and the length in its entry i. */
unsigned virtio_used(struct fixture *f, unsigned q);
uint32_t virtio_used_length(struct fixture *f, unsigned q, unsigned i);

/* The device has given up queue q, said so, and answers no more. */
void assert_virtio_gave_up(struct fixture *f, unsigned slot, unsigned q);

#endif
