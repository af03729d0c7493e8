/*
 * Instructions as text: Capstone where it knows them, Pogo's own table for what
 * it does not (and for a build without Capstone 5).
 */
#ifndef POGO_DEBUG_DISASSEMBLE_H
#define POGO_DEBUG_DISASSEMBLE_H

#include "isa/insn.h"

struct disassembler {
    const struct isa *isa; /* borrowed */
    uintptr_t capstone;    /* Capstone's handle; 0: none */
};

/* Can never fail: without Capstone the own table does it all. */
void disassembler_init(struct disassembler *d, const struct isa *isa);
void disassembler_free(struct disassembler *d);

/*
 * The instruction in the low bits of `raw` at `pc` as text, terminated, in buf
 * (80 bytes are always enough). Returns the length.
 */
size_t disassemble(struct disassembler *d, uint32_t raw, uint64_t pc,
                   char *buf, size_t size);

#endif
