/* Text that is put into a screen, or kept as a terminal would show it. */
#include "ui/tui/screen.h"
#include "ui/tui/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void put(struct tui_text *t, const char *text)
{
    tui_text_put(t, (const uint8_t *)text, strlen(text));
}

static void check_lines(const char *from, unsigned n, const char *const *want)
{
    for (size_t at = 1; at <= strlen(from); at++) { /* in pieces of any size */
        struct tui_text t = { 0 };

        for (size_t k = 0; k < strlen(from); k += at)
            tui_text_put(&t, (const uint8_t *)from + k,
                         strlen(from) - k < at ? strlen(from) - k : at);
        assert_int_equal(t.lines, n);
        for (unsigned k = 0; k < n; k++)
            assert_string_equal(t.line[k].text, want[k]);
        tui_text_free(&t);
    }
}

static void sequences_for_a_terminal_are_left_out(void **state)
{
    (void)state;
    check_lines("a\r\n\r\nb", 3, (const char *[]){ "a", "", "b" });
    check_lines("\x1b[1;31mred\x1b[0m\x1b]0;title\x07 x\x1b(B\n", 1,
                (const char *[]){ "red x" });
    check_lines("10 %\r20 %\r\n", 1, (const char *[]){ "20 %" });
    check_lines("abc\b\bd\n", 1, (const char *[]){ "ad" });
    check_lines("a\tb\x01\x7f\n", 1, (const char *[]){ "a       b" });
}

static void the_oldest_lines_are_given_up(void **state)
{
    struct tui_text t = { 0 };

    (void)state;
    for (unsigned n = 0; n < 3 * TUI_TEXT_LINES; n++)
        tui_text_say(&t, 0, "%u", n);
    assert_true(t.lines <= TUI_TEXT_LINES && t.lines >= TUI_TEXT_LINES / 2);
    assert_string_equal(t.line[t.lines - 1].text, "5999");
    for (unsigned n = 0; n < 10 * TUI_TEXT_LINE; n++)
        put(&t, "x");
    assert_int_equal(t.line[t.lines - 1].length, TUI_TEXT_LINE);
    tui_text_free(&t);
}

static void text_stays_in_its_area(void **state)
{
    struct tui_screen s = { 0 };
    struct tui_area a;
    char row[64];

    (void)state;
    assert_true(tui_screen_resize(&s, 3, 12));
    a = (struct tui_area){ &s, 1, 2, 1, 6 };
    assert_int_equal(tui_put(&a, 0, 0, TUI_PLAIN, "abc"), 3);
    tui_put(&a, 0, 3, TUI_BAR, "defghi");
    tui_put(&a, 1, 0, TUI_PLAIN, "below");
    tui_screen_row(&s, 1, row, sizeof row);
    assert_string_equal(row, "  abcde~");
    tui_screen_row(&s, 2, row, sizeof row);
    assert_string_equal(row, "");
    tui_put_right(&a, 0, TUI_PLAIN, "yz");
    tui_screen_row(&s, 1, row, sizeof row);
    assert_string_equal(row, "  abcdyz");
    tui_screen_free(&s);
}

static void what_is_no_character_is_a_question_mark(void **state)
{
    struct tui_screen s = { 0 };
    struct tui_area a;
    char row[64];

    (void)state;
    assert_true(tui_screen_resize(&s, 1, 20));
    a = tui_screen_all(&s);
    tui_put(&a, 0, 0, TUI_PLAIN,
            "\xc3\xa4\xe2\x80\xa6\x1b\xff\xc3"
            "(\xe2\x80");
    tui_screen_row(&s, 0, row, sizeof row);
    assert_string_equal(row, "\xc3\xa4\xe2\x80\xa6?"
                             "?"
                             "?"
                             "("
                             "?"
                             "?");
    assert_int_equal(tui_width("\xc3\xa4\xe2\x80\xa6"), 2);
    tui_screen_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequences_for_a_terminal_are_left_out),
        cmocka_unit_test(the_oldest_lines_are_given_up),
        cmocka_unit_test(text_stays_in_its_area),
        cmocka_unit_test(what_is_no_character_is_a_question_mark),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
