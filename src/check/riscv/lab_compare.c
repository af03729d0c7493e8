/* What a guest could see differ between two labs. */
#include <string.h>

#include "check/riscv/lab_inside.h"

uint64_t lab_reserved_page(const struct lab *lab)
{
    uint64_t offset = lab->hart.reservation - GUEST_BASE;

    if (!lab->hart.reserved)
        return 0;
    if (offset / 4096 >= FRAMES || lab->page_of[offset / 4096] == PAGES)
        return ~UINT64_C(0);
    return GUEST_BASE + 4096u * lab->page_of[offset / 4096] + offset % 4096;
}

static bool same_pages(const struct lab *a, const struct lab *b)
{
    for (unsigned page = 0; page < PAGES; page++)
        if (!lab_is_code(a, page) &&
            memcmp(lab_frame(a, lab_page_frame(&a->state, page)),
                   lab_frame(b, lab_page_frame(&b->state, page)), 4096) != 0)
            return false;
    return true;
}

static bool same_tables(const struct lab *a, const struct lab *b)
{
    const uint8_t *of_a = lab_leaf_table(a), *of_b = lab_leaf_table(b);

    return !of_a || !of_b || memcmp(of_a, of_b, 4096) == 0;
}

unsigned lab_compare(const struct lab *a, const struct lab *b, bool memory,
                     bool tables)
{
    const struct hart *ha = &a->hart, *hb = &b->hart;
    unsigned d = 0;

    if (memcmp(ha->x + 1, hb->x + 1, 31 * sizeof ha->x[0]) != 0)
        d |= DIFFER_X;
    if (memcmp(ha->f, hb->f, sizeof ha->f) != 0)
        d |= DIFFER_F;
    if (ha->pc != hb->pc)
        d |= DIFFER_PC;
    if (ha->csr.fcsr != hb->csr.fcsr)
        d |= DIFFER_FCSR;
    if (lab_fs_is_guests(a) &&
        ((ha->csr.mstatus ^ hb->csr.mstatus) & MSTATUS_FS))
        d |= DIFFER_FS;
    if (lab_reservation_is_guests(a) &&
        lab_reserved_page(a) != lab_reserved_page(b))
        d |= DIFFER_RESERVATION;
    if (memory && !same_pages(a, b))
        d |= DIFFER_MEMORY;
    if (memory && tables && !same_tables(a, b))
        d |= DIFFER_TABLES;
    return d;
}
