/*
 * Shadow faults: the host found no shadow entry, or none that allows the
 * access. The guest's own page tables decide: a fault that the guest would
 * have taken is injected; otherwise the entry is filled, and the guest runs on
 * without having noticed; or the address is a device's.
 */
#include "vmm/core/vhart.h"

struct fault {
    enum access access;
    uint64_t va;
    struct walk_result walk;
    unsigned rights; /* by PMP, on the whole page */
    uint64_t hpa;
    bool writable;
};

static const uint8_t access_of[16] = {
    [CAUSE_FETCH_ACCESS] = ACCESS_FETCH, [CAUSE_FETCH_PAGE] = ACCESS_FETCH,
    [CAUSE_LOAD_ACCESS] = ACCESS_LOAD,   [CAUSE_LOAD_PAGE] = ACCESS_LOAD,
    [CAUSE_STORE_ACCESS] = ACCESS_STORE, [CAUSE_STORE_PAGE] = ACCESS_STORE,
};

static void inject(struct monitor *m, unsigned hart, uint64_t cause,
                   uint64_t va)
{
    exit_inject(m, hart, (struct trap){ cause, va });
}

/*
 * cbo.clean, cbo.flush and cbo.inval report store faults but need no more than
 * a right to load or store ("Cache-Block Management Instructions"), and do not
 * set D. Where the page is already readable in the shadow, the host has let
 * them pass, and the fault is a true store's.
 */
static bool is_cache_management(struct monitor *m, unsigned hart,
                                const struct fault *f)
{
    const struct vhart *v = &m->hart[hart];
    struct insn i;
    uint32_t raw;

    if (f->access != ACCESS_STORE || !isa_has(v->csr.isa, EXT_ZICBOM) ||
        (shadow_leaf(m, hart, v->space, f->va) & PTE_R) ||
        !guest_fetch(m, hart, &raw))
        return false;
    insn_decode(raw, v->csr.isa, &i);
    return access_manages_cache(i.op);
}

/* The guest's translation. False: the guest's own fault was injected. */
static bool translate(struct monitor *m, unsigned hart, struct fault *f)
{
    guest_walk(m, hart, f->access, f->va, &f->walk);
    if (!f->walk.ok) {
        inject(m, hart, f->walk.cause, f->va);
        return false;
    }
    m->hart[hart].exit.gpa = f->walk.pa;
    m->hart[hart].exit.is_store = f->access == ACCESS_STORE;
    return true;
}

/* Code is fetched by other rules than data is accessed by: only code is mapped,
   and each load and store carried out here. */
static bool under_mprv(const struct monitor *m, unsigned hart)
{
    const struct vhart *v = &m->hart[hart];

    return view_is_split(shadow_space(m, hart, v->space)->view);
}

static void fill(struct monitor *m, unsigned hart, const struct fault *f,
                 unsigned rights)
{
    struct vhart *v = &m->hart[hart];
    struct shadow_map p = {
        .va = f->va & ~PAGE_MASK,
        .gpa = f->walk.pa & ~PAGE_MASK,
        .hpa = f->hpa & ~PAGE_MASK,
        .rights = rights & f->walk.rights,
        .global = (f->walk.pte & PTE_G) != 0,
        .guest_size = f->walk.size,
    };

    if (!f->writable) /* ROM: to loads and stores a device like others */
        p.rights &= ACCESS_FETCH;
    if (under_mprv(m, hart))
        p.rights &= ACCESS_FETCH;
    shadow_map(m, hart, v->space, &p);
    v->exit.action = EXIT_FILLED;
}

/*
 * A PMP boundary lies inside the page. Data is accessed for the guest, access
 * by access; code is run through a window in the host's own PMP, as large as
 * the part of the page in which one entry decides.
 */
static void fault_in_divided_page(struct monitor *m, unsigned hart,
                                  struct fault *f)
{
    struct vhart *v = &m->hart[hart];
    const struct pmp_window *w = world_window(m, hart, f->hpa);
    uint64_t page = f->hpa & ~PAGE_MASK;
    uint64_t leaf = shadow_leaf(m, hart, v->space, f->va);
    bool mapped = (leaf & PTE_X) &&
                  field_get(leaf, PTE_PPN) == page >> PAGE_SHIFT;
    uint64_t lo, hi;

    if (f->access != ACCESS_FETCH) {
        access_emulate(m, hart);
        return;
    }
    pmp_range_rights(&v->csr, v->csr.priv, f->walk.pa, &lo, &hi, &f->rights);
    lo = page + (lo & PAGE_MASK);
    hi = page + ((hi - 1) & PAGE_MASK) + 1;
    /* Open already, and mapped, and refused still: no host does that twice. */
    if (!(f->rights & ACCESS_FETCH) ||
        (mapped && w && w->lo <= lo && hi <= w->hi)) {
        inject(m, hart, CAUSE_FETCH_ACCESS, f->va);
        return;
    }
    world_open_window(m, hart, lo, hi, mapped);
    fill(m, hart, f, ACCESS_FETCH);
    /* Such a translation is not kept (mmu/translations.h). */
    v->step = shadow_space(m, hart, v->space)->satp != 0;
}

void fault_page(struct monitor *m, unsigned hart, const struct trap *t)
{
    struct vhart *v = &m->hart[hart];
    struct fault f = { .access = access_of[t->cause & 15], .va = t->tval };
    bool memory, uniform;

    if (is_cache_management(m, hart, &f)) {
        access_emulate(m, hart);
        return;
    }
    if (!translate(m, hart, &f))
        return;
    /* Under MPRV data may have fewer rights: access_emulate asks for them. */
    uniform = pmp_page_rights(&v->csr, v->csr.priv, f.walk.pa, &f.rights);
    memory = p2m_lookup(&m->p2m, f.walk.pa, &f.hpa, &f.writable) &&
             (f.writable || f.access == ACCESS_FETCH);
    if (uniform && !(f.rights & f.access)) {
        inject(m, hart, access_fault_cause(f.access), f.va);
        return;
    }
    if (!memory && f.access == ACCESS_FETCH)
        inject(m, hart, CAUSE_FETCH_ACCESS, f.va);
    else if (!memory ||
             (f.access != ACCESS_FETCH && under_mprv(m, hart)))
        access_emulate(m, hart);
    else if (!uniform)
        fault_in_divided_page(m, hart, &f);
    else
        fill(m, hart, &f, f.rights);
}
