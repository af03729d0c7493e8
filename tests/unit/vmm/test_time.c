/*
 * Counters and timers: a virtual machine's are as exact as a real one's, to
 * the instruction. And who may read them.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define READ(rd, number) csr(CSRRS, rd, number, 0)

/* Between two reads lie exactly the instructions between them: those that run
   directly, are emulated, fill a shadow, access a device, or trap. */
static void distances(struct world *w)
{
    world_set_reg(w, S0, DATA);
    world_set_reg(w, S1, 0x10000000);
    world_set_csr(w, CSR_mtvec, CODE + 10 * 4);
    TRY(w, PRIV_M, READ(A0, CSR_mcycle), READ(A1, CSR_minstret), NOP, NOP,
        ld(T1, S0, 0) /* fills */, i_type(0x03, 0, T1, S1, 5) /* device */,
        csr(CSRRW, T1, CSR_mscratch, S0), READ(A2, CSR_mcycle),
        READ(A3, CSR_minstret), ECALL, READ(A4, CSR_mcycle),
        READ(A5, CSR_minstret), HERE);
    assert_int_equal(world_reg(w, A2) - world_reg(w, A0), 7);
    assert_int_equal(world_reg(w, A3) - world_reg(w, A1), 7);
    assert_int_equal(world_reg(w, A4) - world_reg(w, A2), 3);
    assert_int_equal(world_reg(w, A5) - world_reg(w, A3), 2);
    assert_int_equal(world_reg(w, A0), 0);
}

static void test_counters_count_every_instruction_once(void **state)
{
    (void)state;
    at_every_depth(distances);
}

/* "Reads that value at the next instruction." */
static void writes(struct world *w)
{
    world_set_reg(w, S0, 1000);
    TRY(w, PRIV_M, csr(CSRRW, 0, CSR_minstret, S0), READ(A0, CSR_minstret),
        READ(A1, CSR_instret), csr(CSRRW, A2, CSR_mcycle, S0),
        READ(A3, CSR_mcycle), READ(A4, CSR_cycle), HERE);
    assert_int_equal(world_reg(w, A0), 1000);
    assert_int_equal(world_reg(w, A1), 1001);
    assert_int_equal(world_reg(w, A2), 3);
    assert_int_equal(world_reg(w, A3), 1000);
    assert_int_equal(world_reg(w, A4), 1001);
}

static void test_counter_writes_hold_for_the_next_instruction(void **state)
{
    (void)state;
    at_every_depth(writes);
}

static void inhibited(struct world *w)
{
    TRY(w, PRIV_M, csr(CSRRWI, 0, CSR_mcountinhibit, COUNTEREN_IR),
        READ(A0, CSR_minstret), NOP, READ(A1, CSR_minstret),
        READ(A2, CSR_mcycle), NOP, READ(A3, CSR_mcycle),
        csr(CSRRWI, 0, CSR_mcountinhibit, COUNTEREN_CY),
        READ(A4, CSR_mcycle), NOP, READ(A5, CSR_mcycle),
        READ(S2, CSR_minstret), HERE);
    assert_int_equal(world_reg(w, A0), world_reg(w, A1));
    assert_int_equal(world_reg(w, A3) - world_reg(w, A2), 2);
    assert_int_equal(world_reg(w, A4), world_reg(w, A5));
    assert_int_equal(world_reg(w, S2) - world_reg(w, A1), 3);
}

static void test_mcountinhibit(void **state)
{
    (void)state;
    at_every_depth(inhibited);
}

/* S reads what mcounteren lets it, U what scounteren lets it as well. */
static void enables(struct world *w)
{
    static const struct {
        unsigned number;
        uint64_t bit;
    } counters[] = {
        { CSR_cycle, 1 }, { CSR_time, 2 }, { CSR_instret, 4 },
        { CSR_hpmcounter3, 8 }, { CSR_hpmcounter31, BIT(31) },
    };

    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        uint32_t read = READ(A0, counters[i].number);
        uint64_t bit = counters[i].bit;

        for (unsigned enabled = 0; enabled < 4; enabled++) {
            world_set_csr(w, CSR_mcounteren, enabled & 1 ? bit : ~bit);
            world_set_csr(w, CSR_scounteren, enabled & 2 ? bit : ~bit);
            TRY(w, PRIV_M, read, HERE);
            assert_no_trap(w);
            TRY(w, PRIV_S, read, HERE);
            assert_int_equal(world_csr(w, CSR_mcause),
                             enabled & 1 ? NO_TRAP : CAUSE_ILLEGAL);
            TRY(w, PRIV_U, read, HERE);
            assert_int_equal(world_csr(w, CSR_mcause),
                             enabled == 3 ? NO_TRAP : CAUSE_ILLEGAL);
        }
    }
}

static void test_counter_enables(void **state)
{
    (void)state;
    at_every_depth(enables);
}

/* time is the count in ticks; a loop of reads sees it step. */
static void ticks(struct world *w)
{
    world_set_csr(w, CSR_mcounteren, ~UINT64_C(0));
    world_code(w, CODE, (uint32_t[]){ HERE }, 1);
    world_set_reg(w, REG_PRIV, PRIV_S);
    world_run(w, 3 * CLOCK_COUNTS_PER_TICK - 2);
    TRY(w, PRIV_S, NOP, READ(A0, CSR_time), READ(A1, CSR_time), HERE);
    assert_int_equal(world_reg(w, A0), 2);
    assert_int_equal(world_reg(w, A1), 3);
}

static void test_time_steps_at_its_count(void **state)
{
    (void)state;
    at_every_depth(ticks);
}

/* `addi a0, a0, 1; j -4`: a0 says when the interrupt came. */
static void count_until_interrupt(struct world *w, uint64_t cause)
{
    world_code(w, CODE, (uint32_t[]){ addi(A0, A0, 1), 0xffdff06f }, 2);
    world_run(w, 1000);
    assert_true(world_csr(w, CSR_mcause) == (CAUSE_INTERRUPT | cause));
}

/* Sstc: at the first count whose time is stimecmp, in the middle of code that
   runs directly. */
static void sstc(struct world *w)
{
    world_set_csr(w, CSR_stimecmp, ~UINT64_C(0));
    world_set_csr(w, CSR_menvcfg, MENVCFG_STCE);
    world_set_csr(w, CSR_mcounteren, COUNTEREN_TM);
    world_set_csr(w, CSR_mie, BIT(IRQ_STI));
    world_set_reg(w, S0, 5);
    world_set_reg(w, REG_PRIV, PRIV_S);
    world_code(w, CODE, (uint32_t[]){ csr(CSRRW, 0, CSR_stimecmp, S0) }, 1);
    world_run(w, 1);
    world_set_reg(w, REG_PC, CODE);
    count_until_interrupt(w, IRQ_STI);
    assert_int_equal(world_reg(w, A0), 5 * CLOCK_COUNTS_PER_TICK / 2);
    assert_true(world_csr(w, CSR_mip) & BIT(IRQ_STI));
    world_set_csr(w, CSR_stimecmp, 1000);
    assert_false(world_csr(w, CSR_mip) & BIT(IRQ_STI));
}

static void test_sstc_interrupts_at_the_exact_count(void **state)
{
    (void)state;
    at_every_depth(sstc);
}

/* The same with the ACLINT's comparator; and mtime moved on from outside. */
static void aclint(struct world *w)
{
    world_set_csr(w, CSR_mie, BIT(IRQ_MTI));
    world_set_reg(w, REG_PRIV, PRIV_U);
    world_set_reg(w, S0, 0x02004000);
    world_set_reg(w, S1, 3);
    world_set_csr(w, CSR_mstatus, MSTATUS_MIE);
    world_code(w, CODE, (uint32_t[]){ sd(S1, S0, 0) }, 1);
    world_store(w, 0x02004000, 100);
    world_run(w, 1);
    world_set_reg(w, REG_PC, CODE);
    count_until_interrupt(w, IRQ_MTI);
    assert_int_equal(world_reg(w, A0), 3 * CLOCK_COUNTS_PER_TICK / 2);
}

static void test_mtimecmp_interrupts_at_the_exact_count(void **state)
{
    (void)state;
    at_every_depth(aclint);
}

/* stimecmp: STCE, TM, and the mode decide who may. */
static void stimecmp(struct world *w)
{
    uint32_t read = READ(A0, CSR_stimecmp);

    world_set_csr(w, CSR_mcounteren, COUNTEREN_TM);
    TRY(w, PRIV_S, read, HERE);
    assert_trap(w, CAUSE_ILLEGAL, read, CODE);
    TRY(w, PRIV_M, read, HERE);
    assert_no_trap(w);
    world_set_csr(w, CSR_menvcfg, MENVCFG_STCE);
    TRY(w, PRIV_S, read, HERE);
    assert_no_trap(w);
    world_set_csr(w, CSR_mcounteren, 0);
    TRY(w, PRIV_S, read, HERE);
    assert_trap(w, CAUSE_ILLEGAL, read, CODE);
}

static void test_stimecmp_permission(void **state)
{
    (void)state;
    at_every_depth(stimecmp);
}

/* wfi until the comparator: idle time counts, nothing is executed. */
static void idle(struct world *w)
{
    world_store(w, 0x02004000, 50);
    world_set_csr(w, CSR_mie, BIT(IRQ_MTI));
    world_set_csr(w, CSR_mtvec, CODE + 3 * 4);
    world_code(w, CODE, (uint32_t[]){ csr(CSRRSI, 0, CSR_mstatus, 8), WFI,
                                      NOP, READ(A0, CSR_mcycle),
                                      READ(A1, CSR_minstret),
                                      READ(A2, CSR_time), HERE }, 7);
    world_run(w, 6000);
    assert_int_equal(world_csr(w, CSR_mepc), CODE + 8);
    assert_int_equal(world_reg(w, A0), 5000);
    assert_int_equal(world_reg(w, A1), 3);
    assert_int_equal(world_reg(w, A2), 50);
}

static void test_idle_time_counts_but_does_not_retire(void **state)
{
    (void)state;
    at_every_depth(idle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counters_count_every_instruction_once),
        cmocka_unit_test(test_counter_writes_hold_for_the_next_instruction),
        cmocka_unit_test(test_mcountinhibit),
        cmocka_unit_test(test_counter_enables),
        cmocka_unit_test(test_time_steps_at_its_count),
        cmocka_unit_test(test_sstc_interrupts_at_the_exact_count),
        cmocka_unit_test(test_mtimecmp_interrupts_at_the_exact_count),
        cmocka_unit_test(test_stimecmp_permission),
        cmocka_unit_test(test_idle_time_counts_but_does_not_retire),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
