/* What the text screen shows, in screens of several sizes. */
#include "ui/tui_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define assert_shows(r, text)                                                  \
    do {                                                                       \
        if (tui_row_with(r, text) < 0)                                         \
            fail_msg("the screen does not show '%s'", text);                   \
    } while (0)

/* No row is wider than the screen, and the last one has something in it. */
static void check_shape(struct tui_rig *r)
{
    for (unsigned row = 0; row < r->screen.rows; row++)
        assert_true(tui_width(tui_row(r, row)) <= r->screen.columns);
    assert_true(strlen(tui_row(r, r->screen.rows - 1)) > 0);
}

static void shows_code_and_registers_at_80_by_24(void **state)
{
    struct tui_rig r;

    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        char who[32];

        tui_rig_make(&r, depth);
        tui_rig_draw(&r, 24, 80);
        check_shape(&r);
        snprintf(who, sizeof who, depth ? " vm%u (guest)" : " bare (guest)",
                 depth);
        assert_int_equal(tui_row_with(&r, who), 0);
        assert_non_null(strstr(tui_row(&r, 0), "M-mode  time "));
        assert_int_equal(tui_row_with(&r, "80001000 <start>:"), 1);
        assert_int_equal(tui_row_with(&r, " > 80001000  "), 2);
        assert_true(tui_row_with(&r, "80001008 <loop>:") > 2);
        assert_shows(&r, "<twice>"); /* where jal leads */
        assert_int_equal(tui_row_with(&r, "zero 0000000000000000 a6 "), 1);
        assert_int_equal(tui_row_with(&r, "a5   0000000000000000 t6 "), 16);
        assert_int_equal(tui_row_with(&r, "[1 traps]"), 17);
        assert_int_equal(tui_row_with(&r, "s step  n over  c run"), 23);
        tui_rig_free(&r);
    }
}

static void has_csrs_beside_the_code_where_there_is_room(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 1);
    tui_rig_draw(&r, 40, 120);
    check_shape(&r);
    assert_int_equal(tui_row_with(&r, "zero 0000000000000000 a6 "), 1);
    assert_int_equal(tui_row_with(&r, "mstatus "), 18);
    assert_shows(&r, "0000000080001000  00500513  "); /* bits of the code */
    assert_true(tui_row_with(&r, "[1 traps]") > 20);
    tui_rig_free(&r);
}

static void says_one_sentence_where_it_does_not_fit(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 0);
    tui_rig_draw(&r, 10, 40);
    assert_string_equal(tui_row(&r, 0),
                        "pogo tui needs a screen of 72 columns");
    assert_string_equal(tui_row(&r, 1), "and 20 rows; this one has 40 and 10.");
    assert_string_equal(tui_row(&r, 2), "");
    for (unsigned rows = 1; rows < 30; rows++) /* nothing bad happens */
        for (unsigned columns = 1; columns < 90; columns += 11)
            tui_rig_draw(&r, rows, columns);
    tui_rig_draw(&r, TUI_LEAST_ROWS, TUI_LEAST_COLUMNS);
    check_shape(&r);
    assert_shows(&r, " > 80001000  ");
    assert_shows(&r, "a5   0000000000000000 t6 ");
    tui_rig_free(&r);
}

static void marks_what_has_changed(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 1);
    tui_type(&r, "s");
    tui_rig_draw(&r, 24, 80);
    assert_shows(&r, "a0  *0000000000000005");
    assert_int_equal(tui_style_of(&r, "*0000000000000005"), TUI_CHANGED);
    assert_shows(&r, " > 80001004  ");
    assert_int_equal(tui_style_of(&r, "> 80001004"), TUI_HERE | TUI_CURSOR);
    tui_type(&r, "s");
    tui_rig_draw(&r, 24, 80);
    assert_shows(&r, "a0   0000000000000005");
    assert_shows(&r, "ra  *0000000080001008");
    tui_rig_free(&r);
}

/* Who runs whom, from the guest down to the bare machine. */
static void shows_the_chain_of_worlds(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 2);
    tui_type(&r, "s");
    tui_rig_draw(&r, 40, 120);
    assert_shows(&r, "vm2  >M  start+0x4");
    assert_shows(&r, "vm1  >U  ");
    assert_shows(&r, "runs vm2, its M-mode");
    assert_shows(&r, "the monitor of vm2");
    assert_shows(&r, "bare >U  ");
    assert_shows(&r, "the monitor of vm1");
    assert_shows(&r, "<- instruction page fault at start: filled");
    tui_rig_free(&r);
}

static void walks_pages_step_by_step(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 1);
    world_paging(&r.w); /* S-mode, a gigapage */
    tui_type(&r, "2s");
    tui_rig_draw(&r, 24, 80);
    assert_shows(&r, "pc 0x80001004 in vm1");
    assert_shows(&r, "| the shadow, for bare");
    assert_shows(&r, "L2 [  2] 0x200000cf RWX--AD");
    assert_shows(&r, "page 0x80001000");
    tui_type(&r, "p0x40000000\n");
    tui_rig_draw(&r, 24, 80);
    assert_shows(&r, "0x40000000 in vm1");
    assert_shows(&r, "L2 [  1] 0x20040401 pointer");
    assert_shows(&r, "no page: load page fault");
    tui_type(&r, "p\n");
    tui_rig_draw(&r, 24, 80);
    assert_shows(&r, "pc 0x80001004 in vm1");
    tui_rig_free(&r);
}

static void pages_are_chosen_and_sized(void **state)
{
    static const char said[] = "one\r\n\x1b[1mtwo\x1b[0m\n";
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 1);
    tui_console(&r.tui, (const uint8_t *)said, strlen(said));
    tui_type(&r, "5");
    tui_rig_draw(&r, 24, 80);
    assert_int_equal(tui_row_with(&r, "[5 console]"), 17);
    assert_string_equal(tui_row(&r, 18), "one");
    assert_string_equal(tui_row(&r, 19), "two");
    tui_type(&r, "+");
    tui_rig_draw(&r, 24, 80);
    assert_int_equal(tui_row_with(&r, "[5 console]"), 16);
    tui_type(&r, "z");
    tui_rig_draw(&r, 24, 80);
    assert_int_equal(tui_row_with(&r, "[5 console]"), 1);
    tui_type(&r, "z\t");
    tui_rig_draw(&r, 24, 80);
    assert_shows(&r, "[6 output]");
    tui_type(&r, "?");
    tui_rig_draw(&r, 24, 80);
    assert_shows(&r, "back to the last stop point before");
    assert_shows(&r, "this page;  quit");
    tui_rig_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_code_and_registers_at_80_by_24),
        cmocka_unit_test(has_csrs_beside_the_code_where_there_is_room),
        cmocka_unit_test(says_one_sentence_where_it_does_not_fit),
        cmocka_unit_test(marks_what_has_changed),
        cmocka_unit_test(shows_the_chain_of_worlds),
        cmocka_unit_test(walks_pages_step_by_step),
        cmocka_unit_test(pages_are_chosen_and_sized),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
