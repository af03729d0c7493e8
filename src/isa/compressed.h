/*
 * The compressed instructions as rows: what one stands for and how it is
 * written. Shared by expansion and disassembly; nobody else needs it.
 */
#ifndef POGO_ISA_COMPRESSED_H
#define POGO_ISA_COMPRESSED_H

#include "isa/insn.h"

struct compressed_row {
    uint16_t match, mask;
    uint16_t op;        /* the base instruction; INSN_illegal: reserved */
    uint8_t rd, rs1, rs2; /* where each comes from: compressed.c */
    uint8_t immediate;  /* how it is scattered: compressed.c */
    const char *name;   /* "c.addi"; NULL where reserved */
    const char *text;   /* operands, in the language of insn_text.c */
};

/*
 * The row of the 16-bit instruction `c`, whatever the extensions. Never NULL:
 * for what is reserved, a row whose op is INSN_illegal.
 */
const struct compressed_row *compressed_find(uint16_t c);

#endif
