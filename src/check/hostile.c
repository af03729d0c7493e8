#include "check/hostile.h"

#include <stdlib.h>
#include <string.h>

#include "check/hostile_emit.h"

/*
 * The handler's registers. The first two are lost to an item with each trap;
 * the others belong to its start.
 */
enum {
    STATE = 3,
    FUEL = 4,
    STATUS = 6,
    ITEM = 7,
    PC = 28,
    SATP = 29,
    RULES = 30,
    SCRATCH = 31
};

/* Traps that an item may make and go on behind the instruction. */
#define FUEL_OF_AN_ITEM 50

#define AT_NEXT      UINT64_C(0x0100) /* the handler's second half */
#define AT_S_HANDLER UINT64_C(0x0e00) /* an ecall */
#define STATE_FUEL   ((int)(AT_FUEL - AT_STATE))

/* ---- the handler ---- */

static uint32_t branch(unsigned op, unsigned rs1, unsigned rs2, uint64_t from,
                       uint64_t to)
{
    uint32_t by = (uint32_t)(to - from); /* forward, less than 2 KiB */

    return insn_row((enum insn_op)op)->match | rs1 << 15 | rs2 << 20 |
           (by >> 1 & 15) << 8 | (by >> 5 & 63) << 25 | (by >> 11 & 1) << 7;
}

static void put_branch_to_next(struct hostile *h, unsigned op, unsigned rs1,
                               unsigned rs2)
{
    put(h, branch(op, rs1, rs2, h->at, AT_NEXT));
}

/* An interrupt, an ecall or a fetch that failed ends the item; after any other
   exception it goes on with its next instruction. */
static void put_go_on(struct hostile *h)
{
    const uint32_t ends = 1u << CAUSE_FETCH_MISALIGNED |
                          1u << CAUSE_FETCH_ACCESS | 1u << CAUSE_FETCH_PAGE |
                          15u << CAUSE_ECALL_U;

    put_csr(h, INSN_csrrs, STATE, CSR_mcause, 0);
    put_branch_to_next(h, INSN_blt, STATE, 0);
    put(h, 0x00000237u | ((ends + 0x800) & 0xfffff000u)); /* lui FUEL */
    put_i(h, INSN_addi, FUEL, FUEL, (int)(ends & 0xfff));
    put_r(h, INSN_srl, FUEL, FUEL, STATE);
    put_i(h, INSN_andi, FUEL, FUEL, 1);
    put_branch_to_next(h, INSN_bne, FUEL, 0);
    put(h, 0x00000197u); /* auipc STATE, 0 */
    put(h, 0x00001237u); /* lui FUEL, 1 */
    put_r(h, INSN_add, STATE, STATE, FUEL);
    put_i(h, INSN_ld, FUEL, STATE, STATE_FUEL - 7 * 4);
    put_i(h, INSN_addi, FUEL, FUEL, -1);
    put_store(h, INSN_sd, FUEL, STATE, STATE_FUEL - 7 * 4);
    put_branch_to_next(h, INSN_blt, FUEL, 0);
    put_csr(h, INSN_csrrs, FUEL, CSR_mepc, 0);
    put_i(h, INSN_addi, FUEL, FUEL, 4);
    put_csr(h, INSN_csrrw, 0, CSR_mepc, FUEL);
    put_r(h, INSN_mret, 0, 0, 0);
}

/* The next item's number, from this hart's counter. */
static void put_next(struct hostile *h)
{
    h->at = AT_NEXT;
    put(h, 0x00001197u); /* auipc STATE, 1: the next page, and AT_NEXT on */
    put_i(h, INSN_addi, STATE, STATE, -(int)AT_NEXT);
    put_i(h, INSN_addi, FUEL, 0, FUEL_OF_AN_ITEM);
    put_store(h, INSN_sd, FUEL, STATE, STATE_FUEL);
    put_csr(h, INSN_csrrs, SCRATCH, CSR_mhartid, 0);
    put_i(h, INSN_slli, SCRATCH, SCRATCH, 3);
    put_r(h, INSN_add, SCRATCH, SCRATCH, STATE);
    put_i(h, INSN_ld, ITEM, SCRATCH, 0);
    put_i(h, INSN_addi, ITEM, ITEM, 1);
    put_store(h, INSN_sd, ITEM, SCRATCH, 0);
    put_i(h, INSN_andi, ITEM, ITEM, HOSTILE_ITEMS - 1);
}

/* What the item's row says, and the handler's own address. */
static void put_state(struct hostile *h)
{
    put_i(h, INSN_slli, SCRATCH, ITEM, 5);
    put_r(h, INSN_add, SCRATCH, SCRATCH, STATE);
    put(h, 0x00001e37u); /* lui PC, 1 */
    put_r(h, INSN_add, SCRATCH, SCRATCH, PC);
    put_r(h, INSN_sub, STATUS, STATE, PC);
    put_csr(h, INSN_csrrw, 0, CSR_mtvec, STATUS);
    put_i(h, INSN_ld, PC, SCRATCH, 0);
    put_i(h, INSN_ld, STATUS, SCRATCH, 8);
    put_i(h, INSN_ld, SATP, SCRATCH, 16);
    put_i(h, INSN_ld, RULES, SCRATCH, 24);
    put_csr(h, INSN_csrrw, 0, CSR_mepc, PC);
    put_csr(h, INSN_csrrw, 0, CSR_satp, SATP);
    put_csr(h, INSN_csrrw, 0, CSR_medeleg, RULES);
    put_i(h, INSN_srli, RULES, RULES, 32);
    put_csr(h, INSN_csrrw, 0, CSR_mie, RULES);
    put_csr(h, INSN_csrrw, 0, CSR_mip, 0);
}

/* Other registers get values that depend on the item. mstatus comes last: with
   MPRV the handler could load nothing any more. */
static void put_values(struct hostile *h)
{
    put_i(h, INSN_andi, ITEM, ITEM, 63);
    put_i(h, INSN_slli, ITEM, ITEM, 3);
    put_r(h, INSN_add, STATE, STATE, ITEM);
    for (unsigned r = 1; r < 32; r++)
        if (r != STATE && r != STATUS)
            put_i(h, INSN_ld, r, STATE, (int)(AT_VALUES - AT_STATE + 8 * r));
    put_csr(h, INSN_csrrw, 0, CSR_mstatus, STATUS);
    put_i(h, INSN_ld, STATUS, STATE, (int)(AT_VALUES - AT_STATE));
    put_r(h, INSN_mret, 0, 0, 0);
}

static void make_handler(struct hostile *h)
{
    h->at = AT_HANDLER;
    h->end = AT_STATE;
    put_go_on(h);
    put_next(h);
    put_state(h);
    put_values(h);
    h->at = AT_S_HANDLER;
    put(h, insn_row(INSN_ecall)->match);
    for (unsigned i = 0; i < HOSTILE_VALUES; i++)
        poke(h, AT_VALUES + 8 * i,
             chance(h, 75) ? wild_address(h) : wild_value(h));
}

/* ---- tables ---- */

static void make_tables(struct hostile *h)
{
    poke(h, AT_ROOT57, pte_for(AT_ROOT48, 0));
    poke(h, AT_ROOT48, pte_for(AT_ROOT39, 0));
    poke(h, AT_ROOT39 + 8 * 1, pte_for(AT_LEVEL1, 0));
    poke(h, AT_ROOT39 + 8 * 2, pte_for(0, PTE_ALL));
    poke(h, AT_ROOT39 + 8 * 3, pte_for(0, PTE_ALL | PTE_U));
    for (unsigned i = 0; i < 4; i++)
        poke(h, AT_LEVEL1 + 8 * i, pte_for(AT_LEVEL0 + i * PAGE_SIZE, 0));
    for (unsigned i = 0; i < 4 * PTES_PER_PAGE; i++)
        poke(h, AT_LEVEL0 + 8 * i,
             chance(h, 50) ? wild_pte(h)
                           : pte_for(any(h) % HOSTILE_MEMORY & ~PAGE_MASK,
                                     PTE_ALL | (any(h) & (PTE_U | PTE_G))));
}

/* ---- items ---- */

static enum hostile_mode choose_mode(struct hostile *h)
{
    enum hostile_mode mode;

    do
        mode = (enum hostile_mode)(1u << below(h, 3));
    while (!(h->attack->modes & mode));
    return mode;
}

static uint64_t choose_mstatus(struct hostile *h)
{
    const uint64_t random = MSTATUS_SUM | MSTATUS_MXR | MSTATUS_FS |
                            MSTATUS_SIE | MSTATUS_MPIE | MSTATUS_SPIE |
                            MSTATUS_SPP;
    uint64_t v = any(h) & random;

    if (chance(h, 10))
        v |= any(h) & (MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR);
    return field_set(v, MSTATUS_MPP,
                     h->mode == HOSTILE_M   ? PRIV_M
                     : h->mode == HOSTILE_S ? PRIV_S
                                            : PRIV_U);
}

/* medeleg; in the upper half mie. Mostly neither: an interrupt that is pending
   keeps the item from being reached. The S handler's ecall stays M-mode's. */
static uint64_t choose_rules(struct hostile *h)
{
    uint64_t v = chance(h, 10) ? any(h) & MASK(31, 0) & ~BIT(CAUSE_ECALL_S) : 0;

    return v | (chance(h, 15) ? any(h) & UINT64_C(0xaaa) << 32 : 0);
}

/* Ends in a trap, if nothing in it has done so before. */
static void make_item(struct hostile *h, unsigned n)
{
    uint64_t start = AT_ITEMS + n * HOSTILE_ITEM_SIZE;
    uint64_t row = AT_ROWS + n * 32;
    bool bare = chance(h, 20);

    h->mode = choose_mode(h);
    h->at = start;
    h->end = start + HOSTILE_ITEM_SIZE - 8;
    h->attack->item(h);
    h->end += 8;
    put(h, insn_row(INSN_ecall)->match);
    put(h, 0);
    poke(h, row,
         start + (h->mode == HOSTILE_U && !bare ? USER_VA : BOARD_RAM_BASE));
    poke(h, row + 8, choose_mstatus(h));
    poke(h, row + 16, bare ? 0 : good_satp(h));
    poke(h, row + 24, choose_rules(h));
}

enum status hostile_make(struct hostile *h, const struct attack *attack,
                         uint64_t seed)
{
    *h = (struct hostile){ .attack = attack, .random = seed };
    for (const char *c = attack->name; *c; c++)
        h->random = h->random * 31 + (unsigned char)*c;
    h->image = calloc(1, HOSTILE_MEMORY);
    if (!h->image)
        return STATUS_NO_MEMORY;
    for (uint64_t at = AT_DATA; at < HOSTILE_MEMORY; at += 8 * 61)
        poke(h, at, any(h));
    make_handler(h);
    make_tables(h);
    if (attack->prepare)
        attack->prepare(h);
    for (unsigned n = 0; n < HOSTILE_ITEMS; n++)
        make_item(h, n);
    return STATUS_OK;
}

void hostile_free(struct hostile *h)
{
    free(h->image);
    h->image = NULL;
}

/* ---- in a machine ---- */

static void copy_in(const struct hostile *h, struct machine *m, uint64_t at,
                    uint64_t size)
{
    void *to = m->ops->ram(m, BOARD_RAM_BASE + at, size, true);

    if (to)
        memcpy(to, h->image + at, size);
}

/* The PMP's last entry opens everything that no other closes. An interrupt is
   pending, in case that the hart waits; the handler clears it. */
static void stand_at_handler(struct machine *m, unsigned hart)
{
    m->ops->reg_set(m, hart, REG_PC, BOARD_RAM_BASE + AT_HANDLER);
    m->ops->reg_set(m, hart, REG_PRIV, PRIV_M);
    m->ops->csr_set(m, hart, CSR_mstatus, 0);
    m->ops->csr_set(m, hart, CSR_mtvec, BOARD_RAM_BASE + AT_HANDLER);
    m->ops->csr_set(m, hart, CSR_stvec, BOARD_RAM_BASE + AT_S_HANDLER);
    m->ops->csr_set(m, hart, CSR_mcause, CAUSE_ECALL_M);
    m->ops->csr_set(m, hart, CSR_medeleg, 0);
    m->ops->csr_set(m, hart, CSR_mideleg, 0);
    m->ops->csr_set(m, hart, CSR_mie, BIT(IRQ_SSI));
    m->ops->csr_set(m, hart, CSR_mip, BIT(IRQ_SSI));
    m->ops->csr_set(m, hart, CSR_pmpaddr0 + 15, MASK(53, 0));
    m->ops->csr_set(m, hart, CSR_pmpcfg2, UINT64_C(0x1f) << 56);
    m->ops->csr_set(m, hart, CSR_pmpcfg0, 0);
}

void hostile_load(const struct hostile *h, struct machine *m, struct board *b,
                  unsigned first)
{
    uint64_t *counter;

    copy_in(h, m, 0, HOSTILE_MEMORY);
    rom_fill(&b->devices.rom, 0, h->image + AT_ITEMS, ROM_SIZE);
    counter = m->ops->ram(m, BOARD_RAM_BASE + AT_STATE, 64, true);
    for (unsigned i = 0; i < m->harts; i++) {
        counter[i] = first + i * 37;
        stand_at_handler(m, i);
        m->ops->csr_set(m, i, CSR_menvcfg,
                        MENVCFG_STCE | MENVCFG_ADUE | ENVCFG_CBZE);
    }
}

uint64_t hostile_progress(struct machine *m)
{
    const uint64_t *counter =
        m->ops->ram(m, BOARD_RAM_BASE + AT_STATE, 64, false);
    uint64_t n = 0;

    for (unsigned i = 0; i < m->harts; i++)
        n += counter[i];
    return n;
}

void hostile_revive(const struct hostile *h, struct machine *m)
{
    copy_in(h, m, AT_HANDLER, PAGE_SIZE);
    copy_in(h, m, AT_ROWS, PAGE_SIZE);
    for (unsigned i = 0; i < m->harts; i++)
        stand_at_handler(m, i);
}
