/* The set-up of random programs: memory, tables, registers. */
#include "scenario.h"

#include "mmu/pte.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Physical layout; of each hart its own, but for the data. */
#define HART_BASE(h) (BOARD_RAM_BASE + 0x10000 + (h) * UINT64_C(0x20000))
#define M_HANDLER(h) HART_BASE(h)
#define S_HANDLER(h) (HART_BASE(h) + 0x1000)
#define CODE_PAGE(h, n) (HART_BASE(h) + 0x4000 + (n) * UINT64_C(0x1000))
#define TABLE(h, n) (HART_BASE(h) + 0x10000 + (n) * UINT64_C(0x1000))
#define DATA_PAGE(n) (BOARD_RAM_BASE + 0x201000 + (n) * UINT64_C(0x1000))
#define DATA_PAGES 12
#define CODE_PAGES 4
#define WINDOW_PAGES 32

uint64_t scenario_random(struct scenario *s)
{
    uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint64_t scenario_below(struct scenario *s, uint64_t n)
{
    return scenario_random(s) % n;
}

static bool one_in(struct scenario *s, uint64_t n)
{
    return scenario_below(s, n) == 0;
}

void scenario_store(struct scenario *s, uint64_t pa, uint64_t v)
{
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_store(&s->w[i], pa, v);
}

void scenario_set_reg(struct scenario *s, unsigned reg, uint64_t v)
{
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++) {
        s->w[i].hart = s->hart;
        world_set_reg(&s->w[i], reg, v);
    }
}

void scenario_set_csr(struct scenario *s, unsigned csr, uint64_t v)
{
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++) {
        s->w[i].hart = s->hart;
        world_set_csr(&s->w[i], csr, v);
    }
}

static void put_code(struct scenario *s, uint64_t pa, const uint32_t *code,
                     size_t n)
{
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_code(&s->w[i], pa, code, n);
}

#define BEQZ(rs1, offset) \
    (0x63u | (rs1) << 15 | ((offset) >> 1 & 15) << 8 | \
     ((offset) >> 5 & 63) << 25)
#define BLTZ(rs1, offset) (BEQZ(rs1, offset) | 4u << 12)
#define ANDI(rd, rs1, imm) i_type(0x13, 7, rd, rs1, imm)

/*
 * Perhaps a fence. Then on behind the instruction; after a fetch fault at x29 in the handler's own mode; after an
 * interrupt with all of them disabled.
 */
static void put_handlers(struct scenario *s)
{
    uint32_t first = one_in(s, 4) ? sfence(0, 0) : NOP;
    const uint32_t m[] = {
        first, addi(31, 31, 1), csr(CSRRS, 30, CSR_mcause, 0),
        BLTZ(30, 48), addi(30, 30, -1), BEQZ(30, 48), addi(30, 30, -11),
        BEQZ(30, 40), csr(CSRRS, 30, CSR_mepc, 0), addi(30, 30, 4),
        ANDI(30, 30, -2), csr(CSRRW, 0, CSR_mepc, 30), MRET, NOP, NOP,
        csr(CSRRW, 0, CSR_mie, 0), MRET,
        csr(CSRRW, 0, CSR_mepc, 29), csr(CSRRS, 0, CSR_mstatus, 28), MRET,
    };
    const uint32_t t[] = {
        first, addi(31, 31, 1), csr(CSRRS, 30, CSR_scause, 0),
        BLTZ(30, 48), addi(30, 30, -1), BEQZ(30, 48), addi(30, 30, -11),
        BEQZ(30, 40), csr(CSRRS, 30, CSR_sepc, 0), addi(30, 30, 4),
        ANDI(30, 30, -2), csr(CSRRW, 0, CSR_sepc, 30), SRET, NOP, NOP,
        csr(CSRRW, 0, CSR_sie, 0), SRET,
        csr(CSRRW, 0, CSR_sepc, 29), addi(30, 0, 0x100),
        csr(CSRRS, 0, CSR_sstatus, 30), SRET,
    };

    put_code(s, M_HANDLER(s->hart), m, sizeof m / 4);
    put_code(s, S_HANDLER(s->hart), t, sizeof t / 4);
}

static uint64_t any_frame(struct scenario *s)
{
    static const uint64_t others[] = {
        0x10000000, 0x02004000, 0x1000, 0x2000, 0x100000, 0x101000,
        BOARD_RAM_BASE + SCENARIO_RAM, BOARD_RAM_BASE + 0x208000, 0x0c000000,
    };

    switch (scenario_below(s, 8)) {
    case 0:
        return others[scenario_below(s, sizeof others / 8)];
    case 1:
        return CODE_PAGE(s->hart, scenario_below(s, CODE_PAGES));
    default:
        return DATA_PAGE(scenario_below(s, DATA_PAGES));
    }
}

static uint64_t any_pte(struct scenario *s)
{
    static const uint8_t rights[] = { PTE_R | PTE_W, PTE_R, PTE_X,
                                      PTE_R | PTE_X, PTE_W, 0,
                                      PTE_R | PTE_W | PTE_X,
                                      PTE_R | PTE_W | PTE_X };
    uint64_t pte = PTE_V | rights[scenario_below(s, 8)];

    pte |= scenario_random(s) & (PTE_U | PTE_G);
    if (!one_in(s, 3))
        pte |= PTE_A;
    if (!one_in(s, 3))
        pte |= PTE_D;
    if (one_in(s, 16))
        pte |= one_in(s, 2) ? PTE_N : field_set(0, PTE_PBMT, 1);
    if (one_in(s, 16))
        pte &= ~PTE_V;
    pte = field_set(pte, PTE_PPN, any_frame(s) >> 12);
    return pte & PTE_N ? field_set(pte, MASK(13, 10), 8) : pte;
}

static uint64_t pointer_to(uint64_t table)
{
    return field_set(PTE_V, PTE_PPN, table >> 12);
}

/*
 * Of a mode with that many levels: what is below 4 GiB of physical memory at
 * its own address, as one big page or, where RAM is, as 2 MiB pages; and the
 * window's small pages, behind entry 0 of TABLE 1.
 */
static void put_tables(struct scenario *s, unsigned levels)
{
    unsigned h = s->hart;
    uint64_t root = TABLE(h, 4);
    uint64_t whole = PTE_R | PTE_W | PTE_X | (one_in(s, 2) ? PTE_G : 0);

    for (unsigned n = 0; n < 8; n++)
        for (unsigned i = 0; i < 512; i++)
            scenario_store(s, TABLE(h, n) + 8 * i, 0);
    for (unsigned level = levels - 1; level > 2; level--) {
        scenario_store(s, root, pointer_to(root + 0x1000));
        root += 0x1000;
    }
    scenario_store(s, root + 8, pointer_to(TABLE(h, 1)));
    if (one_in(s, 2)) {
        scenario_store(s, root + 16, world_pte(BOARD_RAM_BASE, whole));
    } else {
        scenario_store(s, root + 16, pointer_to(TABLE(h, 2)));
        for (unsigned i = 0; i < 2; i++)
            scenario_store(s, TABLE(h, 2) + 8 * i,
                           world_pte(BOARD_RAM_BASE + 0x200000 * i, whole));
    }
    scenario_store(s, TABLE(h, 1), pointer_to(TABLE(h, 0)));
    scenario_store(s, TABLE(h, 1) + 8,
                   world_pte(BOARD_RAM_BASE + 0x200000,
                             PTE_R | PTE_W | (scenario_random(s) & PTE_U)));
    for (unsigned i = 0; i < WINDOW_PAGES; i++)
        scenario_store(s, TABLE(h, 0) + 8 * i, any_pte(s));
    scenario_store(s, TABLE(h, 0),
                   world_pte(CODE_PAGE(h, 1), PTE_R | PTE_X | PTE_U));
    scenario_store(s, TABLE(h, 0) + 8,
                   world_pte(CODE_PAGE(h, 2), PTE_R | PTE_X | PTE_U));
}

static uint64_t any_address(struct scenario *s)
{
    static const uint64_t devices[] = { 0x10000000, 0x0200bff8, 0x02004000,
                                        0x1000, 0x101000, 0x02000000,
                                        0x0c000004, 0x3ffc };
    uint64_t page;

    switch (scenario_below(s, 8)) {
    case 0:
        return devices[scenario_below(s, 8)];
    case 1:
        page = WINDOW + 0x200000 +
               0x1000 * scenario_below(s, DATA_PAGES);
        break;
    case 2:
        page = DATA_PAGE(scenario_below(s, DATA_PAGES));
        break;
    default:
        page = WINDOW + 0x1000 * scenario_below(s, WINDOW_PAGES);
    }
    switch (scenario_below(s, 4)) {
    case 0:
        return page + 0xffc;
    case 1:
        return page + scenario_below(s, 4096);
    default:
        return page + (scenario_below(s, 4096) & ~UINT64_C(7));
    }
}

static uint64_t any_status(struct scenario *s)
{
    return scenario_random(s) &
           (MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE | MSTATUS_MPIE |
            MSTATUS_SPP | MSTATUS_MPP | MSTATUS_FS | MSTATUS_SUM |
            MSTATUS_MXR | (one_in(s, 2) ? MSTATUS_MPRV : 0) |
            (one_in(s, 8) ? MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR : 0));
}

static uint64_t any_satp(struct scenario *s, unsigned levels)
{
    unsigned mode = one_in(s, 8) ? (unsigned)scenario_below(s, 16)
                                 : levels + 5;
    uint64_t satp = field_set(0, SATP_MODE, mode);

    satp = field_set(satp, SATP_ASID, scenario_below(s, 3));
    return field_set(satp, SATP_PPN, TABLE(s->hart, 4) >> 12);
}

static void put_registers(struct scenario *s, unsigned levels)
{
    unsigned h = s->hart;

    scenario_set_reg(s, 5, CODE_PAGE(h, 0) + 4 * scenario_below(s, 64));
    scenario_set_reg(s, 6, WINDOW + 4 * scenario_below(s, 64));
    for (unsigned r = 8; r < 16; r++)
        scenario_set_reg(s, r, any_address(s));
    for (unsigned r = 16; r < 19; r++)
        scenario_set_reg(s, r, any_status(s));
    scenario_set_reg(s, 19, any_satp(s, levels));
    scenario_set_reg(s, 20, scenario_below(s, 2000));
    scenario_set_reg(s, 21, scenario_random(s) & 0xaaa);
    scenario_set_reg(s, 22, scenario_random(s) &
                     (MENVCFG_ADUE | MENVCFG_STCE | MENVCFG_PBMTE | 0xff));
    scenario_set_reg(s, 23, scenario_random(s));
    scenario_set_reg(s, 24, any_pte(s));
    scenario_set_reg(s, 25, any_pte(s));
    scenario_set_reg(s, 26, TABLE(h, 0));
    scenario_set_reg(s, 28, MSTATUS_MPP);
    scenario_set_reg(s, 29, CODE_PAGE(h, 0));
    if (one_in(s, 3)) {
        scenario_set_reg(s, REG_PC, WINDOW);
        scenario_set_reg(s, REG_PRIV, PRIV_U);
    } else {
        scenario_set_reg(s, REG_PC, CODE_PAGE(h, 0));
        scenario_set_reg(s, REG_PRIV, one_in(s, 2) ? PRIV_M : PRIV_S);
    }
}

/* Entries 0 to 3 cut up one page; the last one grants the rest. */
static void put_pmp(struct scenario *s)
{
    uint64_t page = one_in(s, 3)
        ? CODE_PAGE(s->hart, scenario_below(s, CODE_PAGES))
        : DATA_PAGE(scenario_below(s, DATA_PAGES));
    uint64_t cfg = 0, at = page;
    unsigned last = one_in(s, 2) ? 0 : 0x1f;

    scenario_set_csr(s, CSR_pmpcfg0, 0);
    for (unsigned i = 0; i < 4; i++) {
        at += one_in(s, 3) ? 0x1000 : 4 * scenario_below(s, 0x200);
        scenario_set_csr(s, CSR_pmpaddr0 + i,
                         one_in(s, 4) ? (page >> 2) | 0x1ff : at >> 2);
        cfg |= (scenario_below(s, 8) | scenario_below(s, 4) << 3) << (8 * i);
        if (one_in(s, 2))
            cfg |= UINT64_C(7) << (8 * i);
    }
    if (one_in(s, 2))
        cfg = 0;
    scenario_set_csr(s, CSR_pmpcfg0, cfg);
    scenario_set_csr(s, CSR_pmpaddr0 + 15, MASK(53, 0));
    scenario_set_csr(s, CSR_pmpcfg2,
                     UINT64_C(0x1f) << 56 | (uint64_t)last << 48);
}

static void put_csrs(struct scenario *s, unsigned levels)
{
    uint64_t fetch_faults = BIT(CAUSE_FETCH_ACCESS) | BIT(CAUSE_FETCH_PAGE);

    scenario_set_csr(s, CSR_mtvec, M_HANDLER(s->hart));
    scenario_set_csr(s, CSR_stvec, S_HANDLER(s->hart));
    scenario_set_csr(s, CSR_mstatus, any_status(s));
    scenario_set_csr(s, CSR_satp, any_satp(s, levels));
    scenario_set_csr(s, CSR_mie, scenario_random(s));
    scenario_set_csr(s, CSR_mip, one_in(s, 2) ? 0 : scenario_random(s));
    scenario_set_csr(s, CSR_mideleg, scenario_random(s));
    scenario_set_csr(s, CSR_medeleg,
                     one_in(s, 2) ? 0 : scenario_random(s) & ~fetch_faults);
    scenario_set_csr(s, CSR_mcounteren, scenario_random(s));
    scenario_set_csr(s, CSR_scounteren, scenario_random(s));
    scenario_set_csr(s, CSR_menvcfg,
                     scenario_random(s) &
                         (MENVCFG_ADUE | MENVCFG_PBMTE | MENVCFG_STCE | 0xf0));
    scenario_set_csr(s, CSR_senvcfg, scenario_random(s) & 0xf0);
    scenario_set_csr(s, CSR_stimecmp, ~UINT64_C(0));
}

static void make_hart(struct scenario *s)
{
    unsigned levels = one_in(s, 4) ? 3 + (unsigned)scenario_below(s, 3) : 3;

    put_handlers(s);
    put_tables(s, levels);
    for (unsigned n = 0; n < CODE_PAGES; n++)
        scenario_code(s, CODE_PAGE(s->hart, n), 4096);
    put_registers(s, levels);
    put_csrs(s, levels);
    put_pmp(s);
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        s->w[i].m->ops->fence(s->w[i].m, s->hart, NULL, NULL);
}

void scenario_make(struct scenario *s, unsigned harts)
{
    for (s->hart = 0; s->hart < harts; s->hart++)
        make_hart(s);
    for (unsigned n = 0; n < DATA_PAGES; n++)
        for (unsigned i = 0; i < 8; i++)
            scenario_store(s, DATA_PAGE(n) + 8 * scenario_below(s, 512),
                           scenario_random(s));
}
