/* Items that compute: integer, floating point, compressed, hints. */
#include "torture.h"

#define CTZW 0x6010101bu

/* A rounding mode field: mostly valid, dynamic half the time. */
static uint32_t rounding(struct body *b)
{
    struct rng *r = b->r;

    /* Not in loops, where it would only fill the program with traps. */
    if (b->weight < 2 && rng_chance(r, 2))
        return 5 + (uint32_t)rng_below(r, 2);
    return rng_chance(r, 50) ? 7 : (uint32_t)rng_below(r, 5);
}

/* Fills in every operand of e at random. */
static uint32_t fill(struct body *b, const struct encoding *e)
{
    uint32_t w = e->match;

    for (const char *c = e->operands; *c; c++) {
        uint32_t v = (uint32_t)rng_next(b->r);

        switch (*c) {
        case 'd':
            w |= (rng_chance(b->r, 2) ? 0 : body_rd(b)) << 7;
            break;
        case 'D':
            w |= (v & 31) << 7;
            break;
        case 's':
        case 'S':
            w |= (v & 31) << 15;
            break;
        case 't':
        case 'T':
        case '5':
            w |= (v & 31) << 20;
            break;
        case '6':
            w |= (v & 63) << 20;
            break;
        case 'R':
            w |= (v & 31) << 27;
            break;
        case 'm':
            w |= rounding(b) << 12;
            break;
        case 'i':
            w |= v << 20;
            break;
        case 'u':
            w |= v & 0xfffff000;
            break;
        }
    }
    return w;
}

/* Gives one source register of w a fresh operand from the pool. */
static void refresh(struct body *b, const struct encoding *e, uint32_t w)
{
    bool rs2 = rng_chance(b->r, 50);
    unsigned reg = w >> (rs2 ? 20 : 15) & 31;
    char x = rs2 ? 't' : 's', f = rs2 ? 'T' : 'S';
    int32_t offset = (int32_t)rng_below(b->r, 510) * 8 - 2040;

    for (const char *c = e->operands; *c; c++) {
        if (*c == x && reg && !body_reserved(b, reg))
            emit32(b, enc_i(OP_LD, reg, b->pool, offset));
        if (*c == f)
            emit32(b, enc_i(rng_chance(b->r, 60) ? 0x3007 : 0x2007, reg,
                            b->pool, offset));
    }
}

void item_compute(struct body *b, enum kind kind)
{
    const struct encoding *e = encoding_pick(b->r, kind);
    uint32_t w;

    if (e->match == CTZW && !b->p->profile.ctzw)
        return; /* QEMU 7.2 computes it wrongly */
    w = fill(b, e);

    if (rng_chance(b->r, kind == K_ALU ? 10 : 40))
        refresh(b, e, w);
    emit32(b, w);
}

void item_rvc(struct body *b)
{
    for (;;) {
        uint16_t h = (uint16_t)rng_next(b->r);
        struct rvc c;

        if ((h & 3) == 3)
            continue;
        c = rvc_classify(h);
        if (c.kind != RVC_ALU || body_reserved(b, c.rd))
            continue;
        emit16(b, h);
        return;
    }
}

void item_fence(struct body *b)
{
    static const uint32_t hints[] = {
        0x0100000f, /* pause */
        0x8330000f, /* fence.tso */
        0x00006013, /* prefetch.i, offset and base added below */
        0x00106013, /* prefetch.r */
        0x00306013, /* prefetch.w */
        0x00000013, /* addi x0: every immediate is a hint */
        0x00000033, /* add x0 */
        0x00000037, /* lui x0 */
    };
    uint64_t n = rng_below(b->r, 12);
    uint32_t v = (uint32_t)rng_next(b->r);

    if (n >= 8)
        emit32(b, 0x0000000f | (v & 0x0ff00000));
    else if (n >= 5)
        emit32(b, hints[n] | (v & (n == 6 ? 0x01ff8000 : 0xffff8000)));
    else if (n >= 2)
        emit32(b, hints[n] | (v & 0xfe0f8000));
    else
        emit32(b, hints[n]);
}
