/* RAM, own or looked up in someone else's memory; see ram.h. */
#include "bus/ram.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum status ram_init(struct ram *r, uint64_t base, uint64_t size)
{
    *r = (struct ram){ .base = base, .size = size };
    if (size == 0 || base % RAM_PAGE || size % RAM_PAGE ||
        base > UINT64_MAX - size)
        return STATUS_BAD_ARGUMENT;

    void *bytes = mmap(NULL, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED)
        return STATUS_NO_MEMORY;
    /* In pages of 2 MiB if the host likes: fewer faults, and fewer misses of
       the host's TLB. */
    madvise(bytes, size, MADV_HUGEPAGE);
    r->flags = calloc(size / RAM_PAGE, 1);
    if (!r->flags) {
        munmap(bytes, size);
        return STATUS_NO_MEMORY;
    }
    r->bytes = bytes;
    return STATUS_OK;
}

void ram_init_lookup(struct ram *r, uint64_t base, uint64_t size,
                     uint8_t *(*lookup)(void *, uint64_t, uint64_t, bool),
                     void *context)
{
    *r = (struct ram){
        .base = base, .size = size, .lookup = lookup, .context = context
    };
}

void ram_free(struct ram *r)
{
    if (r->bytes)
        munmap(r->bytes, r->size);
    free(r->flags);
    r->bytes = NULL;
    r->flags = NULL;
}

/* How many of the `len` bytes at pa are in its page. */
static uint64_t in_page(uint64_t pa, uint64_t len)
{
    uint64_t room = RAM_PAGE - pa % RAM_PAGE;

    return len < room ? len : room;
}

/* The first bytes are compared by hand; then the page with itself, shifted. */
bool ram_page_is_zero(const uint8_t *page)
{
    uint64_t first;

    memcpy(&first, page, sizeof first);
    return first == 0 && memcmp(page, page + 8, RAM_PAGE - 8) == 0;
}

void ram_tell_watcher(struct ram *r, uint64_t page)
{
    r->flags[page] &= (uint8_t)~RAM_WATCHED;
    r->watched_written(r->watch_context, r->base + page * RAM_PAGE);
}

/* Notes that the pages of [pa, pa+len) are about to be written. */
static void note_written(struct ram *r, uint64_t pa, uint64_t len)
{
    uint64_t first = (pa - r->base) / RAM_PAGE;
    uint64_t end = (pa - r->base + len + RAM_PAGE - 1) / RAM_PAGE;

    for (uint64_t page = first; page < end; page++) {
        if (r->flags[page] & RAM_CODE && r->code_written)
            r->code_written(r->code_context, r->base + page * RAM_PAGE);
        if (r->flags[page] & RAM_WATCHED)
            ram_tell_watcher(r, page);
        r->flags[page] |= RAM_DIRTY;
    }
}

/* ram_pointer for a lookup RAM: every page's bytes must follow the last's. */
static uint8_t *look_up(struct ram *r, uint64_t pa, uint64_t len, bool write)
{
    uint64_t done = in_page(pa, len);
    uint8_t *start = r->lookup(r->context, pa, done, write);

    while (start && done < len) {
        uint64_t n = in_page(pa + done, len - done);

        if (r->lookup(r->context, pa + done, n, write) != start + done)
            return NULL;
        done += n;
    }
    return start;
}

uint8_t *ram_pointer(struct ram *r, uint64_t pa, uint64_t len, bool write)
{
    if (!ram_contains(r, pa, len))
        return NULL;
    if (!r->bytes)
        return look_up(r, pa, len, write);
    if (write)
        note_written(r, pa, len);
    return r->bytes + (pa - r->base);
}

/* Is [pa, pa+len) all RAM, every page of it there? */
static bool all_there(struct ram *r, uint64_t pa, uint64_t len, bool write)
{
    if (!ram_contains(r, pa, len))
        return false;
    for (uint64_t done = 0; !r->bytes && done < len;) {
        uint64_t n = in_page(pa + done, len - done);

        if (!r->lookup(r->context, pa + done, n, write))
            return false;
        done += n;
    }
    return true;
}

bool ram_read(struct ram *r, uint64_t pa, void *buf, uint64_t len)
{
    uint8_t *to = buf;

    if (!all_there(r, pa, len, false))
        return false;
    for (uint64_t done = 0; done < len;) {
        uint64_t n = r->bytes ? len : in_page(pa + done, len - done);

        memcpy(to + done, ram_pointer(r, pa + done, n, false), n);
        done += n;
    }
    return true;
}

bool ram_write(struct ram *r, uint64_t pa, const void *buf, uint64_t len)
{
    const uint8_t *from = buf;

    if (!all_there(r, pa, len, true))
        return false;
    for (uint64_t done = 0; done < len;) {
        uint64_t n = r->bytes ? len : in_page(pa + done, len - done);

        memcpy(ram_pointer(r, pa + done, n, true), from + done, n);
        done += n;
    }
    return true;
}

/* A page that is zero is left alone: it may be one that was never written, and
   costs nothing. */
static void clear_page(struct ram *r, uint64_t pa)
{
    static const uint8_t zero[RAM_PAGE];
    const uint8_t *p = ram_pointer(r, pa, RAM_PAGE, false);
    uint8_t *to;

    if (!p || memcmp(p, zero, RAM_PAGE) == 0)
        return;
    to = ram_pointer(r, pa, RAM_PAGE, true);
    if (to)
        memset(to, 0, RAM_PAGE);
}

bool ram_discard(struct ram *r, uint64_t pa, uint64_t len)
{
    if (!ram_contains(r, pa, len) || pa % RAM_PAGE || len % RAM_PAGE)
        return false;
    if (r->bytes) {
        uint8_t *p = ram_pointer(r, pa, len, true);

        /* The host may have larger pages, or no such call. */
        if (madvise(p, len, MADV_DONTNEED) != 0)
            memset(p, 0, len);
        return true;
    }
    for (uint64_t done = 0; done < len; done += RAM_PAGE)
        if (!r->discard || !r->discard(r->context, pa + done))
            clear_page(r, pa + done);
    return true;
}
