/* Text as keys of a US keyboard, and the script that types it. */
#include "cli/key_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/input-event-codes.h>

#include "devices/virtio_input.h"

/* Types `text`; its events are the keys of `expected`, which ends with 0, each
   in a packet of its own. */
static void types(const char *text, const int *expected)
{
    static uint8_t out[64 * KEY_TEXT_BYTES];
    size_t n, at = 0;
    const uint8_t *e = out;

    assert_null(key_text(text, strlen(text), out, &n, &at));
    for (; *expected; expected++, e += 2 * VIRTIO_INPUT_EVENT) {
        assert_true(e + 2 * VIRTIO_INPUT_EVENT <= out + n);
        assert_int_equal(little_endian_get(e, 2), EV_KEY);
        assert_int_equal(little_endian_get(e + 2, 2), abs(*expected));
        assert_int_equal(little_endian_get(e + 4, 4), *expected > 0);
        assert_int_equal(little_endian_get(e + 8, 8), 0); /* SYN_REPORT */
    }
    assert_ptr_equal(e, out + n);
}

#define KEYS(...) ((const int[]){ __VA_ARGS__, 0 })

static void characters_are_keys_with_and_without_shift(void **state)
{
    (void)state;
    types("a", KEYS(KEY_A, -KEY_A));
    types("A", KEYS(KEY_LEFTSHIFT, KEY_A, -KEY_A, -KEY_LEFTSHIFT));
    types("1!",
          KEYS(KEY_1, -KEY_1, KEY_LEFTSHIFT, KEY_1, -KEY_1, -KEY_LEFTSHIFT));
    types(" \n\t", KEYS(KEY_SPACE, -KEY_SPACE, KEY_ENTER, -KEY_ENTER, KEY_TAB,
                        -KEY_TAB));
    types("\x1b\x7f", KEYS(KEY_ESC, -KEY_ESC, KEY_BACKSPACE, -KEY_BACKSPACE));
    types("~", KEYS(KEY_LEFTSHIFT, KEY_GRAVE, -KEY_GRAVE, -KEY_LEFTSHIFT));
    types(">", KEYS(KEY_LEFTSHIFT, KEY_DOT, -KEY_DOT, -KEY_LEFTSHIFT));
}

static void every_printing_character_can_be_typed(void **state)
{
    uint8_t out[KEY_TEXT_BYTES];
    size_t n, at;

    (void)state;
    for (char c = ' '; c < 127; c++)
        if (c != '<')
            assert_null(key_text(&c, 1, out, &n, &at));
    for (int c = 128; c < 256; c++)
        assert_non_null(key_text(&(char){ (char)c }, 1, out, &n, &at));
    assert_non_null(key_text("\0", 1, out, &n, &at));
}

static void named_keys_and_modifiers(void **state)
{
    (void)state;
    types("<up>x", KEYS(KEY_UP, -KEY_UP, KEY_X, -KEY_X));
    types("<f1><f12>", KEYS(KEY_F1, -KEY_F1, KEY_F12, -KEY_F12));
    types("<lt>", KEYS(KEY_LEFTSHIFT, KEY_COMMA, -KEY_COMMA, -KEY_LEFTSHIFT));
    types("<ctrl-c>", KEYS(KEY_LEFTCTRL, KEY_C, -KEY_C, -KEY_LEFTCTRL));
    types("<ctrl>", KEYS(KEY_LEFTCTRL, -KEY_LEFTCTRL));
    types("<ctrl-->", KEYS(KEY_LEFTCTRL, KEY_MINUS, -KEY_MINUS, -KEY_LEFTCTRL));
    types("<alt-ctrl-delete>", KEYS(KEY_LEFTCTRL, KEY_LEFTALT, KEY_DELETE,
                                    -KEY_DELETE, -KEY_LEFTALT, -KEY_LEFTCTRL));
    types("<meta-A>", KEYS(KEY_LEFTSHIFT, KEY_LEFTMETA, KEY_A, -KEY_A,
                           -KEY_LEFTMETA, -KEY_LEFTSHIFT));
    types("<shift-pageup>",
          KEYS(KEY_LEFTSHIFT, KEY_PAGEUP, -KEY_PAGEUP, -KEY_LEFTSHIFT));
}

static void what_is_no_key_is_said_with_its_place(void **state)
{
    static const struct {
        const char *text;
        size_t at;
    } bad[] = {
        { "ab<foo>", 2 },  { "<", 0 },         { "a<b", 1 },
        { "<>", 0 },       { "<ctrl->", 0 },   { "<ctrl-ctrl-a>", 0 },
        { "<CTRL-a>", 0 }, { "x\xc3\xa4", 1 }, { "<up >", 0 },
        { "<u>p\x01", 4 },
    };
    uint8_t out[32 * KEY_TEXT_BYTES];
    size_t n, at;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_non_null(
            key_text(bad[i].text, strlen(bad[i].text), out, &n, &at));
        assert_int_equal(at, bad[i].at);
    }
}

/* The most that a text can make fits the room that is asked for. */
static void events_fit_their_room(void **state)
{
    static const char *const texts[] = {
        "~", "AAAA", "<ctrl-shift-alt-meta-~>", "<ctrl-a>", "<alt-b>", "<lt>"
    };
    uint8_t out[32 * KEY_TEXT_BYTES];
    size_t n, at;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_null(key_text(texts[i], strlen(texts[i]), out, &n, &at));
        assert_true(n <= strlen(texts[i]) * KEY_TEXT_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_keys_with_and_without_shift),
        cmocka_unit_test(every_printing_character_can_be_typed),
        cmocka_unit_test(named_keys_and_modifiers),
        cmocka_unit_test(what_is_no_key_is_said_with_its_place),
        cmocka_unit_test(events_fit_their_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
