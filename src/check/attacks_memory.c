/* Attacks on translation, on the shadow, and by PMP. */
#include "check/attacks.h"

/* Loads, stores and a few jumps, wherever the registers point. */
void item_touch(struct hostile *h)
{
    for (unsigned i = 0; i < 18; i++) {
        if (chance(h, 40)) {
            put_li(h, 30, wild_address(h));
            put_access(h, 30, 0);
        } else {
            put_access(h, reg(h), chance(h, 70) ? 0 : (int)any(h));
        }
    }
}

/* Hundreds of pages in a row, some way apart. */
void item_sweep(struct hostile *h)
{
    uint64_t start;

    put_li(h, 27, 100 + below(h, 400));
    put_li(h, 28, any(h) & MASK(37, 12));
    put_li(h, 29, BIT(12 + below(h, 20)));
    start = h->at;
    put_access(h, 28, (int)below(h, 32) * 8);
    put_r(h, INSN_add, 28, 28, 29);
    put_loop(h, 27, start);
    item_touch(h);
}

/* hfence.vvma, hfence.gvma, hinval.*: there is no hypervisor extension. */
static uint32_t hypervisor_fence(struct hostile *h)
{
    static const uint32_t match[] = { 0x22000073, 0x62000073, 0x26000073,
                                      0x66000073 };

    return match[below(h, 4)] | below(h, 32) << 15 | below(h, 32) << 20;
}

void item_fences(struct hostile *h)
{
    for (unsigned i = 0; i < 10; i++) {
        unsigned op = chance(h, 70) ? INSN_sfence_vma : INSN_sinval_vma;
        unsigned va = chance(h, 60) ? reg(h) : 0;

        put_access(h, va ? va : reg(h), 0);
        if (chance(h, 40)) { /* x30: an ASID that there is */
            put_i(h, INSN_addi, 30, 0, (int)below(h, 5));
            put_r(h, op, 0, va, 30);
        } else {
            put_r(h, op, 0, va, chance(h, 70) ? 0 : reg(h));
        }
        switch (below(h, 8)) {
        case 0:
            put_r(h, INSN_sfence_w_inval, 0, 0, 0);
            break;
        case 1:
            put_r(h, INSN_sfence_inval_ir, 0, 0, 0);
            break;
        case 2:
            put_r(h, INSN_fence_i, 0, 0, 0);
            break;
        case 3:
            put(h, 0x0000000fu | below(h, 256) << 20);
            break; /* fence */
        case 4:
            put(h, hypervisor_fence(h));
            break;
        }
        put_access(h, va ? va : reg(h), 0);
    }
}

/* Where a table's entry can be written, for the mode. */
static uint64_t entry_va(struct hostile *h)
{
    uint64_t offset = chance(h, 60)
                          ? AT_LEVEL0 + below(h, 4 * PTES_PER_PAGE) * 8
                          : AT_ROOT39 + below(h, 4 * PTES_PER_PAGE) * 8;

    /* The entries that the code itself is found by are spared. */
    if (offset >= AT_ROOT39 + 16 && offset < AT_ROOT39 + 32)
        offset += 32;
    return (h->mode == HOSTILE_U ? USER_VA : SUPER_VA) + offset;
}

/* Changes a table, then uses it; a fence before, after, or not at all. */
void item_rewrite(struct hostile *h)
{
    for (unsigned i = 0; i < 4; i++) {
        uint64_t entry = entry_va(h);
        uint64_t va = WINDOW_VA + (entry >> 3 & 2047) * PAGE_SIZE;

        put_li(h, 28, va + below(h, 8));
        put_access(h, 28, 0);
        put_li(h, 29, wild_pte(h));
        put_li(h, 30, entry);
        put_store(h, INSN_sd, 29, 30, 0);
        if (chance(h, 60))
            put_r(h, INSN_sfence_vma, 0, chance(h, 60) ? 28 : 0, 0);
        put_access(h, 28, 0);
    }
}

/* A superpage, or a 64 KiB page, of which several fragments are used; it is
   changed, and fenced by one of its addresses only. */
void item_fragments(struct hostile *h)
{
    uint64_t base = h->mode == HOSTILE_U ? USER_VA : SUPER_VA;
    unsigned entry = 8 + below(h, 8);
    uint64_t va = WINDOW_VA + entry * level_size(1);
    uint64_t flags = PTE_ALL | (h->mode == HOSTILE_U ? PTE_U : 0);
    bool napot = chance(h, 50);

    if (napot) { /* through the first four tables of the window */
        va = WINDOW_VA + (uint64_t)below(h, 128) * 16 * PAGE_SIZE;
        flags =
            pte_for(0x8000 + (uint64_t)below(h, 12) * 0x10000, flags | PTE_N);
    } else {
        flags = field_set(flags, PTE_PPN, BOARD_RAM_BASE >> PAGE_SHIFT);
    }
    put_li(h, 28, va);
    put_li(h, 29, flags);
    put_li(h, 30,
           base + (napot ? AT_LEVEL0 + ((va - WINDOW_VA) >> 9)
                         : AT_LEVEL1 + 8 * entry));
    put_li(h, 26, va + below(h, 16) * PAGE_SIZE);
    put_li(h, 25, va + below(h, 16) * PAGE_SIZE);
    for (unsigned i = 0; i < (napot ? 16 : 1); i++)
        put_store(h, INSN_sd, 29, 30, (int)(8 * i));
    put_i(h, INSN_ld, 1, 26, 0);
    put_i(h, INSN_ld, 1, 25, 0);
    put_i(h, INSN_andi, 29, 29, ~(int)(PTE_W | PTE_D));
    for (unsigned i = 0; i < (napot ? 16 : 1); i++)
        put_store(h, INSN_sd, 29, 30, (int)(8 * i));
    put_r(h, INSN_sfence_vma, 0, chance(h, 50) ? 25 : 28, 0);
    put_store(h, INSN_sd, 1, 26, 0);
}

void item_satp(struct hostile *h)
{
    uint64_t start;

    put_li(h, 27, 50 + below(h, 300));
    put_li(h, 28, field_set(good_satp(h), SATP_ASID, any(h)));
    put_li(h, 29, field_set(0, SATP_ASID, 1));
    start = h->at;
    put_csr(h, INSN_csrrw, 0, CSR_satp, 28);
    put_r(h, INSN_add, 28, 28, 29);
    put_loop(h, 27, start);
    for (unsigned i = 0; i < 4; i++) {
        put_set_csr(h, CSR_satp, field_set(good_satp(h), SATP_ASID, any(h)));
        put_access(h, reg(h), 0);
        put_access(h, reg(h), 0);
    }
    put_set_csr(h, CSR_satp, wild_satp(h));
    put_access(h, reg(h), 0);
}

void item_pbmt(struct hostile *h)
{
    for (unsigned i = 0; i < 5; i++) {
        put_set_csr(h, h->mode == HOSTILE_M ? CSR_menvcfg : CSR_senvcfg,
                    any(h) & (MENVCFG_ADUE | MENVCFG_PBMTE | MENVCFG_STCE |
                              MASK(7, 0)));
        put_access(h, reg(h), 0);
        put_access(h, reg(h), 0);
    }
}

/* ---- PMP ---- */

/* Around a page of the image; entries 0 to 7, so that the last one stays. */
static void put_pmp(struct hostile *h, uint64_t at, unsigned size_bits)
{
    unsigned n = below(h, 8);
    uint64_t cfg = any(h) & UINT64_C(0x1f1f1f1f1f1f1f1f);

    if (chance(h, 3))
        cfg |= any(h) & UINT64_C(0x8080808080808080);
    put_set_csr(h, CSR_pmpaddr0 + n,
                (at >> 2 & ~MASK(size_bits, 0)) | MASK(size_bits, 0) >> 1);
    put_set_csr(h, CSR_pmpcfg0, cfg);
}

void item_pmp(struct hostile *h)
{
    put_pmp(h, BOARD_RAM_BASE + any(h) % HOSTILE_MEMORY, below(h, 20));
    if (chance(h, 50))
        put_set_csr(h, CSR_pmpaddr0 + below(h, 15), wild_value(h) >> 2);
    for (unsigned i = 0; i < 6; i++)
        put_access(h, reg(h), 0);
    item_mprv(h);
}

/* A boundary inside the page of the code that runs, or of what it accesses. */
void item_pmp_divided(struct hostile *h)
{
    uint64_t page = BOARD_RAM_BASE + (h->at & ~PAGE_MASK);

    if (h->mode == HOSTILE_M)
        put_pmp(h, page + below(h, (unsigned)PAGE_SIZE), 1 + below(h, 8));
    put_li(h, 28,
           (h->mode == HOSTILE_U ? USER_VA : SUPER_VA) + (h->at & ~PAGE_MASK) +
               below(h, 4096));
    for (unsigned i = 0; i < 12; i++) {
        put_access(h, chance(h, 60) ? 28 : reg(h), (int)below(h, 64) - 32);
        put_any(h);
    }
}

/* ---- other accesses ---- */

void item_cbo(struct hostile *h)
{
    static const unsigned ops[] = { INSN_cbo_zero, INSN_cbo_clean,
                                    INSN_cbo_flush, INSN_cbo_inval };

    for (unsigned i = 0; i < 10; i++) {
        if (h->mode != HOSTILE_U && chance(h, 40))
            put_set_csr(h, h->mode == HOSTILE_M ? CSR_menvcfg : CSR_senvcfg,
                        MENVCFG_ADUE | (any(h) & MASK(7, 0)));
        put_r(h, ops[below(h, 4)], 0, reg(h), 0);
        put_access(h, reg(h), 0);
    }
}

/* Data and code of which each half has a page of its own. */
void item_straddle(struct hostile *h)
{
    for (unsigned i = 0; i < 8; i++) {
        put_li(h, 30,
               WINDOW_VA + (1 + below(h, 2047)) * PAGE_SIZE -
                   (1 + below(h, 7)));
        put_access(h, 30, 0);
    }
    put_li(h, 30, WINDOW_VA + (1 + below(h, 2047)) * PAGE_SIZE - 2);
    put_i(h, INSN_jalr, 1, 30, 0);
}

/* ---- tables ---- */

/* Every level of the window may lead to any other table, or to itself. */
void prepare_loops(struct hostile *h)
{
    for (unsigned i = 0; i < 4 * PTES_PER_PAGE; i++) {
        uint64_t to = AT_ROOT39 + below(h, 16) * PAGE_SIZE;

        poke(h, AT_LEVEL0 + 8 * i,
             pte_for(to, chance(h, 60) ? 0 : PTE_ALL | (any(h) & PTE_U)));
    }
    for (unsigned i = 4; i < PTES_PER_PAGE; i++)
        poke(h, AT_LEVEL1 + 8 * i,
             pte_for(AT_ROOT39 + below(h, 16) * PAGE_SIZE, 0));
    for (unsigned i = 4; i < PTES_PER_PAGE; i++)
        poke(h, AT_ROOT39 + 8 * i, pte_for(AT_ROOT39, 0));
}

/* Leaves where tables belong: aligned or not, in RAM or far beyond. */
void prepare_superpages(struct hostile *h)
{
    for (unsigned i = 0; i < PTES_PER_PAGE; i++) {
        uint64_t frame =
            chance(h, 50) ? wild_frame(h) : wild_frame(h) & ~MASK(8, 0);

        poke(h, AT_LEVEL1 + 8 * i,
             field_set(PTE_ALL | (any(h) & (PTE_U | PTE_G)), PTE_PPN, frame));
    }
    for (unsigned i = 4; i < PTES_PER_PAGE; i++)
        poke(h, AT_ROOT39 + 8 * i,
             field_set(PTE_ALL | (any(h) & PTE_U), PTE_PPN,
                       chance(h, 50) ? wild_frame(h)
                                     : BOARD_RAM_BASE >> PAGE_SHIFT));
    for (unsigned i = 1; i < PTES_PER_PAGE; i++)
        poke(h, AT_ROOT48 + 8 * i, field_set(PTE_ALL, PTE_PPN, 0));
}

/* Leaves whose frames are the monitor's and other machines' addresses. */
void prepare_frames(struct hostile *h)
{
    for (unsigned i = 0; i < 4 * PTES_PER_PAGE; i++)
        poke(h, AT_LEVEL0 + 8 * i,
             field_set(PTE_ALL | (any(h) & (PTE_U | PTE_G)), PTE_PPN,
                       wild_frame(h)));
}

/* Tables in devices, in ROM, past RAM and at the end of what is physical. */
void prepare_device_tables(struct hostile *h)
{
    for (unsigned i = 4; i < PTES_PER_PAGE; i++) {
        uint64_t frame =
            chance(h, 50) ? device_address(h) >> PAGE_SHIFT : wild_frame(h);

        poke(h, AT_LEVEL1 + 8 * i, field_set(PTE_V, PTE_PPN, frame));
        poke(h, AT_ROOT39 + 8 * i, field_set(PTE_V, PTE_PPN, frame));
    }
    for (unsigned i = 0; i < 4 * PTES_PER_PAGE; i += 2)
        poke(h, AT_LEVEL0 + 8 * i,
             field_set(PTE_ALL | (any(h) & PTE_U), PTE_PPN,
                       device_address(h) >> PAGE_SHIFT));
}

void prepare_reserved(struct hostile *h)
{
    for (unsigned i = 0; i < 4 * PTES_PER_PAGE; i++) {
        uint64_t pte =
            pte_for(any(h) % HOSTILE_MEMORY & ~PAGE_MASK, any(h) & 0xff);

        if (chance(h, 50)) /* Svnapot, mostly of the right size */
            pte = (pte & ~MASK(13, 10)) | PTE_N |
                  (chance(h, 80) ? BIT(13) : any(h) & MASK(13, 10));
        if (chance(h, 50))
            pte |= any(h) & (PTE_PBMT | (chance(h, 30) ? PTE_RESERVED : 0));
        poke(h, AT_LEVEL0 + 8 * i, pte);
    }
}

/* A few tables that map all of the address space: every page touched costs a
   shadow table of its own. */
void prepare_sparse(struct hostile *h)
{
    for (unsigned i = 0; i < PTES_PER_PAGE; i++) {
        poke(h, AT_WILD + 8 * i, pte_for(AT_WILD + PAGE_SIZE, 0));
        poke(h, AT_WILD + PAGE_SIZE + 8 * i,
             pte_for(any(h) % HOSTILE_MEMORY & ~PAGE_MASK,
                     PTE_ALL | (h->random & PTE_U)));
        if (i < 1 || i > 3)
            poke(h, AT_ROOT39 + 8 * i, pte_for(AT_WILD, 0));
        if (i > 0) {
            poke(h, AT_ROOT48 + 8 * i, pte_for(AT_ROOT39, 0));
            poke(h, AT_ROOT57 + 8 * i, pte_for(AT_ROOT48, 0));
        }
    }
}

/* Thousands of addresses for one page: a long list in the reverse map. */
void prepare_aliases(struct hostile *h)
{
    uint64_t page = AT_DATA + below(h, 4) * PAGE_SIZE;

    for (unsigned i = 0; i < 4 * PTES_PER_PAGE; i++)
        poke(h, AT_LEVEL0 + 8 * i,
             pte_for(page, PTE_ALL | (h->random & PTE_U & any(h))));
}
