/*
 * A range of RAM and what is noted of each page: written since last asked,
 * holds decoded code. The bytes either are this object's own (mmap'ed, zero,
 * untouched pages cost nothing) or are found page by page in someone else's
 * memory (a virtual machine's RAM in its host's).
 */
#ifndef POGO_BUS_RAM_H
#define POGO_BUS_RAM_H

#include "base/bits.h"
#include "base/status.h"

#define RAM_PAGE 4096u

enum ram_page_flag {
    RAM_DIRTY = 1 << 0,   /* written since the flag was cleared */
    RAM_CODE = 1 << 1,    /* the engine holds decoded code of this page */
    RAM_WATCHED = 1 << 2, /* somebody wants to know before it is written */
    RAM_BREAK = 1 << 3,   /* code of it may have a stop point: the engine's */
};

struct ram {
    uint64_t base, size; /* physical, bytes; multiples of RAM_PAGE */
    uint8_t *bytes;      /* the whole of it, or NULL for a lookup RAM */
    uint8_t *flags;      /* one byte a page; NULL for a lookup RAM */
    void *context;
    /*
     * Lookup RAM: host pointer to `len` bytes at pa (within one page), or NULL.
     * `write`: they are about to be written.
     */
    uint8_t *(*lookup)(void *context, uint64_t pa, uint64_t len, bool write);
    /* Lookup RAM: ram_discard of the page at pa. False: it cannot be had that
       way, and zeros are to be written. NULL: never. */
    bool (*discard)(void *context, uint64_t pa);
    /* Own RAM: called before a page with RAM_CODE is written; clears the flag.
       Set by the engine. */
    void (*code_written)(void *context, uint64_t page_pa);
    void *code_context;
    /* Own RAM: called before a page with RAM_WATCHED is written, for the first
       time: the flag is cleared. Set by whoever sets the flag. */
    void (*watched_written)(void *context, uint64_t page_pa);
    void *watch_context;
};

enum status ram_init(struct ram *r, uint64_t base, uint64_t size);
void ram_init_lookup(struct ram *r, uint64_t base, uint64_t size,
                     uint8_t *(*lookup)(void *, uint64_t, uint64_t, bool),
                     void *context);
void ram_free(struct ram *r);

/* To be called before a page with RAM_WATCHED is written; `page` counts from
   the base. */
void ram_tell_watcher(struct ram *r, uint64_t page);

/* Are a page's bytes all zero? */
bool ram_page_is_zero(const uint8_t *page);

static inline bool ram_contains(const struct ram *r, uint64_t pa, uint64_t len)
{
    return pa - r->base < r->size && len <= r->size - (pa - r->base);
}

/*
 * Host pointer to [pa, pa+len), or NULL if that is not all RAM (or, for a
 * lookup RAM, not contiguous in host memory). With `write` every page of it is
 * marked dirty and its decoded code dropped: ask anew for each burst of writes.
 */
uint8_t *ram_pointer(struct ram *r, uint64_t pa, uint64_t len, bool write);

/* Copies across pages. False, with nothing copied, if not all of it is RAM. */
bool ram_read(struct ram *r, uint64_t pa, void *buf, uint64_t len);
bool ram_write(struct ram *r, uint64_t pa, const void *buf, uint64_t len);

/*
 * Nobody needs what is in the whole pages at [pa, pa+len) any more: they read as
 * zero from now on, and are marked as written ones are. Until they are written
 * again they cost the host nothing, if it can be had that way. False, and
 * nothing has happened, if that is not all RAM.
 */
bool ram_discard(struct ram *r, uint64_t pa, uint64_t len);

#endif
