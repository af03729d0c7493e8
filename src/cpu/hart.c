/* A hart's making and ending, and what is done to it from outside between
 * runs. */
#include <stdlib.h>
#include <string.h>

#include "cpu/engine.h"

static void free_private(struct hart_private *p)
{
    if (!p)
        return;
    for (unsigned i = 0; i < p->contexts_made; i++)
        free(p->contexts[i]);
    free(p->kept.pool);
    free(p->kept.table);
    free(p);
}

/* The tables' memory is touched when they are first used. */
static bool make_translations(struct hart *h, struct hart_private *p)
{
    const struct translation_user user = { h, NULL, context_forget };
    uint32_t tables = translations_tables(h->bus->ram.size);
    uint8_t *pool = calloc(tables, PAGE_SIZE);
    struct translation_table *table = calloc(tables, sizeof *table);

    if (pool && table) {
        translations_init(&p->kept, pool, 0, table, tables, &user);
        return true;
    }
    free(pool);
    free(table);
    return false;
}

static struct hart_private *new_private(struct hart *h)
{
    struct hart_private *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->generation = 1;
    if (make_translations(h, p) && context_more(p))
        return p;
    free_private(p);
    return NULL;
}

enum status hart_init(struct hart *h, unsigned hartid, const struct isa *isa,
                      struct bus *bus, struct engine *e, uint64_t reset_pc)
{
    if (e->harts == ENGINE_MAX_HARTS)
        return STATUS_BAD_ARGUMENT;
    *h = (struct hart){ .pc = reset_pc, .bus = bus, .engine = e };
    csr_reset(&h->csr, isa, hartid);
    h->private_ = new_private(h);
    if (!h->private_)
        return STATUS_NO_MEMORY;
    e->hart[e->harts++] = h;
    hart_changed(h, ~0u);
    return STATUS_OK;
}

void hart_free(struct hart *h)
{
    struct engine *e = h->engine;
    unsigned kept = 0;

    for (unsigned i = 0; i < e->harts; i++)
        if (e->hart[i] != h)
            e->hart[kept++] = e->hart[i];
    e->harts = kept;
    free_private(h->private_);
    h->private_ = NULL;
}

const struct translations *hart_translations(const struct hart *h)
{
    return &h->private_->kept;
}

void hart_idle(struct hart *h, uint64_t n)
{
    h->csr.count += n;
    h->csr.time = clock_time(&h->bus->clock, h->csr.count);
}

void hart_unreserve(struct hart *h)
{
    h->reserved = false;
}

/* Mode, satp and interrupts are looked at anew in every run; what was found
   by the rules of before is not. */
void hart_changed(struct hart *h, unsigned effects)
{
    if (translation_rules_change(effects))
        context_drop_all(h);
}
