/* Atomics: reservations across exits, on devices, under MPRV; misaligned
   accesses, which Pogo does in hardware where both pages are memory. */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define UART UINT64_C(0x10000000)

/* Shadow fills, an emulated CSR read and a device access between LR and SC. */
static void across_exits(struct world *w)
{
    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_map(w, 2, DATA + 0x1000, ALL_OF_S);
    world_map(w, 3, UART, ALL_OF_S);
    world_set_reg(w, S0, PAGE_OF_WINDOW(1) + 8);
    world_set_reg(w, S1, PAGE_OF_WINDOW(2));
    world_set_reg(w, S2, PAGE_OF_WINDOW(3));
    world_set_reg(w, S3, 99);
    TRY(w, PRIV_S, amo(LR, 3, A0, S0, 0), ld(A1, S1, 0),
        csr(CSRRS, A2, CSR_sscratch, 0), i_type(0x03, 4, A3, S2, 5),
        amo(SC, 3, A4, S0, S3), amo(SC, 3, A5, S0, S2), HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, A4), 0);
    assert_int_equal(world_reg(w, A5), 1);
    assert_int_equal(world_load(w, DATA + 8), 99);
}

static void test_reservation_outlives_hidden_exits(void **state)
{
    (void)state;
    at_every_depth(across_exits);
}

/* Nor do a trap and its return cost it: what SC does is the bare machine's. */
static void across_traps(struct world *w)
{
    world_set_csr(w, CSR_mtvec, CODE + 4 * 4);
    world_set_reg(w, S0, DATA);
    world_set_reg(w, S1, CODE + 8);
    TRY(w, PRIV_S, amo(LR, 2, A0, S0, 0), ECALL, amo(SC, 2, A1, S0, S1), HERE,
        csr(CSRRW, 0, CSR_mepc, S1), MRET);
    assert_int_equal(world_reg(w, A1), 0);
    assert_int_equal(world_load(w, DATA), CODE + 8);
    world_set_reg(w, REG_RESERVATION, DATA);
    assert_int_equal(world_reg(w, REG_RESERVATION), DATA);
    TRY(w, PRIV_S, amo(SC, 2, A1, S0, S0), HERE);
    assert_int_equal(world_reg(w, A1), 0);
    assert_true(world_reg(w, REG_RESERVATION) == RESERVATION_NONE);
}

static void test_reservation_outlives_traps(void **state)
{
    (void)state;
    at_every_depth(across_traps);
}

/* A reservation is a physical address: the same page at another address
   counts, another word does not. */
static void by_address(struct world *w)
{
    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_map(w, 2, DATA, ALL_OF_S);
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    world_set_reg(w, S1, PAGE_OF_WINDOW(2));
    world_set_reg(w, S2, PAGE_OF_WINDOW(1) + 8);
    TRY(w, PRIV_S, amo(LR, 3, A0, S0, 0), amo(SC, 3, A1, S1, S1),
        amo(LR, 3, A0, S0, 0), amo(SC, 3, A2, S2, S1),
        amo(SC, 3, A3, S0, S1), HERE);
    assert_int_equal(world_reg(w, A1), 0);
    assert_int_equal(world_reg(w, A2), 1);
    assert_int_equal(world_reg(w, A3), 1);
}

static void test_reservation_is_physical(void **state)
{
    (void)state;
    at_every_depth(by_address);
}

/* Under MPRV where code and data share an address: done by the monitor. */
static void under_mprv(struct world *w)
{
    uint64_t mprv = field_set(MSTATUS_MPRV, MSTATUS_MPP, PRIV_S);

    world_set_csr(w, CSR_mstatus, mprv);
    world_set_reg(w, S0, CODE + 0x80);
    world_set_reg(w, S1, 5);
    world_store(w, CODE + 0x80, 0xfffffffe);
    TRY(w, PRIV_M, amo(SC, 2, A0, S0, S1), amo(LR, 2, A1, S0, 0),
        amo(SC, 2, A2, S0, S1), amo(SC, 2, A3, S0, S1),
        amo(AMOADD, 2, A4, S0, S1), amo(AMOSWAP, 3, A5, S0, S0), HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, A0), 1);
    assert_true(world_reg(w, A1) == UINT64_C(0xfffffffffffffffe));
    assert_int_equal(world_reg(w, A2), 0);
    assert_int_equal(world_reg(w, A3), 1);
    assert_int_equal(world_reg(w, A4), 5);
    assert_int_equal(world_reg(w, A5), 10);
    assert_int_equal(world_load(w, CODE + 0x80), CODE + 0x80);
}

static void test_atomics_under_mprv(void **state)
{
    (void)state;
    at_every_depth(under_mprv);
}

static void faults(struct world *w, uint32_t insn, uint64_t va, uint64_t cause)
{
    world_set_reg(w, S0, va);
    TRY(w, PRIV_M, insn, HERE);
    assert_trap(w, cause, va, CODE);
}

/* Atomics want memory and alignment, which is looked at first. */
static void on_devices(struct world *w)
{
    static const uint64_t places[] = { UART, 0x1000, 0x60000000 };

    for (unsigned i = 0; i < 3; i++) {
        uint64_t at = places[i];

        faults(w, amo(LR, 2, A0, S0, 0), at, CAUSE_LOAD_ACCESS);
        faults(w, amo(SC, 2, A0, S0, S1), at, CAUSE_STORE_ACCESS);
        faults(w, amo(AMOADD, 3, A0, S0, S1), at, CAUSE_STORE_ACCESS);
        faults(w, amo(LR, 3, A0, S0, 0), at + 4, CAUSE_LOAD_MISALIGNED);
        faults(w, amo(SC, 2, A0, S0, S1), at + 2, CAUSE_STORE_MISALIGNED);
        faults(w, ld(A0, S0, 0), at + 4, CAUSE_LOAD_ACCESS);
        faults(w, sd(A0, S0, 0), at + 1, CAUSE_STORE_ACCESS);
    }
    faults(w, amo(LR, 3, A0, S0, 0), DATA + 1, CAUSE_LOAD_MISALIGNED);
    faults(w, amo(AMOADD, 3, A0, S0, S1), DATA + 4, CAUSE_STORE_MISALIGNED);
    assert_int_equal(world_reg(w, A0), 0);
}

static void test_atomics_and_misaligned_accesses_on_devices(void **state)
{
    (void)state;
    at_every_depth(on_devices);
}

/* Over the end of a page: the second one is what it is. */
static void across_pages(struct world *w)
{
    uint64_t end = PAGE_OF_WINDOW(1) + 0xffd;

    world_paging(w);
    world_map(w, 1, DATA, ALL_OF_S);
    world_map(w, 2, DATA + 0x4000, ALL_OF_S);
    world_map(w, 4, UART, ALL_OF_S);
    world_map(w, 5, DATA, ALL_OF_S);
    world_set_reg(w, S0, end);
    world_set_reg(w, S1, UINT64_C(0x8877665544332211));
    TRY(w, PRIV_S, sd(S1, S0, 0), ld(A0, S0, 0), HERE);
    assert_no_trap(w);
    assert_true(world_reg(w, A0) == UINT64_C(0x8877665544332211));
    assert_true(world_load(w, DATA + 0xff8) == UINT64_C(0x3322110000000000));
    assert_true(world_load(w, DATA + 0x4000) == UINT64_C(0x8877665544));
    world_set_reg(w, S0, PAGE_OF_WINDOW(2) + 0xffd); /* then nothing */
    TRY(w, PRIV_S, sd(S1, S0, 0), HERE);
    assert_trap(w, CAUSE_STORE_PAGE, PAGE_OF_WINDOW(3), CODE);
    assert_int_equal(world_load(w, DATA + 0x4ff8), 0);
    world_set_reg(w, S0, PAGE_OF_WINDOW(4) - 3); /* nothing, then a device */
    TRY(w, PRIV_S, ld(A0, S0, 0), HERE);
    assert_trap(w, CAUSE_LOAD_PAGE, PAGE_OF_WINDOW(4) - 3, CODE);
    world_map(w, 3, DATA, ALL_OF_S); /* memory, then a device */
    TRY(w, PRIV_S, sfence(0, 0), ld(A0, S0, 0), HERE);
    assert_trap(w, CAUSE_LOAD_ACCESS, PAGE_OF_WINDOW(4), CODE + 4);
    world_map(w, 5, DATA, 0); /* a device, then nothing */
    world_set_reg(w, S0, PAGE_OF_WINDOW(5) - 3);
    TRY(w, PRIV_S, sfence(0, 0), ld(A0, S0, 0), HERE);
    assert_trap(w, CAUSE_LOAD_ACCESS, PAGE_OF_WINDOW(5) - 3, CODE + 4);
}

static void test_misaligned_accesses_across_pages(void **state)
{
    (void)state;
    at_every_depth(across_pages);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reservation_outlives_hidden_exits),
        cmocka_unit_test(test_reservation_outlives_traps),
        cmocka_unit_test(test_reservation_is_physical),
        cmocka_unit_test(test_atomics_under_mprv),
        cmocka_unit_test(test_atomics_and_misaligned_accesses_on_devices),
        cmocka_unit_test(test_misaligned_accesses_across_pages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
