/* csr.def: which CSRs there are, and in which configuration. */
#include "csr_fixture.h"

static const unsigned numbers[] = {
#define CSR(name, number, ext) number,
#include "isa/csr.def"
#undef CSR
};
enum { ROWS = sizeof numbers / sizeof *numbers };

static void rows_ascend_so_no_number_is_taken_twice(void **state)
{
    (void)state;
    for (unsigned i = 1; i < ROWS; i++)
        assert_true(numbers[i - 1] < numbers[i]);
    assert_true(numbers[ROWS - 1] < 4096);
}

static void names_are_the_manuals(void **state)
{
    (void)state;
    assert_string_equal(csr_name(0x300), "mstatus");
    assert_string_equal(csr_name(0x14d), "stimecmp");
    assert_string_equal(csr_name(0xc1f), "hpmcounter31");
    assert_string_equal(csr_name(0xb1f), "mhpmcounter31");
    assert_string_equal(csr_name(0x33f), "mhpmevent31");
    assert_string_equal(csr_name(0x3bf), "pmpaddr15");
    assert_null(csr_name(0x000));
    assert_null(csr_name(0x3a1));
    assert_null(csr_name(4096));
    assert_null(csr_name(~0u));
}

static void next_enumerates_exactly_the_existing_csrs(void **state)
{
    struct fixture f;
    unsigned count = 0;
    int expected = -1;

    (void)state;
    fixture_init(&f);
    for (int csr = csr_next(&f.isa, 0); csr >= 0;
         csr = csr_next(&f.isa, (unsigned)csr + 1)) {
        assert_true(csr > expected);
        assert_true(csr_exists(&f.isa, (unsigned)csr));
        assert_non_null(csr_name((unsigned)csr));
        expected = csr;
        count++;
    }
    assert_int_equal(count, ROWS);
    assert_int_equal(csr_next(&f.isa, 4096), -1);
    assert_int_equal(csr_next(&f.isa, ~0u), -1);
}

static void absent_csrs_are_absent(void **state)
{
    static const unsigned absent[] = {
        0x3a1, 0x3a3,               /* odd pmpcfg: RV32 only */
        0x3a4, 0x3ae, 0x3c0,        /* PMP entries 16 and up */
        0x3ef, 0x747,               /* pmpaddr63, mseccfg */
        0x7a0, 0x7a1, 0x7b0,        /* debug */
        0x30c, 0x10c,               /* state enables */
        0x310, 0x31a, 0xb80, 0xc80, /* RV32's upper halves */
        0x200, 0x600, 0x680,        /* hypervisor */
        0x008, 0xc20, 0xc22,        /* vector */
        0x015, 0xda0, 0x321, 0x322, 0xb01, 0x5c0, 4096, ~0u,
    };
    struct fixture f;

    (void)state;
    fixture_init(&f);
    for (unsigned i = 0; i < sizeof absent / sizeof *absent; i++) {
        assert_false(csr_exists(&f.isa, absent[i]));
        assert_false(csr_permitted(&f.c, absent[i], false));
        assert_int_equal(csr_read(&f.c, absent[i]), 0);
        assert_int_equal(csr_write(&f.c, absent[i], 1), 0);
    }
}

static void extensions_bring_their_csrs(void **state)
{
    static const struct {
        enum isa_ext ext;
        unsigned csr;
    } row[] = {
        { EXT_F, CSR_fflags },       { EXT_F, CSR_frm },
        { EXT_F, CSR_fcsr },         { EXT_SSTC, CSR_stimecmp },
        { EXT_ZICNTR, CSR_cycle },   { EXT_ZICNTR, CSR_time },
        { EXT_ZICNTR, CSR_instret }, { EXT_ZIHPM, CSR_hpmcounter3 },
    };
    struct fixture f;

    (void)state;
    for (unsigned i = 0; i < sizeof row / sizeof *row; i++) {
        fixture_init_without(&f, BIT(row[i].ext));
        assert_false(csr_exists(&f.isa, row[i].csr));
        assert_false(csr_permitted(&f.c, row[i].csr, false));
        csr_write(&f.c, row[i].csr, ~UINT64_C(0));
        assert_int_equal(csr_read(&f.c, row[i].csr), 0);
        f.isa.ext |= BIT(row[i].ext);
        assert_true(csr_exists(&f.isa, row[i].csr));
    }
}

static void reset_is_machine_mode_with_interrupts_off(void **state)
{
    struct fixture f;

    (void)state;
    memset(&f, 0xa5, sizeof f);
    f.isa = isa_default();
    csr_reset(&f.c, &f.isa, 3);
    assert_int_equal(f.c.priv, PRIV_M);
    assert_int_equal(csr_read(&f.c, CSR_mhartid), 3);
    assert_int_equal(csr_read(&f.c, CSR_mstatus), UINT64_C(0xa00000000));
    assert_int_equal(csr_read(&f.c, CSR_satp), 0);
    assert_int_equal(csr_read(&f.c, CSR_menvcfg), 0);
    assert_int_equal(csr_read(&f.c, CSR_mcause), 0);
    assert_int_equal(csr_read(&f.c, CSR_pmpcfg0), 0);
    assert_int_equal(csr_read(&f.c, CSR_mcycle), 0);
    assert_int_equal(csr_read(&f.c, CSR_misa), isa_misa(&f.isa));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_ascend_so_no_number_is_taken_twice),
        cmocka_unit_test(names_are_the_manuals),
        cmocka_unit_test(next_enumerates_exactly_the_existing_csrs),
        cmocka_unit_test(absent_csrs_are_absent),
        cmocka_unit_test(extensions_bring_their_csrs),
        cmocka_unit_test(reset_is_machine_mode_with_interrupts_off),
    };

    return cmocka_run_group_tests_name("isa/csr_table", tests, NULL, NULL);
}
