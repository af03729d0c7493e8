/*
 * The virtio memory-mapped transport, version 2 (VIRTIO 1.2, section 4.2). The
 * kind of device plugs in through struct virtio_ops; a slot without one answers
 * with device id 0. Requests are carried out at the notify, before the storing
 * instruction ends, so that a run is a function of its inputs.
 */
#ifndef POGO_DEVICES_VIRTIO_MMIO_H
#define POGO_DEVICES_VIRTIO_MMIO_H

#include "bus/bus.h"
#include "devices/virtqueue.h"

#define VIRTIO_COMPATIBLE "virtio,mmio" /* for the device tree */

#define VIRTIO_QUEUES 10 /* the most that a device here has */

enum virtio_id {
    VIRTIO_ID_NONE = 0,
    VIRTIO_ID_NET = 1,
    VIRTIO_ID_BLOCK = 2,
    VIRTIO_ID_CONSOLE = 3,
    VIRTIO_ID_RNG = 4,
    VIRTIO_ID_BALLOON = 5,
    VIRTIO_ID_9P = 9,
    VIRTIO_ID_GPU = 16,
    VIRTIO_ID_INPUT = 18,
};

#define VIRTIO_F_INDIRECT_DESC BIT(28)
#define VIRTIO_F_VERSION_1     BIT(32)

struct virtio_mmio;

/* A kind of device. `device` is what virtio_mmio_init was given. */
struct virtio_ops {
    uint32_t id;     /* enum virtio_id */
    unsigned queues; /* 1..VIRTIO_QUEUES */
    /*
     * Carries out a request from `queue`, and pushes it back; breaks the queue
     * (virtqueue.broken) if there is no way to answer it.
     */
    void (*request)(void *device, unsigned queue, struct virtqueue *q,
                    const struct virtqueue_chain *c);
    /* Is there anything to do on `queue` now? NULL: always. */
    bool (*has_work)(void *device, unsigned queue);
    /* The device-specific configuration: `length` bytes, or NULL. */
    const uint8_t *(*config)(void *device, size_t *length);
    /* The driver writes `size` (1, 2, 4, 8) bytes of it, at any offset. NULL:
       it is read-only to the driver. */
    void (*write_config)(void *device, uint64_t offset, unsigned size,
                         uint64_t v);
    /* The driver has set DRIVER_OK; or NULL. */
    void (*started)(void *device);
    /* Everything but what the host owns goes back to its start; or NULL. */
    void (*reset)(void *device);
    /* Moves the device's own state (base/state.h), that of the transport being
       there already; NULL: it has none. */
    void (*state)(void *device, struct state *s);
};

struct virtio_mmio {
    const struct virtio_ops *ops; /* NULL: an empty slot */
    void *device;
    struct ram *ram; /* borrowed */
    struct irq_line irq;
    uint64_t features;                 /* offered */
    uint64_t accepted;                 /* by the driver */
    uint32_t device_word, driver_word; /* which half is accessed */
    uint32_t queue_selected;
    uint32_t status;
    uint32_t interrupt;  /* InterruptStatus */
    uint32_t generation; /* ConfigGeneration */
    struct virtqueue queue[VIRTIO_QUEUES];
};

/* features: the kind's own; the transport adds its. ops NULL: empty slot. */
void virtio_mmio_init(struct virtio_mmio *m, struct ram *ram,
                      struct irq_line irq, const struct virtio_ops *ops,
                      void *device, uint64_t features);

/* struct bus_device load and store. */
bool virtio_mmio_load(void *mmio, uint64_t offset, unsigned size, uint64_t *v);
bool virtio_mmio_store(void *mmio, uint64_t offset, unsigned size, uint64_t v);

/*
 * Serves the requests that wait on `queue` while the kind has work, as a
 * notify does: for work that comes from outside. Nothing happens unless the
 * driver is ready, the queue is ready and not broken.
 */
void virtio_mmio_serve(struct virtio_mmio *m, unsigned queue);

/* Hands back a chain that a request has kept, as far as the queue is still the
   one that it came from, and tells the driver. */
void virtio_mmio_return(struct virtio_mmio *m, unsigned queue,
                        const struct virtqueue_chain *c, uint64_t written);

/* The device has changed its configuration by itself: the driver is told. */
void virtio_mmio_config_changed(struct virtio_mmio *m);

/* The state of the slot (base/state.h) and of the device in it, which must be
   of the same kind and offer the same features. */
void virtio_mmio_state(struct virtio_mmio *m, struct state *s);

#endif
