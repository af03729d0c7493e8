/*
 * The pool of shadow table pages and the leaves in them: the half of the
 * shadow that knows tables, not spaces. Freestanding.
 */
#ifndef POGO_VMM_CORE_SHADOW_PAGE_H
#define POGO_VMM_CORE_SHADOW_PAGE_H

#include "vmm/core/core.h"

/* A table of the pool as the host's MMU sees it. */
static inline uint64_t *shadow_table(const struct shadow *s, uint32_t page)
{
    return (uint64_t *)(void *)(s->pool + (uint64_t)page * PAGE_SIZE);
}

/* The pool page that a non-leaf PTE points to. */
static inline uint32_t shadow_child(const struct shadow *s, uint64_t pte)
{
    uint64_t pa = field_get(pte, PTE_PPN) << PAGE_SHIFT;

    return (uint32_t)((pa - s->pool_hpa) >> PAGE_SHIFT);
}

/* The non-leaf PTE that points to a pool page. */
static inline uint64_t shadow_pointer(const struct shadow *s, uint32_t page)
{
    uint64_t pa = s->pool_hpa + (uint64_t)page * PAGE_SIZE;

    return field_set(PTE_V, PTE_PPN, pa >> PAGE_SHIFT);
}

/*
 * A zeroed table for `level`, with its page of list links if that is 0. The
 * caller has made sure that two pages are free.
 */
uint32_t shadow_page_new(struct shadow *s, unsigned level);

/*
 * Drops every leaf below `page`, a table of `level`, and gives back the tables
 * under it, not itself. With keep_global, leaves that are global stay, and so
 * do all tables. Returns whether any table was given back.
 */
bool shadow_page_clear(struct monitor *m, uint32_t page, unsigned level,
                       bool keep_global);

/* Gives back an empty table. */
void shadow_page_free(struct shadow *s, uint32_t page);

/* Sets leaf `slot` of a level-0 table, empty now, and puts it on the list of
   the guest page `gpa` (if it is RAM). */
void shadow_leaf_set(struct monitor *m, uint32_t page, unsigned slot,
                     uint64_t pte, uint64_t gpa);

/* Clears a valid leaf and takes it off its list. */
void shadow_leaf_drop(struct monitor *m, uint32_t page, unsigned slot);

/* Is every list of the reverse map sound, with `leaves` leaves on them all? */
bool shadow_lists_sound(const struct monitor *m, uint64_t leaves);

#endif
