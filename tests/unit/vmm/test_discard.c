/* Pages that nobody needs any more: zero at every depth, whatever was decoded
   or mapped of them, and gone from the host. */
#define _DEFAULT_SOURCE /* mincore */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <sys/mman.h>

#include <cmocka.h>

#define PAGE 3
#define VA   PAGE_OF_WINDOW(PAGE)

static void discard(struct world *w, uint64_t pa)
{
    assert_true(w->m->ops->discard(w->m, pa, RAM_PAGE));
}

/* Does the host spend memory on the page? (Looking into it would make it.) */
static bool is_resident(struct world *w, uint64_t pa)
{
    unsigned char there;

    assert_int_equal(
        mincore(w->m->ops->ram(w->m, pa, RAM_PAGE, false), RAM_PAGE, &there),
        0);
    return there & 1;
}

static void data(struct world *w)
{
    world_paging(w);
    world_map(w, PAGE, DATA, ALL_OF_S);
    world_store(w, DATA, 77);
    world_store(w, DATA + 0x1000, 88);
    world_set_reg(w, S0, VA);
    TRY(w, PRIV_S, ld(A0, S0, 0), sd(A0, S0, 8), HERE);
    assert_int_equal(world_load(w, DATA + 8), 77);
    discard(w, DATA);
    assert_false(is_resident(w, DATA));
    TRY(w, PRIV_S, ld(A1, S0, 0), ld(A2, S0, 8), HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, A1) | world_reg(w, A2), 0);
    assert_int_equal(world_load(w, DATA + 0x1000), 88);
    /* And is there again when it is written. */
    TRY(w, PRIV_S, sd(S0, S0, 0), ld(A3, S0, 0), HERE);
    assert_true(world_reg(w, A3) == VA);
    assert_true(world_load(w, DATA) == VA);
}

static void test_data_is_zero_and_its_page_gone(void **state)
{
    (void)state;
    at_every_depth(data);
}

/* The page that is running, too: all zero is no instruction. */
static void code(struct world *w)
{
    TRY(w, PRIV_S, addi(A0, A0, 1), HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, A0), 1);
    discard(w, CODE & ~UINT64_C(0xfff));
    world_run(w, 4);
    assert_trap(w, CAUSE_ILLEGAL, 0, CODE + 4);
    TRY(w, PRIV_S, addi(A0, A0, 2), HERE);
    assert_int_equal(world_reg(w, A0), 3);
}

static void test_decoded_code_is_forgotten(void **state)
{
    (void)state;
    at_every_depth(code);
}

static void outside(struct world *w)
{
    const struct machine_ops *ops = w->m->ops;
    uint64_t end = BOARD_RAM_BASE + WORLD_RAM;

    world_store(w, end - 8, 5);
    assert_false(ops->discard(w->m, end, RAM_PAGE));
    assert_false(ops->discard(w->m, end - RAM_PAGE, 2 * RAM_PAGE));
    assert_false(ops->discard(w->m, BOARD_ROM_BASE, RAM_PAGE));
    assert_false(ops->discard(w->m, BOARD_RAM_BASE + 8, RAM_PAGE));
    assert_int_equal(world_load(w, end - 8), 5);
}

static void test_nothing_is_discarded_outside_ram(void **state)
{
    (void)state;
    at_every_depth(outside);
}

/* A host that knows no discarding. */
static void test_zeros_do_where_the_host_has_no_way(void **state)
{
    struct world w;
    struct machine_ops ops;
    const struct machine_ops *real;

    (void)state;
    world_make(&w, 1, 1);
    real = w.bare->machine.ops;
    ops = *real;
    ops.discard = NULL;
    w.bare->machine.ops = &ops;
    world_store(&w, DATA, 77);
    discard(&w, DATA);
    assert_int_equal(world_load(&w, DATA), 0);
    w.bare->machine.ops = real;
    world_free(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_is_zero_and_its_page_gone),
        cmocka_unit_test(test_decoded_code_is_forgotten),
        cmocka_unit_test(test_nothing_is_discarded_outside_ram),
        cmocka_unit_test(test_zeros_do_where_the_host_has_no_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
