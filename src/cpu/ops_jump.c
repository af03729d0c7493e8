/*
 * Control transfer (unprivileged manual, RV64I), and how one block follows
 * another. A link within a page is patched into the block and costs nothing
 * more; across pages, and for computed targets, the context's jump table says
 * which block is at a virtual address.
 */
#include "cpu/op.h"

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

/* On to `target` in another page, or wherever a register says. */
#define JUMP(target)                                                   \
    do {                                                               \
        uint64_t target_ = (target);                                   \
        const struct jump_entry *e_ = &t->jump[jump_index(target_)];   \
        if (LIKELY(e_->va == target_)) {                               \
            int64_t left_ = budget - e_->block->n;                     \
            if (LIKELY(left_ >= 0))                                    \
                DISPATCH(e_->block->ops, target_, left_, t);           \
        }                                                              \
        leave_for(h, target_, budget);                                 \
        STOP;                                                          \
    } while (0)

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

/* "An instruction-address-misaligned exception is raised on a taken branch or
   unconditional jump if the target address is not aligned", which cannot be
   where C is there. The link of such a target is never set. */
static bool target_misaligned(const struct hart *h, uint64_t target)
{
    return (target & 2) && !isa_has(h->csr.isa, EXT_C);
}

OP(take)
{
    uint64_t target = pc + IMM;

    if (UNLIKELY(target_misaligned(h, target))) {
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
    RD = NEXT_PC;
    TAKE;
}

OP(jal_checked)
{
    if (!target_misaligned(h, pc + IMM))
        RD = NEXT_PC;
    TAKE;
}

OP(jalr)
{
    uint64_t target = (RS1 + IMM) & ~UINT64_C(1);

    RD = NEXT_PC;
    JUMP(target);
}

OP(jalr_checked)
{
    uint64_t target = (RS1 + IMM) & ~UINT64_C(1);

    if (target_misaligned(h, target)) {
        memory_fault(h->private_, CAUSE_FETCH_MISALIGNED, target);
        GOTO(op_trap);
    }
    RD = NEXT_PC;
    JUMP(target);
}

#define BRANCH(name, condition) \
    OP(name)                    \
    {                           \
        if (condition)          \
            TAKE;               \
        SKIP;                   \
    }

BRANCH(beq, RS1 == RS2)
BRANCH(bne, RS1 != RS2)
BRANCH(blt, (int64_t)RS1 < (int64_t)RS2)
BRANCH(bge, (int64_t)RS1 >= (int64_t)RS2)
BRANCH(bltu, RS1 < RS2)
BRANCH(bgeu, RS1 >= RS2)
