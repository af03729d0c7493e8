/* Reading a snapshot's file; see snapshot_file.h. */
#define XXH_INLINE_ALL
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "bus/little_endian.h"
#include "machine/error_say.h"
#include "machine/snapshot_file.h"

#define HEADER  16u /* the file's, and each section's */
#define TRAILER (HEADER + SNAPSHOT_CHECKSUM)
#define BLOCK   ((size_t)1 << 18)

bool snapshot_file_read(const struct snapshot_file *f, uint64_t at, void *buf,
                        size_t n)
{
    uint8_t *to = buf;

    while (n > 0) {
        ssize_t done = pread(f->fd, to, n, (off_t)at);

        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        to += done;
        at += (uint64_t)done;
        n -= (size_t)done;
    }
    return true;
}

static enum status unreadable(const struct snapshot_file *f, struct error *e)
{
    return error_say(e, STATUS_IO,
                     "'%.150s' cannot be read (%s): name a "
                     "snapshot's file",
                     f->path, strerror(errno));
}

static enum status read_header(struct snapshot_file *f, struct error *e)
{
    uint8_t header[HEADER];
    uint64_t version;

    if (f->size < HEADER + TRAILER ||
        !snapshot_file_read(f, 0, header, sizeof header) ||
        memcmp(header, "POGOSNAP", 8) != 0)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%.150s' is no snapshot: 'pogo "
                         "run --snapshot FILE' writes one",
                         f->path);
    version = little_endian_get(header + 8, 4);
    if (version != SNAPSHOT_VERSION)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%.150s' is a snapshot of format "
                         "%" PRIu64 ", and this version of Pogo reads format "
                         "%d: use the one that wrote it",
                         f->path, version, SNAPSHOT_VERSION);
    f->machines = (unsigned)little_endian_get(header + 12, 4);
    return STATUS_OK;
}

/* The checksum of all before `end`; false: it cannot be read. */
static bool sum_up(const struct snapshot_file *f, uint64_t end,
                   XXH3_state_t *hash, uint8_t *block)
{
    XXH3_128bits_reset(hash);
    for (uint64_t at = 0; at < end;) {
        size_t n = end - at < BLOCK ? (size_t)(end - at) : BLOCK;

        if (!snapshot_file_read(f, at, block, n))
            return false;
        XXH3_128bits_update(hash, block, n);
        at += n;
    }
    return true;
}

static enum status check_sum(struct snapshot_file *f, struct error *e)
{
    XXH3_state_t *hash = XXH3_createState();
    uint8_t *block = malloc(BLOCK);
    uint64_t end = f->size - SNAPSHOT_CHECKSUM;
    enum status s = STATUS_OK;
    XXH128_canonical_t sum;

    if (!hash || !block)
        s = error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    else if (!sum_up(f, end, hash, block) ||
             !snapshot_file_read(f, end, f->checksum, sizeof f->checksum))
        s = unreadable(f, e);
    if (s == STATUS_OK)
        XXH128_canonicalFromHash(&sum, XXH3_128bits_digest(hash));
    if (s == STATUS_OK && memcmp(&sum, f->checksum, sizeof f->checksum) != 0)
        s = error_say(e, STATUS_BAD_FORMAT,
                      "'%.150s' is damaged or cut short: "
                      "its checksum is wrong",
                      f->path);
    free(block);
    if (hash)
        XXH3_freeState(hash);
    return s;
}

/* The sections from `at` to the last; false: they are not laid out so. */
static bool list_sections(struct snapshot_file *f)
{
    uint64_t at = HEADER, end = f->size - TRAILER;
    size_t room = 0;

    while (at < end) {
        struct snapshot_section s = { .tag = "" };
        uint8_t header[HEADER];

        if (end - at < HEADER || !snapshot_file_read(f, at, header, HEADER))
            return false;
        memcpy(s.tag, header, 4);
        s.number = (uint32_t)little_endian_get(header + 4, 4);
        s.length = little_endian_get(header + 8, 8);
        s.at = at + HEADER;
        if (s.length > end - s.at)
            return false;
        if (f->sections == room) {
            size_t more = 2 * room + 64;
            void *grown = realloc(f->section, more * sizeof *f->section);

            if (!grown)
                return false;
            f->section = grown;
            room = more;
        }
        f->section[f->sections++] = s;
        at = s.at + s.length;
    }
    return at == end;
}

static enum status read_all(struct snapshot_file *f, struct error *e)
{
    uint8_t trailer[HEADER];
    enum status s = read_header(f, e);

    if (s == STATUS_OK)
        s = check_sum(f, e);
    if (s != STATUS_OK)
        return s;
    if (!snapshot_file_read(f, f->size - TRAILER, trailer, sizeof trailer) ||
        memcmp(trailer, "END.", 4) != 0 ||
        little_endian_get(trailer + 8, 8) != SNAPSHOT_CHECKSUM ||
        f->machines < 1 || f->machines > SNAPSHOT_MACHINES || !list_sections(f))
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%.150s' is not laid out as a "
                         "snapshot is",
                         f->path);
    return STATUS_OK;
}

enum status snapshot_file_open(struct snapshot_file *f, const char *path,
                               struct error *e)
{
    struct stat st;
    enum status s = STATUS_OK;

    *f = (struct snapshot_file){ .path = path };
    f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (f->fd < 0)
        return unreadable(f, e);
    if (fstat(f->fd, &st) != 0)
        s = unreadable(f, e);
    else if (!S_ISREG(st.st_mode))
        s = error_say(e, STATUS_BAD_FORMAT,
                      "'%.150s' is not a regular file: name "
                      "a snapshot's",
                      path);
    f->size = (uint64_t)st.st_size;
    if (s == STATUS_OK)
        s = read_all(f, e);
    if (s != STATUS_OK)
        snapshot_file_close(f);
    return s;
}

void snapshot_file_close(struct snapshot_file *f)
{
    close(f->fd);
    free(f->section);
    f->section = NULL;
    f->sections = 0;
}

const struct snapshot_section *snapshot_file_find(const struct snapshot_file *f,
                                                  const char *tag,
                                                  uint32_t number)
{
    for (size_t i = 0; i < f->sections; i++)
        if (f->section[i].number == number &&
            memcmp(f->section[i].tag, tag, 4) == 0)
            return &f->section[i];
    return NULL;
}
