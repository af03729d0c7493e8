/* What writes leave behind: legalisation, views, and the effects reported. */
#include "csr_fixture.h"

#define ONES              (~UINT64_C(0))
#define MSTATUS_READ_ONLY UINT64_C(0xa00000000) /* UXL = SXL = 2 */

static void mstatus_mpp_keeps_the_old_mode_when_2_is_written(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    csr_write(&f.c, CSR_mstatus, field_set(0, MSTATUS_MPP, PRIV_S));
    csr_write(&f.c, CSR_mstatus, field_set(MSTATUS_MIE, MSTATUS_MPP, 2));
    assert_int_equal(csr_read(&f.c, CSR_mstatus),
                     MSTATUS_READ_ONLY | MSTATUS_MIE |
                         field_set(0, MSTATUS_MPP, PRIV_S));
}

static void sd_follows_fs(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    for (unsigned fs = 0; fs < 4; fs++) {
        csr_write(&f.c, CSR_mstatus, field_set(MSTATUS_SD, MSTATUS_FS, fs));
        assert_int_equal(csr_read(&f.c, CSR_mstatus) >> 63, fs == FS_DIRTY);
        assert_int_equal(csr_read(&f.c, CSR_sstatus) >> 63, fs == FS_DIRTY);
    }
    csr_write(&f.c, CSR_mstatus, 0);
    csr_mark_fs_dirty(&f.c);
    assert_int_equal(csr_read(&f.c, CSR_mstatus),
                     MSTATUS_READ_ONLY | MSTATUS_SD | MSTATUS_FS);
}

static void fs_is_zero_without_f(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init_without(&f, BIT(EXT_F) | BIT(EXT_D));
    assert_int_equal(written(&f.c, CSR_mstatus, MSTATUS_FS), MSTATUS_READ_ONLY);
}

static void sstatus_is_a_view_and_writes_no_machine_field(void **state)
{
    struct fixture f;
    uint64_t machine = MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_MPRV |
                       MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR;

    (void)state;
    fixture_init(&f);
    csr_write(&f.c, CSR_mstatus, machine);
    assert_int_equal(written(&f.c, CSR_sstatus, ONES),
                     UINT64_C(0x80000002000c6122));
    assert_int_equal(csr_read(&f.c, CSR_mstatus) & machine, machine);
    assert_int_equal(written(&f.c, CSR_sstatus, 0), UINT64_C(0x200000000));
    assert_int_equal(csr_read(&f.c, CSR_mstatus), MSTATUS_READ_ONLY | machine);
}

static void misa_and_the_read_only_zeros_ignore_writes(void **state)
{
    static const unsigned fixed[] = {
        CSR_misa,        CSR_mhpmevent3, CSR_mhpmcounter3, CSR_mhpmcounter31,
        CSR_mvendorid,   CSR_marchid,    CSR_mimpid,       CSR_mhartid,
        CSR_mconfigptr,  CSR_cycle,      CSR_time,         CSR_instret,
        CSR_hpmcounter3,
    };
    struct fixture f;

    (void)state;
    fixture_init(&f);
    for (unsigned i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        uint64_t before = csr_read(&f.c, fixed[i]);

        assert_int_equal(csr_write(&f.c, fixed[i], ~before), 0);
        assert_int_equal(csr_read(&f.c, fixed[i]), before);
    }
}

static void ecall_from_m_cannot_be_delegated(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_int_equal(written(&f.c, CSR_medeleg, ONES), 0xb3ff);
    assert_int_equal(written(&f.c, CSR_mideleg, ONES), 0x222);
}

static void sie_and_sip_show_and_write_only_what_is_delegated(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    csr_write(&f.c, CSR_mie, ONES);
    csr_write(&f.c, CSR_mip, ONES);
    assert_int_equal(csr_read(&f.c, CSR_sie), 0);
    assert_int_equal(csr_read(&f.c, CSR_sip), 0);
    csr_write(&f.c, CSR_sie, 0);
    csr_write(&f.c, CSR_sip, 0);
    assert_int_equal(csr_read(&f.c, CSR_mie), 0xaaa);
    assert_int_equal(csr_read(&f.c, CSR_mip), 0x222);

    csr_write(&f.c, CSR_mideleg, BIT(IRQ_SSI) | BIT(IRQ_STI));
    assert_int_equal(csr_read(&f.c, CSR_sie), 0x22);
    assert_int_equal(csr_read(&f.c, CSR_sip), 0x22);
    csr_write(&f.c, CSR_sie, 0);
    csr_write(&f.c, CSR_sip, 0);
    assert_int_equal(csr_read(&f.c, CSR_mie), 0xa88);
    assert_int_equal(csr_read(&f.c, CSR_mip), 0x220); /* SSIP alone */
}

/* "Only the software-writable SEIP bit participates in the read-modify-write
   sequence": a line must not be captured by an unrelated csrrs. */
static void setting_a_mip_bit_does_not_capture_the_seip_line(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.c.lines = BIT(IRQ_SEI);
    assert_int_equal(csr_read(&f.c, CSR_mip), BIT(IRQ_SEI));
    assert_int_equal(csr_rmw_base(&f.c, CSR_mip), 0);
    csr_write(&f.c, CSR_mip, csr_rmw_base(&f.c, CSR_mip) | BIT(IRQ_SSI));
    f.c.lines = 0;
    assert_int_equal(csr_read(&f.c, CSR_mip), BIT(IRQ_SSI));
    csr_write(&f.c, CSR_mip, BIT(IRQ_SEI));
    assert_int_equal(csr_read(&f.c, CSR_mip), BIT(IRQ_SEI));
    assert_int_equal(csr_rmw_base(&f.c, CSR_mip), BIT(IRQ_SEI));
}

static void machine_interrupt_bits_of_mip_are_the_lines(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.c.lines = BIT(IRQ_MTI) | BIT(IRQ_MEI) | BIT(IRQ_MSI);
    csr_write(&f.c, CSR_mip, 0);
    assert_int_equal(csr_mip(&f.c), 0x888);
    f.c.lines = 0;
    csr_write(&f.c, CSR_mip, 0x888);
    assert_int_equal(csr_mip(&f.c), 0);
}

static void stip_is_the_comparators_while_stce_is_set(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.c.time = 100;
    assert_int_equal(written(&f.c, CSR_mip, BIT(IRQ_STI)), BIT(IRQ_STI));
    csr_write(&f.c, CSR_stimecmp, 101);
    csr_write(&f.c, CSR_menvcfg, MENVCFG_STCE);
    assert_int_equal(csr_read(&f.c, CSR_mip), 0);
    assert_int_equal(written(&f.c, CSR_mip, BIT(IRQ_STI)), 0);
    f.c.time = 101;
    csr_timer_update(&f.c);
    assert_int_equal(csr_read(&f.c, CSR_mip), BIT(IRQ_STI));
    csr_write(&f.c, CSR_stimecmp, 102);
    assert_int_equal(csr_read(&f.c, CSR_mip), 0);
    csr_write(&f.c, CSR_stimecmp, 0);
    assert_int_equal(csr_read(&f.c, CSR_mip), BIT(IRQ_STI));
    csr_write(&f.c, CSR_menvcfg, 0);
    csr_timer_update(&f.c);
    assert_int_equal(csr_read(&f.c, CSR_mip), 0);
}

static void reserved_vector_modes_change_nothing(void **state)
{
    static const unsigned tvec[] = { CSR_mtvec, CSR_stvec };
    struct fixture f;

    (void)state;
    fixture_init(&f);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(written(&f.c, tvec[i], 0x80001001), 0x80001001);
        assert_int_equal(written(&f.c, tvec[i], 0x90002002), 0x80001001);
        assert_int_equal(written(&f.c, tvec[i], 0x90002003), 0x80001001);
        assert_int_equal(written(&f.c, tvec[i], 0x90002004), 0x90002004);
    }
}

static void epc_is_aligned_to_an_instruction(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_int_equal(written(&f.c, CSR_mepc, ONES), ~UINT64_C(1));
    assert_int_equal(written(&f.c, CSR_sepc, ONES), ~UINT64_C(1));
    fixture_init_without(&f, BIT(EXT_C));
    assert_int_equal(written(&f.c, CSR_mepc, ONES), ~UINT64_C(3));
    assert_int_equal(written(&f.c, CSR_sepc, ONES), ~UINT64_C(3));
}

static void unsupported_satp_mode_changes_nothing(void **state)
{
    struct fixture f;
    uint64_t good = UINT64_C(0x8123400000080000);

    (void)state;
    fixture_init_without(&f, BIT(EXT_SV57));
    assert_int_equal(written(&f.c, CSR_satp, good), good);
    for (uint64_t mode = 0; mode < 16; mode++) {
        uint64_t v = field_set(UINT64_C(0x0432100000012345), SATP_MODE, mode);
        bool known = mode == 0 || mode == 8 || mode == 9;

        csr_write(&f.c, CSR_satp, good);
        assert_int_equal(csr_write(&f.c, CSR_satp, v),
                         known ? CSR_EFFECT_TRANSLATION : 0);
        assert_int_equal(csr_read(&f.c, CSR_satp), known ? v : good);
    }
}

static void envcfg_has_the_fields_of_the_extensions(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_int_equal(written(&f.c, CSR_menvcfg, ONES),
                     UINT64_C(0xe0000000000000f1));
    assert_int_equal(written(&f.c, CSR_senvcfg, ONES), 0xf1);
    assert_int_equal(written(&f.c, CSR_senvcfg, 0x10), 0x10);
    assert_int_equal(written(&f.c, CSR_senvcfg, 0x21), 0x11); /* CBIE 2 */
    fixture_init_without(&f, BIT(EXT_SVPBMT) | BIT(EXT_SSTC) | BIT(EXT_ZICBOM));
    assert_int_equal(written(&f.c, CSR_menvcfg, ONES),
                     UINT64_C(0x2000000000000081));
    fixture_init_without(&f, BIT(EXT_SVADU) | BIT(EXT_ZICBOZ));
    assert_int_equal(written(&f.c, CSR_menvcfg, ONES),
                     UINT64_C(0xc000000000000071));
}

static void hardware_ad_update_is_fixed_when_there_is_no_svade(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init_without(&f, BIT(EXT_SVADE));
    assert_int_equal(csr_read(&f.c, CSR_menvcfg), MENVCFG_ADUE);
    assert_int_equal(written(&f.c, CSR_menvcfg, 0), MENVCFG_ADUE);
}

static void counteren_has_the_counters_that_exist(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init_without(&f, BIT(EXT_ZIHPM));
    assert_int_equal(written(&f.c, CSR_mcounteren, ONES), 7);
    fixture_init_without(&f, BIT(EXT_ZIHPM) | BIT(EXT_ZICNTR));
    assert_int_equal(written(&f.c, CSR_mcounteren, ONES), 2);
    assert_int_equal(written(&f.c, CSR_scounteren, ONES), 2);
}

static void fflags_and_frm_are_parts_of_fcsr_and_dirty_it(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    csr_write(&f.c, CSR_mstatus, field_set(0, MSTATUS_FS, FS_CLEAN));
    assert_int_equal(csr_write(&f.c, CSR_frm, 0xfffd), CSR_EFFECT_FP);
    assert_int_equal(csr_read(&f.c, CSR_mstatus),
                     MSTATUS_READ_ONLY | MSTATUS_FS | MSTATUS_SD);
    csr_write(&f.c, CSR_fflags, 0xfff1);
    assert_int_equal(csr_read(&f.c, CSR_fcsr), 0xb1);
    csr_write(&f.c, CSR_fcsr, 0xff4a);
    assert_int_equal(csr_read(&f.c, CSR_frm), 2);
    assert_int_equal(csr_read(&f.c, CSR_fflags), 0xa);
}

static void locked_pmp_entries_stand(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    csr_write(&f.c, CSR_pmpaddr1, 0x100);
    csr_write(&f.c, CSR_pmpaddr2, 0x200);
    /* entry 2: locked TOR; its lower bound is pmpaddr1 */
    csr_write(&f.c, CSR_pmpcfg0, UINT64_C(0x890000));
    assert_int_equal(written(&f.c, CSR_pmpaddr2, 7), 0x200);
    assert_int_equal(written(&f.c, CSR_pmpaddr1, 7), 0x100);
    assert_int_equal(written(&f.c, CSR_pmpaddr0, 7), 7);
    assert_int_equal(written(&f.c, CSR_pmpaddr3, 7), 7);
    assert_int_equal(written(&f.c, CSR_pmpcfg0, 0), UINT64_C(0x890000));
    /* a locked entry that is not TOR leaves its neighbour alone */
    csr_write(&f.c, CSR_pmpcfg2, UINT64_C(0x9900));
    assert_int_equal(written(&f.c, CSR_pmpaddr8, 9), 9);
    assert_int_equal(written(&f.c, CSR_pmpaddr9, 9), 0);
    assert_int_equal(written(&f.c, CSR_pmpaddr15, ONES), MASK(53, 0));
}

static void pmpcfg_write_without_read_loses_write(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    assert_int_equal(written(&f.c, CSR_pmpcfg2, UINT64_C(0x7e1f1e1b1a191802)),
                     UINT64_C(0x1c1f1c1b18191800));
    assert_int_equal(f.c.pmpcfg[15], 0x1c);
    assert_int_equal(f.c.pmpcfg[9], 0x18);
    assert_int_equal(csr_read(&f.c, CSR_pmpcfg0), 0);
}

/* A set of effects is what the engine flushes by: enough, and no more. */
static void effects_name_what_changed(void **state)
{
    static const struct {
        unsigned csr;
        uint64_t value;
        unsigned effects;
    } step[] = {
        { CSR_sscratch, 1, 0 },
        { CSR_sepc, 4, 0 },
        { CSR_mepc, 4, 0 },
        { CSR_stvec, 4, 0 },
        { CSR_mstatus, MSTATUS_MPP, 0 },
        { CSR_mstatus, MSTATUS_MPP | MSTATUS_SPIE | MSTATUS_TVM, 0 },
        { CSR_mstatus, MSTATUS_MPRV | MSTATUS_MPP, CSR_EFFECT_TRANSLATION },
        { CSR_mstatus, MSTATUS_MPRV, CSR_EFFECT_TRANSLATION },
        { CSR_mstatus, MSTATUS_MPRV, 0 },
        { CSR_mstatus, 0, CSR_EFFECT_TRANSLATION },
        { CSR_sstatus, MSTATUS_SUM, CSR_EFFECT_TRANSLATION },
        { CSR_sstatus, MSTATUS_MXR, CSR_EFFECT_TRANSLATION },
        { CSR_sstatus, MSTATUS_MXR | MSTATUS_SIE, CSR_EFFECT_INTERRUPT },
        { CSR_mstatus, MSTATUS_MXR | MSTATUS_MIE, CSR_EFFECT_INTERRUPT },
        { CSR_mstatus, MSTATUS_MXR | MSTATUS_MIE | MSTATUS_FS, CSR_EFFECT_FP },
        { CSR_mie, 0x222, CSR_EFFECT_INTERRUPT },
        { CSR_mie, 0x222, 0 },
        { CSR_mideleg, 0x222, CSR_EFFECT_INTERRUPT },
        { CSR_sie, 0x2, CSR_EFFECT_INTERRUPT },
        { CSR_sip, 0x2, CSR_EFFECT_INTERRUPT },
        { CSR_mip, 0x0, CSR_EFFECT_INTERRUPT },
        { CSR_mip, 0x888, 0 },
        { CSR_medeleg, 0x100, 0 },
        { CSR_menvcfg, ENVCFG_FIOM, CSR_EFFECT_ENVCFG },
        { CSR_menvcfg, MENVCFG_ADUE,
          CSR_EFFECT_ENVCFG | CSR_EFFECT_TRANSLATION },
        { CSR_menvcfg, MENVCFG_ADUE | MENVCFG_STCE,
          CSR_EFFECT_ENVCFG | CSR_EFFECT_TIMER | CSR_EFFECT_INTERRUPT },
        { CSR_senvcfg, ENVCFG_CBZE, CSR_EFFECT_ENVCFG },
        { CSR_stimecmp, 5, CSR_EFFECT_TIMER | CSR_EFFECT_INTERRUPT },
        { CSR_pmpaddr0, 5, CSR_EFFECT_PMP },
        { CSR_pmpaddr0, 5, 0 },
        { CSR_pmpcfg0, 5, CSR_EFFECT_PMP },
        { CSR_pmpcfg0, 5, 0 },
        { CSR_mcycle, 5, 0 },
        { CSR_mcountinhibit, 5, 0 },
    };
    struct fixture f;

    (void)state;
    fixture_init(&f);
    for (unsigned i = 0; i < sizeof step / sizeof *step; i++)
        assert_int_equal(csr_write(&f.c, step[i].csr, step[i].value),
                         step[i].effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mstatus_mpp_keeps_the_old_mode_when_2_is_written),
        cmocka_unit_test(sd_follows_fs),
        cmocka_unit_test(fs_is_zero_without_f),
        cmocka_unit_test(sstatus_is_a_view_and_writes_no_machine_field),
        cmocka_unit_test(misa_and_the_read_only_zeros_ignore_writes),
        cmocka_unit_test(ecall_from_m_cannot_be_delegated),
        cmocka_unit_test(sie_and_sip_show_and_write_only_what_is_delegated),
        cmocka_unit_test(setting_a_mip_bit_does_not_capture_the_seip_line),
        cmocka_unit_test(machine_interrupt_bits_of_mip_are_the_lines),
        cmocka_unit_test(stip_is_the_comparators_while_stce_is_set),
        cmocka_unit_test(reserved_vector_modes_change_nothing),
        cmocka_unit_test(epc_is_aligned_to_an_instruction),
        cmocka_unit_test(unsupported_satp_mode_changes_nothing),
        cmocka_unit_test(envcfg_has_the_fields_of_the_extensions),
        cmocka_unit_test(hardware_ad_update_is_fixed_when_there_is_no_svade),
        cmocka_unit_test(counteren_has_the_counters_that_exist),
        cmocka_unit_test(fflags_and_frm_are_parts_of_fcsr_and_dirty_it),
        cmocka_unit_test(locked_pmp_entries_stand),
        cmocka_unit_test(pmpcfg_write_without_read_loses_write),
        cmocka_unit_test(effects_name_what_changed),
    };

    return cmocka_run_group_tests_name("isa/csr_write", tests, NULL, NULL);
}
