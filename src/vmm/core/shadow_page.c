/* The pool of shadow tables, and the reverse map's lists of leaves. */
#include "vmm/core/shadow_page.h"

/*
 * A leaf's place on the list of the guest page it maps. The first one's `prev`
 * is that page's number with IS_FIRST; a leaf of ROM is on no list.
 */
struct link {
    uint32_t next, prev;
};

#define IS_FIRST UINT32_C(0x80000000)

static struct link *link_of(const struct shadow *s, uint32_t leaf)
{
    uint32_t links = s->page[leaf / PTES_PER_PAGE].links;

    return (struct link *)(void *)shadow_table(s, links) +
           leaf % PTES_PER_PAGE;
}

static uint32_t take_page(struct shadow *s)
{
    uint32_t page = s->free_head;
    uint64_t *table = shadow_table(s, page);

    s->free_head = s->page[page].next_free;
    s->free_pages--;
    s->page[page].links = SHADOW_NO_PAGE;
    s->page[page].has_superpage = false;
    for (unsigned i = 0; i < PTES_PER_PAGE; i++)
        table[i] = 0;
    return page;
}

uint32_t shadow_page_new(struct shadow *s, unsigned level)
{
    uint32_t page = take_page(s);

    if (level == 0)
        s->page[page].links = take_page(s);
    return page;
}

static void give_page(struct shadow *s, uint32_t page)
{
    s->page[page].next_free = s->free_head;
    s->free_head = page;
    s->free_pages++;
}

void shadow_page_free(struct shadow *s, uint32_t page)
{
    if (s->page[page].links != SHADOW_NO_PAGE)
        give_page(s, s->page[page].links);
    give_page(s, page);
}

void shadow_leaf_set(struct monitor *m, uint32_t page, unsigned slot,
                     uint64_t pte, uint64_t gpa)
{
    struct shadow *s = &m->shadow;
    uint32_t leaf = page * PTES_PER_PAGE + slot;
    uint64_t gfn = (gpa - m->p2m.ram_gpa) >> PAGE_SHIFT;
    struct link *l = link_of(s, leaf);

    shadow_table(s, page)[slot] = pte;
    l->next = l->prev = P2M_NO_LEAF;
    if (gpa < m->p2m.ram_gpa || gfn >= m->p2m.ram_pages)
        return;
    l->next = m->p2m.first_leaf[gfn];
    l->prev = IS_FIRST | (uint32_t)gfn;
    if (l->next != P2M_NO_LEAF)
        link_of(s, l->next)->prev = leaf;
    m->p2m.first_leaf[gfn] = leaf;
}

void shadow_leaf_drop(struct monitor *m, uint32_t page, unsigned slot)
{
    struct shadow *s = &m->shadow;
    struct link *l = link_of(s, page * PTES_PER_PAGE + slot);

    shadow_table(s, page)[slot] = 0;
    m->stats.leaves_dropped++;
    if (l->prev == P2M_NO_LEAF)
        return;
    if (l->next != P2M_NO_LEAF)
        link_of(s, l->next)->prev = l->prev;
    if (l->prev & IS_FIRST)
        m->p2m.first_leaf[l->prev & ~IS_FIRST] = l->next;
    else
        link_of(s, l->prev)->next = l->next;
}

static void clear_leaves(struct monitor *m, uint32_t page, bool keep_global)
{
    uint64_t *table = shadow_table(&m->shadow, page);

    for (unsigned i = 0; i < PTES_PER_PAGE; i++)
        if ((table[i] & PTE_V) && !(keep_global && (table[i] & LEAF_GLOBAL)))
            shadow_leaf_drop(m, page, i);
}

bool shadow_page_clear(struct monitor *m, uint32_t page, unsigned level,
                       bool keep_global)
{
    struct shadow *s = &m->shadow;
    uint64_t *table = shadow_table(s, page);
    bool freed = false;

    if (!keep_global)
        s->page[page].has_superpage = false;
    if (level == 0) {
        clear_leaves(m, page, keep_global);
        return false;
    }
    for (unsigned i = 0; i < PTES_PER_PAGE; i++) {
        uint32_t child;

        if (!(table[i] & PTE_V))
            continue;
        child = shadow_child(s, table[i]);
        freed |= shadow_page_clear(m, child, level - 1, keep_global);
        if (keep_global)
            continue;
        shadow_page_free(s, child);
        table[i] = 0;
        freed = true;
    }
    return freed;
}

bool shadow_lists_sound(const struct monitor *m, uint64_t leaves)
{
    const struct shadow *s = &m->shadow;
    uint64_t seen = 0;

    for (uint64_t gfn = 0; gfn < m->p2m.ram_pages; gfn++) {
        uint32_t expected = IS_FIRST | (uint32_t)gfn;
        uint32_t leaf = m->p2m.first_leaf[gfn];

        while (leaf != P2M_NO_LEAF && seen <= leaves) {
            uint64_t pte = shadow_table(s, leaf / PTES_PER_PAGE)
                [leaf % PTES_PER_PAGE];

            if (link_of(s, leaf)->prev != expected ||
                field_get(pte, PTE_PPN) << PAGE_SHIFT != m->p2m.frame[gfn])
                return false;
            seen++;
            expected = leaf;
            leaf = link_of(s, leaf)->next;
        }
    }
    return seen == leaves;
}
