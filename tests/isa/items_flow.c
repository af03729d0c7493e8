/*
 * Items that change the flow: branches and jumps forward, counted loops,
 * jumps to bad addresses, code that modifies itself.  Nothing jumps backward
 * but the loops, so every block ends.
 */
#include "torture.h"

static void add_fixup(struct body *b, char form, unsigned items)
{
    b->fixups[b->fixup_count++] = (struct fixup){
        .at = b->at, .form = (uint8_t)form, .items = (uint8_t)items};
}

static unsigned low_register(struct body *b)
{
    return 8 + (unsigned)rng_below(b->r, 8);
}

/* auipc t; then jalr, or addi and c.jr or c.jalr, through t. */
static void indirect(struct body *b, unsigned items)
{
    unsigned t = body_rd(b), link = rng_chance(b->r, 50) ? 0 : body_rd(b);

    add_fixup(b, 'R', items);
    if (rng_chance(b->r, 50)) {
        emit32(b, 0x17 | t << 7);
        emit32(b, enc_i(0x67, link, t, 0));
        return;
    }
    b->fixups[b->fixup_count - 1].form = 'r';
    emit32(b, 0x17 | t << 7);
    emit32(b, enc_i(OP_ADDI, t, t, 0));
    emit16(b, (uint16_t)((rng_chance(b->r, 50) || body_reserved(b, 1)
                              ? 0x8002 : 0x9002) | t << 7));
}

void item_branch(struct body *b)
{
    unsigned items = 1 + (unsigned)rng_below(b->r, 4);

    if (b->fixup_count == FIXUPS)
        return;
    switch (rng_below(b->r, 8)) {
    case 0:
        add_fixup(b, 'J', items);
        emit32(b, 0x6f | (rng_chance(b->r, 50) ? 0 : body_rd(b)) << 7);
        break;
    case 1:
        add_fixup(b, 'j', items);
        emit16(b, 0xa001);
        break;
    case 2:
        indirect(b, items);
        break;
    case 3:
        add_fixup(b, 'b', items > 2 ? 2 : items);
        emit16(b, (uint16_t)((rng_chance(b->r, 50) ? 0xc001 : 0xe001) |
                             (low_register(b) - 8) << 7));
        break;
    default: {
        static const uint8_t conditions[] = {0, 1, 4, 5, 6, 7};
        uint32_t f3 = conditions[rng_below(b->r, 6)];

        add_fixup(b, 'B', items);
        emit32(b, enc_r(0x63 | f3 << 12, 0, body_rs(b), body_rs(b)));
    }
    }
}

static void loop_item(struct body *b)
{
    switch (rng_below(b->r, 12)) {
    case 0:
    case 1:
        item_compute(b, K_FS);
        break;
    case 2:
    case 3:
        item_compute(b, K_FD);
        break;
    case 4:
        item_compute(b, K_ZB);
        break;
    case 5:
        item_compute(b, K_MULDIV);
        break;
    case 6:
        item_rvc(b);
        break;
    case 7: {
        unsigned t = body_rd(b);

        /* Loads and stores that step through a page. */
        emit32(b, enc_i(OP_SLLI, t, b->loop, 3));
        emit32(b, enc_r(OP_ADD, t, t, b->data));
        if (rng_chance(b->r, 50))
            emit32(b, enc_i(OP_LD, body_rd(b), t,
                            (int32_t)rng_below(b->r, 128) * 8));
        else
            emit32(b, enc_s(OP_SD, body_rs(b), t,
                            (int32_t)rng_below(b->r, 128) * 8));
        break;
    }
    default:
        item_compute(b, K_ALU);
    }
}

/* The counter is an index too: below 128, so that its page is not left. */
void item_loop(struct body *b)
{
    unsigned turns = 16 + (unsigned)rng_below(b->r, 110);
    unsigned items = 4 + (unsigned)rng_below(b->r, 12);
    uint32_t top;
    int32_t distance;

    emit32(b, enc_i(OP_ADDI, b->loop, 0, (int32_t)turns));
    top = b->at;
    b->weight *= turns;
    for (unsigned i = 0; i < items; i++)
        loop_item(b);
    emit32(b, enc_i(OP_ADDI, b->loop, b->loop, -1));
    distance = (int32_t)top - (int32_t)b->at;
    uint32_t d = (uint32_t)distance;

    emit32(b, enc_r(0x1063, 0, b->loop, 0) | (d >> 12 & 1) << 31 |
                  (d >> 5 & 63) << 25 | (d >> 1 & 15) << 8 |
                  (d >> 11 & 1) << 7);
    b->weight /= turns;
}

/* Jumps that return at once through ra, or trap and are resumed at ra. */
void item_wild_jump(struct body *b)
{
    static const uint64_t bare[] = {
        0x0000010000000000, 0x0000010000000002, 0x00f0000000000000,
    };
    static const uint64_t paged[] = {
        0x0000400000000000, 0x8000000000000000, 0x7ffffffffffff000,
        0xff00000000000000, 0x4000000000, 0x0123456789abcdee,
    };
    unsigned t = body_rd(b);

    if (body_reserved(b, 1) || t == 1 || b->moved)
        return;
    /* PMP may deny the list: then t would hold anything. */
    if (!b->uses_pmp && rng_chance(b->r, 75))
        emit32(b, enc_i(OP_LD, t, b->lists,
                        LIST_X + (int32_t)rng_below(b->r, 32) * 8));
    else if (b->space && b->mode != MODE_M)
        emit_li(b, t, paged[rng_below(b->r, 6)]);
    else
        emit_li(b, t, bare[rng_below(b->r, 3)]);
    if (rng_chance(b->r, 50))
        emit32(b, enc_i(0x67, 1, t, (int32_t)rng_below(b->r, 2)));
    else
        emit16(b, (uint16_t)(0x9002 | t << 7));
}

/* Exchanges two instructions of the slot after the fence.i, each time. */
void item_self_modify(struct body *b)
{
    unsigned t = body_rd(b), v = body_rd(b), m = body_rd(b), rd = body_rd(b);
    uint32_t one = enc_i(OP_ADDI, rd, rd, (int32_t)rng_below(b->r, 2048));
    uint32_t other = enc_i(OP_XORI, rd, rd, (int32_t)rng_below(b->r, 2048));
    uint32_t at;

    if (t == v || t == m || v == m || (b->space && b->mode != MODE_M) ||
        b->uses_pmp)
        return;
    emit_li(b, m, (uint64_t)(int64_t)(int32_t)(one ^ other));
    at = b->at;
    emit32(b, 0x17 | t << 7);
    emit32(b, enc_i(OP_LW, v, t, 24));
    emit32(b, enc_r(OP_XOR, v, v, m));
    emit32(b, enc_s(OP_SW, v, t, 24));
    emit32(b, 0x0000100f);
    emit32(b, enc_i(OP_ADDI, 0, 0, 0));
    if (b->at != at + 24)
        return;
    emit32(b, one);
}
