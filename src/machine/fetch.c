#include "machine/fetch.h"

#include "mmu/walk.h"

static bool pte_read(void *context, uint64_t pa, uint64_t *pte)
{
    struct machine *m = context;

    return m->ops->load(m, pa, 8, pte) == STATUS_OK;
}

static bool pte_update(void *context, uint64_t pa, uint64_t expected,
                       uint64_t desired)
{
    (void)context;
    (void)pa;
    (void)expected;
    (void)desired;
    return false; /* a look changes nothing, and asks for nothing to change */
}

static bool fetch_half(struct machine *m, struct board *b,
                       const struct walk_request *q, uint64_t *half)
{
    const struct walk_memory mem = { m, pte_read, pte_update };
    struct walk_result r;
    const uint8_t *p = NULL;

    walk(q, &mem, &r);
    if (r.ok)
        p = ram_pointer(&b->bus.ram, r.pa, 2, false);
    if (r.ok && !p)
        p = bus_rom(&b->bus, r.pa);
    if (!p)
        return false;
    *half = (uint64_t)p[0] | (uint64_t)p[1] << 8;
    return true;
}

uint32_t machine_fetch(struct machine *m, struct board *b, unsigned hart,
                       enum priv priv, uint64_t pc)
{
    struct walk_request q = { .csr = b->csr[hart],
                              .priv = priv,
                              .access = ACCESS_FETCH,
                              .va = pc,
                              .any_access = true };
    uint64_t low, high = 0;

    if (!fetch_half(m, b, &q, &low))
        return 0;
    q.va += 2;
    if ((low & 3) == 3 && !fetch_half(m, b, &q, &high))
        return 0;
    return (uint32_t)(low | high << 16);
}
