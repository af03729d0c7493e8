/*
 * Physical memory protection of the guest's own: whole pages by the rights of
 * shadow leaves, boundaries inside pages of data by emulation.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ALL (PMPCFG_R | PMPCFG_W | PMPCFG_X)
#define TOR ((uint64_t)PMP_TOR << 3)
#define NA4 ((uint64_t)PMP_NA4 << 3)
#define NAPOT ((uint64_t)PMP_NAPOT << 3)
#define CODE2 UINT64_C(0x80006000) /* code that PMP entries cut up */

static void entry(struct world *w, unsigned n, uint64_t cfg, uint64_t pmpaddr)
{
    unsigned number = n < 8 ? CSR_pmpcfg0 : CSR_pmpcfg2;
    uint64_t old = world_csr(w, number) & ~(UINT64_C(0xff) << (8 * (n & 7)));

    world_set_csr(w, CSR_pmpaddr0 + n, pmpaddr);
    world_set_csr(w, number, old | cfg << (8 * (n & 7)));
}

/* The last entry grants everything; entries 0 to 14 are free for the test. */
static void start(struct world *w)
{
    entry(w, 0, 0, 0);
    entry(w, 15, NAPOT | ALL, MASK(53, 0));
    world_set_reg(w, S0, DATA);
    world_set_reg(w, S1, CODE2);
}

static uint64_t page(uint64_t pa)
{
    return (pa >> 2) | 0x1ff;
}

#define MAY(mode, insn) \
    do { \
        TRY(w, mode, insn, HERE); \
        assert_no_trap(w); \
    } while (0)
#define MAY_NOT(mode, insn, cause, tval) \
    do { \
        TRY(w, mode, insn, HERE); \
        assert_trap(w, cause, tval, CODE); \
    } while (0)

static void whole_pages(struct world *w)
{
    start(w);
    MAY(PRIV_S, sd(S1, S0, 0));
    entry(w, 0, NAPOT | PMPCFG_R, page(DATA));
    MAY(PRIV_S, ld(A0, S0, 0));
    MAY_NOT(PRIV_S, sd(S1, S0, 8), CAUSE_STORE_ACCESS, DATA + 8);
    MAY_NOT(PRIV_U, sd(S1, S0, 8), CAUSE_STORE_ACCESS, DATA + 8);
    MAY(PRIV_M, sd(S1, S0, 16));
    MAY_NOT(PRIV_S, sd(S1, S0, 8), CAUSE_STORE_ACCESS, DATA + 8);
    entry(w, 0, NAPOT, page(DATA));
    MAY_NOT(PRIV_S, ld(A0, S0, 0), CAUSE_LOAD_ACCESS, DATA);
    entry(w, 0, NAPOT | PMPCFG_R | PMPCFG_W, page(CODE2));
    TRY_AT(w, PRIV_S, CODE2, HERE);
    assert_trap(w, CAUSE_FETCH_ACCESS, CODE2, CODE2);
    assert_int_equal(world_load(w, DATA + 8), 0);
}

static void test_pmp_of_whole_pages(void **state)
{
    (void)state;
    at_every_depth(whole_pages);
}

/* No entry matches: S and U may nothing, M everything. */
static void no_match(struct world *w)
{
    start(w);
    entry(w, 15, 0, 0);
    entry(w, 0, NAPOT | ALL, page(CODE));
    MAY_NOT(PRIV_S, ld(A0, S0, 0), CAUSE_LOAD_ACCESS, DATA);
    MAY(PRIV_M, ld(A0, S0, 0));
}

static void test_pmp_without_match(void **state)
{
    (void)state;
    at_every_depth(no_match);
}

/* Four bytes that may only be read, in a page of which all else is free. */
static void na4(struct world *w)
{
    start(w);
    world_store(w, DATA + 0x100, UINT64_C(0x1122334455667788));
    entry(w, 0, NA4 | PMPCFG_R, (DATA + 0x104) >> 2);
    MAY(PRIV_S, i_type(0x03, 2, A0, S0, 0x104)); /* lw */
    assert_int_equal(world_reg(w, A0), 0x11223344);
    MAY(PRIV_S, i_type(0x03, 0, A0, S0, 0x100)); /* lb */
    assert_true(world_reg(w, A0) == UINT64_C(0xffffffffffffff88));
    MAY_NOT(PRIV_S, store(2, S1, S0, 0x104), CAUSE_STORE_ACCESS,
            DATA + 0x104);
    MAY(PRIV_S, store(2, S1, S0, 0x100));
    MAY(PRIV_S, sd(S1, S0, 0x108));
    /* Not all of its bytes match: refused, of M-mode too. */
    MAY_NOT(PRIV_S, ld(A0, S0, 0x100), CAUSE_LOAD_ACCESS, DATA + 0x100);
    MAY_NOT(PRIV_M, ld(A0, S0, 0x100), CAUSE_LOAD_ACCESS, DATA + 0x100);
    MAY_NOT(PRIV_S, ld(A0, S0, 0x101), CAUSE_LOAD_ACCESS, DATA + 0x101);
    assert_true(world_load(w, DATA + 0x100) ==
                (UINT64_C(0x11223344) << 32 | (uint32_t)CODE2));
}

static void test_pmp_na4_in_data(void **state)
{
    (void)state;
    at_every_depth(na4);
}

/* Everything that accesses memory, in a page that PMP cuts in two. */
static void divided(struct world *w)
{
    start(w);
    world_set_csr(w, CSR_menvcfg, ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE);
    world_set_csr(w, CSR_mstatus, MSTATUS_FS);
    entry(w, 0, 0, DATA >> 2);
    entry(w, 1, TOR | PMPCFG_R | PMPCFG_W, (DATA + 0x800) >> 2);
    entry(w, 2, TOR, (DATA + 0x1000) >> 2);
    world_store(w, DATA + 0x40, 7);
    world_set_reg(w, S2, 5);
    world_set_reg(w, S3, DATA + 0x40);
    world_set_reg(w, S4, DATA + 0x840);
    TRY(w, PRIV_S, amo(AMOADD, 3, A0, S3, S2), amo(LR, 3, A1, S3, 0),
        amo(SC, 3, A2, S3, S1), amo(SC, 3, A3, S3, S2), fld(1, S3, 0),
        fsd(1, S3, 8), cbo(CBO_CLEAN, S3), ld(A4, S3, 1), sd(S2, S3, 0x7b9),
        HERE);
    assert_trap(w, CAUSE_STORE_ACCESS, DATA + 0x7f9, CODE + 32);
    assert_int_equal(world_reg(w, A0), 7);
    assert_int_equal(world_reg(w, A1), 12);
    assert_int_equal(world_reg(w, A2), 0);
    assert_int_equal(world_reg(w, A3), 1);
    assert_int_equal(world_load(w, DATA + 0x48), CODE2);
    assert_true(world_reg(w, A4) == CODE2 >> 8);
    MAY(PRIV_S, cbo(CBO_ZERO, S3));
    assert_int_equal(world_load(w, DATA + 0x40), 0);
    MAY_NOT(PRIV_S, cbo(CBO_ZERO, S4), CAUSE_STORE_ACCESS, DATA + 0x840);
    MAY_NOT(PRIV_S, cbo(CBO_FLUSH, S4), CAUSE_STORE_ACCESS, DATA + 0x840);
    MAY_NOT(PRIV_S, amo(LR, 3, A0, S4, 0), CAUSE_LOAD_ACCESS, DATA + 0x840);
    MAY_NOT(PRIV_S, amo(SC, 3, A0, S4, S2), CAUSE_STORE_ACCESS, DATA + 0x840);
}

static void test_pmp_boundary_in_a_page_of_data(void **state)
{
    (void)state;
    at_every_depth(divided);
}

/* Locked entries bind M-mode as well. */
static void locked(struct world *w)
{
    start(w);
    entry(w, 0, PMPCFG_L | NAPOT | PMPCFG_R, page(DATA));
    MAY(PRIV_M, ld(A0, S0, 0));
    MAY_NOT(PRIV_M, sd(S1, S0, 0), CAUSE_STORE_ACCESS, DATA);
    entry(w, 0, 0, 0); /* ignored */
    assert_int_equal(world_csr(w, CSR_pmpaddr0), page(DATA));
    MAY_NOT(PRIV_M, sd(S1, S0, 0), CAUSE_STORE_ACCESS, DATA);
    entry(w, 1, PMPCFG_L | NAPOT | PMPCFG_R, page(CODE2));
    TRY_AT(w, PRIV_M, CODE2, HERE);
    assert_trap(w, CAUSE_FETCH_ACCESS, CODE2, CODE2);
    /* Unlocked ones do not, nor does it matter that S was here before. */
    entry(w, 2, NAPOT, page(DATA + 0x1000));
    world_set_reg(w, S0, DATA + 0x1000);
    MAY_NOT(PRIV_S, ld(A0, S0, 0), CAUSE_LOAD_ACCESS, DATA + 0x1000);
    MAY(PRIV_M, ld(A0, S0, 0));
}

static void test_locked_pmp_binds_virtual_m_mode(void **state)
{
    (void)state;
    at_every_depth(locked);
}

/* MPRV: PMP as for the mode in MPP. */
static void under_mprv(struct world *w)
{
    start(w);
    entry(w, 0, NAPOT | PMPCFG_R, page(DATA));
    world_set_csr(w, CSR_mstatus, field_set(MSTATUS_MPRV, MSTATUS_MPP, PRIV_S));
    MAY_NOT(PRIV_M, sd(S1, S0, 0), CAUSE_STORE_ACCESS, DATA);
    world_set_csr(w, CSR_mstatus, field_set(MSTATUS_MPRV, MSTATUS_MPP, PRIV_U));
    MAY(PRIV_M, ld(A0, S0, 0));
    entry(w, 1, NA4 | PMPCFG_R, (DATA + 0x1104) >> 2); /* divides the page */
    world_set_reg(w, S0, DATA + 0x1000);
    MAY(PRIV_M, store(2, S1, S0, 0x100));
    MAY_NOT(PRIV_M, store(2, S1, S0, 0x104), CAUSE_STORE_ACCESS,
            DATA + 0x1104);
    world_set_csr(w, CSR_mstatus, field_set(MSTATUS_MPRV, MSTATUS_MPP, PRIV_M));
    MAY(PRIV_M, store(2, S1, S0, 0x104));
    world_set_reg(w, S0, DATA);
    MAY(PRIV_M, sd(S1, S0, 0));
}

static void test_pmp_under_mprv_is_mpps(void **state)
{
    (void)state;
    at_every_depth(under_mprv);
}

/* Page tables are read, and their A bits written, with the rights of S. */
static void tables(struct world *w)
{
    start(w);
    world_paging(w);
    world_map(w, 1, DATA, PTE_R);
    world_set_csr(w, CSR_menvcfg, MENVCFG_ADUE);
    world_set_reg(w, S2, PAGE_OF_WINDOW(1));
    entry(w, 0, NAPOT | PMPCFG_R, page(L0));
    MAY_NOT(PRIV_S, ld(A0, S2, 0), CAUSE_LOAD_ACCESS, PAGE_OF_WINDOW(1));
    assert_int_equal(world_map_get(w, 1) & PTE_A, 0);
    entry(w, 0, NAPOT | PMPCFG_R | PMPCFG_W, page(L0));
    MAY(PRIV_S, ld(A0, S2, 0));
    entry(w, 0, NAPOT, page(L0));
    MAY_NOT(PRIV_S, ld(A0, S2, 0), CAUSE_LOAD_ACCESS, PAGE_OF_WINDOW(1));
}

static void test_pmp_rules_page_table_walks(void **state)
{
    (void)state;
    at_every_depth(tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pmp_of_whole_pages),
        cmocka_unit_test(test_pmp_without_match),
        cmocka_unit_test(test_pmp_na4_in_data),
        cmocka_unit_test(test_pmp_boundary_in_a_page_of_data),
        cmocka_unit_test(test_locked_pmp_binds_virtual_m_mode),
        cmocka_unit_test(test_pmp_under_mprv_is_mpps),
        cmocka_unit_test(test_pmp_rules_page_table_walks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
