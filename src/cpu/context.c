/*
 * Translation contexts. What a hart has found out about an address space, as
 * one privilege sees it, is kept while others are current, so that a trap, a
 * system call, SUM being set for a moment or a switch to another process costs
 * a change of pointer and not the TLB. Whatever invalidates everything moves
 * the hart's generation on; a context notices when it is switched to.
 */
#include <stdlib.h>
#include <string.h>

#include "cpu/engine.h"

/* struct context.mode */
#define MODE_PRIV MASK(1, 0)
#define MODE_DATA_PRIV MASK(3, 2)
#define MODE_SUM BIT(4)
#define MODE_MXR BIT(5)

static void clear_store_tlb(const struct hart_private *p, struct context *t)
{
    memset(t->store, 0xff, sizeof t->store);
    t->store_generation = p->store_generation;
}

/* All ones is neither a tag nor an address of code. */
static void clear(const struct hart_private *p, struct context *t)
{
    memset(t->load, 0xff, sizeof t->load);
    clear_store_tlb(p, t);
    t->super = (struct super_range){UINT64_MAX, 0};
    t->generation = p->generation;
}

static void clear_code(const struct hart_private *p, struct code_map *code)
{
    memset(code->jump, 0xff, sizeof code->jump);
    memset(code->fetch, 0xff, sizeof code->fetch);
    code->super = (struct super_range){UINT64_MAX, 0};
    code->generation = p->generation;
}

static void refresh(const struct hart_private *p, struct context *t)
{
    if (UNLIKELY(t->generation != p->generation))
        clear(p, t);
    else if (UNLIKELY(t->store_generation != p->store_generation))
        clear_store_tlb(p, t);
    if (UNLIKELY(t->code->generation != p->generation))
        clear_code(p, t->code);
}

/* The privilege and the bits of mstatus that matter. SUM only says what S may
   do; without translation neither it nor MXR says anything. */
static uint32_t wanted_mode(const struct csr_file *c, uint64_t *satp)
{
    uint32_t data_priv = csr_data_priv(c);
    uint64_t mode = c->priv | data_priv << 2;

    *satp = 0;
    if ((c->priv == PRIV_M && data_priv == PRIV_M) || !(c->satp & SATP_MODE))
        return (uint32_t)mode;
    *satp = c->satp;
    if (c->mstatus & MSTATUS_MXR)
        mode |= MODE_MXR;
    if (data_priv == PRIV_S && (c->mstatus & MSTATUS_SUM))
        mode |= MODE_SUM;
    return (uint32_t)mode;
}

static struct code_map *code_map_more(struct hart_private *p)
{
    struct code_map *code = NULL;

    if (p->code_maps_made < CODE_MAPS && (code = calloc(1, sizeof *code)))
        p->code_maps[p->code_maps_made++] = code;
    return code;
}

struct context *context_more(struct hart_private *p)
{
    struct context *t = NULL;

    if (!p->code_maps_made && !code_map_more(p))
        return NULL;
    if (p->contexts_made < CONTEXTS && (t = calloc(1, sizeof *t))) {
        t->code = p->code_maps[0];
        p->contexts[p->contexts_made++] = t;
    }
    return t;
}

/* The context with that key, or else a new one or the one not used for longest,
   made it. */
static struct context *find(struct hart_private *p, uint64_t satp,
                            uint32_t mode)
{
    struct context *oldest = p->contexts[0], *more;

    for (unsigned i = 0; i < p->contexts_made; i++) {
        struct context *t = p->contexts[i];

        if (t->satp == satp && t->mode == mode)
            return t;
        if (t->used < oldest->used)
            oldest = t;
    }
    if ((more = context_more(p)))
        oldest = more;
    oldest->satp = satp;
    oldest->mode = mode;
    oldest->data_priv = (uint8_t)field_get(mode, MODE_DATA_PRIV);
    oldest->generation = 0;
    return oldest;
}

/* The same for the code map that goes with it. */
static struct code_map *find_code(struct hart_private *p, uint64_t satp,
                                  uint64_t priv)
{
    struct code_map *oldest = p->code_maps[0], *more;

    for (unsigned i = 0; i < p->code_maps_made; i++) {
        struct code_map *code = p->code_maps[i];

        if (code->satp == satp && code->priv == priv)
            return code;
        if (code->used < oldest->used)
            oldest = code;
    }
    if ((more = code_map_more(p)))
        oldest = more;
    oldest->satp = satp;
    oldest->priv = priv;
    oldest->generation = 0;
    return oldest;
}

/* Fetches of M-mode are not translated, whatever its loads and stores are. */
static void switch_to(struct hart_private *p, struct context *t, uint64_t priv)
{
    uint64_t satp = priv == PRIV_M ? 0 : t->satp;

    if (t->code->satp != satp || t->code->priv != priv)
        t->code = find_code(p, satp, priv);
    t->used = t->code->used = ++p->tick;
    p->context = t;
}

void context_select(struct hart *h)
{
    struct hart_private *p = h->private_;
    uint64_t satp;
    uint32_t mode = wanted_mode(&h->csr, &satp);
    struct context *t = p->context;

    if (UNLIKELY(!t || t->satp != satp || t->mode != mode))
        switch_to(p, find(p, satp, mode), h->csr.priv);
    refresh(p, p->context);
}

void context_check(struct hart *h)
{
    struct hart_private *p = h->private_;
    const struct csr_file *c = &h->csr;
    uint64_t menvcfg = c->menvcfg & (MENVCFG_ADUE | MENVCFG_PBMTE);

    if (menvcfg == p->menvcfg && !memcmp(p->pmpcfg, c->pmpcfg, PMP_ENTRIES) &&
        !memcmp(p->pmpaddr, c->pmpaddr, sizeof p->pmpaddr))
        return;
    p->menvcfg = menvcfg;
    memcpy(p->pmpcfg, c->pmpcfg, PMP_ENTRIES);
    memcpy(p->pmpaddr, c->pmpaddr, sizeof p->pmpaddr);
    p->generation++;
    if (p->context)
        refresh(p, p->context);
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
static void forget_jumps(struct code_map *code, uint64_t page)
{
    memset(&code->jump[jump_index(page) & ~(JUMPS_PER_PAGE - 1u)], 0xff,
           JUMPS_PER_PAGE * sizeof code->jump[0]);
    code->jump[jump_index(page - 2)].va = TLB_INVALID;
}

/* A superpage's pieces cannot be told apart: all go if one may. */
static bool may_be_super(const struct super_range *r, uint64_t page)
{
    return page >= r->low && page < r->high;
}

static void fence_data(struct context *t, const uint64_t *va)
{
    uint64_t page = va ? *va & ~PAGE_MASK : 0;
    unsigned i = tlb_index(page);

    if (!va || may_be_super(&t->super, page)) {
        t->generation = 0;
        return;
    }
    if ((t->load[i].tag & ~PAGE_MASK) == page)
        t->load[i].tag = TLB_INVALID;
    if ((t->store[i].tag & ~PAGE_MASK) == page)
        t->store[i].tag = TLB_INVALID;
}

static void fence_code(struct code_map *code, const uint64_t *va)
{
    uint64_t page = va ? *va & ~PAGE_MASK : 0;
    struct fetch_entry *f = &code->fetch[(page >> PAGE_SHIFT) % FETCH_ENTRIES];

    if (!va || may_be_super(&code->super, page)) {
        code->generation = 0;
        return;
    }
    if (f->tag == page)
        f->tag = TLB_INVALID;
    forget_jumps(code, page);
}

/* Untranslated ones have nothing that a fence is about. */
static bool covers(uint64_t satp, const uint64_t *asid)
{
    return satp && (!asid || field_get(satp, SATP_ASID) == (*asid & 0xffff));
}

void hart_fence(struct hart *h, const uint64_t *va, const uint64_t *asid)
{
    struct hart_private *p = h->private_;

    for (unsigned i = 0; i < p->contexts_made; i++) {
        struct context *t = p->contexts[i];

        if (t->generation == p->generation && covers(t->satp, asid))
            fence_data(t, va);
    }
    for (unsigned i = 0; i < p->code_maps_made; i++) {
        struct code_map *code = p->code_maps[i];

        if (code->generation == p->generation && covers(code->satp, asid))
            fence_code(code, va);
    }
    if (p->context)
        refresh(p, p->context);
}
