/*
 * The virtio gpu: pictures and a cursor on one screen, without 3D (VIRTIO 1.2,
 * section 5.7). Commands are carried out when they are notified, so that a
 * fence is passed as soon as it is asked for.
 *
 * The screen shows what the driver has flushed. Its size is the display's own
 * until the driver makes a picture of another one its scanout; the device never
 * asks for another by itself.
 */
#ifndef POGO_DEVICES_VIRTIO_GPU_H
#define POGO_DEVICES_VIRTIO_GPU_H

#include "devices/gpu_resource.h"
#include "devices/virtio_mmio.h"

#define VIRTIO_GPU_QUEUES 2

struct virtio_gpu {
    struct display *display;  /* borrowed */
    struct virtio_mmio *mmio; /* the slot it sits in */
    struct gpu_resources resources;
    uint32_t scanout_id;         /* the resource that is shown; 0: none */
    struct display_rect scanout; /* and which part of it */
    uint8_t config[GPU_CONFIG_BYTES];
};

extern const struct virtio_ops virtio_gpu_ops;

/*
 * Returns the features to offer. The driver's pictures may have 64 MiB, and as
 * much as four of the display's own size.
 */
uint64_t virtio_gpu_init(struct virtio_gpu *g, struct display *display,
                         struct virtio_mmio *mmio);
void virtio_gpu_free(struct virtio_gpu *g);

/* Its state and the display's, without the transport's. */
void virtio_gpu_state(struct virtio_gpu *g, struct state *s);

#endif
