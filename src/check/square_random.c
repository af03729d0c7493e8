/*
 * Random states for squares: near to something most of the time, so that an
 * instruction does what it is there for, and far from it often enough.
 */
#include <string.h>

#include "check/square_lab.h"
#include "isa/insn.h"

#define WINDOW_VA      UINT64_C(0x40000000) /* through the level-0 table */
#define SUPER_VA       UINT64_C(0x40200000) /* 2 MiB: all RAM, from its base */
#define GIANT_VA       UINT64_C(0x80000000) /* 1 GiB: where it is */
#define LEVEL0_ENTRIES 512

/* ---- choices ---- */

/* splitmix64 (Steele, Lea and Flood, OOPSLA 2014). */
static uint64_t any(struct square_random *r)
{
    uint64_t z = r->seed += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static unsigned below(struct square_random *r, unsigned n)
{
    return (unsigned)(any(r) >> 33) % n;
}

static bool chance(struct square_random *r, unsigned percent)
{
    return below(r, 100) < percent;
}

/* In a page: anywhere, aligned, or near the end. */
static uint64_t offset(struct square_random *r)
{
    switch (below(r, 4)) {
    case 0:
        return below(r, RAM_PAGE);
    case 1:
        return RAM_PAGE - 1 - below(r, 16);
    default:
        return below(r, RAM_PAGE / 8) * 8;
    }
}

static uint64_t page_pa(unsigned page)
{
    return SQUARE_BASE + page * (uint64_t)RAM_PAGE;
}

/* Entry n of the level-0 table maps page n % SQUARE_PAGES, mostly. */
static uint64_t window(struct square_random *r, unsigned page)
{
    unsigned entries = LEVEL0_ENTRIES / SQUARE_PAGES;

    return WINDOW_VA +
           (page + (uint64_t)below(r, entries) * SQUARE_PAGES) * RAM_PAGE;
}

/* Of one of the state's pages: where it is, or where it is mapped. */
static uint64_t address(struct square_random *r, unsigned page)
{
    switch (below(r, 8)) {
    case 0:
    case 1:
        return page_pa(page); /* or where GIANT_VA maps it */
    case 2:
        return page_pa(page) - BOARD_RAM_BASE + SUPER_VA;
    default:
        return window(r, page);
    }
}

/* Of a device or of nothing. */
static uint64_t far_address(struct square_random *r)
{
    static const uint64_t place[] = {
        UINT64_C(0x02000000),         UINT64_C(0x02004000),
        UINT64_C(0x0200bff8),         UINT64_C(0x0c000004),
        UINT64_C(0x0c201004),         UINT64_C(0x10000000),
        UINT64_C(0x10001000),         UINT64_C(0x00100000),
        UINT64_C(0x00101000),         UINT64_C(0x00001000),
        UINT64_C(0x80100000),         UINT64_C(0x7ffffff8),
        UINT64_C(0x0000004000000000), UINT64_C(0xffffffc000000000),
        UINT64_C(0x1000000040000000),
    };

    return place[below(r, sizeof place / sizeof *place)] + below(r, 2) * 4;
}

static uint64_t value(struct square_random *r)
{
    static const uint64_t edge[] = {
        0,
        1,
        2,
        UINT64_MAX,
        UINT64_MAX - 1,
        (uint64_t)INT64_MIN,
        (uint64_t)INT64_MAX,
        UINT64_C(0x7fffffff),
        UINT64_C(0x80000000),
        UINT64_C(0xffffffff),
        UINT64_C(0xffffffff80000000),
        UINT64_C(0xffffffff7f800000),
        UINT64_C(0x7ff0000000000000),
    };
    unsigned kind = below(r, 16);

    if (kind < 8)
        return address(r, PAGE_DATA + below(r, 7)) + offset(r);
    if (kind < 9)
        return address(r, below(r, SQUARE_PAGES - 1) + 1) % RAM_PAGE +
               address(r, PAGE_CODE + below(r, 9)) + offset(r);
    if (kind < 10)
        return far_address(r);
    if (kind < 12)
        return edge[below(r, sizeof edge / sizeof *edge)];
    if (kind < 13)
        return below(r, 4096);
    return any(r) >> below(r, 64);
}

/* ---- code ---- */

static uint32_t csr_word(struct square_random *r, uint32_t word)
{
    /* All the numbers in turn; the CSRs that there are, more often. */
    static const uint16_t others[] = {
        CSR_sstatus, CSR_sie,         CSR_sip,       CSR_misa,
        CSR_mhartid, CSR_pmpcfg2,     CSR_cycle,     CSR_time,
        CSR_instret, CSR_hpmcounter3, CSR_pmpaddr15, CSR_mimpid,
    };
    const unsigned n = sizeof others / sizeof *others;
    unsigned known = below(r, 2 * (SQUARE_CSRS + n));
    unsigned csr = known < SQUARE_CSRS       ? square_csr[known]
                   : known < SQUARE_CSRS + n ? others[known - SQUARE_CSRS]
                                             : r->csr++ & 0xfff;

    if (chance(r, 30))
        word &= ~(UINT32_C(31) << 15); /* rs1, or the immediate: 0 */
    return (word & MASK(19, 0)) | csr << 20;
}

/* The rows of insn.def in turn, and what is none. */
static uint32_t word(struct square_random *r)
{
    const struct insn_row *row;
    uint32_t w;

    switch (below(r, 16)) {
    case 0:
        return (uint32_t)any(r);
    case 1:
        return ((uint32_t)any(r) & ~UINT32_C(0x7f)) | 0x73; /* SYSTEM */
    case 2:
    case 3:
        return (uint32_t)any(r) & 0xffff; /* mostly compressed */
    default:
        break;
    }
    r->row = r->row % (INSN_COUNT - 1) + 1;
    row = insn_row((enum insn_op)r->row);
    w = row->match | ((uint32_t)any(r) & ~row->mask);
    return row->class == CLASS_CSR ? csr_word(r, w) : w;
}

static void write_code(struct square_random *r)
{
    const unsigned size = CODE_PAGES * RAM_PAGE;
    uint8_t *code = r->ram + PAGE_CODE * (size_t)RAM_PAGE;

    r->starts = 0;
    for (unsigned at = 0; at + 4 <= size;) {
        uint32_t w = word(r);

        r->start[r->starts++] = (uint16_t)at;
        memcpy(code + at, &w, 4);
        at += (w & 3) == 3 ? 4 : 2;
    }
}

/* ---- tables ---- */

static uint64_t rights(struct square_random *r)
{
    static const struct {
        uint64_t bit;
        unsigned percent;
    } bits[] = {
        { PTE_V, 97 }, { PTE_R, 85 },  { PTE_W, 75 },  { PTE_X, 75 },
        { PTE_U, 50 }, { PTE_G, 10 },  { PTE_A, 85 },  { PTE_D, 85 },
        { PTE_N, 1 },  { BIT(61), 2 }, { BIT(62), 2 }, { BIT(60), 1 },
    };
    uint64_t pte = 0;

    for (unsigned i = 0; i < sizeof bits / sizeof *bits; i++)
        if (chance(r, bits[i].percent))
            pte |= bits[i].bit;
    return pte;
}

static uint64_t leaf(struct square_random *r, uint64_t pa)
{
    return field_set(rights(r), PTE_PPN, pa >> 12);
}

static uint64_t table(unsigned page)
{
    return field_set(PTE_V, PTE_PPN, page_pa(page) >> 12);
}

static void put(struct square_random *r, unsigned page, unsigned index,
                uint64_t pte)
{
    memcpy(r->ram + page * (size_t)RAM_PAGE + index * 8, &pte, 8);
}

/* All three modes reach the same level-1 table. */
static void write_tables(struct square_random *r)
{
    memset(r->ram + PAGE_LEVEL0 * (size_t)RAM_PAGE, 0,
           TABLE_PAGES * (size_t)RAM_PAGE);
    for (unsigned n = 0; n < LEVEL0_ENTRIES; n++)
        put(r, PAGE_LEVEL0, n,
            leaf(r,
                 chance(r, 97) ? page_pa(n % SQUARE_PAGES) : far_address(r)));
    put(r, PAGE_LEVEL1, 0, table(PAGE_LEVEL0));
    put(r, PAGE_LEVEL1, 1, leaf(r, BOARD_RAM_BASE));
    put(r, PAGE_SV39, 1, table(PAGE_LEVEL1));
    put(r, PAGE_SV39, 2, leaf(r, BOARD_RAM_BASE));
    put(r, PAGE_SV48, 0, table(PAGE_SV39));
    put(r, PAGE_SV57, 0, table(PAGE_SV48));
}

/* ---- what changes rarely ---- */

static void set(struct square_lab *l, unsigned csr, uint64_t v)
{
    for (unsigned k = 0; k < 2; k++)
        l->m[k]->ops->csr_set(l->m[k], 0, csr, v);
}

/* Entries of all kinds on the state's pages, few of them locked, and one that
   lets all through behind them. */
static void set_pmp(struct square_random *r, struct square_lab *l)
{
    uint64_t cfg = 0;
    unsigned n = chance(r, 50) ? 0 : 1 + below(r, 7);

    for (unsigned i = 0; i < n; i++) {
        uint64_t pa = page_pa(below(r, SQUARE_PAGES)) + offset(r);
        unsigned ones = below(r, 14);

        set(l, CSR_pmpaddr0 + i,
            (pa >> 2 & ~MASK(ones, 0)) | (MASK(ones, 0) >> 1));
        cfg |= (any(r) & (PMPCFG_A | 7)) << (8 * i);
        if (chance(r, 60))
            cfg |= UINT64_C(7) << (8 * i);
        if (chance(r, 1))
            cfg |= (uint64_t)PMPCFG_L << (8 * i);
    }
    set(l, CSR_pmpaddr0 + n, MASK(53, 0));
    cfg |= UINT64_C(0x1f) << (8 * n);
    set(l, CSR_pmpcfg0, cfg);
}

void square_unlocked(struct square_random *r, struct square_lab *l)
{
    square_write(l, r->ram, 0, SQUARE_PAGES);
    set_pmp(r, l);
    set(l, CSR_menvcfg, any(r));
}

void square_scene(struct square_random *r, struct square_lab *l)
{
    for (size_t at = 0; at < SQUARE_SIZE; at += 8) {
        uint64_t v = chance(r, 20) ? value(r) : any(r);

        memcpy(r->ram + at, &v, 8);
    }
    write_code(r);
    write_tables(r);
    square_unlocked(r, l);
}

/* ---- what changes with each square ---- */

static uint64_t vector(struct square_random *r)
{
    return chance(r, 90) ? (address(r, PAGE_CODE + below(r, CODE_PAGES)) +
                            below(r, RAM_PAGE / 4) * 4) |
                               below(r, 2)
                         : any(r);
}

/* An ASID of its own for each root: what is kept of one is not the other's. */
static uint64_t satp(struct square_random *r)
{
    unsigned n = below(r, 4);

    if (n == 0)
        return 0;
    return field_set(field_set(page_pa(PAGE_SV39 + n - 1) >> 12, SATP_ASID, n),
                     SATP_MODE, SATP_SV39 + n - 1);
}

static void set_interrupts(struct square_random *r, struct square_lab *l)
{
    bool some = chance(r, 12);
    uint64_t lines = some ? any(r) & any(r) : 0;

    lines &= BIT(IRQ_MSI) | BIT(IRQ_MTI) | BIT(IRQ_MEI) | BIT(IRQ_SEI);
    for (unsigned k = 0; k < 2; k++) {
        struct csr_file *c = l->b[k]->csr[0];

        c->lines = bits_merge(c->lines, lines, ~BIT(IRQ_STI));
    }
    set(l, CSR_mip, some ? any(r) & any(r) : 0);
    set(l, CSR_mie, some || chance(r, 20) ? any(r) : 0);
}

static void set_rarely(struct square_random *r, struct square_lab *l)
{
    static const uint16_t rarely[] = {
        CSR_mscratch,      CSR_sscratch, CSR_mcause,   CSR_scause,
        CSR_mtval,         CSR_stval,    CSR_stimecmp, CSR_mcycle,
        CSR_mcountinhibit, CSR_minstret, CSR_senvcfg,  CSR_menvcfg,
    };
    const unsigned n = sizeof rarely / sizeof *rarely;

    set(l, rarely[below(r, n)], value(r));
    if (chance(r, 1))
        set_pmp(r, l);
}

static void set_csrs(struct square_random *r, struct square_lab *l)
{
    set_rarely(r, l);
    set(l, CSR_medeleg, chance(r, 50) ? UINT64_MAX : any(r));
    set(l, CSR_mideleg, any(r));
    set_interrupts(r, l);
    set(l, CSR_mcounteren, any(r));
    set(l, CSR_scounteren, any(r));
    set(l, CSR_senvcfg, any(r));
    set(l, CSR_mtvec, vector(r));
    set(l, CSR_stvec, vector(r));
    set(l, CSR_mepc, vector(r));
    set(l, CSR_sepc, vector(r));
    set(l, CSR_satp, satp(r));
    set(l, CSR_fcsr, any(r) & (chance(r, 80) ? 0x9f : 0xff));
    set(l, CSR_mstatus, any(r));
}

static void set_reg(struct square_lab *l, unsigned reg, uint64_t v)
{
    for (unsigned k = 0; k < 2; k++)
        l->m[k]->ops->reg_set(l->m[k], 0, reg, v);
}

/* Where it can be fetched, mostly: of the window's pages one with the right
   X and U is looked for. */
static uint64_t pc_of(struct square_random *r, const struct square_lab *l,
                      enum priv priv, uint64_t at)
{
    unsigned page = PAGE_CODE + (unsigned)(at / RAM_PAGE);
    bool bare = !field_get(l->b[0]->csr[0]->satp, SATP_MODE);

    if (priv == PRIV_M || bare)
        return page_pa(PAGE_CODE) + at;
    for (unsigned n = 0; n < 12; n++) {
        uint64_t va = window(r, page), pte;

        memcpy(&pte,
               l->ram[0] + PAGE_LEVEL0 * (size_t)RAM_PAGE +
                   (va - WINDOW_VA) / RAM_PAGE * 8,
               8);
        if ((pte & PTE_V) && (pte & PTE_A) && (pte & PTE_X) &&
            !(pte & PTE_U) == (priv == PRIV_S))
            return va + at % RAM_PAGE;
    }
    return address(r, page) + at % RAM_PAGE;
}

void square_shuffle(struct square_random *r, struct square_lab *l, unsigned n)
{
    static const uint8_t modes[] = { PRIV_U, PRIV_S, PRIV_S, PRIV_M };
    enum priv priv = modes[below(r, 4)];

    set_csrs(r, l);
    set_reg(l, REG_PRIV, priv);
    set_reg(l, REG_PC, pc_of(r, l, priv, r->start[n % r->starts]));
    for (unsigned reg = 1; reg < REG_F0; reg++)
        set_reg(l, reg, value(r));
    for (unsigned k = 0; k < 8; k++) /* of the f registers a few */
        set_reg(l, REG_F0 + below(r, 32),
                chance(r, 50) ? value(r) : value(r) | MASK(63, 32));
    if (chance(r, 5))
        set_reg(l, REG_RESERVATION,
                chance(r, 50)
                    ? RESERVATION_NONE
                    : page_pa(PAGE_DATA + below(r, 7)) + offset(r) / 8 * 8);
}
