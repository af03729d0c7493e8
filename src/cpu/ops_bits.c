/* Bit manipulation: Zba, Zbb, Zbs and Zicond (unprivileged manual, "B" and
 * "Zicond" chapters). */
#include "cpu/op.h"

#define ALU(name, value) \
    OP(name)             \
    {                    \
        RD = (value);    \
        NEXT;            \
    }

/* Zba: .uw takes the low word of rs1, zero-extended. */
ALU(add_uw, (uint32_t)RS1 + RS2)
ALU(sh1add, (RS1 << 1) + RS2)
ALU(sh2add, (RS1 << 2) + RS2)
ALU(sh3add, (RS1 << 3) + RS2)
ALU(sh1add_uw, ((uint64_t)(uint32_t)RS1 << 1) + RS2)
ALU(sh2add_uw, ((uint64_t)(uint32_t)RS1 << 2) + RS2)
ALU(sh3add_uw, ((uint64_t)(uint32_t)RS1 << 3) + RS2)
ALU(slli_uw, (uint64_t)(uint32_t)RS1 << o->imm)

/* Zbb */
ALU(andn, RS1 & ~RS2)
ALU(orn, RS1 | ~RS2)
ALU(xnor, ~(RS1 ^ RS2))

/* Of zero: the width. */
ALU(clz, RS1 ? (unsigned)__builtin_clzll(RS1) : 64)
ALU(ctz, RS1 ? (unsigned)__builtin_ctzll(RS1) : 64)
ALU(clzw, (uint32_t)RS1 ? (unsigned)__builtin_clz((uint32_t)RS1) : 32)
ALU(ctzw, (uint32_t)RS1 ? (unsigned)__builtin_ctz((uint32_t)RS1) : 32)

static inline unsigned population(uint64_t v)
{
    v -= (v >> 1) & UINT64_C(0x5555555555555555);
    v = (v & UINT64_C(0x3333333333333333)) +
        ((v >> 2) & UINT64_C(0x3333333333333333));
    v = (v + (v >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (unsigned)((v * UINT64_C(0x0101010101010101)) >> 56);
}

ALU(cpop, population(RS1))
ALU(cpopw, population((uint32_t)RS1))

ALU(min, (int64_t)RS1 < (int64_t)RS2 ? RS1 : RS2)
ALU(max, (int64_t)RS1 > (int64_t)RS2 ? RS1 : RS2)
ALU(minu, RS1 < RS2 ? RS1 : RS2)
ALU(maxu, RS1 > RS2 ? RS1 : RS2)

ALU(sext_b, (uint64_t)(int64_t)(int8_t)RS1)
ALU(sext_h, (uint64_t)(int64_t)(int16_t)RS1)
ALU(zext_h, (uint16_t)RS1)

static inline uint64_t rotate_right(uint64_t v, unsigned n)
{
    return v >> (n & 63) | v << (-n & 63);
}

static inline uint32_t rotate_right_word(uint64_t v, unsigned n)
{
    return (uint32_t)v >> (n & 31) | (uint32_t)v << (-n & 31);
}

ALU(ror, rotate_right(RS1, (unsigned)RS2))
ALU(rol, rotate_right(RS1, -(unsigned)RS2))
ALU(rori, rotate_right(RS1, (unsigned)o->imm))
ALU(rorw, WORD(rotate_right_word(RS1, (unsigned)RS2)))
ALU(rolw, WORD(rotate_right_word(RS1, -(unsigned)RS2)))
ALU(roriw, WORD(rotate_right_word(RS1, (unsigned)o->imm)))

/* Each byte that has a bit set becomes all ones. */
static inline uint64_t or_combine(uint64_t v)
{
    v |= v >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f);
    v |= v >> 2 & UINT64_C(0x0303030303030303);
    v |= v >> 1;
    return (v & UINT64_C(0x0101010101010101)) * 0xff;
}

ALU(orc_b, or_combine(RS1))
ALU(rev8, __builtin_bswap64(RS1))

/* Zbs: a single bit, whose number is taken modulo 64. */
ALU(bclr, RS1 & ~BIT(RS2 & 63))
ALU(bext, RS1 >> (RS2 & 63) & 1)
ALU(binv, RS1 ^ BIT(RS2 & 63))
ALU(bset, RS1 | BIT(RS2 & 63))
ALU(bclri, RS1 & ~BIT(o->imm))
ALU(bexti, RS1 >> o->imm & 1)
ALU(binvi, RS1 ^ BIT(o->imm))
ALU(bseti, RS1 | BIT(o->imm))

/* Zicond */
ALU(czero_eqz, RS2 ? RS1 : 0)
ALU(czero_nez, RS2 ? 0 : RS1)
