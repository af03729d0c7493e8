/* csr_layout.def against what the CSRs really hold. */
#include "csr_fixture.h"
#include "isa/csr_layout.h"

#include <string.h>

static uint64_t fields_of(const struct isa *isa, unsigned csr)
{
    struct csr_layout_field f;
    uint64_t all = 0;

    for (unsigned n = 0; csr_layout(isa, csr, n, &f); n++) {
        assert_true(f.mask != 0);
        assert_true(f.mask > all); /* from the lowest up; none twice */
        assert_true((f.mask & all) == 0);
        all |= f.mask;
    }
    return all;
}

static void whatever_a_register_holds_is_in_a_field(void **state)
{
    struct fixture f;
    unsigned with_fields = 0;

    (void)state;
    fixture_init(&f);
    for (int csr = csr_next(&f.isa, 0); csr >= 0;
         csr = csr_next(&f.isa, (unsigned)csr + 1)) {
        uint64_t fields = fields_of(&f.isa, (unsigned)csr), old;

        if (!fields)
            continue;
        with_fields++;
        old = csr_read(&f.c, (unsigned)csr);
        assert_true((old & ~fields) == 0);
        for (unsigned bit = 0; bit < 64; bit++) {
            csr_write(&f.c, (unsigned)csr, BIT(bit));
            assert_true((csr_read(&f.c, (unsigned)csr) & ~fields) == 0);
        }
        csr_write(&f.c, (unsigned)csr, ~UINT64_C(0));
        assert_true((csr_read(&f.c, (unsigned)csr) & ~fields) == 0);
    }
    assert_int_equal(with_fields, 28);
}

static void a_view_has_only_its_own_fields(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_true(fields_of(&f.isa, CSR_sstatus) & MSTATUS_SPP);
    assert_false(fields_of(&f.isa, CSR_sstatus) & MSTATUS_MPP);
    assert_true(fields_of(&f.isa, CSR_mie) & BIT(IRQ_MTI));
    assert_false(fields_of(&f.isa, CSR_sie) & BIT(IRQ_MTI));
    assert_true(fields_of(&f.isa, CSR_pmpcfg2) == UINT64_C(0x9f) *
                                                      0x0101010101010101);
    assert_true(fields_of(&f.isa, CSR_misa) == isa_misa(&f.isa) + BIT(62));
    assert_true(fields_of(&f.isa, CSR_mscratch) == 0);
}

static void values_have_the_manuals_names(void **state)
{
    struct csr_layout_field f;
    struct fixture x;

    (void)state;
    fixture_init(&x);
    assert_true(csr_layout(&x.isa, CSR_satp, 2, &f));
    assert_string_equal(f.name, "MODE");
    assert_string_equal(csr_value_name(f.values, SATP_SV48), "Sv48");
    assert_null(csr_value_name(f.values, 3));
    assert_null(csr_value_name(f.values, ~UINT64_C(0)));
    assert_null(csr_value_name(CSR_NUMBER, 1));
    assert_string_equal(csr_value_name(CSR_CAUSE, CAUSE_LOAD_PAGE),
                        "load page fault");
    assert_string_equal(csr_value_name(CSR_CAUSE, CAUSE_INTERRUPT | IRQ_STI),
                        "supervisor timer interrupt");
    assert_null(csr_value_name(CSR_CAUSE, 10));
    assert_true(csr_layout(&x.isa, CSR_pmpcfg2, 5, &f));
    assert_string_equal(f.name, "R");
    assert_int_equal(f.number, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_a_register_holds_is_in_a_field),
        cmocka_unit_test(a_view_has_only_its_own_fields),
        cmocka_unit_test(values_have_the_manuals_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
