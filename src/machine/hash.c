/*
 * A hash of the whole architectural state. What goes in, in this order: the
 * count; of each hart x, f, pc, mode and each CSR with its number; of RAM each
 * page that is not zero, with its address. Pages that were never touched and
 * pages of zeros are the same to a program, and so they are here.
 */
#define XXH_INLINE_ALL
#include <string.h>
#include <xxhash.h>

#include "machine/run.h"

static void add(XXH3_state_t *x, uint64_t v)
{
    XXH3_64bits_update(x, &v, sizeof v);
}

static void add_hart(XXH3_state_t *x, struct machine *m, unsigned hart)
{
    for (unsigned reg = REG_X0; reg <= REG_PRIV; reg++)
        add(x, m->ops->reg_get(m, hart, reg));
    for (int csr = csr_next(m->isa, 0); csr >= 0;
         csr = csr_next(m->isa, (unsigned)csr + 1)) {
        uint64_t v = 0;

        m->ops->csr_get(m, hart, (unsigned)csr, &v);
        add(x, (unsigned)csr);
        add(x, v);
    }
}

static void add_ram(XXH3_state_t *x, struct machine *m, const struct ram *r)
{
    for (uint64_t pa = r->base; pa - r->base < r->size; pa += RAM_PAGE) {
        const uint8_t *page = m->ops->ram(m, pa, RAM_PAGE, false);

        if (!page || ram_page_is_zero(page))
            continue;
        add(x, pa);
        XXH3_64bits_update(x, page, RAM_PAGE);
    }
}

uint64_t machine_hash(struct machine *m, struct board *b)
{
    XXH3_state_t *x = XXH3_createState();
    uint64_t hash;

    if (!x)
        return 0;
    XXH3_64bits_reset(x);
    add(x, machine_count(b));
    for (unsigned h = 0; h < m->harts; h++)
        add_hart(x, m, h);
    add_ram(x, m, &b->bus.ram);
    hash = XXH3_64bits_digest(x);
    XXH3_freeState(x);
    return hash;
}
