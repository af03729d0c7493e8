/*
 * Disassembly. The operands of each format are a short text in which letters
 * stand for operands and everything else for itself:
 *
 *   d 1 2     x register rd, rs1, rs2        i  immediate, decimal
 *   D A B C   f register rd, rs1, rs2, rs3   x  immediate, hexadecimal
 *   c         CSR                            u  immediate's upper 20 bits
 *   z         rs1 field as a number          a  pc + immediate: an address
 *   p         predecessor, successor set     r  ",rm" unless it is dynamic
 */
#include "isa/compressed.h"
#include "isa/csr_file.h"

static const char *const operands[] = {
    [FORMAT_NONE] = "",
    [FORMAT_R] = "d,1,2",
    [FORMAT_I] = "d,1,i",
    [FORMAT_SHIFT] = "d,1,x",
    [FORMAT_UNARY] = "d,1",
    [FORMAT_LOAD] = "d,i(1)",
    [FORMAT_STORE] = "2,i(1)",
    [FORMAT_BRANCH] = "1,2,a",
    [FORMAT_U] = "d,u",
    [FORMAT_JAL] = "d,a",
    [FORMAT_JALR] = "d,i(1)",
    [FORMAT_CSR] = "d,c,1",
    [FORMAT_CSRI] = "d,c,z",
    [FORMAT_AMO] = "d,2,(1)",
    [FORMAT_LR] = "d,(1)",
    [FORMAT_FENCE] = "p",
    [FORMAT_FP_R] = "D,A,B",
    [FORMAT_FP_R_RM] = "D,A,Br",
    [FORMAT_FP_R4] = "D,A,B,Cr",
    [FORMAT_FP_UNARY_RM] = "D,Ar",
    [FORMAT_FP_CMP] = "d,A,B",
    [FORMAT_FP_TO_X] = "d,A",
    [FORMAT_FP_TO_X_RM] = "d,Ar",
    [FORMAT_X_TO_FP] = "D,1",
    [FORMAT_X_TO_FP_RM] = "D,1r",
    [FORMAT_FP_LOAD] = "D,i(1)",
    [FORMAT_FP_STORE] = "B,i(1)",
    [FORMAT_SFENCE] = "1,2",
    [FORMAT_CBO] = "(1)",
    [FORMAT_PREFETCH] = "i(1)",
};

static const char x_names[32][5] = {
    "zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
    "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
    "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

static const char f_names[32][5] = {
    "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6",  "ft7",
    "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4",  "fa5",
    "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6",  "fs7",
    "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
};

static const char rm_names[8][4] = {
    "rne", "rtz", "rdn", "rup", "rmm", "", "", "dyn",
};

/* A text being written; what does not fit is left out. */
struct text {
    char *buf;
    size_t size, length;
};

static void put_char(struct text *t, char c)
{
    if (t->length + 1 < t->size)
        t->buf[t->length++] = c;
}

static void put(struct text *t, const char *s)
{
    while (*s)
        put_char(t, *s++);
}

static void put_number(struct text *t, uint64_t v, unsigned base)
{
    char digits[20];
    unsigned n = 0;

    do {
        digits[n++] = "0123456789abcdef"[v % base];
        v /= base;
    } while (v);
    while (n)
        put_char(t, digits[--n]);
}

static void put_hex(struct text *t, uint64_t v)
{
    put(t, "0x");
    put_number(t, v, 16);
}

static void put_decimal(struct text *t, int64_t v)
{
    if (v < 0)
        put_char(t, '-');
    put_number(t, v < 0 ? -(uint64_t)v : (uint64_t)v, 10);
}

static void put_csr(struct text *t, unsigned csr)
{
    const char *name = csr_name(csr);

    if (name)
        put(t, name);
    else
        put_hex(t, csr);
}

/* One of the two sets of a fence: device input, output, memory reads, writes */
static void put_fence_set(struct text *t, unsigned set)
{
    if (set == 0)
        put(t, "unknown");
    for (unsigned bit = 0; bit < 4; bit++)
        if (set & (8u >> bit))
            put_char(t, "iorw"[bit]);
}

static void put_operand(struct text *t, const struct insn *i, uint64_t pc,
                        char letter)
{
    switch (letter) {
    case 'd': put(t, x_names[i->rd & 31]); return;
    case '1': put(t, x_names[i->rs1 & 31]); return;
    case '2': put(t, x_names[i->rs2 & 31]); return;
    case 'D': put(t, f_names[i->rd & 31]); return;
    case 'A': put(t, f_names[i->rs1 & 31]); return;
    case 'B': put(t, f_names[i->rs2 & 31]); return;
    case 'C': put(t, f_names[i->rs3 & 31]); return;
    case 'c': put_csr(t, (unsigned)i->imm); return;
    case 'z': put_number(t, i->rs1, 10); return;
    case 'i': put_decimal(t, i->imm); return;
    case 'x': put_hex(t, (uint64_t)i->imm); return;
    case 'u': put_hex(t, bits_of((uint64_t)i->imm, 31, 12)); return;
    case 'a': put_hex(t, pc + (uint64_t)i->imm); return;
    case 'p':
        put_fence_set(t, (unsigned)bits_of((uint64_t)i->imm, 7, 4));
        put_char(t, ',');
        put_fence_set(t, (unsigned)bits_of((uint64_t)i->imm, 3, 0));
        return;
    case 'r':
        if ((i->rm & 7) != 7) {
            put_char(t, ',');
            put(t, rm_names[i->rm & 7]);
        }
        return;
    default: put_char(t, letter); return;
    }
}

/* ".aq", ".rl" or both: bits 26 and 25 of the A extension's instructions. */
static void put_ordering(struct text *t, uint32_t raw)
{
    if (raw & (BIT(26) | BIT(25)))
        put_char(t, '.');
    if (raw & BIT(26))
        put(t, "aq");
    if (raw & BIT(25))
        put(t, "rl");
}

size_t insn_format_text(const struct insn *i, uint64_t pc, char *buf,
                        size_t size)
{
    struct text t = {buf, size, 0};
    enum insn_format format = insn_format(i->op);
    const char *name = insn_name(i->op);
    const char *template = operands[format];

    if (size == 0)
        return 0;
    if (i->length == 2 && i->op != INSN_illegal) {
        name = compressed_find((uint16_t)i->raw)->name;
        template = compressed_find((uint16_t)i->raw)->text;
    }
    put(&t, name);
    if (format == FORMAT_AMO || format == FORMAT_LR)
        put_ordering(&t, i->raw);
    if (*template)
        put_char(&t, ' ');
    while (*template)
        put_operand(&t, i, pc, *template++);
    buf[t.length] = '\0';
    return t.length;
}

const char *insn_x_name(unsigned n)
{
    return x_names[n & 31];
}
