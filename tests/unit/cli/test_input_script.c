/* Keys that arrive at stated counts. */
#include "cli/input_script.h"
#include "machine/board.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct input_script script;
    struct board board; /* of no use but for its count, which is 0 */
    struct inputs inputs;
    struct console console, *keyboard;
    struct error error;
};

static size_t take(void *console, const uint8_t *bytes, size_t n)
{
    return console_push(console, bytes, n);
}

static void plug_in(struct fixture *f)
{
    inputs_init(&f->inputs, NULL);
    inputs_attach(&f->inputs, &f->board);
    f->inputs.end[INPUT_UART] = (struct input_end){ take, &f->console };
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    console_init(&f->console, NULL, NULL);
    plug_in(f);
    f->keyboard = &f->console;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    input_script_free(&f->script);
    free(f);
    return 0;
}

static enum status parse(struct fixture *f, const char *text)
{
    struct image i = image_of("keys", text, strlen(text));

    input_script_free(&f->script);
    return input_script_parse(&f->script, &i, &f->error);
}

/* The next n bytes that the guest reads. */
static void reads(struct fixture *f, const char *want, size_t n)
{
    uint8_t byte;

    for (size_t k = 0; k < n; k++) {
        assert_true(console_take(&f->console, &byte));
        assert_int_equal(byte, (uint8_t)want[k]);
    }
    assert_false(console_take(&f->console, &byte));
}

static void keys_arrive_at_exactly_their_count(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(parse(f, "100 ab\n\n# remark\n100 c\n250  d \n"),
                     STATUS_OK);
    input_script_start(&f->script, &f->inputs, &f->keyboard);
    assert_int_equal(inputs_next(&f->inputs), 100);
    inputs_deliver(&f->inputs, 99);
    reads(f, "", 0);
    inputs_deliver(&f->inputs, 100);
    reads(f, "abc", 3);
    assert_int_equal(inputs_next(&f->inputs), 250);
    inputs_deliver(&f->inputs, 250);
    reads(f, " d ", 3);
    assert_int_equal(inputs_next(&f->inputs), CLOCK_NEVER);
}

static void escapes_are_cs(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(parse(f, "0 \\n\\r\\t\\e\\\\\\\"\\x41\\x7\\101\\0\\377"),
                     STATUS_OK);
    input_script_start(&f->script, &f->inputs, &f->keyboard);
    inputs_deliver(&f->inputs, 0);
    reads(f, "\n\r\t\x1b\\\"A\x07" "A\0\xff", 11);
}

static void a_malformed_line_is_named(void **state)
{
    static const char *const bad[] = {
        "0 ok\nx\n", "0 ok\n12\n", "0 ok\n12x\n", "0 ok\n 5 x\n",
        "0 ok\n5 \\q\n", "0 ok\n5 \\\n", "0 ok\n5 \\x\n", "0 ok\n5 \\400\n",
        "0 ok\n18446744073709551616 x\n", "0 ok\n18446744073709551615 x\n",
        "0 ok\n-1 x\n", "9 ok\n8 x\n",
    };
    struct fixture *f = *state;

    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        assert_int_equal(parse(f, bad[k]), STATUS_BAD_FORMAT);
        assert_non_null(strstr(f->error.text, "line 2 of 'keys'"));
        assert_null(f->script.line);
    }
}

/* What the guest has no room for is not lost. */
static void text_longer_than_the_console_holds_arrives_in_parts(void **state)
{
    struct fixture *f = *state;
    size_t n = 2 * CONSOLE_INPUT + 10, got = 0;
    char *text = malloc(n + 16);
    uint8_t byte;

    strcpy(text, "7 ");
    memset(text + 2, 'x', n);
    text[2 + n] = '\0';
    assert_int_equal(parse(f, text), STATUS_OK);
    input_script_start(&f->script, &f->inputs, &f->keyboard);
    while (inputs_next(&f->inputs) != CLOCK_NEVER) {
        inputs_deliver(&f->inputs, inputs_next(&f->inputs));
        while (console_take(&f->console, &byte))
            got++;
    }
    assert_int_equal(got, n);
    free(text);
}

/* After a reset of the machine the script goes on where it was. */
static void a_second_start_feeds_only_what_is_left(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(parse(f, "10 a\n20 b\n"), STATUS_OK);
    input_script_start(&f->script, &f->inputs, &f->keyboard);
    inputs_deliver(&f->inputs, 10);
    plug_in(f);
    input_script_start(&f->script, &f->inputs, &f->keyboard);
    inputs_deliver(&f->inputs, 20);
    reads(f, "ab", 2);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(keys_arrive_at_exactly_their_count),
        T(escapes_are_cs),
        T(a_malformed_line_is_named),
        T(text_longer_than_the_console_holds_arrives_in_parts),
        T(a_second_start_feeds_only_what_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
