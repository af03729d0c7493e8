/* Writing a set of pages; see snapshot_pages.h. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "bus/little_endian.h"
#include "machine/error_say.h"
#include "machine/parallel.h"
#include "machine/snapshot_pages_inside.h"

/* The fastest level: docs/snapshots.md has what the others cost and save. */
#define LEVEL 1

/* ---- the index ---- */

static uint64_t run_end(const uint8_t *kind, uint64_t first, uint64_t pages)
{
    uint64_t end = first;

    while (end < pages && kind[end] == kind[first] && end - first < UINT32_MAX)
        end++;
    return end;
}

/* Each run of pages that are there, to `out`; returns how many. With `out` NULL
   they are only counted. */
static uint64_t put_runs(struct snapshot_out *out, const uint8_t *kind,
                         uint64_t pages)
{
    uint64_t runs = 0, end;

    for (uint64_t first = 0; first < pages; first = end) {
        uint8_t run[RUN_BYTES];

        end = run_end(kind, first, pages);
        if (kind[first] == PAGE_ABSENT)
            continue;
        runs++;
        little_endian_put(run + RUN_FIRST, 8, first);
        little_endian_put(run + RUN_PAGES, 4, end - first);
        little_endian_put(run + RUN_KIND, 4, kind[first]);
        if (out)
            snapshot_out_put(out, run, sizeof run);
    }
    return runs;
}

/* ---- the pages ---- */

struct packer {
    ZSTD_CCtx *zstd;
    uint8_t *packed, *pages;
};

struct saving {
    struct snapshot_out *out;
    const struct snapshot_set *set;
    const uint8_t *(*at)(void *context, uint64_t page, uint8_t *buffer);
    void *context;
    uint64_t *page; /* those that are stored, in order */
    uint64_t stored;
    struct packer packer[PARALLEL_MAX];
    /* Chunks are compressed side by side, and written in order. */
    pthread_mutex_t lock;
    pthread_cond_t written;
    unsigned next; /* to be written */
    atomic_bool no_memory, unreadable;
};

static bool make_packer(struct packer *p)
{
    if (!p->zstd)
        p->zstd = ZSTD_createCCtx();
    if (!p->packed)
        p->packed = malloc(ZSTD_compressBound(CHUNK_BYTES));
    if (!p->pages)
        p->pages = malloc(CHUNK_BYTES);
    return p->zstd && p->packed && p->pages;
}

/* The chunk's pages in one piece: where they are, if they follow one another
   there; else in `buffer`. NULL: one cannot be had. */
static const uint8_t *gather(const struct saving *v, const uint64_t *page,
                             unsigned n, uint8_t *buffer)
{
    const uint8_t *first = v->at(v->context, page[0], buffer);
    bool in_place = first && first != buffer;

    for (unsigned i = 1; i < n && first; i++) {
        size_t offset = (size_t)i * SNAPSHOT_PAGE;
        const uint8_t *p = v->at(v->context, page[i], buffer + offset);

        if (!p)
            return NULL;
        if (in_place && p == first + offset)
            continue;
        if (in_place)
            memcpy(buffer, first, offset);
        in_place = false;
        first = buffer;
        if (p != buffer + offset)
            memcpy(buffer + offset, p, SNAPSHOT_PAGE);
    }
    return first;
}

static void write_chunk(struct saving *v, unsigned i, const uint8_t *bytes,
                        size_t n)
{
    pthread_mutex_lock(&v->lock);
    while (v->next != i)
        pthread_cond_wait(&v->written, &v->lock);
    if (bytes) {
        snapshot_out_section(v->out, v->set->chunk, v->set->number, n);
        snapshot_out_put(v->out, bytes, n);
    }
    v->next++;
    pthread_cond_broadcast(&v->written);
    pthread_mutex_unlock(&v->lock);
}

static void save_chunk(void *context, unsigned worker, unsigned i)
{
    struct saving *v = context;
    struct packer *p = &v->packer[worker];
    uint64_t first = (uint64_t)i * SNAPSHOT_CHUNK, left = v->stored - first;
    unsigned n = left < SNAPSHOT_CHUNK ? (unsigned)left : SNAPSHOT_CHUNK;
    size_t size = (size_t)n * SNAPSHOT_PAGE, packed;
    const uint8_t *pages = NULL;

    if (!make_packer(p))
        v->no_memory = true;
    else if (!(pages = gather(v, v->page + first, n, p->pages)))
        v->unreadable = true;
    if (!pages) {
        write_chunk(v, i, NULL, 0);
        return;
    }
    packed =
        ZSTD_compressCCtx(p->zstd, p->packed, ZSTD_compressBound(CHUNK_BYTES),
                          pages, size, LEVEL);
    if (ZSTD_isError(packed) || packed >= size)
        write_chunk(v, i, pages, size);
    else
        write_chunk(v, i, p->packed, packed);
}

static void save_chunks(struct saving *v)
{
    pthread_mutex_init(&v->lock, NULL);
    pthread_cond_init(&v->written, NULL);
    parallel((unsigned)((v->stored + SNAPSHOT_CHUNK - 1) / SNAPSHOT_CHUNK),
             save_chunk, v);
    pthread_cond_destroy(&v->written);
    pthread_mutex_destroy(&v->lock);
    for (unsigned w = 0; w < PARALLEL_MAX; w++) {
        ZSTD_freeCCtx(v->packer[w].zstd);
        free(v->packer[w].packed);
        free(v->packer[w].pages);
    }
}

static void list_stored(struct saving *v, const uint8_t *kind)
{
    for (uint64_t page = 0; page < v->set->pages; page++)
        if (kind[page] == PAGE_STORED)
            v->page[v->stored++] = page;
}

enum status snapshot_pages_save(
    struct snapshot_out *out, const struct snapshot_set *set,
    const uint8_t *kind,
    const uint8_t *(*at)(void *context, uint64_t page, uint8_t *buffer),
    void *context, struct error *e)
{
    struct saving v = { .out = out, .set = set, .at = at, .context = context };

    v.page = malloc((set->pages + 1) * sizeof *v.page);
    if (!v.page)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    list_stored(&v, kind);
    snapshot_out_section(out, set->index, set->number,
                         put_runs(NULL, kind, set->pages) * RUN_BYTES);
    put_runs(out, kind, set->pages);
    save_chunks(&v);
    free(v.page);
    if (v.no_memory)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    return v.unreadable ? error_say(e, STATUS_IO,
                                    "what the snapshot is to "
                                    "hold cannot be read")
                        : STATUS_OK;
}
