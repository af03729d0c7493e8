/*
 * Translation contexts: TLBs, and what is known of code, for one satp and one
 * view. They stay while others are current, so that a trap, a system call, SUM
 * being set for a moment or a switch to another process costs a change of
 * pointer and not the TLB. Whatever invalidates everything moves the hart's
 * generation on; a context notices when it is switched to.
 */
#include <stdlib.h>
#include <string.h>

#include "cpu/engine.h"

static void clear_store_tlb(const struct hart_private *p, struct context *t)
{
    memset(t->store, 0xff, sizeof t->store);
    t->store_generation = p->store_generation;
}

/* All ones is neither a tag nor an address of code. */
static void clear(const struct hart_private *p, struct context *t)
{
    memset(t->load, 0xff, sizeof t->load);
    memset(t->jump, 0xff, sizeof t->jump);
    memset(t->fetch, 0xff, sizeof t->fetch);
    clear_store_tlb(p, t);
    t->generation = p->generation;
}

static void refresh(const struct hart_private *p, struct context *t)
{
    if (UNLIKELY(t->generation != p->generation))
        clear(p, t);
    else if (UNLIKELY(t->store_generation != p->store_generation))
        clear_store_tlb(p, t);
}

struct context *context_more(struct hart_private *p)
{
    struct context *t = NULL;

    if (p->contexts_made < CONTEXTS && (t = calloc(1, sizeof *t)))
        p->contexts[p->contexts_made++] = t;
    return t;
}

/* The context with that key, or else a new one or the one not used for longest,
   made it. */
static struct context *find(struct hart_private *p, uint64_t satp, uint8_t view)
{
    struct context *oldest = p->contexts[0], *more;

    for (unsigned i = 0; i < p->contexts_made; i++) {
        struct context *t = p->contexts[i];

        if (t->satp == satp && t->view == view)
            return t;
        if (t->used < oldest->used)
            oldest = t;
    }
    if ((more = context_more(p)))
        oldest = more;
    oldest->satp = satp;
    oldest->view = view;
    oldest->space = NO_SPACE;
    oldest->generation = 0;
    return oldest;
}

/* A space that was given up meanwhile has made the context forget all. */
static void switch_to(struct hart_private *p, struct context *t)
{
    t->used = ++p->tick;
    p->context = t;
    if (t->satp)
        t->space = translations_enter(&p->kept, t->satp, t->view);
}

static void choose(struct hart *h)
{
    struct hart_private *p = h->private_;
    uint64_t satp;
    uint8_t view = translation_view(&h->csr, &satp);
    struct context *t = p->context;

    if (!t || t->satp != satp || t->view != view)
        switch_to(p, find(p, satp, view));
    p->satp = h->csr.satp;
    p->mstatus = h->csr.mstatus;
    p->priv = h->csr.priv;
}

void context_select(struct hart *h)
{
    struct hart_private *p = h->private_;
    const struct csr_file *c = &h->csr;

    if (!p->context || p->satp != c->satp || p->priv != c->priv ||
        ((p->mstatus ^ c->mstatus) & VIEW_MSTATUS))
        choose(h);
    refresh(p, p->context);
}

void context_drop_all(struct hart *h)
{
    struct hart_private *p = h->private_;

    translations_drop_all(&p->kept);
    p->generation++;
    if (p->context)
        refresh(p, p->context);
}

void context_forget_all(struct hart *h)
{
    struct hart_private *p = h->private_;

    p->generation++;
    p->context = NULL; /* whichever is next looks for its space anew */
}

void hart_drop_write_tlb(struct hart *h)
{
    struct hart_private *p = h->private_;

    p->store_generation++;
    if (p->context)
        refresh(p, p->context);
}

void engine_drop_store_tlbs(struct engine *e)
{
    for (unsigned i = 0; i < e->harts; i++)
        hart_drop_write_tlb(e->hart[i]);
    e->store_epoch++;
}

/* The blocks that begin in the page, and the one that crosses into it. */
static void forget_jumps(struct context *t, uint64_t page)
{
    memset(&t->jump[jump_index(page) & ~(JUMPS_PER_PAGE - 1u)], 0xff,
           JUMPS_PER_PAGE * sizeof t->jump[0]);
    t->jump[jump_index(page - 2)].va = TLB_INVALID;
}

static void forget_page(struct context *t, uint64_t page)
{
    struct fetch_entry *f = &t->fetch[(page >> PAGE_SHIFT) % FETCH_ENTRIES];
    unsigned i = tlb_index(page);

    if ((t->load[i].tag & ~PAGE_MASK) == page)
        t->load[i].tag = TLB_INVALID;
    if ((t->store[i].tag & ~PAGE_MASK) == page)
        t->store[i].tag = TLB_INVALID;
    if (f->tag == page)
        f->tag = TLB_INVALID;
    forget_jumps(t, page);
}

void context_forget(void *hart, unsigned space, const uint64_t *va)
{
    struct hart_private *p = ((struct hart *)hart)->private_;

    for (unsigned i = 0; i < p->contexts_made; i++) {
        struct context *t = p->contexts[i];

        if (!t->satp || t->space != space)
            continue;
        if (va)
            forget_page(t, *va & ~PAGE_MASK);
        else
            t->generation = 0;
    }
}

void hart_fence(struct hart *h, const uint64_t *va, const uint64_t *asid)
{
    struct hart_private *p = h->private_;
    uint64_t low = asid ? *asid & 0xffff : 0;

    translations_fence(&p->kept, va, asid ? &low : NULL);
    if (p->context)
        refresh(p, p->context);
}
