/*
 * From bits to struct insn (unprivileged manual, "Base Instruction Formats").
 * First which instruction it is, then its operands, as its format has them.
 */
#include "isa/insn.h"

/* The major opcode, bits 6..2; bits 1..0 are ones in a 32-bit instruction. */
#define OPCODE MASK(6, 2)
#define LENGTH_32 MASK(1, 0)

/*
 * The row that `raw` matches, of those with the major opcode `opcode`, which
 * is a constant where this is inlined: so the compiler drops all other rows,
 * and each opcode gets a short list of comparisons of its own.
 */
static inline __attribute__((always_inline)) enum insn_op
find_row(uint32_t raw, uint32_t opcode)
{
#define INSN_HINT(name, mnemonic, match, mask, format, ext, class)
#define INSN(name, mnemonic, match, mask, format, ext, class) \
    if (((match) & OPCODE) == opcode << 2 && (raw & (mask)) == (match)) \
        return INSN_##name;
#include "isa/insn.def"
#undef INSN
    return INSN_illegal;
}

static enum insn_op find_op(uint32_t raw)
{
#define BUCKET(n) case n: return find_row(raw, n);
#define BUCKETS(n) BUCKET(n) BUCKET(n + 1) BUCKET(n + 2) BUCKET(n + 3)
    switch (field_get(raw, OPCODE)) {
        BUCKETS(0) BUCKETS(4) BUCKETS(8) BUCKETS(12)
        BUCKETS(16) BUCKETS(20) BUCKETS(24) BUCKETS(28)
    }
#undef BUCKETS
#undef BUCKET
    return INSN_illegal;
}

/* The hints that take the place of other rows; see insn.def. */
static const uint16_t hints[] = {
#define INSN(name, mnemonic, match, mask, format, ext, class)
#define INSN_HINT(name, mnemonic, match, mask, format, ext, class) INSN_##name,
#include "isa/insn.def"
#undef INSN
};

static bool row_has_ext(enum insn_op op, const struct isa *isa)
{
    return isa_has(isa, insn_row(op)->ext);
}

static enum insn_op refine(enum insn_op op, uint32_t raw,
                           const struct isa *isa)
{
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        const struct insn_row *hint = insn_row(hints[i]);

        if ((raw & hint->mask) == hint->match && isa_has(isa, hint->ext))
            return hints[i];
    }
    return op;
}

enum operand { RD = 1, RS1 = 2, RS2 = 4, RS3 = 8, RM = 16 };

enum immediate {
    IMM_NONE,
    IMM_I,      /* 12 bits, signed */
    IMM_S,
    IMM_B,
    IMM_U,
    IMM_J,
    IMM_SHAMT,  /* 6 bits; a W form's mask holds the highest at zero */
    IMM_CSR,    /* 12 bits, unsigned */
    IMM_FENCE,  /* pred and succ */
};

static const struct {
    uint8_t operands; /* a set of enum operand */
    uint8_t immediate;
} shapes[] = {
    [FORMAT_NONE] = {0, IMM_NONE},
    [FORMAT_R] = {RD | RS1 | RS2, IMM_NONE},
    [FORMAT_I] = {RD | RS1, IMM_I},
    [FORMAT_SHIFT] = {RD | RS1, IMM_SHAMT},
    [FORMAT_UNARY] = {RD | RS1, IMM_NONE},
    [FORMAT_LOAD] = {RD | RS1, IMM_I},
    [FORMAT_STORE] = {RS1 | RS2, IMM_S},
    [FORMAT_BRANCH] = {RS1 | RS2, IMM_B},
    [FORMAT_U] = {RD, IMM_U},
    [FORMAT_JAL] = {RD, IMM_J},
    [FORMAT_JALR] = {RD | RS1, IMM_I},
    [FORMAT_CSR] = {RD | RS1, IMM_CSR},
    [FORMAT_CSRI] = {RD | RS1, IMM_CSR},
    [FORMAT_AMO] = {RD | RS1 | RS2, IMM_NONE},
    [FORMAT_LR] = {RD | RS1, IMM_NONE},
    [FORMAT_FENCE] = {0, IMM_FENCE},
    [FORMAT_FP_R] = {RD | RS1 | RS2, IMM_NONE},
    [FORMAT_FP_R_RM] = {RD | RS1 | RS2 | RM, IMM_NONE},
    [FORMAT_FP_R4] = {RD | RS1 | RS2 | RS3 | RM, IMM_NONE},
    [FORMAT_FP_UNARY_RM] = {RD | RS1 | RM, IMM_NONE},
    [FORMAT_FP_CMP] = {RD | RS1 | RS2, IMM_NONE},
    [FORMAT_FP_TO_X] = {RD | RS1, IMM_NONE},
    [FORMAT_FP_TO_X_RM] = {RD | RS1 | RM, IMM_NONE},
    [FORMAT_X_TO_FP] = {RD | RS1, IMM_NONE},
    [FORMAT_X_TO_FP_RM] = {RD | RS1 | RM, IMM_NONE},
    [FORMAT_FP_LOAD] = {RD | RS1, IMM_I},
    [FORMAT_FP_STORE] = {RS1 | RS2, IMM_S},
    [FORMAT_SFENCE] = {RS1 | RS2, IMM_NONE},
    [FORMAT_CBO] = {RS1, IMM_NONE},
    [FORMAT_PREFETCH] = {RS1, IMM_S}, /* its low 5 bits are rd, which is 0 */
};

static int64_t immediate_of(uint32_t raw, enum immediate kind)
{
    switch (kind) {
    case IMM_NONE:
        return 0;
    case IMM_I:
        return sign_extend(bits_of(raw, 31, 20), 12);
    case IMM_S:
        return sign_extend(bits_of(raw, 31, 25) << 5 | bits_of(raw, 11, 7),
                           12);
    case IMM_B:
        return sign_extend(bits_of(raw, 31, 31) << 12 |
                           bits_of(raw, 7, 7) << 11 |
                           bits_of(raw, 30, 25) << 5 |
                           bits_of(raw, 11, 8) << 1, 13);
    case IMM_U:
        return sign_extend(bits_of(raw, 31, 12) << 12, 32);
    case IMM_J:
        return sign_extend(bits_of(raw, 31, 31) << 20 |
                           bits_of(raw, 19, 12) << 12 |
                           bits_of(raw, 20, 20) << 11 |
                           bits_of(raw, 30, 21) << 1, 21);
    case IMM_SHAMT:
        return (int64_t)bits_of(raw, 25, 20);
    case IMM_CSR:
        return (int64_t)bits_of(raw, 31, 20);
    case IMM_FENCE:
        return (int64_t)bits_of(raw, 27, 20);
    }
    return 0;
}

static void extract(uint32_t word, struct insn *out)
{
    unsigned operands = shapes[insn_format(out->op)].operands;

    out->rd = operands & RD ? (uint8_t)bits_of(word, 11, 7) : 0;
    out->rs1 = operands & RS1 ? (uint8_t)bits_of(word, 19, 15) : 0;
    out->rs2 = operands & RS2 ? (uint8_t)bits_of(word, 24, 20) : 0;
    out->rs3 = operands & RS3 ? (uint8_t)bits_of(word, 31, 27) : 0;
    out->rm = operands & RM ? (uint8_t)bits_of(word, 14, 12) : 0;
    out->imm = immediate_of(word, shapes[insn_format(out->op)].immediate);
}

/* Rounding modes 5 and 6 are reserved; 7 says: the one in frm. */
static bool rounding_reserved(unsigned rm)
{
    return rm == 5 || rm == 6;
}

void insn_decode(uint32_t raw, const struct isa *isa, struct insn *out)
{
    bool is_short = (raw & LENGTH_32) != LENGTH_32;
    uint32_t word = is_short ? insn_expand((uint16_t)raw, isa) : raw;
    /* insn_expand gives 0 for a reserved encoding; its low bits tell. */
    bool found = (word & LENGTH_32) == LENGTH_32;
    enum insn_op op = found ? find_op(word) : INSN_illegal;
    const struct insn illegal = {
        .op = INSN_illegal,
        .length = is_short ? 2 : 4,
        .raw = is_short ? (uint16_t)raw : raw,
    };

    *out = illegal;
    if (op == INSN_illegal || !row_has_ext(op, isa))
        return;
    out->op = (uint16_t)refine(op, word, isa);
    extract(word, out);
    if (rounding_reserved(out->rm))
        *out = illegal;
}
