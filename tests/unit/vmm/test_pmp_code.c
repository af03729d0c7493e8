/*
 * PMP boundaries inside pages of code: it runs through windows in the host's
 * own PMP, which are few, and are for one mode and its harts.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ALL (PMPCFG_R | PMPCFG_W | PMPCFG_X)
#define TOR ((uint64_t)PMP_TOR << 3)
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

/* addi a0, a0, 1 at each word of CODE2; executable from lo to hi. */
static void code_between(struct world *w, uint64_t lo, uint64_t hi)
{
    start(w);
    for (unsigned i = 0; i < 2048; i++)
        world_code(w, CODE2 + 4 * i, (uint32_t[]){ addi(A0, A0, 1) }, 1);
    entry(w, 0, 0, lo >> 2);
    entry(w, 1, TOR | PMPCFG_X, hi >> 2);
    entry(w, 2, TOR | PMPCFG_R, (CODE2 + 0x2000) >> 2);
    world_set_reg(w, A0, 0);
    world_set_reg(w, REG_PRIV, PRIV_S);
    world_set_reg(w, REG_PC, lo);
}

static void code_window(struct world *w)
{
    code_between(w, CODE2 + 0x100, CODE2 + 0x110);
    world_run(w, 10);
    assert_trap(w, CAUSE_FETCH_ACCESS, CODE2 + 0x110, CODE2 + 0x110);
    assert_int_equal(world_reg(w, A0), 4);
    /* The page's data is no more open than before. */
    TRY(w, PRIV_S, ld(A1, S1, 0x100), HERE);
    assert_trap(w, CAUSE_LOAD_ACCESS, CODE2 + 0x100, CODE);
    /* And once the entries are gone, so is the window. */
    entry(w, 1, 0, 0);
    entry(w, 2, 0, 0);
    TRY_AT(w, PRIV_S, CODE2 + 0x200, NOP);
    assert_no_trap(w);
    TRY(w, PRIV_S, ld(A1, S1, 0x100), HERE);
    assert_no_trap(w);
}

static void test_pmp_boundary_in_a_page_of_code(void **state)
{
    (void)state;
    at_every_depth(code_window);
}

/* Two ranges that touch: a 4-byte instruction may lie in both. */
static void two_ranges(struct world *w)
{
    code_between(w, CODE2 + 0x100, CODE2 + 0x108);
    entry(w, 2, TOR | PMPCFG_X, (CODE2 + 0x110) >> 2);
    entry(w, 3, TOR | PMPCFG_R, (CODE2 + 0x2000) >> 2);
    /* c.nop; addi a0, a0, 2; c.nop */
    world_code(w, CODE2 + 0x104, (uint32_t[]){ 0x05130001, 0x00010025 }, 2);
    world_run(w, 10);
    assert_trap(w, CAUSE_FETCH_ACCESS, CODE2 + 0x110, CODE2 + 0x110);
    assert_int_equal(world_reg(w, A0), 1 + 2 + 1);
    entry(w, 2, TOR | PMPCFG_R, (CODE2 + 0x110) >> 2);
    world_set_reg(w, REG_PRIV, PRIV_S);
    world_set_reg(w, REG_PC, CODE2 + 0x100);
    world_run(w, 10);
    assert_trap(w, CAUSE_FETCH_ACCESS, CODE2 + 0x108, CODE2 + 0x106);
}

static void test_instruction_in_two_pmp_ranges(void **state)
{
    (void)state;
    at_every_depth(two_ranges);
}

/* Two pages, each cut by PMP, and an instruction that lies in both. */
static void two_pages(struct world *w)
{
    code_between(w, CODE2 + 0xff0, CODE2 + 0x1010);
    world_code(w, CODE2 + 0xffc,
               (uint32_t[]){ 0x05130001, 0x00010025 }, 2);
    world_run(w, 30);
    assert_trap(w, CAUSE_FETCH_ACCESS, CODE2 + 0x1010, CODE2 + 0x1010);
    assert_int_equal(world_reg(w, A0), 3 + 2 + 3);
    entry(w, 1, TOR | PMPCFG_X, (CODE2 + 0x1000) >> 2);
    world_set_reg(w, REG_PRIV, PRIV_S);
    world_set_reg(w, REG_PC, CODE2 + 0xff0);
    world_run(w, 30);
    assert_trap(w, CAUSE_FETCH_ACCESS, CODE2 + 0x1000, CODE2 + 0xffe);
}

static void test_instruction_in_two_pmp_pages(void **state)
{
    (void)state;
    at_every_depth(two_pages);
}

/*
 * Divided pages of code, 64 KiB from CODE2 on: of each the first 0x100 bytes
 * may be executed by S and U. Each holds `addi a0, a0, 1; ret` at 0 and 0x800.
 */
static uint64_t divided(unsigned n)
{
    return CODE2 + 0x10000 * (uint64_t)n;
}

static void divide(struct world *w, unsigned pages)
{
    const uint32_t code[] = { addi(A0, A0, 1), 0x00008067 };

    start(w);
    for (unsigned n = 0; n < pages; n++) {
        world_code(w, divided(n), code, 2);
        world_code(w, divided(n) + 0x100, code, 2);
        world_code(w, divided(n) + 0x800, code, 2);
        entry(w, 3 * n, 0, divided(n) >> 2);
        entry(w, 3 * n + 1, TOR | PMPCFG_X, (divided(n) + 0x100) >> 2);
        entry(w, 3 * n + 2, TOR, (divided(n) + 0x1000) >> 2);
        world_set_reg(w, S2 + n, divided(n));
    }
    world_set_reg(w, S5, divided(0) + 0x800);
    world_set_reg(w, S6, divided(0) + 0x100);
    world_set_reg(w, A0, 0);
}

/* More of them than the host has windows: none is open in full after that. */
static void many_pages(struct world *w)
{
    divide(w, 3);
    TRY(w, PRIV_S, jalr(1, S2), jalr(1, S3), jalr(1, S4), jalr(1, S2),
        jalr(1, S3), jalr(1, S4), jalr(1, S5), HERE);
    world_run(w, 20);
    assert_trap(w, CAUSE_FETCH_ACCESS, divided(0) + 0x800,
                divided(0) + 0x800);
    assert_int_equal(world_reg(w, A0), 6);
}

static void test_more_divided_pages_than_windows(void **state)
{
    (void)state;
    at_every_depth(many_pages);
}

/* What M-mode may execute there is none of S-mode's business. */
static void other_mode(struct world *w)
{
    divide(w, 1);
    for (unsigned i = 0; i < 2; i++) {
        uint64_t where = world_reg(w, S5 + i);

        TRY(w, PRIV_S, jalr(1, S2), HERE);
        assert_no_trap(w);
        TRY(w, PRIV_M, jalr(1, S5 + i), HERE);
        assert_no_trap(w);
        TRY(w, PRIV_S, jalr(1, S2), jalr(1, S5 + i), HERE);
        assert_trap(w, CAUSE_FETCH_ACCESS, where, where);
        TRY(w, PRIV_M, jalr(1, S5 + i), HERE);
        TRY(w, PRIV_S, jalr(1, S5 + i), HERE);
        assert_trap(w, CAUSE_FETCH_ACCESS, where, where);
    }
}

/* The same the other way round: M's range below the one S may execute. */
static void other_mode_below(struct world *w)
{
    divide(w, 1);
    entry(w, 1, TOR, (divided(0) + 0x100) >> 2);
    entry(w, 2, TOR | PMPCFG_X, (divided(0) + 0x1000) >> 2);
    TRY(w, PRIV_M, jalr(1, S2), HERE);
    TRY(w, PRIV_S, jalr(1, S6), jalr(1, S2), HERE);
    assert_trap(w, CAUSE_FETCH_ACCESS, divided(0), divided(0));
}

static void test_a_window_is_for_one_mode(void **state)
{
    (void)state;
    at_every_depth(other_mode);
    at_every_depth(other_mode_below);
}

/* Two harts with the same PMP share the page: both have the window. */
static void two_harts(struct world *w)
{
    world_code(w, CODE, (uint32_t[]){ jalr(1, S2), HERE, jalr(1, S5) }, 3);
    for (unsigned h = 0; h < 2; h++) {
        w->hart = h;
        divide(w, 1);
        world_set_reg(w, REG_PRIV, PRIV_S);
        world_set_reg(w, REG_PC, h ? CODE + 4 : CODE);
    }
    world_run(w, 2000);
    world_set_reg(w, REG_PC, CODE + 8);
    world_run(w, 2000);
    assert_trap(w, CAUSE_FETCH_ACCESS, divided(0) + 0x800,
                divided(0) + 0x800);
    assert_int_equal(world_reg(w, A0), 0);
    /* Hart 0 opens the page for itself: hart 1 had no right to the rest. */
    w->hart = 0;
    entry(w, 2, TOR | PMPCFG_X, (divided(0) + 0x1000) >> 2);
    world_set_reg(w, REG_PC, CODE + 8);
    world_run(w, 2000);
    assert_int_equal(world_reg(w, A0), 2);
}

static void test_harts_share_windows(void **state)
{
    (void)state;
    at_every_depth_as(two_harts, 2, isa_default());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pmp_boundary_in_a_page_of_code),
        cmocka_unit_test(test_instruction_in_two_pmp_ranges),
        cmocka_unit_test(test_instruction_in_two_pmp_pages),
        cmocka_unit_test(test_more_divided_pages_than_windows),
        cmocka_unit_test(test_a_window_is_for_one_mode),
        cmocka_unit_test(test_harts_share_windows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
