/*
 * The shadow from inside: what is kept, what is dropped, and that the host is
 * told. Guests must not be able to tell; these tests look at the monitor.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static uint64_t satp_of(uint64_t asid)
{
    return field_set(field_set(ROOT >> 12, SATP_MODE, SATP_SV39), SATP_ASID,
                     asid);
}

/* A world of depth 1 with two pages of the window touched. */
static void touch_two_pages(struct world *w, uint64_t flags)
{
    world_make(w, 1, 1);
    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S | flags);
    world_map(w, 2, DATA + 0x1000, ALL_OF_S);
    world_set_csr(w, CSR_satp, satp_of(3));
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    world_set_reg(w, S1, PAGE_OF_WINDOW(2));
    world_set_reg(w, S2, 3);
    TRY(w, PRIV_S, ld(A0, S0, 0), ld(A0, S1, 0), HERE);
}

/* How many fills running it once more takes. */
static uint64_t fills_after(struct world *w, uint32_t fence)
{
    uint64_t fills;

    TRY(w, PRIV_S, fence, HERE);
    fills = world_stats(w).fills;
    TRY(w, PRIV_S, ld(A0, S0, 0), ld(A0, S1, 0), HERE);
    return world_stats(w).fills - fills;
}

static void test_a_fence_drops_exactly_what_it_covers(void **state)
{
    struct world w;

    (void)state;
    touch_two_pages(&w, 0);
    assert_int_equal(fills_after(&w, NOP), 0);
    assert_int_equal(fills_after(&w, sfence(S0, 0)), 1);
    assert_int_equal(fills_after(&w, sfence(S0, S2)), 1);
    world_set_reg(&w, S2, 4); /* another space */
    assert_int_equal(fills_after(&w, sfence(0, S2)), 0);
    assert_int_equal(fills_after(&w, sfence(S0, S2)), 0);
    world_free(&w);
    touch_two_pages(&w, PTE_G);
    /* The global page stays; code is filled again by the run of the fence. */
    assert_int_equal(fills_after(&w, sfence(0, S2)), 1);
    assert_int_equal(fills_after(&w, sfence(S0, S2)), 0);
    assert_int_equal(fills_after(&w, sfence(S0, 0)), 1);
    world_free(&w);
}

/* Spaces outlive satp writes and changes of mode; states that translate alike
   share one. */
static void test_spaces_are_kept_and_shared(void **state)
{
    struct world w;
    uint64_t made = 0, fills = 0;

    (void)state;
    world_make(&w, 1, 1);
    world_paging(&w);
    world_map(&w, 0, CODE, ALL_OF_U);
    for (unsigned round = 0; round < 4; round++) {
        if (round == 2) {
            made = world_stats(&w).spaces_made;
            fills = world_stats(&w).fills;
        }
        /* SUM says nothing of U, nor anything without translation. */
        world_set_csr(&w, CSR_satp, satp_of(1));
        world_set_csr(&w, CSR_mstatus, round == 3 ? MSTATUS_SUM : 0);
        TRY_AT(&w, PRIV_U, WINDOW, ECALL);
        world_set_csr(&w, CSR_satp, satp_of(2));
        TRY_AT(&w, PRIV_U, WINDOW, ECALL);
        world_set_csr(&w, CSR_satp, 0);
        TRY(&w, round & 1 ? PRIV_U : PRIV_S, ECALL);
    }
    assert_int_equal(world_stats(&w).spaces_made, made);
    assert_int_equal(world_stats(&w).fills, fills);
    world_free(&w);
}

/* A machine that notes the fences it is asked for. */
static struct {
    const struct machine_ops *real;
    unsigned of_address;
    uint64_t va;
} recorded;

static void record_fence(struct machine *m, unsigned hart, const uint64_t *va,
                         const uint64_t *asid)
{
    if (va && asid) {
        recorded.of_address++;
        recorded.va = *va;
    }
    recorded.real->fence(m, hart, va, asid);
}

static void test_a_replaced_leaf_is_fenced_on_the_host(void **state)
{
    struct machine_ops ops;
    struct world w;

    (void)state;
    world_make(&w, 1, 1);
    recorded.real = w.bare->machine.ops;
    recorded.of_address = 0;
    ops = *recorded.real;
    ops.fence = record_fence;
    w.bare->machine.ops = &ops;
    world_paging(&w);
    world_set_csr(&w, CSR_menvcfg, MENVCFG_ADUE);
    world_map(&w, 1, DATA, PTE_R | PTE_W);
    world_set_reg(&w, S0, PAGE_OF_WINDOW(1));
    TRY(&w, PRIV_S, ld(A0, S0, 0), HERE);
    assert_int_equal(recorded.of_address, 0);
    TRY(&w, PRIV_S, sd(S0, S0, 0), HERE); /* the clean leaf becomes dirty */
    assert_int_equal(recorded.of_address, 1);
    assert_int_equal(recorded.va & ~PAGE_MASK, PAGE_OF_WINDOW(1));
    world_free(&w);
}

/* A fence reaches spaces that no hart is in now, and all views of one. */
static void other_spaces(struct world *w)
{
    world_paging(w);
    world_map(w, 1, DATA, PTE_R | PTE_U | PTE_A);
    world_store(w, DATA, 1);
    world_store(w, DATA + 0x1000, 2);
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    world_set_reg(w, S1, MSTATUS_SUM);
    world_set_reg(w, S2, satp_of(8));
    world_set_reg(w, S3, satp_of(9));
    world_set_csr(w, CSR_satp, satp_of(8));
    world_set_csr(w, CSR_mstatus, MSTATUS_SUM);
    TRY(w, PRIV_S, ld(A0, S0, 0), HERE);
    world_map(w, 1, DATA + 0x1000, PTE_R | PTE_U | PTE_A);
    TRY(w, PRIV_S, csr(CSRRC, 0, CSR_sstatus, S1),
        csr(CSRRW, 0, CSR_satp, S3), sfence(0, 0),
        csr(CSRRW, 0, CSR_satp, S2), csr(CSRRS, 0, CSR_sstatus, S1),
        ld(A1, S0, 0), HERE);
    assert_int_equal(world_reg(w, A0), 1);
    assert_int_equal(world_reg(w, A1), 2);
}

static void test_a_fence_reaches_every_space_and_view(void **state)
{
    (void)state;
    at_every_depth(other_spaces);
}

/* Pogo's own choice, for the manual would allow a stale entry: pages of
   another root are not seen, even with the same ASID and without a fence. */
static void other_root(struct world *w)
{
    uint64_t root = TABLES + 0x20000;

    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_store(w, root + 16, world_load(w, ROOT + 16));
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    world_set_reg(w, S1, field_set(root >> 12, SATP_MODE, SATP_SV39));
    TRY(w, PRIV_S, ld(A0, S0, 0), csr(CSRRW, 0, CSR_satp, S1), ld(A1, S0, 0),
        HERE);
    assert_trap(w, CAUSE_LOAD_PAGE, PAGE_OF_WINDOW(1), CODE + 8);
}

static void test_another_root_is_another_space(void **state)
{
    (void)state;
    at_every_depth(other_root);
}

/* Hart 0 stays in one space while hart 1 uses up the pool, again and again. */
static void pool_pressure(struct world *w)
{
    world_paging(w);
    for (unsigned i = 0; i < 3; i++)
        world_store(w, L1 + 8 * 100 * i, world_pte(0x80200000, PTE_R));
    world_set_reg(w, S0, WINDOW);
    /* ld a0, 0(s0); addi a1, a1, 1; j -8 */
    world_code(w, CODE, (uint32_t[]){ ld(A0, S0, 0), addi(A1, A1, 1),
                                      0xff9ff06f }, 3);
    w->hart = 1;
    world_set_csr(w, CSR_satp, satp_of(1));
    world_set_reg(w, REG_PRIV, PRIV_S);
    world_set_reg(w, REG_PC, CODE + 0x100);
    world_set_reg(w, S0, WINDOW);
    world_set_reg(w, S1, WINDOW + (UINT64_C(100) << 21));
    world_set_reg(w, S2, WINDOW + (UINT64_C(200) << 21));
    world_set_reg(w, A3, UINT64_C(1) << 44);
    world_set_reg(w, A4, satp_of(1));
    world_code(w, CODE + 0x100,
               (uint32_t[]){ csr(CSRRW, 0, CSR_satp, A4), ld(A0, S0, 0),
                             ld(A1, S1, 0), ld(A2, S2, 0), add(A4, A4, A3),
                             0xfedff06f /* j -20 */ }, 6);
    world_run(w, 5000);
    assert_int_equal(world_csr(w, CSR_mcause), 0);
    assert_true(field_get(world_csr(w, CSR_satp), SATP_ASID) > 700);
    w->hart = 0;
    assert_int_equal(world_csr(w, CSR_mcause), 0);
    assert_int_equal(world_reg(w, A1), (5000 + 1) / 3);
    if (w->depth)
        assert_true(world_stats(w).spaces_reclaimed > 0);
}

static void test_a_space_in_use_is_not_reclaimed(void **state)
{
    (void)state;
    at_every_depth_as(pool_pressure, 2, isa_default());
}

/* Under MPRV: the instruction lies in two pages, and the data behind the
   second one's address. */
static void straddling(struct world *w)
{
    uint64_t table = TABLES + 0x3000;

    world_paging(w);
    world_store(w, ROOT + 16, field_set(PTE_V, PTE_PPN, table >> 12));
    world_store(w, table, field_set(PTE_V, PTE_PPN, (table + 0x1000) >> 12));
    world_store(w, table + 0x1000 + 8 * 7, world_pte(DATA, PTE_R | PTE_W));
    world_store(w, DATA, 123);
    world_set_csr(w, CSR_mstatus, field_set(MSTATUS_MPRV, MSTATUS_MPP, PRIV_S));
    world_set_reg(w, S0, 0x80007000);
    /* c.nop; ld a0, 0(s0), from 0x80006ffe on; then j . */
    world_code(w, 0x80006ffc,
               (uint32_t[]){ 0x1 | ld(A0, S0, 0) << 16, ld(A0, S0, 0) >> 16 |
                             0xa001u << 16 }, 2);
    world_set_reg(w, REG_PRIV, PRIV_M);
    world_set_reg(w, REG_PC, 0x80006ffc);
    world_run(w, 20);
    assert_int_equal(world_csr(w, CSR_mcause), 0);
    assert_int_equal(world_reg(w, A0), 123);
}

static void test_mprv_data_behind_the_second_page_of_an_instruction(void **s)
{
    (void)s;
    at_every_depth(straddling);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_fence_drops_exactly_what_it_covers),
        cmocka_unit_test(test_spaces_are_kept_and_shared),
        cmocka_unit_test(test_a_replaced_leaf_is_fenced_on_the_host),
        cmocka_unit_test(test_a_fence_reaches_every_space_and_view),
        cmocka_unit_test(test_another_root_is_another_space),
        cmocka_unit_test(test_a_space_in_use_is_not_reclaimed),
        cmocka_unit_test(
            test_mprv_data_behind_the_second_page_of_an_instruction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
