/* Bit manipulation: Zba, Zbb, Zbs and Zicond (unprivileged manual, "B" and
 * "Zicond" chapters). */
#ifndef POGO_CPU_ALU_BITS_H
#define POGO_CPU_ALU_BITS_H

#include "cpu/value.h"

/* Zba: .uw takes the low word of rs1, zero-extended. */
VALUE(add_uw, (uint32_t)a + b)
VALUE(sh1add, (a << 1) + b)
VALUE(sh2add, (a << 2) + b)
VALUE(sh3add, (a << 3) + b)
VALUE(sh1add_uw, ((uint64_t)(uint32_t)a << 1) + b)
VALUE(sh2add_uw, ((uint64_t)(uint32_t)a << 2) + b)
VALUE(sh3add_uw, ((uint64_t)(uint32_t)a << 3) + b)
VALUE(slli_uw, (uint64_t)(uint32_t)a << imm)

/* Zbb */
VALUE(andn, a & ~b)
VALUE(orn, a | ~b)
VALUE(xnor, ~(a ^ b))

/* Of zero: the width. */
VALUE(clz, a ? (unsigned)__builtin_clzll(a) : 64)
VALUE(ctz, a ? (unsigned)__builtin_ctzll(a) : 64)
VALUE(clzw, (uint32_t)a ? (unsigned)__builtin_clz((uint32_t)a) : 32)
VALUE(ctzw, (uint32_t)a ? (unsigned)__builtin_ctz((uint32_t)a) : 32)

static inline unsigned population(uint64_t v)
{
    v -= (v >> 1) & UINT64_C(0x5555555555555555);
    v = (v & UINT64_C(0x3333333333333333)) +
        ((v >> 2) & UINT64_C(0x3333333333333333));
    v = (v + (v >> 4)) & UINT64_C(0x0f0f0f0f0f0f0f0f);
    return (unsigned)((v * UINT64_C(0x0101010101010101)) >> 56);
}

VALUE(cpop, population(a))
VALUE(cpopw, population((uint32_t)a))

VALUE(min, (int64_t)a < (int64_t)b ? a : b)
VALUE(max, (int64_t)a > (int64_t)b ? a : b)
VALUE(minu, a < b ? a : b)
VALUE(maxu, a > b ? a : b)

VALUE(sext_b, (uint64_t)(int64_t)(int8_t)a)
VALUE(sext_h, (uint64_t)(int64_t)(int16_t)a)
VALUE(zext_h, (uint16_t)a)

static inline uint64_t rotate_right(uint64_t v, unsigned n)
{
    return v >> (n & 63) | v << (-n & 63);
}

static inline uint32_t rotate_right_word(uint64_t v, unsigned n)
{
    return (uint32_t)v >> (n & 31) | (uint32_t)v << (-n & 31);
}

VALUE(ror, rotate_right(a, (unsigned)b))
VALUE(rol, rotate_right(a, -(unsigned)b))
VALUE(rori, rotate_right(a, (unsigned)imm))
VALUE(rorw, WORD(rotate_right_word(a, (unsigned)b)))
VALUE(rolw, WORD(rotate_right_word(a, -(unsigned)b)))
VALUE(roriw, WORD(rotate_right_word(a, (unsigned)imm)))

/* Each byte that has a bit set becomes all ones. */
static inline uint64_t or_combine(uint64_t v)
{
    v |= v >> 4 & UINT64_C(0x0f0f0f0f0f0f0f0f);
    v |= v >> 2 & UINT64_C(0x0303030303030303);
    v |= v >> 1;
    return (v & UINT64_C(0x0101010101010101)) * 0xff;
}

VALUE(orc_b, or_combine(a))
VALUE(rev8, __builtin_bswap64(a))

/* Zbs: a single bit, whose number is taken modulo 64. */
VALUE(bclr, a & ~BIT(b & 63))
VALUE(bext, a >> (b & 63) & 1)
VALUE(binv, a ^ BIT(b & 63))
VALUE(bset, a | BIT(b & 63))
VALUE(bclri, a & ~BIT(imm))
VALUE(bexti, a >> imm & 1)
VALUE(binvi, a ^ BIT(imm))
VALUE(bseti, a | BIT(imm))

/* Zicond */
VALUE(czero_eqz, b ? a : 0)
VALUE(czero_nez, b ? 0 : a)

#endif
