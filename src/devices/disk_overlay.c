/* Copy on write into an overlay's file; see disk_overlay.h. */
#include "devices/disk_overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "bus/little_endian.h"

#define MAGIC       "POGOOVL1"
#define HEADER_SIZE 32u

struct overlay {
    int fd;
    uint64_t blocks, data; /* of the base; where the first of them goes */
    uint8_t *present;      /* one bit a block, as in the file */
};

static uint64_t bitmap_bytes(uint64_t blocks)
{
    return (blocks + 7) / 8;
}

static uint64_t round_up(uint64_t n)
{
    return (n + OVERLAY_BLOCK - 1) / OVERLAY_BLOCK * OVERLAY_BLOCK;
}

/* All of it, or false. */
static bool read_at(int fd, void *buf, size_t len, uint64_t offset)
{
    uint8_t *to = buf;

    while (len) {
        ssize_t n = pread(fd, to, len, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        to += n;
        offset += (uint64_t)n;
        len -= (size_t)n;
    }
    return true;
}

static bool write_at(int fd, const void *buf, size_t len, uint64_t offset)
{
    const uint8_t *from = buf;

    while (len) {
        ssize_t n = pwrite(fd, from, len, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        from += n;
        offset += (uint64_t)n;
        len -= (size_t)n;
    }
    return true;
}

static bool make_header(const struct disk *d, uint8_t header[HEADER_SIZE])
{
    uint64_t changed;

    if (!disk_changed(d, &changed))
        return false;
    memcpy(header, MAGIC, 8);
    little_endian_put(header + 8, 8, d->size);
    little_endian_put(header + 16, 8, changed);
    little_endian_put(header + 24, 8, XXH64(header, 24, 0));
    return true;
}

/* A file that was cut short is not taken for one with zeros at its end. */
static bool is_long_enough(const struct overlay *o)
{
    struct stat s;

    return fstat(o->fd, &s) == 0 &&
           (uint64_t)s.st_size >= o->data + o->blocks * OVERLAY_BLOCK;
}

/* An empty file becomes an overlay: the header last. */
static enum status make(struct overlay *o, const uint8_t *header)
{
    uint64_t size = o->data + o->blocks * OVERLAY_BLOCK;

    return ftruncate(o->fd, (off_t)size) == 0 &&
                   write_at(o->fd, header, HEADER_SIZE, 0)
               ? STATUS_OK
               : STATUS_IO;
}

static enum status check(struct overlay *o, const uint8_t *header)
{
    uint8_t found[HEADER_SIZE];

    if (!read_at(o->fd, found, sizeof found, 0) ||
        memcmp(found, MAGIC, 8) != 0 ||
        little_endian_get(found + 24, 8) != XXH64(found, 24, 0))
        return STATUS_BAD_FORMAT;
    if (memcmp(found, header, sizeof found) != 0)
        return STATUS_BAD_ARGUMENT;
    if (!is_long_enough(o) ||
        !read_at(o->fd, o->present, bitmap_bytes(o->blocks), OVERLAY_BLOCK))
        return STATUS_BAD_FORMAT;
    return STATUS_OK;
}

static enum status open_file(struct overlay *o, const struct disk *d,
                             const char *path)
{
    uint8_t header[HEADER_SIZE];
    struct stat s;

    o->fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0666);
    if (o->fd < 0 || !make_header(d, header) || fstat(o->fd, &s))
        return STATUS_IO;
    if (!S_ISREG(s.st_mode))
        return STATUS_BAD_FORMAT;
    if (flock(o->fd, LOCK_EX | LOCK_NB)) /* another disk has it */
        return STATUS_IO;
    return s.st_size == 0 ? make(o, header) : check(o, header);
}

static void free_overlay(struct overlay *o)
{
    int error = errno;

    if (o->fd >= 0)
        close(o->fd);
    free(o->present);
    free(o);
    errno = error;
}

enum status disk_overlay_open(struct disk *d, const char *path)
{
    struct overlay *o = calloc(1, sizeof *o);
    enum status status = STATUS_NO_MEMORY;

    if (!o)
        return STATUS_NO_MEMORY;
    o->fd = -1;
    o->blocks = round_up(d->size) / OVERLAY_BLOCK;
    o->data = OVERLAY_BLOCK + round_up(bitmap_bytes(o->blocks));
    o->present = calloc(1, bitmap_bytes(o->blocks) + 1);
    if (o->present)
        status = open_file(o, d, path);
    if (status != STATUS_OK) {
        free_overlay(o);
        return status;
    }
    d->overlay = o;
    d->read_only = false;
    return STATUS_OK;
}

static bool is_present(const struct overlay *o, uint64_t block)
{
    return o->present[block / 8] >> block % 8 & 1;
}

/* From the base, with zeros behind its end. */
static bool read_base(const struct disk *d, uint64_t offset, void *buf,
                      size_t len)
{
    size_t there = offset >= d->size        ? 0
                   : len < d->size - offset ? len
                                            : (size_t)(d->size - offset);

    memset((uint8_t *)buf + there, 0, len - there);
    return read_at(d->fd, buf, there, offset);
}

/* How much of [offset, offset + len) is in offset's block. */
static size_t within_block(uint64_t offset, size_t len)
{
    size_t room = OVERLAY_BLOCK - offset % OVERLAY_BLOCK;

    return len < room ? len : room;
}

bool disk_overlay_read(const struct disk *d, uint64_t offset, void *buf,
                       size_t len)
{
    const struct overlay *o = d->overlay;
    uint8_t *to = buf;

    while (len) {
        size_t n = within_block(offset, len);
        bool done = is_present(o, offset / OVERLAY_BLOCK)
                        ? read_at(o->fd, to, n, o->data + offset)
                        : read_base(d, offset, to, n);

        if (!done)
            return false;
        to += n;
        offset += n;
        len -= n;
    }
    return true;
}

/* A block that the overlay has not got yet: whole, then its bit. */
static bool add_block(const struct disk *d, uint64_t offset, const void *buf,
                      size_t len)
{
    struct overlay *o = d->overlay;
    uint64_t block = offset / OVERLAY_BLOCK, start = block * OVERLAY_BLOCK;
    uint8_t bytes[OVERLAY_BLOCK], bits;

    if (len < OVERLAY_BLOCK && !read_base(d, start, bytes, sizeof bytes))
        return false;
    memcpy(bytes + (offset - start), buf, len);
    if (!write_at(o->fd, bytes, sizeof bytes, o->data + start))
        return false;
    bits = (uint8_t)(o->present[block / 8] | 1u << block % 8);
    if (!write_at(o->fd, &bits, 1, OVERLAY_BLOCK + block / 8))
        return false;
    o->present[block / 8] = bits;
    return true;
}

bool disk_overlay_copy(const struct disk *d, uint8_t *bytes)
{
    const struct overlay *o = d->overlay;

    for (uint64_t block = 0; block < o->blocks; block++) {
        uint64_t at = block * OVERLAY_BLOCK, left = disk_bytes(d) - at;

        if (is_present(o, block) &&
            !read_at(o->fd, bytes + at,
                     left < OVERLAY_BLOCK ? left : OVERLAY_BLOCK, o->data + at))
            return false;
    }
    return true;
}

bool disk_overlay_write(struct disk *d, uint64_t offset, const void *buf,
                        size_t len)
{
    const struct overlay *o = d->overlay;
    const uint8_t *from = buf;

    while (len) {
        size_t n = within_block(offset, len);
        bool done = is_present(o, offset / OVERLAY_BLOCK)
                        ? write_at(o->fd, from, n, o->data + offset)
                        : add_block(d, offset, from, n);

        if (!done)
            return false;
        from += n;
        offset += n;
        len -= n;
    }
    return true;
}

bool disk_overlay_flush(const struct disk *d)
{
    return fdatasync(d->overlay->fd) == 0;
}

void disk_overlay_close(struct disk *d)
{
    if (d->overlay)
        free_overlay(d->overlay);
    d->overlay = NULL;
}

uint64_t disk_overlay_blocks(const struct disk *d)
{
    return d->overlay->blocks;
}

bool disk_overlay_has(const struct disk *d, uint64_t block)
{
    return is_present(d->overlay, block);
}

bool disk_overlay_set(struct disk *d, const uint8_t *present)
{
    struct overlay *o = d->overlay;

    memset(o->present, 0, bitmap_bytes(o->blocks));
    for (uint64_t block = 0; block < o->blocks; block++)
        if (present && present[block])
            o->present[block / 8] |= (uint8_t)(1u << block % 8);
    return write_at(o->fd, o->present, bitmap_bytes(o->blocks), OVERLAY_BLOCK);
}

bool disk_overlay_get_block(const struct disk *d, uint64_t block,
                            uint8_t bytes[OVERLAY_BLOCK])
{
    const struct overlay *o = d->overlay;

    return read_at(o->fd, bytes, OVERLAY_BLOCK,
                   o->data + block * OVERLAY_BLOCK);
}

bool disk_overlay_put_block(struct disk *d, uint64_t block,
                            const uint8_t bytes[OVERLAY_BLOCK])
{
    const struct overlay *o = d->overlay;

    return write_at(o->fd, bytes, OVERLAY_BLOCK,
                    o->data + block * OVERLAY_BLOCK);
}
