/*
 * World switch: several virtual machines take turns on one host machine. What
 * of a virtual hart lives in the host hart is put aside, and put back, so that
 * the guest cannot tell. The reservation too: alone on its host it would have
 * kept it, and no other machine can store to its memory.
 */
#include "vmm/core/vhart.h"

static void save(struct monitor *m, unsigned hart)
{
    const struct machine_ops *ops = m->host->ops;
    struct world_state *w = &m->hart[hart].world;

    for (unsigned r = 0; r < WORLD_REGS; r++)
        w->reg[r] = ops->reg_get(m->host, hart, r);
    ops->csr_get(m->host, hart, CSR_mstatus, &w->mstatus);
    w->fcsr = 0;
    ops->csr_get(m->host, hart, CSR_fcsr, &w->fcsr);
}

/* A write of fcsr makes FS Dirty: mstatus comes after it. */
static void restore(struct monitor *m, unsigned hart)
{
    const struct machine_ops *ops = m->host->ops;
    const struct vhart *v = &m->hart[hart];

    for (unsigned r = 0; r < WORLD_REGS; r++)
        ops->reg_set(m->host, hart, r, v->world.reg[r]);
    ops->csr_set(m->host, hart, CSR_fcsr, v->world.fcsr);
    ops->csr_set(m->host, hart, CSR_mstatus, v->world.mstatus);
    ops->csr_set(m->host, hart, CSR_satp, v->host_satp);
    ops->csr_set(m->host, hart, CSR_senvcfg, v->host_senvcfg);
    world_restore_windows(m, hart);
}

void monitor_suspend(struct monitor *m)
{
    for (unsigned h = 0; h < m->harts; h++)
        save(m, h);
}

void monitor_resume(struct monitor *m)
{
    for (unsigned h = 0; h < m->harts; h++)
        restore(m, h);
}
