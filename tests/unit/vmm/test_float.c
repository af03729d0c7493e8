/* The floating-point state: FS becomes Dirty without a trap. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define FADD 0x0220f1d3u /* fadd.d f3, f1, f2 */
#define FLE 0xa2208553u  /* fle.d a0, f1, f2: changes no f register */
#define FMV_X 0xe2008553u /* fmv.x.d a0, f1 */

static uint64_t fs(struct world *w)
{
    return field_get(world_csr(w, CSR_mstatus), MSTATUS_FS);
}

static void set_fs(struct world *w, uint64_t fs)
{
    world_set_csr(w, CSR_mstatus, field_set(0, MSTATUS_FS, fs));
}

static void off(struct world *w)
{
    uint32_t frcsr = csr(CSRRS, A0, CSR_fcsr, 0);

    set_fs(w, FS_DIRTY);
    TRY(w, PRIV_M, FADD, HERE);
    set_fs(w, FS_OFF);
    TRY(w, PRIV_M, FADD, HERE);
    assert_trap(w, CAUSE_ILLEGAL, FADD, CODE);
    TRY(w, PRIV_S, fld(1, S0, 0), HERE);
    assert_trap(w, CAUSE_ILLEGAL, fld(1, S0, 0), CODE);
    TRY(w, PRIV_M, frcsr, HERE);
    assert_trap(w, CAUSE_ILLEGAL, frcsr, CODE);
    assert_int_equal(fs(w), FS_OFF);
    assert_false(world_csr(w, CSR_sstatus) & MSTATUS_SD);
}

static void test_fs_off_traps_in_every_mode(void **state)
{
    (void)state;
    at_every_depth(off);
}

/* What the guest reads right after: in mstatus and sstatus, with SD. */
static void dirty(struct world *w)
{
    for (uint64_t before = FS_INITIAL; before <= FS_CLEAN; before++) {
        set_fs(w, before);
        TRY(w, PRIV_M, csr(CSRRS, A0, CSR_mstatus, 0), FADD,
            csr(CSRRS, A1, CSR_mstatus, 0), csr(CSRRS, A2, CSR_sstatus, 0),
            HERE);
        assert_int_equal(field_get(world_reg(w, A0), MSTATUS_FS), before);
        assert_false(world_reg(w, A0) & MSTATUS_SD);
        assert_int_equal(field_get(world_reg(w, A1), MSTATUS_FS), FS_DIRTY);
        assert_true(world_reg(w, A1) & MSTATUS_SD);
        assert_int_equal(field_get(world_reg(w, A2), MSTATUS_FS), FS_DIRTY);
        assert_true(world_reg(w, A2) & MSTATUS_SD);
    }
}

static void test_dirty_is_seen_at_once(void **state)
{
    (void)state;
    at_every_depth(dirty);
}

/* Clean, dirtied, cleaned by the guest, dirtied again: no step is lost, nor
   does a stale Dirty come back. */
static void cleaned(struct world *w)
{
    world_set_reg(w, S0, field_set(0, MSTATUS_FS, FS_INITIAL));
    set_fs(w, FS_CLEAN);
    TRY(w, PRIV_M, FADD, csr(CSRRC, A0, CSR_mstatus, S0),
        csr(CSRRS, A1, CSR_mstatus, 0), FADD, csr(CSRRS, A2, CSR_mstatus, 0),
        csr(CSRRC, A3, CSR_mstatus, S0), HERE);
    assert_int_equal(field_get(world_reg(w, A0), MSTATUS_FS), FS_DIRTY);
    assert_int_equal(field_get(world_reg(w, A1), MSTATUS_FS), FS_CLEAN);
    assert_int_equal(field_get(world_reg(w, A2), MSTATUS_FS), FS_DIRTY);
    assert_int_equal(fs(w), FS_CLEAN);
    assert_false(world_csr(w, CSR_mstatus) & MSTATUS_SD);
}

static void test_fs_cleaned_by_the_guest_stays_clean(void **state)
{
    (void)state;
    at_every_depth(cleaned);
}

/* Off after Dirty, and on again: the registers are still there. */
static void off_and_on(struct world *w)
{
    world_set_reg(w, REG_F0 + 1, UINT64_C(0x3ff0000000000000));
    world_set_reg(w, REG_F0 + 2, UINT64_C(0x4000000000000000));
    world_set_reg(w, S0, MSTATUS_FS);
    world_set_reg(w, S1, field_set(0, MSTATUS_FS, FS_INITIAL));
    set_fs(w, FS_CLEAN);
    TRY(w, PRIV_M, FADD, csr(CSRRC, 0, CSR_mstatus, S0),
        csr(CSRRS, A1, CSR_mstatus, S1), csr(CSRRS, A2, CSR_mstatus, 0),
        FMV_X, HERE);
    assert_no_trap(w);
    assert_int_equal(field_get(world_reg(w, A1), MSTATUS_FS), FS_OFF);
    assert_int_equal(field_get(world_reg(w, A2), MSTATUS_FS), FS_INITIAL);
    assert_true(world_reg(w, REG_F0 + 3) == UINT64_C(0x4008000000000000));
    assert_true(world_reg(w, A0) == UINT64_C(0x3ff0000000000000));
}

static void test_fs_off_and_on_again(void **state)
{
    (void)state;
    at_every_depth(off_and_on);
}

/* fcsr is written directly or by flags; all of it dirties. */
static void fcsr(struct world *w)
{
    set_fs(w, FS_CLEAN);
    TRY(w, PRIV_M, csr(CSRRWI, 0, CSR_frm, 3),
        csr(CSRRS, A0, CSR_mstatus, 0), csr(CSRRS, A1, CSR_fcsr, 0), HERE);
    assert_int_equal(field_get(world_reg(w, A0), MSTATUS_FS), FS_DIRTY);
    assert_int_equal(world_reg(w, A1), 0x60);
    set_fs(w, FS_CLEAN);
    world_set_reg(w, REG_F0 + 1, UINT64_C(0x7ff0000000000001)); /* signals */
    TRY(w, PRIV_M, csr(CSRRWI, 0, CSR_fcsr, 0), FLE,
        csr(CSRRS, A1, CSR_fflags, 0), csr(CSRRS, A2, CSR_mstatus, 0), HERE);
    assert_int_equal(world_reg(w, A1), 0x10);
    assert_int_equal(field_get(world_reg(w, A2), MSTATUS_FS), FS_DIRTY);
}

static void test_fcsr_is_the_guests(void **state)
{
    (void)state;
    at_every_depth(fcsr);
}

/* Loads and stores that the monitor carries out: devices. */
static void device(struct world *w)
{
    set_fs(w, FS_CLEAN);
    world_store(w, 0x02004000, UINT64_C(0x123456789abcdef0)); /* mtimecmp */
    world_set_reg(w, S0, 0x02004000);
    world_set_reg(w, REG_F0 + 2, 0x7777);
    TRY(w, PRIV_M, fld(1, S0, 0), csr(CSRRS, A0, CSR_mstatus, 0),
        0x00042207 /* flw f4, 0(s0) */, fsd(2, S0, 0), ld(A1, S0, 0), HERE);
    assert_no_trap(w);
    assert_int_equal(field_get(world_reg(w, A0), MSTATUS_FS), FS_DIRTY);
    assert_true(world_reg(w, REG_F0 + 1) == UINT64_C(0x123456789abcdef0));
    assert_true(world_reg(w, REG_F0 + 4) == UINT64_C(0xffffffff9abcdef0));
    assert_int_equal(world_reg(w, A1), 0x7777);
    set_fs(w, FS_OFF);
    TRY(w, PRIV_M, fld(1, S0, 0), HERE);
    assert_trap(w, CAUSE_ILLEGAL, fld(1, S0, 0), CODE);
}

static void test_fp_loads_from_devices_dirty_fs(void **state)
{
    (void)state;
    at_every_depth(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fs_off_traps_in_every_mode),
        cmocka_unit_test(test_dirty_is_seen_at_once),
        cmocka_unit_test(test_fs_cleaned_by_the_guest_stays_clean),
        cmocka_unit_test(test_fs_off_and_on_again),
        cmocka_unit_test(test_fcsr_is_the_guests),
        cmocka_unit_test(test_fp_loads_from_devices_dirty_fs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
