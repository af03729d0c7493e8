/*
 * The reverse map: for each page of guest RAM the list of shadow leaves that
 * map it. Leaves are numbered through the monitor's pool: table * 512 + slot.
 * Freestanding.
 */
#ifndef POGO_VMM_CORE_SHADOW_LIST_H
#define POGO_VMM_CORE_SHADOW_LIST_H

#include "vmm/core/core.h"

/*
 * A leaf's place on the list of the guest page it maps. The first one's `prev`
 * is that page's number, marked; a leaf of ROM is on no list.
 */
struct shadow_link {
    uint32_t next, prev;
};

/* Puts a leaf, on no list now, on the list of the guest page `gpa`, if that is
   RAM. */
void shadow_list_add(struct monitor *m, uint32_t leaf, uint64_t gpa);

/* Takes a leaf off its list. */
void shadow_list_remove(struct monitor *m, uint32_t leaf);

/* The leaf itself. */
uint64_t shadow_list_pte(const struct monitor *m, uint32_t leaf);

/* The guest page (its guest-physical address) whose list the leaf is on; false:
   it is on none, for it is one of ROM. */
bool shadow_list_page(const struct monitor *m, uint32_t leaf, uint64_t *gpa);

/* Is every list sound, with `leaves` leaves on them all? */
bool shadow_lists_sound(const struct monitor *m, uint64_t leaves);

#endif
