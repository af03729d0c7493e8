/*
 * The virtio 9P transport: one queue, on which each chain is a message and the
 * room for its reply (VIRTIO 1.2 has the device's number; its configuration is
 * that of Linux's include/uapi/linux/virtio_9p.h).
 */
#ifndef POGO_DEVICES_VIRTIO_9P_H
#define POGO_DEVICES_VIRTIO_9P_H

#include "base/state.h"
#include "devices/share.h"
#include "devices/virtio_mmio.h"

#define VIRTIO_9P_TAG "host" /* by which a guest mounts it */

/* struct virtio_9p_config: the tag's length, the tag without a zero. */
#define VIRTIO_9P_CONFIG (2 + sizeof VIRTIO_9P_TAG - 1)

struct virtio_9p {
    const struct share_end *end; /* borrowed */
    uint8_t config[VIRTIO_9P_CONFIG];
    uint8_t request[SHARE_MESSAGE], reply[SHARE_MESSAGE];
};

extern const struct virtio_ops virtio_9p_ops;

/* Returns the features to offer. */
uint64_t virtio_9p_init(struct virtio_9p *v, const struct share_end *end);

/* It keeps nothing from one message to the next. */
void virtio_9p_state(struct virtio_9p *v, struct state *s);

#endif
