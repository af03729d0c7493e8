/* Who may access which CSR. */
#include "csr_fixture.h"

static const enum priv modes[] = { PRIV_U, PRIV_S, PRIV_M };

/* Everything that gates an access is open. */
static void open_all(struct fixture *f)
{
    fixture_init(f);
    csr_write(&f->c, CSR_mcounteren, ~UINT64_C(0));
    csr_write(&f->c, CSR_scounteren, ~UINT64_C(0));
    csr_write(&f->c, CSR_menvcfg, MENVCFG_STCE);
    csr_write(&f->c, CSR_mstatus, MSTATUS_FS);
}

static bool may(struct fixture *f, enum priv mode, unsigned csr, bool write)
{
    f->c.priv = (uint8_t)mode;
    return csr_permitted(&f->c, csr, write);
}

static void number_alone_decides_where_nothing_is_gated(void **state)
{
    struct fixture f;

    (void)state;
    open_all(&f);
    for (unsigned csr = 0; csr < 4200; csr++) {
        for (unsigned m = 0; m < 3; m++) {
            bool readable = csr_exists(&f.isa, csr) &&
                            ((csr >> 8) & 3) <= (unsigned)modes[m];

            assert_int_equal(may(&f, modes[m], csr, false), readable);
            assert_int_equal(may(&f, modes[m], csr, true),
                             readable && csr < 0xc00);
        }
    }
}

static void fp_csrs_are_illegal_in_every_mode_while_fs_is_off(void **state)
{
    static const unsigned fp[] = { CSR_fflags, CSR_frm, CSR_fcsr };
    struct fixture f;

    (void)state;
    open_all(&f);
    csr_write(&f.c, CSR_mstatus, 0);
    for (unsigned i = 0; i < 3; i++) {
        for (unsigned m = 0; m < 3; m++) {
            assert_false(may(&f, modes[m], fp[i], false));
            assert_false(may(&f, modes[m], fp[i], true));
        }
    }
    csr_write(&f.c, CSR_mstatus, field_set(0, MSTATUS_FS, FS_INITIAL));
    assert_true(may(&f, PRIV_U, CSR_fcsr, true));
}

static void tvm_takes_satp_from_s_mode_only(void **state)
{
    struct fixture f;

    (void)state;
    open_all(&f);
    csr_write(&f.c, CSR_mstatus, MSTATUS_TVM);
    assert_false(may(&f, PRIV_S, CSR_satp, false));
    assert_false(may(&f, PRIV_S, CSR_satp, true));
    assert_true(may(&f, PRIV_M, CSR_satp, true));
    assert_true(may(&f, PRIV_S, CSR_sscratch, true));
}

/* S needs mcounteren, U needs both, M needs neither: for each counter. */
static void counters_need_their_enable_bits(void **state)
{
    struct fixture f;

    (void)state;
    open_all(&f);
    for (unsigned n = 0; n < 32; n++) {
        for (unsigned enables = 0; enables < 4; enables++) {
            bool m = enables & 1, s = enables & 2;
            unsigned csr = CSR_cycle + n;

            csr_write(&f.c, CSR_mcounteren, m ? BIT(n) : ~BIT(n));
            csr_write(&f.c, CSR_scounteren, s ? BIT(n) : ~BIT(n));
            assert_true(may(&f, PRIV_M, csr, false));
            assert_int_equal(may(&f, PRIV_S, csr, false), m);
            assert_int_equal(may(&f, PRIV_U, csr, false), m && s);
        }
    }
}

static void stimecmp_needs_stce_and_tm_below_m_mode(void **state)
{
    struct fixture f;

    (void)state;
    open_all(&f);
    assert_true(may(&f, PRIV_S, CSR_stimecmp, true));
    assert_false(may(&f, PRIV_U, CSR_stimecmp, false));
    csr_write(&f.c, CSR_mcounteren, ~COUNTEREN_TM);
    assert_false(may(&f, PRIV_S, CSR_stimecmp, true));
    assert_true(may(&f, PRIV_M, CSR_stimecmp, true));
    csr_write(&f.c, CSR_mcounteren, COUNTEREN_TM);
    csr_write(&f.c, CSR_menvcfg, 0);
    assert_false(may(&f, PRIV_S, CSR_stimecmp, false));
    assert_true(may(&f, PRIV_M, CSR_stimecmp, false));
}

/* Of several rules that refuse an access the first is named. */
static void a_refusal_names_the_rule(void **state)
{
    static const struct {
        enum priv mode;
        unsigned csr;
        bool write;
        enum csr_refusal open, closed; /* with every gate open, or closed */
    } row[] = {
        { PRIV_M, 0x7c0, false, CSR_REFUSED_ABSENT, CSR_REFUSED_ABSENT },
        { PRIV_U, CSR_sstatus, false, CSR_REFUSED_MODE, CSR_REFUSED_MODE },
        { PRIV_U, CSR_mvendorid, true, CSR_REFUSED_MODE, CSR_REFUSED_MODE },
        { PRIV_M, CSR_mvendorid, true, CSR_REFUSED_READ_ONLY,
          CSR_REFUSED_READ_ONLY },
        { PRIV_U, CSR_cycle, true, CSR_REFUSED_READ_ONLY,
          CSR_REFUSED_READ_ONLY },
        { PRIV_M, CSR_fcsr, false, CSR_ALLOWED, CSR_REFUSED_FS },
        { PRIV_S, CSR_satp, false, CSR_ALLOWED, CSR_REFUSED_TVM },
        { PRIV_S, CSR_stimecmp, false, CSR_ALLOWED, CSR_REFUSED_STCE },
        { PRIV_S, CSR_time, false, CSR_ALLOWED, CSR_REFUSED_MCOUNTEREN },
        { PRIV_U, CSR_time, false, CSR_ALLOWED, CSR_REFUSED_MCOUNTEREN },
        { PRIV_M, CSR_time, false, CSR_ALLOWED, CSR_ALLOWED },
    };
    struct fixture open, closed;

    (void)state;
    open_all(&open);
    fixture_init(&closed);
    csr_write(&closed.c, CSR_mstatus, MSTATUS_TVM);
    for (unsigned i = 0; i < sizeof row / sizeof *row; i++) {
        open.c.priv = closed.c.priv = (uint8_t)row[i].mode;
        assert_int_equal(csr_refusal(&open.c, row[i].csr, row[i].write),
                         row[i].open);
        assert_int_equal(csr_refusal(&closed.c, row[i].csr, row[i].write),
                         row[i].closed);
    }
    csr_write(&closed.c, CSR_mcounteren, ~UINT64_C(0));
    closed.c.priv = PRIV_U;
    assert_int_equal(csr_refusal(&closed.c, CSR_time, false),
                     CSR_REFUSED_SCOUNTEREN);
    csr_write(&closed.c, CSR_mcounteren, 0);
    csr_write(&closed.c, CSR_menvcfg, MENVCFG_STCE);
    closed.c.priv = PRIV_S;
    assert_int_equal(csr_refusal(&closed.c, CSR_stimecmp, false),
                     CSR_REFUSED_MCOUNTEREN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number_alone_decides_where_nothing_is_gated),
        cmocka_unit_test(fp_csrs_are_illegal_in_every_mode_while_fs_is_off),
        cmocka_unit_test(tvm_takes_satp_from_s_mode_only),
        cmocka_unit_test(counters_need_their_enable_bits),
        cmocka_unit_test(stimecmp_needs_stce_and_tm_below_m_mode),
        cmocka_unit_test(a_refusal_names_the_rule),
    };

    return cmocka_run_group_tests_name("isa/csr_permission", tests, NULL, NULL);
}
