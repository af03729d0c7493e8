/*
 * Instructions as data. insn.def has one row an instruction; from it come the
 * enumeration, the decoder, the names and the disassembly. A compressed
 * instruction decodes to the base instruction it stands for, with length 2.
 * Source: unprivileged manual, instruction listings. Freestanding.
 */
#ifndef POGO_ISA_INSN_H
#define POGO_ISA_INSN_H

#include "isa/isa.h"

/*
 * insn.def rows: INSN(name, "mnemonic", match, mask, FORMAT, EXT, CLASS)
 *   name     C identifier, '.' written '_' (lr_w, fadd_s)
 *   match    the word has these bits where
 *   mask     has a one
 *   FORMAT   which operands it has and where they lie (enum insn_format)
 *   EXT      the extension that brings it (enum isa_ext without EXT_); a row
 *            that needs two (D with C: c.fld) is in compressed rows only
 *   CLASS    what it does to the machine (enum insn_class without CLASS_)
 * Reserved encodings have no row and so are illegal (Ssstrict).
 * INSN_HINT rows (the prefetches) refine another row: see insn.def. Who defines
 * only INSN gets them as any other.
 */
enum insn_op {
    INSN_illegal, /* no row, or the extension is absent */
#define INSN(name, mnemonic, match, mask, format, ext, class) INSN_##name,
#include "isa/insn.def"
#undef INSN
    INSN_COUNT
};

enum insn_class {
    CLASS_ALU,    /* x registers only */
    CLASS_LOAD,   /* x or f register from memory */
    CLASS_STORE,
    CLASS_AMO,    /* AMO, LR and SC */
    CLASS_BRANCH,
    CLASS_JUMP,
    CLASS_FENCE,  /* fence (so pause), fence.i, cbo, prefetch, wrs */
    CLASS_FP,     /* computes with f registers, fcsr */
    CLASS_CSR,
    CLASS_SYSTEM, /* ecall, ebreak, xret, wfi, sfence.vma, sinval… */
};

enum insn_format {
    FORMAT_NONE,  /* no operands: ecall, mret, fence.i … */
    FORMAT_R,     /* rd, rs1, rs2 */
    FORMAT_I,     /* rd, rs1, imm */
    FORMAT_SHIFT, /* rd, rs1, shamt (6 bits, or 5 for the W forms) */
    FORMAT_UNARY, /* rd, rs1 (clz, sext.b, lr.w's rs2=0 …) */
    FORMAT_LOAD,  /* rd, imm(rs1) */
    FORMAT_STORE, /* rs2, imm(rs1) */
    FORMAT_BRANCH,
    FORMAT_U,
    FORMAT_JAL,
    FORMAT_JALR,  /* rd, imm(rs1) */
    FORMAT_CSR,   /* rd, csr, rs1; csr in imm */
    FORMAT_CSRI,  /* rd, csr, zimm; csr in imm, zimm in rs1 */
    FORMAT_AMO,   /* rd, rs2, (rs1); aq, rl ignored */
    FORMAT_LR,    /* rd, (rs1) */
    FORMAT_FENCE, /* pred, succ in imm */
    FORMAT_FP_R,    /* fd, fs1, fs2 */
    FORMAT_FP_R_RM, /* fd, fs1, fs2, rm */
    FORMAT_FP_R4,   /* fd, fs1, fs2, fs3, rm */
    FORMAT_FP_UNARY_RM, /* fd, fs1, rm: fsqrt, fcvt.s.d */
    FORMAT_FP_CMP,  /* rd, fs1, fs2 */
    FORMAT_FP_TO_X,    /* rd, fs1: fmv.x.w, fclass */
    FORMAT_FP_TO_X_RM, /* rd, fs1, rm: fcvt.w.s */
    FORMAT_X_TO_FP,    /* fd, rs1: fmv.w.x */
    FORMAT_X_TO_FP_RM, /* fd, rs1, rm: fcvt.s.w */
    FORMAT_FP_LOAD,    /* fd, imm(rs1) */
    FORMAT_FP_STORE,   /* fs2, imm(rs1) */
    FORMAT_SFENCE, /* rs1, rs2 */
    FORMAT_CBO,    /* (rs1) */
    FORMAT_PREFETCH, /* imm(rs1), imm's low 5 bits zero */
};

/* A decoded instruction. Fields its format has not got are zero. */
struct insn {
    uint16_t op;     /* enum insn_op */
    uint8_t length;  /* bytes: 2 or 4 (for INSN_illegal as its low bits say) */
    uint8_t rd, rs1, rs2, rs3;
    uint8_t rm;      /* rounding mode field, 0..7; 5 and 6 decode as illegal */
    int64_t imm;     /* sign-extended where the manual does so; csr number */
    uint32_t raw;    /* the bits as fetched; upper half zero for length 2 */
};

/*
 * Decodes the instruction in the low bits of `raw`; for a 16-bit one the upper
 * half is ignored. What `isa` does not have decodes as INSN_illegal. Total:
 * every word gives a defined result.
 */
void insn_decode(uint32_t raw, const struct isa *isa, struct insn *out);

/*
 * The 32-bit instruction that the compressed one `c` stands for ("C" chapter),
 * or 0 (an illegal word) if it is reserved or `isa` lacks C or what it needs.
 */
uint32_t insn_expand(uint16_t c, const struct isa *isa);

/* The mnemonic, e.g. "fadd.s"; "illegal" for INSN_illegal. */
const char *insn_name(enum insn_op op);
enum insn_class insn_class(enum insn_op op);
enum insn_format insn_format(enum insn_op op);

/* The ABI's name of x register `n`, 0 to 31: "a0". */
const char *insn_x_name(unsigned n);

/* One row of insn.def, for tests and tools. */
struct insn_row {
    const char *name;
    uint32_t match, mask;
    uint8_t format, ext, class;
};
const struct insn_row *insn_row(enum insn_op op); /* NULL for INSN_illegal */

/*
 * Disassembles into buf (80 bytes are always enough), terminated, in
 * objdump's no-aliases form with ABI register names; pc is used for branch
 * targets, written 0x80000000. A compressed instruction is written as such
 * ("c.addi a0,1"). Returns the length.
 */
size_t insn_format_text(const struct insn *i, uint64_t pc, char *buf,
                        size_t size);

#endif
