/* Items that access CSRs: write, read back, restore. */
#include "csrs.h"
#include "torture.h"

/* A value for a write; legal but for fields that must be legalised. */
static uint64_t csr_value(struct body *b, const struct csr *c)
{
    static const uint64_t causes[] = {0, 1, 2,  3,  4,  5,  6,  7,
                                      8, 9, 11, 12, 13, 15};
    static const uint64_t modes[] = {0, 8, 9, 10, 3, 11, 15};
    uint64_t v = rng_next(b->r);

    switch (c->use) {
    case CSR_CAUSE:
        if (rng_chance(b->r, 30))
            return 1ull << 63 | (1 + 2 * rng_below(b->r, 6));
        return causes[rng_below(b->r, 14)];
    case CSR_PENDING:
        return 2ull << 4 * rng_below(b->r, 3);
    case CSR_SATP:
        v = v >> 4 | modes[rng_below(b->r, 7)] << 60;
        return v >> 60 ? v : 0;
    default:
        if (rng_chance(b->r, 30))
            v = rng_interesting(b->r);
        v = c->base | (v & c->random);
        /* What becomes of mip.STIP when STCE comes and goes is open. */
        if (c->number == 0x30a && !b->stce)
            v &= ~0ull >> 1;
        /* MPP = 2 is reserved; its legal value is the machine's choice. */
        if (c->number == 0x300 && (v >> 11 & 3) == 2)
            v |= 0x1800;
        return v;
    }
}

static void mask_register(struct body *b, unsigned reg, uint64_t mask,
                          unsigned temporary)
{
    if (mask == ~0ull)
        return;
    if (mask == 0) {
        emit32(b, enc_i(OP_ADDI, reg, 0, 0));
        return;
    }
    emit_li(b, temporary, mask);
    emit32(b, enc_r(OP_AND, reg, reg, temporary));
}

static bool may_write(const struct body *b, const struct csr *c)
{
    switch (c->use) {
    case CSR_READ:
        return false;
    case CSR_SATP: /* where M-mode is sure, or where it traps for sure */
        return b->mode == MODE_M || (b->mode == MODE_U && !b->moved);
    case CSR_M:
        return !b->uses_pmp;
    case CSR_PENDING:
        return !b->pending;
    case CSR_TIMER: /* QEMU drops mip.STIP at a write even without STCE */
        return b->stce || b->mode != MODE_M;
    default:
        return true;
    }
}

/* The first access: any of the six instructions. */
static void first_access(struct body *b, const struct csr *c, unsigned old,
                         unsigned value)
{
    uint32_t f3 = 1 + (uint32_t)rng_below(b->r, 3);
    bool whole = c->base == 0 && c->use == CSR_ANY;

    if (!whole)
        f3 = 1;
    if (f3 == 1 && whole && rng_chance(b->r, 25)) {
        emit32(b, enc_csr(0x5073, old, c->number, c->random & 31 &
                                                      rng_next(b->r)));
        return;
    }
    if (f3 != 1 && rng_chance(b->r, 25)) {
        emit32(b, enc_csr(0x4073 | f3 << 12, old, c->number,
                          c->random & 31 & rng_next(b->r)));
        return;
    }
    emit_li(b, value, csr_value(b, c));
    emit32(b, enc_csr(0x0073 | f3 << 12, old, c->number, value));
}

void item_csr(struct body *b)
{
    const struct csr *c = &csrs[rng_below(b->r, csr_count)];
    unsigned old = body_rd(b), value, again;

    do
        value = body_rd(b);
    while (value == old);
    do
        again = body_rd(b);
    while (again == old || again == value);
    if (b->mode == MODE_S && c->use == CSR_SATP && b->moved)
        return;
    if (!may_write(b, c) || rng_chance(b->r, 30)) {
        /* csrrs with x0 only reads, also where the number is read-only. */
        emit32(b, enc_csr(rng_chance(b->r, 50) ? OP_CSRRS : OP_CSRRC, old,
                          c->number, 0));
        mask_register(b, old, c->compare, value);
        return;
    }
    /* QEMU 10 loses a STIP of stimecmp at a write of sip. */
    if (c->use == CSR_PENDING && b->mode == MODE_M)
        emit_clear_pending(b);
    first_access(b, c, old, value);
    emit32(b, enc_csr(OP_CSRRS, again, c->number, 0));
    emit32(b, enc_csr(OP_CSRRW, 0, c->number, old));
    mask_register(b, old, c->compare, value);
    mask_register(b, again, c->compare, value);
}

/* A number that is no CSR, or a write to one that is read-only. */
void item_csr_absent(struct body *b)
{
    unsigned number = 0xc00 | (unsigned)rng_below(b->r, 32);
    uint32_t f3 = 1 + (uint32_t)rng_below(b->r, 3);

    if (rng_chance(b->r, 75)) {
        do
            number = (unsigned)rng_below(b->r, 4096);
        while (!csr_must_be_absent(number));
        if (rng_chance(b->r, 50))
            f3 += 4;
    } else {
        f3 = 1;
    }
    emit32(b, enc_csr(0x73 | f3 << 12, body_rd(b), number, body_rs(b)));
}

/* Counters: whether they may be read is compared, what they hold is not. */
void item_counter(struct body *b)
{
    unsigned rd = body_rd(b);

    emit32(b, enc_csr(OP_CSRRS, rd, 0xc00 | (unsigned)rng_below(b->r, 32), 0));
    emit32(b, enc_i(OP_ADDI, rd, 0, (int32_t)rng_below(b->r, 2048)));
}
