/* CSR instructions, traps, interrupts, wfi, a monitor attached, FS. */
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

static void an_interrupt_is_taken_right_after_mie_is_set(void **state)
{
    struct rig *r = system_rig();

    (void)state;
    RIG_CODE(r, NOP, CSRW(CSR_mie, 6), ADDI(10, 10, 1), NOP);
    r->h->csr.lines = BIT(IRQ_MTI);
    rig_csr(r, CSR_mstatus, MSTATUS_MIE);
    r->h->x[6] = BIT(IRQ_MTI);
    rig_run(r, 3);
    assert_int_equal(r->h->csr.mcause, CAUSE_INTERRUPT | IRQ_MTI);
    assert_int_equal(r->h->csr.mepc, RIG_RAM + 8);
    assert_int_equal(r->h->x[10], 0);
    /* Taking it counts nothing. */
    assert_int_equal(r->h->csr.instret, 3);
    rig_free(r);
}

static void an_interrupt_is_taken_right_after_mret_enables_it(void **state)
{
    struct rig *r = system_rig();

    (void)state;
    RIG_CODE(r, MRET, NOP);
    r->h->csr.lines = BIT(IRQ_MSI);
    rig_csr(r, CSR_mie, BIT(IRQ_MSI));
    rig_csr(r, CSR_mstatus, MSTATUS_MPIE | MSTATUS_MPP);
    rig_csr(r, CSR_mepc, RIG_RAM + 0x100);
    rig_run(r, 2);
    assert_int_equal(r->h->csr.mcause, CAUSE_INTERRUPT | IRQ_MSI);
    assert_int_equal(r->h->csr.mepc, RIG_RAM + 0x100);
    rig_free(r);
}

static void a_device_store_interrupts_before_the_next_instruction(void **state)
{
    struct rig *r = system_rig();

    (void)state;
    RIG_CODE(r, SW(0, 0, 5), ADDI(10, 10, 1), NOP);
    rig_csr(r, CSR_mie, BIT(IRQ_MEI));
    rig_csr(r, CSR_mstatus, MSTATUS_MIE);
    r->h->x[5] = RIG_DEVICE;
    r->device.raise = BIT(IRQ_MEI);
    rig_run(r, 2);
    assert_int_equal(r->h->csr.mcause, CAUSE_INTERRUPT | IRQ_MEI);
    assert_int_equal(r->h->csr.mepc, RIG_RAM + 4);
    assert_int_equal(r->h->x[10], 0);
    rig_free(r);
}

static void a_device_that_wants_attention_ends_the_run(void **state)
{
    struct rig *r = system_rig();
    struct stop s;

    (void)state;
    RIG_CODE(r, NOP, SW(0, 0, 5), ADDI(10, 10, 1), NOP);
    r->h->x[5] = RIG_DEVICE;
    r->device.attention = true;
    s = hart_run(r->h, 100);
    assert_int_equal(s.reason, STOP_EVENT);
    assert_int_equal(s.count, 2);
    assert_int_equal(r->h->pc, RIG_RAM + 8);
    rig_free(r);
}

static void a_write_of_stimecmp_ends_the_run(void **state)
{
    struct rig *r = system_rig();
    struct stop s;

    (void)state;
    RIG_CODE(r, NOP, CSRW(CSR_stimecmp, 6), NOP, NOP);
    s = hart_run(r->h, 100);
    assert_int_equal(s.reason, STOP_EVENT);
    assert_int_equal(s.count, 2);
    rig_free(r);
}

static void wfi_retires_and_waits_until_something_is_pending(void **state)
{
    struct rig *r = system_rig();
    struct stop s;

    (void)state;
    RIG_CODE(r, WFI, ADDI(10, 10, 1), JAL(0, 0));
    rig_csr(r, CSR_mie, BIT(IRQ_MTI));
    s = hart_run(r->h, 100);
    assert_int_equal(s.reason, STOP_WAIT);
    assert_int_equal(s.count, 1);
    assert_int_equal(r->h->csr.instret, 1);
    assert_true(r->h->waiting);
    s = hart_run(r->h, 100);
    assert_int_equal(s.reason, STOP_WAIT);
    assert_int_equal(s.count, 0);
    hart_idle(r->h, 50);
    assert_int_equal(r->h->csr.count, 51);
    assert_int_equal(r->h->csr.instret, 1);
    r->h->csr.lines = BIT(IRQ_MTI); /* MIE is clear: wakes, does not trap */
    rig_run(r, 1);
    assert_int_equal(r->h->x[10], 1);
    assert_false(r->h->waiting);
    rig_free(r);
}

static void wfi_does_not_wait_for_what_is_already_pending(void **state)
{
    struct rig *r = system_rig();

    (void)state;
    RIG_CODE(r, WFI, ADDI(10, 10, 1), JAL(0, 0));
    rig_csr(r, CSR_mie, BIT(IRQ_MTI));
    r->h->csr.lines = BIT(IRQ_MTI);
    rig_run(r, 2);
    assert_int_equal(r->h->x[10], 1);
    rig_free(r);
}

static void an_attached_monitor_gets_the_trap_with_nothing_done(void **state)
{
    struct rig *r = system_rig();
    struct csr_file before;
    struct stop s;

    (void)state;
    open_memory(r);
    RIG_CODE(r, NOP, CSRR(10, CSR_mstatus), NOP);
    r->h->csr.priv = PRIV_U;
    r->h->attached = true;
    before = r->h->csr;
    s = hart_run(r->h, 100);
    assert_int_equal(s.reason, STOP_TRAP);
    assert_int_equal(s.count, 1);
    assert_int_equal(s.trap.cause, CAUSE_ILLEGAL);
    assert_int_equal(s.trap.tval, CSRR(10, CSR_mstatus));
    assert_int_equal(r->h->pc, RIG_RAM + 4);
    before.count = before.instret = 1;
    before.time = r->h->csr.time;
    assert_memory_equal(&before, &r->h->csr, sizeof before);
    s = hart_run(r->h, 100);
    assert_int_equal(s.reason, STOP_TRAP);
    assert_int_equal(s.count, 0);
    rig_free(r);
}

static void an_attached_monitor_gets_interrupts_for_m(void **state)
{
    struct rig *r = system_rig();
    struct stop s;

    (void)state;
    open_memory(r);
    RIG_CODE(r, NOP, NOP);
    rig_csr(r, CSR_mie, BIT(IRQ_MTI));
    r->h->csr.lines = BIT(IRQ_MTI);
    r->h->csr.priv = PRIV_U;
    r->h->attached = true;
    s = hart_run(r->h, 100);
    assert_int_equal(s.reason, STOP_TRAP);
    assert_int_equal(s.count, 0);
    assert_int_equal(s.trap.cause, CAUSE_INTERRUPT | IRQ_MTI);
    assert_int_equal(r->h->pc, RIG_RAM);
    assert_int_equal(r->h->csr.priv, PRIV_U);
    rig_free(r);
}

static void traps_that_s_mode_handles_are_entered_under_a_monitor(void **state)
{
    struct rig *r = system_rig();

    (void)state;
    open_memory(r);
    RIG_CODE(r, ECALL, NOP);
    rig_csr(r, CSR_medeleg, BIT(CAUSE_ECALL_U));
    rig_csr(r, CSR_stvec, HANDLER);
    r->h->csr.priv = PRIV_U;
    r->h->attached = true;
    rig_run(r, 2);
    assert_int_equal(r->h->csr.priv, PRIV_S);
    assert_int_equal(r->h->csr.scause, CAUSE_ECALL_U);
    assert_int_equal(r->h->csr.sepc, RIG_RAM);
    assert_int_equal(r->h->stats.exceptions[CAUSE_ECALL_U], 1);
    rig_free(r);
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

static void a_trap_does_not_give_up_the_reservation(void **state)
{
    struct rig *r = system_rig();

    (void)state;
    RIG_CODE(r, LR_W(10, 5), ECALL, SC_W(11, 6, 5), JAL(0, 0));
    RIG_PUT(r, HANDLER, CSRW(CSR_mepc, 7), MRET);
    r->h->x[5] = RIG_RAM + 0x100;
    r->h->x[7] = RIG_RAM + 8;
    r->h->x[11] = 9;
    rig_run(r, 5);
    assert_int_equal(r->h->x[11], 0);
    rig_free(r);
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

static void csrrw_exchanges_when_source_and_destination_are_one(void **state)
{
    struct rig *r = system_rig();

    (void)state;
    RIG_CODE(r, CSRRW(10, CSR_mscratch, 10), NOP);
    r->h->csr.mscratch = 5;
    r->h->x[10] = 7;
    rig_run(r, 1);
    assert_int_equal(r->h->x[10], 5);
    assert_int_equal(r->h->csr.mscratch, 7);
    rig_free(r);
}

static void x0_stays_zero(void **state)
{
    struct rig *r = system_rig();

    (void)state;
    RIG_CODE(r, ADDI(0, 6, 1), LD(0, 0, 5), JAL(0, 4), CSRR(0, CSR_mcycle),
             r_type(0x0000202f, 0, 5, 6), ADDI(10, 0, 0), JAL(0, 0));
    r->h->x[5] = RIG_RAM;
    r->h->x[6] = 9;
    r->h->x[10] = 1;
    rig_run(r, 6);
    assert_int_equal(r->h->x[0], 0);
    assert_int_equal(r->h->x[10], 0);
    rig_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_interrupt_is_taken_right_after_mie_is_set),
        cmocka_unit_test(an_interrupt_is_taken_right_after_mret_enables_it),
        cmocka_unit_test(
            a_device_store_interrupts_before_the_next_instruction),
        cmocka_unit_test(a_device_that_wants_attention_ends_the_run),
        cmocka_unit_test(a_write_of_stimecmp_ends_the_run),
        cmocka_unit_test(wfi_retires_and_waits_until_something_is_pending),
        cmocka_unit_test(wfi_does_not_wait_for_what_is_already_pending),
        cmocka_unit_test(an_attached_monitor_gets_the_trap_with_nothing_done),
        cmocka_unit_test(an_attached_monitor_gets_interrupts_for_m),
        cmocka_unit_test(traps_that_s_mode_handles_are_entered_under_a_monitor),
        cmocka_unit_test(each_environment_trap_has_its_cause_and_tval),
        cmocka_unit_test(floating_point_is_illegal_while_fs_is_off),
        cmocka_unit_test(a_reserved_dynamic_rounding_mode_is_illegal),
        cmocka_unit_test(
            fs_becomes_dirty_when_fp_state_changes_and_not_else),
        cmocka_unit_test(a_trap_does_not_give_up_the_reservation),
        cmocka_unit_test(what_the_machine_has_not_got_is_illegal),
        cmocka_unit_test(a_csr_write_through_x0_sources_is_no_write),
        cmocka_unit_test(csrrw_exchanges_when_source_and_destination_are_one),
        cmocka_unit_test(x0_stays_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
