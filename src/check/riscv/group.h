/*
 * What gets a verdict: a group of encodings that are one instruction to a
 * person. A row of insn.def is a group, with its compressed forms; CSR
 * instructions are grouped by the register and by whether they write it; what
 * decodes to nothing is a group, too. Groups are named and sorted here; what
 * they do is found out elsewhere.
 */
#ifndef POGO_CHECK_RISCV_GROUP_H
#define POGO_CHECK_RISCV_GROUP_H

#include "check/riscv/state.h"
#include "isa/insn.h"

#define GROUPS_MAX      640
#define CSR_NUMBERS_ALL 4096u

enum group_kind {
    GROUP_ROW,        /* of insn.def, CSR instructions excepted */
    GROUP_CSR,        /* reads, or writes, of some CSRs */
    GROUP_RESERVED,   /* 32-bit words that are no instruction */
    GROUP_RESERVED_16 /* and 16-bit ones */
};

struct group {
    char name[32]; /* "sfence.vma", "csrw sstatus", "csrr hpmcounterN" */
    uint8_t kind;  /* enum group_kind */
    bool write;    /* GROUP_CSR */
    uint16_t op;   /* GROUP_ROW: enum insn_op */
    uint16_t csr;  /* GROUP_CSR: one of them */
    bool memory;   /* may access memory */
    bool probe;    /* worth looking for dropped translations */
};

struct groups {
    const struct isa *isa; /* borrowed */
    unsigned n;
    struct group group[GROUPS_MAX];
    uint16_t by_op[INSN_COUNT];
    uint16_t by_csr[2][CSR_NUMBERS_ALL]; /* [writes][number] */
    uint16_t reserved, reserved_16;
};

void groups_init(struct groups *g, const struct isa *isa);

/* Which group the instruction in the low bits of `word` belongs to. */
unsigned group_of(const struct groups *g, uint32_t word);

/* An encoding of the group, its fields random, and often at their limits. (Some
   few turn out to belong elsewhere: ask group_of.) */
uint32_t group_word(const struct groups *g, unsigned group, struct dice *d);

/* How many 32-bit words belong to a GROUP_ROW; 0 for those of opcode SYSTEM and
   for the other kinds, which are counted by trying them all. */
uint64_t group_size(const struct groups *g, unsigned group);

/* "0x12000073/0xfe007fff", "CSR 0x100"; empty: no such way to write it. */
void group_encoding(const struct groups *g, unsigned group, char *buf,
                    size_t size);

#endif
