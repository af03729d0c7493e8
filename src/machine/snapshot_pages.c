/* Reading a set of pages; see snapshot_pages.h. */
#include "machine/snapshot_pages.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "bus/little_endian.h"
#include "machine/error_say.h"
#include "machine/parallel.h"
#include "machine/snapshot_pages_inside.h"

static enum status malformed(const struct snapshot_file *f, struct error *e)
{
    return error_say(e, STATUS_BAD_FORMAT,
                     "'%.150s' has pages that cannot be: "
                     "it was not written by Pogo",
                     f->path);
}

static enum status no_memory(struct error *e)
{
    return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
}

/* ---- the index ---- */

/* Runs come in ascending order and do not touch what is not there. */
static bool take_run(const uint8_t *run, const struct snapshot_set *set,
                     uint8_t *kind, uint64_t *end)
{
    uint64_t first = little_endian_get(run + RUN_FIRST, 8);
    uint64_t n = little_endian_get(run + RUN_PAGES, 4);
    uint64_t what = little_endian_get(run + RUN_KIND, 4);

    if (first < *end || first > set->pages || n == 0 ||
        n > set->pages - first || (what != PAGE_STORED && what != PAGE_OF_BASE))
        return false;
    memset(kind + first, (int)what, n);
    *end = first + n;
    return true;
}

/* So many at a time, from `at` of the section on. */
#define RUNS_READ 256
static bool take_runs(const struct snapshot_file *f,
                      const struct snapshot_section *s, uint64_t at,
                      const struct snapshot_set *set, uint8_t *kind,
                      uint64_t *end)
{
    uint8_t runs[RUNS_READ * RUN_BYTES];
    uint64_t left = s->length - at;
    size_t n = left < sizeof runs ? (size_t)left : sizeof runs;

    if (!snapshot_file_read(f, s->at + at, runs, n))
        return false;
    for (size_t i = 0; i < n; i += RUN_BYTES)
        if (!take_run(runs + i, set, kind, end))
            return false;
    return true;
}

enum status snapshot_pages_index(const struct snapshot_file *f,
                                 const struct snapshot_set *set, uint8_t *kind,
                                 uint64_t *stored, struct error *e)
{
    const struct snapshot_section *s =
        snapshot_file_find(f, set->index, set->number);
    uint64_t end = 0;

    if (!s || s->length % RUN_BYTES)
        return malformed(f, e);
    memset(kind, PAGE_ABSENT, set->pages);
    for (uint64_t at = 0; at < s->length; at += RUNS_READ * RUN_BYTES)
        if (!take_runs(f, s, at, set, kind, &end))
            return malformed(f, e);
    *stored = 0;
    for (uint64_t page = 0; page < set->pages; page++)
        *stored += kind[page] == PAGE_STORED;
    return STATUS_OK;
}

/* ---- the pages ---- */

struct unpacker {
    ZSTD_DCtx *zstd;
    uint8_t *packed; /* a chunk as the file has it … */
    uint8_t *pages;  /* … and as it was */
};

struct loading {
    const struct snapshot_file *file;
    const struct snapshot_section *chunk; /* the first of them */
    uint8_t *const *to;
    uint64_t stored;
    struct unpacker unpacker[PARALLEL_MAX];
    atomic_bool bad, no_memory;
};

static unsigned pages_in(const struct loading *l, unsigned chunk)
{
    uint64_t left = l->stored - (uint64_t)chunk * SNAPSHOT_CHUNK;

    return left < SNAPSHOT_CHUNK ? (unsigned)left : SNAPSHOT_CHUNK;
}

static bool is_wanted(uint8_t *const *to, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (to[i])
            return true;
    return false;
}

/* Do they all go to one place, one behind the other? */
static bool in_one_piece(uint8_t *const *to, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (!to[0] || to[i] != to[0] + (size_t)i * SNAPSHOT_PAGE)
            return false;
    return true;
}

static bool make_unpacker(struct unpacker *u)
{
    if (!u->zstd)
        u->zstd = ZSTD_createDCtx();
    if (!u->packed)
        u->packed = malloc(CHUNK_BYTES);
    if (!u->pages)
        u->pages = malloc(CHUNK_BYTES);
    return u->zstd && u->packed && u->pages;
}

/* A chunk that would not have become smaller is there as it was. */
static bool unpack(const struct loading *l, const struct snapshot_section *s,
                   struct unpacker *u, uint8_t *to, size_t size)
{
    if (s->length > size)
        return false;
    if (s->length == size)
        return snapshot_file_read(l->file, s->at, to, size);
    return snapshot_file_read(l->file, s->at, u->packed, s->length) &&
           ZSTD_decompressDCtx(u->zstd, to, size, u->packed, s->length) == size;
}

static void load_chunk(void *context, unsigned worker, unsigned i)
{
    struct loading *l = context;
    struct unpacker *u = &l->unpacker[worker];
    uint8_t *const *to = l->to + (size_t)i * SNAPSHOT_CHUNK;
    unsigned n = pages_in(l, i);
    size_t size = (size_t)n * SNAPSHOT_PAGE;
    uint8_t *pages;

    if (l->bad || !is_wanted(to, n))
        return;
    if (!make_unpacker(u)) {
        l->no_memory = true;
        return;
    }
    pages = in_one_piece(to, n) ? to[0] : u->pages;
    if (!unpack(l, l->chunk + i, u, pages, size)) {
        l->bad = true;
        return;
    }
    for (unsigned k = 0; pages == u->pages && k < n; k++)
        if (to[k])
            memcpy(to[k], pages + (size_t)k * SNAPSHOT_PAGE, SNAPSHOT_PAGE);
}

/* The chunks are what follows the index; NULL: they do not. */
static const struct snapshot_section *find_chunks(
    const struct snapshot_file *f, const struct snapshot_set *set,
    uint64_t chunks)
{
    const struct snapshot_section *s =
        snapshot_file_find(f, set->index, set->number);

    if (!s || (uint64_t)(f->section + f->sections - s) <= chunks)
        return NULL;
    for (uint64_t i = 1; i <= chunks; i++)
        if (memcmp(s[i].tag, set->chunk, 4) != 0 || s[i].number != set->number)
            return NULL;
    return s + 1;
}

enum status snapshot_pages_load(const struct snapshot_file *f,
                                const struct snapshot_set *set,
                                uint8_t *const *to, uint64_t stored,
                                struct error *e)
{
    uint64_t chunks = (stored + SNAPSHOT_CHUNK - 1) / SNAPSHOT_CHUNK;
    struct loading l = { .file = f, .to = to, .stored = stored };

    if (chunks == 0)
        return STATUS_OK;
    l.chunk = find_chunks(f, set, chunks);
    if (!l.chunk)
        return malformed(f, e);
    parallel((unsigned)chunks, load_chunk, &l);
    for (unsigned w = 0; w < PARALLEL_MAX; w++) {
        ZSTD_freeDCtx(l.unpacker[w].zstd);
        free(l.unpacker[w].packed);
        free(l.unpacker[w].pages);
    }
    return l.no_memory ? no_memory(e) : l.bad ? malformed(f, e) : STATUS_OK;
}
