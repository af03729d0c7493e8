/*
 * Loads and stores (unprivileged manual, RV64I, F and D). The fast path is a
 * TLB hit; whatever it does not cover (a miss, misaligned, device, code being
 * written) is hart_load's and hart_store's, in a handler of its own.
 */
#include "cpu/bodies.h"
#include "cpu/fpu.h"

#define LOAD_FORM(handler, name, address, set, guard) \
    OP(handler)                                       \
    {                                                 \
        guard;                                        \
        BODY_LOAD_TO(name, set, address);             \
        NEXT;                                         \
    }

#define LOAD(name, offset, set, guard)                                     \
    OP(name##_slow)                                                        \
    {                                                                      \
        enum outcome r = hart_load(h, o, budget, RS1 + (offset),           \
                                   sizeof(loaded_##name));                 \
        if (r != ACCESS_TRAP) {                                            \
            loaded_##name v = (loaded_##name)h->private_->value;           \
            set(v);                                                        \
        }                                                                  \
        AFTER(r);                                                          \
    }                                                                      \
    LOAD_FORM(name, name, RS1 + (offset), set, guard)                      \
    LOAD_FORM(name##_1, name, acc + (offset), set, guard)

#define STORE_FORM(handler, name, address, value, guard) \
    OP(handler)                                          \
    {                                                    \
        guard;                                           \
        BODY_STORE_OF(name, address, value);             \
        NEXT;                                            \
    }

#define STORE(name, offset, value, guard)                                  \
    OP(name##_slow)                                                        \
    {                                                                      \
        AFTER(hart_store(h, o, budget, RS1 + (offset),                     \
                         sizeof(stored_##name), (stored_##name)(value)));  \
    }                                                                      \
    STORE_FORM(name, name, RS1 + (offset), value, guard)                   \
    STORE_FORM(name##_1, name, acc + (offset), value, guard)

#define NOTHING (void)0
#define LOAD_X(name) LOAD(name, IMM, SET_X, NOTHING)
#define STORE_X(name)               \
    STORE(name, IMM, RS2, NOTHING)  \
    STORE_FORM(name##_2, name, RS1 + IMM, acc, NOTHING)

LOAD_X(lb)
LOAD_X(lh)
LOAD_X(lw)
LOAD_X(ld)
LOAD_X(lbu)
LOAD_X(lhu)
LOAD_X(lwu)

STORE_X(sb)
STORE_X(sh)
STORE_X(sw)
STORE_X(sd)

/*
 * FP loads and stores keep their offset in the upper 12 bits of imm; the lower
 * 16 are the instruction's own bits if it is compressed, else zero. So the
 * illegal instruction that they are while FS is Off can be named.
 */
#define FP_OFFSET ((uint64_t)(int64_t)(o->imm >> 20))
#define FP_GUARD(handler)                             \
    do {                                              \
        if (UNLIKELY(fp_is_off(&h->csr)))             \
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

LOAD(flw, FP_OFFSET, SET_S, FP_GUARD(op_flw_off))
LOAD(fld, FP_OFFSET, SET_D, FP_GUARD(op_fld_off))
STORE(fsw, FP_OFFSET, h->f[o->rs2], FP_GUARD(op_fsw_off))
STORE(fsd, FP_OFFSET, h->f[o->rs2], FP_GUARD(op_fsd_off))
