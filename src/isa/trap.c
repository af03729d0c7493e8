/*
 * Trap entry and return, interrupt choice, and the permission of privileged
 * instructions. Privileged manual 1.13: "Privilege and Global Interrupt-Enable
 * Stack in mstatus", "medeleg and mideleg", "mip and mie", "Trap-Return
 * Instructions", "Wait for Interrupt", "Virtualization Support in mstatus";
 * CMO chapter, "Control and Status Register Support".
 */
#include "isa/trap.h"

#include "isa/hole.h"
#include "isa/insn.h"

/* "Traps never transition from a more-privileged mode to a less-privileged
   mode"; of the rest, S-mode takes what M-mode delegates. */
enum trap_route trap_route(const struct csr_file *c, uint64_t cause)
{
    uint64_t code = cause & ~CAUSE_INTERRUPT;
    uint64_t delegated = cause & CAUSE_INTERRUPT ? c->mideleg : c->medeleg;

    if (c->priv == PRIV_M)
        return ROUTE_FROM_M;
    return code > 63 || !(delegated & BIT(code)) ? ROUTE_NOT_DELEGATED
                                                 : ROUTE_DELEGATED;
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
    if (mode != PRIV_M && !hole_in(c->isa, HOLE_mprv_kept))
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

uint64_t system_trap_bit(unsigned op)
{
    switch (op) {
    case INSN_sret:
        return MSTATUS_TSR;
    case INSN_wfi:
        return MSTATUS_TW;
    case INSN_sfence_vma:
    case INSN_sinval_vma:
        return MSTATUS_TVM;
    default: /* of sfence.w.inval, sfence.inval.ir: "unaffected by TVM" */
        return 0;
    }
}

static bool is_supervisor(unsigned op)
{
    return system_trap_bit(op) || op == INSN_sfence_w_inval ||
           op == INSN_sfence_inval_ir;
}

enum system_refusal system_refusal(const struct csr_file *c, unsigned op)
{
    if (c->priv == PRIV_M)
        return SYSTEM_ALLOWED;
    if (op == INSN_mret)
        return SYSTEM_REFUSED_M;
    if (!is_supervisor(op))
        return SYSTEM_ALLOWED;
    if (c->priv == PRIV_U)
        return SYSTEM_REFUSED_U;
    return c->mstatus & system_trap_bit(op) ? SYSTEM_REFUSED_BIT
                                            : SYSTEM_ALLOWED;
}

uint64_t cbo_field(unsigned op)
{
    switch (op) {
    case INSN_cbo_zero:
        return ENVCFG_CBZE;
    case INSN_cbo_clean:
    case INSN_cbo_flush:
        return ENVCFG_CBCFE;
    case INSN_cbo_inval:
        return ENVCFG_CBIE;
    default:
        return 0;
    }
}

/* A cbo.* needs its field nonzero in the envcfg of every mode above. */
enum cbo_refusal cbo_refusal(const struct csr_file *c, unsigned op)
{
    uint64_t field = cbo_field(op);

    if (!field || c->priv == PRIV_M)
        return CBO_ALLOWED;
    if (!(c->menvcfg & field))
        return CBO_REFUSED_MENVCFG;
    return c->priv == PRIV_U && !(c->senvcfg & field) ? CBO_REFUSED_SENVCFG
                                                      : CBO_ALLOWED;
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
void interrupt_look(const struct csr_file *c, struct interrupt_look *l)
{
    l->pending = csr_mip(c);
    l->ready = l->pending & c->mie;
    l->for_m = l->ready & ~c->mideleg;
    l->for_s = l->ready & c->mideleg;
    l->m_open = c->priv < PRIV_M || (c->mstatus & MSTATUS_MIE);
    l->s_open =
        c->priv < PRIV_S || (c->priv == PRIV_S && (c->mstatus & MSTATUS_SIE));
    l->cause = 0;
    if (l->for_m && l->m_open)
        l->cause = first_by_priority(l->for_m);
    else if (l->for_s && l->s_open)
        l->cause = first_by_priority(l->for_s);
}

uint64_t interrupt_choose(const struct csr_file *c)
{
    struct interrupt_look l;

    if (!interrupt_wakes(c)) /* mostly; and a run asks often */
        return 0;
    interrupt_look(c, &l);
    return l.cause;
}

bool interrupt_wakes(const struct csr_file *c)
{
    return (csr_mip(c) & c->mie) != 0;
}
