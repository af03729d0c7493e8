/*
 * The C extension for RV64 with D: each 16-bit instruction stands for one
 * 32-bit instruction (unprivileged manual, "C" chapter, "RVC Instruction Set
 * Listings"). Rows are tried in order, so a reserved or special case stands
 * before the general one. HINTs (c.nop with an immediate, c.li x0, a shift by
 * 0 …) are no-ops by their expansion. Zcb and Zcmop are not implemented: what
 * they use is reserved.
 */
#include "isa/compressed.h"

/* Where a register operand comes from. */
enum source {
    ZERO,     /* x0 */
    RA,       /* x1 */
    SP,       /* x2 */
    FULL_HI,  /* bits 11..7 */
    FULL_LO,  /* bits 6..2 */
    SHORT_HI, /* bits 9..7, x8 to x15 */
    SHORT_LO, /* bits 4..2, x8 to x15 */
};

enum scatter {
    NONE, CI, CI_LUI, CI_16SP, CI_LWSP, CI_LDSP, SHAMT, CSS_SWSP, CSS_SDSP,
    CIW, CL_W, CL_D, CB, CJ,
};

/*
 * How the bits of an immediate lie in the instruction: bits hi..lo of it are
 * bits to, to+1, … of the immediate. A signed one is `width` bits wide.
 */
#define PIECES 8
static const struct {
    uint8_t width; /* 0: unsigned */
    struct { uint8_t hi, lo, to; } piece[PIECES]; /* hi 0: no more */
} scatters[] = {
    [NONE] = {0, {{0}}},
    [CI] = {6, {{12, 12, 5}, {6, 2, 0}}},
    [CI_LUI] = {18, {{12, 12, 17}, {6, 2, 12}}},
    [CI_16SP] = {10, {{12, 12, 9}, {6, 6, 4}, {5, 5, 6}, {4, 3, 7}, {2, 2, 5}}},
    [CI_LWSP] = {0, {{12, 12, 5}, {6, 4, 2}, {3, 2, 6}}},
    [CI_LDSP] = {0, {{12, 12, 5}, {6, 5, 3}, {4, 2, 6}}},
    [SHAMT] = {0, {{12, 12, 5}, {6, 2, 0}}},
    [CSS_SWSP] = {0, {{12, 9, 2}, {8, 7, 6}}},
    [CSS_SDSP] = {0, {{12, 10, 3}, {9, 7, 6}}},
    [CIW] = {0, {{12, 11, 4}, {10, 7, 6}, {6, 6, 2}, {5, 5, 3}}},
    [CL_W] = {0, {{12, 10, 3}, {6, 6, 2}, {5, 5, 6}}},
    [CL_D] = {0, {{12, 10, 3}, {6, 5, 6}}},
    [CB] = {9, {{12, 12, 8}, {11, 10, 3}, {6, 5, 6}, {4, 3, 1}, {2, 2, 5}}},
    [CJ] = {12, {{12, 12, 11}, {11, 11, 4}, {10, 9, 8}, {8, 8, 10}, {7, 7, 6},
                 {6, 6, 7}, {5, 3, 1}, {2, 2, 5}}},
};

#define ROW(name, text, match, mask, op, rd, rs1, rs2, immediate) \
    {match, mask, INSN_##op, rd, rs1, rs2, immediate, name, text}
#define RESERVED(match, mask) \
    {match, mask, INSN_illegal, ZERO, ZERO, ZERO, NONE, "illegal", ""}
/* rd' = rd' op rs2' */
#define ARITHMETIC(name, match, op) \
    ROW(name, "d,2", match, 0xfc63, op, SHORT_HI, SHORT_HI, SHORT_LO, NONE)

/* The columns as in ROW; registers and immediate as above. */
static const struct compressed_row rows[] = {
    /* quadrant 0 */
    RESERVED(0x0000, 0xffe3), /* c.addi4spn with immediate 0 */
    ROW("c.addi4spn", "d,1,i", 0x0000, 0xe003, addi, SHORT_LO, SP, ZERO, CIW),
    ROW("c.fld", "D,i(1)", 0x2000, 0xe003, fld, SHORT_LO, SHORT_HI, ZERO, CL_D),
    ROW("c.lw", "d,i(1)", 0x4000, 0xe003, lw, SHORT_LO, SHORT_HI, ZERO, CL_W),
    ROW("c.ld", "d,i(1)", 0x6000, 0xe003, ld, SHORT_LO, SHORT_HI, ZERO, CL_D),
    ROW("c.fsd", "B,i(1)", 0xa000, 0xe003, fsd, ZERO, SHORT_HI, SHORT_LO, CL_D),
    ROW("c.sw", "2,i(1)", 0xc000, 0xe003, sw, ZERO, SHORT_HI, SHORT_LO, CL_W),
    ROW("c.sd", "2,i(1)", 0xe000, 0xe003, sd, ZERO, SHORT_HI, SHORT_LO, CL_D),
    /* quadrant 1 */
    ROW("c.nop", "", 0x0001, 0xffff, addi, ZERO, ZERO, ZERO, NONE),
    ROW("c.nop", "i", 0x0001, 0xef83, addi, ZERO, ZERO, ZERO, CI),
    ROW("c.addi", "d,i", 0x0001, 0xe003, addi, FULL_HI, FULL_HI, ZERO, CI),
    RESERVED(0x2001, 0xef83), /* c.addiw with rd = x0 */
    ROW("c.addiw", "d,i", 0x2001, 0xe003, addiw, FULL_HI, FULL_HI, ZERO, CI),
    ROW("c.li", "d,i", 0x4001, 0xe003, addi, FULL_HI, ZERO, ZERO, CI),
    RESERVED(0x6001, 0xf07f), /* c.addi16sp, c.lui with immediate 0 */
    ROW("c.addi16sp", "d,i", 0x6101, 0xef83, addi, SP, SP, ZERO, CI_16SP),
    ROW("c.lui", "d,u", 0x6001, 0xe003, lui, FULL_HI, ZERO, ZERO, CI_LUI),
    ROW("c.srli", "d,x", 0x8001, 0xec03, srli, SHORT_HI, SHORT_HI, ZERO, SHAMT),
    ROW("c.srai", "d,x", 0x8401, 0xec03, srai, SHORT_HI, SHORT_HI, ZERO, SHAMT),
    ROW("c.andi", "d,i", 0x8801, 0xec03, andi, SHORT_HI, SHORT_HI, ZERO, CI),
    ARITHMETIC("c.sub", 0x8c01, sub),
    ARITHMETIC("c.xor", 0x8c21, xor),
    ARITHMETIC("c.or", 0x8c41, or),
    ARITHMETIC("c.and", 0x8c61, and),
    ARITHMETIC("c.subw", 0x9c01, subw),
    ARITHMETIC("c.addw", 0x9c21, addw),
    ROW("c.j", "a", 0xa001, 0xe003, jal, ZERO, ZERO, ZERO, CJ),
    ROW("c.beqz", "1,a", 0xc001, 0xe003, beq, ZERO, SHORT_HI, ZERO, CB),
    ROW("c.bnez", "1,a", 0xe001, 0xe003, bne, ZERO, SHORT_HI, ZERO, CB),
    /* quadrant 2 */
    ROW("c.slli", "d,x", 0x0002, 0xe003, slli, FULL_HI, FULL_HI, ZERO, SHAMT),
    ROW("c.fldsp", "D,i(1)", 0x2002, 0xe003, fld, FULL_HI, SP, ZERO, CI_LDSP),
    RESERVED(0x4002, 0xef83), /* c.lwsp with rd = x0 */
    ROW("c.lwsp", "d,i(1)", 0x4002, 0xe003, lw, FULL_HI, SP, ZERO, CI_LWSP),
    RESERVED(0x6002, 0xef83), /* c.ldsp with rd = x0 */
    ROW("c.ldsp", "d,i(1)", 0x6002, 0xe003, ld, FULL_HI, SP, ZERO, CI_LDSP),
    RESERVED(0x8002, 0xffff), /* c.jr with rs1 = x0 */
    ROW("c.jr", "1", 0x8002, 0xf07f, jalr, ZERO, FULL_HI, ZERO, NONE),
    ROW("c.mv", "d,2", 0x8002, 0xf003, add, FULL_HI, ZERO, FULL_LO, NONE),
    ROW("c.ebreak", "", 0x9002, 0xffff, ebreak, ZERO, ZERO, ZERO, NONE),
    ROW("c.jalr", "1", 0x9002, 0xf07f, jalr, RA, FULL_HI, ZERO, NONE),
    ROW("c.add", "d,2", 0x9002, 0xf003, add, FULL_HI, FULL_HI, FULL_LO, NONE),
    ROW("c.fsdsp", "B,i(1)", 0xa002, 0xe003, fsd, ZERO, SP, FULL_LO, CSS_SDSP),
    ROW("c.swsp", "2,i(1)", 0xc002, 0xe003, sw, ZERO, SP, FULL_LO, CSS_SWSP),
    ROW("c.sdsp", "2,i(1)", 0xe002, 0xe003, sd, ZERO, SP, FULL_LO, CSS_SDSP),
    /* all else */
    RESERVED(0x0000, 0x0000),
};

const struct compressed_row *compressed_find(uint16_t c)
{
    const struct compressed_row *row = rows;

    while ((c & row->mask) != row->match)
        row++;
    return row;
}

static uint32_t register_of(uint16_t c, enum source source)
{
    switch (source) {
    case ZERO: return 0;
    case RA: return 1;
    case SP: return 2;
    case FULL_HI: return (uint32_t)bits_of(c, 11, 7);
    case FULL_LO: return (uint32_t)bits_of(c, 6, 2);
    case SHORT_HI: return 8 + (uint32_t)bits_of(c, 9, 7);
    case SHORT_LO: return 8 + (uint32_t)bits_of(c, 4, 2);
    }
    return 0;
}

static uint32_t gather(uint16_t c, enum scatter kind)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < PIECES && scatters[kind].piece[i].hi; i++)
        v |= bits_of(c, scatters[kind].piece[i].hi, scatters[kind].piece[i].lo)
             << scatters[kind].piece[i].to;
    if (scatters[kind].width)
        v = (uint64_t)sign_extend(v, scatters[kind].width);
    return (uint32_t)v;
}

/* An immediate as the 32-bit instruction formats have it. */
static uint32_t place(uint32_t v, enum insn_format format)
{
    switch (format) {
    case FORMAT_U:
        return v & 0xfffff000;
    case FORMAT_STORE:
    case FORMAT_FP_STORE:
        return (uint32_t)(bits_of(v, 11, 5) << 25 | bits_of(v, 4, 0) << 7);
    case FORMAT_BRANCH:
        return (uint32_t)(bits_of(v, 12, 12) << 31 | bits_of(v, 10, 5) << 25 |
                          bits_of(v, 4, 1) << 8 | bits_of(v, 11, 11) << 7);
    case FORMAT_JAL:
        return (uint32_t)(bits_of(v, 20, 20) << 31 | bits_of(v, 10, 1) << 21 |
                          bits_of(v, 11, 11) << 20 |
                          bits_of(v, 19, 12) << 12);
    default: /* I, and the shifts, whose amount is the low part of it */
        return v << 20;
    }
}

uint32_t insn_expand(uint16_t c, const struct isa *isa)
{
    const struct compressed_row *row = compressed_find(c);
    const struct insn_row *base = insn_row(row->op);

    if (base == NULL || !isa_has(isa, EXT_C) || !isa_has(isa, base->ext))
        return 0;
    return base->match | register_of(c, row->rd) << 7 |
           register_of(c, row->rs1) << 15 | register_of(c, row->rs2) << 20 |
           place(gather(c, row->immediate), base->format);
}
