/* A file of the host as a disk; see disk.h. */
#include "devices/disk.h"

#include "devices/disk_overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Finds out how big the open file is; STATUS_BAD_FORMAT if it is no disk. */
static enum status measure(struct disk *d)
{
    struct stat s;
    off_t end;

    if (fstat(d->fd, &s))
        return STATUS_IO;
    if (!S_ISREG(s.st_mode) && !S_ISBLK(s.st_mode))
        return STATUS_BAD_FORMAT;
    end = lseek(d->fd, 0, SEEK_END);
    if (end < 0)
        return STATUS_IO;
    d->size = (uint64_t)end;
    return STATUS_OK;
}

enum status disk_open(struct disk *d, const char *path, bool read_only)
{
    enum status status;

    /* Not blocking: a FIFO must not make the open wait for its other end. */
    int flags = (read_only ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NONBLOCK;

    *d = (struct disk){ .fd = open(path, flags), .read_only = read_only };
    if (d->fd < 0)
        return STATUS_IO;
    status = measure(d);
    if (status != STATUS_OK)
        disk_close(d);
    return status;
}

uint64_t disk_sectors(const struct disk *d)
{
    return d->size / DISK_SECTOR + (d->size % DISK_SECTOR != 0);
}

/* In whole sectors. Those are what a private disk maps: the last one is in the
   page in which the file ends, and reads as zeros from there on. */
uint64_t disk_bytes(const struct disk *d)
{
    return disk_sectors(d) * DISK_SECTOR;
}

void disk_close(struct disk *d)
{
    int error = errno;

    disk_overlay_close(d);
    if (d->fd >= 0)
        close(d->fd);
    if (d->bytes)
        munmap(d->bytes, disk_bytes(d));
    d->fd = -1;
    d->bytes = NULL;
    errno = error;
}

enum status disk_copy_private(struct disk *d, const struct disk *of)
{
    void *bytes = NULL;

    *d = (struct disk){ .fd = -1, .read_only = of->read_only };
    if (of->size)
        bytes = mmap(NULL, disk_bytes(of), PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_NORESERVE, of->fd, 0);
    if (bytes == MAP_FAILED)
        return STATUS_IO;
    d->size = of->size;
    d->bytes = bytes;
    if (!of->overlay || disk_overlay_copy(of, bytes))
        return STATUS_OK;
    disk_close(d);
    return STATUS_IO;
}

static bool on_disk(const struct disk *d, uint64_t offset, size_t len)
{
    uint64_t end = disk_bytes(d);

    return (d->fd >= 0 || d->bytes) && offset <= end && len <= end - offset;
}

bool disk_read(struct disk *d, uint64_t offset, void *buf, size_t len)
{
    uint8_t *to = buf;

    if (!on_disk(d, offset, len))
        return false;
    if (d->bytes) {
        memcpy(to, d->bytes + offset, len);
        return true;
    }
    if (d->overlay)
        return disk_overlay_read(d, offset, buf, len);
    while (len) {
        ssize_t n = pread(d->fd, to, len, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        if (n == 0) { /* the file ends inside its last sector */
            memset(to, 0, len);
            return true;
        }
        to += n;
        offset += (uint64_t)n;
        len -= (size_t)n;
    }
    return true;
}

bool disk_write(struct disk *d, uint64_t offset, const void *buf, size_t len)
{
    const uint8_t *from = buf;

    if (d->read_only || !on_disk(d, offset, len))
        return false;
    if (d->written)
        d->written(d->context, d, offset, len);
    if (d->bytes) {
        memcpy(d->bytes + offset, from, len);
        return true;
    }
    if (d->overlay)
        return disk_overlay_write(d, offset, buf, len);
    while (len) {
        ssize_t n = pwrite(d->fd, from, len, (off_t)offset);

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

bool disk_flush(struct disk *d)
{
    if (d->overlay)
        return disk_overlay_flush(d);
    return d->bytes ||
           (d->fd >= 0 && (d->read_only || fdatasync(d->fd) == 0));
}

bool disk_changed(const struct disk *d, uint64_t *when)
{
    struct stat s;

    if (d->fd < 0 || fstat(d->fd, &s) != 0)
        return false;
    *when = (uint64_t)s.st_mtim.tv_sec * 1000000000 +
            (uint64_t)s.st_mtim.tv_nsec;
    return true;
}
