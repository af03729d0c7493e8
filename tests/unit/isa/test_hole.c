/* Holes: the table, its names, and what does not trap because of one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "isa/hole.h"
#include "isa/trap.h"

#define CSRR_A0(csr) ((uint32_t)(csr) << 20 | 0x2573)
#define CSRW_A0(csr) ((uint32_t)(csr) << 20 | 0x51073) /* csrrw x0, csr, a0 */
#define SFENCE_VMA   0x12000073u
#define RESERVED     0x00004073u

static struct isa isa;
static struct csr_file csr;

/* A hart in `priv` with one hole. */
static struct csr_file *hart(enum hole_id hole, enum priv priv)
{
    isa = isa_default();
    isa.holes = BIT(hole);
    csr_reset(&csr, &isa, 0);
    csr.priv = (uint8_t)priv;
    return &csr;
}

static bool instead(enum hole_id hole, uint32_t raw, struct hole_effect *e)
{
    return hole_instead(hart(hole, PRIV_U), raw, e);
}

static void every_hole_says_what_it_is(void **state)
{
    (void)state;
    assert_true(HOLE_COUNT >= 12);
    for (int h = 0; h < HOLE_COUNT; h++) {
        const struct hole *row = &hole_table[h];

        assert_int_equal(hole_find(row->name), h);
        assert_null(strchr(row->name, ','));
        assert_int_equal(row->sentence[strlen(row->sentence) - 1], '.');
        assert_true(row->subject[0] && row->seen[0]);
        assert_true(row->first <= row->last);
    }
}

static void names_are_parsed_in_lists(void **state)
{
    uint64_t holes = BIT(HOLE_wfi_nop);
    size_t at, length;

    (void)state;
    assert_int_equal(hole_find("sfence"), -1);
    assert_int_equal(hole_find("sfence-silent,wfi-nop"), -1);
    assert_int_equal(hole_parse("ecall-nop,sret-jumps", &holes, &at, &length),
                     STATUS_OK);
    assert_true(holes == (BIT(HOLE_wfi_nop) | BIT(HOLE_ecall_nop) |
                          BIT(HOLE_sret_jumps)));
    holes = 0;
    assert_int_equal(hole_parse("ecall-nop,sret-jump,x", &holes, &at, &length),
                     STATUS_BAD_ARGUMENT);
    assert_int_equal(at, 10);
    assert_int_equal(length, 9);
    assert_true(holes == 0);
    assert_int_equal(hole_parse("", &holes, &at, &length), STATUS_BAD_ARGUMENT);
    assert_int_equal(hole_parse("wfi-nop,", &holes, &at, &length),
                     STATUS_BAD_ARGUMENT);
}

static void a_read_shows_the_harts_own(void **state)
{
    struct csr_file *c = hart(HOLE_sstatus_readable, PRIV_U);
    struct hole_effect e;

    (void)state;
    csr_write(c, CSR_sstatus, MSTATUS_SUM);
    assert_true(hole_instead(c, CSRR_A0(CSR_sstatus), &e));
    assert_true(e.writes_rd && e.rd == 10 && !e.jump);
    assert_true(e.value == csr_read(c, CSR_sstatus));
    assert_false(hole_instead(c, CSRW_A0(CSR_sstatus), &e));
    assert_false(hole_instead(c, CSRR_A0(CSR_satp), &e));
}

static void writes_are_ignored_where_the_hole_says(void **state)
{
    struct hole_effect e;

    (void)state;
    assert_true(instead(HOLE_sie_write_ignored, CSRW_A0(CSR_sie), &e));
    assert_true(e.rd == 0);
    assert_false(instead(HOLE_sie_write_ignored, CSRR_A0(CSR_sie), &e));
    assert_false(instead(HOLE_sie_write_ignored, CSRW_A0(CSR_sip), &e));
    assert_true(instead(HOLE_csr_write_ignored, CSRW_A0(CSR_mhartid), &e));
    assert_false(instead(HOLE_csr_write_ignored, CSRW_A0(0x8ff), &e));
    assert_true(instead(HOLE_unknown_csr_nop, CSRW_A0(0x8ff), &e));
    assert_true(instead(HOLE_unknown_csr_nop, CSRR_A0(0x8ff), &e));
    assert_true(e.writes_rd && e.value == 0);
    assert_false(instead(HOLE_unknown_csr_nop, CSRW_A0(CSR_sie), &e));
}

static void instructions_do_nothing_or_jump(void **state)
{
    struct hole_effect e;

    (void)state;
    assert_true(instead(HOLE_sfence_silent, SFENCE_VMA, &e));
    assert_true(!e.jump && !e.writes_rd);
    assert_false(instead(HOLE_wfi_nop, SFENCE_VMA, &e));
    assert_true(instead(HOLE_reserved_nop, RESERVED, &e));
    assert_false(instead(HOLE_reserved_nop, 0, &e)); /* compressed */
    hart(HOLE_sret_jumps, PRIV_U)->sepc = 0x1234;
    assert_true(hole_instead(&csr, 0x10200073, &e));
    assert_true(e.jump && e.pc == 0x1234);
}

static void above_u_mode_all_is_as_it_should_be(void **state)
{
    struct hole_effect e;

    (void)state;
    for (unsigned h = 0; h < HOLE_COUNT; h++) {
        assert_false(hole_instead(hart(h, PRIV_S), RESERVED, &e));
        assert_false(hole_instead(hart(h, PRIV_S), CSRR_A0(0x8ff), &e));
        assert_false(hole_instead(hart(h, PRIV_M), CSRW_A0(CSR_mhartid), &e));
    }
    isa.holes = 0;
    csr.priv = PRIV_U;
    assert_false(hole_instead(&csr, RESERVED, &e));
}

static void mprv_outlives_mret(void **state)
{
    (void)state;
    for (unsigned k = 0; k < 2; k++) {
        struct csr_file *c = hart(HOLE_mprv_kept, PRIV_M);

        isa.holes *= k;
        csr_write(c, CSR_mstatus, MSTATUS_MPRV | field_set(0, MSTATUS_MPP, 1));
        trap_mret(c);
        assert_int_equal(c->priv, PRIV_S);
        assert_int_equal(!!(c->mstatus & MSTATUS_MPRV), k);
        assert_int_equal(csr_data_priv(c), k ? PRIV_U : PRIV_S);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_hole_says_what_it_is),
        cmocka_unit_test(names_are_parsed_in_lists),
        cmocka_unit_test(a_read_shows_the_harts_own),
        cmocka_unit_test(writes_are_ignored_where_the_hole_says),
        cmocka_unit_test(instructions_do_nothing_or_jump),
        cmocka_unit_test(above_u_mode_all_is_as_it_should_be),
        cmocka_unit_test(mprv_outlives_mret),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
