#include "check/legality.h"

#include "mmu/walk.h"
#include "vmm/core/shadow.h"

/* One leaf, and whose and where it is. */
struct leaf {
    const struct ownership *o;
    unsigned vm, hart, space;
    uint64_t va, pte;
    bool fresh; /* the guest's tables must give it now */
};

static unsigned rights_of(uint64_t pte)
{
    return (pte & PTE_R ? ACCESS_LOAD : 0u) |
           (pte & PTE_W ? ACCESS_STORE : 0u) |
           (pte & PTE_X ? ACCESS_FETCH : 0u);
}

static bool pte_read(void *context, uint64_t gpa, uint64_t *pte)
{
    struct vm *vm = context;
    const uint64_t *p = vm->machine.ops->ram(&vm->machine, gpa, 8, false);

    if (p)
        *pte = *p;
    return p != NULL;
}

static const struct space *space_of(const struct leaf *l)
{
    return shadow_space(&l->o->vm[l->vm]->monitor, l->hart, l->space);
}

/* The rules that hold in the space: its satp, SUM, MXR and its hart's PMP. */
static struct csr_file rules_of(const struct leaf *l)
{
    const struct space *sp = space_of(l);
    struct csr_file c = l->o->vm[l->vm]->monitor.hart[l->hart].csr;

    c.satp = sp->satp;
    c.mstatus &= ~(MSTATUS_SUM | MSTATUS_MXR);
    if (sp->view & VIEW_SUM)
        c.mstatus |= MSTATUS_SUM;
    if (sp->view & VIEW_MXR)
        c.mstatus |= MSTATUS_MXR;
    return c;
}

static bool wrong(const struct leaf *l, const char *what, struct finding *f)
{
    return finding_note(f, what, l->vm, l->va, l->pte);
}

/* The guest-physical page behind the leaf. */
static uint64_t gpa_of(const struct leaf *l, bool *rom)
{
    uint64_t hpa = field_get(l->pte, PTE_PPN) << PAGE_SHIFT;
    const struct page_owner *p = ownership_of(l->o, hpa);
    const struct p2m *p2m = &l->o->vm[l->vm]->monitor.p2m;

    *rom = p && p->kind == OWNER_ROM;
    if (*rom)
        return p2m->rom_gpa + (hpa - p2m->rom_hpa);
    return p ? p2m->ram_gpa + ((uint64_t)p->gfn << PAGE_SHIFT) : 0;
}

/* The guest's own tables, for the accesses of one mode. */
static bool check_tables(const struct leaf *l, const struct csr_file *c,
                         enum priv priv, unsigned rights, struct finding *f)
{
    struct vm *vm = l->o->vm[l->vm];
    const struct walk_memory mem = { vm, pte_read, NULL };
    struct walk_request q = { .csr = c,
                              .priv = priv,
                              .any_access = true,
                              .access = ACCESS_LOAD,
                              .va = l->va };
    struct walk_result r;
    bool rom, bare = priv == PRIV_M || c->satp == 0;
    uint64_t gpa = gpa_of(l, &rom);

    if (!bare && !l->fresh)
        return true;
    walk(&q, &mem, &r);
    if (!r.ok || (r.pa & ~PAGE_MASK) != gpa)
        return wrong(l,
                     "a shadow leaf leads elsewhere than the guest's "
                     "tables",
                     f);
    return !(rights & ~r.rights) ||
           wrong(l, "a shadow leaf gives more rights than the guest's tables",
                 f);
}

/* A host hart's PMP. */
static struct csr_file host_pmp(const struct ownership *o, unsigned hart)
{
    struct csr_file c = { .isa = o->host->isa };

    for (unsigned n = 0; n < PMP_ENTRIES; n++) {
        uint64_t cfg = 0;

        o->host->ops->csr_get(o->host, hart, CSR_pmpcfg0 + n / 8 * 2, &cfg);
        c.pmpcfg[n] = (uint8_t)(cfg >> (n % 8 * 8));
        o->host->ops->csr_get(o->host, hart, CSR_pmpaddr0 + n, &c.pmpaddr[n]);
    }
    return c;
}

/* Where the guest's PMP forbids part of a page of code, the host's does too. */
static bool check_window(const struct leaf *l, const struct csr_file *c,
                         enum priv priv, uint64_t gpa, struct finding *f)
{
    uint64_t hpa = field_get(l->pte, PTE_PPN) << PAGE_SHIFT;
    const struct vm *vm = l->o->vm[l->vm];
    struct csr_file host = host_pmp(l->o, l->hart);

    if (vm->siblings && vm->siblings->current != vm)
        return true;
    for (uint64_t at = 0; at < PAGE_SIZE; at += 4)
        if (pmp_permits(&host, PRIV_U, hpa + at, 4, ACCESS_FETCH) &&
            !pmp_permits(c, priv, gpa + at, 4, ACCESS_FETCH))
            return wrong(l,
                         "the host's PMP lets code run where the guest's "
                         "forbids it",
                         f);
    return true;
}

static bool check_pmp(const struct leaf *l, const struct csr_file *c,
                      enum priv priv, unsigned rights, struct finding *f)
{
    bool rom;
    uint64_t gpa = gpa_of(l, &rom);
    unsigned allowed;

    if (pmp_page_rights(c, priv, gpa, &allowed))
        return !(rights & ~allowed) ||
               wrong(l, "a shadow leaf gives more rights than PMP", f);
    if (rights & ~(unsigned)ACCESS_FETCH)
        return wrong(l, "a page that PMP divides is mapped for data", f);
    return check_window(l, c, priv, gpa, f);
}

static bool check_leaf(const struct leaf *l, const struct csr_file *c,
                       struct finding *f)
{
    uint8_t view = space_of(l)->view;
    unsigned rights = rights_of(l->pte);
    unsigned fetch = rights & ACCESS_FETCH, data = rights & ~fetch;
    enum priv fetcher = (enum priv)field_get(view, VIEW_FETCH);
    enum priv loader = (enum priv)field_get(view, VIEW_DATA);

    return (!fetch || (check_tables(l, c, fetcher, fetch, f) &&
                       check_pmp(l, c, fetcher, fetch, f))) &&
           (!data || (check_tables(l, c, loader, data, f) &&
                      check_pmp(l, c, loader, data, f)));
}

/* ---- which leaves ---- */

static const uint64_t *table_at(const struct ownership *o, uint64_t pa)
{
    return o->host->ops->ram(o->host, pa, PAGE_SIZE, false);
}

/* Those under one table; `keep_global`: not the global ones. */
static bool check_below(struct leaf *l, const struct csr_file *c, uint64_t pa,
                        unsigned level, uint64_t va, bool keep_global,
                        struct finding *f)
{
    const uint64_t *table = table_at(l->o, pa);

    for (unsigned slot = 0; slot < PTES_PER_PAGE; slot++) {
        uint64_t at = va | (uint64_t)slot << (PAGE_SHIFT + 9 * level);
        uint64_t pte = table[slot];

        if (!(pte & PTE_V) || (!level && keep_global && (pte & LEAF_GLOBAL)))
            continue;
        l->pte = pte;
        l->va = (uint64_t)sign_extend(
            at, space_of(l)->levels * 9u + PAGE_SHIFT);
        if (level ? !check_below(l, c, field_get(pte, PTE_PPN) << PAGE_SHIFT,
                                 level - 1, at, keep_global, f)
                  : !check_leaf(l, c, f))
            return false;
    }
    return true;
}

static bool check_space(struct leaf *l, bool keep_global, struct finding *f)
{
    const struct monitor *m = &l->o->vm[l->vm]->monitor;
    const struct space *sp = space_of(l);
    struct csr_file c = rules_of(l);
    uint64_t root = field_get(shadow_satp(m, l->hart, l->space), SATP_PPN);

    return check_below(l, &c, root << PAGE_SHIFT, sp->levels - 1u, 0,
                       keep_global, f);
}

/* The leaf of `va` in one space, if it is valid. */
static bool check_address(struct leaf *l, uint64_t va, bool keep_global,
                          struct finding *f)
{
    const struct monitor *m = &l->o->vm[l->vm]->monitor;
    struct csr_file c = rules_of(l);

    l->va = va & ~PAGE_MASK;
    l->pte = shadow_leaf(m, l->hart, l->space, va);
    if (!(l->pte & PTE_V) || (keep_global && (l->pte & LEAF_GLOBAL)))
        return true;
    return check_leaf(l, &c, f);
}

/* The level-0 table for va in the space, host-physical; 0: there is none. */
static uint64_t leaf_table(const struct leaf *l, uint64_t va)
{
    const struct monitor *m = &l->o->vm[l->vm]->monitor;
    uint64_t pa = field_get(shadow_satp(m, l->hart, l->space), SATP_PPN)
                  << PAGE_SHIFT;

    for (unsigned level = space_of(l)->levels - 1u; level > 0; level--) {
        uint64_t pte = table_at(l->o, pa)[pte_index(va, level)];

        if (!(pte & PTE_V))
            return 0;
        pa = field_get(pte, PTE_PPN) << PAGE_SHIFT;
    }
    return pa;
}

/* Where it is noted how much the guest's leaf behind a shadow leaf maps. */
static uint8_t *span_of(const struct leaf *l, uint64_t table, unsigned slot)
{
    uint64_t page = (table - BOARD_RAM_BASE) >> PAGE_SHIFT;

    return &l->o->span[page * PTES_PER_PAGE + slot];
}

static void note_span(const struct leaf *l, const struct csr_file *c,
                      uint64_t va)
{
    struct vm *vm = l->o->vm[l->vm];
    const struct walk_memory mem = { vm, pte_read, NULL };
    struct walk_request q = { .csr = c,
                              .priv = PRIV_S,
                              .any_access = true,
                              .access = ACCESS_LOAD,
                              .va = va };
    struct walk_result r;
    uint64_t table = leaf_table(l, va);
    uint8_t bits = PAGE_SHIFT;

    if (!table)
        return;
    walk(&q, &mem, &r);
    while (r.ok && !r.bare && bits < 63 && BIT(bits) < r.size)
        bits++;
    *span_of(l, table, pte_index(va, 0)) = bits;
}

/* A fence on va covers the whole translation that its leaf gave: its other
   fragments too, of which those in the same table are looked at. */
static bool check_fragments(struct leaf *l, uint64_t va, bool keep_global,
                            struct finding *f)
{
    uint64_t table = leaf_table(l, va);
    uint64_t first = va & ~(level_size(1) - 1);

    for (unsigned slot = 0; table && slot < PTES_PER_PAGE; slot++) {
        uint64_t at = first + slot * PAGE_SIZE;

        if ((table_at(l->o, table)[slot] & PTE_V) &&
            (at ^ va) >> *span_of(l, table, slot) == 0 &&
            !check_address(l, at, keep_global, f))
            return false;
    }
    return true;
}

bool legality_of_fill(const struct ownership *o, unsigned i, unsigned hart,
                      uint64_t va, struct finding *f)
{
    const struct monitor *m = &o->vm[i]->monitor;
    struct leaf l = { .o = o,
                      .vm = i,
                      .hart = hart,
                      .space = m->hart[hart].space,
                      .fresh = true };
    const struct space *sp = space_of(&l);
    struct csr_file rules;
    uint64_t satp;

    if (sp->view != translation_view(&m->hart[hart].csr, &satp) ||
        sp->satp != satp)
        return finding_note(f, "a hart runs in a space of another mode", i, va,
                            sp->satp);
    rules = rules_of(&l);
    note_span(&l, &rules, va);
    return check_address(&l, va, false, f);
}

bool legality_of_fence(const struct ownership *o, unsigned i, unsigned hart,
                       const uint64_t *va, const uint64_t *asid,
                       struct finding *f)
{
    struct leaf l = { .o = o, .vm = i, .hart = hart, .fresh = true };

    for (l.space = 0; l.space < SHADOW_SPACES; l.space++) {
        const struct space *sp = space_of(&l);

        if (!sp->live || !sp->satp ||
            (asid && field_get(sp->satp, SATP_ASID) != *asid) ||
            (va && !walk_canonical(*va, field_get(sp->satp, SATP_MODE))))
            continue;
        if (va ? !check_address(&l, *va, asid != NULL, f) ||
                     !check_fragments(&l, *va, asid != NULL, f)
               : !check_space(&l, asid != NULL, f))
            return false;
    }
    return true;
}

bool legality_of_all(const struct ownership *o, unsigned i, struct finding *f)
{
    struct leaf l = { .o = o, .vm = i };

    for (l.hart = 0; l.hart < o->vm[i]->monitor.harts; l.hart++)
        for (l.space = 0; l.space < SHADOW_SPACES; l.space++)
            if (space_of(&l)->live && !check_space(&l, false, f))
                return false;
    return true;
}
