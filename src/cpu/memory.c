/*
 * What the TLB does not answer: translation by a walk, PMP, and what kind of
 * memory is there. A page is cached for direct access only if it is RAM, PMP
 * treats all of it alike, and, for stores, it has no decoded code; of others
 * the TLB keeps the translation (TLB_SLOW) and each access is looked at here.
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
    uint8_t *flags = &ram->flags[(pa - ram->base) / RAM_PAGE];

    if (UNLIKELY(*flags & RAM_CODE))
        code_written(h->engine, pa, len);
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

bool memory_translate(struct hart *h, uint64_t va, enum access access,
                      uint64_t *pa, uint64_t *size)
{
    struct hart_private *p = h->private_;
    enum priv priv = access == ACCESS_FETCH ? (enum priv)h->csr.priv
                                            : (enum priv)p->context->data_priv;
    struct walk_request q = {
        .csr = &h->csr, .priv = priv, .access = access, .va = va};
    struct walk_memory mem = {h, pte_read, pte_update};
    struct walk_result r;

    if (priv == PRIV_M || !p->context->satp) { /* untranslated */
        *pa = va;
        *size = PAGE_SIZE;
        return true;
    }
    walk(&q, &mem, &r);
    if (!r.ok)
        return memory_fault(p, r.cause, va);
    *pa = r.pa;
    *size = r.bare ? PAGE_SIZE : r.size;
    return true;
}

static struct tlb_entry *entry_of(struct context *t, uint64_t va,
                                  enum access access)
{
    return access == ACCESS_LOAD ? &t->load[tlb_index(va)]
                                 : &t->store[tlb_index(va)];
}

/* Remembers where va's page is, for a closer look at each access. */
static void remember(struct context *t, struct tlb_entry *e, uint64_t va,
                     uint64_t pa, uint64_t size)
{
    e->tag = (va & ~PAGE_MASK) | TLB_SLOW;
    e->addend = pa - va;
    super_range_add(&t->super, va, size);
}

/* Makes `e` a direct entry for the page of `host` if it may be one. */
static void make_direct(struct hart *h, struct tlb_entry *e, uint64_t va,
                        uint64_t pa, const uint8_t *host, enum access access)
{
    struct engine *engine = h->engine;
    uint64_t page = (pa - h->bus->ram.base) / RAM_PAGE;
    enum priv priv = (enum priv)h->private_->context->data_priv;
    unsigned rights;

    if (access == ACCESS_STORE && (h->bus->ram.flags[page] & RAM_CODE))
        return;
    if (!pmp_page_rights(&h->csr, priv, pa, &rights) || !(rights & access))
        return;
    if (access == ACCESS_STORE)
        engine->store_cached[page] = engine->store_epoch;
    e->tag = va & ~PAGE_MASK;
    e->addend = (uint64_t)(uintptr_t)host - va;
    h->stats.tlb_fills++;
}

bool memory_locate(struct hart *h, uint64_t va, unsigned size,
                   enum access access, struct place *out)
{
    struct hart_private *p = h->private_;
    struct ram *ram = &h->bus->ram;
    struct tlb_entry *e = entry_of(p->context, va, access);
    uint64_t page = va & ~PAGE_MASK, leaf;

    if (e->tag == page) {
        out->host = (uint8_t *)(uintptr_t)(va + e->addend);
        out->pa = ram->base + (uint64_t)(out->host - ram->bytes);
        return true;
    }
    if (e->tag == (page | TLB_SLOW)) {
        out->pa = va + e->addend;
    } else {
        if (!memory_translate(h, va, access, &out->pa, &leaf))
            return false;
        remember(p->context, e, va, out->pa, leaf);
    }
    if (!pmp_permits(&h->csr, (enum priv)p->context->data_priv, out->pa, size,
                     access))
        return memory_fault(p, access_fault_cause(access), va);
    out->host = NULL;
    if (!ram_contains(ram, out->pa, size))
        return true;
    if (access == ACCESS_STORE)
        note_store(h, out->pa, size);
    out->host = ram->bytes + (out->pa - ram->base);
    make_direct(h, e, va, out->pa, out->host, access);
    return true;
}
