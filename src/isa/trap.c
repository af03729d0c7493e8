/*
 * Trap entry and return, interrupt choice, and the permission of privileged
 * instructions. Privileged manual 1.13: "Privilege and Global Interrupt-Enable
 * Stack in mstatus", "medeleg and mideleg", "mip and mie", "Trap-Return
 * Instructions", "Wait for Interrupt", "Virtualization Support in mstatus";
 * CMO chapter, "Control and Status Register Support".
 */
#include "isa/trap.h"

#include "isa/insn.h"

/* "Traps never transition from a more-privileged mode to a less-privileged
   mode"; of the rest, S-mode takes what M-mode delegates. */
enum priv trap_target(const struct csr_file *c, uint64_t cause)
{
    uint64_t code = cause & ~CAUSE_INTERRUPT;
    uint64_t delegated = cause & CAUSE_INTERRUPT ? c->mideleg : c->medeleg;

    if (c->priv == PRIV_M || code > 63 || !(delegated & BIT(code)))
        return PRIV_M;
    return PRIV_S;
}

/* Vectored: "interrupts set the pc to BASE plus four times the cause". */
static uint64_t handler(uint64_t tvec, uint64_t cause)
{
    uint64_t base = tvec & ~TVEC_MODE;
    bool vectored = field_get(tvec, TVEC_MODE) == TVEC_VECTORED;

    if (vectored && (cause & CAUSE_INTERRUPT))
        return base + 4 * (cause & ~CAUSE_INTERRUPT);
    return base;
}

/* xPIE holds xIE as it was before the trap; xIE is cleared. */
static uint64_t push_enable(uint64_t status, uint64_t ie, uint64_t pie)
{
    status = field_set(status, pie, field_get(status, ie));
    return status & ~ie;
}

/* xIE is restored from xPIE; xPIE is set to 1. */
static uint64_t pop_enable(uint64_t status, uint64_t ie, uint64_t pie)
{
    status = field_set(status, ie, field_get(status, pie));
    return status | pie;
}

static uint64_t enter_m(struct csr_file *c, struct trap t, uint64_t pc)
{
    c->mepc = pc;
    c->mcause = t.cause;
    c->mtval = t.tval;
    c->mstatus = push_enable(c->mstatus, MSTATUS_MIE, MSTATUS_MPIE);
    c->mstatus = field_set(c->mstatus, MSTATUS_MPP, c->priv);
    c->priv = PRIV_M;
    return handler(c->mtvec, t.cause);
}

static uint64_t enter_s(struct csr_file *c, struct trap t, uint64_t pc)
{
    c->sepc = pc;
    c->scause = t.cause;
    c->stval = t.tval;
    c->mstatus = push_enable(c->mstatus, MSTATUS_SIE, MSTATUS_SPIE);
    c->mstatus = field_set(c->mstatus, MSTATUS_SPP, c->priv);
    c->priv = PRIV_S;
    return handler(c->stvec, t.cause);
}

uint64_t trap_enter(struct csr_file *c, struct trap t, uint64_t pc)
{
    if (trap_target(c, t.cause) == PRIV_M)
        return enter_m(c, t, pc);
    return enter_s(c, t, pc);
}

/* "An MRET or SRET that changes the mode to one less privileged than M also
   sets MPRV=0." */
static void return_to(struct csr_file *c, uint64_t mode)
{
    c->priv = (uint8_t)mode;
    if (mode != PRIV_M)
        c->mstatus &= ~MSTATUS_MPRV;
}

uint64_t trap_mret(struct csr_file *c)
{
    uint64_t mode = field_get(c->mstatus, MSTATUS_MPP);

    c->mstatus = pop_enable(c->mstatus, MSTATUS_MIE, MSTATUS_MPIE);
    c->mstatus = field_set(c->mstatus, MSTATUS_MPP, PRIV_U);
    return_to(c, mode);
    return c->mepc;
}

uint64_t trap_sret(struct csr_file *c)
{
    uint64_t mode = field_get(c->mstatus, MSTATUS_SPP);

    c->mstatus = pop_enable(c->mstatus, MSTATUS_SIE, MSTATUS_SPIE);
    c->mstatus = field_set(c->mstatus, MSTATUS_SPP, PRIV_U);
    return_to(c, mode);
    return c->sepc;
}

bool system_permitted(const struct csr_file *c, unsigned op)
{
    uint64_t trapped_in_s; /* the mstatus bit that makes it illegal in S */

    switch (op) {
    case INSN_mret:
        return c->priv == PRIV_M;
    case INSN_sret:
        trapped_in_s = MSTATUS_TSR;
        break;
    case INSN_wfi:
        trapped_in_s = MSTATUS_TW;
        break;
    case INSN_sfence_vma:
    case INSN_sinval_vma:
        trapped_in_s = MSTATUS_TVM;
        break;
    case INSN_sfence_w_inval: /* "these two are unaffected by TVM" */
    case INSN_sfence_inval_ir:
        trapped_in_s = 0;
        break;
    default:
        return true;
    }
    return c->priv == PRIV_M ||
           (c->priv == PRIV_S && !(c->mstatus & trapped_in_s));
}

/* A cbo.* needs its field nonzero in the envcfg of every mode above. */
bool cbo_permitted(const struct csr_file *c, unsigned op)
{
    uint64_t field;

    switch (op) {
    case INSN_cbo_zero:
        field = ENVCFG_CBZE;
        break;
    case INSN_cbo_clean:
    case INSN_cbo_flush:
        field = ENVCFG_CBCFE;
        break;
    case INSN_cbo_inval:
        field = ENVCFG_CBIE;
        break;
    default:
        return true;
    }
    return (c->priv == PRIV_M || (c->menvcfg & field)) &&
           (c->priv >= PRIV_S || (c->senvcfg & field));
}

/* "Multiple simultaneous interrupts destined for the same privilege mode are
   handled in the following decreasing priority order." */
static const uint8_t priority[] = {
    IRQ_MEI, IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_SSI, IRQ_STI,
};

static uint64_t first_by_priority(uint64_t set)
{
    for (unsigned i = 0; i < sizeof priority; i++) {
        if (set & BIT(priority[i]))
            return CAUSE_INTERRUPT | priority[i];
    }
    return 0;
}

/* Interrupts for a higher mode are always enabled, for a lower one never, for
   the current one by xIE; those for M-mode come first. */
uint64_t interrupt_choose(const struct csr_file *c)
{
    uint64_t ready = csr_mip(c) & c->mie;
    uint64_t for_m = ready & ~c->mideleg, for_s = ready & c->mideleg;

    if (!ready)
        return 0;
    if (for_m && (c->priv < PRIV_M || (c->mstatus & MSTATUS_MIE)))
        return first_by_priority(for_m);
    if (for_s &&
        (c->priv < PRIV_S || (c->priv == PRIV_S && (c->mstatus & MSTATUS_SIE))))
        return first_by_priority(for_s);
    return 0;
}

bool interrupt_wakes(const struct csr_file *c)
{
    return (csr_mip(c) & c->mie) != 0;
}
