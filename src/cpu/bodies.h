/*
 * What the common instructions do, as statements of a handler: each macro is
 * the one body from which the handler of the instruction alone (ops_alu.c,
 * ops_memory.c, ops_jump.c) and those of pairs (ops_pair_*.c) are made. `a` and
 * `b` say where rs1 and rs2 come from: RS1 or acc, RS2 or acc. Where a body
 * ends, the instruction is done and `acc` is what it wrote to rd; it may also
 * have left for another handler, which carries on with this operation.
 */
#ifndef POGO_CPU_BODIES_H
#define POGO_CPU_BODIES_H

#include <string.h>

#include "cpu/alu.h"
#include "cpu/alu_bits.h"
#include "isa/branch.h"

#define BODY_ALU(name, a, b)                   \
    do {                                       \
        acc = value_##name((a), (b), IMM, pc); \
        RD = acc;                              \
    } while (0)

/* Of va, all that a tag has: the page, and the bits natural alignment wants
   zero. */
#define TAGGED(va, size) ((va) & (~PAGE_MASK | ((size) - 1)))
#define HOST(va, entry) ((void *)(uintptr_t)((va) + (entry)->addend))

/* As the value is in memory; extension is as the type's. */
typedef int8_t loaded_lb;
typedef int16_t loaded_lh;
typedef int32_t loaded_lw;
typedef uint64_t loaded_ld;
typedef uint8_t loaded_lbu;
typedef uint16_t loaded_lhu;
typedef uint32_t loaded_lwu;
typedef uint32_t loaded_flw;
typedef uint64_t loaded_fld;
typedef uint8_t stored_sb;
typedef uint16_t stored_sh;
typedef uint32_t stored_sw;
typedef uint64_t stored_sd;
typedef uint32_t stored_fsw;
typedef uint64_t stored_fsd;

/* The fast path: a TLB hit. `set` receives the value. */
#define BODY_LOAD_TO(name, set, address)                         \
    do {                                                         \
        uint64_t va_ = (address);                                \
        const struct tlb_entry *e_ = &t->load[tlb_index(va_)];   \
        loaded_##name v_;                                        \
        if (UNLIKELY(TAGGED(va_, sizeof v_) != e_->tag))         \
            GOTO(op_##name##_slow);                              \
        memcpy(&v_, HOST(va_, e_), sizeof v_);                   \
        set(v_);                                                 \
    } while (0)

#define BODY_STORE_OF(name, address, value)                      \
    do {                                                         \
        uint64_t va_ = (address);                                \
        const struct tlb_entry *e_ = &t->store[tlb_index(va_)];  \
        stored_##name v_ = (stored_##name)(value);               \
        if (UNLIKELY(TAGGED(va_, sizeof v_) != e_->tag))         \
            GOTO(op_##name##_slow);                              \
        memcpy(HOST(va_, e_), &v_, sizeof v_);                   \
    } while (0)

#define SET_X(v) (RD = acc = (uint64_t)(int64_t)(v))
#define BODY_LOAD(name, a, b) BODY_LOAD_TO(name, SET_X, (a) + IMM)
#define BODY_STORE(name, a, b) BODY_STORE_OF(name, (a) + IMM, b)

#define BODY_BRANCH(name, a, b)          \
    do {                                 \
        if (taken_##name((a), (b)))      \
            TAKE;                        \
        SKIP;                            \
    } while (0)

#define BODY_JAL(name, a, b) \
    do {                     \
        RD = NEXT_PC;        \
        TAKE;                \
    } while (0)

/* On to `target` in another page, or wherever a register says. */
#define JUMP(target)                                                   \
    do {                                                               \
        uint64_t target_ = (target);                                   \
        const struct jump_entry *e_ = &t->jump[jump_index(target_)]; \
        if (LIKELY(e_->va == target_)) {                               \
            int64_t left_ = budget - e_->block->n;                     \
            if (LIKELY(left_ >= 0))                                    \
                DISPATCH(e_->block->ops, target_, left_, t);           \
        }                                                              \
        acc = target_;                                                 \
        GOTO(op_leave_for);                                            \
    } while (0)

#define BODY_JALR(name, a, b)                         \
    do {                                              \
        uint64_t to_ = ((a) + IMM) & ~UINT64_C(1);    \
        RD = NEXT_PC;                                 \
        JUMP(to_);                                    \
    } while (0)

#endif
