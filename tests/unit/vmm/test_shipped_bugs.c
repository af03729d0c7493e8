/*
 * Bugs that other monitors shipped, one test each, named after the bug. All
 * run on the bare machine too: the guest must not see a difference.
 */
#include "world.h"

#include "mmu/pte.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define RUN(w, ...) \
    run_code(w, (uint32_t[]){ __VA_ARGS__ }, \
             sizeof((uint32_t[]){ __VA_ARGS__ }) / 4)

static void run_code(struct world *w, const uint32_t *code, size_t n)
{
    world_code(w, CODE, code, n);
    world_run(w, n + 10);
}

/* RVirt: a fence on one address of a guest superpage dropped one shadow page
   and left the other 511 stale. */
static void superpage_fence(struct world *w)
{
    world_paging(w);
    world_store(w, L1, world_pte(0x80200000, PTE_R | PTE_W));
    world_store(w, 0x80205000, 1);
    world_store(w, 0x80405000, 2);
    world_set_reg(w, S0, WINDOW);
    world_set_reg(w, S1, WINDOW + 0x5000);
    world_set_reg(w, S2, world_pte(0x80400000, PTE_R | PTE_W));
    world_set_reg(w, S3, L1);
    RUN(w, ld(A0, S0, 0), ld(A1, S1, 0), sd(S2, S3, 0), sfence(S0, 0),
        ld(A2, S1, 0), HERE);
    assert_int_equal(world_reg(w, A1), 1);
    assert_int_equal(world_reg(w, A2), 2);
}

static void test_fence_in_superpage_drops_every_fragment(void **state)
{
    (void)state;
    at_every_depth(superpage_fence);
}

/* The same for a 64 KiB page of Svnapot. */
static void napot_fence(struct world *w)
{
    uint64_t flags = PTE_R | PTE_W | PTE_N;

    world_paging(w);
    world_store(w, L1, field_set(PTE_V, PTE_PPN, L0 >> 12));
    for (unsigned i = 0; i < 16; i++)
        world_store(w, L0 + 8 * i, world_pte(0x80208000, flags));
    world_store(w, 0x80205000, 1);
    world_store(w, 0x80405000, 2);
    world_set_reg(w, S0, WINDOW);
    world_set_reg(w, S1, WINDOW + 0x5000);
    RUN(w, ld(A0, S0, 0), ld(A1, S1, 0), HERE);
    assert_int_equal(world_reg(w, A1), 1);
    for (unsigned i = 0; i < 16; i++)
        world_store(w, L0 + 8 * i, world_pte(0x80408000, flags));
    world_set_reg(w, REG_PC, CODE);
    RUN(w, sfence(S0, 0), ld(A2, S1, 0), HERE);
    assert_int_equal(world_reg(w, A2), 2);
}

static void test_fence_in_napot_page_drops_every_fragment(void **state)
{
    (void)state;
    at_every_depth(napot_fence);
}

/* Our own, for two hours: the one fragment that a fence dropped was another
   than the address it named, and the host was told to forget that address. */
static void lone_fragment(struct world *w)
{
    world_paging(w);
    world_store(w, L1, world_pte(0x80200000, PTE_R | PTE_W));
    world_store(w, 0x80205000, 1);
    world_store(w, 0x80405000, 2);
    world_set_reg(w, S0, WINDOW);
    world_set_reg(w, S1, WINDOW + 0x5000);
    world_set_reg(w, S2, world_pte(0x80400000, PTE_R | PTE_W));
    world_set_reg(w, S3, L1);
    RUN(w, ld(A1, S1, 0), sd(S2, S3, 0), sfence(S0, 0), ld(A2, S1, 0), HERE);
    assert_int_equal(world_reg(w, A1), 1);
    assert_int_equal(world_reg(w, A2), 2);
}

static void test_fence_beside_the_only_fragment_drops_it(void **state)
{
    (void)state;
    at_every_depth(lone_fragment);
}

/* RVirt: with SUM=1, S-mode could execute a user page it had loaded from. */
static void sum_execute(struct world *w)
{
    world_paging(w);
    world_store(w, L1,
                world_pte(0x80200000, PTE_R | PTE_W | PTE_X | PTE_U));
    world_code(w, 0x80200000, (uint32_t[]){ addi(A1, 0, 7), HERE }, 2);
    world_set_csr(w, CSR_mstatus, MSTATUS_SUM);
    world_set_reg(w, S0, WINDOW);
    RUN(w, ld(A0, S0, 0), jalr(0, S0), HERE);
    assert_int_equal(world_csr(w, CSR_mcause), CAUSE_FETCH_PAGE);
    assert_int_equal(world_csr(w, CSR_mtval), WINDOW);
    assert_int_not_equal(world_reg(w, A0), 0);
    assert_int_equal(world_reg(w, A1), 0);
}

static void test_sum_does_not_let_s_execute_user_pages(void **state)
{
    (void)state;
    at_every_depth(sum_execute);
}

/* RVirt: the cause was chosen among the pending interrupts, enabled or not. */
static void pending_not_enabled(struct world *w)
{
    world_set_csr(w, CSR_mip, BIT(IRQ_SSI) | BIT(IRQ_STI));
    world_set_csr(w, CSR_mie, BIT(IRQ_STI));
    world_set_reg(w, REG_PRIV, PRIV_S);
    RUN(w, addi(A0, A0, 1), HERE);
    assert_true(world_csr(w, CSR_mcause) == (CAUSE_INTERRUPT | IRQ_STI));
    assert_int_equal(world_reg(w, A0), 0);
}

static void test_cause_is_pending_and_enabled(void **state)
{
    (void)state;
    at_every_depth(pending_not_enabled);
}

/* RVirt took an unknown CSR for a no-op; another VMM vectored and then added 4
   to pc: t0 counts the handler's first instruction. */
static void unknown_csr(struct world *w)
{
    uint32_t read = csr(CSRRS, A0, 0x8ff, 0);

    RUN(w, read, HERE);
    assert_int_equal(world_csr(w, CSR_mcause), CAUSE_ILLEGAL);
    assert_int_equal(world_csr(w, CSR_mtval), read);
    assert_int_equal(world_csr(w, CSR_mepc), CODE);
    assert_int_equal(world_reg(w, T0), 1);
}

static void test_unknown_csr_traps_to_the_handlers_first_insn(void **state)
{
    (void)state;
    at_every_depth(unknown_csr);
}

/* RVirt accepted a superpage whose frame is not aligned to its size. */
static void misaligned_superpage(struct world *w)
{
    world_paging(w);
    world_store(w, L1, world_pte(0x80201000, PTE_R));
    world_set_reg(w, S0, WINDOW);
    RUN(w, ld(A0, S0, 0), HERE);
    assert_int_equal(world_csr(w, CSR_mcause), CAUSE_LOAD_PAGE);
}

static void test_misaligned_superpage_faults(void **state)
{
    (void)state;
    at_every_depth(misaligned_superpage);
}

/* RVirt panicked on each of these addresses. */
static void wild_addresses(struct world *w)
{
    static const uint64_t wild[] = {
        UINT64_C(0x4000000000),          /* not canonical */
        UINT64_C(0x7fffffffffffffff), ~UINT64_C(0),
        UINT64_C(0xffffffc000000000),    /* canonical, the other half */
    };

    world_paging(w);
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
        world_set_reg(w, REG_PRIV, PRIV_S);
        world_set_reg(w, REG_PC, CODE);
        world_set_reg(w, S0, wild[i]);
        RUN(w, sfence(S0, 0), sfence(S0, S0), ld(A0, S0, 0), HERE);
        assert_int_equal(world_csr(w, CSR_mcause), CAUSE_LOAD_PAGE);
        assert_true(world_csr(w, CSR_mtval) == wild[i]);
        assert_int_equal(world_csr(w, CSR_mepc), CODE + 8);
    }
}

static void test_fence_of_a_wild_address_does_nothing(void **state)
{
    (void)state;
    at_every_depth(wild_addresses);
}

/* Physical addresses behind the guest's RAM: where a host of this guest has
   RAM, the monitor's perhaps. A guest that maps them gets access faults. */
static void beyond_ram(struct world *w)
{
    static const uint64_t beyond[] = {
        BOARD_RAM_BASE + WORLD_RAM, BOARD_RAM_BASE + WORLD_RAM + 0x200000,
        0x7fe00000, UINT64_C(0x3ffffe00000), UINT64_C(0xfffffffe00000),
    };

    world_paging(w);
    for (size_t i = 0; i < sizeof beyond / sizeof *beyond; i++) {
        world_store(w, L1, world_pte(beyond[i], PTE_R | PTE_W | PTE_X));
        world_set_reg(w, REG_PRIV, PRIV_S);
        world_set_reg(w, REG_PC, CODE);
        world_set_reg(w, S0, WINDOW + 8);
        RUN(w, sfence(0, 0), sd(S0, S0, 0), HERE);
        assert_int_equal(world_csr(w, CSR_mcause), CAUSE_STORE_ACCESS);
        world_set_reg(w, REG_PRIV, PRIV_S);
        world_set_reg(w, REG_PC, CODE);
        RUN(w, jalr(0, S0), HERE);
        assert_int_equal(world_csr(w, CSR_mcause), CAUSE_FETCH_ACCESS);
    }
}

static void test_memory_beyond_the_guests_is_not_there(void **state)
{
    (void)state;
    at_every_depth(beyond_ram);
}

/* RVirt stopped when its shadow pages were used up. Here every round enters
   another address space and touches three far-apart pages in it. */
static void pool_exhausted(struct world *w)
{
    uint64_t satp = world_csr(w, CSR_satp);

    world_paging(w);
    satp = world_csr(w, CSR_satp);
    for (unsigned i = 0; i < 3; i++)
        world_store(w, L1 + 8 * 100 * i, world_pte(0x80200000, PTE_R));
    world_store(w, 0x80200000, 42);
    world_set_reg(w, S0, WINDOW);
    world_set_reg(w, S1, WINDOW + (UINT64_C(100) << 21));
    world_set_reg(w, S2, WINDOW + (UINT64_C(200) << 21));
    world_set_reg(w, A3, UINT64_C(1) << 44); /* one ASID further */
    world_set_reg(w, A4, satp);
    RUN(w, csr(CSRRW, 0, CSR_satp, A4), ld(A0, S0, 0), ld(A1, S1, 0),
        ld(A2, S2, 0), 0x00d70733 /* add a4, a4, a3 */,
        0xfedff06f /* j -20 */);
    world_run(w, 6 * 2000);
    assert_int_equal(world_csr(w, CSR_mcause), 0);
    assert_int_equal(world_reg(w, A0), 42);
    assert_int_equal(world_reg(w, A2), 42);
    assert_true(field_get(world_csr(w, CSR_satp), SATP_ASID) > 1900);
}

static void test_shadow_pool_exhausted_is_reclaimed(void **state)
{
    (void)state;
    at_every_depth(pool_exhausted);
}

/* RVirt: no device could be reached while satp was bare. */
static void bare_device(struct world *w)
{
    world_set_reg(w, REG_PRIV, PRIV_S);
    world_set_reg(w, S0, 0x10000005); /* the UART's line status */
    RUN(w, i_type(0x03, 0, A0, S0, 0) /* lb */, HERE);
    assert_int_equal(world_csr(w, CSR_mcause), 0);
    assert_int_equal(world_reg(w, A0), 0x60);
}

static void test_devices_are_there_while_satp_is_bare(void **state)
{
    (void)state;
    at_every_depth(bare_device);
}

/* RVirt read the trapped instruction with the guest's permissions, and so
   could not in a page that may be executed only. A device access needs it. */
static void execute_only(struct world *w)
{
    world_paging(w);
    world_store(w, L1, field_set(PTE_V, PTE_PPN, L0 >> 12));
    world_store(w, L0, world_pte(0x80200000, PTE_X));
    world_store(w, L0 + 8, world_pte(0x10000000, PTE_R | PTE_W));
    world_code(w, 0x80200000,
               (uint32_t[]){ csr(CSRRW, A1, CSR_sscratch, S0),
                             csr(CSRRS, A1, CSR_sscratch, 0),
                             i_type(0x03, 0, A0, S1, 5), HERE }, 4);
    world_set_reg(w, S0, WINDOW);
    world_set_reg(w, S1, WINDOW + 0x1000);
    RUN(w, jalr(0, S0), HERE);
    assert_int_equal(world_csr(w, CSR_mcause), 0);
    assert_int_equal(world_reg(w, A1), WINDOW);
    assert_int_equal(world_reg(w, A0), 0x60);
}

static void test_execute_only_code_is_emulated(void **state)
{
    (void)state;
    at_every_depth(execute_only);
}

/* Hypocaust #1: a page-table root was used again for another space, and the
   old shadows with it. */
static void root_reused(struct world *w)
{
    world_paging(w);
    world_store(w, L1, world_pte(0x80200000, PTE_R));
    world_store(w, 0x80200000, 1);
    world_store(w, 0x80400000, 2);
    world_set_reg(w, S0, WINDOW);
    world_set_reg(w, S2, world_pte(0x80400000, PTE_R));
    world_set_reg(w, S3, L1);
    world_set_reg(w, A4, world_csr(w, CSR_satp));
    RUN(w, ld(A0, S0, 0), csr(CSRRW, 0, CSR_satp, 0), sd(S2, S3, 0),
        csr(CSRRW, 0, CSR_satp, A4), sfence(0, A5), ld(A1, S0, 0), HERE);
    assert_int_equal(world_reg(w, A0), 1);
    assert_int_equal(world_reg(w, A1), 2);
}

static void test_reused_root_shows_the_new_tables(void **state)
{
    (void)state;
    at_every_depth(root_reused);
}

/* Miralis #324: an interrupt was lost around a wfi with MIE clear. */
static void wfi_without_mie(struct world *w)
{
    world_store(w, 0x02004000, 1000); /* mtimecmp */
    world_set_csr(w, CSR_mie, BIT(IRQ_MTI));
    world_set_reg(w, S0, MSTATUS_MIE);
    world_code(w, CODE,
               (uint32_t[]){ WFI, addi(A0, A0, 1),
                             csr(CSRRS, 0, CSR_mstatus, S0),
                             addi(A1, A1, 1), HERE }, 5);
    world_run(w, 1000 * CLOCK_COUNTS_PER_TICK + 20);
    assert_int_equal(world_reg(w, A0), 1);
    assert_int_equal(world_reg(w, A1), 0);
    assert_true(world_csr(w, CSR_mcause) == (CAUSE_INTERRUPT | IRQ_MTI));
    assert_int_equal(world_csr(w, CSR_mepc), CODE + 12);
}

static void test_wfi_with_mie_clear_loses_no_interrupt(void **state)
{
    (void)state;
    at_every_depth(wfi_without_mie);
}

/* Miralis #98, #281: MPP was left as it was after mret. */
static void mpp_after_mret(struct world *w)
{
    world_set_csr(w, CSR_mstatus,
                  field_set(MSTATUS_MPIE, MSTATUS_MPP, PRIV_S));
    world_set_csr(w, CSR_mepc, CODE + 8);
    RUN(w, MRET, HERE, HERE);
    assert_int_equal(world_reg(w, REG_PRIV), PRIV_S);
    assert_int_equal(field_get(world_csr(w, CSR_mstatus), MSTATUS_MPP),
                     PRIV_U);
}

static void test_mret_leaves_mpp_u(void **state)
{
    (void)state;
    at_every_depth(mpp_after_mret);
}

/* A course's lab: rs1 was masked with 1, and the operation inferred from a
   register that happened to hold zero. */
static void csr_operands(struct world *w)
{
    world_set_reg(w, S0, 0xff00);
    RUN(w, csr(CSRRW, 0, CSR_mscratch, S0),
        csr(CSRRC, A0, CSR_mscratch, S1) /* s1 holds 0: nothing cleared */,
        csr(CSRRS, A1, CSR_mscratch, 0), csr(CSRRW, A2, CSR_mscratch, 0),
        csr(CSRRS, A3, CSR_mscratch, 0), csr(CSRRS, A4, CSR_mhartid, 0),
        csr(CSRRS, A5, CSR_mhartid, S1) /* a write, of no bits: illegal */,
        HERE);
    assert_int_equal(world_reg(w, A0), 0xff00);
    assert_int_equal(world_reg(w, A1), 0xff00);
    assert_int_equal(world_reg(w, A2), 0xff00);
    assert_int_equal(world_reg(w, A3), 0);
    assert_int_equal(world_csr(w, CSR_mcause), CAUSE_ILLEGAL);
    assert_int_equal(world_csr(w, CSR_mepc), CODE + 24);
}

static void test_csr_operation_follows_the_register_number(void **state)
{
    (void)state;
    at_every_depth(csr_operands);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fence_in_superpage_drops_every_fragment),
        cmocka_unit_test(test_fence_in_napot_page_drops_every_fragment),
        cmocka_unit_test(test_fence_beside_the_only_fragment_drops_it),
        cmocka_unit_test(test_sum_does_not_let_s_execute_user_pages),
        cmocka_unit_test(test_cause_is_pending_and_enabled),
        cmocka_unit_test(test_unknown_csr_traps_to_the_handlers_first_insn),
        cmocka_unit_test(test_misaligned_superpage_faults),
        cmocka_unit_test(test_fence_of_a_wild_address_does_nothing),
        cmocka_unit_test(test_memory_beyond_the_guests_is_not_there),
        cmocka_unit_test(test_shadow_pool_exhausted_is_reclaimed),
        cmocka_unit_test(test_devices_are_there_while_satp_is_bare),
        cmocka_unit_test(test_execute_only_code_is_emulated),
        cmocka_unit_test(test_reused_root_shows_the_new_tables),
        cmocka_unit_test(test_wfi_with_mie_clear_loses_no_interrupt),
        cmocka_unit_test(test_mret_leaves_mpp_u),
        cmocka_unit_test(test_csr_operation_follows_the_register_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
