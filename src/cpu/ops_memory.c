/*
 * Loads and stores (unprivileged manual, RV64I, F and D). The fast path is a
 * TLB hit; whatever it does not cover (a miss, misaligned, device, code being
 * written) is hart_load's and hart_store's, in a handler of its own.
 */
#include <string.h>

#include "cpu/fpu.h"
#include "cpu/op.h"

/* Of va, all that a tag has: the page, and the bits natural alignment wants
   zero. */
#define TAGGED(va, size) ((va) & (~PAGE_MASK | ((size) - 1)))
#define HOST(va, entry) ((void *)(uintptr_t)((va) + (entry)->addend))

/* SET receives the value as `type`, as it is in memory. */
#define LOAD(name, type, address, set, guard)                              \
    static NOINLINE OP(name##_slow)                                        \
    {                                                                      \
        enum outcome r = hart_load(h, o, budget, (address), sizeof(type)); \
        if (r != ACCESS_TRAP) {                                            \
            type v = (type)h->private_->value;                             \
            set(v);                                                        \
        }                                                                  \
        AFTER(r);                                                          \
    }                                                                      \
    OP(name)                                                               \
    {                                                                      \
        guard;                                                             \
        uint64_t va = (address);                                           \
        const struct tlb_entry *e = &t->load[tlb_index(va)];               \
        if (LIKELY(TAGGED(va, sizeof(type)) == e->tag)) {                  \
            type v;                                                        \
            memcpy(&v, HOST(va, e), sizeof v);                             \
            set(v);                                                        \
            NEXT;                                                          \
        }                                                                  \
        GOTO(op_##name##_slow);                                            \
    }

#define STORE(name, type, address, value, guard)                           \
    static NOINLINE OP(name##_slow)                                        \
    {                                                                      \
        AFTER(hart_store(h, o, budget, (address), sizeof(type),            \
                         (type)(value)));                                  \
    }                                                                      \
    OP(name)                                                               \
    {                                                                      \
        guard;                                                             \
        uint64_t va = (address);                                           \
        const struct tlb_entry *e = &t->store[tlb_index(va)];              \
        if (LIKELY(TAGGED(va, sizeof(type)) == e->tag)) {                  \
            type v = (type)(value);                                        \
            memcpy(HOST(va, e), &v, sizeof v);                             \
            NEXT;                                                          \
        }                                                                  \
        GOTO(op_##name##_slow);                                            \
    }

#define NOTHING (void)0
#define SET_X(v) (RD = (uint64_t)(int64_t)(v)) /* widens as its type does */

#define LOAD_X(name, type) LOAD(name, type, RS1 + IMM, SET_X, NOTHING)
#define STORE_X(name, type) STORE(name, type, RS1 + IMM, RS2, NOTHING)

LOAD_X(lb, int8_t)
LOAD_X(lh, int16_t)
LOAD_X(lw, int32_t)
LOAD_X(ld, uint64_t)
LOAD_X(lbu, uint8_t)
LOAD_X(lhu, uint16_t)
LOAD_X(lwu, uint32_t)

STORE_X(sb, uint8_t)
STORE_X(sh, uint16_t)
STORE_X(sw, uint32_t)
STORE_X(sd, uint64_t)

/*
 * FP loads and stores keep their offset in the upper 12 bits of imm; the lower
 * 16 are the instruction's own bits if it is compressed, else zero. So the
 * illegal instruction that they are while FS is Off can be named.
 */
#define FP_ADDRESS (RS1 + (uint64_t)(int64_t)(o->imm >> 20))
#define FP_GUARD(handler)                             \
    do {                                              \
        if (UNLIKELY(!(h->csr.mstatus & MSTATUS_FS))) \
            GOTO(handler);                            \
    } while (0)
#define SET_D(v)                                      \
    do {                                              \
        h->csr.mstatus |= MSTATUS_FS | MSTATUS_SD;    \
        h->f[o->rd] = (v);                            \
    } while (0)
#define SET_S(v) SET_D(f32_box(v))

static NOINLINE void off_trap(struct hart *h, const struct op *o, uint32_t raw)
{
    uint32_t compressed = (uint32_t)o->imm & 0xffff;

    memory_fault(h->private_, CAUSE_ILLEGAL, compressed ? compressed : raw);
}

/* The bits of the uncompressed instruction, put together again. */
static uint32_t load_bits(const struct op *o, uint32_t funct3)
{
    return ((uint32_t)o->imm & 0xfff00000) | (uint32_t)o->rs1 << 15 |
           funct3 << 12 | (uint32_t)o->rd << 7 | 0x07;
}

static uint32_t store_bits(const struct op *o, uint32_t funct3)
{
    uint32_t imm = (uint32_t)o->imm >> 20;

    return imm >> 5 << 25 | (uint32_t)o->rs2 << 20 | (uint32_t)o->rs1 << 15 |
           funct3 << 12 | (imm & 31) << 7 | 0x27;
}

#define FP_OFF(name, bits, funct3)             \
    static NOINLINE OP(name##_off)             \
    {                                          \
        off_trap(h, o, bits(o, funct3));       \
        GOTO(op_trap);                         \
    }

FP_OFF(flw, load_bits, 2)
FP_OFF(fld, load_bits, 3)
FP_OFF(fsw, store_bits, 2)
FP_OFF(fsd, store_bits, 3)

LOAD(flw, uint32_t, FP_ADDRESS, SET_S, FP_GUARD(op_flw_off))
LOAD(fld, uint64_t, FP_ADDRESS, SET_D, FP_GUARD(op_fld_off))
STORE(fsw, uint32_t, FP_ADDRESS, h->f[o->rs2], FP_GUARD(op_fsw_off))
STORE(fsd, uint64_t, FP_ADDRESS, h->f[o->rs2], FP_GUARD(op_fsd_off))
