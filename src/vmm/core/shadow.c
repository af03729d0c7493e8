/* Shadow spaces: finding, filling, fencing, giving up. */
#include "vmm/core/shadow_page.h"

/* What one fill may need: a table a level and one page of list links. */
#define PAGES_FOR_A_FILL (WALK_MAX_LEVELS + 1)

uint8_t shadow_view(const struct csr_file *c)
{
    bool translates = field_get(c->satp, SATP_MODE) != SATP_BARE;
    unsigned fetch = c->priv;
    unsigned data = csr_data_priv(c);
    uint64_t view;

    /* Without translation, S and U differ in nothing that a page shows. */
    if (!translates && fetch == PRIV_U)
        fetch = PRIV_S;
    if (!translates && data == PRIV_U)
        data = PRIV_S;
    view = field_set(field_set(0, VIEW_FETCH, fetch), VIEW_DATA, data);
    if (translates && data == PRIV_S && (c->mstatus & MSTATUS_SUM))
        view |= VIEW_SUM;
    if (translates && data != PRIV_M && (c->mstatus & MSTATUS_MXR))
        view |= VIEW_MXR;
    return (uint8_t)view;
}

bool view_is_split(uint8_t view)
{
    return field_get(view, VIEW_FETCH) != field_get(view, VIEW_DATA);
}

/* satp as the view uses it: not at all if both sides are M-mode's. */
static uint64_t satp_key(uint64_t satp, uint8_t view)
{
    bool bare = field_get(view, VIEW_FETCH) == PRIV_M &&
                field_get(view, VIEW_DATA) == PRIV_M;

    return bare || field_get(satp, SATP_MODE) == SATP_BARE ? 0 : satp;
}

void shadow_init(struct shadow *s, uint8_t *pool, uint64_t pool_hpa,
                 struct shadow_page *pages, uint32_t count)
{
    s->pool = pool;
    s->pool_hpa = pool_hpa;
    s->page = pages;
    s->pages = s->free_pages = count;
    s->free_head = 0;
    s->tick = 0;
    for (uint32_t i = 0; i < count; i++)
        pages[i].next_free = i + 1 < count ? i + 1 : SHADOW_NO_PAGE;
    for (unsigned i = 0; i < SHADOW_SPACES; i++)
        s->space[i].live = false;
    for (unsigned i = 0; i < SHADOW_HINTS; i++)
        s->hint[i] = 0;
}

/* The host ASID of a space. */
static uint64_t asid_of(const struct monitor *m, unsigned space)
{
    return m->asid + space;
}

static void fence_all_harts(struct monitor *m, unsigned space,
                            const uint64_t *va)
{
    uint64_t asid = asid_of(m, space);

    for (unsigned h = 0; h < m->harts; h++)
        m->host->ops->fence(m->host, h, va, &asid);
}

static void clear_space(struct monitor *m, unsigned space)
{
    struct space *sp = &m->shadow.space[space];

    shadow_page_clear(m, sp->root, sp->levels - 1u, false);
    fence_all_harts(m, space, NULL);
}

static bool is_current(const struct monitor *m, unsigned space)
{
    for (unsigned h = 0; h < m->harts; h++)
        if (m->hart[h].space == space)
            return true;
    return false;
}

/* The live space longest unused among those a hart is in, or not in. */
static unsigned oldest(const struct monitor *m, bool current, unsigned except)
{
    const struct space *sp = m->shadow.space;
    unsigned best = SHADOW_SPACES;

    for (unsigned i = 0; i < SHADOW_SPACES; i++)
        if (sp[i].live && i != except && is_current(m, i) == current &&
            (best == SHADOW_SPACES || sp[i].used < sp[best].used))
            best = i;
    return best;
}

static void give_up(struct monitor *m, unsigned space)
{
    struct space *sp = &m->shadow.space[space];

    clear_space(m, space);
    shadow_page_free(&m->shadow, sp->root);
    sp->live = false;
    m->stats.spaces_reclaimed++;
}

/*
 * Makes room in the pool: first spaces that no hart is in, then what other
 * harts have filled, last what this space has: a fill after that succeeds, for
 * the pool is larger than the roots and one fill (SHADOW_MIN_PAGES).
 */
static void reclaim(struct monitor *m, unsigned need, unsigned space)
{
    while (m->shadow.free_pages < need) {
        unsigned victim = oldest(m, false, space);

        if (victim != SHADOW_SPACES) {
            give_up(m, victim);
            continue;
        }
        for (unsigned h = 0; h < m->harts; h++)
            if (m->hart[h].space != space &&
                m->hart[h].space != SHADOW_SPACES)
                clear_space(m, m->hart[h].space);
        if (m->shadow.free_pages < need && space != SHADOW_SPACES)
            clear_space(m, space);
        return;
    }
}

static bool is_space(const struct space *sp, uint64_t satp, uint8_t view,
                     uint8_t group)
{
    return sp->live && sp->satp == satp && sp->view == view &&
           sp->group == group;
}

static unsigned find(const struct shadow *s, uint64_t satp, uint8_t view,
                     uint8_t group)
{
    unsigned i = 0;

    while (i < SHADOW_SPACES && !is_space(&s->space[i], satp, view, group))
        i++;
    return i;
}

static unsigned free_space(struct monitor *m)
{
    unsigned i;

    for (i = 0; i < SHADOW_SPACES; i++)
        if (!m->shadow.space[i].live)
            return i;
    i = oldest(m, false, SHADOW_SPACES);
    give_up(m, i);
    return i;
}

static unsigned make_space(struct monitor *m, uint64_t satp, uint8_t view,
                           uint8_t group)
{
    struct shadow *s = &m->shadow;
    unsigned i = free_space(m);
    struct space *sp = &s->space[i];
    unsigned levels = satp_levels(field_get(satp, SATP_MODE));

    reclaim(m, 1, SHADOW_SPACES);
    sp->levels = levels ? (uint8_t)levels : 3;
    sp->root = shadow_page_new(s, sp->levels - 1u);
    sp->satp = satp;
    sp->view = view;
    sp->group = group;
    sp->live = true;
    m->stats.spaces_made++;
    return i;
}

unsigned shadow_enter(struct monitor *m, unsigned hart, uint64_t satp,
                      uint8_t view)
{
    uint64_t key = satp_key(satp, view);
    uint8_t group = m->hart[hart].group;
    uint8_t *hint = &m->shadow.hint[(key ^ key >> 44 ^ view) % SHADOW_HINTS];
    unsigned i = *hint;

    if (!is_space(&m->shadow.space[i], key, view, group))
        i = find(&m->shadow, key, view, group);
    if (i == SHADOW_SPACES)
        i = make_space(m, key, view, group);
    *hint = (uint8_t)i;
    m->shadow.space[i].used = ++m->shadow.tick;
    return i;
}

uint64_t shadow_satp(const struct monitor *m, unsigned space)
{
    const struct space *sp = &m->shadow.space[space];
    uint64_t root = m->shadow.pool_hpa + sp->root * PAGE_SIZE;
    uint64_t satp = field_set(0, SATP_MODE, sp->levels + 5u);

    satp = field_set(satp, SATP_ASID, asid_of(m, space));
    return field_set(satp, SATP_PPN, root >> PAGE_SHIFT);
}

/* The level-0 table that has va's leaf, or SHADOW_NO_PAGE. */
static uint32_t leaf_table(const struct shadow *s, const struct space *sp,
                           uint64_t va)
{
    uint32_t page = sp->root;

    for (unsigned level = sp->levels - 1u; level > 0; level--) {
        uint64_t pte = shadow_table(s, page)[pte_index(va, level)];

        if (!(pte & PTE_V))
            return SHADOW_NO_PAGE;
        page = shadow_child(s, pte);
    }
    return page;
}

uint64_t shadow_leaf(const struct monitor *m, unsigned space, uint64_t va)
{
    const struct shadow *s = &m->shadow;
    uint32_t page = leaf_table(s, &s->space[space], va);

    return page == SHADOW_NO_PAGE ? 0 : shadow_table(s, page)[pte_index(va, 0)];
}

/* As leaf_table, making what is missing and marking the table that a guest
   superpage fills. */
static uint32_t make_leaf_table(struct shadow *s, const struct space *sp,
                                const struct shadow_map *p)
{
    uint32_t page = sp->root;

    for (unsigned level = sp->levels - 1u; level > 0; level--) {
        uint64_t *pte = &shadow_table(s, page)[pte_index(p->va, level)];

        if (!(*pte & PTE_V))
            *pte = shadow_pointer(s, shadow_page_new(s, level - 1));
        page = shadow_child(s, *pte);
        if (p->guest_size == level_size(level))
            s->page[page].has_superpage = true;
    }
    return page;
}

static uint64_t leaf_pte(const struct shadow_map *p)
{
    uint64_t pte = PTE_V | PTE_U | PTE_A | PTE_D;

    if (p->rights & ACCESS_LOAD)
        pte |= PTE_R;
    if (p->rights & ACCESS_STORE)
        pte |= PTE_W;
    if (p->rights & ACCESS_FETCH)
        pte |= PTE_X;
    if (p->global)
        pte |= LEAF_GLOBAL;
    if (p->guest_size == PAGE_SIZE * 16)
        pte |= LEAF_NAPOT;
    return field_set(pte, PTE_PPN, p->hpa >> PAGE_SHIFT);
}

void shadow_map(struct monitor *m, unsigned space, const struct shadow_map *p)
{
    struct shadow *s = &m->shadow;
    struct space *sp = &s->space[space];
    unsigned slot = pte_index(p->va, 0);
    uint32_t page;

    reclaim(m, PAGES_FOR_A_FILL, space);
    page = make_leaf_table(s, sp, p);
    if (shadow_table(s, page)[slot] & PTE_V) {
        shadow_leaf_drop(m, page, slot);
        fence_all_harts(m, space, &p->va);
    }
    shadow_leaf_set(m, page, slot, leaf_pte(p), p->gpa);
    m->stats.fills++;
}

void shadow_unmap(struct monitor *m, uint64_t hpa)
{
    uint64_t gpa, gfn;

    if (!p2m_reverse(&m->p2m, hpa, &gpa)) { /* ROM is on no list */
        shadow_drop_all(m);
        return;
    }
    gfn = (gpa - m->p2m.ram_gpa) >> PAGE_SHIFT;
    while (m->p2m.first_leaf[gfn] != P2M_NO_LEAF) {
        uint32_t leaf = m->p2m.first_leaf[gfn];

        shadow_leaf_drop(m, leaf / PTES_PER_PAGE, leaf % PTES_PER_PAGE);
    }
    for (unsigned h = 0; h < m->harts; h++)
        m->host->ops->fence(m->host, h, NULL, NULL);
}

void shadow_forget(struct monitor *m, unsigned space, uint64_t va)
{
    struct shadow *s = &m->shadow;
    uint32_t page = leaf_table(s, &s->space[space], va);
    unsigned slot = pte_index(va, 0);

    if (page == SHADOW_NO_PAGE || !(shadow_table(s, page)[slot] & PTE_V))
        return;
    shadow_leaf_drop(m, page, slot);
    fence_all_harts(m, space, &va);
}

/* Drops va's leaf, and with it the other fragments of its 64 KiB page. */
static void fence_leaf(struct monitor *m, uint32_t page, uint64_t va,
                       bool keep_global)
{
    uint64_t *table = shadow_table(&m->shadow, page);
    unsigned slot = pte_index(va, 0);
    unsigned first = slot & ~15u;

    for (unsigned i = first; i < first + 16; i++)
        if ((table[i] & PTE_V) && (i == slot || (table[i] & LEAF_NAPOT)) &&
            !(keep_global && (table[i] & LEAF_GLOBAL)))
            shadow_leaf_drop(m, page, i);
}

/*
 * One address: its leaf; or, where a guest superpage was mapped piecemeal, all
 * the pieces, for the guest's fence covers its one leaf PTE. Returns whether
 * tables were given back.
 */
static bool fence_address(struct monitor *m, struct space *sp, uint64_t va,
                          bool keep_global)
{
    struct shadow *s = &m->shadow;
    uint32_t page = sp->root;

    for (unsigned level = sp->levels - 1u;; level--) {
        uint64_t pte = shadow_table(s, page)[pte_index(va, level)];

        if (s->page[page].has_superpage)
            return shadow_page_clear(m, page, level, keep_global);
        if (level == 0)
            break;
        if (!(pte & PTE_V))
            return false;
        page = shadow_child(s, pte);
    }
    fence_leaf(m, page, va, keep_global);
    return false;
}

/*
 * Whatever is dropped is fenced on all the host's harts, so that none of them
 * knows a translation that the shadow has not: where nothing is dropped there
 * is nothing to fence.
 */
static void fence_space(struct monitor *m, unsigned space, const uint64_t *va,
                        bool keep_global)
{
    struct space *sp = &m->shadow.space[space];
    uint64_t dropped = m->stats.leaves_dropped;
    bool there = va && (shadow_leaf(m, space, *va) & PTE_V);
    bool freed;

    if (va)
        freed = fence_address(m, sp, *va, keep_global);
    else
        freed = shadow_page_clear(m, sp->root, sp->levels - 1u, keep_global);
    dropped = m->stats.leaves_dropped - dropped;
    /* One leaf may be another fragment of va's superpage than va's own. */
    if (freed || dropped > 0)
        fence_all_harts(m, space, there && !freed && dropped == 1 ? va : NULL);
}

void shadow_fence(struct monitor *m, const uint64_t *va, const uint64_t *asid)
{
    m->stats.fences++;
    for (unsigned i = 0; i < SHADOW_SPACES; i++) {
        const struct space *sp = &m->shadow.space[i];

        if (!sp->live || sp->satp == 0)
            continue;
        if (asid && field_get(sp->satp, SATP_ASID) != *asid)
            continue;
        if (va && !walk_canonical(*va, field_get(sp->satp, SATP_MODE)))
            continue;
        fence_space(m, i, va, asid != NULL);
    }
}

void shadow_drop_all(struct monitor *m)
{
    for (unsigned i = 0; i < SHADOW_SPACES; i++)
        if (m->shadow.space[i].live)
            clear_space(m, i);
}
