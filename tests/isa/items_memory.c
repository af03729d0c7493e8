/* Items that load and store. */
#include "torture.h"

/*
 * An offset from a base that lies in the middle of a page, such that the
 * access stays in the page: crossing is item_cross's business.
 */
static int32_t page_offset(struct body *b, unsigned size, unsigned misaligned)
{
    int32_t offset = (int32_t)rng_below(b->r, 4096 / size) * (int32_t)size;

    if (rng_chance(b->r, misaligned) && offset + 2 * (int32_t)size <= 4096)
        offset += (int32_t)rng_below(b->r, size);
    return offset - 2048;
}

static enum kind memory_kind(struct rng *r)
{
    static const enum kind kinds[] = {K_LOAD, K_LOAD, K_STORE, K_FLOAD,
                                      K_FSTORE};

    return kinds[rng_below(r, 5)];
}

static void emit_access(struct body *b, const struct encoding *e,
                        unsigned base, int32_t offset)
{
    if (e->kind == K_LOAD)
        emit32(b, enc_i(e->match, body_rd(b), base, offset));
    else if (e->kind == K_FLOAD)
        emit32(b, enc_i(e->match, body_rs(b), base, offset));
    else
        emit32(b, enc_s(e->match, body_rs(b), base, offset));
}

void item_reload(struct body *b)
{
    int32_t slot = (int32_t)rng_below(b->r, 128) * 8;

    emit32(b, enc_i(OP_LD, b->test, b->lists, slot));
}

void item_memory(struct body *b)
{
    const struct encoding *e = encoding_pick(b->r, memory_kind(b->r));
    uint64_t where = rng_below(b->r, 4);

    if (where == 0) {
        emit_access(b, e, b->data, page_offset(b, e->size, 10));
    } else if (where == 1) { /* an index that depends on data */
        unsigned t = body_rd(b);

        emit32(b, enc_i(OP_ANDI, t, body_rs(b),
                        rng_chance(b->r, 80) ? 0x7f8 : 0x7f7));
        emit32(b, enc_r(OP_ADD, t, t, b->data));
        emit_access(b, e, t, 0);
    } else {
        if (rng_chance(b->r, 60))
            item_reload(b);
        emit_access(b, e, b->test,
                    page_offset(b, e->size, b->uses_pmp ? 0 : 15));
    }
}

void item_cross(struct body *b)
{
    const struct encoding *e = encoding_pick(b->r, memory_kind(b->r));
    int32_t slot = LIST_C + (int32_t)rng_below(b->r, 32) * 8;

    if (e->size == 1 || b->moved)
        return;
    emit32(b, enc_i(OP_LD, b->test, b->lists, slot));
    emit32(b, enc_i(OP_ADDI, b->test, b->test, 2047));
    emit_access(b, e, b->test, 1 - (int32_t)rng_below(b->r, e->size));
    item_reload(b);
}

void item_rvc_memory(struct body *b)
{
    for (unsigned tries = 0; tries < 2000; tries++) {
        uint16_t h = (uint16_t)rng_next(b->r);
        struct rvc c;

        if ((h & 3) == 3)
            continue;
        c = rvc_classify(h);
        if ((c.kind != RVC_LOAD && c.kind != RVC_STORE) ||
            (c.base != b->data && c.base != b->test) ||
            (c.rd && body_reserved(b, c.rd)))
            continue;
        emit16(b, h);
        return;
    }
}

/*
 * AMOs go to RAM only (list A), and misaligned ones to the safe page only;
 * README, "exclusions".
 */
static void atomic_address(struct body *b, unsigned size, unsigned *base)
{
    /* PMP may deny the list: then the base would stay one of list B. */
    if (!b->uses_pmp && rng_chance(b->r, 50)) {
        *base = b->test;
        emit32(b, enc_i(OP_LD, b->test, b->lists,
                        (int32_t)rng_below(b->r, 64) * 8));
    } else {
        int32_t offset = (int32_t)rng_below(b->r, 250) * 8;

        if (size == 4)
            offset += 4 * (int32_t)rng_below(b->r, 2);
        if (!b->uses_pmp && rng_chance(b->r, 8))
            offset += 1 + (int32_t)rng_below(b->r, 7);
        *base = body_rd(b);
        emit32(b, enc_i(OP_ADDI, *base, b->data, offset));
    }
}

void item_amo(struct body *b)
{
    const struct encoding *e = encoding_pick(b->r, K_AMO);
    uint32_t order = (uint32_t)rng_below(b->r, 4) << 25;
    unsigned base;

    if (b->moved)
        return;
    atomic_address(b, e->size, &base);
    emit32(b, enc_r(e->match | order, body_rd(b), base, body_rs(b)));
}

static uint32_t lrsc_word(struct body *b, bool sc, bool d, unsigned rd,
                          unsigned base, unsigned rs2)
{
    uint32_t w = (sc ? 0x1800202f : 0x1000202f) | (uint32_t)d << 12;

    return enc_r(w | (uint32_t)rng_below(b->r, 4) << 25, rd, base, rs2);
}

void item_lrsc(struct body *b)
{
    unsigned base = body_rd(b), rd = body_rd(b), result;
    bool d = rng_chance(b->r, 50);

    if (b->uses_pmp || b->moved)
        return;
    while (rd == base)
        rd = body_rd(b);
    do
        result = body_rd(b);
    while (result == base);
    emit32(b, enc_i(OP_ADDI, base, b->data,
                    (int32_t)rng_below(b->r, 250) * 8));
    if (rng_chance(b->r, 8)) { /* no reservation: the second must fail */
        emit32(b, lrsc_word(b, true, d, rd, base, body_rs(b)));
        emit32(b, lrsc_word(b, true, d, result, base, body_rs(b)));
        return;
    }
    if (rng_chance(b->r, 8)) { /* misaligned: only a load-reserved */
        emit32(b, enc_i(OP_ADDI, base, base, 1 + (int)rng_below(b->r, 3)));
        emit32(b, lrsc_word(b, false, d, rd, base, 0));
        return;
    }
    emit32(b, lrsc_word(b, false, d, rd, base, 0));
    emit32(b, enc_i(OP_XORI, rd, rd, (int32_t)rng_below(b->r, 2048)));
    if (rng_chance(b->r, 15)) { /* another page: must fail */
        emit_li(b, rd, 4096);
        emit32(b, enc_r(OP_ADD, base, base, rd));
    }
    emit32(b, lrsc_word(b, true, d, result, base, rd));
    if (rng_chance(b->r, 30)) /* and the reservation is gone */
        emit32(b, lrsc_word(b, true, d, result, base, rd));
}

void item_cbo(struct body *b)
{
    const struct encoding *e = encoding_pick(b->r, K_CBO);

    if (b->uses_pmp || b->moved)
        return;
    if (rng_chance(b->r, 50))
        emit32(b, enc_i(OP_LD, b->test, b->lists,
                        (int32_t)rng_below(b->r, 64) * 8));
    emit32(b, e->match |
                  (rng_chance(b->r, 50) ? b->test : b->data) << 15);
}
