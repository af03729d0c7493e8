/* Writing a snapshot; see snapshot.h. */
#define _GNU_SOURCE /* MADV_HUGEPAGE */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <zstd.h>

#include "bus/little_endian.h"
#include "devices/disk_overlay.h"
#include "machine/error_say.h"
#include "machine/machine_state.h"
#include "machine/parallel.h"
#include "machine/snapshot_inside.h"

#define STATE_LEVEL 1 /* Zstandard's */

static enum status no_memory(struct error *e)
{
    return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
}

/* ---- state ---- */

static enum status put_packed(struct snapshot_out *out, const char *tag,
                              uint32_t number, const struct state_buffer *b,
                              struct error *e)
{
    size_t room = ZSTD_compressBound(b->size), n = 0;
    uint8_t header[PACKED_HEADER], *packed = malloc(room);

    if (packed && !b->no_memory)
        n = ZSTD_compress(packed, room, b->bytes, b->size, STATE_LEVEL);
    if (n == 0 || ZSTD_isError(n)) {
        free(packed);
        return no_memory(e);
    }
    little_endian_put(header, sizeof header, b->size);
    snapshot_out_section(out, tag, number, sizeof header + n);
    snapshot_out_put(out, header, sizeof header);
    snapshot_out_put(out, packed, n);
    free(packed);
    return STATUS_OK;
}

static enum status save_state(struct snapshot_out *out,
                              const struct snapshot_machine *m, unsigned i,
                              struct error *e)
{
    struct state_buffer b;
    enum status s;

    state_buffer_save(&b);
    machine_state(m->machine, m->board, &b.state);
    s = put_packed(out, SECTION_STATE, i, &b, e);
    state_buffer_free(&b);
    return s;
}

static enum status save_config(struct snapshot_out *out,
                               struct snapshot_config *c, unsigned i,
                               struct error *e)
{
    struct state_buffer b;
    enum status s = STATUS_OK;

    state_buffer_save(&b);
    snapshot_config_state(c, &b.state);
    if (b.no_memory) {
        s = no_memory(e);
    } else {
        snapshot_out_section(out, SECTION_CONFIG, i, b.size);
        snapshot_out_put(out, b.bytes, b.size);
    }
    state_buffer_free(&b);
    return s;
}

static enum status save_more(struct snapshot_out *out,
                             const struct snapshot_request *r, struct error *e)
{
    struct state_buffer b;
    enum status s;

    if (!r->more)
        return STATUS_OK;
    state_buffer_save(&b);
    r->more(r->context, &b.state);
    s = put_packed(out, SECTION_MORE, 0, &b, e);
    state_buffer_free(&b);
    return s;
}

/* ---- RAM ---- */

struct ram_scan {
    struct machine *machine;
    const struct ram *ram;
    const uint8_t *base; /* what the base has of it; NULL: no base */
    uint8_t *kind;
};

static const uint8_t *page_at(void *context, uint64_t page, uint8_t *buffer)
{
    const struct ram_scan *r = context;

    (void)buffer;
    return r->machine->ops->ram(r->machine, r->ram->base + page * RAM_PAGE,
                                RAM_PAGE, false);
}

/* The first bytes are compared by hand; then the page with itself, shifted. */
static bool is_zero(const uint8_t *page)
{
    uint64_t first;

    memcpy(&first, page, sizeof first);
    return first == 0 && memcmp(page, page + 8, RAM_PAGE - 8) == 0;
}

#define SCAN_PAGES 512

static void scan(void *context, unsigned worker, unsigned i)
{
    struct ram_scan *r = context;
    uint64_t page = (uint64_t)i * SCAN_PAGES, end = page + SCAN_PAGES;
    uint64_t pages = r->ram->size / RAM_PAGE;

    (void)worker;
    for (; page < end && page < pages; page++) {
        const uint8_t *bytes = page_at(r, page, NULL);

        if (!bytes || is_zero(bytes))
            r->kind[page] = PAGE_ABSENT;
        else if (r->base &&
                 memcmp(bytes, r->base + page * RAM_PAGE, RAM_PAGE) == 0)
            r->kind[page] = PAGE_OF_BASE;
        else
            r->kind[page] = PAGE_STORED;
    }
}

static uint8_t *page_of(void *ram, uint64_t page)
{
    return (uint8_t *)ram + page * SNAPSHOT_PAGE;
}

/* The base's RAM, to be unmapped; NULL where there is none. */
static enum status load_base(const struct snapshot *base, unsigned i,
                             uint64_t size, uint8_t **ram, struct error *e)
{
    struct snapshot_target to = { .at = page_of };

    *ram = mmap(NULL, size, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (*ram == MAP_FAILED) {
        *ram = NULL;
        return no_memory(e);
    }
    madvise(*ram, size, MADV_HUGEPAGE);
    to.context = *ram;
    return snapshot_load_ram(base, i, NULL, &to, e);
}

static void count_pages(const uint8_t *kind, uint64_t pages,
                        struct snapshot_written *w)
{
    for (uint64_t p = 0; p < pages; p++) {
        w->pages += kind[p] == PAGE_STORED;
        w->based += kind[p] == PAGE_OF_BASE;
    }
}

static enum status save_ram(struct snapshot_out *out,
                            const struct snapshot_machine *m, unsigned i,
                            const struct snapshot *base,
                            struct snapshot_written *w, struct error *e)
{
    const struct ram *ram = &m->board->bus.ram;
    struct snapshot_set set = snapshot_ram_set(i, ram->size);
    struct ram_scan r = { .machine = m->machine, .ram = ram };
    uint8_t *of_base = NULL;
    enum status s = STATUS_OK;

    r.kind = malloc(set.pages);
    if (!r.kind)
        return no_memory(e);
    if (base)
        s = load_base(base, i, ram->size, &of_base, e);
    r.base = of_base;
    if (s == STATUS_OK) {
        parallel((unsigned)((set.pages + SCAN_PAGES - 1) / SCAN_PAGES), scan,
                 &r);
        count_pages(r.kind, set.pages, w);
        s = snapshot_pages_save(out, &set, r.kind, page_at, &r, e);
    }
    if (of_base)
        munmap(of_base, ram->size);
    free(r.kind);
    return s;
}

/* ---- disks ---- */

static const uint8_t *block_at(void *context, uint64_t block, uint8_t *buffer)
{
    const struct disk *d = context;

    return disk_overlay_get_block(d, block, buffer) ? buffer : NULL;
}

_Static_assert(SNAPSHOT_PAGE == OVERLAY_BLOCK && SNAPSHOT_PAGE == RAM_PAGE,
               "blocks and pages are stored alike");

static enum status save_disk(struct snapshot_out *out, unsigned i, unsigned k,
                             struct disk *d, struct error *e)
{
    struct snapshot_set set = snapshot_disk_set(i, k, d->size);
    uint8_t *kind;
    enum status s;

    if (!d->overlay)
        return STATUS_OK;
    kind = calloc(1, set.pages + 1);
    if (!kind)
        return no_memory(e);
    for (uint64_t block = 0; block < set.pages; block++)
        kind[block] = disk_overlay_has(d, block) ? PAGE_STORED : PAGE_ABSENT;
    s = snapshot_pages_save(out, &set, kind, block_at, d, e);
    free(kind);
    return s;
}

/* ---- all of it ---- */

static enum status save_machine(struct snapshot_out *out,
                                const struct snapshot_request *r, unsigned i,
                                const struct snapshot *base,
                                struct snapshot_written *w, struct error *e)
{
    const struct snapshot_machine *m = &r->machine[i];
    struct snapshot_config c;
    enum status s = snapshot_config_of(m, &c, e);

    if (s == STATUS_OK)
        s = save_config(out, &c, i, e);
    if (s == STATUS_OK)
        s = save_state(out, m, i, e);
    for (unsigned k = 0; k < c.disks && s == STATUS_OK; k++)
        s = save_disk(out, i, k, m->board->config.disk[k], e);
    if (s == STATUS_OK)
        s = save_ram(out, m, i, base, w, e);
    return s;
}

/* The base's path as the snapshot is to name it: seen from its own folder if it
   is there or below, else in full. */
static bool name_base(const char *path, const char *base, char out[PATH_MAX])
{
    char copy[PATH_MAX], folder[PATH_MAX], full[PATH_MAX];
    size_t n = strlen(path);

    if (n >= sizeof copy)
        return false;
    memcpy(copy, path, n + 1);
    if (!realpath(dirname(copy), folder) || !realpath(base, full))
        return false;
    n = strlen(folder);
    if (strncmp(full, folder, n) == 0 && full[n] == '/')
        strcpy(out, full + n + 1);
    else
        strcpy(out, full);
    return true;
}

static enum status save_base(struct snapshot_out *out,
                             const struct snapshot_request *r,
                             const struct snapshot *base, struct error *e)
{
    char name[PATH_MAX];

    if (!base)
        return STATUS_OK;
    if (!name_base(r->path, r->base, name))
        return error_say(e, STATUS_IO,
                         "where '%.100s' is cannot be found out: "
                         "the host refused",
                         r->base);
    snapshot_out_section(out, SECTION_BASE, 0,
                         SNAPSHOT_CHECKSUM + strlen(name));
    snapshot_out_put(out, base->file.checksum, SNAPSHOT_CHECKSUM);
    snapshot_out_put(out, name, strlen(name));
    return STATUS_OK;
}

static enum status check_base(const struct snapshot *base,
                              const struct snapshot_request *r, struct error *e)
{
    const struct snapshot *s = base;
    unsigned length = 1;

    for (; s->base; s = s->base)
        length++;
    if (length >= SNAPSHOT_CHAIN)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "'%.150s' stands on %u others "
                         "already: save one without a base",
                         r->base, length - 1);
    if (snapshot_is_in_chain(base, r->path))
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "'%.150s' is what the new "
                         "snapshot is to stand on: name another file for it",
                         r->path);
    if (base->file.machines != r->machines)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "'%.150s' has %u machines in "
                         "it, and this run %u: name another base",
                         r->base, base->file.machines, r->machines);
    for (unsigned i = 0; i < r->machines; i++)
        if (base->config[i].memory != r->machine[i].board->config.memory)
            return error_say(e, STATUS_BAD_ARGUMENT,
                             "'%.150s' is of a machine "
                             "with another memory: name another base",
                             r->base);
    return STATUS_OK;
}

static enum status save_all(struct snapshot_out *out,
                            const struct snapshot_request *r,
                            const struct snapshot *base,
                            struct snapshot_written *w, struct error *e)
{
    enum status s = save_base(out, r, base, e);

    for (unsigned i = 0; i < r->machines && s == STATUS_OK; i++)
        s = save_machine(out, r, i, base, w, e);
    if (s == STATUS_OK)
        s = save_more(out, r, e);
    return s;
}

enum status snapshot_save(const struct snapshot_request *r,
                          struct snapshot_written *out, struct error *e)
{
    struct snapshot_written w = { 0 };
    struct snapshot_out *file = NULL;
    struct snapshot *base = NULL;
    enum status s = STATUS_OK, closed = STATUS_OK;

    if (r->base)
        s = snapshot_open(&base, r->base, NULL, e);
    if (s == STATUS_OK && base)
        s = check_base(base, r, e);
    if (s == STATUS_OK)
        s = snapshot_out_open(&file, r->path, r->machines, e);
    if (s == STATUS_OK)
        s = save_all(file, r, base, &w, e);
    if (file)
        closed = snapshot_out_close(file, s == STATUS_OK, &w.size, e);
    snapshot_close(base);
    if (out)
        *out = w;
    return s == STATUS_OK ? closed : s;
}
