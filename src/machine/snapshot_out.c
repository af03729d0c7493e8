/* Writing a snapshot's file; see snapshot_file.h. */
#define XXH_INLINE_ALL
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "bus/little_endian.h"
#include "machine/error_say.h"
#include "machine/snapshot_file.h"

#define BUFFER ((size_t)1 << 18)

struct snapshot_out {
    const char *path;
    char part[PATH_MAX]; /* its name until it is whole */
    int fd;
    int error; /* the host's first */
    XXH3_state_t *hash;
    uint64_t size;
    size_t buffered;
    uint8_t buffer[BUFFER];
};

static void write_all(struct snapshot_out *o, const uint8_t *bytes, size_t n)
{
    while (n > 0 && !o->error) {
        ssize_t done = write(o->fd, bytes, n);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            o->error = done < 0 ? errno : ENOSPC;
            return;
        }
        bytes += done;
        n -= (size_t)done;
    }
}

static void flush(struct snapshot_out *o)
{
    write_all(o, o->buffer, o->buffered);
    o->buffered = 0;
}

void snapshot_out_put(struct snapshot_out *o, const void *bytes, size_t n)
{
    XXH3_128bits_update(o->hash, bytes, n);
    o->size += n;
    if (n > BUFFER - o->buffered)
        flush(o);
    if (n > BUFFER) {
        write_all(o, bytes, n);
        return;
    }
    if (n > 0)
        memcpy(o->buffer + o->buffered, bytes, n);
    o->buffered += n;
}

void snapshot_out_section(struct snapshot_out *o, const char tag[5],
                          uint32_t number, uint64_t length)
{
    uint8_t header[16];

    memcpy(header, tag, 4);
    little_endian_put(header + 4, 4, number);
    little_endian_put(header + 8, 8, length);
    snapshot_out_put(o, header, sizeof header);
}

bool snapshot_out_failed(const struct snapshot_out *o)
{
    return o->error != 0;
}

/* Is `path` still the name of the open file? Who had the lock may have renamed
   it. */
static bool is_named(int fd, const char *path)
{
    struct stat a, b;

    return fstat(fd, &a) == 0 && stat(path, &b) == 0 && a.st_ino == b.st_ino &&
           a.st_dev == b.st_dev;
}

/* The file under its passing name: ours alone, and empty. What a process left
   there that was killed is written over. */
static enum status open_part(struct snapshot_out *o, struct error *e)
{
    for (;;) {
        o->fd =
            open(o->part, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (o->fd < 0)
            return error_say(e, STATUS_IO,
                             "'%.150s' cannot be written (%s): name "
                             "a file in a folder that can",
                             o->path, strerror(errno));
        if (flock(o->fd, LOCK_EX | LOCK_NB) != 0) {
            close(o->fd);
            return error_say(e, STATUS_IO,
                             "'%.150s' is being written by another "
                             "process: wait for it, or name another file",
                             o->path);
        }
        if (is_named(o->fd, o->part))
            break;
        close(o->fd);
    }
    if (ftruncate(o->fd, 0) != 0)
        o->error = errno;
    return STATUS_OK;
}

static enum status check_path(struct snapshot_out *o, struct error *e)
{
    struct stat s;
    int n = snprintf(o->part, sizeof o->part, "%s.part", o->path);

    if (n < 0 || (size_t)n >= sizeof o->part)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "the snapshot's name is too "
                         "long");
    if (stat(o->path, &s) == 0 && !S_ISREG(s.st_mode))
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "'%.150s' is not a regular file: "
                         "name one for the snapshot",
                         o->path);
    return STATUS_OK;
}

static void free_out(struct snapshot_out *o)
{
    XXH3_freeState(o->hash);
    free(o);
}

enum status snapshot_out_open(struct snapshot_out **out, const char *path,
                              unsigned machines, struct error *e)
{
    struct snapshot_out *o = calloc(1, sizeof *o);
    uint8_t header[16] = "POGOSNAP";
    enum status s = STATUS_NO_MEMORY;

    if (!o)
        return error_say(e, s, "this host is out of memory");
    o->path = path;
    o->hash = XXH3_createState();
    if (o->hash)
        s = check_path(o, e);
    else
        error_say(e, s, "this host is out of memory");
    if (s == STATUS_OK)
        s = open_part(o, e);
    if (s != STATUS_OK) {
        free_out(o);
        return s;
    }
    XXH3_128bits_reset(o->hash);
    little_endian_put(header + 8, 4, SNAPSHOT_VERSION);
    little_endian_put(header + 12, 4, machines);
    snapshot_out_put(o, header, sizeof header);
    *out = o;
    return STATUS_OK;
}

/* The renaming itself has to reach the medium. */
static int sync_folder(const char *path)
{
    char copy[PATH_MAX];
    int fd, error;

    snprintf(copy, sizeof copy, "%s", path);
    fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno;
    error = fsync(fd) == 0 || errno == EINVAL ? 0 : errno;
    close(fd);
    return error;
}

static void finish(struct snapshot_out *o)
{
    XXH128_canonical_t sum;

    snapshot_out_section(o, "END.", 0, SNAPSHOT_CHECKSUM);
    XXH128_canonicalFromHash(&sum, XXH3_128bits_digest(o->hash));
    snapshot_out_put(o, &sum, SNAPSHOT_CHECKSUM);
    flush(o);
    if (!o->error && fsync(o->fd) != 0)
        o->error = errno;
    if (!o->error && rename(o->part, o->path) != 0)
        o->error = errno;
}

enum status snapshot_out_close(struct snapshot_out *o, bool whole,
                               uint64_t *size, struct error *e)
{
    enum status s = STATUS_OK;

    if (whole)
        finish(o);
    if (!whole || o->error)
        unlink(o->part);
    else
        o->error = sync_folder(o->path);
    close(o->fd);
    if (o->error)
        s = error_say(e, STATUS_IO,
                      "'%.150s' cannot be written (%s): nothing is "
                      "lost of what was there before",
                      o->path, strerror(o->error));
    if (size)
        *size = o->size;
    free_out(o);
    return s;
}
