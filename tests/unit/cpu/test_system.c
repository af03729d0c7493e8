/* Interrupts, wfi, a monitor attached, CSR instructions. */
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
        cmocka_unit_test(a_device_store_interrupts_before_the_next_instruction),
        cmocka_unit_test(a_device_that_wants_attention_ends_the_run),
        cmocka_unit_test(a_write_of_stimecmp_ends_the_run),
        cmocka_unit_test(wfi_retires_and_waits_until_something_is_pending),
        cmocka_unit_test(wfi_does_not_wait_for_what_is_already_pending),
        cmocka_unit_test(an_attached_monitor_gets_the_trap_with_nothing_done),
        cmocka_unit_test(an_attached_monitor_gets_interrupts_for_m),
        cmocka_unit_test(traps_that_s_mode_handles_are_entered_under_a_monitor),
        cmocka_unit_test(a_trap_does_not_give_up_the_reservation),
        cmocka_unit_test(csrrw_exchanges_when_source_and_destination_are_one),
        cmocka_unit_test(x0_stays_zero),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
