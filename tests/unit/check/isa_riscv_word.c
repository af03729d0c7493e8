/* The encodings of what examples/isa/riscv.isa describes. */
#include <stdlib.h>
#include <string.h>

#include "check/isa_riscv.h"

/* The operands of the description by their names; absent ones are 0. */
static uint64_t named(const struct isa_insn *insn, const uint64_t *operand,
                      const char *name)
{
    for (size_t i = 0; i < insn->operands; i++) {
        if (!strcmp(insn->operand[i].name, name))
            return operand[i];
    }
    return 0;
}

static unsigned csr_number(const char *name)
{
    for (unsigned n = 0; n < 4096; n++) {
        if (csr_name(n) && !strcmp(csr_name(n), name))
            return n;
    }
    abort();
}

/* The instruction's fixed bits. */
static uint32_t match_of(const struct isa_insn *insn, const uint64_t *operand)
{
    static const struct {
        const char *name;
        uint32_t match;
    } words[] = {
        { "sret", 0x10200073 },    { "mret", 0x30200073 },
        { "wfi", 0x10500073 },     { "sfence.vma", 0x12000073 },
        { "ecall", 0x00000073 },   { "ebreak", 0x00100073 },
        { "ld", 0x00003003 },      { "sd", 0x00003023 },
        { "fmv.d.x", 0xf2000053 }, { "fmv.x.d", 0xe2000053 },
        { "add", 0x00000033 },     { "auipc", 0x00000017 },
        { "jalr", 0x00000067 },    { "beq", 0x00000463 },
        { "fence.i", 0x0000100f },
    };

    if (!strncmp(insn->name, "csr ", 4)) {
        uint32_t op = (uint32_t)named(insn, operand, "op");
        uint32_t imm = (uint32_t)named(insn, operand, "imm");

        return csr_number(insn->name + 4) << 20 | imm << 14 |
               (op ? op : 1) << 12 | 0x73;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!strcmp(words[i].name, insn->name))
            return words[i].match;
    }
    abort();
}

uint32_t isa_riscv_word(const struct isa_insn *insn, const uint64_t *operand)
{
    return match_of(insn, operand) | (uint32_t)named(insn, operand, "rd") << 7 |
           (uint32_t)named(insn, operand, "rs1") << 15 |
           (uint32_t)named(insn, operand, "rs2") << 20;
}

unsigned isa_riscv_operand_bits(const struct isa_insn *insn)
{
    unsigned bits = 0;

    for (size_t i = 0; i < insn->operands; i++)
        bits += insn->operand[i].width;
    return bits;
}

void isa_riscv_operands(const struct isa_insn *insn, uint64_t row,
                        uint64_t *operand)
{
    for (size_t i = 0; i < insn->operands; i++) {
        operand[i] = row & (BIT(insn->operand[i].width) - 1);
        row >>= insn->operand[i].width;
    }
}
