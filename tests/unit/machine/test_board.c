/* The board's wires: what devices do reaches the harts' interrupt bits. */
#include "machine/board.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CLINT UINT64_C(0x2000000)
#define MTIMECMP(h) (CLINT + 0x4000 + 8 * (h))
#define MTIME (CLINT + 0xbff8)
#define SSWI UINT64_C(0x2f00000)
#define FINISHER UINT64_C(0x100000)
#define TICK CLOCK_COUNTS_PER_TICK

struct fixture {
    struct board board;
    struct csr_file csr[2];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct board_config c = { .harts = 2, .memory = RAM_PAGE,
                              .isa = isa_default() };

    assert_int_equal(board_init(&f->board, &c, NULL, NULL), STATUS_OK);
    for (unsigned h = 0; h < 2; h++) {
        csr_reset(&f->csr[h], &f->board.config.isa, h);
        f->board.csr[h] = &f->csr[h];
    }
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    board_free(&f->board);
    free(f);
    return 0;
}

static void store(struct fixture *f, uint64_t pa, unsigned size, uint64_t v)
{
    assert_int_equal(bus_store(&f->board.bus, pa, size, v), STATUS_OK);
}

/* Both harts are at `count`, and what was due has happened. */
static void at(struct fixture *f, uint64_t count)
{
    f->csr[0].count = f->csr[1].count = count;
    clock_advance(&f->board.bus.clock, count);
}

static void software_interrupts_reach_their_hart(void **state)
{
    struct fixture *f = *state;

    store(f, CLINT + 4, 4, 1);
    assert_int_equal(f->csr[0].lines, 0);
    assert_int_equal(f->csr[1].lines, BIT(IRQ_MSI));
    assert_true(f->board.bus.attention);
    store(f, CLINT + 4, 4, 0);
    assert_int_equal(f->csr[1].lines, 0);
}

/* ACLINT, SSWI: a write sets SSIP; only software clears it. */
static void supervisor_software_interrupts_set_ssip(void **state)
{
    struct fixture *f = *state;

    store(f, SSWI + 4, 4, 1);
    assert_int_equal(f->csr[1].mip, BIT(IRQ_SSI));
    assert_int_equal(f->csr[1].lines, 0);
    store(f, SSWI + 4, 4, 0);
    assert_int_equal(f->csr[1].mip, BIT(IRQ_SSI));
}

static void mtimecmp_raises_mti_when_mtime_reaches_it(void **state)
{
    struct fixture *f = *state;

    store(f, MTIMECMP(1), 8, 50);
    assert_int_equal(clock_next(&f->board.bus.clock), 50 * TICK);
    at(f, 50 * TICK - 1);
    assert_int_equal(f->csr[1].lines, 0);
    at(f, 50 * TICK);
    assert_int_equal(f->csr[1].lines, BIT(IRQ_MTI));
    assert_int_equal(f->csr[0].lines, 0);
}

static void arm_sstc(struct fixture *f, unsigned h, uint64_t time)
{
    csr_write(&f->csr[h], CSR_menvcfg, MENVCFG_STCE);
    csr_write(&f->csr[h], CSR_stimecmp, time);
    board_timer_update(&f->board, h);
}

static void stimecmp_raises_sti_when_time_reaches_it(void **state)
{
    struct fixture *f = *state;

    arm_sstc(f, 0, 70);
    assert_int_equal(clock_next(&f->board.bus.clock), 70 * TICK);
    at(f, 70 * TICK - 1);
    assert_false(csr_mip(&f->csr[0]) & BIT(IRQ_STI));
    f->board.bus.attention = false;
    at(f, 70 * TICK);
    assert_true(csr_mip(&f->csr[0]) & BIT(IRQ_STI));
    assert_true(f->board.bus.attention);
    assert_false(csr_mip(&f->csr[1]) & BIT(IRQ_STI));
}

static void rearming_stimecmp_lowers_sti(void **state)
{
    struct fixture *f = *state;

    arm_sstc(f, 0, 70);
    at(f, 70 * TICK);
    arm_sstc(f, 0, 90);
    assert_false(csr_mip(&f->csr[0]) & BIT(IRQ_STI));
    assert_int_equal(clock_next(&f->board.bus.clock), 90 * TICK);
}

/* menvcfg.STCE = 0: stimecmp does nothing. */
static void without_stce_there_is_no_comparator(void **state)
{
    struct fixture *f = *state;

    arm_sstc(f, 0, 70);
    csr_write(&f->csr[0], CSR_menvcfg, 0);
    board_timer_update(&f->board, 0);
    assert_int_equal(clock_next(&f->board.bus.clock), CLOCK_NEVER);
}

static void a_write_to_mtime_moves_stimecmp_too(void **state)
{
    struct fixture *f = *state;

    arm_sstc(f, 0, 1000);
    at(f, 10 * TICK);
    store(f, MTIME, 8, 990);
    assert_int_equal(clock_next(&f->board.bus.clock), 20 * TICK);
    store(f, MTIME, 8, 1000);
    assert_true(csr_mip(&f->csr[0]) & BIT(IRQ_STI));
}

/* time >= stimecmp is unsigned: when time wraps around, the line falls. */
static void sti_falls_when_time_wraps_around(void **state)
{
    struct fixture *f = *state;

    arm_sstc(f, 0, UINT64_MAX - 1);
    store(f, MTIME, 8, UINT64_MAX - 1);
    assert_true(csr_mip(&f->csr[0]) & BIT(IRQ_STI));
    at(f, 2 * TICK);
    assert_false(csr_mip(&f->csr[0]) & BIT(IRQ_STI));
}

static void the_finisher_ends_the_machine(void **state)
{
    struct fixture *f = *state;

    store(f, FINISHER, 4, 7 << 16 | 0x3333);
    assert_true(f->board.finished);
    assert_int_equal(f->board.status, 7);
    assert_true(f->board.bus.attention);
    assert_false(f->board.reset_wanted);
}

static void the_finisher_resets_the_machine(void **state)
{
    struct fixture *f = *state;

    store(f, FINISHER, 4, 0x7777);
    assert_true(f->board.reset_wanted);
    assert_false(f->board.finished);
}

static void impossible_boards_are_refused(void **state)
{
    static const struct { unsigned harts; uint64_t memory; } bad[] = {
        { 0, RAM_PAGE }, { BOARD_MAX_HARTS + 1, RAM_PAGE }, { 1, 0 },
        { 1, RAM_PAGE + 1 },
    };
    struct board *b = malloc(sizeof *b);

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct board_config c = { .harts = bad[k].harts,
                                  .memory = bad[k].memory,
                                  .isa = isa_default() };

        assert_int_equal(board_init(b, &c, NULL, NULL), STATUS_BAD_ARGUMENT);
    }
    free(b);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(software_interrupts_reach_their_hart),
        T(supervisor_software_interrupts_set_ssip),
        T(mtimecmp_raises_mti_when_mtime_reaches_it),
        T(stimecmp_raises_sti_when_time_reaches_it),
        T(rearming_stimecmp_lowers_sti),
        T(without_stce_there_is_no_comparator),
        T(a_write_to_mtime_moves_stimecmp_too),
        T(sti_falls_when_time_wraps_around),
        T(the_finisher_ends_the_machine),
        T(the_finisher_resets_the_machine),
        T(impossible_boards_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
