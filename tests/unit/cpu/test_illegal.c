/* What is illegal, and when: extensions, FS, rounding modes, CSRs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

#define HANDLER (RIG_RAM + 0x8000)

static struct rig *system_rig(void)
{
    struct rig *r = rig_new();

    RIG_PUT(r, HANDLER, JAL(0, 0));
    rig_csr(r, CSR_mtvec, HANDLER);
    return r;
}

/* All memory open, so that S and U run. */
static void open_memory(struct rig *r)
{
    rig_csr(r, CSR_pmpcfg0, 0x1f);
    rig_csr(r, CSR_pmpaddr0, ~UINT64_C(0));
}

static void each_environment_trap_has_its_cause_and_tval(void **state)
{
    static const struct {
        uint32_t word;
        uint8_t priv;
        uint64_t cause, tval;
    } row[] = {
        {ECALL, PRIV_U, CAUSE_ECALL_U, 0},
        {ECALL, PRIV_S, CAUSE_ECALL_S, 0},
        {ECALL, PRIV_M, CAUSE_ECALL_M, 0},
        {EBREAK, PRIV_U, CAUSE_BREAKPOINT, RIG_RAM},
        {0x9002, PRIV_U, CAUSE_BREAKPOINT, RIG_RAM}, /* c.ebreak */
        {ILLEGAL_WORD, PRIV_M, CAUSE_ILLEGAL, ILLEGAL_WORD},
        {0xffff0000, PRIV_M, CAUSE_ILLEGAL, 0}, /* 16 bits */
        {MRET, PRIV_S, CAUSE_ILLEGAL, MRET},
        {SRET, PRIV_U, CAUSE_ILLEGAL, SRET},
        {WFI, PRIV_U, CAUSE_ILLEGAL, WFI},
        {0x12000073, PRIV_U, CAUSE_ILLEGAL, 0x12000073}, /* sfence.vma */
        {0x30029073, PRIV_S, CAUSE_ILLEGAL, 0x30029073}, /* csrw mstatus */
        {0xc0001073, PRIV_M, CAUSE_ILLEGAL, 0xc0001073}, /* csrw cycle */
    };

    (void)state;
    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct rig *r = system_rig();

        open_memory(r);
        RIG_CODE(r, row[i].word);
        r->h->csr.priv = row[i].priv;
        rig_run(r, 1);
        assert_int_equal(r->h->csr.mcause, row[i].cause);
        assert_int_equal(r->h->csr.mtval, row[i].tval);
        assert_int_equal(r->h->csr.mepc, RIG_RAM);
        assert_int_equal(r->h->csr.instret, 0);
        assert_int_equal(r->h->csr.count, 1);
        rig_free(r);
    }
}

static void floating_point_is_illegal_while_fs_is_off(void **state)
{
    static const uint32_t words[] = {
        0x02007053,             /* fadd.d */
        0x00013007 | 5 << 7,    /* fld ft5, 0(sp) */
        0xfe513c27,             /* fsd ft5, -8(sp) */
        0xff812287,             /* flw ft5, -8(sp) */
        0x00512e27,             /* fsw ft5, 28(sp) */
        0x2502,                 /* c.fldsp fa0, 0(sp) */
        0xa42a,                 /* c.fsdsp fa0, 8(sp) */
        0xe2000553,             /* fmv.x.d */
    };

    (void)state;
    for (unsigned i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct rig *r = system_rig();

        rig_csr(r, CSR_mstatus, 0);
        RIG_CODE(r, words[i]);
        r->h->x[2] = RIG_RAM + 0x1000;
        rig_run(r, 1);
        assert_int_equal(r->h->csr.mcause, CAUSE_ILLEGAL);
        assert_int_equal(r->h->csr.mtval, words[i]);
        rig_free(r);
    }
}

static void a_reserved_dynamic_rounding_mode_is_illegal(void **state)
{
    static const uint32_t words[] = {0x02007053, 0xd2007053 /* fcvt.d.w */};

    (void)state;
    for (unsigned rm = 0; rm < 8; rm++) {
        for (unsigned i = 0; i < 2; i++) {
            struct rig *r = system_rig();

            RIG_CODE(r, words[i], NOP);
            rig_csr(r, CSR_frm, rm);
            rig_run(r, 1);
            assert_int_equal(r->h->csr.mcause,
                             rm > 4 ? CAUSE_ILLEGAL : 0);
            rig_free(r);
        }
    }
}

static void fs_becomes_dirty_when_fp_state_changes_and_not_else(void **state)
{
    static const struct {
        uint32_t word;
        bool dirty;
    } row[] = {
        {0x02007053, true},            /* fadd.d ft0, ft0, ft0 */
        {0xf2000053, true},            /* fmv.d.x ft0, zero */
        {0x00013007, true},            /* fld ft0, 0(sp) */
        {0xe2000553, false},           /* fmv.x.d a0, ft0 */
        {0xa2002553, false},           /* feq.d a0, ft0, ft0 */
        {0xa210a553, true},            /* feq.d a0, ft1, ft1: signals, NV */
        {0x00013027, false},           /* fsd ft0, 0(sp) */
        {0xe2001553, false},           /* fclass.d a0, ft0 */
    };

    (void)state;
    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct rig *r = system_rig();
        uint64_t fs;

        rig_csr(r, CSR_mstatus, field_set(0, MSTATUS_FS, FS_CLEAN));
        RIG_CODE(r, row[i].word, NOP);
        r->h->x[2] = RIG_RAM + 0x1000;
        r->h->f[1] = UINT64_C(0x7ff0000000000001);
        rig_run(r, 1);
        fs = field_get(r->h->csr.mstatus, MSTATUS_FS);
        assert_int_equal(fs, row[i].dirty ? FS_DIRTY : FS_CLEAN);
        assert_int_equal(csr_read(&r->h->csr, CSR_mstatus) >> 63,
                         row[i].dirty);
        rig_free(r);
    }
}

/* One word of each extension; every machine without it must say illegal. */
static void what_the_machine_has_not_got_is_illegal(void **state)
{
    static const struct {
        const char *isa;
        uint32_t word;
    } row[] = {
        {"rv64iafdc", 0x02000033},      /* mul */
        {"rv64imfdc", 0x1000202f},      /* lr.w */
        {"rv64imac", 0x00000053},       /* fadd.s */
        {"rv64imafc", 0x02000053},      /* fadd.d */
        {"rv64imafd", 0x0505},          /* c.addi */
        {"rv64imafc", 0x2502},          /* c.fldsp */
        {"rv64imafdc", 0x0000100f},     /* fence.i */
        {"rv64imafdc", 0x20002033},     /* sh1add */
        {"rv64imafdc", 0x40007033},     /* andn */
        {"rv64imafdc", 0x48001033},     /* bclr */
        {"rv64imafdc", 0x0e005033},     /* czero.eqz */
        {"rv64imafdc", 0x0010200f},     /* cbo.clean */
        {"rv64imafdc", 0x0040200f},     /* cbo.zero */
        {"rv64imafdc", 0x00d00073},     /* wrs.nto */
        {"rv64imafdc", 0x16000073},     /* sinval.vma */
        {"rv64imafdc", 0xc0002573},     /* rdcycle */
        {"rv64imafdc", 0xc0302573},     /* hpmcounter3 */
        {"rv64imafdc", 0x14d02573},     /* csrr stimecmp */
        {"rv64imac", 0x00102573},       /* csrr fflags */
    };

    (void)state;
    for (unsigned i = 0; i < sizeof row / sizeof row[0]; i++) {
        struct rig *r = rig_new_isa(row[i].isa);

        RIG_CODE(r, row[i].word);
        RIG_PUT(r, HANDLER, JAL(0, 0));
        rig_csr(r, CSR_mtvec, HANDLER);
        rig_run(r, 1);
        assert_int_equal(r->h->csr.mcause, CAUSE_ILLEGAL);
        assert_int_equal(r->h->csr.mtval,
                         (row[i].word & 3) == 3 ? row[i].word
                                                : row[i].word & 0xffff);
        rig_free(r);
    }
}

static void a_csr_write_through_x0_sources_is_no_write(void **state)
{
    struct rig *r = system_rig();

    (void)state;
    RIG_CODE(r, CSRRS(10, CSR_mhartid, 0), CSRRC(10, CSR_cycle, 0),
             i_type(0x6073, 10, 0, CSR_cycle), /* csrrsi with 0 */
             CSRRS(10, CSR_cycle, 6), NOP);
    rig_run(r, 3);
    assert_int_equal(r->h->csr.mcause, 0);
    /* x6 is zero, but it is not x0. */
    rig_run(r, 1);
    assert_int_equal(r->h->csr.mcause, CAUSE_ILLEGAL);
    rig_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_environment_trap_has_its_cause_and_tval),
        cmocka_unit_test(floating_point_is_illegal_while_fs_is_off),
        cmocka_unit_test(a_reserved_dynamic_rounding_mode_is_illegal),
        cmocka_unit_test(fs_becomes_dirty_when_fp_state_changes_and_not_else),
        cmocka_unit_test(what_the_machine_has_not_got_is_illegal),
        cmocka_unit_test(a_csr_write_through_x0_sources_is_no_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
