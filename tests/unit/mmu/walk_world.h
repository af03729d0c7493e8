/* A few page tables in memory, for the tests of the walker. */
#ifndef POGO_TESTS_UNIT_MMU_WALK_WORLD_H
#define POGO_TESTS_UNIT_MMU_WALK_WORLD_H

#include "../isa/csr_fixture.h"

#include "mmu/walk.h"

#define TABLES         12
#define BASE           UINT64_C(0x80000000) /* physical address of table 0 */
#define PTE_PTR(table) ((BASE + (table)*PAGE_SIZE) >> 2 | PTE_V)
#define LEAF           (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

struct world {
    struct fixture f;
    uint64_t table[TABLES][PTES_PER_PAGE];
    uint64_t denied;       /* a PTE address that pte_read refuses, or 0 */
    unsigned fail_updates; /* so many updates fail */
    uint64_t on_fail;      /* … and leave this PTE behind, unless 0 */
    unsigned updates;      /* tried */
};

static inline uint64_t *slot(struct world *w, uint64_t pa)
{
    uint64_t offset = pa - BASE;

    if (offset >= TABLES * PAGE_SIZE || (pa & 7) || pa == w->denied)
        return NULL;
    return &w->table[offset / PAGE_SIZE][offset % PAGE_SIZE / 8];
}

static inline bool pte_read(void *context, uint64_t pa, uint64_t *pte)
{
    uint64_t *at = slot(context, pa);

    if (at)
        *pte = *at;
    return at != NULL;
}

static inline bool pte_update(void *context, uint64_t pa, uint64_t expected,
                              uint64_t desired)
{
    struct world *w = context;
    uint64_t *at = slot(w, pa);

    w->updates++;
    if (w->fail_updates) {
        w->fail_updates--;
        if (w->on_fail)
            *at = w->on_fail;
        return false;
    }
    if (!at || *at != expected)
        return false;
    *at = desired;
    return true;
}

/* Sv39, root in table 0, PMP open, everything else as out of reset. */
static inline void world_init(struct world *w)
{
    memset(w, 0, sizeof *w);
    fixture_init(&w->f);
    csr_write(&w->f.c, CSR_pmpaddr0, ~UINT64_C(0));
    csr_write(&w->f.c, CSR_pmpcfg0, 0x1f);
    csr_write(&w->f.c, CSR_satp,
              field_set(BASE >> PAGE_SHIFT, SATP_MODE, SATP_SV39));
}

static inline struct walk_result look(struct world *w, enum priv priv,
                                      enum access access, uint64_t va)
{
    struct walk_memory mem = { w, pte_read, pte_update };
    struct walk_request q = { &w->f.c, priv, access, va, false };
    struct walk_result r;

    memset(&r, 0xa5, sizeof r);
    walk(&q, &mem, &r);
    return r;
}

#endif
