/*
 * The C extension for RV64 with D: each 16-bit instruction stands for one
 * 32-bit instruction (unprivileged manual, "C" chapter, "RVC Instruction Set
 * Listings"). A reserved or special case stands before the general one. HINTs
 * (c.nop with an immediate, c.li x0, a shift by 0 …) are no-ops by their
 * expansion. Zcb and Zcmop are not implemented: what they use is reserved.
 */
#include "isa/compressed.h"

/* Where a register operand comes from. */
enum source {
    ZERO, /* x0 */
    RA,   /* x1 */
    SP,   /* x2 */
    HI,   /* bits 11..7 */
    LO,   /* bits 6..2 */
    HI3,  /* bits 9..7, x8 to x15 */
    LO3,  /* bits 4..2, x8 to x15 */
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
    {match, mask, INSN_illegal, ZERO, ZERO, ZERO, NONE, NULL, NULL}
/* rd' = rd' op rs2' */
#define ARITHMETIC(name, match, op) \
    ROW(name, "d,2", match, 0xfc63, op, HI3, HI3, LO3, NONE)

/*
 * The rows, by quadrant and funct3; within a group the first that matches. What
 * a group does not list is reserved: zeroes match everything, as INSN_illegal.
 */
#define GROUP(quadrant, funct3) [(quadrant) * 8 + (funct3)]
#define GROUP_ROWS 10

/* The columns as in ROW; registers and immediate as above. */
static const struct compressed_row rows[3 * 8][GROUP_ROWS] = {
    GROUP(0, 0) = {
        RESERVED(0x0000, 0xffe3), /* c.addi4spn with immediate 0 */
        ROW("c.addi4spn", "d,1,i", 0x0000, 0xe003, addi, LO3, SP, ZERO, CIW),
    },
    GROUP(0, 1) = {
        ROW("c.fld", "D,i(1)", 0x2000, 0xe003, fld, LO3, HI3, ZERO, CL_D),
    },
    GROUP(0, 2) = {
        ROW("c.lw", "d,i(1)", 0x4000, 0xe003, lw, LO3, HI3, ZERO, CL_W),
    },
    GROUP(0, 3) = {
        ROW("c.ld", "d,i(1)", 0x6000, 0xe003, ld, LO3, HI3, ZERO, CL_D),
    },
    GROUP(0, 5) = {
        ROW("c.fsd", "B,i(1)", 0xa000, 0xe003, fsd, ZERO, HI3, LO3, CL_D),
    },
    GROUP(0, 6) = {
        ROW("c.sw", "2,i(1)", 0xc000, 0xe003, sw, ZERO, HI3, LO3, CL_W),
    },
    GROUP(0, 7) = {
        ROW("c.sd", "2,i(1)", 0xe000, 0xe003, sd, ZERO, HI3, LO3, CL_D),
    },
    GROUP(1, 0) = {
        ROW("c.nop", "", 0x0001, 0xffff, addi, ZERO, ZERO, ZERO, NONE),
        ROW("c.nop", "i", 0x0001, 0xef83, addi, ZERO, ZERO, ZERO, CI),
        ROW("c.addi", "d,i", 0x0001, 0xe003, addi, HI, HI, ZERO, CI),
    },
    GROUP(1, 1) = {
        RESERVED(0x2001, 0xef83), /* c.addiw with rd = x0 */
        ROW("c.addiw", "d,i", 0x2001, 0xe003, addiw, HI, HI, ZERO, CI),
    },
    GROUP(1, 2) = {
        ROW("c.li", "d,i", 0x4001, 0xe003, addi, HI, ZERO, ZERO, CI),
    },
    GROUP(1, 3) = {
        RESERVED(0x6001, 0xf07f), /* c.addi16sp, c.lui with immediate 0 */
        ROW("c.addi16sp", "d,i", 0x6101, 0xef83, addi, SP, SP, ZERO, CI_16SP),
        ROW("c.lui", "d,u", 0x6001, 0xe003, lui, HI, ZERO, ZERO, CI_LUI),
    },
    GROUP(1, 4) = {
        ROW("c.srli", "d,x", 0x8001, 0xec03, srli, HI3, HI3, ZERO, SHAMT),
        ROW("c.srai", "d,x", 0x8401, 0xec03, srai, HI3, HI3, ZERO, SHAMT),
        ROW("c.andi", "d,i", 0x8801, 0xec03, andi, HI3, HI3, ZERO, CI),
        ARITHMETIC("c.sub", 0x8c01, sub),
        ARITHMETIC("c.xor", 0x8c21, xor),
        ARITHMETIC("c.or", 0x8c41, or),
        ARITHMETIC("c.and", 0x8c61, and),
        ARITHMETIC("c.subw", 0x9c01, subw),
        ARITHMETIC("c.addw", 0x9c21, addw),
    },
    GROUP(1, 5) = {
        ROW("c.j", "a", 0xa001, 0xe003, jal, ZERO, ZERO, ZERO, CJ),
    },
    GROUP(1, 6) = {
        ROW("c.beqz", "1,a", 0xc001, 0xe003, beq, ZERO, HI3, ZERO, CB),
    },
    GROUP(1, 7) = {
        ROW("c.bnez", "1,a", 0xe001, 0xe003, bne, ZERO, HI3, ZERO, CB),
    },
    GROUP(2, 0) = {
        ROW("c.slli", "d,x", 0x0002, 0xe003, slli, HI, HI, ZERO, SHAMT),
    },
    GROUP(2, 1) = {
        ROW("c.fldsp", "D,i(1)", 0x2002, 0xe003, fld, HI, SP, ZERO, CI_LDSP),
    },
    GROUP(2, 2) = {
        RESERVED(0x4002, 0xef83), /* c.lwsp with rd = x0 */
        ROW("c.lwsp", "d,i(1)", 0x4002, 0xe003, lw, HI, SP, ZERO, CI_LWSP),
    },
    GROUP(2, 3) = {
        RESERVED(0x6002, 0xef83), /* c.ldsp with rd = x0 */
        ROW("c.ldsp", "d,i(1)", 0x6002, 0xe003, ld, HI, SP, ZERO, CI_LDSP),
    },
    GROUP(2, 4) = {
        RESERVED(0x8002, 0xffff), /* c.jr with rs1 = x0 */
        ROW("c.jr", "1", 0x8002, 0xf07f, jalr, ZERO, HI, ZERO, NONE),
        ROW("c.mv", "d,2", 0x8002, 0xf003, add, HI, ZERO, LO, NONE),
        ROW("c.ebreak", "", 0x9002, 0xffff, ebreak, ZERO, ZERO, ZERO, NONE),
        ROW("c.jalr", "1", 0x9002, 0xf07f, jalr, RA, HI, ZERO, NONE),
        ROW("c.add", "d,2", 0x9002, 0xf003, add, HI, HI, LO, NONE),
    },
    GROUP(2, 5) = {
        ROW("c.fsdsp", "B,i(1)", 0xa002, 0xe003, fsd, ZERO, SP, LO, CSS_SDSP),
    },
    GROUP(2, 6) = {
        ROW("c.swsp", "2,i(1)", 0xc002, 0xe003, sw, ZERO, SP, LO, CSS_SWSP),
    },
    GROUP(2, 7) = {
        ROW("c.sdsp", "2,i(1)", 0xe002, 0xe003, sd, ZERO, SP, LO, CSS_SDSP),
    },
};

const struct compressed_row *compressed_find(uint16_t c)
{
    static const struct compressed_row none;
    unsigned quadrant = c & 3;
    const struct compressed_row *row;

    if (quadrant == 3) /* not 16 bits long */
        return &none;
    row = rows[quadrant * 8 + bits_of(c, 15, 13)];
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
    case HI: return (uint32_t)bits_of(c, 11, 7);
    case LO: return (uint32_t)bits_of(c, 6, 2);
    case HI3: return 8 + (uint32_t)bits_of(c, 9, 7);
    case LO3: return 8 + (uint32_t)bits_of(c, 4, 2);
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
