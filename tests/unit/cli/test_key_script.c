/* Keys that are typed at stated counts. */
#include "cli/key_script.h"

#include <string.h>

#include "devices/virtio_driver.h"
#include "machine/board.h"

#define KEYBOARD DEVICES_KEYBOARD_SLOT
#define A_KEY    32 /* bytes of events: a press and a release */

static enum status parse(struct key_script *k, const char *text,
                         struct error *e)
{
    struct image i = image_of("keys", text, strlen(text));

    return key_script_parse(k, &i, e);
}

static void lines_become_events(void **state)
{
    struct key_script k;
    struct error e;

    (void)state;
    assert_int_equal(parse(&k, "# nothing\n\n5 ab\\n\n7 <up>\n7 \n", &e),
                     STATUS_OK);
    assert_int_equal(k.lines, 3);
    assert_int_equal(k.line[0].count, 5);
    assert_int_equal(k.line[0].size, 3 * A_KEY);
    assert_int_equal(k.line[1].count, 7);
    assert_int_equal(k.line[1].start, 3 * A_KEY);
    assert_int_equal(k.line[1].size, A_KEY);
    assert_int_equal(k.line[2].size, 0);
    assert_int_equal(little_endian_get(k.events + 2 * A_KEY + 2, 2), 28);
    key_script_free(&k);
    assert_int_equal(parse(&k, "", &e), STATUS_OK);
    assert_int_equal(k.lines, 0);
    key_script_free(&k);
}

static void a_bad_line_is_named(void **state)
{
    struct key_script k;
    struct error e;

    (void)state;
    assert_int_equal(parse(&k, "5 a\nx\n", &e), STATUS_BAD_FORMAT);
    assert_non_null(strstr(e.text, "line 2 of 'keys'"));
    assert_int_equal(parse(&k, "5 a\n1234 b<foo>\n", &e), STATUS_BAD_FORMAT);
    assert_non_null(strstr(e.text, "'keys', the line of count 1234"));
    assert_non_null(strstr(e.text, "from character 2 of its text"));
}

/* Inputs for the fixture's keyboard. Of the board only the count is of use. */
static struct inputs *plug_in(struct fixture *f)
{
    static struct inputs in;
    static struct board board;

    inputs_init(&in, NULL);
    inputs_attach(&in, &board);
    in.end[INPUT_KEYBOARD] =
        (struct input_end){ virtio_input_push, &f->devices.keyboard };
    return &in;
}

static unsigned waiting(const struct fixture *f)
{
    return f->devices.keyboard.waiting;
}

static void keys_come_at_exactly_their_count(void **state)
{
    struct fixture *f = *state;
    struct inputs *in = plug_in(f);
    struct key_script k;
    struct error e;

    assert_int_equal(parse(&k, "50 a\n70 bc\n", &e), STATUS_OK);
    virtio_start(f, KEYBOARD, 2);
    key_script_start(&k, in, &f->devices.keyboard);
    assert_int_equal(inputs_next(in), 50);
    inputs_deliver(in, 49);
    assert_int_equal(waiting(f), 0);
    inputs_deliver(in, 50);
    assert_int_equal(waiting(f), 4);
    assert_int_equal(inputs_next(in), 70);
    inputs_deliver(in, 75);
    assert_int_equal(waiting(f), 12);
    assert_int_equal(inputs_next(in), CLOCK_NEVER);
    key_script_free(&k);
}

/* A line longer than the keyboard's queue: none of it is lost, and what is not
   in is tried again. */
static void what_has_no_room_waits(void **state)
{
    struct fixture *f = *state;
    struct inputs *in = plug_in(f);
    char text[400] = "5 ";
    struct key_script k;
    struct error e;
    unsigned seen = 0;

    memset(text + 2, 'x', 300);
    assert_int_equal(parse(&k, text, &e), STATUS_OK);
    virtio_start(f, KEYBOARD, 2);
    key_script_start(&k, in, &f->devices.keyboard);
    inputs_deliver(in, 5);
    assert_int_equal(waiting(f), VIRTIO_INPUT_QUEUE);
    while (inputs_next(in) != CLOCK_NEVER) {
        seen += waiting(f);
        f->devices.keyboard.waiting = 0; /* as if the guest had read them */
        inputs_deliver(in, inputs_next(in));
        assert_true(inputs_next(in) == CLOCK_NEVER || inputs_next(in) < 100000);
    }
    assert_int_equal(seen + waiting(f), 4 * 300);
    key_script_free(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_events),
        cmocka_unit_test(a_bad_line_is_named),
        FIXTURE_TEST(keys_come_at_exactly_their_count),
        FIXTURE_TEST(what_has_no_room_waits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
