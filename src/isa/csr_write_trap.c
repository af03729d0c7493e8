/*
 * Writes of the CSRs that rule traps: mstatus and its view sstatus, the
 * interrupt bits, the vectors and the return addresses. Privileged manual
 * 1.13, machine-level and supervisor-level CSRs.
 */
#include "isa/csr_write.h"

/* mstatus as it may stand after `value` is written to the fields of `mask`. */
static uint64_t legal_mstatus(const struct csr_file *c, uint64_t value,
                              uint64_t mask)
{
    const uint64_t plain = MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE |
                           MSTATUS_MPIE | MSTATUS_SPP | MSTATUS_MPRV |
                           MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM |
                           MSTATUS_TW | MSTATUS_TSR;
    uint64_t writable = plain, next;

    if (field_get(value, MSTATUS_MPP) != 2)
        writable |= MSTATUS_MPP;
    if (isa_has(c->isa, EXT_F))
        writable |= MSTATUS_FS;
    next = bits_merge(c->mstatus, value, writable & mask);
    if (field_get(next, MSTATUS_FS) == FS_DIRTY)
        return next | MSTATUS_SD;
    return next & ~MSTATUS_SD;
}

static unsigned mstatus_effects(uint64_t old, uint64_t next)
{
    uint64_t changed = old ^ next;
    unsigned effects = 0;

    /* MPP acts on loads and stores only while MPRV is set. */
    if ((changed & (MSTATUS_SUM | MSTATUS_MXR | MSTATUS_MPRV)) ||
        ((changed & MSTATUS_MPP) && (next & MSTATUS_MPRV)))
        effects |= CSR_EFFECT_TRANSLATION;
    if (changed & (MSTATUS_SIE | MSTATUS_MIE))
        effects |= CSR_EFFECT_INTERRUPT;
    if (changed & MSTATUS_FS)
        effects |= CSR_EFFECT_FP;
    return effects;
}

static unsigned write_status(struct csr_file *c, uint64_t value, uint64_t mask)
{
    uint64_t old = c->mstatus;

    c->mstatus = legal_mstatus(c, value, mask);
    return mstatus_effects(old, c->mstatus);
}

unsigned csr_write_mstatus(struct csr_file *c, unsigned csr, uint64_t value)
{
    (void)csr;
    return write_status(c, value, ~UINT64_C(0));
}

unsigned csr_write_sstatus(struct csr_file *c, unsigned csr, uint64_t value)
{
    (void)csr;
    return write_status(c, value, SSTATUS_VIEW);
}

/* sie writes through to the delegated bits of mie. */
unsigned csr_write_sie(struct csr_file *c, unsigned csr, uint64_t value)
{
    uint64_t old = c->mie;

    (void)csr;
    c->mie = bits_merge(old, value, c->mideleg);
    return c->mie != old ? CSR_EFFECT_INTERRUPT : 0;
}

/* STIP belongs to the comparator while STCE is set. */
unsigned csr_write_mip(struct csr_file *c, unsigned csr, uint64_t value)
{
    uint64_t old = c->mip, writable = BIT(IRQ_SSI) | BIT(IRQ_SEI);

    (void)csr;
    if (!(c->menvcfg & MENVCFG_STCE))
        writable |= BIT(IRQ_STI);
    c->mip = bits_merge(old, value, writable);
    return c->mip != old ? CSR_EFFECT_INTERRUPT : 0;
}

/* Of sip only SSIP is writable, and only where it is delegated. */
unsigned csr_write_sip(struct csr_file *c, unsigned csr, uint64_t value)
{
    uint64_t old = c->mip;

    (void)csr;
    c->mip = bits_merge(old, value, BIT(IRQ_SSI) & c->mideleg);
    return c->mip != old ? CSR_EFFECT_INTERRUPT : 0;
}

unsigned csr_write_tvec(struct csr_file *c, unsigned csr, uint64_t value)
{
    if (field_get(value, TVEC_MODE) <= TVEC_VECTORED)
        *(csr == CSR_mtvec ? &c->mtvec : &c->stvec) = value;
    return 0;
}

unsigned csr_write_epc(struct csr_file *c, unsigned csr, uint64_t value)
{
    uint64_t low = isa_has(c->isa, EXT_C) ? 1 : 3;

    *(csr == CSR_mepc ? &c->mepc : &c->sepc) = value & ~low;
    return 0;
}
