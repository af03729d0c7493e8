/*
 * Translation: the modes, what a fence drops, address spaces, and what happens
 * to code whose page goes away under it.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint64_t satp_of(uint64_t mode, uint64_t asid, uint64_t root)
{
    return field_set(field_set(root >> 12, SATP_MODE, mode), SATP_ASID, asid);
}

/* Tables of a deeper mode: entry 0 of each level leads to the Sv39 root, and
   `high` to a page of data. */
static void deep(struct world *w, uint64_t mode, unsigned levels)
{
    uint64_t root = TABLES + 0x10000, at = root, high = 0;

    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_store(w, DATA, 42);
    for (unsigned level = levels - 1; level > 2; level--) {
        uint64_t next = level == 3 ? ROOT : at + 0x1000;

        world_store(w, at, field_set(PTE_V, PTE_PPN, next >> 12));
        world_store(w, at + 8 * 511, field_set(PTE_V, PTE_PPN, next >> 12));
        high |= UINT64_C(511) << (12 + 9 * level);
        at = next;
    }
    high = (uint64_t)sign_extend(high | PAGE_OF_WINDOW(1), 12 + 9 * levels);
    world_set_csr(w, CSR_satp, satp_of(mode, 0, root));
    world_set_reg(w, S0, high);
    world_set_reg(w, S1, high & MASK(12 + 9 * levels - 1, 0));
    world_set_reg(w, S2, PAGE_OF_WINDOW(1));
    TRY(w, PRIV_S, ld(A0, S0, 0), ld(A1, S2, 0), ld(A2, S1, 0), HERE);
    assert_trap(w, CAUSE_LOAD_PAGE, world_reg(w, S1), CODE + 8);
    assert_int_equal(world_reg(w, A0), 42);
    assert_int_equal(world_reg(w, A1), 42);
    world_map(w, 1, DATA + 0x1000, ALL_OF_S);
    TRY(w, PRIV_S, sfence(S0, 0), ld(A0, S0, 0), HERE);
    assert_int_equal(world_reg(w, A0), 0);
}

static void sv48(struct world *w)
{
    deep(w, SATP_SV48, 4);
}

static void sv57(struct world *w)
{
    deep(w, SATP_SV57, 5);
}

static void test_sv48_and_sv57(void **state)
{
    (void)state;
    at_every_depth(sv48);
    at_every_depth(sv57);
}

/* An unsupported mode: nothing of satp changes. */
static void unsupported(struct world *w)
{
    uint64_t satp;

    world_paging(w);
    satp = world_csr(w, CSR_satp);
    for (uint64_t mode = 1; mode < 16; mode++) {
        if (mode >= 8 && mode <= 10)
            continue;
        world_set_reg(w, S0, satp_of(mode, 7, ROOT + 0x5000));
        TRY(w, PRIV_S, csr(CSRRW, 0, CSR_satp, S0),
            csr(CSRRS, A0, CSR_satp, 0), HERE);
        assert_no_trap(w);
        assert_true(world_reg(w, A0) == satp);
    }
}

static void test_unsupported_satp_mode_changes_nothing(void **state)
{
    (void)state;
    at_every_depth(unsupported);
}

static void only_sv39(struct world *w)
{
    uint64_t satp = satp_of(SATP_SV39, 0, ROOT);

    world_paging(w);
    world_set_reg(w, S0, satp_of(SATP_SV48, 0, ROOT));
    TRY(w, PRIV_S, csr(CSRRW, 0, CSR_satp, S0), HERE);
    assert_true(world_csr(w, CSR_satp) == satp);
}

static void test_sv48_is_not_there_without_it(void **state)
{
    struct isa isa = isa_default();

    (void)state;
    isa.ext &= ~(BIT(EXT_SV48) | BIT(EXT_SV57));
    at_every_depth_as(only_sv39, 1, isa);
}

/* Two spaces with ASIDs of their own and one table that differs. */
static void asids(struct world *w)
{
    uint64_t root = TABLES + 0x20000;

    world_paging(w);
    world_store(w, root + 16, world_load(w, ROOT + 16));
    world_store(w, root + 8,
                field_set(PTE_V, PTE_PPN, (root + 0x1000) >> 12));
    world_store(w, L1, world_pte(0x80200000, PTE_R));
    world_store(w, root + 0x1000, world_pte(0x80600000, PTE_R));
    world_store(w, 0x80200000, 1);
    world_store(w, 0x80600000, 2);
    world_set_reg(w, S0, WINDOW);
    world_set_reg(w, S1, satp_of(SATP_SV39, 1, ROOT));
    world_set_reg(w, S2, satp_of(SATP_SV39, 2, root));
    TRY(w, PRIV_S, csr(CSRRW, 0, CSR_satp, S1), ld(A0, S0, 0),
        csr(CSRRW, 0, CSR_satp, S2), ld(A1, S0, 0),
        csr(CSRRW, 0, CSR_satp, S1), ld(A2, S0, 0), HERE);
    assert_int_equal(world_reg(w, A0), 1);
    assert_int_equal(world_reg(w, A1), 2);
    assert_int_equal(world_reg(w, A2), 1);
}

static void test_asids_keep_spaces_apart(void **state)
{
    (void)state;
    at_every_depth(asids);
}

/* One ASID, two roots: a satp write may not show the other's pages once both
   were fenced; nor may one root with two ASIDs share what differs in time. */
static void same_asid(struct world *w)
{
    uint64_t root = TABLES + 0x20000;

    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_store(w, DATA, 1);
    world_store(w, DATA + 0x1000, 2);
    world_store(w, root + 16, world_load(w, ROOT + 16));
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    world_set_reg(w, S1, satp_of(SATP_SV39, 0, root));
    TRY(w, PRIV_S, ld(A0, S0, 0), csr(CSRRW, 0, CSR_satp, S1),
        sfence(0, 0), ld(A1, S0, 0), HERE);
    assert_trap(w, CAUSE_LOAD_PAGE, PAGE_OF_WINDOW(1), CODE + 12);
    /* ASID 5 is made with the old page, and fenced when it has changed. */
    world_set_reg(w, S1, satp_of(SATP_SV39, 5, ROOT));
    world_set_reg(w, S2, 5);
    world_set_csr(w, CSR_satp, satp_of(SATP_SV39, 4, ROOT));
    TRY(w, PRIV_S, ld(A0, S0, 0), csr(CSRRW, 0, CSR_satp, S1),
        ld(A1, S0, 0), HERE);
    assert_int_equal(world_reg(w, A1), 1);
    world_map(w, 1, DATA + 0x1000, ALL_OF_S);
    TRY(w, PRIV_S, sfence(0, S2), ld(A2, S0, 0), HERE);
    assert_int_equal(world_reg(w, A2), 2);
}

static void test_spaces_are_keyed_by_root_and_asid(void **state)
{
    (void)state;
    at_every_depth(same_asid);
}

/*
 * Every form of the fence shows a changed page; `fence` is run with s0 = the
 * address and s2 = the ASID.
 */
static void changed(struct world *w, const uint32_t fence[3])
{
    world_map(w, 1, DATA, ALL_OF_S);
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    world_set_reg(w, S1, DATA);
    world_set_reg(w, S2, 6);
    TRY(w, PRIV_S, sfence(0, 0), sd(S1, S0, 0), ld(A0, S0, 0), HERE);
    world_map(w, 1, DATA + 0x3000, ALL_OF_S);
    world_store(w, DATA + 0x3000, 33);
    TRY(w, PRIV_S, fence[0], fence[1], fence[2], ld(A0, S0, 0),
        sd(S1, S0, 8), HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, A0), 33);
    assert_int_equal(world_load(w, DATA + 0x3008), DATA);
    assert_int_equal(world_load(w, DATA + 8), 0);
}

static void fences(struct world *w)
{
    const uint32_t before = 0x18000073, after = 0x18100073;
    const uint32_t forms[][3] = {
        { sfence(0, 0), NOP, NOP },  { sfence(S0, 0), NOP, NOP },
        { sfence(0, S2), NOP, NOP }, { sfence(S0, S2), NOP, NOP },
        { before, sinval(0, 0), after },
        { before, sinval(S0, 0), after },
        { before, sinval(0, S2), after },
        { before, sinval(S0, S2), after },
    };

    world_paging(w);
    world_set_csr(w, CSR_satp, satp_of(SATP_SV39, 6, ROOT));
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        changed(w, forms[i]);
}

static void test_every_form_of_fence_shows_the_change(void **state)
{
    (void)state;
    at_every_depth(fences);
}

/* Global pages: a fence without an ASID covers them, at an address and all. */
static void globals(struct world *w)
{
    world_paging(w);
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    for (unsigned i = 0; i < 2; i++) {
        world_map(w, 1, DATA, ALL_OF_S | PTE_G);
        world_store(w, DATA, 1);
        world_store(w, DATA + 0x1000, 2);
        TRY(w, PRIV_S, sfence(0, 0), ld(A0, S0, 0), HERE);
        assert_int_equal(world_reg(w, A0), 1);
        world_map(w, 1, DATA + 0x1000, ALL_OF_S | PTE_G);
        TRY(w, PRIV_S, sfence(i ? S0 : 0, 0), ld(A0, S0, 0), HERE);
        assert_int_equal(world_reg(w, A0), 2);
    }
}

static void test_fences_without_asid_cover_global_pages(void **state)
{
    (void)state;
    at_every_depth(globals);
}

/* A right that was taken away, and one that was given without a fence. */
static void rights(struct world *w)
{
    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    TRY(w, PRIV_S, sd(S0, S0, 0), HERE);
    world_map(w, 1, DATA, PTE_R | PTE_A | PTE_D);
    TRY(w, PRIV_S, sfence(S0, 0), sd(S0, S0, 0), HERE);
    assert_trap(w, CAUSE_STORE_PAGE, PAGE_OF_WINDOW(1), CODE + 4);
    TRY(w, PRIV_S, ld(A0, S0, 0), HERE);
    world_map(w, 1, DATA, 0);
    TRY(w, PRIV_S, sfence(S0, 0), ld(A0, S0, 0), HERE);
    assert_trap(w, CAUSE_LOAD_PAGE, PAGE_OF_WINDOW(1), CODE + 4);
    world_map(w, 1, DATA, ALL_OF_S);
    TRY(w, PRIV_S, sfence(0, 0), ld(A0, S0, 0), sd(S0, S0, 0), HERE);
    assert_no_trap(w);
}

static void test_rights_taken_away(void **state)
{
    (void)state;
    at_every_depth(rights);
}

/* Malformed PTEs, of every kind. */
static void malformed(struct world *w)
{
    const uint64_t good = world_pte(DATA, PTE_R | PTE_W);
    const uint64_t bad[] = {
        good & ~PTE_V, (good & ~PTE_R), good | BIT(54), good | BIT(60),
        good | PTE_N, field_set(good, PTE_PBMT, 1),
        field_set(good, PTE_PBMT, 3),
        field_set(PTE_V, PTE_PPN, DATA >> 12), /* a pointer at level 0 */
    };

    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        world_store(w, L0 + 8, bad[i]);
        TRY(w, PRIV_S, sfence(0, 0), ld(A0, S0, 0), HERE);
        assert_trap(w, CAUSE_LOAD_PAGE, PAGE_OF_WINDOW(1), CODE + 4);
    }
    world_set_csr(w, CSR_menvcfg, MENVCFG_PBMTE);
    world_store(w, L0 + 8, field_set(good, PTE_PBMT, 1));
    TRY(w, PRIV_S, sfence(0, 0), ld(A0, S0, 0), HERE);
    assert_no_trap(w);
    world_set_csr(w, CSR_menvcfg, 0);
    TRY(w, PRIV_S, ld(A0, S0, 0), HERE);
    assert_trap(w, CAUSE_LOAD_PAGE, PAGE_OF_WINDOW(1), CODE);
}

static void test_malformed_ptes_fault(void **state)
{
    (void)state;
    at_every_depth(malformed);
}

/*
 * The running code's page is unmapped without a fence, and then it accesses a
 * device. The hart may or may not go on with the old translation; what it may
 * not do is stop.
 */
static void test_code_unmapped_under_it_does_not_stop_the_monitor(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct world w;

        world_make(&w, depth, 1);
        world_paging(&w);
        world_map(&w, 0, CODE, ALL_OF_S);
        world_map(&w, 1, 0x10000000, ALL_OF_S);
        world_set_reg(&w, S0, L0);
        world_set_reg(&w, S1, PAGE_OF_WINDOW(1));
        TRY_AT(&w, PRIV_S, WINDOW, sd(0, S0, 0), i_type(0x03, 4, A0, S1, 5),
               HERE);
        if (world_csr(&w, CSR_mcause) == NO_TRAP)
            assert_int_equal(world_reg(&w, A0), 0x60);
        else
            assert_trap(&w, CAUSE_FETCH_PAGE, WINDOW + 4, WINDOW + 4);
        world_free(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sv48_and_sv57),
        cmocka_unit_test(test_unsupported_satp_mode_changes_nothing),
        cmocka_unit_test(test_sv48_is_not_there_without_it),
        cmocka_unit_test(test_asids_keep_spaces_apart),
        cmocka_unit_test(test_spaces_are_keyed_by_root_and_asid),
        cmocka_unit_test(test_every_form_of_fence_shows_the_change),
        cmocka_unit_test(test_fences_without_asid_cover_global_pages),
        cmocka_unit_test(test_rights_taken_away),
        cmocka_unit_test(test_malformed_ptes_fault),
        cmocka_unit_test(test_code_unmapped_under_it_does_not_stop_the_monitor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
