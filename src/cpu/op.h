/*
 * Inside src/cpu only: how a handler is written. OP(name) { … } is the one
 * semantic body of instruction `name`; it ends in one of
 *
 *   NEXT           the next operation of the block
 *   TAKE, SKIP     the block that follows: jumping, not jumping
 *   GOTO(op)       another handler carries on with the same operation
 *   AFTER(outcome) what an access said
 *   STOP           back to the loop in run.c, hart_private says why
 *
 * Each is a tail call, so that the hot values stay in host registers and the
 * stack does not grow. Where the compiler cannot promise that (no optimiser,
 * sanitizers) the handler notes what is next and returns to a loop.
 */
#ifndef POGO_CPU_OP_H
#define POGO_CPU_OP_H

#include "cpu/engine.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || \
    __has_feature(undefined_behavior_sanitizer) || \
    __has_feature(memory_sanitizer)
#define OP_TRAMPOLINE 1
#endif
#endif
#if !defined(__OPTIMIZE__) || defined(__SANITIZE_ADDRESS__) || \
    defined(POGO_TRAMPOLINE)
#undef OP_TRAMPOLINE
#define OP_TRAMPOLINE 1
#endif

#ifdef __clang__
#define MUSTTAIL __attribute__((musttail))
#else
#define MUSTTAIL /* gcc makes sibling calls of these from -O2 on */
#endif

#define OP(name) void op_##name(OP_ARGS)

#ifdef OP_TRAMPOLINE
#define DISPATCH(to, base, left, tlb)             \
    do {                                          \
        struct hart_private *p_ = h->private_;    \
        p_->next = (to);                          \
        p_->next_pc = (base);                     \
        p_->next_budget = (left);                 \
        p_->next_context = (tlb);                 \
        p_->next_acc = acc;                       \
        return;                                   \
    } while (0)
#define STOP                         \
    do {                             \
        h->private_->next = NULL;    \
        return;                      \
    } while (0)
#else
#define DISPATCH(to, base, left, tlb)                                     \
    do {                                                                  \
        const struct op *next_ = (to);                                    \
        MUSTTAIL return next_->run(h, next_, (base), (left), (tlb), acc); \
    } while (0)
#define STOP return
#endif

/* The same arguments for another handler: always a plain tail call. */
#define GOTO(handler)                                      \
    do {                                                   \
        MUSTTAIL return handler(h, o, pc, budget, t, acc); \
    } while (0)

#define NEXT DISPATCH(o + 1, pc, budget, t)

/* Enters the block in link slot `slot`; if it cannot be entered (not known
   yet, dead, budget too small), `otherwise` finds out what to do. */
#define ENTER(slot, base, otherwise)                     \
    do {                                                 \
        const struct block *b_ = o[slot].link;           \
        int64_t left_ = budget - b_->n;                  \
        if (LIKELY(left_ >= 0))                          \
            DISPATCH(b_->ops, (base), left_, t);         \
        GOTO(otherwise);                                 \
    } while (0)
#define LINK_SKIP 2 /* seen from the last instruction */
#define LINK_TAKE 3

/* A pc-relative immediate is relative to the block's start. */
#define TAKE ENTER(LINK_TAKE, pc + (uint64_t)(int64_t)o->imm, op_take)
#define SKIP ENTER(LINK_SKIP, NEXT_PC, op_skip)

#define AFTER(result)                        \
    do {                                     \
        enum outcome outcome_ = (result);    \
        if (LIKELY(outcome_ == ACCESS_DONE)) \
            NEXT;                            \
        if (outcome_ == ACCESS_TRAP)         \
            GOTO(op_trap);                   \
        GOTO(op_check);                      \
    } while (0)

/* The operation's operands. */
#define RD (h->x[o->rd])
#define RS1 (h->x[o->rs1])
#define RS2 (h->x[o->rs2])
#define IMM ((uint64_t)(int64_t)o->imm)
#define PC (pc + 2u * o->at)
#define NEXT_PC (pc + 2u * o[1].at)
#define WORD(v) ((uint64_t)(int64_t)(int32_t)(v)) /* W forms sign-extend */

/* Ways to carry on; run.c, ops_jump.c. */
OP(trap);     /* the operation raises hart_private.trap */
OP(illegal_raw); /* … illegal instruction; imm has its bits */
OP(check);    /* done; the loop looks at events before the next one */
OP(take);     /* TAKE and SKIP, the slow way */
OP(skip);
OP(break);    /* … of a block that begins at a stop point */
OP(end);      /* sentinel of a block: go on with the one that follows */
OP(leave);    /* sentinel of a scratch block: back to the loop */
OP(leave_for); /* back to the loop, to go on at `acc` */

/* ops_jump.c, for machines without C: jumps that check their targets. */
OP(jal_checked);
OP(jalr_checked);

/*
 * One handler an instruction; and for those that the accumulator can serve,
 * one that takes rs1 from it (name_1), and one that takes rs2 (name_2).
 * FORMS(class, format)(each, name) does `each` with them.
 */
enum form { FORM_REGISTERS, FORM_RS1, FORM_RS2, FORMS };

#define FORMS_0(each, name) each(name, name, name, name)
#define FORMS_1(each, name) each(name, name, name##_1, name)
#define FORMS_2(each, name) each(name, name, name##_1, name##_2)
#define FORMS_ALU_R FORMS_2
#define FORMS_ALU_I FORMS_1
#define FORMS_ALU_SHIFT FORMS_1
#define FORMS_ALU_UNARY FORMS_1
#define FORMS_ALU_U FORMS_0
#define FORMS_ALU(each, format, name) FORMS_ALU_##format(each, name)
#define FORMS_LOAD(each, format, name) FORMS_1(each, name)
#define FORMS_STORE_STORE FORMS_2
#define FORMS_STORE_FP_STORE FORMS_1
#define FORMS_STORE(each, format, name) FORMS_STORE_##format(each, name)
#define FORMS_AMO(each, format, name) FORMS_0(each, name)
#define FORMS_BRANCH(each, format, name) FORMS_2(each, name)
#define FORMS_JUMP_JAL FORMS_0
#define FORMS_JUMP_JALR FORMS_1
#define FORMS_JUMP(each, format, name) FORMS_JUMP_##format(each, name)
#define FORMS_FENCE(each, format, name) FORMS_0(each, name)
#define FORMS_FP(each, format, name) FORMS_0(each, name)
#define FORMS_CSR(each, format, name) FORMS_0(each, name)
#define FORMS_SYSTEM(each, format, name) FORMS_0(each, name)

#define DECLARE(name, form_0, form_1, form_2) \
    OP(form_0); OP(form_1); OP(form_2);
#define INSN(name, mnemonic, match, mask, format, ext, class) \
    FORMS_##class(DECLARE, format, name)
#include "isa/insn.def"
#undef INSN
#undef DECLARE
OP(illegal);

/* ops_memory.c: accesses that miss the TLB. */
OP(lb_slow); OP(lh_slow); OP(lw_slow); OP(ld_slow);
OP(lbu_slow); OP(lhu_slow); OP(lwu_slow); OP(flw_slow); OP(fld_slow);
OP(sb_slow); OP(sh_slow); OP(sw_slow); OP(sd_slow); OP(fsw_slow); OP(fsd_slow);

#endif
