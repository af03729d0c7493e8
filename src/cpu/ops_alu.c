/*
 * Instructions that compute with x registers alone: RV64I ("Integer
 * Computational Instructions") and M. Shifts and W forms as the manual's RV64I
 * chapter has them; division never traps.
 */
#include "cpu/op.h"

#define ALU(name, value) \
    OP(name)             \
    {                    \
        RD = (value);    \
        NEXT;            \
    }

ALU(lui, IMM)
ALU(auipc, pc + IMM) /* decoding has added the operation's own offset */

ALU(addi, RS1 + IMM)
ALU(slti, (int64_t)RS1 < (int64_t)IMM)
ALU(sltiu, RS1 < IMM)
ALU(xori, RS1 ^ IMM)
ALU(ori, RS1 | IMM)
ALU(andi, RS1 & IMM)
ALU(slli, RS1 << o->imm)
ALU(srli, RS1 >> o->imm)
ALU(srai, (uint64_t)((int64_t)RS1 >> o->imm))
ALU(addiw, WORD((uint32_t)RS1 + (uint32_t)o->imm))
ALU(slliw, WORD((uint32_t)RS1 << o->imm))
ALU(srliw, WORD((uint32_t)RS1 >> o->imm))
ALU(sraiw, WORD((int32_t)RS1 >> o->imm))

ALU(add, RS1 + RS2)
ALU(sub, RS1 - RS2)
ALU(sll, RS1 << (RS2 & 63))
ALU(slt, (int64_t)RS1 < (int64_t)RS2)
ALU(sltu, RS1 < RS2)
ALU(xor, RS1 ^ RS2)
ALU(srl, RS1 >> (RS2 & 63))
ALU(sra, (uint64_t)((int64_t)RS1 >> (RS2 & 63)))
ALU(or, RS1 | RS2)
ALU(and, RS1 & RS2)
ALU(addw, WORD((uint32_t)RS1 + (uint32_t)RS2))
ALU(subw, WORD((uint32_t)RS1 - (uint32_t)RS2))
ALU(sllw, WORD((uint32_t)RS1 << (RS2 & 31)))
ALU(srlw, WORD((uint32_t)RS1 >> (RS2 & 31)))
ALU(sraw, WORD((int32_t)RS1 >> (RS2 & 31)))

/* The upper 64 bits of the 128-bit product. */
static uint64_t mulh_ss(uint64_t a, uint64_t b)
{
    return (uint64_t)(((__int128)(int64_t)a * (int64_t)b) >> 64);
}

static uint64_t mulh_uu(uint64_t a, uint64_t b)
{
    return (uint64_t)(((unsigned __int128)a * b) >> 64);
}

static uint64_t mulh_su(uint64_t a, uint64_t b)
{
    return mulh_uu(a, b) - ((int64_t)a < 0 ? b : 0);
}

ALU(mul, RS1 * RS2)
ALU(mulh, mulh_ss(RS1, RS2))
ALU(mulhsu, mulh_su(RS1, RS2))
ALU(mulhu, mulh_uu(RS1, RS2))
ALU(mulw, WORD((uint32_t)RS1 * (uint32_t)RS2))

/* "Semantics for division by zero and division overflow": x/0 is all ones, and
   the remainder x; the one signed overflow gives the dividend, and 0. */
static uint64_t divide(int64_t a, int64_t b)
{
    if (b == 0)
        return ~UINT64_C(0);
    return b == -1 ? 0 - (uint64_t)a : (uint64_t)(a / b);
}

static uint64_t remainder_of(int64_t a, int64_t b)
{
    if (b == 0)
        return (uint64_t)a;
    return b == -1 ? 0 : (uint64_t)(a % b);
}

static uint64_t divide_unsigned(uint64_t a, uint64_t b)
{
    return b ? a / b : ~UINT64_C(0);
}

static uint64_t remainder_unsigned(uint64_t a, uint64_t b)
{
    return b ? a % b : a;
}

ALU(div, divide((int64_t)RS1, (int64_t)RS2))
ALU(divu, divide_unsigned(RS1, RS2))
ALU(rem, remainder_of((int64_t)RS1, (int64_t)RS2))
ALU(remu, remainder_unsigned(RS1, RS2))
ALU(divw, WORD(divide((int32_t)RS1, (int32_t)RS2)))
ALU(divuw, WORD(divide_unsigned((uint32_t)RS1, (uint32_t)RS2)))
ALU(remw, WORD(remainder_of((int32_t)RS1, (int32_t)RS2)))
ALU(remuw, WORD(remainder_unsigned((uint32_t)RS1, (uint32_t)RS2)))
