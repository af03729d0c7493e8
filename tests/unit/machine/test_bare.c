/* The bare machine behind struct machine, and the hash of its state. */
#include "machine/bare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "machine/boot.h"
#include "machine/run.h"

#define RAM BOARD_RAM_BASE

static struct bare *new_machine(unsigned harts)
{
    struct board_config c = { .harts = harts, .memory = 1 << 20,
                              .isa = isa_default() };
    struct bare *b = bare_new(&c);

    assert_non_null(b);
    return b;
}

static int set_up(void **state)
{
    *state = new_machine(2);
    return 0;
}

static int tear_down(void **state)
{
    bare_free(*state);
    return 0;
}

static void program(struct bare *b, const uint32_t *code, size_t n)
{
    assert_true(ram_write(&b->board.bus.ram, RAM, code, 4 * n));
    for (unsigned h = 0; h < b->machine.harts; h++)
        b->machine.ops->reg_set(&b->machine, h, REG_PC, RAM);
}

static void harts_begin_at_the_boot_rom_in_m_mode(void **state)
{
    struct bare *b = *state;
    struct machine *m = &b->machine;

    for (unsigned h = 0; h < 2; h++) {
        uint64_t id = 99;

        assert_int_equal(m->ops->reg_get(m, h, REG_PC), BOARD_ROM_BASE);
        assert_int_equal(m->ops->reg_get(m, h, REG_PRIV), PRIV_M);
        assert_int_equal(m->ops->csr_get(m, h, CSR_mhartid, &id), STATUS_OK);
        assert_int_equal(id, h);
    }
}

/* From reset through the ROM into the program, with what the ROM promises. */
static void the_boot_rom_hands_over_to_the_program(void **state)
{
    static const uint32_t code[] = { 0x0000006f }; /* j . */
    struct image i = image_of("program", code, sizeof code);
    struct boot_options o = { .kernel = &i };
    struct boot_layout l;
    struct bare *b = *state;
    struct machine *m = &b->machine;
    struct run_options r = { .until = 20 };
    struct error e;

    assert_int_equal(machine_boot(&b->board, &o, &l, &e), STATUS_OK);
    assert_int_equal(machine_run(m, &b->board, &r), RUN_UNTIL);
    for (unsigned h = 0; h < 2; h++) {
        assert_int_equal(m->ops->reg_get(m, h, REG_PC), RAM);
        assert_int_equal(m->ops->reg_get(m, h, 10), h);
        assert_int_equal(m->ops->reg_get(m, h, 11), l.dtb_start);
        assert_int_equal(m->ops->reg_get(m, h, 12), BOARD_ROM_BASE + 40);
    }
}

static void registers_read_back_and_x0_is_zero(void **state)
{
    struct bare *b = *state;
    struct machine *m = &b->machine;

    for (unsigned reg = 0; reg < REG_PC; reg++)
        m->ops->reg_set(m, 1, reg, reg + 1000);
    assert_int_equal(m->ops->reg_get(m, 1, 0), 0);
    for (unsigned reg = 1; reg < REG_PC; reg++)
        assert_int_equal(m->ops->reg_get(m, 1, reg), reg + 1000);
    assert_int_equal(m->ops->reg_get(m, 0, 5), 0);
    m->ops->reg_set(m, 0, REG_PRIV, PRIV_S);
    assert_int_equal(m->ops->reg_get(m, 0, REG_PRIV), PRIV_S);
    assert_true(m->ops->reg_get(m, 0, REG_RESERVATION) == RESERVATION_NONE);
    m->ops->reg_set(m, 0, REG_RESERVATION, RAM + 8);
    assert_int_equal(m->ops->reg_get(m, 0, REG_RESERVATION), RAM + 8);
}

static void a_csr_that_does_not_exist_says_so(void **state)
{
    struct bare *b = *state;
    struct machine *m = &b->machine;
    uint64_t v = 0;

    assert_int_equal(m->ops->csr_get(m, 0, 0x5ff, &v), STATUS_NO_CSR);
    assert_int_equal(m->ops->csr_set(m, 0, 0x5ff, 1), STATUS_NO_CSR);
    assert_int_equal(m->ops->csr_set(m, 0, CSR_mscratch, 77), STATUS_OK);
    assert_int_equal(m->ops->csr_get(m, 0, CSR_mscratch, &v), STATUS_OK);
    assert_int_equal(v, 77);
}

static void counters_are_exact_after_a_run(void **state)
{
    static const uint32_t code[] = { 0x00150513, /* 1: addi a0, a0, 1 */
                                     0xffdff06f  /* j 1b */ };
    struct bare *b = *state;
    struct machine *m = &b->machine;
    struct run_options r = { .until = 1001 };
    uint64_t v = 0;

    program(b, code, 2);
    assert_int_equal(machine_run(m, &b->board, &r), RUN_UNTIL);
    assert_int_equal(m->ops->reg_get(m, 0, 10), 501);
    m->ops->csr_get(m, 0, CSR_mcycle, &v);
    assert_int_equal(v, 1001);
    m->ops->csr_get(m, 0, CSR_minstret, &v);
    assert_int_equal(v, 1001);
    m->ops->csr_get(m, 0, CSR_time, &v);
    assert_int_equal(v, 10);
}

/* wfi until stimecmp; the program then ends the machine with status 5. */
static void a_timer_wakes_a_waiting_hart_at_its_count(void **state)
{
    static const uint32_t code[] = {
        0x10500073, /* wfi */
        0x00100537, /* lui a0, 0x100 */
        0x000535b7, /* lui a1, 0x53 */
        0x33358593, /* addi a1, a1, 0x333: 5 << 16 | 0x3333 */
        0x00b52023, /* sw a1, 0(a0) */
    };
    struct bare *b = new_machine(1);
    struct machine *m = &b->machine;
    struct run_options r = { .until = CLOCK_NEVER };

    (void)state;
    program(b, code, 5);
    m->ops->csr_set(m, 0, CSR_menvcfg, MENVCFG_STCE);
    m->ops->csr_set(m, 0, CSR_mie, BIT(IRQ_STI));
    m->ops->csr_set(m, 0, CSR_stimecmp, 1000);
    assert_int_equal(machine_run(m, &b->board, &r), RUN_FINISHED);
    assert_int_equal(b->board.status, 5);
    assert_int_equal(machine_count(&b->board), 100000 + 4);
    bare_free(b);
}

static uint64_t hash(struct bare *b)
{
    return machine_hash(&b->machine, &b->board);
}

static void equal_machines_have_equal_hashes(void **state)
{
    struct bare *b = *state, *other = new_machine(2);

    assert_true(hash(b) == hash(other));
    assert_true(hash(b) != 0);
    bare_free(other);
}

/* One change at a time, each of which must show. */
static void everything_architectural_changes_the_hash(void **state)
{
    struct bare *b = *state;
    struct machine *m = &b->machine;
    uint64_t before = hash(b);

#define CHANGES(change)                    \
    do {                                   \
        change;                            \
        assert_true(hash(b) != before);    \
        before = hash(b);                  \
    } while (0)
    CHANGES(m->ops->reg_set(m, 1, 31, 1));
    CHANGES(m->ops->reg_set(m, 0, REG_F0 + 31, 1));
    CHANGES(m->ops->reg_set(m, 0, REG_PC, RAM));
    CHANGES(m->ops->reg_set(m, 1, REG_PRIV, PRIV_U));
    CHANGES(m->ops->csr_set(m, 1, CSR_sscratch, 1));
    CHANGES(b->hart[0].csr.lines |= BIT(IRQ_MEI));
    CHANGES(ram_write(&b->board.bus.ram, RAM + 0xfffff, "x", 1));
    m->ops->csr_set(m, 0, CSR_mcountinhibit, ~UINT64_C(0));
    before = hash(b);
    CHANGES(hart_idle(&b->hart[0], 1));
#undef CHANGES
}

/* Two pages with their contents exchanged are not the same memory. */
static void the_hash_knows_where_a_page_is(void **state)
{
    struct bare *b = *state, *other = new_machine(2);

    ram_write(&b->board.bus.ram, RAM, "x", 1);
    ram_write(&other->board.bus.ram, RAM + RAM_PAGE, "x", 1);
    assert_true(hash(b) != hash(other));
    bare_free(other);
}

static void a_page_of_zeros_is_the_same_as_an_untouched_one(void **state)
{
    static const uint8_t zeros[2 * RAM_PAGE];
    struct bare *b = *state;
    uint64_t before = hash(b);

    ram_write(&b->board.bus.ram, RAM + RAM_PAGE, zeros, sizeof zeros);
    assert_true(hash(b) == before);
    ram_write(&b->board.bus.ram, RAM + 2 * RAM_PAGE - 1, "\1", 1);
    assert_true(hash(b) != before);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(harts_begin_at_the_boot_rom_in_m_mode),
        T(the_boot_rom_hands_over_to_the_program),
        T(registers_read_back_and_x0_is_zero),
        T(a_csr_that_does_not_exist_says_so),
        T(counters_are_exact_after_a_run),
        T(a_timer_wakes_a_waiting_hart_at_its_count),
        T(equal_machines_have_equal_hashes),
        T(everything_architectural_changes_the_hash),
        T(the_hash_knows_where_a_page_is),
        T(a_page_of_zeros_is_the_same_as_an_untouched_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
