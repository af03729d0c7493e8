/* What a hart keeps besides its registers, saved and loaded. */
#include "cpu/engine.h"

static uint64_t gpa_of(void *context, uint32_t leaf)
{
    const struct hart *h = context;
    const struct translations *t = &h->private_->kept;
    uint64_t pte =
        translations_table(t, leaf / PTES_PER_PAGE)[leaf % PTES_PER_PAGE];

    return field_get(pte, PTE_PPN) << PAGE_SHIFT;
}

/* Pages of RAM; of ROM for fetches. */
static uint64_t leaf_of(void *context, uint32_t leaf, uint64_t gpa,
                        uint64_t rights)
{
    const struct hart *h = context;

    (void)leaf;
    if (!ram_contains(&h->bus->ram, gpa, PAGE_SIZE) &&
        (rights != PTE_X || !bus_rom(h->bus, gpa)))
        return 0;
    return field_set(PTE_V, PTE_PPN, gpa >> PAGE_SHIFT);
}

void hart_state(struct hart *h, struct state *s)
{
    const struct translation_pages pages = { h, gpa_of, leaf_of };

    csr_state(&h->csr, s);
    state_bool(s, &h->waiting);
    translations_state(&h->private_->kept, &pages, s);
    if (s->saving)
        return;
    h->csr.time = clock_time(&h->bus->clock, h->csr.count);
    h->reserved = false;
    context_forget_all(h);
}
