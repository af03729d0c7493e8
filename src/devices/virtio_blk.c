/* The virtio block device; see virtio_blk.h. */
#include "devices/virtio_blk.h"

#include "bus/little_endian.h"

#include <stdio.h>
#include <string.h>

/* Features (VIRTIO 1.2, section 5.2.3). */
#define BLK_F_SEG_MAX  BIT(2)
#define BLK_F_RO       BIT(5)
#define BLK_F_BLK_SIZE BIT(6)
#define BLK_F_FLUSH    BIT(9)

/* struct virtio_blk_config: byte offsets. */
#define CONFIG_CAPACITY 0
#define CONFIG_SEG_MAX  12
#define CONFIG_BLK_SIZE 20

/* A request: this header, data, one status byte. */
#define HEADER_BYTES  16
#define HEADER_TYPE   0
#define HEADER_SECTOR 8
#define STATUS_BYTES  1

enum request_type { BLK_IN = 0, BLK_OUT = 1, BLK_FLUSH = 4, BLK_GET_ID = 8 };
enum request_status { BLK_OK = 0, BLK_IOERR = 1, BLK_UNSUPPORTED = 2 };

struct request {
    struct virtio_blk *blk;
    struct virtqueue *queue;
    const struct virtqueue_chain *chain;
    uint64_t sector;
};

uint64_t virtio_blk_init(struct virtio_blk *b, struct disk *disk,
                         unsigned number)
{
    b->disk = disk;
    memset(b->config, 0, sizeof b->config);
    little_endian_put(b->config + CONFIG_CAPACITY, 8, disk_sectors(disk));
    /* A chain has two segments more than the data: header and status. */
    little_endian_put(b->config + CONFIG_SEG_MAX, 4, VIRTQUEUE_MAX - 2);
    little_endian_put(b->config + CONFIG_BLK_SIZE, 4, DISK_SECTOR);
    memset(b->id, 0, sizeof b->id);
    snprintf(b->id, sizeof b->id, "pogo-disk%u", number);
    return BLK_F_SEG_MAX | BLK_F_BLK_SIZE | BLK_F_FLUSH |
           (disk->read_only ? BLK_F_RO : 0);
}

/* Is [sector, +len bytes) whole sectors of the disk? */
static bool in_range(const struct request *r, uint64_t len)
{
    uint64_t sectors = disk_sectors(r->blk->disk);

    return len % DISK_SECTOR == 0 && r->sector <= sectors &&
           len / DISK_SECTOR <= sectors - r->sector;
}

static enum request_status read_disk(struct request *r)
{
    struct virtio_blk *b = r->blk;
    uint64_t len = r->chain->write_bytes - STATUS_BYTES;

    if (!in_range(r, len))
        return BLK_IOERR;
    for (uint64_t done = 0, n; done < len; done += n) {
        n = len - done < sizeof b->buffer ? len - done : sizeof b->buffer;
        if (!disk_read(b->disk, r->sector * DISK_SECTOR + done, b->buffer, n) ||
            !virtqueue_write(r->queue, r->chain, done, b->buffer, n))
            return BLK_IOERR;
    }
    return BLK_OK;
}

static enum request_status write_disk(struct request *r)
{
    struct virtio_blk *b = r->blk;
    uint64_t len = r->chain->read_bytes - HEADER_BYTES;

    if (!in_range(r, len))
        return BLK_IOERR;
    for (uint64_t done = 0, n; done < len; done += n) {
        n = len - done < sizeof b->buffer ? len - done : sizeof b->buffer;
        if (!virtqueue_read(r->queue, r->chain, HEADER_BYTES + done, b->buffer,
                            n) ||
            !disk_write(b->disk, r->sector * DISK_SECTOR + done, b->buffer, n))
            return BLK_IOERR;
    }
    return BLK_OK;
}

static enum request_status flush_disk(struct request *r)
{
    return disk_flush(r->blk->disk) ? BLK_OK : BLK_IOERR;
}

static enum request_status get_id(struct request *r)
{
    uint64_t room = r->chain->write_bytes - STATUS_BYTES;
    uint64_t n = room < VIRTIO_BLK_ID ? room : VIRTIO_BLK_ID;

    return virtqueue_write(r->queue, r->chain, 0, r->blk->id, n) ? BLK_OK
                                                                 : BLK_IOERR;
}

static enum request_status (*const handler[])(struct request *) = {
    [BLK_IN] = read_disk,
    [BLK_OUT] = write_disk,
    [BLK_FLUSH] = flush_disk,
    [BLK_GET_ID] = get_id,
};

/* Carries one request out, and hands it back with its status. */
static void carry_out(void *device, unsigned queue, struct virtqueue *q,
                      const struct virtqueue_chain *c)
{
    struct request r = { .blk = device, .queue = q, .chain = c };
    uint8_t header[HEADER_BYTES], status = BLK_UNSUPPORTED;
    uint64_t type;

    (void)queue;
    /* Without room for header and status there is no way to answer. */
    if (c->write_bytes < STATUS_BYTES ||
        !virtqueue_read(q, c, 0, header, sizeof header)) {
        q->broken = true;
        return;
    }
    type = little_endian_get(header + HEADER_TYPE, 4);
    r.sector = little_endian_get(header + HEADER_SECTOR, 8);
    if (type < sizeof handler / sizeof handler[0] && handler[type])
        status = (uint8_t)handler[type](&r);
    if (virtqueue_write(q, c, c->write_bytes - STATUS_BYTES, &status,
                        STATUS_BYTES))
        virtqueue_push(q, c, c->write_bytes);
}

static const uint8_t *config(void *device, size_t *length)
{
    const struct virtio_blk *b = device;

    *length = sizeof b->config;
    return b->config;
}

const struct virtio_ops virtio_blk_ops = {
    .id = VIRTIO_ID_BLOCK,
    .queues = 1,
    .request = carry_out,
    .config = config,
};
