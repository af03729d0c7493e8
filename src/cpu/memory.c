/*
 * What the TLB does not answer: translation, as it is kept or by a walk; PMP;
 * and what kind of memory is there. A page is cached for direct access only if
 * it is RAM, PMP treats all of it alike, and, for stores, it has no decoded
 * code. Each access to others is looked at here.
 */
#include <string.h>

#include "cpu/engine.h"

static bool pte_read(void *context, uint64_t pa, uint64_t *pte)
{
    const struct hart *h = context;
    const struct ram *ram = &h->bus->ram;

    if (!ram_contains(ram, pa, sizeof *pte))
        return false;
    memcpy(pte, ram->bytes + (pa - ram->base), sizeof *pte);
    return true;
}

static void note_store(struct hart *h, uint64_t pa, uint64_t len)
{
    struct ram *ram = &h->bus->ram;
    uint64_t page = (pa - ram->base) / RAM_PAGE;
    uint8_t *flags = &ram->flags[page];

    if (UNLIKELY(*flags & RAM_CODE))
        code_written(h->engine, pa, len);
    if (UNLIKELY(*flags & RAM_WATCHED))
        ram_tell_watcher(ram, page);
    *flags |= RAM_DIRTY;
}

static bool pte_update(void *context, uint64_t pa, uint64_t expected,
                       uint64_t desired)
{
    struct hart *h = context;
    struct ram *ram = &h->bus->ram;
    uint64_t pte;

    if (!pte_read(h, pa, &pte) || pte != expected)
        return false;
    note_store(h, pa, sizeof desired);
    memcpy(ram->bytes + (pa - ram->base), &desired, sizeof desired);
    return true;
}

static enum priv priv_of(const struct hart *h, enum access access)
{
    return access == ACCESS_FETCH ? (enum priv)h->csr.priv
                                  : csr_data_priv(&h->csr);
}

static bool is_translated(const struct hart *h, enum priv priv)
{
    return priv != PRIV_M && field_get(h->csr.satp, SATP_MODE) != SATP_BARE;
}

static bool walk_tables(struct hart *h, uint64_t va, enum access access,
                        struct walk_result *r)
{
    struct walk_request q = {
        .csr = &h->csr, .priv = priv_of(h, access), .access = access, .va = va
    };
    struct walk_memory mem = { h, pte_read, pte_update };

    walk(&q, &mem, r);
    return r->ok || memory_fault(h->private_, r->cause, va);
}

/* The right in a leaf that allows the access. */
static const uint64_t leaf_right[] = {
    [ACCESS_FETCH] = PTE_X, [ACCESS_LOAD] = PTE_R, [ACCESS_STORE] = PTE_W
};

/* Under MPRV nothing is kept of data, and where nothing is translated there is
   nothing to keep. */
static bool keeps(const struct hart_private *p, enum access access)
{
    return p->context->satp &&
           (access == ACCESS_FETCH || !view_is_split(p->context->view));
}

/* Where va is, if a translation that allows the access is kept. */
static bool kept(const struct hart *h, uint64_t va, enum access access,
                 uint64_t *pa)
{
    const struct hart_private *p = h->private_;
    uint64_t leaf;

    if (!keeps(p, access))
        return false;
    leaf = translations_leaf(&p->kept, p->context->space, va);
    *pa = field_get(leaf, PTE_PPN) << PAGE_SHIFT | (va & PAGE_MASK);
    return leaf & leaf_right[access];
}

/*
 * What PMP allows of pa's page; *whole: all over it. Of a page that it divides
 * only code matters here, the halfword that is about to be executed.
 */
static unsigned pmp_rights(const struct hart *h, enum access access,
                           uint64_t pa, bool *whole)
{
    enum priv priv = priv_of(h, access);
    unsigned rights;

    *whole = pmp_page_rights(&h->csr, priv, pa, &rights);
    if (*whole)
        return rights;
    return access == ACCESS_FETCH && pmp_permits(&h->csr, priv, pa, 2, access)
               ? ACCESS_FETCH
               : 0;
}

/* What may be kept of the page that a walk has found: of RAM what its PTE and
   PMP allow, of ROM fetches. 0 where this access is not among it. */
static unsigned rights_kept(const struct hart *h, enum access access,
                            const struct walk_result *r, unsigned pmp)
{
    unsigned rights = pmp & r->rights;

    if (view_is_split(h->private_->context->view))
        rights &= ACCESS_FETCH;
    if (!ram_contains(&h->bus->ram, r->pa & ~PAGE_MASK, PAGE_SIZE))
        rights = bus_rom(h->bus, r->pa) ? rights & ACCESS_FETCH : 0;
    return rights & access ? rights : 0;
}

/*
 * Keeps what was found, if it may be kept. Code in a page that PMP divides is
 * kept and dropped at once: a monitor has to map it while it is executed, and
 * space runs out here as it does there.
 */
static bool keep(struct hart *h, uint64_t va, enum access access,
                 const struct walk_result *r)
{
    struct hart_private *p = h->private_;
    struct translation t = { .va = va & ~PAGE_MASK, .guest_size = r->size };
    unsigned rights;
    uint32_t leaf;
    bool whole;

    if (!keeps(p, access))
        return false;
    rights = pmp_rights(h, access, r->pa, &whole);
    rights = rights_kept(h, access, r, rights);
    if (!rights)
        return false;
    t.pte = field_set(PTE_V, PTE_PPN, r->pa >> PAGE_SHIFT);
    for (unsigned a = 1; a < sizeof leaf_right / sizeof leaf_right[0]; a *= 2)
        t.pte |= rights & a ? leaf_right[a] : 0;
    if (r->pte & PTE_G)
        t.pte |= LEAF_GLOBAL;
    leaf = translations_map(&p->kept, p->context->space, &t);
    if (!whole)
        translations_drop(&p->kept, leaf);
    return whole;
}

bool memory_translate(struct hart *h, uint64_t va, enum access access,
                      bool may_keep, uint64_t *pa, bool *checked)
{
    struct walk_result r;

    *checked = true;
    if (kept(h, va, access, pa))
        return true;
    *checked = false;
    *pa = va;
    if (!is_translated(h, priv_of(h, access)))
        return true;
    if (!walk_tables(h, va, access, &r))
        return false;
    *pa = r.pa;
    *checked = may_keep && keep(h, va, access, &r);
    return true;
}

static struct tlb_entry *entry_of(struct context *t, uint64_t va,
                                  enum access access)
{
    return access == ACCESS_LOAD ? &t->load[tlb_index(va)]
                                 : &t->store[tlb_index(va)];
}

/* Makes `e` a direct entry for the page of `host` if it may be one. */
static void make_direct(struct hart *h, struct tlb_entry *e, uint64_t va,
                        const struct place *at, enum access access)
{
    struct engine *engine = h->engine;
    uint64_t page = (at->pa - h->bus->ram.base) / RAM_PAGE;
    unsigned rights;

    if (view_is_split(h->private_->context->view) ||
        (access == ACCESS_STORE && (h->bus->ram.flags[page] & RAM_CODE)) ||
        (UNLIKELY(engine->stops) && stops_watch_page(engine, va)))
        return;
    if (!at->kept &&
        (!pmp_page_rights(&h->csr, priv_of(h, access), at->pa, &rights) ||
         !(rights & access)))
        return;
    if (access == ACCESS_STORE)
        engine->store_cached[page] = engine->store_epoch;
    e->tag = va & ~PAGE_MASK;
    e->addend = (uint64_t)(uintptr_t)at->host - va;
    h->stats.tlb_fills++;
}

bool memory_locate(struct hart *h, uint64_t va, unsigned size,
                   enum access access, bool may_keep, struct place *out)
{
    struct ram *ram = &h->bus->ram;
    struct tlb_entry *e = entry_of(h->private_->context, va, access);

    out->kept = true;
    if (e->tag == (va & ~PAGE_MASK)) {
        out->host = (uint8_t *)(uintptr_t)(va + e->addend);
        out->pa = ram->base + (uint64_t)(out->host - ram->bytes);
        return true;
    }
    if (!memory_translate(h, va, access, may_keep, &out->pa, &out->kept))
        return false;
    if (!out->kept &&
        !pmp_permits(&h->csr, priv_of(h, access), out->pa, size, access))
        return memory_fault(h->private_, access_fault_cause(access), va);
    out->host = NULL;
    if (!ram_contains(ram, out->pa, size))
        return true;
    if (access == ACCESS_STORE)
        note_store(h, out->pa, size);
    out->host = ram->bytes + (out->pa - ram->base);
    if (may_keep)
        make_direct(h, e, va, out, access);
    return true;
}
