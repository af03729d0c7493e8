/*
 * What else than the page table decides about a translation: the mode, SUM,
 * MXR, and MPRV, under which code and data obey different rules.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { CODE_N, S_DATA, U_DATA, X_ONLY, U_X_ONLY };

static void pages(struct world *w)
{
    world_paging(w);
    world_map(w, CODE_N, CODE, ALL_OF_U);
    world_map(w, S_DATA, DATA, PTE_R | PTE_W | PTE_A | PTE_D);
    world_map(w, U_DATA, DATA + 0x1000,
              PTE_R | PTE_W | PTE_U | PTE_A | PTE_D);
    world_map(w, X_ONLY, DATA + 0x2000, PTE_X | PTE_A);
    world_map(w, U_X_ONLY, DATA + 0x3000, PTE_X | PTE_U | PTE_A);
    for (unsigned i = 0; i < 4; i++) {
        world_store(w, DATA + 0x1000 * i, i + 1);
        world_set_reg(w, S2 + i, PAGE_OF_WINDOW(S_DATA + i));
    }
}

enum { S_PAGE = 18, U_PAGE, X_PAGE, UX_PAGE }; /* registers s2 to s5 */

#define LOAD_MAY(mode, pc, reg, result) \
    do { \
        TRY_AT(w, mode, pc, ld(A0, reg, 0), HERE); \
        assert_no_trap(w); \
        assert_int_equal(world_reg(w, A0), result); \
    } while (0)

/* mstatus is as it was before the trap. */
#define LOAD_MAY_NOT(mode, pc, reg) \
    do { \
        uint64_t kept_ = world_csr(w, CSR_mstatus); \
        TRY_AT(w, mode, pc, ld(A0, reg, 0), HERE); \
        assert_trap(w, CAUSE_LOAD_PAGE, world_reg(w, reg), pc); \
        world_set_csr(w, CSR_mstatus, kept_); \
    } while (0)

static void sum_and_mxr_in_s(struct world *w)
{
    pages(w);
    for (unsigned round = 0; round < 2; round++) { /* shadows are kept */
        world_set_csr(w, CSR_mstatus, 0);
        LOAD_MAY(PRIV_S, CODE, S_PAGE, 1);
        LOAD_MAY_NOT(PRIV_S, CODE, U_PAGE);
        LOAD_MAY_NOT(PRIV_S, CODE, X_PAGE);
        world_set_csr(w, CSR_mstatus, MSTATUS_SUM);
        LOAD_MAY(PRIV_S, CODE, U_PAGE, 2);
        LOAD_MAY_NOT(PRIV_S, CODE, X_PAGE);
        LOAD_MAY_NOT(PRIV_S, CODE, UX_PAGE);
        world_set_csr(w, CSR_mstatus, MSTATUS_MXR);
        LOAD_MAY(PRIV_S, CODE, X_PAGE, 3);
        LOAD_MAY_NOT(PRIV_S, CODE, U_PAGE);
        LOAD_MAY_NOT(PRIV_S, CODE, UX_PAGE);
        world_set_csr(w, CSR_mstatus, MSTATUS_MXR | MSTATUS_SUM);
        LOAD_MAY(PRIV_S, CODE, UX_PAGE, 4);
    }
}

static void test_sum_and_mxr_act_at_once_in_s(void **state)
{
    (void)state;
    at_every_depth(sum_and_mxr_in_s);
}

static void user_mode(struct world *w)
{
    pages(w);
    for (unsigned round = 0; round < 2; round++) {
        world_set_csr(w, CSR_mstatus, MSTATUS_SUM);
        LOAD_MAY(PRIV_U, WINDOW, U_PAGE, 2);
        LOAD_MAY_NOT(PRIV_U, WINDOW, S_PAGE);
        LOAD_MAY_NOT(PRIV_U, WINDOW, UX_PAGE);
        world_set_csr(w, CSR_mstatus, MSTATUS_MXR);
        LOAD_MAY(PRIV_U, WINDOW, UX_PAGE, 4);
        LOAD_MAY_NOT(PRIV_U, WINDOW, X_PAGE);
        LOAD_MAY(PRIV_S, CODE, S_PAGE, 1);
    }
    TRY_AT(w, PRIV_U, CODE, HERE);
    assert_trap(w, CAUSE_FETCH_PAGE, CODE, CODE);
}

static void test_u_sees_user_pages_only(void **state)
{
    (void)state;
    at_every_depth(user_mode);
}

/* SUM set by an instruction holds for the next one, cleared too. */
static void sum_in_code(struct world *w)
{
    pages(w);
    world_set_reg(w, S1, MSTATUS_SUM);
    TRY(w, PRIV_S, csr(CSRRS, 0, CSR_sstatus, S1), ld(A0, U_PAGE, 0),
        csr(CSRRC, 0, CSR_sstatus, S1), ld(A1, U_PAGE, 0), HERE);
    assert_trap(w, CAUSE_LOAD_PAGE, PAGE_OF_WINDOW(U_DATA), CODE + 12);
    assert_int_equal(world_reg(w, A0), 2);
    assert_int_equal(world_reg(w, A1), 0);
}

static void test_sum_holds_for_the_very_next_instruction(void **state)
{
    (void)state;
    at_every_depth(sum_in_code);
}

static uint64_t mprv(enum priv mpp)
{
    return field_set(MSTATUS_MPRV, MSTATUS_MPP, mpp);
}

/* M-mode's code is physical while its data is what S or U would see. */
static void mprv_modes(struct world *w)
{
    pages(w);
    for (unsigned round = 0; round < 2; round++) {
        world_set_csr(w, CSR_mstatus, mprv(PRIV_S));
        LOAD_MAY(PRIV_M, CODE, S_PAGE, 1);
        LOAD_MAY_NOT(PRIV_M, CODE, U_PAGE);
        world_set_csr(w, CSR_mstatus, mprv(PRIV_S) | MSTATUS_SUM);
        LOAD_MAY(PRIV_M, CODE, U_PAGE, 2);
        world_set_csr(w, CSR_mstatus, mprv(PRIV_U));
        LOAD_MAY(PRIV_M, CODE, U_PAGE, 2);
        LOAD_MAY_NOT(PRIV_M, CODE, S_PAGE);
        LOAD_MAY_NOT(PRIV_M, CODE, UX_PAGE);
        world_set_csr(w, CSR_mstatus, mprv(PRIV_U) | MSTATUS_MXR);
        LOAD_MAY(PRIV_M, CODE, UX_PAGE, 4);
        world_set_csr(w, CSR_mstatus, mprv(PRIV_M));
        TRY(w, PRIV_M, ld(A0, S_PAGE, 0), HERE);
        assert_trap(w, CAUSE_LOAD_ACCESS, PAGE_OF_WINDOW(S_DATA), CODE);
    }
}

static void test_mprv_loads_as_mpp_and_fetches_as_m(void **state)
{
    (void)state;
    at_every_depth(mprv_modes);
}

/*
 * The address that holds the running code as M-mode fetches it is for S-mode
 * another page: both at once, loads, stores, AMOs, across the page's end, and
 * cbo.zero.
 */
static void split(struct world *w)
{
    uint64_t table = TABLES + 0x3000;

    pages(w);
    world_store(w, ROOT + 16, field_set(PTE_V, PTE_PPN, table >> 12));
    world_store(w, table, field_set(PTE_V, PTE_PPN, (table + 0x1000) >> 12));
    world_store(w, table + 0x1000 + 8 * 1,
                world_pte(DATA, PTE_R | PTE_W));
    world_store(w, table + 0x1000 + 8 * 2,
                world_pte(DATA + 0x5000, PTE_R | PTE_W));
    world_store(w, DATA + 0x10, 10);
    world_store(w, DATA + 0x40, UINT64_MAX);
    world_store(w, DATA + 0xff8, UINT64_C(0x1111111100000000));
    world_store(w, DATA + 0x5000, 0x22222222);
    world_set_csr(w, CSR_mstatus, mprv(PRIV_S));
    world_set_reg(w, S0, CODE);
    world_set_reg(w, S1, CODE + 0x18);
    world_set_reg(w, A4, CODE + 0x40);
    world_set_reg(w, A5, CODE + 0xffc);
    TRY(w, PRIV_M, ld(A0, S0, 0x10), sd(A0, S0, 8),
        amo(AMOADD, 3, A1, S1, A0), amo(LR, 3, A2, S1, 0),
        amo(SC, 3, A3, S1, S0), cbo(CBO_ZERO, A4), cbo(CBO_CLEAN, A4),
        ld(A4, A5, 0), HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, A0), 10);
    assert_int_equal(world_load(w, DATA + 8), 10);
    assert_int_equal(world_reg(w, A2), 10);
    assert_int_equal(world_reg(w, A3), 0);
    assert_int_equal(world_load(w, DATA + 0x18), CODE);
    assert_int_equal(world_load(w, DATA + 0x40), 0);
    assert_true(world_reg(w, A4) == UINT64_C(0x2222222211111111));
    assert_true((uint32_t)world_load(w, CODE) == ld(A0, S0, 0x10));
}

static void test_code_and_data_at_one_address_under_mprv(void **state)
{
    (void)state;
    at_every_depth(split);
}

/* MPRV goes with an mret to a lesser mode, and with it the view. */
static void mprv_ends(struct world *w)
{
    pages(w);
    world_set_csr(w, CSR_mstatus, mprv(PRIV_S));
    world_set_csr(w, CSR_mepc, CODE + 8);
    TRY(w, PRIV_M, ld(A0, S_PAGE, 0), MRET, ld(A1, S_PAGE, 0), HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, A1), 1);
    assert_int_equal(world_reg(w, REG_PRIV), PRIV_S);
    assert_int_equal(world_csr(w, CSR_mstatus) & MSTATUS_MPRV, 0);
}

static void test_mprv_ends_with_mret(void **state)
{
    (void)state;
    at_every_depth(mprv_ends);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sum_and_mxr_act_at_once_in_s),
        cmocka_unit_test(test_u_sees_user_pages_only),
        cmocka_unit_test(test_sum_holds_for_the_very_next_instruction),
        cmocka_unit_test(test_mprv_loads_as_mpp_and_fetches_as_m),
        cmocka_unit_test(test_code_and_data_at_one_address_under_mprv),
        cmocka_unit_test(test_mprv_ends_with_mret),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
