/* What each 16-bit word does: "C" chapter, instruction listings. */
#include "encodings.h"

static unsigned bits(uint16_t h, unsigned high, unsigned low)
{
    return h >> low & ((1u << (high - low + 1)) - 1);
}

static struct rvc access(enum rvc_kind kind, unsigned f3, uint16_t h)
{
    struct rvc r = {.kind = kind, .base = (uint8_t)(8 + bits(h, 9, 7))};
    unsigned mid = bits(h, 12, 10) << 3;

    r.fp = (f3 & 3) == 1;
    r.size = (f3 & 3) == 2 ? 4 : 8;
    if (r.size == 4)
        r.offset = (uint16_t)(mid | bits(h, 6, 6) << 2 | bits(h, 5, 5) << 6);
    else
        r.offset = (uint16_t)(mid | bits(h, 6, 5) << 6);
    if (kind == RVC_LOAD && !r.fp)
        r.rd = (uint8_t)(8 + bits(h, 4, 2));
    return r;
}

static struct rvc quadrant0(uint16_t h)
{
    unsigned f3 = h >> 13;

    if (f3 == 0 && bits(h, 12, 5))
        return (struct rvc){.kind = RVC_ALU,
                            .rd = (uint8_t)(8 + bits(h, 4, 2))};
    if (f3 == 0 || f3 == 4)
        return (struct rvc){.kind = RVC_ILLEGAL};
    return access(f3 < 4 ? RVC_LOAD : RVC_STORE, f3, h);
}

static struct rvc quadrant1(uint16_t h)
{
    unsigned f3 = h >> 13, rd = bits(h, 11, 7);
    unsigned imm = bits(h, 12, 12) << 5 | bits(h, 6, 2);
    struct rvc r = {.kind = RVC_ALU, .rd = (uint8_t)rd};

    if (f3 >= 5)
        r.kind = RVC_FLOW;
    if ((f3 == 1 && rd == 0) || (f3 == 3 && imm == 0))
        r.kind = RVC_ILLEGAL;
    if (f3 == 4) {
        r.rd = (uint8_t)(8 + bits(h, 9, 7));
        if (bits(h, 11, 10) == 3 && bits(h, 12, 12) && bits(h, 6, 6))
            r.kind = RVC_ILLEGAL;
    }
    if (r.kind != RVC_ALU)
        r.rd = 0;
    return r;
}

static struct rvc jump_or_move(uint16_t h, unsigned rd)
{
    unsigned rs2 = bits(h, 6, 2);

    if (rs2)
        return (struct rvc){.kind = RVC_ALU, .rd = (uint8_t)rd};
    if (rd)
        return (struct rvc){.kind = RVC_FLOW};
    return (struct rvc){.kind = bits(h, 12, 12) ? RVC_EBREAK : RVC_ILLEGAL};
}

static struct rvc stack_access(uint16_t h, unsigned f3, unsigned rd)
{
    struct rvc r = {.kind = f3 < 4 ? RVC_LOAD : RVC_STORE, .base = 2};
    bool word = (f3 & 3) == 2;

    r.fp = (f3 & 3) == 1;
    r.size = word ? 4 : 8;
    if (r.kind == RVC_STORE) {
        r.offset = (uint16_t)(word ? bits(h, 12, 9) << 2 | bits(h, 8, 7) << 6
                                   : bits(h, 12, 10) << 3 | bits(h, 9, 7) << 6);
        return r;
    }
    r.offset = (uint16_t)(bits(h, 12, 12) << 5);
    r.offset |= (uint16_t)(word ? bits(h, 6, 4) << 2 | bits(h, 3, 2) << 6
                                : bits(h, 6, 5) << 3 | bits(h, 4, 2) << 6);
    if (!r.fp) {
        r.rd = (uint8_t)rd;
        if (rd == 0)
            r.kind = RVC_ILLEGAL;
    }
    return r;
}

static struct rvc quadrant2(uint16_t h)
{
    unsigned f3 = h >> 13, rd = bits(h, 11, 7);

    if (f3 == 0)
        return (struct rvc){.kind = RVC_ALU, .rd = (uint8_t)rd};
    if (f3 == 4)
        return jump_or_move(h, rd);
    return stack_access(h, f3, rd);
}

struct rvc rvc_classify(uint16_t h)
{
    switch (h & 3) {
    case 0:
        return quadrant0(h);
    case 1:
        return quadrant1(h);
    default:
        return quadrant2(h);
    }
}
