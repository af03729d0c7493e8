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

/*
 * The host's PMP, while the guest runs: three entries a window, and one that
 * lets U-mode have everything else.
 */
#define ENTRIES_PER_WINDOW 3
#define PMP_ALL (ENTRIES_PER_WINDOW * PMP_WINDOWS)
#define RWX (PMPCFG_R | PMPCFG_W | PMPCFG_X)

static uint64_t pmpcfg_byte(unsigned entry, uint64_t rights, unsigned mode)
{
    return field_set(rights, PMPCFG_A, mode) << (8 * entry);
}

/* First and second entry: from lo to hi, all; third: the page's rest, none. */
static uint64_t program_window(struct monitor *m, unsigned hart, unsigned i)
{
    const struct pmp_window *w = &m->hart[hart].window[i];
    unsigned entry = i * ENTRIES_PER_WINDOW;
    uint64_t page = w->lo & ~PAGE_MASK;

    if (w->lo == w->hi)
        return 0;
    host_csr_set(m, hart, CSR_pmpaddr0 + entry, w->lo >> 2);
    host_csr_set(m, hart, CSR_pmpaddr0 + entry + 1, w->hi >> 2);
    host_csr_set(m, hart, CSR_pmpaddr0 + entry + 2,
                 (page >> 2) | ((PAGE_SIZE >> 3) - 1));
    return pmpcfg_byte(entry + 1, RWX, PMP_TOR) |
           pmpcfg_byte(entry + 2, 0, PMP_NAPOT);
}

static bool any_window(const struct vhart *v)
{
    for (unsigned i = 0; i < PMP_WINDOWS; i++)
        if (v->window[i].lo != v->window[i].hi)
            return true;
    return false;
}

/* Without windows the first entry is the one for all: the shortest search. */
static void program_windows(struct monitor *m, unsigned hart)
{
    unsigned all = any_window(&m->hart[hart]) ? PMP_ALL : 0;
    uint64_t cfg = pmpcfg_byte(all, RWX, PMP_NAPOT);

    host_csr_set(m, hart, CSR_pmpaddr0 + all, MASK(53, 0));
    for (unsigned i = 0; i < PMP_WINDOWS; i++)
        cfg |= program_window(m, hart, i);
    host_csr_set(m, hart, CSR_pmpcfg0, cfg);
}

struct pmp_window *world_window(struct monitor *m, unsigned hart, uint64_t hpa)
{
    struct pmp_window *w = m->hart[hart].window;

    for (unsigned i = 0; i < PMP_WINDOWS; i++)
        if (w[i].lo != w[i].hi &&
            w[i].lo >> PAGE_SHIFT == hpa >> PAGE_SHIFT)
            return &w[i];
    return NULL;
}

/* A page whose window goes may not stay mapped: all of it would be open. */
static void add_window(struct monitor *m, unsigned hart, uint64_t lo,
                       uint64_t hi)
{
    struct pmp_window *all = m->hart[hart].window;

    if (all[1].lo != all[1].hi)
        shadow_unmap(m, all[1].lo);
    all[1] = all[0];
    all[0] = (struct pmp_window){ lo, hi };
}

/* Nor may it in other views when its window changes: it may be too large for
   them. */
void world_open_window(struct monitor *m, unsigned hart, uint64_t lo,
                       uint64_t hi, bool enlarge)
{
    struct pmp_window *w = world_window(m, hart, lo);

    if (w && w->lo == lo && w->hi == hi)
        return;
    if (w)
        shadow_unmap(m, lo);
    if (w && enlarge && w->hi == lo)
        w->hi = hi;
    else if (w)
        *w = (struct pmp_window){ lo, hi };
    else
        add_window(m, hart, lo, hi);
    program_windows(m, hart);
}

static void close_windows(struct monitor *m, unsigned hart)
{
    for (unsigned i = 0; i < PMP_WINDOWS; i++)
        m->hart[hart].window[i] = (struct pmp_window){ 0, 0 };
    program_windows(m, hart);
}

void world_unmap_windows(struct monitor *m, unsigned hart)
{
    const struct pmp_window *w = m->hart[hart].window;

    for (unsigned i = 0; i < PMP_WINDOWS; i++)
        if (w[i].lo != w[i].hi)
            shadow_unmap(m, w[i].lo);
    close_windows(m, hart);
}

void world_restore_windows(struct monitor *m, unsigned hart)
{
    program_windows(m, hart);
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
    close_windows(m, hart);
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
    v->space = shadow_enter(m, hart);
    satp = shadow_satp(m, hart, v->space);
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

    if (translation_rules_change(effects)) {
        shadow_drop_all(m, hart);
        if (any_window(v))
            close_windows(m, hart);
    }
    if (effects & CSR_EFFECT_TIMER)
        m->env.timer(m->env.context, hart);
    if (effects)
        v->world_changed = true;
}
