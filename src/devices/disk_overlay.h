/*
 * A disk whose writes go to another file, an overlay: the base stays as it is,
 * so that several overlays can stand on one. Both are files of the host.
 *
 * The overlay's file, all numbers little-endian:
 *
 *   0     header, one page: "POGOOVL1"; the base's size in bytes and its time
 *         of last change in ns since 1970, as they were when it was made; and
 *         a hash (XXH64) of these 24 bytes
 *   4096  one bit for each 4 KiB block of the base, in whole pages: the block
 *         is in the overlay
 *   then  the blocks, each at its place: the file has holes where it has none
 *
 * A block's bytes are written before its bit, so that a process killed between
 * any two system calls leaves an overlay that is whole. After a failure of the
 * host itself, blocks written since the last flush may be old, new or zero.
 */
#ifndef POGO_DEVICES_DISK_OVERLAY_H
#define POGO_DEVICES_DISK_OVERLAY_H

#include "devices/disk.h"

#define OVERLAY_BLOCK 4096u

/*
 * From now on writes to `d`, open and read-only, go to the file `path`, which
 * is made if it is not there; `d` is no longer read-only. STATUS_IO: the host
 * refused, errno says why. STATUS_BAD_FORMAT: it is not an overlay, or damaged.
 * STATUS_BAD_ARGUMENT: it is one of another base, or the base has been changed
 * since. On error `d` is as before. disk_close closes both.
 */
enum status disk_overlay_open(struct disk *d, const char *path);

/* How many blocks the disk `d` has, which has an overlay; is one in it? */
uint64_t disk_overlay_blocks(const struct disk *d);
bool disk_overlay_has(const struct disk *d, uint64_t block);

/*
 * The overlay has exactly the blocks of `present` (one byte a block; NULL: none)
 * after this: the others are the base's again; what it holds of those it has not had
 * is undefined until they are put. False: the host refused.
 */
bool disk_overlay_set(struct disk *d, const uint8_t *present);
/* A whole block that is in it. */
bool disk_overlay_get_block(const struct disk *d, uint64_t block,
                            uint8_t bytes[OVERLAY_BLOCK]);
bool disk_overlay_put_block(struct disk *d, uint64_t block,
                            const uint8_t bytes[OVERLAY_BLOCK]);

/* For disk.c: what disk_read, disk_write, disk_flush and disk_close do. */
bool disk_overlay_read(const struct disk *d, uint64_t offset, void *buf,
                       size_t len);
bool disk_overlay_write(struct disk *d, uint64_t offset, const void *buf,
                        size_t len);
/* The overlay's blocks to their places in a copy of the whole disk. */
bool disk_overlay_copy(const struct disk *d, uint8_t *bytes);
bool disk_overlay_flush(const struct disk *d);
void disk_overlay_close(struct disk *d);

#endif
