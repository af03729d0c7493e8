/* What is known of an open snapshot; and its disks. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "devices/disk_overlay.h"
#include "machine/error_say.h"
#include "machine/snapshot_inside.h"

unsigned snapshot_machines(const struct snapshot *s)
{
    return s->file.machines;
}

const struct snapshot_config *snapshot_config(const struct snapshot *s,
                                              unsigned i)
{
    return &s->config[i];
}

const struct snapshot_file *snapshot_file(const struct snapshot *s)
{
    return &s->file;
}

const char *snapshot_base_name(const struct snapshot *s)
{
    return s->base_name;
}

const uint8_t *snapshot_base_sum(const struct snapshot *s)
{
    return s->base_sum;
}

bool snapshot_is_in_chain(const struct snapshot *s, const char *path)
{
    struct stat a, b;

    if (stat(path, &a) != 0)
        return false;
    for (; s; s = s->base)
        if (fstat(s->file.fd, &b) == 0 && a.st_ino == b.st_ino &&
            a.st_dev == b.st_dev)
            return true;
    return false;
}

static enum status no_memory(struct error *e)
{
    return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
}

enum status snapshot_pages(const struct snapshot *s, unsigned i,
                           struct snapshot_pages *out, struct error *e)
{
    struct snapshot_set set = snapshot_ram_set(i, s->config[i].memory);
    uint8_t *kind = malloc(set.pages);
    enum status status;

    *out = (struct snapshot_pages){ 0 };
    if (!kind)
        return no_memory(e);
    status = snapshot_pages_index(&s->file, &set, kind, &out->stored, e);
    for (uint64_t p = 0; status == STATUS_OK && p < set.pages; p++)
        out->based += kind[p] == PAGE_OF_BASE;
    free(kind);
    for (size_t x = 0; x < s->file.sections; x++)
        if (s->file.section[x].number == i &&
            memcmp(s->file.section[x].tag, set.chunk, 4) == 0)
            out->bytes += s->file.section[x].length;
    return status;
}

/* ---- disks ---- */

/* Blocks that are read before they are written to the overlay: 16 MiB. */
#define BLOCKS_AT_ONCE (16 * SNAPSHOT_CHUNK)

struct blocks {
    const struct snapshot_file *file;
    struct snapshot_set set;
    uint64_t *block; /* those that are stored, in order */
    uint64_t stored;
    uint8_t **to;   /* for each of them */
    uint8_t *bytes; /* BLOCKS_AT_ONCE of them */
};

static enum status refused(struct error *e)
{
    return error_say(e, STATUS_IO,
                     "its overlay cannot be written: the host "
                     "refused");
}

/* Blocks first.. of those that are stored, as many as go at once. */
static enum status copy_blocks(struct blocks *b, uint64_t first, struct disk *d,
                               struct error *e)
{
    uint64_t left = b->stored - first;
    uint64_t n = left < BLOCKS_AT_ONCE ? left : BLOCKS_AT_ONCE;
    enum status s;

    for (uint64_t i = 0; i < n; i++)
        b->to[first + i] = b->bytes + i * SNAPSHOT_PAGE;
    s = snapshot_pages_load(b->file, &b->set, b->to, b->stored, e);
    for (uint64_t i = 0; i < n && s == STATUS_OK; i++) {
        b->to[first + i] = NULL;
        if (!disk_overlay_put_block(d, b->block[first + i],
                                    b->bytes + i * SNAPSHOT_PAGE))
            s = refused(e);
    }
    return s;
}

/* The bits come last: until then the overlay has nothing. Blocks have no
   base. */
static enum status fill_overlay(struct blocks *b, uint8_t *kind,
                                struct disk *d, struct error *e)
{
    enum status s = disk_overlay_set(d, NULL) ? STATUS_OK : refused(e);

    for (uint64_t p = 0, n = 0; p < b->set.pages; p++) {
        kind[p] = kind[p] == PAGE_STORED;
        if (kind[p])
            b->block[n++] = p;
    }
    for (uint64_t first = 0; first < b->stored && s == STATUS_OK;
         first += BLOCKS_AT_ONCE)
        s = copy_blocks(b, first, d, e);
    if (s == STATUS_OK && !disk_overlay_set(d, kind))
        s = refused(e);
    return s;
}

static enum status load_overlay(const struct snapshot *s,
                                const struct snapshot_set *set, struct disk *d,
                                struct error *e)
{
    struct blocks b = { .file = &s->file, .set = *set };
    uint8_t *kind = calloc(1, set->pages + 1);
    enum status status = kind ? STATUS_OK : no_memory(e);

    if (status == STATUS_OK)
        status = snapshot_pages_index(b.file, set, kind, &b.stored, e);
    if (status == STATUS_OK) {
        b.block = malloc((b.stored + 1) * sizeof *b.block);
        b.to = calloc(b.stored + 1, sizeof *b.to);
        b.bytes = malloc((size_t)BLOCKS_AT_ONCE * SNAPSHOT_PAGE);
        status = b.block && b.to && b.bytes ? fill_overlay(&b, kind, d, e)
                                            : no_memory(e);
    }
    free(b.block);
    free(b.to);
    free(b.bytes);
    free(kind);
    return status;
}

/* Is `d` what the disk was? */
static enum status check_disk(const struct snapshot_disk *was,
                              const struct disk *d, struct error *e)
{
    uint64_t changed;

    if (d->size != was->size)
        return error_say(e, STATUS_BAD_FORMAT,
                         "has another size than when "
                         "the snapshot was saved: give the file it was then");
    if (d->read_only != was->read_only)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         was->read_only
                             ? "was read-only when the snapshot was saved: add "
                               "',ro'"
                             : "was writable when the snapshot was saved: "
                               "leave out ',ro', or add ',overlay=FILE2'");
    if (!disk_changed(d, &changed) || changed != was->changed)
        return error_say(e, STATUS_BAD_FORMAT,
                         "has been changed since the snapshot was saved: put "
                         "it back, date and all; had it had an overlay "
                         "(',overlay=FILE2'), the snapshot would have what the "
                         "guest wrote");
    if (was->overlay && !d->overlay)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "had an overlay when the "
                         "snapshot was saved: add ',overlay=FILE2', and what "
                         "was in it is put there");
    return STATUS_OK;
}

enum status snapshot_load_disk(const struct snapshot *s, unsigned i, unsigned k,
                               struct disk *d, struct error *e)
{
    const struct snapshot_disk *was = &s->config[i].disk[k];
    struct snapshot_set set = snapshot_disk_set(i, k, d->size);
    enum status status = check_disk(was, d, e);

    if (status != STATUS_OK || !d->overlay)
        return status;
    if (was->overlay)
        return load_overlay(s, &set, d, e);
    return disk_overlay_set(d, NULL) ? STATUS_OK : refused(e);
}
