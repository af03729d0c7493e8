/* The reverse map's lists of leaves. */
#include "vmm/core/shadow_list.h"

#define IS_FIRST UINT32_C(0x80000000)

void shadow_list_add(struct monitor *m, uint32_t leaf, uint64_t gpa)
{
    uint64_t gfn = (gpa - m->p2m.ram_gpa) >> PAGE_SHIFT;
    struct shadow_link *l = &m->link[leaf];

    l->next = l->prev = P2M_NO_LEAF;
    if (gpa < m->p2m.ram_gpa || gfn >= m->p2m.ram_pages)
        return;
    l->next = m->p2m.first_leaf[gfn];
    l->prev = IS_FIRST | (uint32_t)gfn;
    if (l->next != P2M_NO_LEAF)
        m->link[l->next].prev = leaf;
    m->p2m.first_leaf[gfn] = leaf;
}

void shadow_list_remove(struct monitor *m, uint32_t leaf)
{
    const struct shadow_link *l = &m->link[leaf];

    if (l->prev == P2M_NO_LEAF)
        return;
    if (l->next != P2M_NO_LEAF)
        m->link[l->next].prev = l->prev;
    if (l->prev & IS_FIRST)
        m->p2m.first_leaf[l->prev & ~IS_FIRST] = l->next;
    else
        m->link[l->prev].next = l->next;
}

uint64_t shadow_list_pte(const struct monitor *m, uint32_t leaf)
{
    return ((const uint64_t *)(const void *)m->pool)[leaf];
}

bool shadow_list_page(const struct monitor *m, uint32_t leaf, uint64_t *gpa)
{
    uint32_t prev = m->link[leaf].prev;

    while (prev != P2M_NO_LEAF && !(prev & IS_FIRST))
        prev = m->link[prev].prev;
    *gpa = m->p2m.ram_gpa + ((uint64_t)(prev & ~IS_FIRST) << PAGE_SHIFT);
    return prev != P2M_NO_LEAF;
}

bool shadow_lists_sound(const struct monitor *m, uint64_t leaves)
{
    uint64_t seen = 0;

    for (uint64_t gfn = 0; gfn < m->p2m.ram_pages; gfn++) {
        uint32_t expected = IS_FIRST | (uint32_t)gfn;
        uint32_t leaf = m->p2m.first_leaf[gfn];

        while (leaf != P2M_NO_LEAF && seen <= leaves) {
            uint64_t hpa = field_get(shadow_list_pte(m, leaf), PTE_PPN) << PAGE_SHIFT;

            if (m->link[leaf].prev != expected || hpa != m->p2m.frame[gfn])
                return false;
            seen++;
            expected = leaf;
            leaf = m->link[leaf].next;
        }
    }
    return seen == leaves;
}
