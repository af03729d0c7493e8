#define XXH_INLINE_ALL
#include "machine/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include "bus/little_endian.h"
#include "machine/error_say.h"
#include "machine/image.h"

#define MAGIC        "POGOJRN1"
#define CHECK        8
#define FIRST_ROOM   65536
#define LARGEST_FILE (UINT64_C(1) << 34)

/* Where a record has what. */
enum { TAG = 8, PORT = 16, SIZE = 20, HEAD = 24 };

/* The check of the n bytes at `record`, after a record whose check is `last`.
 */
static uint64_t check_of(uint64_t last, const uint8_t *record, size_t n)
{
    return XXH3_64bits_withSeed(record, n, last);
}

static bool make_room(struct journal *j, size_t n)
{
    size_t room = j->room ? j->room : FIRST_ROOM;
    uint8_t *bytes;

    if (n <= j->room - j->size)
        return true;
    while (room - j->size < n)
        room *= 2;
    bytes = realloc(j->bytes, room);
    if (!bytes)
        return false;
    j->bytes = bytes;
    j->room = room;
    return true;
}

enum status journal_init(struct journal *j)
{
    *j = (struct journal){ .fd = -1 };
    if (!make_room(j, JOURNAL_FIRST))
        return STATUS_NO_MEMORY;
    memcpy(j->bytes, MAGIC, JOURNAL_FIRST);
    j->size = JOURNAL_FIRST;
    return STATUS_OK;
}

enum status journal_create(struct journal *j, const char *path, struct error *e)
{
    if (journal_init(j) != STATUS_OK)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    j->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (j->fd >= 0)
        return STATUS_OK;
    journal_free(j);
    return error_say(e, STATUS_IO,
                     "--record '%.150s' cannot be written (%s): "
                     "name a file that can",
                     path, strerror(errno));
}

/* Takes the records that check; what is behind them is not kept. */
static void check_records(struct journal *j)
{
    size_t end = j->size;

    j->size = JOURNAL_FIRST;
    while (end - j->size >= HEAD + CHECK) {
        const uint8_t *record = j->bytes + j->size;
        uint64_t size = little_endian_get(record + SIZE, 4), check;

        if (size > JOURNAL_RECORD_MAX || size > end - j->size - HEAD - CHECK)
            break;
        check = check_of(j->check, record, HEAD + size);
        if (check != little_endian_get(record + HEAD + size, CHECK))
            break;
        j->check = check;
        j->records++;
        j->size += HEAD + size + CHECK;
    }
    j->damaged = j->size != end;
}

enum status journal_load(struct journal *j, const char *path, struct error *e)
{
    struct image file;
    enum status s = image_read(&file, path, false, LARGEST_FILE, e);

    if (s != STATUS_OK)
        return s;
    *j = (struct journal){ .fd = -1 };
    if (file.size < JOURNAL_FIRST ||
        memcmp(file.bytes, MAGIC, JOURNAL_FIRST) != 0) {
        image_free(&file);
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%.150s' is no journal of this "
                         "version of Pogo: name a file that --record wrote",
                         path);
    }
    j->bytes = (uint8_t *)file.bytes;
    j->size = j->room = file.size;
    check_records(j);
    return STATUS_OK;
}

void journal_free(struct journal *j)
{
    journal_flush(j);
    if (j->fd >= 0)
        close(j->fd);
    free(j->bytes);
    *j = (struct journal){ .fd = -1 };
}

void journal_add(struct journal *j, const struct journal_record *r)
{
    uint8_t *record;

    if (j->failed || r->size > JOURNAL_RECORD_MAX ||
        !make_room(j, HEAD + r->size + CHECK)) {
        j->error_number = j->failed ? j->error_number : ENOMEM;
        j->failed = true;
        return;
    }
    record = j->bytes + j->size;
    little_endian_put(record, 8, r->count);
    little_endian_put(record + TAG, 8, r->tag);
    little_endian_put(record + PORT, 4, r->port);
    little_endian_put(record + SIZE, 4, r->size);
    if (r->size)
        memcpy(record + HEAD, r->bytes, r->size);
    j->check = check_of(j->check, record, HEAD + r->size);
    little_endian_put(record + HEAD + r->size, CHECK, j->check);
    j->size += HEAD + r->size + CHECK;
    j->records++;
}

void journal_flush(struct journal *j)
{
    size_t written = 0;

    while (j->fd >= 0 && !j->failed && written < j->size) {
        ssize_t n = write(j->fd, j->bytes + written, j->size - written);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            j->failed = true;
            j->error_number = errno;
        }
        written += (size_t)n;
    }
    if (j->fd >= 0)
        j->size = 0;
}

bool journal_next(const struct journal *j, size_t *at, struct journal_record *r)
{
    const uint8_t *record = j->bytes + *at;

    if (*at >= j->size)
        return false;
    *r = (struct journal_record){
        .count = little_endian_get(record, 8),
        .tag = little_endian_get(record + TAG, 8),
        .port = (uint32_t)little_endian_get(record + PORT, 4),
        .size = (uint32_t)little_endian_get(record + SIZE, 4),
        .bytes = record + HEAD,
    };
    *at += journal_record_size(r);
    return true;
}

void journal_cut(struct journal *j, size_t at, uint64_t records)
{
    if (at >= j->size)
        return;
    j->size = at;
    j->records = records;
    j->check = at == JOURNAL_FIRST
                   ? 0
                   : little_endian_get(j->bytes + at - CHECK, CHECK);
}

size_t journal_record_size(const struct journal_record *r)
{
    return HEAD + r->size + CHECK;
}
