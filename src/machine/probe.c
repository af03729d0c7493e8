#include "machine/probe.h"

static struct probe *probe_of(struct machine *m)
{
    return (struct probe *)(void *)m;
}

static struct machine *under(struct machine *m)
{
    return probe_of(m)->under;
}

static uint64_t reg_get(struct machine *m, unsigned hart, unsigned reg)
{
    return under(m)->ops->reg_get(under(m), hart, reg);
}

static void reg_set(struct machine *m, unsigned hart, unsigned reg, uint64_t v)
{
    under(m)->ops->reg_set(under(m), hart, reg, v);
}

static enum status csr_get(struct machine *m, unsigned hart, unsigned csr,
                           uint64_t *v)
{
    return under(m)->ops->csr_get(under(m), hart, csr, v);
}

static enum status csr_set(struct machine *m, unsigned hart, unsigned csr,
                           uint64_t v)
{
    return under(m)->ops->csr_set(under(m), hart, csr, v);
}

static void fence(struct machine *m, unsigned hart, const uint64_t *va,
                  const uint64_t *asid)
{
    under(m)->ops->fence(under(m), hart, va, asid);
}

static void *ram(struct machine *m, uint64_t pa, uint64_t len, bool write)
{
    return under(m)->ops->ram(under(m), pa, len, write);
}

static enum status load(struct machine *m, uint64_t pa, unsigned size,
                        uint64_t *v)
{
    return under(m)->ops->load(under(m), pa, size, v);
}

static enum status store(struct machine *m, uint64_t pa, unsigned size,
                         uint64_t v)
{
    return under(m)->ops->store(under(m), pa, size, v);
}

static struct stop run(struct machine *m, unsigned hart, uint64_t budget)
{
    struct probe *p = probe_of(m);
    struct stop s;

    p->enter(p->context, hart);
    s = p->under->ops->run(p->under, hart, budget);
    p->leave(p->context, hart, &s);
    return s;
}

static void idle(struct machine *m, unsigned hart, uint64_t n)
{
    under(m)->ops->idle(under(m), hart, n);
}

static void hart_state(struct machine *m, unsigned hart, struct state *s)
{
    under(m)->ops->hart_state(under(m), hart, s);
}

static void attach(struct machine *m, unsigned hart, bool attached)
{
    under(m)->ops->attach(under(m), hart, attached);
}

static const struct machine_ops probe_ops = {
    .reg_get = reg_get,
    .reg_set = reg_set,
    .csr_get = csr_get,
    .csr_set = csr_set,
    .fence = fence,
    .ram = ram,
    .load = load,
    .store = store,
    .run = run,
    .idle = idle,
    .hart_state = hart_state,
    .attach = attach,
};

void probe_init(struct probe *p, struct machine *m)
{
    *p = (struct probe){
        .machine = { &probe_ops, m->isa, m->harts },
        .under = m,
    };
}
