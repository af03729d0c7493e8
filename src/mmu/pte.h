/* Page-table entries and paging modes (privileged manual, Sv39/Sv48/Sv57,
 * Svnapot, Svpbmt). Freestanding. */
#ifndef POGO_MMU_PTE_H
#define POGO_MMU_PTE_H

#include "base/bits.h"

#define PTE_V BIT(0)
#define PTE_R BIT(1)
#define PTE_W BIT(2)
#define PTE_X BIT(3)
#define PTE_U BIT(4)
#define PTE_G BIT(5)
#define PTE_A BIT(6)
#define PTE_D BIT(7)
#define PTE_RSW MASK(9, 8)
#define PTE_PPN MASK(53, 10)
#define PTE_RESERVED MASK(60, 54)
#define PTE_PBMT MASK(62, 61)
#define PTE_N BIT(63)

#define PAGE_SHIFT 12
#define PAGE_SIZE BIT(PAGE_SHIFT)
#define PAGE_MASK (PAGE_SIZE - 1)
#define PTES_PER_PAGE 512
#define PA_BITS 56

/* Levels of a satp mode (SATP_SV39…): 3, 4, 5; 0 for bare or unknown. */
static inline unsigned satp_levels(uint64_t mode)
{
    return mode >= 8 && mode <= 10 ? (unsigned)mode - 5 : 0;
}

/* The index into the table of `level` (0 is the leaf table) for `va`. */
static inline unsigned pte_index(uint64_t va, unsigned level)
{
    return (va >> (PAGE_SHIFT + 9 * level)) & (PTES_PER_PAGE - 1);
}

/* Bytes that a leaf at `level` maps. */
static inline uint64_t level_size(unsigned level)
{
    return PAGE_SIZE << (9 * level);
}

#endif
