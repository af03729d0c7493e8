/*
 * Trap entry and return in the virtual modes: delegation, vectored interrupts,
 * the bits that make S-mode's instructions trap.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define S_HANDLER UINT64_C(0x80000400)

/* A vector table whose entries say by pc which one was taken. */
static void vectors(struct world *w, uint64_t pa, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        world_code(w, pa + 4 * i, (uint32_t[]){ HERE }, 1);
}

static void vectored_m(struct world *w)
{
    vectors(w, 0x80000200, 16);
    world_set_csr(w, CSR_mtvec, 0x80000200 | TVEC_VECTORED);
    world_set_csr(w, CSR_mip, BIT(IRQ_SSI));
    world_set_csr(w, CSR_mie, BIT(IRQ_SSI));
    TRY(w, PRIV_S, NOP, HERE);
    assert_int_equal(world_reg(w, REG_PC), 0x80000200 + 4 * IRQ_SSI);
    assert_true(world_csr(w, CSR_mcause) == (CAUSE_INTERRUPT | IRQ_SSI));
    assert_int_equal(world_csr(w, CSR_mepc), CODE);
    world_set_csr(w, CSR_mie, 0);
    TRY(w, PRIV_S, ECALL, HERE); /* exceptions go to the base */
    assert_int_equal(world_reg(w, REG_PC), 0x80000200);
    assert_trap(w, CAUSE_ECALL_S, 0, CODE);
}

static void test_vectored_interrupts_of_m(void **state)
{
    (void)state;
    at_every_depth(vectored_m);
}

static void vectored_s(struct world *w)
{
    vectors(w, S_HANDLER, 16);
    world_set_csr(w, CSR_stvec, S_HANDLER | TVEC_VECTORED);
    world_set_csr(w, CSR_mideleg, BIT(IRQ_STI) | BIT(IRQ_SEI));
    world_set_csr(w, CSR_mie, ~UINT64_C(0));
    world_set_csr(w, CSR_mip, BIT(IRQ_STI) | BIT(IRQ_SEI));
    world_set_csr(w, CSR_mstatus, MSTATUS_MIE);
    TRY(w, PRIV_M, NOP, HERE); /* never to a lesser mode */
    assert_no_trap(w);
    TRY(w, PRIV_S, NOP, csr(CSRRSI, 0, CSR_sstatus, 2), NOP, HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, REG_PC), S_HANDLER + 4 * IRQ_SEI);
    assert_true(world_csr(w, CSR_scause) == (CAUSE_INTERRUPT | IRQ_SEI));
    assert_int_equal(world_csr(w, CSR_sepc), CODE + 8);
    assert_int_equal(world_csr(w, CSR_mstatus) & MSTATUS_SIE, 0);
    assert_true(world_csr(w, CSR_mstatus) & MSTATUS_SPIE);
    assert_true(world_csr(w, CSR_mstatus) & MSTATUS_SPP);
}

static void test_vectored_interrupts_of_s(void **state)
{
    (void)state;
    at_every_depth(vectored_s);
}

/* Delegated exceptions from U and S go to S, from M to M. */
static void delegation(struct world *w)
{
    vectors(w, S_HANDLER, 1);
    world_set_csr(w, CSR_stvec, S_HANDLER);
    world_set_csr(w, CSR_medeleg, BIT(CAUSE_ECALL_U) | BIT(CAUSE_BREAKPOINT) |
                  BIT(CAUSE_ILLEGAL) | BIT(CAUSE_LOAD_ACCESS));
    TRY(w, PRIV_U, ECALL);
    assert_no_trap(w);
    assert_int_equal(world_csr(w, CSR_scause), CAUSE_ECALL_U);
    assert_int_equal(world_reg(w, REG_PRIV), PRIV_S);
    assert_false(world_csr(w, CSR_sstatus) & MSTATUS_SPP);
    TRY(w, PRIV_S, EBREAK);
    assert_no_trap(w);
    assert_int_equal(world_csr(w, CSR_stval), CODE);
    assert_true(world_csr(w, CSR_sstatus) & MSTATUS_SPP);
    TRY(w, PRIV_S, ld(A0, 0, 0));
    assert_int_equal(world_csr(w, CSR_scause), CAUSE_LOAD_ACCESS);
    TRY(w, PRIV_U, csr(CSRRS, A0, CSR_sstatus, 0));
    assert_int_equal(world_csr(w, CSR_scause), CAUSE_ILLEGAL);
    assert_int_equal(world_csr(w, CSR_stval), csr(CSRRS, A0, CSR_sstatus, 0));
    TRY(w, PRIV_S, ECALL);
    assert_trap(w, CAUSE_ECALL_S, 0, CODE);
    TRY(w, PRIV_M, EBREAK);
    assert_trap(w, CAUSE_BREAKPOINT, CODE, CODE);
    TRY(w, PRIV_M, ECALL);
    assert_trap(w, CAUSE_ECALL_M, 0, CODE);
    assert_int_equal(field_get(world_csr(w, CSR_mstatus), MSTATUS_MPP), PRIV_M);
}

static void test_delegation(void **state)
{
    (void)state;
    at_every_depth(delegation);
}

/* Each instruction is illegal in the mode, and passes without the bit. */
static void may(struct world *w, enum priv priv, uint32_t insn, bool yes)
{
    world_set_csr(w, CSR_mepc, CODE + 4);
    world_set_csr(w, CSR_sepc, CODE + 4);
    world_set_csr(w, CSR_mstatus,
                  field_set(world_csr(w, CSR_mstatus), MSTATUS_MPP, priv));
    TRY(w, priv, insn, HERE);
    if (yes)
        assert_no_trap(w);
    else
        assert_trap(w, CAUSE_ILLEGAL, insn, CODE);
}

static void trapping_bits(struct world *w)
{
    static const struct {
        uint32_t insn;
        uint64_t bit;
    } in_s[] = {
        { SRET, MSTATUS_TSR },
        { 0x12000073, MSTATUS_TVM }, /* sfence.vma */
        { 0x16000073, MSTATUS_TVM }, /* sinval.vma */
        { 0x18002573, MSTATUS_TVM }, /* csrr a0, satp */
        { 0x18051073, MSTATUS_TVM }, /* csrw satp, a0 */
        { 0x18000073, 0 },           /* sfence.w.inval */
        { 0x18100073, 0 },           /* sfence.inval.ir */
    };
    uint64_t all = MSTATUS_TSR | MSTATUS_TVM | MSTATUS_TW;

    world_set_reg(w, A0, 0);
    for (size_t i = 0; i < sizeof in_s / sizeof *in_s; i++) {
        world_set_csr(w, CSR_mstatus, in_s[i].bit | MSTATUS_SPP);
        may(w, PRIV_S, in_s[i].insn, in_s[i].bit == 0);
        world_set_csr(w, CSR_mstatus, (all & ~in_s[i].bit) | MSTATUS_SPP);
        may(w, PRIV_S, in_s[i].insn, true);
        world_set_csr(w, CSR_mstatus, MSTATUS_SPP);
        may(w, PRIV_U, in_s[i].insn, false);
        world_set_csr(w, CSR_mstatus, all | MSTATUS_SPP);
        may(w, PRIV_M, in_s[i].insn, true);
    }
    world_set_csr(w, CSR_mstatus, 0);
    may(w, PRIV_S, MRET, false);
    may(w, PRIV_U, MRET, false);
}

static void test_tvm_tsr_and_modes(void **state)
{
    (void)state;
    at_every_depth(trapping_bits);
}

static void wfi(struct world *w)
{
    world_set_csr(w, CSR_mie, BIT(IRQ_SSI));
    world_set_csr(w, CSR_mip, BIT(IRQ_SSI)); /* so that it does not wait */
    world_set_csr(w, CSR_mideleg, BIT(IRQ_SSI));
    world_set_csr(w, CSR_mstatus, 0);
    may(w, PRIV_S, WFI, true);
    world_set_csr(w, CSR_mip, 0);
    may(w, PRIV_U, WFI, false);
    world_set_csr(w, CSR_mstatus, MSTATUS_TW);
    may(w, PRIV_S, WFI, false);
    world_set_csr(w, CSR_mip, BIT(IRQ_SSI));
    may(w, PRIV_M, WFI, true);
}

static void test_tw_and_wfi(void **state)
{
    (void)state;
    at_every_depth(wfi);
}

/* mret and sret: pc, mode, the status stack; xepc's bit 0. */
static void returns(struct world *w)
{
    world_set_csr(w, CSR_mepc, CODE + 9);
    world_set_csr(w, CSR_mstatus, field_set(MSTATUS_MPIE, MSTATUS_MPP, PRIV_S));
    TRY(w, PRIV_M, MRET, EBREAK, HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, REG_PC), CODE + 8);
    assert_int_equal(world_reg(w, REG_PRIV), PRIV_S);
    assert_true(world_csr(w, CSR_mstatus) & MSTATUS_MIE);
    world_set_csr(w, CSR_mstatus, MSTATUS_SPIE | MSTATUS_MPRV);
    world_set_csr(w, CSR_sepc, CODE + 6);
    TRY(w, PRIV_S, SRET, 0x00010001 /* c.nop, twice */, HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, REG_PRIV), PRIV_U);
    assert_true(world_csr(w, CSR_mstatus) & MSTATUS_SIE);
    assert_false(world_csr(w, CSR_mstatus) & MSTATUS_MPRV);
}

static void test_trap_returns(void **state)
{
    (void)state;
    at_every_depth(returns);
}

/* The handler's physical pages are not left behind in the world of U-mode that
   it came from. */
static void worlds(struct world *w)
{
    world_paging(w);
    world_map(w, 0, CODE, ALL_OF_U);
    world_set_csr(w, CSR_medeleg, 0);
    world_set_reg(w, S0, DATA);
    world_set_reg(w, S1, 0x80000200);
    world_set_reg(w, S2, WINDOW + 4);
    world_set_csr(w, CSR_mtvec, 0x80000200);
    /* ld a0, 0(s0); csrw mepc, s2; mtvec = HANDLER; mret */
    world_set_reg(w, S3, HANDLER);
    world_code(w, 0x80000200,
               (uint32_t[]){ ld(A0, S0, 0), csr(CSRRW, 0, CSR_mepc, S2),
                             csr(CSRRW, 0, CSR_mtvec, S3), MRET }, 4);
    TRY_AT(w, PRIV_U, WINDOW, ECALL, ld(A1, S0, 0), HERE);
    assert_trap(w, CAUSE_LOAD_PAGE, DATA, WINDOW + 4);
    world_set_csr(w, CSR_mtvec, 0x80000200);
    TRY_AT(w, PRIV_U, WINDOW, ECALL, jalr(0, S1), HERE);
    assert_trap(w, CAUSE_FETCH_PAGE, 0x80000200, 0x80000200);
}

static void test_each_mode_has_a_world_of_its_own(void **state)
{
    (void)state;
    at_every_depth(worlds);
}

/* An interrupt is taken right after the instruction that lets it through. */
static void at_once(struct world *w)
{
    world_set_csr(w, CSR_mie, BIT(IRQ_SSI) | BIT(IRQ_MSI));
    world_set_reg(w, S0, BIT(IRQ_SSI));
    world_set_reg(w, S1, 0x02000000); /* msip */
    world_set_reg(w, S2, 1);
    world_set_csr(w, CSR_mstatus, MSTATUS_MIE);
    TRY(w, PRIV_M, NOP, csr(CSRRS, 0, CSR_mip, S0), addi(A0, A0, 1), HERE);
    assert_true(world_csr(w, CSR_mcause) == (CAUSE_INTERRUPT | IRQ_SSI));
    assert_int_equal(world_csr(w, CSR_mepc), CODE + 8);
    world_set_csr(w, CSR_mip, 0);
    world_set_csr(w, CSR_mstatus, MSTATUS_MIE);
    TRY(w, PRIV_M, NOP, store(2, S2, S1, 0), addi(A0, A0, 1), HERE);
    assert_true(world_csr(w, CSR_mcause) == (CAUSE_INTERRUPT | IRQ_MSI));
    assert_int_equal(world_csr(w, CSR_mepc), CODE + 8);
    assert_int_equal(world_reg(w, A0), 0);
}

static void test_interrupt_comes_before_the_next_instruction(void **state)
{
    (void)state;
    at_every_depth(at_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectored_interrupts_of_m),
        cmocka_unit_test(test_vectored_interrupts_of_s),
        cmocka_unit_test(test_delegation),
        cmocka_unit_test(test_tvm_tsr_and_modes),
        cmocka_unit_test(test_tw_and_wfi),
        cmocka_unit_test(test_trap_returns),
        cmocka_unit_test(test_each_mode_has_a_world_of_its_own),
        cmocka_unit_test(test_interrupt_comes_before_the_next_instruction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
