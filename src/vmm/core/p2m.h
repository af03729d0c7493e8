/*
 * Guest-physical to host-physical, page by page, and back to the shadow leaves
 * that map each page (the reverse map). Freestanding.
 */
#ifndef POGO_VMM_CORE_P2M_H
#define POGO_VMM_CORE_P2M_H

#include "base/bits.h"

#define P2M_NO_LEAF UINT32_MAX

struct p2m {
    uint64_t ram_gpa, ram_pages;
    uint64_t rom_gpa, rom_pages, rom_hpa;
    uint64_t *frame;     /* [ram_pages]: host-physical address of each page */
    uint32_t *first_leaf; /* [ram_pages]: head of its list of shadow leaves */
};

/*
 * The host-physical address that backs `gpa`, or false where the guest has no
 * memory. *writable is false for ROM.
 */
bool p2m_lookup(const struct p2m *p, uint64_t gpa, uint64_t *hpa,
                bool *writable);

/* The guest-physical address that `hpa` backs, if it backs RAM. */
bool p2m_reverse(const struct p2m *p, uint64_t hpa, uint64_t *gpa);

#endif
