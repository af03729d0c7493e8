/*
 * The virtio entropy device (VIRTIO 1.2, section 5.4). Its bytes come from a
 * seeded generator (SplitMix64: Steele, Lea, Flood, OOPSLA 2014), so that runs
 * repeat: it is no source of secrets.
 */
#ifndef POGO_DEVICES_VIRTIO_RNG_H
#define POGO_DEVICES_VIRTIO_RNG_H

#include "devices/virtio_mmio.h"

#define VIRTIO_RNG_MOST 4096 /* bytes given for one request */

struct virtio_rng {
    uint64_t state;
};

extern const struct virtio_ops virtio_rng_ops;

void virtio_rng_init(struct virtio_rng *r, uint64_t seed);

#endif
