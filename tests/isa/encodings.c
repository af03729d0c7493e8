/* The table of 32-bit encodings; see encodings.h. */
#include "encodings.h"

#define I3(op, f3) (op) | (f3) << 12, 0x707f
#define R7(op, f3, f7) (op) | (f3) << 12 | (uint32_t)(f7) << 25, 0xfe00707f
#define SH(op, f3, f6) (op) | (f3) << 12 | (f6) << 26, 0xfc00707f
#define U1(op, f3, f12) (op) | (f3) << 12 | (uint32_t)(f12) << 20, 0xfff0707f
#define OP 0x33u
#define OPW 0x3bu
#define IMM 0x13u
#define IMMW 0x1bu

#define ALU(n, f3, f7) {n, "dst", R7(OP, f3, f7), K_ALU, 0}
#define ALUW(n, f3, f7) {n, "dst", R7(OPW, f3, f7), K_ALU, 0}
#define MUL(n, f3) {n, "dst", R7(OP, f3, 1), K_MULDIV, 0}
#define MULW(n, f3) {n, "dst", R7(OPW, f3, 1), K_MULDIV, 0}
#define ZB(n, f3, f7) {n, "dst", R7(OP, f3, f7), K_ZB, 0}
#define ZBW(n, f3, f7) {n, "dst", R7(OPW, f3, f7), K_ZB, 0}
#define ZBI(n, f3, f6) {n, "ds6", SH(IMM, f3, f6), K_ZB, 0}
#define ZBU(n, op, f3, f12) {n, "ds", U1(op, f3, f12), K_ZB, 0}
#define LD(n, f3, z) {n, "rb", I3(0x03u, f3), K_LOAD, z}
#define ST(n, f3, z) {n, "tb", I3(0x23u, f3), K_STORE, z}
#define BR(n, f3) {n, "st", I3(0x63u, f3), K_FLOW, 0}
#define CSR(n, f3) {n, "", I3(0x73u, f3), K_CSR, 0}
#define A(f5, f3) 0x2fu | (f3) << 12 | (uint32_t)(f5) << 27, 0xf800707f
#define AMO(n, f5)                                                             \
    {n ".w", "dstq", A(f5, 2u), K_AMO, 4}, {n ".d", "dstq", A(f5, 3u), K_AMO, 8}
#define LR(n, f3, z)                                                           \
    {n, "dsq", 0x1000002fu | (f3) << 12, 0xf9f0707f, K_LRSC, z}
#define SC(n, f3, z) {n, "dstq", A(3u, f3), K_LRSC, z}

/* Floating point: f7 with the format in its low bits, k its kind. */
#define FM(n, o, f7, k) {n, o, 0x53u | (uint32_t)(f7) << 25, 0xfe00007f, k, 0}
#define F3(n, o, f7, f3, k) {n, o, R7(0x53u, f3, f7), k, 0}
#define F2(n, o, f7, f5, k)                                                    \
    {n, o, 0x53u | (uint32_t)(f7) << 25 | (f5) << 20, 0xfff0007f, k, 0}
#define F5(n, o, f7, f5, f3, k)                                                \
    {n, o, U1(0x53u, f3, (f7) << 5 | (f5)), k, 0}
#define FMA(n, op, f, k) {n, "DSTRm", (op) | (f) << 25, 0x0600007f, k, 0}
#define WORD(n, w, k) {n, "", w, 0xffffffff, k, 0}
#define FP(p, f, k)                                                            \
    FMA("fmadd" p, 0x43u, f, k), FMA("fmsub" p, 0x47u, f, k),                  \
        FMA("fnmsub" p, 0x4bu, f, k), FMA("fnmadd" p, 0x4fu, f, k),            \
        FM("fadd" p, "DSTm", 0x00u | f, k), FM("fsub" p, "DSTm", 0x04u | f, k),\
        FM("fmul" p, "DSTm", 0x08u | f, k), FM("fdiv" p, "DSTm", 0x0cu | f, k),\
        F2("fsqrt" p, "DSm", 0x2cu | f, 0u, k),                                \
        F3("fsgnj" p, "DST", 0x10u | f, 0u, k),                                \
        F3("fsgnjn" p, "DST", 0x10u | f, 1u, k),                               \
        F3("fsgnjx" p, "DST", 0x10u | f, 2u, k),                               \
        F3("fmin" p, "DST", 0x14u | f, 0u, k),                                 \
        F3("fmax" p, "DST", 0x14u | f, 1u, k),                                 \
        F3("fle" p, "dST", 0x50u | f, 0u, k),                                  \
        F3("flt" p, "dST", 0x50u | f, 1u, k),                                  \
        F3("feq" p, "dST", 0x50u | f, 2u, k),                                  \
        F5("fclass" p, "dS", 0x70u | f, 0u, 1u, k),                            \
        F2("fcvt.w" p, "dSm", 0x60u | f, 0u, k),                               \
        F2("fcvt.wu" p, "dSm", 0x60u | f, 1u, k),                              \
        F2("fcvt.l" p, "dSm", 0x60u | f, 2u, k),                               \
        F2("fcvt.lu" p, "dSm", 0x60u | f, 3u, k),                              \
        F2("fcvt" p ".w", "Dsm", 0x68u | f, 0u, k),                            \
        F2("fcvt" p ".wu", "Dsm", 0x68u | f, 1u, k),                           \
        F2("fcvt" p ".l", "Dsm", 0x68u | f, 2u, k),                            \
        F2("fcvt" p ".lu", "Dsm", 0x68u | f, 3u, k)

const struct encoding encodings[] = {
    {"lui", "du", 0x37, 0x7f, K_ALU, 0},
    {"auipc", "du", 0x17, 0x7f, K_ALU, 0},
    {"addi", "dsi", I3(IMM, 0u), K_ALU, 0},
    {"slti", "dsi", I3(IMM, 2u), K_ALU, 0},
    {"sltiu", "dsi", I3(IMM, 3u), K_ALU, 0},
    {"xori", "dsi", I3(IMM, 4u), K_ALU, 0},
    {"ori", "dsi", I3(IMM, 6u), K_ALU, 0},
    {"andi", "dsi", I3(IMM, 7u), K_ALU, 0},
    {"slli", "ds6", SH(IMM, 1u, 0u), K_ALU, 0},
    {"srli", "ds6", SH(IMM, 5u, 0u), K_ALU, 0},
    {"srai", "ds6", SH(IMM, 5u, 0x10u), K_ALU, 0},
    {"addiw", "dsi", I3(IMMW, 0u), K_ALU, 0},
    {"slliw", "ds5", R7(IMMW, 1u, 0u), K_ALU, 0},
    {"srliw", "ds5", R7(IMMW, 5u, 0u), K_ALU, 0},
    {"sraiw", "ds5", R7(IMMW, 5u, 0x20u), K_ALU, 0},
    ALU("add", 0u, 0), ALU("sub", 0u, 0x20), ALU("sll", 1u, 0),
    ALU("slt", 2u, 0), ALU("sltu", 3u, 0), ALU("xor", 4u, 0),
    ALU("srl", 5u, 0), ALU("sra", 5u, 0x20), ALU("or", 6u, 0),
    ALU("and", 7u, 0), ALUW("addw", 0u, 0), ALUW("subw", 0u, 0x20),
    ALUW("sllw", 1u, 0), ALUW("srlw", 5u, 0), ALUW("sraw", 5u, 0x20),
    MUL("mul", 0u), MUL("mulh", 1u), MUL("mulhsu", 2u), MUL("mulhu", 3u),
    MUL("div", 4u), MUL("divu", 5u), MUL("rem", 6u), MUL("remu", 7u),
    MULW("mulw", 0u), MULW("divw", 4u), MULW("divuw", 5u), MULW("remw", 6u),
    MULW("remuw", 7u),
    ZB("sh1add", 2u, 0x10), ZB("sh2add", 4u, 0x10), ZB("sh3add", 6u, 0x10),
    ZBW("add.uw", 0u, 4), ZBW("sh1add.uw", 2u, 0x10),
    ZBW("sh2add.uw", 4u, 0x10), ZBW("sh3add.uw", 6u, 0x10),
    {"slli.uw", "ds6", SH(IMMW, 1u, 2u), K_ZB, 0},
    ZB("andn", 7u, 0x20), ZB("orn", 6u, 0x20), ZB("xnor", 4u, 0x20),
    ZB("max", 6u, 5), ZB("maxu", 7u, 5), ZB("min", 4u, 5), ZB("minu", 5u, 5),
    ZB("rol", 1u, 0x30), ZB("ror", 5u, 0x30), ZBW("rolw", 1u, 0x30),
    ZBW("rorw", 5u, 0x30), ZBI("rori", 5u, 0x18u),
    {"roriw", "ds5", R7(IMMW, 5u, 0x30u), K_ZB, 0},
    ZBU("clz", IMM, 1u, 0x600), ZBU("ctz", IMM, 1u, 0x601),
    ZBU("cpop", IMM, 1u, 0x602), ZBU("clzw", IMMW, 1u, 0x600),
    ZBU("ctzw", IMMW, 1u, 0x601), ZBU("cpopw", IMMW, 1u, 0x602),
    ZBU("sext.b", IMM, 1u, 0x604), ZBU("sext.h", IMM, 1u, 0x605),
    ZBU("zext.h", OPW, 4u, 0x080), ZBU("rev8", IMM, 5u, 0x6b8),
    ZBU("orc.b", IMM, 5u, 0x287),
    ZB("bclr", 1u, 0x24), ZB("bext", 5u, 0x24), ZB("binv", 1u, 0x34),
    ZB("bset", 1u, 0x14), ZBI("bclri", 1u, 0x12u), ZBI("bexti", 5u, 0x12u),
    ZBI("binvi", 1u, 0x1au), ZBI("bseti", 1u, 0x0au),
    {"czero.eqz", "dst", R7(OP, 5u, 7), K_ZICOND, 0},
    {"czero.nez", "dst", R7(OP, 7u, 7), K_ZICOND, 0},
    LD("lb", 0u, 1), LD("lh", 1u, 2), LD("lw", 2u, 4), LD("ld", 3u, 8),
    LD("lbu", 4u, 1), LD("lhu", 5u, 2), LD("lwu", 6u, 4),
    ST("sb", 0u, 1), ST("sh", 1u, 2), ST("sw", 2u, 4), ST("sd", 3u, 8),
    {"flw", "rb", I3(0x07u, 2u), K_FLOAD, 4},
    {"fld", "rb", I3(0x07u, 3u), K_FLOAD, 8},
    {"fsw", "tb", I3(0x27u, 2u), K_FSTORE, 4},
    {"fsd", "tb", I3(0x27u, 3u), K_FSTORE, 8},
    AMO("amoadd", 0u), AMO("amoswap", 1u), AMO("amoxor", 4u),
    AMO("amoor", 8u), AMO("amoand", 12u), AMO("amomin", 16u),
    AMO("amomax", 20u), AMO("amominu", 24u), AMO("amomaxu", 28u),
    LR("lr.w", 2u, 4), LR("lr.d", 3u, 8), SC("sc.w", 2u, 4), SC("sc.d", 3u, 8),
    FP(".s", 0u, K_FS), FP(".d", 1u, K_FD),
    F5("fmv.x.w", "dS", 0x70u, 0u, 0u, K_FS),
    F5("fmv.w.x", "Ds", 0x78u, 0u, 0u, K_FS),
    F5("fmv.x.d", "dS", 0x71u, 0u, 0u, K_FD),
    F5("fmv.d.x", "Ds", 0x79u, 0u, 0u, K_FD),
    F2("fcvt.s.d", "DSm", 0x20u, 1u, K_FD),
    F2("fcvt.d.s", "DSm", 0x21u, 0u, K_FD),
    {"fence", "di", I3(0x0fu, 0u), K_FENCE, 0},
    {"fence.i", "", I3(0x0fu, 1u), K_SYSTEM, 0},
    {"cbo.inval", "s", 0x0000200f, 0xfff07fff, K_CBO, 0},
    {"cbo.clean", "s", 0x0010200f, 0xfff07fff, K_CBO, 0},
    {"cbo.flush", "s", 0x0020200f, 0xfff07fff, K_CBO, 0},
    {"cbo.zero", "s", 0x0040200f, 0xfff07fff, K_CBO, 0},
    BR("beq", 0u), BR("bne", 1u), BR("blt", 4u), BR("bge", 5u),
    BR("bltu", 6u), BR("bgeu", 7u),
    {"jal", "", 0x6f, 0x7f, K_FLOW, 0},
    {"jalr", "", I3(0x67u, 0u), K_FLOW, 0},
    CSR("csrrw", 1u), CSR("csrrs", 2u), CSR("csrrc", 3u), CSR("csrrwi", 5u),
    CSR("csrrsi", 6u), CSR("csrrci", 7u),
    WORD("ecall", 0x00000073, K_SYSTEM), WORD("ebreak", 0x00100073, K_SYSTEM),
    WORD("sret", 0x10200073, K_SYSTEM), WORD("mret", 0x30200073, K_SYSTEM),
    WORD("wfi", 0x10500073, K_SYSTEM),
    WORD("wrs.nto", 0x00d00073, K_SYSTEM),
    WORD("wrs.sto", 0x01d00073, K_SYSTEM),
    {"sfence.vma", "st", 0x12000073, 0xfe007fff, K_SYSTEM, 0},
    {"sinval.vma", "st", 0x16000073, 0xfe007fff, K_SYSTEM, 0},
    WORD("sfence.w.inval", 0x18000073, K_SYSTEM),
    WORD("sfence.inval.ir", 0x18100073, K_SYSTEM),
};
const size_t encoding_count = sizeof encodings / sizeof *encodings;

static bool rounding_valid(const struct encoding *e, uint32_t word)
{
    unsigned rm = word >> 12 & 7;

    for (const char *p = e->operands; *p; p++)
        if (*p == 'm')
            return rm != 5 && rm != 6;
    return true;
}

const struct encoding *encoding_find(uint32_t word)
{
    for (size_t i = 0; i < encoding_count; i++)
        if ((word & encodings[i].mask) == encodings[i].match)
            return rounding_valid(&encodings[i], word) ? &encodings[i] : NULL;
    return NULL;
}
