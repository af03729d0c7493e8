/* Translation contexts: fences, SUM and MPRV, PMP, the dirty flag. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

#define HANDLER (RIG_RAM + 0x8000)
#define VA UINT64_C(0x40000000)
#define RWX (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

/* Traps go to a loop; with `paged`, S-mode in Sv39 with VA = RIG_RAM. */
static struct rig *memory_rig(bool paged)
{
    struct rig *r = rig_new();

    RIG_PUT(r, HANDLER, JAL(0, 0));
    rig_csr(r, CSR_mtvec, HANDLER);
    if (!paged)
        return r;
    for (unsigned i = 0; i < 16; i++)
        rig_map(r, VA + i * PAGE_SIZE, RIG_RAM + i * PAGE_SIZE, 0, RWX);
    rig_csr(r, CSR_pmpcfg0, 0x1f);
    rig_csr(r, CSR_pmpaddr0, ~UINT64_C(0));
    rig_csr(r, CSR_satp, RIG_SATP);
    r->h->csr.priv = PRIV_S;
    r->h->pc = VA;
    return r;
}

static void expect_trap(struct rig *r, uint64_t cause, uint64_t tval)
{
    assert_int_equal(r->h->csr.mcause, cause);
    assert_int_equal(r->h->csr.mtval, tval);
}

static void a_fence_of_an_address_forgets_its_page(void **state)
{
    struct rig *r = memory_rig(true);

    (void)state;
    RIG_CODE(r, LD(10, 0, 5), SFENCE_VMA(5, 0), LD(11, 0, 5), JAL(0, 0));
    r->h->x[5] = VA + 4 * PAGE_SIZE;
    rig_poke(r, RIG_RAM + 4 * PAGE_SIZE, 8, 4);
    rig_poke(r, RIG_RAM + 5 * PAGE_SIZE, 8, 5);
    rig_run(r, 1);
    rig_map(r, VA + 4 * PAGE_SIZE, RIG_RAM + 5 * PAGE_SIZE, 0, RWX);
    rig_run(r, 2);
    assert_int_equal(r->h->x[10], 4);
    assert_int_equal(r->h->x[11], 5);
    rig_free(r);
}

static void a_fence_of_an_address_forgets_all_of_its_superpage(void **state)
{
    struct rig *r = memory_rig(true);
    const uint64_t super = VA + 0x400000;

    (void)state;
    rig_map(r, super, RIG_RAM & ~UINT64_C(0x1fffff), 1, RWX);
    RIG_CODE(r, LD(10, 0, 5), SFENCE_VMA(6, 0), LD(11, 0, 5), JAL(0, 0));
    r->h->x[5] = super + 0x4000;
    r->h->x[6] = super + 0x9000;
    rig_poke(r, RIG_RAM + 0x4000, 8, 4);
    rig_run(r, 1);
    assert_int_equal(r->h->x[10], 4);
    rig_map(r, super, 0, 1, 0);
    rig_run(r, 2);
    expect_trap(r, CAUSE_LOAD_PAGE, super + 0x4000);
    rig_free(r);
}

static void a_fence_forgets_code(void **state)
{
    struct rig *r = memory_rig(true);

    /* A page of code is called, remapped, fenced and called again. */
    (void)state;
    RIG_CODE(r, JALR(1, 5, 0), SFENCE_VMA(5, 0), JALR(1, 5, 0), JAL(0, 0));
    RIG_PUT(r, RIG_RAM + 4 * PAGE_SIZE, ADDI(10, 10, 1), JALR(0, 1, 0));
    RIG_PUT(r, RIG_RAM + 5 * PAGE_SIZE, ADDI(10, 10, 100), JALR(0, 1, 0));
    r->h->x[5] = VA + 4 * PAGE_SIZE;
    rig_run(r, 3);
    rig_map(r, VA + 4 * PAGE_SIZE, RIG_RAM + 5 * PAGE_SIZE, 0, RWX);
    rig_run(r, 4);
    assert_int_equal(r->h->x[10], 101);
    rig_free(r);
}

static void
a_fence_of_the_second_page_forgets_a_crossing_instruction(void **state)
{
    struct rig *r = memory_rig(true);
    const uint64_t second = VA + 5 * PAGE_SIZE;

    (void)state;
    RIG_CODE(r, JALR(1, 5, 0), SFENCE_VMA(6, 0), JALR(1, 5, 0), JAL(0, 0));
    RIG_PUT(r, RIG_RAM + 5 * PAGE_SIZE - 2, ADDI(10, 10, 1), JALR(0, 1, 0));
    RIG_PUT(r, RIG_RAM + 6 * PAGE_SIZE - 2, ADDI(10, 10, 100),
            JALR(0, 1, 0));
    r->h->x[5] = second - 2;
    r->h->x[6] = second;
    rig_run(r, 3);
    rig_map(r, second, RIG_RAM + 6 * PAGE_SIZE, 0, RWX);
    rig_run(r, 4);
    assert_int_equal(r->h->x[10], 101);
    rig_free(r);
}

static void a_fence_from_outside_by_asid_spares_other_spaces(void **state)
{
    struct rig *r = memory_rig(true);
    uint64_t one = 1, other = 2;

    (void)state;
    rig_csr(r, CSR_satp, RIG_SATP | one << 44);
    RIG_CODE(r, LD(10, 0, 5), JAL(0, -4));
    r->h->x[5] = VA + 4 * PAGE_SIZE;
    rig_poke(r, RIG_RAM + 5 * PAGE_SIZE, 8, 5);
    rig_run(r, 2);
    rig_map(r, VA + 4 * PAGE_SIZE, RIG_RAM + 5 * PAGE_SIZE, 0, RWX);
    hart_fence(r->h, NULL, &other);
    rig_run(r, 2);
    assert_int_equal(r->h->x[10], 0);
    hart_fence(r->h, NULL, &one);
    rig_run(r, 2);
    assert_int_equal(r->h->x[10], 5);
    rig_free(r);
}

static void contexts_come_and_go_and_keep_their_spaces_apart(void **state)
{
    struct rig *r = memory_rig(true);

    /* More address spaces than there are contexts, each with its own page. */
    (void)state;
    RIG_CODE(r, LD(10, 0, 5), JAL(0, -4));
    r->h->x[5] = VA + 0x6000;
    for (unsigned turn = 0; turn < 2; turn++) {
        for (uint64_t asid = 1; asid < 3 * CONTEXTS; asid++) {
            uint64_t pa = RIG_RAM + 0x20000 + 0x40 * asid;

            rig_poke(r, pa & ~PAGE_MASK, 8, asid);
            rig_map(r, VA + 0x6000, pa & ~PAGE_MASK, 0, RWX);
            rig_csr(r, CSR_satp, RIG_SATP | asid << 44);
            hart_fence(r->h, NULL, &asid);
            rig_run(r, 2);
            assert_int_equal(r->h->x[10], asid);
        }
    }
    rig_free(r);
}

static void sum_and_mprv_take_effect_at_once(void **state)
{
    struct rig *r = memory_rig(true);

    (void)state;
    rig_map(r, VA + 4 * PAGE_SIZE, RIG_RAM + 4 * PAGE_SIZE, 0, RWX | PTE_U);
    RIG_CODE(r, CSRRS(0, CSR_sstatus, 6), LD(10, 0, 5),
             CSRRC(0, CSR_sstatus, 6), LD(11, 0, 5));
    r->h->x[5] = VA + 4 * PAGE_SIZE;
    r->h->x[6] = MSTATUS_SUM;
    rig_poke(r, RIG_RAM + 4 * PAGE_SIZE, 8, 9);
    rig_run(r, 4);
    assert_int_equal(r->h->x[10], 9);
    assert_int_equal(r->h->x[11], 0);
    expect_trap(r, CAUSE_LOAD_PAGE, VA + 4 * PAGE_SIZE);

    RIG_PUT(r, HANDLER, CSRRS(0, CSR_mstatus, 7), LBU(12, 0, 5),
            CSRRC(0, CSR_mstatus, 7), LBU(13, 0, 5), JAL(0, 0));
    r->h->x[7] = MSTATUS_MPRV; /* MPP is S, from the trap */
    r->h->x[5] = VA + 3 * PAGE_SIZE;
    rig_poke(r, RIG_RAM + 3 * PAGE_SIZE, 8, 3);
    r->h->pc = HANDLER;
    rig_run(r, 4);
    assert_int_equal(r->h->x[12], 3);
    expect_trap(r, CAUSE_LOAD_ACCESS, VA + 3 * PAGE_SIZE);
    rig_free(r);
}

static void pmp_inside_a_page_is_checked_at_every_access(void **state)
{
    struct rig *r = memory_rig(true);
    const uint64_t data = RIG_RAM + 4 * PAGE_SIZE;

    /* 32 bytes without rights, all else open. */
    (void)state;
    rig_csr(r, CSR_pmpaddr0, (data + 64) >> 2 | 3);
    rig_csr(r, CSR_pmpaddr1, ~UINT64_C(0));
    rig_csr(r, CSR_pmpcfg0, 0x1f18);
    RIG_CODE(r, LD(10, 56, 5), SD(6, 96, 5), LD(10, 88, 5), NOP);
    r->h->x[5] = VA + 4 * PAGE_SIZE;
    r->h->x[6] = 1;
    rig_run(r, 2);
    assert_int_equal(rig_peek(r, data + 96, 8), 1);
    assert_int_equal(r->h->csr.mcause, 0);
    rig_run(r, 1);
    expect_trap(r, CAUSE_LOAD_ACCESS, VA + 4 * PAGE_SIZE + 88);
    rig_free(r);
}

static void pmp_inside_a_page_of_code_stops_at_its_boundary(void **state)
{
    struct rig *r = memory_rig(true);

    (void)state;
    rig_csr(r, CSR_pmpaddr0, (RIG_RAM + 64) >> 2 | 3);
    rig_csr(r, CSR_pmpaddr1, ~UINT64_C(0));
    rig_csr(r, CSR_pmpcfg0, 0x1f18);
    for (unsigned i = 0; i < 32; i++)
        RIG_PUT(r, RIG_RAM + 4 * i, ADDI(10, 10, 1));
    rig_run(r, 17);
    expect_trap(r, CAUSE_FETCH_ACCESS, VA + 64);
    assert_int_equal(r->h->x[10], 16);
    rig_free(r);
}

static void a_pmp_write_takes_effect_at_once(void **state)
{
    struct rig *r = memory_rig(false);

    (void)state;
    RIG_CODE(r, LD(10, 0, 5), CSRW(CSR_pmpaddr0, 6), CSRW(CSR_pmpcfg0, 7),
             LD(10, 0, 5));
    r->h->x[5] = RIG_RAM + 4 * PAGE_SIZE;
    r->h->x[6] = r->h->x[5] >> 2 | 0x1ff;
    r->h->x[7] = PMPCFG_L | 0x18;
    rig_run(r, 4);
    expect_trap(r, CAUSE_LOAD_ACCESS, r->h->x[5]);
    rig_free(r);
}

static void
dirty_is_set_by_stores_anew_after_the_write_tlb_is_dropped(void **state)
{
    struct rig *r = memory_rig(false);
    uint8_t *flags = &r->bus.ram.flags[4];

    (void)state;
    RIG_CODE(r, SD(6, 0, 5), JAL(0, -4));
    r->h->x[5] = RIG_RAM + 4 * PAGE_SIZE;
    rig_run(r, 10);
    assert_true(*flags & RAM_DIRTY);
    *flags &= (uint8_t)~RAM_DIRTY;
    hart_drop_write_tlb(r->h);
    rig_run(r, 10);
    assert_true(*flags & RAM_DIRTY);
    rig_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fence_of_an_address_forgets_its_page),
        cmocka_unit_test(a_fence_of_an_address_forgets_all_of_its_superpage),
        cmocka_unit_test(a_fence_forgets_code),
        cmocka_unit_test(
            a_fence_of_the_second_page_forgets_a_crossing_instruction),
        cmocka_unit_test(a_fence_from_outside_by_asid_spares_other_spaces),
        cmocka_unit_test(contexts_come_and_go_and_keep_their_spaces_apart),
        cmocka_unit_test(sum_and_mprv_take_effect_at_once),
        cmocka_unit_test(pmp_inside_a_page_is_checked_at_every_access),
        cmocka_unit_test(pmp_inside_a_page_of_code_stops_at_its_boundary),
        cmocka_unit_test(a_pmp_write_takes_effect_at_once),
        cmocka_unit_test(
            dirty_is_set_by_stores_anew_after_the_write_tlb_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
