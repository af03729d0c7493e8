/*
 * VALUE(name, value) is the one semantic body of instruction `name`: what it
 * writes to rd, given rs1, rs2, the immediate and the address of the block.
 * Handlers of the instruction alone and of pairs are made from it (ops_alu.c,
 * ops_pair_*.c). For alu.h and alu_bits.h.
 */
#ifndef POGO_CPU_VALUE_H
#define POGO_CPU_VALUE_H

#include "cpu/op.h"

#define VALUE(name, value)                                               \
    static inline uint64_t value_##name(uint64_t a, uint64_t b,          \
                                        uint64_t imm, uint64_t pc)       \
    {                                                                    \
        (void)a, (void)b, (void)imm, (void)pc;                           \
        return (value);                                                  \
    }

#endif
