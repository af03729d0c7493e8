/*
 * From the pc to the block to run. A page of RAM that PMP treats all alike has
 * its code decoded and kept; elsewhere (the boot ROM, pages cut by PMP) one
 * instruction at a time is fetched, its halfwords checked one by one.
 */
#include <string.h>

#include "cpu/engine.h"

static struct block *scratch(struct hart *h)
{
    return (struct block *)(void *)h->private_->scratch;
}

/* Code is to be executed at a virtual page with a stop point: what was decoded
   of its page of RAM does not stop. */
static void note_stops(struct engine *e, uint64_t va, uint64_t pa)
{
    uint8_t *flags = &e->bus->ram.flags[(pa - e->bus->ram.base) / RAM_PAGE];

    if ((*flags & RAM_BREAK) || !stops_in_page(e, va))
        return;
    *flags |= RAM_BREAK;
    code_page_written(e, pa & ~PAGE_MASK);
}

/* Fills the fetch entry of va's page if code of it may be kept. */
static bool fill(struct hart *h, struct fetch_entry *f, uint64_t va,
                 uint64_t pa)
{
    unsigned rights;

    if (!ram_contains(&h->bus->ram, pa & ~PAGE_MASK, PAGE_SIZE) ||
        !pmp_page_rights(&h->csr, (enum priv)h->csr.priv, pa, &rights) ||
        !(rights & ACCESS_FETCH))
        return false;
    f->tag = va & ~PAGE_MASK;
    f->pa = pa & ~PAGE_MASK;
    if (UNLIKELY(h->engine->stops))
        note_stops(h->engine, va, pa);
    return true;
}

enum fetched {
    FETCH_KEEP,  /* *pa is in RAM and its code may be kept */
    FETCH_ONCE,  /* *pa wants a closer look */
    FETCH_FAULT, /* trap set */
};

static enum fetched locate_code(struct hart *h, uint64_t va, uint64_t *pa)
{
    struct context *t = h->private_->context;
    struct fetch_entry *f = &t->fetch[(va >> PAGE_SHIFT) % FETCH_ENTRIES];
    bool checked;

    if (f->tag == (va & ~PAGE_MASK)) {
        *pa = f->pa + (va & PAGE_MASK);
        return FETCH_KEEP;
    }
    if (!memory_translate(h, va, ACCESS_FETCH, true, pa, &checked))
        return FETCH_FAULT;
    return fill(h, f, va, *pa) ? FETCH_KEEP : FETCH_ONCE;
}

/* The halfword at va; false: trap set. */
static bool fetch_half(struct hart *h, uint64_t va, uint16_t *half)
{
    const struct ram *ram = &h->bus->ram;
    const uint8_t *code = NULL;
    uint64_t pa;

    if (locate_code(h, va, &pa) == FETCH_FAULT)
        return false;
    if (pmp_permits(&h->csr, (enum priv)h->csr.priv, pa, 2, ACCESS_FETCH)) {
        if (ram_contains(ram, pa, 2))
            code = ram->bytes + (pa - ram->base);
        else
            code = bus_rom(h->bus, pa);
    }
    if (!code)
        return memory_fault(h->private_, CAUSE_FETCH_ACCESS, va);
    memcpy(half, code, sizeof *half);
    return true;
}

/* One instruction, by halfwords. */
static bool fetch_raw(struct hart *h, uint64_t va, uint32_t *raw)
{
    uint16_t low, high = 0;

    if (!fetch_half(h, va, &low))
        return false;
    if ((low & 3) == 3 && !fetch_half(h, va + 2, &high))
        return false;
    *raw = low | (uint32_t)high << 16;
    return true;
}

struct block *fetch_once(struct hart *h)
{
    uint32_t raw;

    if (!fetch_raw(h, h->pc, &raw))
        return NULL;
    block_single(h->engine, scratch(h), raw);
    return scratch(h);
}

/* An instruction that is not kept, or a stop before it. */
static struct block *fetch_uncached(struct hart *h)
{
    if (LIKELY(!h->engine->stops) || !stops_at(h->engine, h->pc))
        return fetch_once(h);
    block_break(h->engine, scratch(h));
    return scratch(h);
}

/* The first half is at pa, the last of its page. */
static struct block *fetch_crossing(struct hart *h, uint64_t pa, bool *keep)
{
    uint64_t second;
    struct block *b;
    uint32_t raw;

    *keep = false;
    switch (locate_code(h, h->pc + 2, &second)) {
    case FETCH_FAULT:
        return NULL;
    case FETCH_ONCE:
        return fetch_once(h);
    default:
        break;
    }
    *keep = true;
    second &= ~PAGE_MASK;
    b = block_find(h->engine, pa, second);
    if (b || !fetch_raw(h, h->pc, &raw))
        return b;
    h->stats.blocks_decoded++;
    return block_decode_crossing(h->engine, pa, second, raw);
}

static struct block *fetch_kept(struct hart *h, uint64_t pa, bool *keep)
{
    struct block *b = block_find(h->engine, pa, NO_PAGE);

    *keep = true;
    if (b)
        return b;
    b = block_decode(h->engine, pa);
    if (!b)
        return fetch_crossing(h, pa, keep);
    h->stats.blocks_decoded++;
    return b;
}

struct block *fetch_block(struct hart *h)
{
    struct hart_private *p = h->private_;
    struct jump_entry *e = &p->context->jump[jump_index(h->pc)];
    struct op *link = p->link;
    struct block *b;
    uint64_t pa;
    bool keep;

    p->link = NULL;
    if (e->va == h->pc && e->block->n != BLOCK_DEAD) {
        b = e->block;
    } else {
        switch (locate_code(h, h->pc, &pa)) {
        case FETCH_FAULT:
            return NULL;
        case FETCH_ONCE:
            return fetch_uncached(h);
        default:
            break;
        }
        p->link = link; /* decoding may empty the arena, and this with it */
        b = fetch_kept(h, pa, &keep);
        link = p->link;
        p->link = NULL;
        if (!b || !keep)
            return b;
        *e = (struct jump_entry){h->pc, b};
    }
    if (link)
        link->link = b;
    return b;
}
