/*
 * Items of the privileged architecture: traps, returns to lower modes,
 * interrupts, MPRV, fences, edits of page tables.
 */
#include "torture.h"

#define CSR_MSTATUS 0x300
#define CSR_SSTATUS 0x100
#define MPP 0x1800
#define MPRV 0x20000

/* Sets the bits of `field` in csr to `value`, through two registers. */
static void set_field(struct body *b, unsigned csr, uint64_t field,
                      uint64_t value)
{
    unsigned t = body_rd(b);

    emit_li(b, t, field);
    emit32(b, enc_csr(OP_CSRRC, 0, csr, t));
    if (value) {
        emit_li(b, t, value);
        emit32(b, enc_csr(OP_CSRRS, 0, csr, t));
    }
}

/* SUM, MXR, FS: changed where the mode allows, else an illegal access. */
void item_status(struct body *b)
{
    unsigned csr = b->mode == MODE_M ? CSR_MSTATUS : CSR_SSTATUS;
    unsigned t = body_rd(b);
    uint64_t bits = 1ull << (18 + rng_below(b->r, 2));

    if (rng_chance(b->r, 25)) { /* FS off for the next item, then dirty */
        emit_li(b, t, 0x6000);
        emit32(b, enc_csr(OP_CSRRC, 0, csr, t));
        item_compute(b, rng_chance(b->r, 50) ? K_FS : K_FD);
        emit_li(b, t, 0x6000);
        emit32(b, enc_csr(OP_CSRRS, 0, csr, t));
        return;
    }
    emit_li(b, t, bits);
    emit32(b, enc_csr(rng_chance(b->r, 50) ? OP_CSRRS : OP_CSRRC, 0, csr, t));
}

void item_trap(struct body *b)
{
    switch (rng_below(b->r, 4)) {
    case 0:
        emit32(b, 0x00100073);
        break;
    case 1:
        emit16(b, 0x9002);
        break;
    default:
        emit32(b, 0x00000073);
    }
}

/* From here on the code runs at the user alias, or where it is. */
static void move_bases(struct body *b)
{
    unsigned t = body_rd(b);

    if (!b->space)
        return;
    emit_li(b, t, b->space->u_alias);
    emit32(b, enc_r(OP_ADD, b->pool, b->pool, t));
    emit32(b, enc_r(OP_ADD, b->data, b->data, t));
    emit32(b, enc_r(OP_ADD, b->lists, b->lists, t));
}

void emit_clear_pending(struct body *b)
{
    unsigned t = body_rd(b);

    emit32(b, enc_csr(0x5073, 0, 0x344, 0)); /* csrwi mip, 0 */
    if (!b->stce)
        return;
    emit_li(b, t, ~0ull);
    emit32(b, enc_csr(OP_CSRRW, 0, 0x14d, t));
}

/*
 * A return to the next instruction in a lower mode; in the wrong mode it is
 * an illegal instruction.  The sequence has a fixed length, so that the
 * target is known before it is written.
 */
static void return_to(struct body *b, enum mode to, unsigned status,
                      unsigned epc, uint32_t ret)
{
    unsigned t = body_rd(b), u;
    uint64_t field = b->mode == MODE_M ? MPP : 0x100;
    uint64_t value = b->mode == MODE_M ? (uint64_t)to << 11 : 0;
    uint64_t alias = to == MODE_U && b->space ? b->space->u_alias : 0;

    do
        u = body_rd(b);
    while (u == t);
    if (b->mode == MODE_M) /* an interrupt here would change MPP */
        emit32(b, enc_csr(0x7073, 0, CSR_MSTATUS, 8));
    b->pending = b->mode == MODE_M && rng_chance(b->r, 50);
    if (b->mode == MODE_M && !b->pending)
        emit_clear_pending(b);
    set_field(b, status, field, value);
    emit_li(b, u, alias);
    emit32(b, 0x17 | t << 7);
    emit32(b, enc_i(OP_ADDI, t, t, 20));
    emit32(b, enc_r(OP_ADD, t, t, u));
    emit32(b, enc_csr(OP_CSRRW, 0, epc, t));
    emit32(b, ret);
}

void item_return(struct body *b)
{
    enum mode to = rng_chance(b->r, 50) ? MODE_S : MODE_U;

    if (b->mode == MODE_U || !b->identity || rng_chance(b->r, 40)) {
        /* Only where it traps. */
        if (b->mode != MODE_M)
            emit32(b, 0x30200073);
        if (b->mode == MODE_U)
            emit32(b, 0x10200073);
        return;
    }
    fixups_finish(b); /* no branch may skip a change of mode */
    if (b->mode == MODE_M) {
        return_to(b, to, CSR_MSTATUS, 0x341, 0x30200073);
    } else {
        to = MODE_U;
        return_to(b, to, CSR_SSTATUS, 0x141, 0x10200073);
        b->moved = b->moved || b->tsr;
    }
    b->mode = to;
    if (to == MODE_U)
        move_bases(b);
}

/* A word that no row of the table matches, or a reserved compressed one. */
void item_illegal(struct body *b)
{
    static const uint8_t opcodes[] = {0x03, 0x0f, 0x13, 0x1b, 0x23, 0x2f, 0x33,
                                      0x3b, 0x43, 0x53, 0x63, 0x67, 0x73, 0x07,
                                      0x27, 0x6b, 0x5b, 0x7b, 0x0b, 0x2b};
    uint32_t w;

    if (rng_chance(b->r, 30)) {
        do
            w = (uint32_t)rng_next(b->r) & 0xffff;
        while ((w & 3) == 3 || rvc_classify((uint16_t)w).kind != RVC_ILLEGAL);
        emit16(b, (uint16_t)w);
        return;
    }
    do {
        w = (uint32_t)rng_next(b->r);
        if (rng_chance(b->r, 70))
            w = (w & ~0x7fu) | opcodes[rng_below(b->r, sizeof opcodes)];
        /* Exclusions: words not compared (README, "encodings"). */
    } while ((w & 3) != 3 || encoding_find(w) || (w & 0x7f) == 0x0f ||
             w == 0x7b200073 || w == 0x00200073);
    emit32(b, w);
}

/*
 * An interrupt, raised and taken at instructions that are known.  Only one is
 * ever pending, since QEMU without AIA takes the one with the lowest number.
 */
void item_interrupt(struct body *b)
{
    unsigned t = body_rd(b), v = body_rd(b);

    if (t == v)
        return;
    if (b->pending)
        return;
    if (b->mode != MODE_M) { /* SSIP by sip; illegal in U */
        emit32(b, enc_csr(0x6073, body_rd(b), 0x144, 2));
        if (b->mode == MODE_S) {
            emit32(b, enc_csr(0x6073, 0, 0x104, 2)); /* csrsi sie, SSIE */
            emit32(b, enc_csr(0x6073, 0, 0x100, 2)); /* csrsi sstatus, SIE */
        }
        if (rng_chance(b->r, 50))
            emit32(b, enc_csr(0x7073, 0, 0x144, 2));
        return;
    }
    /* Raise with MIE clear; mie decides; wfi falls through; set MIE. */
    emit32(b, enc_csr(0x7073, 0, CSR_MSTATUS, 8));
    emit_clear_pending(b);
    switch (rng_below(b->r, 3)) {
    case 0: { /* SSIP, STIP or SEIP by mip; STIP is not mip's with STCE */
        unsigned n = 1 + 4 * (unsigned)rng_below(b->r, 3);

        emit_li(b, t, 1ull << n);
        emit32(b, enc_csr(OP_CSRRS, 0, 0x344, t));
        emit32(b, enc_csr(OP_CSRRS, 0, 0x304, t));
        if (n != 5)
            emit32(b, 0x10500073);
        break;
    }
    case 1: /* MSIP by the CLINT */
        emit_li(b, t, L_CLINT);
        emit_li(b, v, 1);
        emit32(b, enc_s(OP_SW, v, t, 0));
        emit32(b, enc_csr(0x6073, 0, 0x304, 8));
        emit32(b, 0x10500073);
        break;
    default: /* the supervisor's timer, always in the past */
        if (!b->stce)
            break;
        emit_li(b, t, 0x20);
        emit32(b, enc_csr(OP_CSRRW, 0, 0x14d, 0));
        emit32(b, enc_csr(OP_CSRRS, 0, 0x304, t));
    }
    emit32(b, enc_csr(0x6073, 0, CSR_MSTATUS, 8));
    if (rng_chance(b->r, 50))
        emit32(b, enc_csr(0x7073, 0, CSR_MSTATUS, 8));
}

/* Loads and stores of M-mode with the rights of another mode. */
void item_mprv(struct body *b)
{
    unsigned t = body_rd(b);

    if (b->mode != MODE_M || !b->mprv)
        return;
    set_field(b, CSR_MSTATUS, MPP, rng_below(b->r, 2) << 11);
    item_reload(b);
    if (b->space) {
        emit_li(b, t, list_set(b->space_index) + rng_below(b->r, 128) * 8);
        emit32(b, enc_i(OP_LD, b->test, t, 0));
    }
    emit_li(b, t, MPRV);
    emit32(b, enc_csr(OP_CSRRS, 0, CSR_MSTATUS, t));
    for (uint64_t n = 1 + rng_below(b->r, 3); n; n--) {
        const struct encoding *e =
            encoding_pick(b->r, rng_chance(b->r, 50) ? K_LOAD : K_STORE);
        int32_t o = (int32_t)rng_below(b->r, 250) * 8 - 1000;

        if (e->kind == K_LOAD)
            emit32(b, enc_i(e->match, body_rd(b), b->test, o));
        else
            emit32(b, enc_s(e->match, body_rs(b), b->test, o));
    }
    emit_li(b, t, MPRV);
    emit32(b, enc_csr(OP_CSRRC, 0, CSR_MSTATUS, t));
    item_reload(b);
}

/* Any fence of address translation; none is needed here, all are allowed. */
void item_sfence(struct body *b)
{
    unsigned asid = rng_chance(b->r, 50) ? 0 : body_rs(b);
    unsigned va = rng_chance(b->r, 50) ? b->test : body_rs(b);

    switch (rng_below(b->r, 6)) {
    case 0: /* QEMU lets these two run in U */
        if (b->mode == MODE_U)
            return;
        emit32(b, 0x18000073); /* sfence.w.inval */
        emit32(b, enc_r(0x16000073, 0, va, asid));
        emit32(b, 0x18100073);
        break;
    case 1:
        emit32(b, 0x12000073);
        break;
    default:
        emit32(b, enc_r(0x12000073, 0, va, asid));
    }
}

/* Changes an entry under test, fences its page, uses it. */
void item_page_edit(struct body *b)
{
    unsigned t = body_rd(b), v = body_rd(b), m = body_rd(b);
    uint64_t page = rng_below(b->r, 32);
    static const uint64_t bits[] = {1, 2, 4, 8, 16, 32, 6, 14, 64, 128, 192};

    /* The first pages keep A and D: accesses cross from them. */
    if (!b->space || b->mode == MODE_U || b->moved || t == v || v == m ||
        t == m || (b->mode == MODE_S && b->tvm) ||
        (b->mode == MODE_M && !b->mprv))
        return;
    emit_li(b, t, b->space->leaf_table + page * 8);
    emit_li(b, m, bits[rng_below(b->r, page < CROSS_PAGES ? 8 : 11)]);
    emit32(b, enc_i(OP_LD, v, t, 0));
    emit32(b, enc_r(OP_XOR, v, v, m));
    emit32(b, enc_s(OP_SD, v, t, 0));
    emit_li(b, b->test, b->space->window + page * 4096 + 2048);
    emit32(b, enc_r(0x12000073, 0, rng_chance(b->r, 70) ? b->test : 0, 0));
    if (b->mode == MODE_M) {
        emit_li(b, t, MPRV);
        emit32(b, enc_csr(OP_CSRRS, 0, CSR_MSTATUS, t));
    }
    emit32(b, enc_i(OP_LD, v, b->test, (int32_t)rng_below(b->r, 200) * 8));
    emit32(b, enc_s(OP_SD, m, b->test, (int32_t)rng_below(b->r, 200) * 8));
    if (b->mode == MODE_M) {
        emit32(b, enc_csr(OP_CSRRC, 0, CSR_MSTATUS, t));
        item_reload(b);
    }
}
