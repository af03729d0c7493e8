/* Reading the three tables; page_tables_text.c writes them. */
#include "debug/page_tables.h"

#include <string.h>

#include "vmm/core/shadow.h"

struct reader {
    const struct page_tables *t;
    bool fold;
    page_tables_each *each;
    void *context;
    struct page_tables_row held; /* a row that others may still join */
    bool holds;
    uint64_t left; /* PTEs that may still be looked at */
};

/* ---- memory ---- */

/* A look has no effects: only RAM is read. */
static bool pte_read(void *context, uint64_t pa, uint64_t *pte)
{
    struct vm *vm = context;
    const void *p = monitor_ram(&vm->monitor, pa, sizeof *pte, false);

    if (p)
        memcpy(pte, p, sizeof *pte);
    return p != NULL;
}

static bool pte_update(void *context, uint64_t pa, uint64_t expected,
                       uint64_t desired)
{
    (void)context, (void)pa, (void)expected, (void)desired;
    return false;
}

/* ---- is a shadow leaf stale? ---- */

static unsigned rights_of(uint64_t leaf)
{
    return (leaf & PTE_R ? (unsigned)ACCESS_LOAD : 0) |
           (leaf & PTE_W ? (unsigned)ACCESS_STORE : 0) |
           (leaf & PTE_X ? (unsigned)ACCESS_FETCH : 0);
}

/* What the guest's table now gives mode `priv` at va on the page at `hpa`. */
static unsigned rights_now(const struct page_tables *t,
                           const struct csr_file *c, enum priv priv,
                           uint64_t va, uint64_t hpa)
{
    const struct walk_memory mem = { t->vm, pte_read, pte_update };
    const struct walk_request q = { .csr = c,
                                    .priv = priv,
                                    .va = va,
                                    .access = ACCESS_LOAD,
                                    .any_access = true };
    struct walk_result r;
    uint64_t page;
    bool writable;

    walk(&q, &mem, &r);
    if (!r.ok || !p2m_lookup(&t->vm->monitor.p2m, r.pa, &page, &writable) ||
        page != hpa)
        return 0;
    return r.rights;
}

static bool is_stale(const struct page_tables *t, uint8_t view, uint64_t va,
                     uint64_t leaf)
{
    const uint64_t sum_mxr = MSTATUS_SUM | MSTATUS_MXR;
    uint64_t hpa = field_get(leaf, PTE_PPN) << PAGE_SHIFT;
    struct csr_file c = t->csr;
    unsigned code, data;

    if (t->levels == 0)
        c.satp = 0;
    c.mstatus = (c.mstatus & ~sum_mxr) | (view & VIEW_SUM ? MSTATUS_SUM : 0) |
                (view & VIEW_MXR ? MSTATUS_MXR : 0);
    code = rights_now(t, &c, (enum priv)field_get(view, VIEW_FETCH), va, hpa);
    data = rights_now(t, &c, (enum priv)field_get(view, VIEW_DATA), va, hpa);
    code &= ACCESS_FETCH;
    data &= ACCESS_LOAD | ACCESS_STORE;
    return (rights_of(leaf) & ~(code | data)) != 0;
}

/* ---- the columns of a row ---- */

static unsigned levels_of(const struct page_tables *t, unsigned space)
{
    return shadow_space(&t->vm->monitor, t->hart, t->space[space].index)
        ->levels;
}

/* Sees the leaves of va to va + size below a shadow table, which begins at
   `base`; addresses have only as many bits as are translated. */
static void scan_table(const struct page_tables *t, unsigned space,
                       uint32_t page, unsigned level, uint64_t base,
                       struct page_tables_row *r)
{
    const struct page_tables_space *sp = &t->space[space];
    const struct translations *kept =
        &shadow_of(&t->vm->monitor, t->hart, sp->index)->kept;
    struct page_tables_shadow *found = &r->shadow[space];
    uint64_t mask = MASK(PAGE_SHIFT + 9 * levels_of(t, space) - 1, 0);
    uint64_t low = r->va & mask, high = low + r->size - 1;
    uint64_t each = level_size(level);
    uint64_t first = low > base ? (low - base) / each : 0;
    uint64_t last = (high - base) / each;

    for (uint64_t i = first; i <= last && i < PTES_PER_PAGE; i++) {
        uint64_t pte = translations_table(kept, page)[i];
        uint64_t va = base + i * each;

        if (!(pte & PTE_V))
            continue;
        if (level > 0) {
            scan_table(t, space, translations_child(kept, pte), level - 1, va,
                       r);
            continue;
        }
        if (found->leaves++ == 0) {
            found->hpa = field_get(pte, PTE_PPN) << PAGE_SHIFT;
            found->rights = rights_of(pte);
        }
        found->stale += is_stale(t, sp->view, r->va - low + va, pte);
    }
}

static bool scan_shadow(const struct page_tables *t, struct page_tables_row *r)
{
    bool any = false;

    for (unsigned k = 0; k < t->spaces; k++) {
        const struct space *sp =
            shadow_space(&t->vm->monitor, t->hart, t->space[k].index);

        r->shadow[k] = (struct page_tables_shadow){ 0 };
        scan_table(t, k, sp->root, sp->levels - 1u, 0, r);
        any = any || r->shadow[k].leaves > 0;
    }
    return any;
}

/* Pages of [pa, pa + size) that are guest RAM, or ROM. */
static void scan_p2m(const struct page_tables *t, struct page_tables_row *r)
{
    const struct p2m *p = &t->vm->monitor.p2m;
    const uint64_t base[2] = { p->ram_gpa, p->rom_gpa };
    const uint64_t pages[2] = { p->ram_pages, p->rom_pages };
    uint64_t end = r->pa + r->size, next = 0;

    for (unsigned k = 0; k < 2; k++) {
        uint64_t stop = base[k] + pages[k] * PAGE_SIZE;
        uint64_t pa = r->pa > base[k] ? r->pa : base[k];

        for (; pa < end && pa < stop; pa += PAGE_SIZE) {
            uint64_t hpa = 0;
            bool writable;

            p2m_lookup(p, pa, &hpa, &writable);
            if (r->backed++ == 0)
                r->hpa = hpa;
            else if (hpa != next)
                r->scattered = true;
            next = hpa + PAGE_SIZE;
        }
    }
}

/* ---- folding ---- */

static bool column_goes_on(const struct page_tables_shadow *a, uint64_t a_size,
                           const struct page_tables_shadow *b, uint64_t b_size)
{
    if (a->leaves == 0 || b->leaves == 0)
        return a->leaves == b->leaves;
    return a->leaves == a_size / PAGE_SIZE && b->leaves == b_size / PAGE_SIZE &&
           a->rights == b->rights && b->hpa == a->hpa + a_size &&
           a->stale == (b->stale ? a->leaves : 0) &&
           (b->stale == 0 || b->stale == b->leaves);
}

/* Does `b` look like more of `a`? */
static bool goes_on(const struct page_tables *t,
                    const struct page_tables_row *a,
                    const struct page_tables_row *b)
{
    if (a->kind != b->kind || a->kind == ROW_POINTER || a->depth != b->depth ||
        (a->kind != ROW_BARE && b->first != a->last + 1) ||
        b->va != a->va + a->size ||
        (a->pte & ~PTE_PPN) != (b->pte & ~PTE_PPN) ||
        (a->kind == ROW_LEAF && b->pa != a->pa + a->size) || a->scattered ||
        b->scattered)
        return false;
    if (a->backed != (b->backed ? a->size / PAGE_SIZE : 0) ||
        (b->backed && b->backed != b->size / PAGE_SIZE) ||
        (b->backed && b->hpa != a->hpa + a->size))
        return false;
    for (unsigned k = 0; k < t->spaces; k++)
        if (!column_goes_on(&a->shadow[k], a->size, &b->shadow[k], b->size))
            return false;
    return true;
}

static void flush(struct reader *r)
{
    if (r->holds)
        r->each(r->context, &r->held);
    r->holds = false;
}

static void put(struct reader *r, const struct page_tables_row *row)
{
    struct page_tables_row *h = &r->held;

    if (!r->fold || !r->holds || !goes_on(r->t, h, row)) {
        flush(r);
        *h = *row;
        r->holds = true;
        return;
    }
    h->last = row->last;
    h->size += row->size;
    h->backed += row->backed;
    for (unsigned k = 0; k < r->t->spaces; k++) {
        h->shadow[k].leaves += row->shadow[k].leaves;
        h->shadow[k].stale += row->shadow[k].stale;
    }
}

/* ---- the tables ---- */

/* The row of the PTE at index `i`; false: there is nothing to say of it. */
static bool make_row(const struct page_tables *t, unsigned level, unsigned i,
                     uint64_t va, uint64_t pte, struct page_tables_row *row)
{
    *row = (struct page_tables_row){
        .kind = !(pte & PTE_V)                  ? ROW_INVALID
                : pte & (PTE_R | PTE_W | PTE_X) ? ROW_LEAF
                                                : ROW_POINTER,
        .depth = (uint8_t)(t->levels - 1 - level),
        .first = i,
        .last = i,
        .va = va,
        .size = level_size(level),
        .pte = pte,
        .pa = field_get(pte, PTE_PPN) << PAGE_SHIFT,
    };
    if (row->kind == ROW_POINTER && level == 0)
        row->kind = ROW_INVALID;
    if (row->kind == ROW_POINTER)
        return true;
    if (row->kind == ROW_LEAF)
        scan_p2m(t, row);
    return scan_shadow(t, row) || row->kind == ROW_LEAF;
}

static void read_table(struct reader *r, uint64_t table, unsigned level,
                       uint64_t base)
{
    const struct page_tables *t = r->t;

    for (unsigned i = 0; i < PTES_PER_PAGE && r->left > 0; i++) {
        uint64_t va = base + i * level_size(level), pte;
        struct page_tables_row row;

        if (level + 1 == t->levels)
            va = (uint64_t)sign_extend(va, PAGE_SHIFT + 9 * t->levels);
        r->left--;
        if (!pte_read(t->vm, table + 8 * i, &pte))
            return;
        if (!make_row(t, level, i, va, pte, &row))
            continue;
        put(r, &row);
        if (row.kind == ROW_POINTER)
            read_table(r, row.pa, level - 1, va);
    }
}

/* Pages of one range of guest memory that any bare view maps. */
static void read_bare(struct reader *r, uint64_t gpa, uint64_t pages)
{
    for (uint64_t k = 0; k < pages; k++) {
        struct page_tables_row row = {
            .kind = ROW_BARE,
            .va = gpa + k * PAGE_SIZE,
            .size = PAGE_SIZE,
            .pa = gpa + k * PAGE_SIZE,
        };

        if (!scan_shadow(r->t, &row))
            continue;
        scan_p2m(r->t, &row);
        put(r, &row);
    }
}

static void choose_spaces(struct page_tables *t, uint64_t satp)
{
    uint64_t now;
    uint8_t view = translation_view(&t->csr, &now);

    for (unsigned i = 0; i < SHADOW_SPACES; i++) {
        const struct space *sp = shadow_space(&t->vm->monitor, t->hart, i);

        if (!sp->live || sp->satp != satp)
            continue;
        if (t->spaces == PAGE_TABLES_SPACES) {
            t->more++;
            continue;
        }
        t->space[t->spaces++] = (struct page_tables_space){
            .index = i,
            .view = sp->view,
            .current = sp->view == view && sp->satp == now,
        };
    }
}

void page_tables_open(struct page_tables *t, struct vm *vm, unsigned hart,
                      bool bare)
{
    uint64_t satp = vm->monitor.hart[hart].csr.satp;

    *t = (struct page_tables){ .vm = vm,
                               .hart = hart,
                               .csr = vm->monitor.hart[hart].csr };
    if (!bare) {
        t->levels = satp_levels(field_get(satp, SATP_MODE));
        t->root = field_get(satp, SATP_PPN) << PAGE_SHIFT;
    }
    choose_spaces(t, bare ? 0 : satp);
}

bool page_tables_read(const struct page_tables *t, bool fold,
                      page_tables_each *each, void *context)
{
    const struct p2m *p = &t->vm->monitor.p2m;
    struct reader r = { .t = t,
                        .fold = fold,
                        .each = each,
                        .context = context,
                        .left = PAGE_TABLES_LIMIT };

    if (t->levels > 0) {
        read_table(&r, t->root, t->levels - 1, 0);
    } else {
        read_bare(&r, p->rom_gpa, p->rom_pages);
        read_bare(&r, p->ram_gpa, p->ram_pages);
    }
    flush(&r);
    return r.left > 0;
}
