/*
 * Control transfer (unprivileged manual, RV64I), and how one block follows
 * another. A link within a page is patched into the block and costs nothing
 * more; across pages, and for computed targets, the context's jump table says
 * which block is at a virtual address.
 */
#include "cpu/bodies.h"

/* Leaves for the loop in run.c, to go on at `target`. */
static void leave_for(struct hart *h, uint64_t target, int64_t budget)
{
    struct hart_private *p = h->private_;

    h->pc = target;
    p->left = budget;
    p->leave = LEAVE_LOOKUP;
}

OP(leave)
{
    (void)t;
    leave_for(h, PC, budget);
    STOP;
}

/* The target is in the accumulator. */
OP(leave_for)
{
    (void)pc, (void)t, (void)o;
    leave_for(h, acc, budget);
    STOP;
}

/* The way on through link slot `s`: within the page the loop is to set it. */
#define FOLLOW(s, target)                                     \
    do {                                                      \
        if (o[s].run) {                                       \
            h->private_->link = (struct op *)(uintptr_t)&o[s]; \
            leave_for(h, (target), budget);                   \
            STOP;                                             \
        }                                                     \
        JUMP(target);                                         \
    } while (0)

OP(take)
{
    uint64_t target = pc + IMM; /* if misaligned, its link is never set */

    if (UNLIKELY(target_misaligned(h->csr.isa, target))) {
        memory_fault(h->private_, CAUSE_FETCH_MISALIGNED, target);
        GOTO(op_trap);
    }
    FOLLOW(LINK_TAKE, target);
}

OP(skip)
{
    FOLLOW(LINK_SKIP, NEXT_PC);
}

static OP(end_slow)
{
    FOLLOW(LINK_SKIP - 1, PC);
}

OP(end)
{
    ENTER(LINK_SKIP - 1, PC, op_end_slow);
}

OP(jal)
{
    BODY_JAL(jal, , );
}

OP(jal_checked)
{
    if (!target_misaligned(h->csr.isa, pc + IMM))
        RD = NEXT_PC;
    TAKE;
}

#define JALR_FORM(handler, base)     \
    OP(handler)                      \
    {                                \
        BODY_JALR(jalr, base, );     \
    }

JALR_FORM(jalr, RS1)
JALR_FORM(jalr_1, acc)

OP(jalr_checked)
{
    uint64_t target = (RS1 + IMM) & ~UINT64_C(1);

    if (target_misaligned(h->csr.isa, target)) {
        memory_fault(h->private_, CAUSE_FETCH_MISALIGNED, target);
        GOTO(op_trap);
    }
    RD = NEXT_PC;
    JUMP(target);
}

#define BRANCH_FORM(handler, name, a, b) \
    OP(handler)                          \
    {                                    \
        BODY_BRANCH(name, a, b);         \
    }
#define BRANCH(name)                       \
    BRANCH_FORM(name, name, RS1, RS2)      \
    BRANCH_FORM(name##_1, name, acc, RS2)  \
    BRANCH_FORM(name##_2, name, RS1, acc)

BRANCH(beq)
BRANCH(bne)
BRANCH(blt)
BRANCH(bge)
BRANCH(bltu)
BRANCH(bgeu)
