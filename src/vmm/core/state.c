/* The virtual harts' state, as struct machine shows it. */
#include "vmm/core/vhart.h"

static uint64_t reservation_get(struct monitor *m, unsigned hart)
{
    uint64_t hpa = m->host->ops->reg_get(m->host, hart, REG_RESERVATION);
    uint64_t gpa;

    if (hpa == RESERVATION_NONE || !p2m_reverse(&m->p2m, hpa, &gpa))
        return RESERVATION_NONE;
    return gpa;
}

static uint64_t reservation_to_host(struct monitor *m, uint64_t gpa)
{
    uint64_t hpa;
    bool writable;

    if (gpa == RESERVATION_NONE || !p2m_lookup(&m->p2m, gpa, &hpa, &writable))
        return RESERVATION_NONE;
    return hpa;
}

uint64_t monitor_reg_get(struct monitor *m, unsigned hart, unsigned reg)
{
    if (reg == REG_PRIV)
        return m->hart[hart].csr.priv;
    if (reg == REG_RESERVATION)
        return reservation_get(m, hart);
    return m->host->ops->reg_get(m->host, hart, reg);
}

void monitor_reg_set(struct monitor *m, unsigned hart, unsigned reg,
                     uint64_t v)
{
    if (reg == REG_PRIV) {
        m->hart[hart].csr.priv = (uint8_t)v;
        m->hart[hart].world_changed = true;
        return;
    }
    if (reg == REG_RESERVATION)
        v = reservation_to_host(m, v);
    m->host->ops->reg_set(m->host, hart, reg, v);
}

/* These live in the host hart, where the guest changes them directly. */
static bool in_host(unsigned csr)
{
    return csr == CSR_fflags || csr == CSR_frm || csr == CSR_fcsr;
}

enum status monitor_csr_get(struct monitor *m, unsigned hart, unsigned csr,
                            uint64_t *v)
{
    struct csr_file *c = &m->hart[hart].csr;

    if (!csr_exists(c->isa, csr))
        return STATUS_NO_CSR;
    if (in_host(csr))
        return m->host->ops->csr_get(m->host, hart, csr, v);
    world_sync_fs(m, hart);
    world_sync_time(m, hart);
    *v = csr_read(c, csr);
    return STATUS_OK;
}

enum status monitor_csr_set(struct monitor *m, unsigned hart, unsigned csr,
                            uint64_t v)
{
    struct csr_file *c = &m->hart[hart].csr;

    if (!csr_exists(c->isa, csr))
        return STATUS_NO_CSR;
    world_sync_fs(m, hart);
    world_sync_time(m, hart);
    if (in_host(csr)) {
        csr_mark_fs_dirty(c);
        m->hart[hart].world_changed = true;
        m->hart[hart].host_fs = FS_DIRTY; /* as a write there makes it */
        return m->host->ops->csr_set(m->host, hart, csr, v);
    }
    world_csr_effects(m, hart, csr_write(c, csr, v));
    return STATUS_OK;
}

void *monitor_ram(struct monitor *m, uint64_t gpa, uint64_t len, bool write)
{
    uint64_t hpa, next;
    bool writable;

    if (!p2m_lookup(&m->p2m, gpa, &hpa, &writable) || !writable)
        return NULL;
    /* Contiguous here only if the pages that back it are so there. */
    for (uint64_t page = PAGE_SIZE - (gpa & PAGE_MASK); page < len;
         page += PAGE_SIZE)
        if (!p2m_lookup(&m->p2m, gpa + page, &next, &writable) || !writable ||
            next != hpa + page)
            return NULL;
    return m->host->ops->ram(m->host, hpa, len, write);
}
