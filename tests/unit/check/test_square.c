/*
 * The commuting square: it commutes for our monitor, and one that does not is
 * found, and made small. POGO_TEST_SEED=N takes another seed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "check/square.h"
#include "isa/hole.h"
#include "isa/insn.h"

static struct square_result result;

static void check(uint64_t bare, uint64_t under, uint64_t samples)
{
    const char *seed = getenv("POGO_TEST_SEED");
    struct square_config c = { .isa = isa_default(),
                               .holes = { bare, under },
                               .seed = seed ? strtoull(seed, NULL, 0) : 1,
                               .samples = samples };

    square_check(&c, &result);
}

static unsigned op(void)
{
    const struct isa isa = isa_default();
    struct insn i;

    insn_decode(result.insn, &isa, &i);
    return i.op;
}

static void assert_broken(void)
{
    assert_int_equal(result.verdict, SQUARE_BROKEN);
    assert_true(result.minimised);
}

static void it_commutes(void **state)
{
    (void)state;
    check(0, 0, 6000);
    if (result.verdict != SQUARE_HOLDS)
        fail_msg("insn %08x at %llx", result.insn,
                 (unsigned long long)result.state.reg[REG_PC]);
    assert_int_equal(result.squares, 6000);
    assert_true(result.rows > 200);
    assert_true(result.csrs > 200);
    for (unsigned mode = PRIV_U; mode <= PRIV_M; mode++)
        assert_true(mode == 2 || result.modes[mode] > 1000);
    /* Most do what they are there for. */
    assert_true(result.traps < result.squares * 2 / 3);
}

static void the_same_seed_does_the_same(void **state)
{
    uint64_t traps;

    (void)state;
    check(0, 0, 500);
    traps = result.traps;
    check(0, 0, 500);
    assert_int_equal(result.traps, traps);
}

static void a_hole_under_the_monitor_is_found(void **state)
{
    (void)state;
    check(BIT(HOLE_sret_jumps), BIT(HOLE_sret_jumps), 100000);
    assert_broken();
    assert_int_equal(op(), INSN_sret);
    check(0, BIT(HOLE_unknown_csr_nop), 100000);
    assert_broken();
    assert_int_equal(insn_class(op()), CLASS_CSR);
}

/* Nothing is left in the state that has nothing to do with it. */
static void what_does_not_matter_is_left_out(void **state)
{
    unsigned registers = 0;

    (void)state;
    check(0, BIT(HOLE_wfi_nop), 100000);
    assert_broken();
    assert_int_equal(op(), INSN_wfi);
    for (unsigned n = REG_X0; n < REG_PC; n++)
        registers += result.state.reg[n] != 0;
    assert_int_equal(registers, 0);
}

static void a_difference_in_a_csr_alone_is_found(void **state)
{
    const struct square_parting *p = &result.parting;

    (void)state;
    check(0, BIT(HOLE_fs_not_dirty), 100000);
    assert_broken();
    assert_true(p->registers == 2);
    assert_true(p->reg[0].is_csr && p->reg[0].number == CSR_sstatus);
    assert_int_equal(field_get(p->reg[0].value[0], MSTATUS_FS), FS_DIRTY);
    assert_int_not_equal(field_get(p->reg[0].value[1], MSTATUS_FS), FS_DIRTY);
}

static void say(void *context, uint64_t done)
{
    *(uint64_t *)context = done;
}

static void it_ends_when_told_to(void **state)
{
    const volatile int cancel = 1;
    uint64_t done = 0;
    struct square_config c = { .isa = isa_default(),
                               .samples = UINT64_MAX,
                               .progress = say,
                               .context = &done,
                               .cancel = &cancel };

    (void)state;
    square_check(&c, &result);
    assert_int_equal(result.verdict, SQUARE_CANCELLED);
    assert_true(done > 0 && done == result.squares);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_commutes),
        cmocka_unit_test(the_same_seed_does_the_same),
        cmocka_unit_test(a_hole_under_the_monitor_is_found),
        cmocka_unit_test(what_does_not_matter_is_left_out),
        cmocka_unit_test(a_difference_in_a_csr_alone_is_found),
        cmocka_unit_test(it_ends_when_told_to),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
