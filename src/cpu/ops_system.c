/*
 * CSR instructions, environment calls, trap returns, wfi, and the fences of
 * address translation (unprivileged manual, Zicsr; privileged manual, machine
 * and supervisor instructions). Each ends its block. imm has the instruction's
 * own bits.
 */
#include "cpu/op.h"
#include "isa/csr_insn.h"
#include "isa/hole.h"

#define RAW ((uint32_t)o->imm)

/* What has to happen because of a write's effects before the next
   instruction. */
static enum outcome csr_effects(struct hart *h, unsigned effects)
{
    struct hart_private *p = h->private_;

    if (translation_rules_change(effects))
        context_drop_all(h);
    if (effects & CSR_EFFECT_TIMER)
        p->leave = LEAVE_EVENT;
    else
        p->leave = LEAVE_CHECK;
    return effects & ~(unsigned)CSR_EFFECT_FP ? ACCESS_END : ACCESS_DONE;
}

static NOINLINE enum outcome csr_access(struct hart *h, const struct op *o,
                                        int64_t budget,
                                        enum csr_operation operation,
                                        uint64_t operand)
{
    const struct csr_access a = {
        .csr = (uint16_t)(RAW >> 20),
        .operation = operation,
        .read = operation != CSR_SWAP || o->rd != HART_X_SINK,
        .write = operation == CSR_SWAP || o->rs1 != 0,
        .operand = operand,
    };
    unsigned effects;
    uint64_t old;

    hart_sync(h, budget + 1);
    if (!csr_execute(&h->csr, &a, &old, &effects))
        return ACCESS_TRAP;
    RD = old;
    return csr_effects(h, effects);
}

/* With nothing to look at, the block that follows is entered at once. */
#define CSR_OP(name, operation, operand)                        \
    OP(name)                                                    \
    {                                                           \
        switch (csr_access(h, o, budget, operation, operand)) { \
        case ACCESS_DONE:                                       \
            SKIP;                                               \
        case ACCESS_TRAP:                                       \
            GOTO(op_illegal_raw);                               \
        default:                                                \
            h->pc = NEXT_PC;                                    \
            h->private_->left = budget;                         \
            STOP;                                               \
        }                                                       \
    }

CSR_OP(csrrw, CSR_SWAP, RS1)
CSR_OP(csrrs, CSR_SET, RS1)
CSR_OP(csrrc, CSR_CLEAR, RS1)
CSR_OP(csrrwi, CSR_SWAP, o->rs1)
CSR_OP(csrrsi, CSR_SET, o->rs1)
CSR_OP(csrrci, CSR_CLEAR, o->rs1)

/*
 * What traps on hardware as it should be; on one with holes it may do something
 * else instead. True: it has done that.
 */
static NOINLINE bool absorbed(struct hart *h, const struct op *o,
                              uint64_t next_pc, int64_t budget)
{
    struct hart_private *p = h->private_;
    struct hole_effect e;

    hart_sync(h, budget + ops_left(o));
    if (!hole_instead(&h->csr, RAW, &e))
        return false;
    if (e.writes_rd && e.rd)
        h->x[e.rd] = e.value;
    h->pc = e.jump ? e.pc : next_pc;
    p->left = budget;
    p->leave = LEAVE_LOOKUP;
    return true;
}

#define UNLESS_ABSORBED                             \
    do {                                            \
        if (UNLIKELY(h->csr.isa->holes) &&          \
            absorbed(h, o, NEXT_PC, budget))        \
            STOP;                                   \
    } while (0)

OP(illegal_raw)
{
    UNLESS_ABSORBED;
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
    UNLESS_ABSORBED;
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
