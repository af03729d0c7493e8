/* The virtio block device on a raw file (VIRTIO 1.2, section 5.2). */
#ifndef POGO_DEVICES_VIRTIO_BLK_H
#define POGO_DEVICES_VIRTIO_BLK_H

#include "devices/disk.h"
#include "devices/virtio_mmio.h"

#define VIRTIO_BLK_CONFIG 60 /* bytes */
#define VIRTIO_BLK_ID     20
#define VIRTIO_BLK_BUFFER 32768

struct virtio_blk {
    struct disk *disk; /* borrowed */
    uint8_t config[VIRTIO_BLK_CONFIG];
    char id[VIRTIO_BLK_ID];            /* what get-id answers */
    uint8_t buffer[VIRTIO_BLK_BUFFER]; /* between file and RAM */
};

extern const struct virtio_ops virtio_blk_ops;

/* `number` makes the id: "pogo-disk0". Returns the features to offer. */
uint64_t virtio_blk_init(struct virtio_blk *b, struct disk *disk,
                         unsigned number);

#endif
