/* Several virtual harts, the boot ROM, and every CSR in every mode. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define CODE_1 UINT64_C(0x80003000) /* of hart 1 */
#define ROM UINT64_C(0x1000)

static uint64_t satp_of(uint64_t asid, uint64_t root)
{
    return field_set(field_set(root >> 12, SATP_MODE, SATP_SV39), SATP_ASID,
                     asid);
}

static void on(struct world *w, unsigned hart)
{
    w->hart = hart;
}

/* Hart 0 wakes hart 1 from wfi through msip; each has a satp of its own. */
static void ipi(struct world *w)
{
    uint64_t root = TABLES + 0x20000;

    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_map(w, 2, 0x02000000, ALL_OF_S);
    world_store(w, DATA, 1);
    world_store(w, root + 16, world_load(w, ROOT + 16));
    world_store(w, root + 8, world_pte(0x80000000, ALL_OF_S));
    world_store(w, 0x80001000 + 0x800, 7); /* hart 1 sees it there */
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    world_set_reg(w, S1, PAGE_OF_WINDOW(2));
    world_set_reg(w, S2, 1);
    on(w, 1);
    world_set_csr(w, CSR_satp, satp_of(1, root));
    world_set_csr(w, CSR_mie, BIT(IRQ_MSI));
    world_set_reg(w, REG_PRIV, PRIV_S);
    world_set_reg(w, REG_PC, CODE_1);
    world_set_reg(w, S0, PAGE_OF_WINDOW(1) + 0x800);
    world_code(w, CODE_1, (uint32_t[]){ ld(A0, S0, 0), WFI, ld(A1, S0, 0),
                                        HERE }, 4);
    on(w, 0);
    world_set_reg(w, S3, 1000); /* first lets hart 1 come to its wfi */
    world_code(w, CODE, (uint32_t[]){ addi(S3, S3, -1),
                                      0xfe099ee3 /* bnez s3, -4 */,
                                      ld(A0, S0, 0), store(2, S2, S1, 4),
                                      HERE }, 5);
    world_run(w, 5000);
    assert_int_equal(world_reg(w, A0), 1);
    assert_int_equal(world_csr(w, CSR_mcause), 0);
    on(w, 1);
    assert_int_equal(world_reg(w, A0), 7);
    assert_true(world_csr(w, CSR_mcause) == (CAUSE_INTERRUPT | IRQ_MSI));
    assert_int_equal(world_csr(w, CSR_mepc), CODE_1 + 8);
    assert_int_equal(world_csr(w, CSR_mhartid), 1);
}

static void test_one_hart_wakes_another(void **state)
{
    (void)state;
    at_every_depth_as(ipi, 2, isa_default());
}

/* Both use one page table, but hart 1's PMP forbids what hart 0's allows. */
static void own_pmp(struct world *w)
{
    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_store(w, DATA, 5);
    world_code(w, CODE, (uint32_t[]){ ld(A0, S0, 0), HERE }, 2);
    for (unsigned h = 0; h < 2; h++) {
        on(w, h);
        world_set_reg(w, S0, PAGE_OF_WINDOW(1));
        world_set_csr(w, CSR_satp, satp_of(0, ROOT));
        world_set_reg(w, REG_PRIV, PRIV_S);
        world_set_reg(w, REG_PC, CODE);
    }
    on(w, 1);
    world_set_csr(w, CSR_pmpaddr0 + 1, MASK(53, 0));
    world_set_csr(w, CSR_pmpaddr0, (DATA >> 2) | 0x1ff);
    world_set_csr(w, CSR_pmpcfg0, 0x1f18);
    world_run(w, 5000);
    assert_trap(w, CAUSE_LOAD_ACCESS, PAGE_OF_WINDOW(1), CODE);
    on(w, 0);
    assert_int_equal(world_reg(w, A0), 5);
    /* Alike again, they share; and apart again, they do not. */
    on(w, 1);
    world_set_csr(w, CSR_pmpcfg0, 0x1f1f);
    world_set_reg(w, REG_PRIV, PRIV_S);
    world_set_reg(w, REG_PC, CODE);
    world_run(w, 5000);
    assert_int_equal(world_reg(w, A0), 5);
}

static void test_each_hart_has_its_own_pmp(void **state)
{
    (void)state;
    at_every_depth_as(own_pmp, 2, isa_default());
}

/* A hart's fence is its own; after it, the hart sees the other's change. */
static void fence_here(struct world *w)
{
    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_store(w, DATA, 1);
    world_store(w, DATA + 0x1000, 2);
    world_code(w, CODE, (uint32_t[]){ sfence(0, 0), ld(A0, S0, 0), HERE }, 3);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned h = 0; h < 2; h++) {
            on(w, h);
            world_set_reg(w, S0, PAGE_OF_WINDOW(1));
            world_set_csr(w, CSR_satp, satp_of(0, ROOT));
            world_set_reg(w, REG_PRIV, PRIV_S);
            world_set_reg(w, REG_PC, CODE);
        }
        world_run(w, 3000);
        for (unsigned h = 0; h < 2; h++) {
            on(w, h);
            assert_int_equal(world_reg(w, A0), round + 1);
        }
        world_map(w, 1, DATA + 0x1000, ALL_OF_S);
    }
}

static void test_each_hart_fences_for_itself(void **state)
{
    (void)state;
    at_every_depth_as(fence_here, 2, isa_default());
}

/* A reservation does not outlive the turn of another hart. */
static void lose_reservation(struct world *w)
{
    world_code(w, CODE, (uint32_t[]){ amo(LR, 3, A0, S0, 0), HERE }, 2);
    world_set_reg(w, S0, DATA);
    on(w, 1);
    world_set_reg(w, REG_PC, CODE_1);
    world_code(w, CODE_1, (uint32_t[]){ HERE }, 1);
    on(w, 0);
    world_run(w, 3000);
    assert_true(world_reg(w, REG_RESERVATION) == RESERVATION_NONE);
    world_code(w, CODE, (uint32_t[]){ amo(SC, 3, A1, S0, S0), HERE }, 2);
    world_set_reg(w, REG_PC, CODE);
    world_run(w, 1000);
    assert_int_equal(world_reg(w, A1), 1);
}

static void test_reservation_ends_with_the_harts_turn(void **state)
{
    (void)state;
    at_every_depth_as(lose_reservation, 2, isa_default());
}

/* The ROM: code, plain aligned loads, nothing else. */
static void rom(struct world *w)
{
    const uint32_t code[] = { addi(A0, 0, 9), 0x00008067 /* ret */ };

    for (unsigned d = 0; d <= w->depth; d++) {
        struct board *b = d ? &w->vm[d - 1]->board : &w->bare->board;

        assert_int_equal(rom_fill(&b->devices.rom, 0x100, code, 8), STATUS_OK);
    }
    world_set_reg(w, S0, ROM + 0x100);
    TRY(w, PRIV_M, jalr(1, S0), ld(A1, S0, 0), sd(A1, S0, 0), HERE);
    assert_trap(w, CAUSE_STORE_ACCESS, ROM + 0x100, CODE + 8);
    assert_int_equal(world_reg(w, A0), 9);
    assert_true(world_reg(w, A1) == (code[0] | UINT64_C(0x8067) << 32));
    TRY(w, PRIV_M, ld(A2, S0, 1), HERE);
    assert_trap(w, CAUSE_LOAD_ACCESS, ROM + 0x101, CODE);
    TRY(w, PRIV_S, jalr(1, S0), amo(LR, 3, A2, S0, 0), HERE);
    assert_trap(w, CAUSE_LOAD_ACCESS, ROM + 0x100, CODE + 4);
    assert_true(world_load(w, ROM + 0x100) == world_reg(w, A1));
}

static void test_rom_is_executed_and_read_only(void **state)
{
    (void)state;
    at_every_depth(rom);
}

/* Every number, in every mode: the same value, or the same trap; at_every_depth
   compares. The code below adds up what it reads. */
static void all_csrs(struct world *w)
{
    unsigned illegal[4] = { 0 };

    world_set_csr(w, CSR_mstatus, MSTATUS_FS);
    world_set_csr(w, CSR_mcounteren, ~UINT64_C(0));
    world_set_csr(w, CSR_mtvec, HANDLER);
    world_code(w, HANDLER, (uint32_t[]){ HERE }, 1);
    for (unsigned n = 0; n < 4096; n++) {
        static const enum priv modes[] = { PRIV_U, PRIV_S, PRIV_M };

        if (!csr_exists(w->m->isa, n) && n % 16)
            continue;
        for (unsigned i = 0; i < 3; i++) {
            TRY(w, modes[i], csr(CSRRS, A0, n, 0), add(A1, A1, A0), HERE);
            illegal[modes[i]] +=
                world_csr(w, CSR_mcause) == CAUSE_ILLEGAL;
            if (!csr_exists(w->m->isa, n) || (n >> 8 & 3) > (unsigned)modes[i])
                assert_trap(w, CAUSE_ILLEGAL, csr(CSRRS, A0, n, 0), CODE);
        }
    }
    assert_true(illegal[PRIV_U] > illegal[PRIV_S]);
    assert_true(illegal[PRIV_S] > illegal[PRIV_M]);
}

static void test_every_csr_in_every_mode(void **state)
{
    (void)state;
    at_every_depth(all_csrs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_hart_wakes_another),
        cmocka_unit_test(test_each_hart_has_its_own_pmp),
        cmocka_unit_test(test_each_hart_fences_for_itself),
        cmocka_unit_test(test_reservation_ends_with_the_harts_turn),
        cmocka_unit_test(test_rom_is_executed_and_read_only),
        cmocka_unit_test(test_every_csr_in_every_mode),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
