/* Which encodings are one instruction to a person. */
#include "check/riscv/group.h"

#include <stdio.h>
#include <string.h>

#define MAJOR_OPCODE  0x7fu
#define OPCODE_SYSTEM 0x73u

static unsigned add(struct groups *g, enum group_kind kind, const char *name)
{
    struct group *new = &g->group[g->n];

    *new = (struct group){ .kind = (uint8_t)kind };
    snprintf(new->name, sizeof new->name, "%s", name);
    return g->n++;
}

static bool accesses_memory(unsigned op)
{
    switch (insn_class(op)) {
    case CLASS_LOAD:
    case CLASS_STORE:
    case CLASS_AMO:
    case CLASS_FENCE:
        return true;
    default:
        return false;
    }
}

static void add_rows(struct groups *g)
{
    for (unsigned op = 1; op < INSN_COUNT; op++) {
        struct group *new;

        if (!isa_has(g->isa, insn_row(op)->ext) || insn_class(op) == CLASS_CSR)
            continue;
        g->by_op[op] = (uint16_t)add(g, GROUP_ROW, insn_name(op));
        new = &g->group[g->by_op[op]];
        new->op = (uint16_t)op;
        new->memory = accesses_memory(op);
        new->probe =
            insn_class(op) == CLASS_SYSTEM || insn_class(op) == CLASS_FENCE;
    }
}

/* The name without a number at its end, which is "N" where there are several
   of them: hpmcounterN. */
static void csr_stem(const struct isa *isa, unsigned csr, char *buf,
                     size_t size)
{
    const char *name = csr_name(csr);
    size_t length = strlen(name), stem = length;
    unsigned alike = 0;

    while (stem && name[stem - 1] >= '0' && name[stem - 1] <= '9')
        stem--;
    for (int c = csr_next(isa, 0); c >= 0; c = csr_next(isa, (unsigned)c + 1))
        alike += strncmp(csr_name((unsigned)c), name, stem) == 0 &&
                 strspn(csr_name((unsigned)c) + stem, "0123456789") ==
                     strlen(csr_name((unsigned)c) + stem);
    if (stem < length && alike > 1)
        snprintf(buf, size, "%.*sN", (int)stem, name);
    else
        snprintf(buf, size, "%s", name);
}

static unsigned find_or_add_csr(struct groups *g, unsigned csr, bool write)
{
    char stem[24], name[32];
    unsigned i;

    if (csr_exists(g->isa, csr))
        csr_stem(g->isa, csr, stem, sizeof stem);
    else
        snprintf(stem, sizeof stem, "unknown CSR");
    snprintf(name, sizeof name, "%s %s", write ? "csrw" : "csrr", stem);
    for (i = 0; i < g->n; i++)
        if (strcmp(g->group[i].name, name) == 0)
            return i;
    i = add(g, GROUP_CSR, name);
    g->group[i].write = write;
    g->group[i].csr = (uint16_t)csr;
    return i;
}

static void add_csrs(struct groups *g)
{
    unsigned unknown[2];

    for (int c = csr_next(g->isa, 0); c >= 0;
         c = csr_next(g->isa, (unsigned)c + 1))
        for (unsigned write = 0; write < 2; write++)
            g->by_csr[write][c] =
                (uint16_t)find_or_add_csr(g, (unsigned)c, write);
    for (unsigned write = 0; write < 2; write++) {
        unknown[write] = find_or_add_csr(g, 0x5c0, write);
        for (unsigned c = 0; c < CSR_NUMBERS_ALL; c++)
            if (!csr_exists(g->isa, c))
                g->by_csr[write][c] = (uint16_t)unknown[write];
    }
}

void groups_init(struct groups *g, const struct isa *isa)
{
    memset(g, 0, sizeof *g);
    g->isa = isa;
    add_rows(g);
    add_csrs(g);
    g->reserved = (uint16_t)add(g, GROUP_RESERVED, "reserved, 32 bits");
    g->reserved_16 = (uint16_t)add(g, GROUP_RESERVED_16, "reserved, 16 bits");
}

/* csrrs, csrrc and their immediate forms write unless the field is zero. */
static bool writes(const struct insn *i)
{
    return i->op == INSN_csrrw || i->op == INSN_csrrwi || i->rs1 != 0;
}

unsigned group_of(const struct groups *g, uint32_t word)
{
    struct insn i;

    insn_decode(word, g->isa, &i);
    if (i.op == INSN_illegal)
        return i.length == 2 ? g->reserved_16 : g->reserved;
    if (insn_class(i.op) == CLASS_CSR)
        return g->by_csr[writes(&i)][i.imm & 0xfff];
    return g->by_op[i.op];
}

/* A field of five bits: x0, sp and others often, any else. */
static uint32_t any_field(struct dice *d)
{
    static const uint8_t often[] = { 0, 2, 10, 31 };
    unsigned i = dice_below(d, 10);

    return i < 4 ? often[i] : dice_below(d, 32);
}

/* Random bits; the register fields and the immediate often at their limits. */
static uint32_t any_bits(struct dice *d)
{
    static const uint32_t limits[] = { 0, 0x7ff, 0x800, 0xfff };
    uint32_t bits = (uint32_t)(dice_roll(d) >> 32);

    bits = (uint32_t)field_set(bits, MASK(11, 7), any_field(d));
    bits = (uint32_t)field_set(bits, MASK(19, 15), any_field(d));
    switch (dice_below(d, 4)) {
    case 0:
        return (uint32_t)field_set(bits, MASK(31, 20),
                                   limits[dice_below(d, 4)]);
    case 1:
        return (uint32_t)field_set(bits, MASK(24, 20), any_field(d));
    case 2: /* a small offset, as most are */
        return (uint32_t)field_set(bits, MASK(31, 20), 8 * dice_below(d, 8));
    default:
        return bits;
    }
}

static uint32_t csr_word(const struct groups *g, unsigned group, struct dice *d)
{
    const struct group *of = &g->group[group];
    uint32_t bits = any_bits(d), funct3;
    unsigned csr = of->csr;

    /* Another one of the group, if there are more. */
    for (unsigned i = 0; i < 8; i++) {
        unsigned other = i < 4 ? (csr & 0xfe0) | dice_below(d, 32)
                               : dice_below(d, CSR_NUMBERS_ALL);

        if (g->by_csr[of->write][other] == group)
            csr = other;
    }
    if (of->write) {
        funct3 = 1 + dice_below(d, 3) + 4 * dice_below(d, 2);
        if ((funct3 & 3) != 1 && !(bits & MASK(19, 15)))
            bits |= BIT(15);
    } else {
        funct3 = 2 + dice_below(d, 2) + 4 * dice_below(d, 2);
        bits &= (uint32_t)~MASK(19, 15);
    }
    return csr << 20 | (bits & (uint32_t)MASK(19, 15)) | funct3 << 12 |
           (bits & (uint32_t)MASK(11, 7)) | 0x73;
}

static uint32_t reserved_word(const struct groups *g, struct dice *d)
{
    uint32_t word = 0;

    for (unsigned i = 0; i < 64; i++) {
        word = (uint32_t)(dice_roll(d) >> 32) | 3;
        if (group_of(g, word) == g->reserved)
            break;
    }
    return word;
}

static uint32_t reserved_half(const struct groups *g, struct dice *d)
{
    for (unsigned i = 0; i < 512; i++) {
        uint32_t half = (uint16_t)(dice_roll(d) >> 32);

        if ((half & 3) != 3 && group_of(g, half) == g->reserved_16)
            return half;
    }
    return 0; /* "defined to be illegal" */
}

uint32_t group_word(const struct groups *g, unsigned group, struct dice *d)
{
    const struct group *of = &g->group[group];
    const struct insn_row *row;

    switch (of->kind) {
    case GROUP_CSR:
        return csr_word(g, group, d);
    case GROUP_RESERVED:
        return reserved_word(g, d);
    case GROUP_RESERVED_16:
        return reserved_half(g, d);
    default:
        row = insn_row(of->op);
        return row->match | (any_bits(d) & ~row->mask);
    }
}

/* Two of the eight values of a rounding mode are reserved. */
static bool has_rounding(unsigned op)
{
    switch (insn_format(op)) {
    case FORMAT_FP_R_RM:
    case FORMAT_FP_R4:
    case FORMAT_FP_UNARY_RM:
    case FORMAT_FP_TO_X_RM:
    case FORMAT_X_TO_FP_RM:
        return true;
    default:
        return false;
    }
}

/* The prefetches take their words from ori, whose no-ops they are. */
static uint64_t refined_size(const struct groups *g, unsigned op)
{
    uint64_t n = 0;

    if (op != INSN_ori || !isa_has(g->isa, EXT_ZICBOP))
        return 0;
    for (unsigned o = INSN_prefetch_i; o <= INSN_prefetch_w; o++)
        n += UINT64_C(1) << __builtin_popcount(~insn_row(o)->mask);
    return n;
}

uint64_t group_size(const struct groups *g, unsigned group)
{
    const struct group *of = &g->group[group];
    uint64_t n;

    if (of->kind != GROUP_ROW ||
        (insn_row(of->op)->match & MAJOR_OPCODE) == OPCODE_SYSTEM)
        return 0;
    n = UINT64_C(1) << __builtin_popcount(~insn_row(of->op)->mask);
    if (has_rounding(of->op))
        n = n / 8 * 6;
    return n - refined_size(g, of->op);
}

void group_encoding(const struct groups *g, unsigned group, char *buf,
                    size_t size)
{
    const struct group *of = &g->group[group];

    buf[0] = '\0';
    if (of->kind == GROUP_ROW)
        snprintf(buf, size, "0x%08x/0x%08x", insn_row(of->op)->match,
                 insn_row(of->op)->mask);
    else if (of->kind == GROUP_CSR && csr_exists(g->isa, of->csr))
        snprintf(buf, size, "CSR 0x%03x%s", of->csr,
                 strchr(of->name, 'N') ? "\xe2\x80\xa6" : "");
}
