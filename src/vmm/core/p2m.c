/* Guest-physical to host-physical addresses. */
#include "vmm/core/p2m.h"
#include "mmu/pte.h"

bool p2m_lookup(const struct p2m *p, uint64_t gpa, uint64_t *hpa,
                bool *writable)
{
    uint64_t page = (gpa - p->ram_gpa) >> PAGE_SHIFT;

    *writable = true;
    if (gpa >= p->ram_gpa && page < p->ram_pages) {
        *hpa = p->frame[page] | (gpa & PAGE_MASK);
        return true;
    }
    *writable = false;
    page = (gpa - p->rom_gpa) >> PAGE_SHIFT;
    if (gpa < p->rom_gpa || page >= p->rom_pages)
        return false;
    *hpa = p->rom_hpa + (gpa - p->rom_gpa);
    return true;
}

bool p2m_reverse(const struct p2m *p, uint64_t hpa, uint64_t *gpa)
{
    uint64_t page_hpa = hpa & ~PAGE_MASK;
    uint64_t guess = (page_hpa - p->frame[0]) >> PAGE_SHIFT;

    /* Most guests' RAM is contiguous in the host: try that first. */
    if (guess >= p->ram_pages || p->frame[guess] != page_hpa)
        for (guess = 0; guess < p->ram_pages; guess++)
            if (p->frame[guess] == page_hpa)
                break;
    if (guess >= p->ram_pages)
        return false;
    *gpa = p->ram_gpa + (guess << PAGE_SHIFT) + (hpa & PAGE_MASK);
    return true;
}
