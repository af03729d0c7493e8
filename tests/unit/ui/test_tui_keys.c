/* What the keys of the text screen do to the session. */
#include "ui/tui_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static uint64_t pc(struct tui_rig *r)
{
    return world_reg(&r->w, REG_PC);
}

static void steps_and_goes_back(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct tui_rig r;

        tui_rig_make(&r, depth);
        tui_type(&r, "ss");
        assert_int_equal(pc(&r), TWICE);
        tui_type(&r, "S");
        assert_int_equal(pc(&r), START + 4);
        assert_int_equal(r.tui.cursor, START + 4);
        tui_press(&r.tui, TUI_KEY_F1 + 6);
        assert_int_equal(pc(&r), TWICE);
        tui_type(&r, "C");
        assert_int_equal(pc(&r), START);
        assert_string_equal(r.tui.why, "history begins here");
        tui_rig_free(&r);
    }
}

static void steps_over_a_call(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 1);
    tui_type(&r, "nn");
    assert_int_equal(pc(&r), LOOP);
    assert_int_equal(world_reg(&r.w, A0), 10);
    tui_type(&r, "n");
    assert_int_equal(pc(&r), LOOP + 4);
    tui_rig_free(&r);
}

static void a_breakpoint_is_at_the_cursor(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 1);
    tui_type(&r, "gloop\n");
    assert_int_equal(r.tui.cursor, LOOP);
    tui_type(&r, "B");
    tui_rig_draw(&r, 24, 80);
    assert_true(tui_row_with(&r, "B  80001008") > 0);
    tui_type(&r, "c");
    assert_int_equal(pc(&r), LOOP);
    assert_string_equal(r.tui.why, "breakpoint 1");
    tui_type(&r, "ccc");
    assert_int_equal(world_reg(&r.w, T0), 3);
    tui_type(&r, "C");
    assert_int_equal(world_reg(&r.w, T0), 2);
    assert_int_equal(pc(&r), LOOP);
    tui_type(&r, "B");
    tui_rig_draw(&r, 24, 80);
    assert_int_equal(tui_row_with(&r, "B> 80001008"), -1);
    tui_rig_free(&r);
}

static void the_cursor_moves_by_instructions(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 1);
    tui_type(&r, "jj");
    assert_int_equal(r.tui.cursor, LOOP);
    tui_press(&r.tui, TUI_KEY_UP);
    assert_int_equal(r.tui.cursor, START + 4);
    tui_press(&r.tui, TUI_KEY_HOME);
    assert_int_equal(r.tui.cursor, START);
    tui_type(&r, "gtwice+4\n");
    assert_int_equal(r.tui.cursor, TWICE + 4);
    tui_type(&r, "g0x80001014\n");
    assert_int_equal(r.tui.cursor, TWICE);
    tui_type(&r, "gnowhere\n");
    assert_int_equal(r.tui.cursor, TWICE);
    assert_non_null(strstr(r.tui.message, "'nowhere'"));
    tui_rig_free(&r);
}

static void a_number_is_a_time(void **state)
{
    struct tui_rig r;
    uint64_t from;

    (void)state;
    tui_rig_make(&r, 1);
    from = session_time(r.debugger.session);
    tui_type(&r, "g200\n");
    assert_int_equal(session_time(r.debugger.session), 200);
    tui_type(&r, "g100\n");
    assert_int_equal(session_time(r.debugger.session), 100);
    tui_rig_draw(&r, 24, 80);
    assert_true(tui_row_with(&r, "time 100 of 200") == 0);
    assert_true(from < 100);
    tui_rig_free(&r);
}

static void worlds_are_looked_at_one_after_the_other(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 2);
    tui_type(&r, "w");
    assert_int_equal(r.debugger.world, 1);
    tui_rig_draw(&r, 24, 80);
    assert_int_equal(tui_row_with(&r, " vm1  U-mode"), 0);
    tui_type(&r, "ww");
    assert_int_equal(r.debugger.world, 2);
    tui_rig_free(&r);
}

/* The session runs through its past when it goes back, and all exits come once
   more. */
static void each_exit_is_listed_once(void **state)
{
    struct tui_rig r;
    unsigned k, n;

    (void)state;
    tui_rig_make(&r, 1);
    tui_type(&r, "g32\n");
    n = r.tui.exits.count;
    assert_true(n > 8); /* each turn of the loop has one */
    tui_type(&r, "sssSSS");
    assert_int_equal(r.tui.exits.count, n);
    tui_type(&r, "C");
    assert_int_equal(r.tui.exits.count, 0);
    tui_type(&r, "g20\n");
    k = r.tui.exits.count;
    assert_true(k > 0 && k < n);
    tui_type(&r, "g32\n");
    assert_int_equal(r.tui.exits.count, n);
    for (k = 1; k < n; k++)
        assert_true(tui_exits_at(&r.tui.exits, k - 1)->time <=
                    tui_exits_at(&r.tui.exits, k)->time);
    tui_rig_free(&r);
}

static void a_question_can_be_left(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 0);
    tui_type(&r, "gstart");
    assert_int_equal(r.tui.prompt, TUI_GOTO);
    tui_press(&r.tui, TUI_KEY_BACKSPACE);
    assert_string_equal(r.tui.typed, "star");
    tui_press(&r.tui, TUI_KEY_ESCAPE);
    assert_int_equal(r.tui.prompt, TUI_NO_PROMPT);
    tui_type(&r, "g");
    for (unsigned n = 0; n < 1000; n++)
        tui_type(&r, "x");
    tui_rig_draw(&r, 24, 80);
    assert_true(r.screen.typing && r.screen.cursor_column < 80);
    tui_press(&r.tui, TUI_KEY_CTRL_U);
    tui_press(&r.tui, TUI_KEY_BACKSPACE);
    assert_int_equal(r.tui.prompt, TUI_NO_PROMPT);
    tui_type(&r, "q");
    assert_true(r.tui.quit);
    tui_rig_free(&r);
}

/* A command that only looks leaves the marks of what has changed. */
static void commands_answer_in_the_lower_pane(void **state)
{
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 1);
    tui_type(&r, "s:help\n");
    tui_rig_draw(&r, 24, 80);
    assert_int_equal(tui_row_with(&r, "[6 output]"), 17);
    assert_string_equal(tui_row(&r, 18), ": help");
    assert_true(strlen(tui_row(&r, 19)) > 0);
    assert_true(tui_row_with(&r, "a0  *0000000000000005") > 0);
    tui_type(&r, ":nonesuch\n");
    tui_rig_draw(&r, 24, 80);
    assert_string_equal(tui_row(&r, 18), ": nonesuch");
    assert_int_equal(tui_row_with(&r, "there is no such command"), 19);
    tui_type(&r, ":goto 100\n");
    assert_int_equal(session_time(r.debugger.session), 100);
    assert_int_equal(r.tui.cursor, pc(&r));
    tui_type(&r, ":");
    tui_press(&r.tui, TUI_KEY_UP);
    assert_string_equal(r.tui.typed, "goto 100");
    tui_rig_free(&r);
}

static void every_key_is_survived(void **state)
{
    const struct stop_point loop = {
        .kind = STOP_AT_CODE, .world = 1, .any_space = true, .va = LOOP
    };
    struct tui_rig r;

    (void)state;
    tui_rig_make(&r, 1);
    session_add(r.debugger.session, &loop); /* so that every run ends */
    session_add(r.debugger.session, &loop); /* B takes away but one */
    for (int key = 0; key < TUI_KEY_F12 + 2; key++) {
        tui_press(&r.tui, key);
        tui_rig_draw(&r, 24, 80);
        tui_press(&r.tui, TUI_KEY_ESCAPE);
    }
    tui_rig_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_and_goes_back),
        cmocka_unit_test(steps_over_a_call),
        cmocka_unit_test(a_breakpoint_is_at_the_cursor),
        cmocka_unit_test(the_cursor_moves_by_instructions),
        cmocka_unit_test(a_number_is_a_time),
        cmocka_unit_test(worlds_are_looked_at_one_after_the_other),
        cmocka_unit_test(each_exit_is_listed_once),
        cmocka_unit_test(a_question_can_be_left),
        cmocka_unit_test(commands_answer_in_the_lower_pane),
        cmocka_unit_test(every_key_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
