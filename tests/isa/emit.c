/* Writing instructions into the image, and forward branches. */
#include "torture.h"

void put64(struct program *p, uint64_t pa, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        p->bytes[pa - L_RAM + i] = (uint8_t)(value >> 8 * i);
}

uint64_t get64(const struct program *p, uint64_t pa)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < 8; i++)
        value |= (uint64_t)p->bytes[pa - L_RAM + i] << 8 * i;
    return value;
}

static void put16(struct program *p, uint32_t at, unsigned half)
{
    p->bytes[at] = (uint8_t)half;
    p->bytes[at + 1] = (uint8_t)(half >> 8);
}

static uint32_t get32(const struct program *p, uint32_t at)
{
    const uint8_t *c = p->bytes + at;

    return c[0] | c[1] << 8 | c[2] << 16 | (uint32_t)c[3] << 24;
}

static void put32(struct program *p, uint32_t at, uint32_t word)
{
    put16(p, at, word & 0xffff);
    put16(p, at + 2, word >> 16);
}

void emit16(struct body *b, uint16_t half)
{
    put16(b->p, b->at, half);
    b->at += 2;
    b->estimate += b->weight;
}

void emit32(struct body *b, uint32_t word)
{
    put32(b->p, b->at, word);
    b->at += 4;
    b->estimate += b->weight;
}

uint64_t body_pc(const struct body *b)
{
    return L_RAM + b->at;
}

uint32_t enc_r(uint32_t base, unsigned rd, unsigned rs1, unsigned rs2)
{
    return base | rd << 7 | rs1 << 15 | rs2 << 20;
}

uint32_t enc_i(uint32_t base, unsigned rd, unsigned rs1, int32_t imm)
{
    return base | rd << 7 | rs1 << 15 | (uint32_t)imm << 20;
}

uint32_t enc_s(uint32_t base, unsigned rs2, unsigned rs1, int32_t imm)
{
    uint32_t u = (uint32_t)imm;

    return base | (u & 31) << 7 | rs1 << 15 | rs2 << 20 | (u >> 5 & 127) << 25;
}

uint32_t enc_csr(uint32_t base, unsigned rd, unsigned csr, unsigned rs1)
{
    return base | rd << 7 | rs1 << 15 | csr << 20;
}

void emit_li(struct body *b, unsigned rd, uint64_t value)
{
    int64_t v = (int64_t)value;
    int32_t low = (int32_t)((v & 0xfff) ^ 0x800) - 0x800;

    if (v >= -2048 && v < 2048) {
        emit32(b, enc_i(OP_ADDI, rd, 0, (int32_t)v));
    } else if (v == (int32_t)v) {
        uint32_t high = (uint32_t)v - (uint32_t)low;

        emit32(b, (high & 0xfffff000) | rd << 7 | 0x37);
        emit32(b, enc_i(0x1bu, rd, rd, low));
    } else {
        emit_li(b, rd, (uint64_t)((v - low) >> 12));
        emit32(b, enc_i(OP_SLLI, rd, rd, 12));
        emit32(b, enc_i(OP_ADDI, rd, rd, low));
    }
}

bool body_reserved(const struct body *b, unsigned reg)
{
    return reg == b->pool || reg == b->data || reg == b->test ||
           reg == b->lists || reg == b->loop;
}

unsigned body_rd(struct body *b)
{
    unsigned reg;

    do {
        reg = 1 + (unsigned)rng_below(b->r, 31);
    } while (body_reserved(b, reg));
    return reg;
}

unsigned body_rs(struct body *b)
{
    return (unsigned)rng_below(b->r, 32);
}

const struct encoding *encoding_pick(struct rng *r, enum kind kind)
{
    for (;;) {
        const struct encoding *e = &encodings[rng_below(r, encoding_count)];

        if (e->kind == kind)
            return e;
    }
}

/* Points the branch at `at` to `distance` bytes further on. */
static void resolve(struct program *p, uint32_t at, char form, uint32_t d)
{
    uint32_t w = get32(p, at);

    switch (form) {
    case 'B':
        w |= (d >> 12 & 1) << 31 | (d >> 5 & 63) << 25 | (d >> 1 & 15) << 8 |
             (d >> 11 & 1) << 7;
        break;
    case 'J':
        w |= (d >> 20 & 1) << 31 | (d >> 1 & 1023) << 21 | (d >> 11 & 1) << 20 |
             (d >> 12 & 255) << 12;
        break;
    case 'b':
        if (d > 254)
            d = 2;
        w |= (d >> 8 & 1) << 12 | (d >> 3 & 3) << 10 | (d >> 6 & 3) << 5 |
             (d >> 1 & 3) << 3 | (d >> 5 & 1) << 2;
        break;
    case 'j':
        w |= (d >> 11 & 1) << 12 | (d >> 4 & 1) << 11 | (d >> 8 & 3) << 9 |
             (d >> 10 & 1) << 8 | (d >> 6 & 1) << 7 | (d >> 7 & 1) << 6 |
             (d >> 1 & 7) << 3 | (d >> 5 & 1) << 2;
        break;
    default: /* the immediate of the addi or jalr after an auipc */
        w = get32(p, at + 4) | d << 20;
        at += 4;
    }
    put32(p, at, w);
}

/* The distance to the instruction after the branch. */
static uint32_t shortest(char form)
{
    switch (form) {
    case 'R':
        return 8;
    case 'r':
        return 10;
    case 'b':
    case 'j':
        return 2;
    default:
        return 4;
    }
}

static void arrive(struct body *b, struct fixup *f)
{
    uint32_t d = b->at - f->at;

    if (d > 2000) /* too far for the short forms: go to the next instruction */
        d = shortest((char)f->form);
    resolve(b->p, f->at, (char)f->form, d);
    *f = b->fixups[--b->fixup_count];
}

void fixups_step(struct body *b)
{
    for (unsigned i = 0; i < b->fixup_count;) {
        if (b->fixups[i].items-- == 0)
            arrive(b, &b->fixups[i]);
        else
            i++;
    }
}

void fixups_finish(struct body *b)
{
    while (b->fixup_count)
        arrive(b, &b->fixups[0]);
}
