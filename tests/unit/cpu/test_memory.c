/* Loads, stores, atomics and cache blocks. */
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

static void misaligned_accesses_work_within_and_across_pages(void **state)
{
    (void)state;
    for (uint64_t at = RIG_RAM + 0x1ff0; at < RIG_RAM + 0x2008; at++) {
        struct rig *r = memory_rig(false);

        RIG_CODE(r, SD(6, 0, 5), LD(10, 0, 5), LW(11, 0, 5), LH(12, 0, 5),
                 FSD(0, 0, 5), FLW(1, 0, 5), JAL(0, 0));
        r->h->x[5] = at;
        r->h->x[6] = UINT64_C(0x8877665544b3a291);
        r->h->f[0] = UINT64_C(0x0102030405060708);
        rig_run(r, 6);
        assert_int_equal(r->h->x[10], UINT64_C(0x8877665544b3a291));
        assert_int_equal(r->h->x[11], UINT64_C(0x0000000044b3a291));
        assert_int_equal(r->h->x[12], UINT64_C(0xffffffffffffa291));
        assert_int_equal(rig_peek(r, at, 8), UINT64_C(0x0102030405060708));
        assert_int_equal(r->h->f[1], UINT64_C(0xffffffff05060708));
        rig_free(r);
    }
}

static void
a_crossing_store_writes_nothing_if_the_second_page_faults(void **state)
{
    struct rig *r = memory_rig(true);

    (void)state;
    RIG_CODE(r, SD(6, 0, 5), NOP);
    r->h->x[5] = VA + 16 * PAGE_SIZE - 3;
    r->h->x[6] = ~UINT64_C(0);
    rig_run(r, 1);
    expect_trap(r, CAUSE_STORE_PAGE, VA + 16 * PAGE_SIZE);
    assert_int_equal(rig_peek(r, RIG_RAM + 16 * PAGE_SIZE - 8, 8), 0);
    rig_free(r);
}

static void a_crossing_access_faults_first_in_its_first_page(void **state)
{
    struct rig *r = memory_rig(true);

    (void)state;
    RIG_CODE(r, LD(6, 0, 5), NOP);
    r->h->x[5] = VA - 3;
    rig_run(r, 1);
    expect_trap(r, CAUSE_LOAD_PAGE, VA - 3);
    rig_free(r);
}

static void device_accesses_are_aligned_or_fault(void **state)
{
    static const uint64_t offset[] = {0, 1, 2, 4, 0xffd, 0x800};

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        struct rig *r = memory_rig(false);

        RIG_CODE(r, LW(10, 0, 5), NOP);
        r->device.value = 0x87654321;
        r->h->x[5] = RIG_DEVICE + offset[i];
        rig_run(r, 1);
        if (offset[i] == 0 || offset[i] == 4)
            assert_int_equal(r->h->x[10], UINT64_C(0xffffffff87654321));
        else
            expect_trap(r, CAUSE_LOAD_ACCESS, r->h->x[5]);
        rig_free(r);
    }
}

static void an_access_half_in_ram_half_outside_faults_outside(void **state)
{
    struct rig *r = memory_rig(false);

    (void)state;
    RIG_CODE(r, SD(6, 0, 5), NOP);
    r->h->x[5] = RIG_RAM + RIG_RAM_SIZE - 4;
    r->h->x[6] = ~UINT64_C(0);
    rig_run(r, 1);
    expect_trap(r, CAUSE_STORE_ACCESS, RIG_RAM + RIG_RAM_SIZE);
    assert_int_equal(rig_peek(r, r->h->x[5], 4), 0);
    rig_free(r);
}

static void atomics_fault_when_misaligned_or_on_a_device(void **state)
{
    static const struct {
        uint32_t word;
        uint64_t misaligned, device;
    } row[] = {
        {0x1000202f | 5 << 15, CAUSE_LOAD_MISALIGNED, CAUSE_LOAD_ACCESS},
        {0x1800202f | 5 << 15, CAUSE_STORE_MISALIGNED, CAUSE_STORE_ACCESS},
        {0x0000202f | 5 << 15, CAUSE_STORE_MISALIGNED, CAUSE_STORE_ACCESS},
    };

    (void)state;
    for (unsigned i = 0; i < 6; i++) {
        struct rig *r = memory_rig(false);

        RIG_CODE(r, row[i / 2].word, NOP);
        r->h->x[5] = i & 1 ? RIG_DEVICE : RIG_RAM + 0x102;
        rig_run(r, 1);
        expect_trap(r, i & 1 ? row[i / 2].device : row[i / 2].misaligned,
                    r->h->x[5]);
        assert_int_equal(r->device.loads + r->device.stores, 0);
        rig_free(r);
    }
}

static void sc_succeeds_once_and_only_at_the_reserved_address(void **state)
{
    struct rig *r = memory_rig(false);

    (void)state;
    RIG_CODE(r, LR_W(10, 5), SC_W(11, 6, 5), SC_W(12, 6, 5), LR_W(10, 5),
             SC_W(13, 6, 7), SC_W(14, 6, 5), LR_W(10, 5), JAL(0, 4),
             SC_W(15, 0, 5), JAL(0, 0));
    r->h->x[5] = RIG_RAM + 0x100;
    r->h->x[7] = RIG_RAM + 0x104;
    r->h->x[6] = 42;
    rig_run(r, 6);
    assert_int_equal(r->h->x[11], 0);
    assert_int_equal(r->h->x[12], 1);
    assert_int_equal(r->h->x[13], 1);
    assert_int_equal(r->h->x[14], 1);
    assert_int_equal(rig_peek(r, RIG_RAM + 0x100, 8), 42);
    rig_run(r, 1);
    hart_unreserve(r->h);
    rig_run(r, 2);
    assert_int_equal(r->h->x[15], 1);
    rig_free(r);
}

static void the_reservation_is_of_the_physical_address(void **state)
{
    struct rig *r = memory_rig(true);

    (void)state;
    rig_map(r, VA + 32 * PAGE_SIZE, RIG_RAM + 2 * PAGE_SIZE, 0, RWX);
    RIG_CODE(r, LR_W(10, 5), SC_W(11, 6, 7), JAL(0, 0));
    r->h->x[5] = VA + 2 * PAGE_SIZE;
    r->h->x[7] = VA + 32 * PAGE_SIZE;
    rig_run(r, 2);
    assert_int_equal(r->h->x[11], 0);
    rig_free(r);
}

static void amos_return_the_old_value_and_extend_it(void **state)
{
    struct rig *r = memory_rig(false);

    (void)state;
    RIG_CODE(r, AMOADD_W(10, 6, 5), r_type(0xe000202f, 11, 5, 6),
             r_type(0x8000202f, 12, 5, 7), r_type(0x0800302f, 5, 5, 6),
             JAL(0, 0));
    rig_poke(r, RIG_RAM + 0x100, 8, UINT64_C(0x1111111180000000));
    r->h->x[5] = RIG_RAM + 0x100;
    r->h->x[6] = 1;
    r->h->x[7] = 0xfffffffe;
    rig_run(r, 4);
    assert_int_equal(r->h->x[10], UINT64_C(0xffffffff80000000));
    assert_int_equal(r->h->x[11], UINT64_C(0xffffffff80000001));
    assert_int_equal(r->h->x[12], UINT64_C(0xffffffff80000001));
    assert_int_equal(r->h->x[5], UINT64_C(0x1111111180000001));
    assert_int_equal(rig_peek(r, RIG_RAM + 0x100, 8), 1);
    rig_free(r);
}

static void
cbo_zero_clears_its_block_and_cbo_clean_wants_a_translation(void **state)
{
    struct rig *r = memory_rig(true);

    (void)state;
    RIG_CODE(r, CBO_ZERO(5), CBO_CLEAN(5), CBO_CLEAN(6), JAL(0, 0));
    rig_csr(r, CSR_menvcfg, ENVCFG_CBZE | ENVCFG_CBCFE);
    for (unsigned i = 0; i < 128; i += 8)
        rig_poke(r, RIG_RAM + 0x1fc0 + i, 8, ~UINT64_C(0));
    r->h->x[5] = VA + 0x1fe1;
    r->h->x[6] = VA + 0x100041;
    rig_run(r, 2);
    for (unsigned i = 0; i < 128; i += 8)
        assert_int_equal(rig_peek(r, RIG_RAM + 0x1fc0 + i, 8),
                         i < 64 ? 0 : ~UINT64_C(0));
    rig_run(r, 1);
    expect_trap(r, CAUSE_STORE_PAGE, VA + 0x100040);
    rig_free(r);
}

static void cbo_is_illegal_where_menvcfg_forbids_it(void **state)
{
    struct rig *r = memory_rig(true);

    (void)state;
    RIG_CODE(r, CBO_ZERO(5), NOP);
    r->h->x[5] = VA + 0x2000;
    rig_run(r, 1);
    expect_trap(r, CAUSE_ILLEGAL, CBO_ZERO(5));
    rig_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(misaligned_accesses_work_within_and_across_pages),
        cmocka_unit_test(
            a_crossing_store_writes_nothing_if_the_second_page_faults),
        cmocka_unit_test(a_crossing_access_faults_first_in_its_first_page),
        cmocka_unit_test(device_accesses_are_aligned_or_fault),
        cmocka_unit_test(an_access_half_in_ram_half_outside_faults_outside),
        cmocka_unit_test(atomics_fault_when_misaligned_or_on_a_device),
        cmocka_unit_test(sc_succeeds_once_and_only_at_the_reserved_address),
        cmocka_unit_test(the_reservation_is_of_the_physical_address),
        cmocka_unit_test(amos_return_the_old_value_and_extend_it),
        cmocka_unit_test(
            cbo_zero_clears_its_block_and_cbo_clean_wants_a_translation),
        cmocka_unit_test(cbo_is_illegal_where_menvcfg_forbids_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
