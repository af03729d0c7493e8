/*
 * What a virtual hart keeps besides its registers, saved and loaded. The same
 * bytes as the bare hart's (cpu/hart_state.c): what is kept of its page tables
 * is the shadow of what its guest translates, with the guest's own addresses.
 */
#include "vmm/core/shadow_list.h"
#include "vmm/core/vhart.h"

struct shadow_pages {
    struct monitor *m;
    const struct shadow *shadow;
};

static uint32_t in_pool(const struct shadow_pages *p, uint32_t leaf)
{
    return p->shadow->first_table * PTES_PER_PAGE + leaf;
}

static uint64_t gpa_of(void *context, uint32_t leaf)
{
    const struct shadow_pages *p = context;
    const struct monitor *m = p->m;
    uint32_t number = in_pool(p, leaf);
    uint64_t gpa, hpa = field_get(shadow_list_pte(m, number), PTE_PPN)
                        << PAGE_SHIFT;

    if (shadow_list_page(m, number, &gpa))
        return gpa;
    return m->p2m.rom_gpa + (hpa - m->p2m.rom_hpa);
}

/* RAM is on a list; ROM is on none, and gives code only. */
static uint64_t leaf_of(void *context, uint32_t leaf, uint64_t gpa,
                        uint64_t rights)
{
    const struct shadow_pages *p = context;
    uint64_t hpa;
    bool writable;

    if (!p2m_lookup(&p->m->p2m, gpa, &hpa, &writable) ||
        (!writable && rights != PTE_X))
        return 0;
    shadow_list_add(p->m, in_pool(p, leaf), gpa);
    return field_set(PTE_V | PTE_U | PTE_A | PTE_D, PTE_PPN, hpa >> PAGE_SHIFT);
}

/* The host hart is programmed anew before the guest runs. */
static void follow_up(struct monitor *m, unsigned hart)
{
    struct vhart *v = &m->hart[hart];

    monitor_reg_set(m, hart, REG_RESERVATION, RESERVATION_NONE);
    m->host->ops->csr_set(m->host, hart, CSR_fcsr, v->csr.fcsr);
    v->host_fs = FS_DIRTY; /* as that write makes it */
    v->emulated = v->stop_trap = v->step = false;
    v->world_changed = true;
    world_sync_time(m, hart);
}

void monitor_hart_state(struct monitor *m, unsigned hart, struct state *s)
{
    struct vhart *v = &m->hart[hart];
    struct shadow_pages at = { m, &v->shadow[SHADOW_TRANSLATED] };
    const struct translation_pages pages = { &at, gpa_of, leaf_of };

    if (s->saving) {
        world_sync_fs(m, hart);
        m->host->ops->csr_get(m->host, hart, CSR_fcsr, &v->csr.fcsr);
    } else {
        world_unmap_windows(m, hart);
        shadow_drop_all(m, hart);
    }
    csr_state(&v->csr, s);
    state_bool(s, &v->waiting);
    translations_state(&v->shadow[SHADOW_TRANSLATED].kept, &pages, s);
    if (!s->saving)
        follow_up(m, hart);
}
