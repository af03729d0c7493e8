/*
 * Copies of pages, many of them, each for itself: memory for checkpoints. Pages
 * of zeros take none. The copies lie in slabs, so that thousands of them cost
 * the host few mappings.
 */
#ifndef POGO_MACHINE_PAGE_STORE_H
#define POGO_MACHINE_PAGE_STORE_H

#include "bus/ram.h"

struct page_store {
    uint8_t **slab; /* [slabs] */
    size_t slabs, slab_room;
    void *free;      /* copies that nobody has: a list through their bytes */
    uint64_t copies; /* that somebody has */
};

/* Zeroed is empty. All copies are gone. */
void page_store_free(struct page_store *s);

/* A copy of a page. NULL in *copy: it is all zeros. False: out of memory. */
bool page_store_copy(struct page_store *s, const uint8_t *page, uint8_t **copy);

/* Gives a copy back; NULL is one too. */
void page_store_drop(struct page_store *s, uint8_t *copy);

#endif
