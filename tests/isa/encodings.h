/*
 * The generator's own table of 32-bit encodings, written from the listings of
 * the unprivileged and privileged manuals, and independent of src/isa so that
 * a mistake there is not repeated here.
 *
 * operands, one letter a field:
 *   d s t  rd, rs1, rs2, x registers     D S T R  rd, rs1, rs2, rs3, f
 *   m rounding mode    i 12-bit immediate    6 5  shift amount of 6, 5 bits
 *   u 20-bit immediate q aq and rl           b r  base register, rd and imm12
 */
#ifndef TORTURE_ENCODINGS_H
#define TORTURE_ENCODINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind {
    K_ALU,    /* x registers only */
    K_MULDIV,
    K_ZB,     /* Zba, Zbb, Zbs */
    K_ZICOND,
    K_LOAD,
    K_STORE,
    K_FLOAD,
    K_FSTORE,
    K_AMO,
    K_LRSC,
    K_FS,     /* single precision */
    K_FD,     /* double precision */
    K_FENCE,  /* fence, hints */
    K_FLOW,   /* branches and jumps */
    K_CSR,
    K_SYSTEM, /* the rest: listed so that random words avoid them */
    K_CBO,
    KINDS
};

struct encoding {
    const char *name, *operands;
    uint32_t match, mask;
    enum kind kind;
    uint8_t size; /* bytes a memory access moves */
};

extern const struct encoding encodings[];
extern const size_t encoding_count;

/* The row a word matches, or NULL: then the word must be illegal. */
const struct encoding *encoding_find(uint32_t word);

/* What a 16-bit instruction does. */
enum rvc_kind {
    RVC_ILLEGAL,
    RVC_ALU,
    RVC_LOAD,
    RVC_STORE,
    RVC_FLOW,
    RVC_EBREAK,
};
struct rvc {
    enum rvc_kind kind;
    uint8_t rd;   /* x register written, 0 if none */
    uint8_t base; /* loads and stores */
    uint8_t size; /* bytes */
    uint16_t offset;
    bool fp;
};
/* Classifies any 16-bit word whose low two bits are not 11. */
struct rvc rvc_classify(uint16_t h);

#endif
