/*
 * CSR instructions, environment calls, trap returns, wfi, and the fences of
 * address translation (unprivileged manual, Zicsr; privileged manual, machine
 * and supervisor instructions). Each ends its block. imm has the instruction's
 * own bits.
 */
#include "cpu/op.h"

#define RAW ((uint32_t)o->imm)

enum csr_kind { KIND_WRITE, KIND_SET, KIND_CLEAR };

static uint64_t csr_new_value(const struct csr_file *c, unsigned csr,
                              enum csr_kind kind, uint64_t operand)
{
    if (kind == KIND_WRITE)
        return operand;
    if (kind == KIND_SET)
        return csr_rmw_base(c, csr) | operand;
    return csr_rmw_base(c, csr) & ~operand;
}

/* What has to happen because of a write's effects before the next
   instruction. */
static enum outcome csr_effects(struct hart *h, unsigned effects)
{
    struct hart_private *p = h->private_;

    if (effects & (CSR_EFFECT_PMP | CSR_EFFECT_ENVCFG))
        context_check(h);
    if (effects & CSR_EFFECT_TIMER)
        p->leave = LEAVE_EVENT;
    else
        p->leave = LEAVE_CHECK;
    return effects & ~(unsigned)CSR_EFFECT_FP ? ACCESS_END : ACCESS_DONE;
}

/*
 * csrrs and csrrc of x0 do not write; csrrw to x0 does not read. A read sees
 * the counts of the instructions before this one; a write of a counter
 * overrides this one's own increment.
 */
static NOINLINE enum outcome csr_access(struct hart *h, const struct op *o,
                                        int64_t budget, enum csr_kind kind,
                                        uint64_t operand)
{
    struct csr_file *c = &h->csr;
    unsigned csr = RAW >> 20, effects = 0;
    bool write = kind == KIND_WRITE || o->rs1 != 0;
    uint64_t old = 0, new = 0;

    hart_sync(h, budget + 1);
    if (!csr_permitted(c, csr, write)) {
        memory_fault(h->private_, CAUSE_ILLEGAL, RAW);
        return ACCESS_TRAP;
    }
    if (kind != KIND_WRITE || o->rd != HART_X_SINK)
        old = csr_read(c, csr);
    if (write) {
        new = csr_new_value(c, csr, kind, operand);
        c->count++;
        c->instret++;
        effects = csr_write(c, csr, new);
    }
    RD = old;
    return csr_effects(h, effects);
}

/* With nothing to look at, the block that follows is entered at once. */
#define CSR_OP(name, kind, operand)                             \
    OP(name)                                                    \
    {                                                           \
        switch (csr_access(h, o, budget, kind, operand)) {      \
        case ACCESS_DONE:                                       \
            SKIP;                                               \
        case ACCESS_TRAP:                                       \
            GOTO(op_trap);                                      \
        default:                                                \
            h->pc = NEXT_PC;                                    \
            h->private_->left = budget;                         \
            STOP;                                               \
        }                                                       \
    }

CSR_OP(csrrw, KIND_WRITE, RS1)
CSR_OP(csrrs, KIND_SET, RS1)
CSR_OP(csrrc, KIND_CLEAR, RS1)
CSR_OP(csrrwi, KIND_WRITE, o->rs1)
CSR_OP(csrrsi, KIND_SET, o->rs1)
CSR_OP(csrrci, KIND_CLEAR, o->rs1)

OP(illegal_raw)
{
    memory_fault(h->private_, CAUSE_ILLEGAL, RAW);
    GOTO(op_trap);
}

OP(illegal)
{
    GOTO(op_illegal_raw);
}

/* The cause's number is that of U-mode's plus the mode. */
OP(ecall)
{
    memory_fault(h->private_, CAUSE_ECALL_U + h->csr.priv, 0);
    GOTO(op_trap);
}

OP(ebreak)
{
    memory_fault(h->private_, CAUSE_BREAKPOINT, PC);
    GOTO(op_trap);
}

#define XRET(name)                                        \
    OP(name)                                              \
    {                                                     \
        if (!system_permitted(&h->csr, INSN_##name))      \
            GOTO(op_illegal_raw);                         \
        h->pc = trap_##name(&h->csr);                     \
        h->private_->left = budget;                       \
        h->private_->leave = LEAVE_LOOKUP;                \
        STOP;                                             \
    }

XRET(mret)
XRET(sret)

/* It retires; whether the hart then waits is the loop's business. */
OP(wfi)
{
    if (!system_permitted(&h->csr, INSN_wfi))
        GOTO(op_illegal_raw);
    h->pc = NEXT_PC;
    h->private_->left = budget;
    h->private_->leave = LEAVE_WAIT;
    STOP;
}

/* rs1 = x0: all addresses; rs2 = x0: all address spaces. */
static NOINLINE void fence_vma(struct hart *h, const struct op *o)
{
    uint64_t va = RS1, asid = RS2;

    hart_fence(h, o->rs1 ? &va : NULL, o->rs2 ? &asid : NULL);
}

#define FENCE_VMA(name)                              \
    OP(name)                                         \
    {                                                \
        if (!system_permitted(&h->csr, INSN_##name)) \
            GOTO(op_illegal_raw);                    \
        fence_vma(h, o);                             \
        GOTO(op_check);                              \
    }

FENCE_VMA(sfence_vma)
FENCE_VMA(sinval_vma)

/* What sinval.vma drops is dropped at once: its two fences order nothing. */
#define FENCE_INVAL(name)                            \
    OP(name)                                         \
    {                                                \
        if (!system_permitted(&h->csr, INSN_##name)) \
            GOTO(op_illegal_raw);                    \
        SKIP;                                        \
    }

FENCE_INVAL(sfence_w_inval)
FENCE_INVAL(sfence_inval_ir)

/* Instruction memory is coherent. */
OP(fence_i)
{
    SKIP;
}
