/*
 * A raw image file (or block device) of the host that serves as a disk. Writes
 * go straight to the file; or, for a private disk, stay in memory.
 */
#ifndef POGO_DEVICES_DISK_H
#define POGO_DEVICES_DISK_H

#include "base/bits.h"
#include "base/status.h"

#define DISK_SECTOR 512u

struct overlay;

struct disk {
    int fd;        /* -1 when closed, and of a private disk */
    uint64_t size; /* bytes */
    bool read_only;
    uint8_t *bytes; /* of a private disk: the whole of it; else NULL */
    struct overlay *overlay; /* where writes go (disk_overlay.h), or NULL */
    /* Called before a guest's write of `len` bytes at `offset`; NULL: nobody
       wants to know. Set after the disk was opened. */
    void (*written)(void *context, struct disk *d, uint64_t offset, size_t len);
    void *context;
};

/*
 * Opens `path`. STATUS_IO: the host refused, errno says why.
 * STATUS_BAD_FORMAT: it is neither a regular file nor a block device.
 */
enum status disk_open(struct disk *d, const char *path, bool read_only);
void disk_close(struct disk *d);

/*
 * Makes `d` a private copy of the open disk `of`: it begins with what the file
 * holds, and what is written to it is seen by nobody else and gone when it is
 * closed. Only pages that are written cost memory. `of` may be closed before
 * it; its file must not be written or cut short meanwhile. STATUS_IO: the host
 * refused, errno says why; then d is closed.
 */
enum status disk_copy_private(struct disk *d, const struct disk *of);

/* What a guest can read and write: whole sectors, in bytes. */
uint64_t disk_bytes(const struct disk *d);

/* Whole sectors, the last one padded with zeros if the file ends inside it. */
uint64_t disk_sectors(const struct disk *d);

/*
 * Exactly `len` bytes at `offset`, inside the sectors of the disk. False: the
 * host refused, or the range is not on the disk, or the disk is read-only.
 */
bool disk_read(struct disk *d, uint64_t offset, void *buf, size_t len);
bool disk_write(struct disk *d, uint64_t offset, const void *buf, size_t len);

/* When its file was last changed, in ns since 1970; of a disk with an overlay,
   the base. False: the host refused, or it has no file. */
bool disk_changed(const struct disk *d, uint64_t *when);

/* What was written is on the host's medium when this returns true. */
bool disk_flush(struct disk *d);

#endif
