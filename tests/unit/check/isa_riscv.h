/*
 * examples/isa/riscv.isa beside Pogo's interpreter: one instruction on one
 * random state, executed by the description and by a hart of the bare machine.
 * Both must take the same trap, or arrive at the same state.
 */
#ifndef POGO_TESTS_UNIT_CHECK_ISA_RISCV_H
#define POGO_TESTS_UNIT_CHECK_ISA_RISCV_H

#include "check/isa/evaluate.h"
#include "isa/csr_fixture.h"
#include "machine/bare.h"

#define LINKED_MAX 48

struct isa_riscv {
    struct isa_model *model;
    struct isa_executor **executor; /* of each instruction */
    uint64_t *code;                 /* of each, where its words begin in RAM */
    uint64_t *retired;              /* of each, how often it did not trap */
    struct bare *bare;
    unsigned place[LINKED_MAX]; /* of what is one value on both sides */
    unsigned priv, pc, x, f, counter, frame, pte, ram;
    uint64_t *before, *after;
    struct rng rng;
};

/* `file` is the description; fails the test if it cannot be read. Prints the
   seed, which POGO_TEST_SEED gives. */
void isa_riscv_init(struct isa_riscv *r, const char *file);
void isa_riscv_free(struct isa_riscv *r);

/* Tries `states` random states; fails the test at the first difference, or if
   an instruction that need not trap always did. */
void isa_riscv_compare(struct isa_riscv *r, uint64_t states);

/* --- for isa_riscv.c and isa_riscv_word.c */

/* The word of this instruction with these operands. */
uint32_t isa_riscv_word(const struct isa_insn *insn, const uint64_t *operand);

/* All operands' widths together: their values in a row are 0 … 2^bits - 1. */
unsigned isa_riscv_operand_bits(const struct isa_insn *insn);
void isa_riscv_operands(const struct isa_insn *insn, uint64_t row,
                        uint64_t *operand);

#endif
