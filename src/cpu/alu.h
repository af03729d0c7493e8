/*
 * Instructions that compute with x registers alone: RV64I ("Integer
 * Computational Instructions") and M; alu_bits.h has the B extension. Shifts
 * and W forms as the manual's RV64I chapter has them; division never traps.
 */
#ifndef POGO_CPU_ALU_H
#define POGO_CPU_ALU_H

#include "cpu/value.h"

VALUE(lui, imm)
VALUE(auipc, pc + imm) /* decoding has added the operation's own offset */

VALUE(addi, a + imm)
VALUE(slti, (int64_t)a < (int64_t)imm)
VALUE(sltiu, a < imm)
VALUE(xori, a ^ imm)
VALUE(ori, a | imm)
VALUE(andi, a & imm)
VALUE(slli, a << imm)
VALUE(srli, a >> imm)
VALUE(srai, (uint64_t)((int64_t)a >> imm))
VALUE(addiw, WORD((uint32_t)a + (uint32_t)imm))
VALUE(slliw, WORD((uint32_t)a << imm))
VALUE(srliw, WORD((uint32_t)a >> imm))
VALUE(sraiw, WORD((int32_t)a >> imm))

VALUE(add, a + b)
VALUE(sub, a - b)
VALUE(sll, a << (b & 63))
VALUE(slt, (int64_t)a < (int64_t)b)
VALUE(sltu, a < b)
VALUE(xor, a ^ b)
VALUE(srl, a >> (b & 63))
VALUE(sra, (uint64_t)((int64_t)a >> (b & 63)))
VALUE(or, a | b)
VALUE(and, a & b)
VALUE(addw, WORD((uint32_t)a + (uint32_t)b))
VALUE(subw, WORD((uint32_t)a - (uint32_t)b))
VALUE(sllw, WORD((uint32_t)a << (b & 31)))
VALUE(srlw, WORD((uint32_t)a >> (b & 31)))
VALUE(sraw, WORD((int32_t)a >> (b & 31)))

/* The upper 64 bits of the 128-bit product. */
static inline uint64_t mulh_ss(uint64_t a, uint64_t b)
{
    return (uint64_t)(((__int128)(int64_t)a * (int64_t)b) >> 64);
}

static inline uint64_t mulh_uu(uint64_t a, uint64_t b)
{
    return (uint64_t)(((unsigned __int128)a * b) >> 64);
}

static inline uint64_t mulh_su(uint64_t a, uint64_t b)
{
    return mulh_uu(a, b) - ((int64_t)a < 0 ? b : 0);
}

VALUE(mul, a * b)
VALUE(mulh, mulh_ss(a, b))
VALUE(mulhsu, mulh_su(a, b))
VALUE(mulhu, mulh_uu(a, b))
VALUE(mulw, WORD((uint32_t)a * (uint32_t)b))

/* "Semantics for division by zero and division overflow": x/0 is all ones, and
   the remainder x; the one signed overflow gives the dividend, and 0. */
static inline uint64_t divide(int64_t a, int64_t b)
{
    if (b == 0)
        return ~UINT64_C(0);
    return b == -1 ? 0 - (uint64_t)a : (uint64_t)(a / b);
}

static inline uint64_t remainder_of(int64_t a, int64_t b)
{
    if (b == 0)
        return (uint64_t)a;
    return b == -1 ? 0 : (uint64_t)(a % b);
}

static inline uint64_t divide_unsigned(uint64_t a, uint64_t b)
{
    return b ? a / b : ~UINT64_C(0);
}

static inline uint64_t remainder_unsigned(uint64_t a, uint64_t b)
{
    return b ? a % b : a;
}

VALUE(div, divide((int64_t)a, (int64_t)b))
VALUE(divu, divide_unsigned(a, b))
VALUE(rem, remainder_of((int64_t)a, (int64_t)b))
VALUE(remu, remainder_unsigned(a, b))
VALUE(divw, WORD(divide((int32_t)a, (int32_t)b)))
VALUE(divuw, WORD(divide_unsigned((uint32_t)a, (uint32_t)b)))
VALUE(remw, WORD(remainder_of((int32_t)a, (int32_t)b)))
VALUE(remuw, WORD(remainder_unsigned((uint32_t)a, (uint32_t)b)))

#endif
