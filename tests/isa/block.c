/* One block: its code, and the descriptor of how it is entered. */
#include "torture.h"

/* Instructions that the driver runs for each block; measured. */
#define DRIVER_COST 1130
#define ENTRIES_COST 900
#define TRAPS_COST 5000 /* for the traps of a block, on average */

enum item {
    I_ALU, I_MULDIV, I_ZB, I_ZICOND, I_RVC, I_FS, I_FD,
    I_MEMORY, I_RVC_MEMORY, I_CROSS, I_AMO, I_LRSC, I_CBO, I_FENCE,
    I_BRANCH, I_LOOP, I_WILD, I_SELF_MODIFY,
    I_CSR, I_CSR_ABSENT, I_COUNTER, I_STATUS, I_TRAP, I_RETURN, I_ILLEGAL,
    I_INTERRUPT, I_MPRV, I_SFENCE, I_PAGE_EDIT,
    ITEMS
};

/* How often each item comes, by theme. */
static const uint8_t themes[][ITEMS] = {
    /* integer */
    {20, 12, 16, 6, 20, 2, 2, 10, 4, 2, 4, 4, 1, 2, 16, 14, 1, 0,
     2, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1},
    /* floating point */
    {6, 2, 2, 1, 4, 40, 40, 8, 2, 1, 1, 1, 0, 1, 8, 14, 0, 0,
     2, 0, 0, 2, 0, 1, 1, 0, 0, 0, 0},
    /* memory */
    {6, 2, 2, 1, 4, 2, 2, 50, 16, 10, 14, 8, 4, 2, 8, 6, 4, 0,
     1, 0, 0, 4, 0, 2, 1, 1, 16, 3, 10},
    /* system */
    {10, 2, 2, 1, 4, 2, 2, 8, 2, 2, 2, 2, 2, 4, 8, 4, 5, 1,
     40, 6, 6, 8, 5, 6, 8, 12, 6, 6, 4},
};

static void emit_item(struct body *b, enum item item)
{
    static const enum kind computes[] = {
        [I_ALU] = K_ALU, [I_MULDIV] = K_MULDIV, [I_ZB] = K_ZB,
        [I_ZICOND] = K_ZICOND, [I_FS] = K_FS, [I_FD] = K_FD,
    };
    static void (*const items[ITEMS])(struct body *) = {
        [I_RVC] = item_rvc, [I_MEMORY] = item_memory,
        [I_RVC_MEMORY] = item_rvc_memory, [I_CROSS] = item_cross,
        [I_AMO] = item_amo, [I_LRSC] = item_lrsc, [I_CBO] = item_cbo,
        [I_FENCE] = item_fence, [I_BRANCH] = item_branch,
        [I_LOOP] = item_loop, [I_WILD] = item_wild_jump,
        [I_SELF_MODIFY] = item_self_modify, [I_CSR] = item_csr,
        [I_CSR_ABSENT] = item_csr_absent, [I_COUNTER] = item_counter,
        [I_STATUS] = item_status, [I_TRAP] = item_trap,
        [I_RETURN] = item_return, [I_ILLEGAL] = item_illegal,
        [I_INTERRUPT] = item_interrupt, [I_MPRV] = item_mprv,
        [I_SFENCE] = item_sfence, [I_PAGE_EDIT] = item_page_edit,
    };

    if (items[item])
        items[item](b);
    else
        item_compute(b, computes[item]);
}

static enum item pick_item(struct body *b, const uint8_t *theme)
{
    for (;;) {
        enum item item = (enum item)rng_below(b->r, ITEMS);

        if (rng_below(b->r, 50) >= theme[item])
            continue;
        if ((item == I_ZICOND && !b->p->profile.zicond) ||
            (item == I_CBO && !b->p->profile.cbo) ||
            (item == I_CROSS && (!b->space || b->mode == MODE_M ||
                                 b->uses_pmp)))
            continue;
        return item;
    }
}

static void emit_body(struct body *b)
{
    const uint8_t *theme = themes[rng_below(b->r, 4)];
    unsigned items = 60 + (unsigned)rng_below(b->r, 100);

    for (unsigned i = 0; i < items; i++) {
        fixups_step(b);
        emit_item(b, pick_item(b, theme));
    }
    fixups_finish(b);
}

/* The reserved registers: all different, often ones that RVC can name. */
static void choose_registers(struct body *b)
{
    uint8_t *regs[] = {&b->data, &b->test, &b->pool, &b->lists, &b->loop};

    for (unsigned i = 0; i < 5; i++) {
        uint8_t reg;

        do {
            reg = (uint8_t)(i < 2 && rng_chance(b->r, 70)
                                ? 8 + rng_below(b->r, 8)
                                : 1 + rng_below(b->r, 31));
            if (i == 1 && rng_chance(b->r, 15))
                reg = 2;
        } while (body_reserved(b, reg));
        *regs[i] = reg;
    }
}

static void choose_mode(struct body *b)
{
    static const enum mode modes[] = {MODE_M, MODE_S, MODE_S, MODE_U};
    struct program *p = b->p;

    b->mode = modes[rng_below(b->r, 4)];
    b->uses_pmp = rng_chance(b->r, 12);
    if (rng_chance(b->r, 60) && !(b->uses_pmp && b->mode == MODE_U)) {
        b->space_index = (unsigned)rng_below(b->r, SPACES);
        b->space = &p->spaces[b->space_index];
    }
    b->mprv = b->mode == MODE_M;
    b->identity = !b->space || b->mode == MODE_M || b->uses_pmp ||
                  rng_chance(b->r, 50);
}

static void describe(const struct body *b, uint64_t de, unsigned field,
                     uint64_t value)
{
    put64(b->p, de + field, value);
}

static uint64_t choose_mstatus(struct body *b)
{
    uint64_t s = 0xa00000000 | (uint64_t)b->mode << 11;

    s |= rng_next(b->r) & 0x0c01a2; /* SIE SPIE MPIE SPP SUM MXR */
    s |= rng_chance(b->r, 88) ? 3 << 13 : rng_below(b->r, 4) << 13;
    b->tvm = rng_chance(b->r, 15);
    b->tsr = rng_chance(b->r, 15);
    s |= (uint64_t)b->tvm << 20 | (uint64_t)b->tsr << 22;
    s |= rng_chance(b->r, 15) ? 1 << 21 : 0;
    return s;
}

static uint64_t choose_menvcfg(struct body *b)
{
    static const uint8_t cbie[] = {0, 1, 3};
    uint64_t v = rng_next(b->r) & 0xc0000000000000c1;

    if (b->p->profile.cbo)
        v |= (uint64_t)cbie[rng_below(b->r, 3)] << 4;
    /* A and D are set by the machine, as QEMU 7.2 always does; with ade,
       both ways are tried. */
    if (!b->p->profile.ade || rng_chance(b->r, 50))
        v |= 1ull << 61;
    /* QEMU 7.2 accepts PBMT without PBMTE. */
    if (!b->p->profile.pbmte)
        v |= 1ull << 62;
    b->stce = v >> 63;
    return v;
}

static void describe_csrs(struct body *b, uint64_t de)
{
    uint64_t medeleg = rng_chance(b->r, 60) ? rng_next(b->r) & 0xb1fe : 0;
    uint64_t vectors = L_RAM + 8; /* four addresses in the runtime */
    uint64_t menvcfg = choose_menvcfg(b);

    describe(b, de, DE_MSTATUS, choose_mstatus(b));
    /* The handler's own sret must not trap into the handler. */
    if (b->tsr)
        medeleg &= ~4ull;
    describe(b, de, DE_SATP, b->space ? b->space->satp : 0);
    describe(b, de, DE_MEDELEG, medeleg);
    describe(b, de, DE_MIDELEG, rng_next(b->r) & 0x222);
    describe(b, de, DE_MIE, rng_next(b->r) & 0xaaa);
    describe(b, de, DE_MENVCFG, menvcfg);
    describe(b, de, DE_SENVCFG,
             b->p->profile.cbo && rng_chance(b->r, 60)
                 ? menvcfg & 0xf1 : rng_next(b->r) & 0xc1);
    describe(b, de, DE_MCOUNTEREN, rng_next(b->r) & 0xffffffff);
    describe(b, de, DE_SCOUNTEREN, rng_next(b->r) & 0xffffffff);
    describe(b, de, DE_MTVEC, rng_chance(b->r, 50)
                                  ? get64(b->p, vectors)
                                  : get64(b->p, vectors + 8) | 1);
    describe(b, de, DE_STVEC, rng_chance(b->r, 50)
                                  ? get64(b->p, vectors + 16)
                                  : get64(b->p, vectors + 24) | 1);
    describe(b, de, DE_FRM, rng_below(b->r, rng_chance(b->r, 5) ? 8 : 5) << 5);
}

static void describe_bases(struct body *b, uint64_t de, unsigned setup,
                           uint64_t alias)
{
    uint64_t page = rng_below(b->r, 7);
    unsigned set = b->space && b->mode != MODE_M ? b->space_index : BARE_SET;
    uint64_t lists;

    if (b->uses_pmp && (!b->space || rng_chance(b->r, 60)))
        set = PMP_SET + setup;
    lists = list_set(set);
    describe(b, de, DE_BASES, 8 * (uint64_t)b->pool);
    describe(b, de, DE_BASES + 8, L_POOL + 2048 + alias);
    describe(b, de, DE_BASES + 16, 8 * (uint64_t)b->data);
    describe(b, de, DE_BASES + 24, L_DATA + page * 4096 + 2048 + alias);
    describe(b, de, DE_BASES + 32, 8 * (uint64_t)b->test);
    describe(b, de, DE_BASES + 40, get64(b->p, lists));
    describe(b, de, DE_BASES + 48, 8 * (uint64_t)b->lists);
    describe(b, de, DE_BASES + 56, lists + alias);
}

static void describe_pmp(struct body *b, uint64_t de, unsigned setup)
{
    struct pmp_setup *s = &b->p->pmp[setup];

    describe(b, de, DE_PMPCFG0, s->cfg[0]);
    describe(b, de, DE_PMPCFG2, s->cfg[1]);
    for (unsigned i = 0; i < 16; i++)
        describe(b, de, DE_PMPADDR + 8 * i, s->addr[i]);
}

static uint64_t code_alias(const struct body *b)
{
    if (!b->space || b->mode == MODE_M)
        return 0;
    if (b->mode == MODE_U)
        return b->space->u_alias;
    return b->identity ? 0 : b->space->s_alias;
}

void block_make(struct program *p, unsigned index)
{
    struct body b = {.p = p, .r = &p->rng, .weight = 1};
    uint64_t de = L_DESC + (uint64_t)index * DE_SIZE, alias;
    unsigned setup = PMP_SETUPS;

    choose_mode(&b);
    choose_registers(&b);
    if (b.uses_pmp)
        setup = (unsigned)rng_below(b.r, PMP_SETUPS);
    alias = code_alias(&b);
    describe_csrs(&b, de);
    describe_bases(&b, de, setup, alias);
    describe_pmp(&b, de, setup);
    /* Simplest: every block that follows other settings loads its own. */
    put64(p, de + DE_FLAGS,
          (b.uses_pmp || index == 0 || p->pmp_used ? FLAG_PMP : 0) |
              (b.uses_pmp ? FLAG_PMP_END : 0));
    p->pmp_used = b.uses_pmp;
    if (b.space) {
        describe(&b, de, DE_LIVE, b.space->live);
        describe(&b, de, DE_PRISTINE, b.space->pristine);
        describe(&b, de, DE_ENTRIES, TESTED_ENTRIES);
        b.estimate += ENTRIES_COST;
    }
    b.start = b.at = (uint32_t)(L_CODE - L_RAM + p->code_used);
    describe(&b, de, DE_ENTRY, body_pc(&b) + alias);
    describe(&b, de, DE_START, body_pc(&b));
    emit_body(&b);
    describe(&b, de, DE_EXIT, body_pc(&b));
    emit32(&b, 0x00000073);
    p->code_used = ((b.at + 63) & ~63u) - (L_CODE - L_RAM);
    p->estimate += b.estimate + DRIVER_COST + TRAPS_COST;
}
