/*
 * The virtio network device: one pair of queues, no control queue, and none of
 * the offloads (VIRTIO 1.2, section 5.1), so that a frame is one chain of at
 * most NET_FRAME_MAX bytes behind its header.
 */
#ifndef POGO_DEVICES_VIRTIO_NET_H
#define POGO_DEVICES_VIRTIO_NET_H

#include "devices/net.h"
#include "devices/virtio_mmio.h"

struct virtio_net {
    struct net_cable *cable;  /* borrowed */
    struct virtio_mmio *mmio; /* the slot it sits in */
    /* The frame that is being delivered; NULL: none. */
    const uint8_t *arriving;
    size_t arriving_size; /* bytes */
};

extern const struct virtio_ops virtio_net_ops;

/* Plugs the device into `cable`. Returns the features it offers. */
uint64_t virtio_net_init(struct virtio_net *n, struct net_cable *cable,
                         struct virtio_mmio *mmio);

#endif
