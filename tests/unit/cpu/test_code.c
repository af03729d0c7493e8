/* Where code is, that it may change, and how blocks follow one another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "rig.h"

static void a_store_changes_the_next_instruction_of_its_own_block(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, SW(6, 8, 5), ADDI(10, 0, 1), ADDI(10, 0, 2), JAL(0, 0));
    r->h->x[5] = RIG_RAM;
    r->h->x[6] = ADDI(10, 0, 77);
    rig_run(r, 3);
    assert_int_equal(r->h->x[10], 77);
    rig_free(r);
}

static void a_store_changes_a_loop_that_is_linked_to_itself(void **state)
{
    struct rig *r = rig_new();

    /* The loop body's addi becomes +16 on its third turn. */
    (void)state;
    RIG_CODE(r, ADDI(10, 10, 1), ADDI(11, 11, 1), BNE(11, 12, -8),
             SW(6, 0, 5), ADDI(12, 12, 2), JAL(0, -20));
    r->h->x[5] = RIG_RAM;
    r->h->x[6] = ADDI(10, 10, 16);
    r->h->x[12] = 2;
    rig_run(r, 3 * 2 + 3 + 3 * 2);
    assert_int_equal(r->h->x[10], 2 + 32);
    rig_free(r);
}

static void
a_store_into_both_halves_of_a_crossing_instruction_counts(void **state)
{
    const uint64_t at = RIG_RAM + 4094;

    (void)state;
    for (unsigned half = 0; half < 2; half++) {
        struct rig *r = rig_new();
        uint32_t replaced = half ? ADDI(10, 10, 0x123) : ADDI(11, 10, 5);

        RIG_PUT(r, at, ADDI(10, 10, 5), JALR(0, 1, 0));
        RIG_PUT(r, RIG_RAM + 0x2000, i_type(0, 0, 0, 0));
        RIG_PUT(r, RIG_RAM, JALR(1, 5, 0), s_type(0x1023, 6, 7, 0),
                JALR(1, 5, 0), JAL(0, 0));
        r->h->x[5] = at;
        r->h->x[7] = at + 2 * half;
        r->h->x[6] = replaced >> 16 * half;
        rig_run(r, 7);
        if (half)
            assert_int_equal(r->h->x[10], 5 + 0x123);
        else
            assert_int_equal(r->h->x[11], 10);
        rig_free(r);
    }
}

static void dma_into_code_is_seen(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, ADDI(10, 10, 1), JAL(0, -4));
    rig_run(r, 100);
    assert_int_equal(r->h->x[10], 50);
    rig_poke(r, RIG_RAM, 4, ADDI(10, 10, 2));
    rig_run(r, 100);
    assert_int_equal(r->h->x[10], 150);
    rig_free(r);
}

static void
code_is_dropped_though_another_hart_had_its_page_to_write(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_PUT(r, RIG_RAM + 0x4000, SW(6, 0, 5), JAL(0, -4));
    r->hart[1].pc = RIG_RAM + 0x4000;
    r->hart[1].x[5] = RIG_RAM + 128;
    hart_run(&r->hart[1], 10); /* has the page in its store TLB */
    RIG_CODE(r, ADDI(10, 10, 1), JAL(0, -4));
    rig_run(r, 100);           /* makes it code */
    r->hart[1].x[5] = RIG_RAM;
    r->hart[1].x[6] = ADDI(10, 10, 2);
    hart_run(&r->hart[1], 10);
    r->h->x[10] = 0;
    rig_run(r, 100);
    assert_int_equal(r->h->x[10], 100);
    rig_free(r);
}

static void data_beside_code_does_not_drop_it(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, SD(10, 1024, 5), ADDI(10, 10, 1), JAL(0, -8));
    r->h->x[5] = RIG_RAM;
    rig_run(r, 3000);
    assert_int_equal(rig_peek(r, RIG_RAM + 1024, 8), 999);
    assert_true(r->h->stats.blocks_decoded < 5);
    rig_free(r);
}

static void
compressed_and_crossing_code_runs_on_into_the_next_page(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    for (uint64_t pa = RIG_RAM; pa < RIG_RAM + 4094; pa += 2)
        rig_poke(r, pa, 2, 0x0505); /* c.addi a0, 1 */
    RIG_PUT(r, RIG_RAM + 4094, ADDI(10, 10, 1000), JAL(0, 0));
    rig_run(r, 2047 + 1);
    assert_int_equal(r->h->x[10], 2047 + 1000);
    assert_int_equal(r->h->pc, RIG_RAM + 4098);
    rig_free(r);
}

/* One page of code, mapped twice, with different pages after it. */
static void what_follows_a_page_depends_on_where_it_is_mapped(void **state)
{
    const uint32_t last[] = {NOP, JAL(0, 4), BEQ(0, 0, 4)};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct rig *r = rig_new();
        const uint64_t a = 0x40000000, b = 0x40010000;

        for (uint64_t va = a; va <= b; va += b - a)
            rig_map(r, va, RIG_RAM, 0, PTE_V | PTE_X | PTE_R | PTE_A);
        rig_map(r, a + 4096, RIG_RAM + 4096, 0, PTE_V | PTE_X | PTE_A);
        rig_map(r, b + 4096, RIG_RAM + 8192, 0, PTE_V | PTE_X | PTE_A);
        RIG_PUT(r, RIG_RAM + 4092, last[i]);
        RIG_PUT(r, RIG_RAM + 4096, ADDI(10, 10, 1), JALR(0, 5, 0));
        RIG_PUT(r, RIG_RAM + 8192, ADDI(10, 10, 100), JALR(0, 6, 0));
        rig_csr(r, CSR_pmpcfg0, 0x1f);
        rig_csr(r, CSR_pmpaddr0, ~UINT64_C(0));
        rig_csr(r, CSR_satp, RIG_SATP);
        r->h->csr.priv = PRIV_S;
        r->h->pc = a + 4092;
        r->h->x[5] = b + 4092;
        r->h->x[6] = a + 4092;
        rig_run(r, 3 * 10);
        assert_int_equal(r->h->x[10], 5 * 101);
        rig_free(r);
    }
}

static void a_fetch_outside_memory_faults_at_the_target(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, JALR(1, 5, 0));
    RIG_PUT(r, RIG_RAM + 64, JAL(0, 0));
    rig_csr(r, CSR_mtvec, RIG_RAM + 64);
    r->h->x[5] = RIG_DEVICE;
    rig_run(r, 2);
    assert_int_equal(r->h->csr.mcause, CAUSE_FETCH_ACCESS);
    assert_int_equal(r->h->csr.mtval, RIG_DEVICE);
    assert_int_equal(r->h->csr.mepc, RIG_DEVICE);
    assert_int_equal(r->h->x[1], RIG_RAM + 4);
    assert_int_equal(r->h->csr.instret, 1);
    assert_int_equal(r->device.loads, 0);
    rig_free(r);
}

static void the_second_half_faults_with_the_second_pages_address(void **state)
{
    struct rig *r = rig_new();
    const uint64_t va = 0x40000000;

    (void)state;
    rig_map(r, va, RIG_RAM, 0, PTE_V | PTE_X | PTE_R | PTE_A);
    RIG_PUT(r, RIG_RAM + 4092, 0x00130001); /* c.nop; first half of addi */
    RIG_PUT(r, RIG_RAM + 0x4000, JAL(0, 0));
    rig_csr(r, CSR_pmpcfg0, 0x1f);
    rig_csr(r, CSR_pmpaddr0, ~UINT64_C(0));
    rig_csr(r, CSR_satp, RIG_SATP);
    rig_csr(r, CSR_mtvec, RIG_RAM + 0x4000);
    r->h->csr.priv = PRIV_S;
    r->h->pc = va + 4092;
    rig_run(r, 2);
    assert_int_equal(r->h->csr.mcause, CAUSE_FETCH_PAGE);
    assert_int_equal(r->h->csr.mepc, va + 4094);
    assert_int_equal(r->h->csr.mtval, va + 4096);
    rig_free(r);
}

static void code_runs_from_rom(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, JAL(0, 0));
    r->h->pc = RIG_ROM;
    r->h->x[11] = RIG_RAM;
    rig_run(r, 2);
    assert_int_equal(r->h->x[10], 7);
    assert_int_equal(r->h->pc, RIG_RAM);
    rig_free(r);
}

static void without_c_misaligned_targets_trap_on_the_jump(void **state)
{
    const uint32_t jumps[] = {JAL(1, 6), JALR(1, 5, 2), BEQ(0, 0, 6)};

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct rig *r = rig_new_isa("rv64ima");

        RIG_CODE(r, jumps[i], NOP, NOP, NOP);
        RIG_PUT(r, RIG_RAM + 64, JAL(0, 0));
        rig_csr(r, CSR_mtvec, RIG_RAM + 64);
        r->h->x[5] = RIG_RAM + 4;
        rig_run(r, 1);
        assert_int_equal(r->h->csr.mcause, CAUSE_FETCH_MISALIGNED);
        assert_int_equal(r->h->csr.mepc, RIG_RAM);
        assert_int_equal(r->h->csr.mtval, RIG_RAM + 6);
        assert_int_equal(r->h->x[1], 0);
        assert_int_equal(r->h->csr.instret, 0);
        rig_free(r);
    }
}

static void a_branch_not_taken_may_name_a_misaligned_target(void **state)
{
    struct rig *r = rig_new_isa("rv64ima");

    (void)state;
    RIG_CODE(r, BNE(0, 0, 6), ADDI(10, 0, 3), JAL(0, 0));
    rig_run(r, 2);
    assert_int_equal(r->h->x[10], 3);
    rig_free(r);
}

static void expect_sum_at(struct rig *r, unsigned i)
{
    r->h->x[10] = 0;
    r->h->pc = RIG_RAM + 4 * i;
    rig_run(r, 31);
    assert_int_equal(r->h->x[10], 31 * 32 / 2);
    r->h->x[10] = 0;
    rig_run(r, 1);
    assert_int_equal(r->h->x[10], 2 * i % 31 + 1);
}

static void a_full_arena_is_emptied_and_running_goes_on(void **state)
{
    struct rig *r = rig_new();

    /* A row of c.addi a0, 1 to 31, and blocks for many places in it: more than
       the arena holds. The way back is through places where old ones were. */
    (void)state;
    for (unsigned i = 0; i < 0x20000; i++)
        rig_poke(r, RIG_RAM + 2 * i, 2, 0x0501 | (i % 31 + 1) << 2);
    for (unsigned i = 0; i < 60000; i += 2)
        expect_sum_at(r, i);
    for (unsigned i = 60000; i > 0; i -= 2)
        expect_sum_at(r, i - 2);
    rig_free(r);
}

static void dispatch_does_not_grow_the_stack(void **state)
{
    struct rig *r = rig_new();

    /* One run, never back in the loop: 8 MB of stack would not last. */
    (void)state;
    RIG_CODE(r, ADDI(10, 10, 1), LD(11, 512, 5), SD(10, 512, 5),
             FADD_D(1, 1, 1), JAL(0, -16));
    r->h->x[5] = RIG_RAM + 4096;
    rig_run(r, 5000000);
    assert_int_equal(r->h->x[10], 1000000);
    rig_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_store_changes_the_next_instruction_of_its_own_block),
        cmocka_unit_test(a_store_changes_a_loop_that_is_linked_to_itself),
        cmocka_unit_test(
            a_store_into_both_halves_of_a_crossing_instruction_counts),
        cmocka_unit_test(dma_into_code_is_seen),
        cmocka_unit_test(
            code_is_dropped_though_another_hart_had_its_page_to_write),
        cmocka_unit_test(data_beside_code_does_not_drop_it),
        cmocka_unit_test(
            compressed_and_crossing_code_runs_on_into_the_next_page),
        cmocka_unit_test(what_follows_a_page_depends_on_where_it_is_mapped),
        cmocka_unit_test(a_fetch_outside_memory_faults_at_the_target),
        cmocka_unit_test(the_second_half_faults_with_the_second_pages_address),
        cmocka_unit_test(code_runs_from_rom),
        cmocka_unit_test(without_c_misaligned_targets_trap_on_the_jump),
        cmocka_unit_test(a_branch_not_taken_may_name_a_misaligned_target),
        cmocka_unit_test(a_full_arena_is_emptied_and_running_goes_on),
        cmocka_unit_test(dispatch_does_not_grow_the_stack),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
