/*
 * The host hart made to match the virtual one. The guest always runs in the
 * host's U-mode; what changes with the virtual mode is the shadow space (satp),
 * whether floating point is on (mstatus.FS), and which cache-block operations
 * do not trap (senvcfg). Only what differs from last time is written.
 */
#include "vmm/core/vhart.h"

static void host_csr_set(struct monitor *m, unsigned hart, unsigned csr,
                         uint64_t v)
{
    m->host->ops->csr_set(m->host, hart, csr, v);
}

static uint64_t host_csr_get(struct monitor *m, unsigned hart, unsigned csr)
{
    uint64_t v = 0;

    m->host->ops->csr_get(m->host, hart, csr, &v);
    return v;
}

/* The PMP entry that lets U-mode have everything: after the window's three. */
#define PMP_ALL 3

static uint64_t pmpcfg_byte(unsigned entry, uint64_t cfg)
{
    return cfg << (8 * entry);
}

void world_set_window(struct monitor *m, unsigned hart, uint64_t lo,
                      uint64_t hi)
{
    struct pmp_window *w = &m->hart[hart].window;
    uint64_t rwx = PMPCFG_R | PMPCFG_W | PMPCFG_X;
    uint64_t cfg = pmpcfg_byte(PMP_ALL,
                               field_set(rwx, PMPCFG_A, PMP_NAPOT));

    w->active = lo != hi;
    w->lo = lo;
    w->hi = hi;
    if (w->active) {
        uint64_t page = lo & ~PAGE_MASK;

        /* [0] and [1]: from lo to hi, all; [2]: the rest of the page, none. */
        host_csr_set(m, hart, CSR_pmpaddr0, lo >> 2);
        host_csr_set(m, hart, CSR_pmpaddr1, hi >> 2);
        host_csr_set(m, hart, CSR_pmpaddr2,
                     (page >> 2) | ((PAGE_SIZE >> 3) - 1));
        cfg |= pmpcfg_byte(1, field_set(rwx, PMPCFG_A, PMP_TOR));
        cfg |= pmpcfg_byte(2, field_set(0, PMPCFG_A, PMP_NAPOT));
    }
    host_csr_set(m, hart, CSR_pmpcfg0, cfg);
}

void world_init(struct monitor *m, unsigned hart)
{
    struct vhart *v = &m->hart[hart];
    struct machine *host = m->host;

    host->ops->attach(host, hart, true);
    /* Every trap comes to the monitor; no host interrupt disturbs it. */
    host_csr_set(m, hart, CSR_medeleg, 0);
    host_csr_set(m, hart, CSR_mideleg, 0);
    host_csr_set(m, hart, CSR_mie, 0);
    /* Counters and wfi trap in U-mode. */
    host_csr_set(m, hart, CSR_mcounteren, 0);
    host_csr_set(m, hart, CSR_scounteren, 0);
    host_csr_set(m, hart, CSR_mstatus, MSTATUS_TW);
    host_csr_set(m, hart, CSR_menvcfg,
                 ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE);
    host_csr_set(m, hart, CSR_senvcfg, 0);
    host_csr_set(m, hart, CSR_pmpaddr0 + PMP_ALL, MASK(53, 0));
    world_set_window(m, hart, 0, 0);
    host->ops->reg_set(host, hart, REG_PRIV, PRIV_U);
    v->host_satp = v->host_senvcfg = 0;
    v->host_fs = FS_OFF;
    v->space = SHADOW_SPACES;
    v->world_changed = true;
}

/* Which cbo.* the virtual mode may execute, as the host's senvcfg says it. */
static uint64_t wanted_senvcfg(const struct csr_file *c)
{
    uint64_t v = 0;

    if (cbo_permitted(c, INSN_cbo_zero))
        v |= ENVCFG_CBZE;
    if (cbo_permitted(c, INSN_cbo_clean))
        v |= ENVCFG_CBCFE;
    if (cbo_permitted(c, INSN_cbo_inval))
        v = field_set(v, ENVCFG_CBIE, 3);
    return v;
}

static void set_fs(struct monitor *m, unsigned hart, uint64_t fs)
{
    uint64_t mstatus = host_csr_get(m, hart, CSR_mstatus);

    host_csr_set(m, hart, CSR_mstatus, field_set(mstatus, MSTATUS_FS, fs));
    m->hart[hart].host_fs = fs;
}

void world_enter(struct monitor *m, unsigned hart)
{
    struct vhart *v = &m->hart[hart];
    uint64_t fs = field_get(v->csr.mstatus, MSTATUS_FS);
    uint64_t senvcfg, satp;

    if (!v->world_changed)
        return;
    v->world_changed = false;
    v->space = shadow_enter(m, v->csr.satp, shadow_view(&v->csr));
    satp = shadow_satp(m, v->space);
    if (satp != v->host_satp) {
        host_csr_set(m, hart, CSR_satp, satp);
        v->host_satp = satp;
    }
    senvcfg = wanted_senvcfg(&v->csr);
    if (senvcfg != v->host_senvcfg) {
        host_csr_set(m, hart, CSR_senvcfg, senvcfg);
        v->host_senvcfg = senvcfg;
    }
    if (fs != v->host_fs)
        set_fs(m, hart, fs);
}

void world_sync_fs(struct monitor *m, unsigned hart)
{
    struct vhart *v = &m->hart[hart];
    uint64_t fs;

    if (v->host_fs == FS_OFF || v->host_fs == FS_DIRTY)
        return;
    /* A change of the virtual FS that has not reached the host yet is newer. */
    if (field_get(v->csr.mstatus, MSTATUS_FS) != v->host_fs)
        return;
    fs = field_get(host_csr_get(m, hart, CSR_mstatus), MSTATUS_FS);
    if (fs != FS_DIRTY)
        return;
    v->host_fs = FS_DIRTY;
    csr_mark_fs_dirty(&v->csr);
}

void world_sync_time(struct monitor *m, unsigned hart)
{
    struct csr_file *c = &m->hart[hart].csr;

    c->time = m->env.time(m->env.context, c->count);
}

void world_csr_effects(struct monitor *m, unsigned hart, unsigned effects)
{
    struct vhart *v = &m->hart[hart];

    if (effects & (CSR_EFFECT_PMP | CSR_EFFECT_ENVCFG)) {
        shadow_drop_all(m);
        if (v->window.active)
            world_set_window(m, hart, 0, 0);
    }
    if (effects & CSR_EFFECT_TIMER)
        m->env.timer(m->env.context, hart);
    if (effects)
        v->world_changed = true;
}
