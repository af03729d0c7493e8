/* A screen: what has changed of it, and what is seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "devices/display.h"
#include "devices/state_memory.h"

#define WIDTH  100
#define HEIGHT 90

#define RECT_OF(x, y, width, height)                                           \
    ((struct display_rect){ x, y, width, height })
#define NONE RECT_OF(0, 0, 0, 0)

static void assert_rect(struct display_rect r, struct display_rect expected)
{
    assert_memory_equal(&r, &expected, sizeof r);
}

static int set_up(void **state)
{
    struct display *d = malloc(sizeof *d);

    assert_non_null(d);
    assert_int_equal(display_init(d, WIDTH, HEIGHT), STATUS_OK);
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
        d->pixels[i] = i * 2654435761u & 0xffffff;
    *state = d;
    return 0;
}

static int tear_down(void **state)
{
    display_free(*state);
    free(*state);
    return 0;
}

static void clipping_leaves_what_is_inside(void **state)
{
    struct display_rect box = RECT_OF(10, 20, 30, 40);
    uint32_t most = UINT32_MAX;

    (void)state;
    assert_rect(display_clip(RECT_OF(0, 0, 100, 100), box), box);
    assert_rect(display_clip(box, RECT_OF(0, 0, 100, 100)), box);
    assert_rect(display_clip(RECT_OF(5, 30, 10, 5), box),
                RECT_OF(10, 30, 5, 5));
    assert_rect(display_clip(RECT_OF(39, 59, 9, 9), box),
                RECT_OF(39, 59, 1, 1));
    assert_rect(display_clip(RECT_OF(40, 30, 9, 9), box), NONE);
    assert_rect(display_clip(RECT_OF(0, 30, 10, 9), box), NONE);
    assert_rect(display_clip(RECT_OF(15, 0, 5, 20), box), NONE);
    assert_rect(display_clip(RECT_OF(most, most, most, most), box), NONE);
    assert_rect(display_clip(RECT_OF(0, 0, most, most), box), box);
    assert_rect(display_clip(RECT_OF(11, 21, most, most), box),
                RECT_OF(11, 21, 29, 39));
}

static void changes_add_up_to_one_rectangle(void **state)
{
    struct display *d = *state;

    assert_rect(d->dirty, RECT_OF(0, 0, WIDTH, HEIGHT));
    d->dirty = NONE;
    display_changed(d, NONE);
    display_changed(d, RECT_OF(WIDTH, 0, 5, 5));
    assert_rect(d->dirty, NONE);
    display_changed(d, RECT_OF(50, 60, 1, 1));
    assert_rect(d->dirty, RECT_OF(50, 60, 1, 1));
    display_changed(d, RECT_OF(40, 70, 5, 5));
    assert_rect(d->dirty, RECT_OF(40, 60, 11, 15));
    display_changed(d, RECT_OF(90, 0, 50, 2));
    assert_rect(d->dirty, RECT_OF(40, 0, 60, 75));
}

/* One pixel as it is seen, by the rule for colours multiplied by A. */
static uint32_t seen(const struct display *d, uint32_t x, uint32_t y)
{
    const struct display_cursor *c = &d->cursor;
    uint32_t under = d->pixels[y * d->width + x], over, sum = 0;
    int64_t cx = (int64_t)x - c->x, cy = (int64_t)y - c->y;

    if (!c->visible || cx < 0 || cx >= 64 || cy < 0 || cy >= 64)
        return under;
    over = c->image[cy * 64 + cx];
    for (unsigned k = 0; k < 3; k++) {
        double a = (over >> 24) / 255.0;
        double v =
            (over >> 8 * k & 255) + (1 - a) * (under >> 8 * k & 255) + 0.5;

        sum |= (v > 255 ? 255 : (uint32_t)v) << 8 * k;
    }
    return sum;
}

static void assert_looks_as_it_should(const struct display *d,
                                      struct display_rect r)
{
    uint32_t out[WIDTH * HEIGHT];

    display_look(d, r, out, WIDTH);
    for (uint32_t y = 0; y < r.height; y++)
        for (uint32_t x = 0; x < r.width; x++)
            assert_int_equal(out[y * WIDTH + x], seen(d, r.x + x, r.y + y));
}

static void the_cursor_is_seen_wherever_it_is(void **state)
{
    struct display *d = *state;
    static const int32_t places[] = { INT32_MIN, -1000, -64,
                                      -63,       -1,    0,
                                      1,         26,    36,
                                      37,        89,    90,
                                      99,        100,   INT32_MAX - 63,
                                      INT32_MAX };
    size_t n = sizeof places / sizeof places[0];

    for (unsigned i = 0; i < 64 * 64; i++)
        d->cursor.image[i] = i * 2654435761u;
    assert_looks_as_it_should(d, RECT_OF(0, 0, WIDTH, HEIGHT));
    d->cursor.visible = true;
    for (size_t i = 0; i < n * n; i++) {
        d->cursor.x = places[i / n];
        d->cursor.y = places[i % n];
        assert_looks_as_it_should(d, RECT_OF(0, 0, WIDTH, HEIGHT));
        assert_looks_as_it_should(d, RECT_OF(30, 20, 10, 50));
        assert_looks_as_it_should(d, RECT_OF(99, 89, 1, 1));
    }
}

/* Whatever a cursor does, what looks different is in the dirty rectangle. */
static void a_moved_cursor_has_changed_what_it_covers(void **state)
{
    struct display *d = *state;
    static uint32_t before[WIDTH * HEIGHT], after[WIDTH * HEIGHT];
    struct display_rect all = RECT_OF(0, 0, WIDTH, HEIGHT);

    state_bytes_seed();
    for (unsigned i = 0; i < 64 * 64; i++)
        d->cursor.image[i] = 0xff000000 | i;
    for (unsigned round = 0; round < 300; round++) {
        display_look(d, all, before, WIDTH);
        d->dirty = NONE;
        display_cursor_changed(d);
        d->cursor.visible = rand() % 4 != 0;
        d->cursor.x = rand() % 300 - 150;
        d->cursor.y = rand() % 300 - 150;
        display_cursor_changed(d);
        display_look(d, all, after, WIDTH);
        for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
            if (before[i] != after[i])
                assert_int_equal(
                    display_clip(RECT_OF(i % WIDTH, i / WIDTH, 1, 1), d->dirty)
                        .width,
                    1);
    }
}

static void a_reset_gives_it_its_own_size(void **state)
{
    struct display *d = *state;

    d->cursor.visible = true;
    assert_true(display_resize(d, 3, 200));
    assert_rect(d->dirty, RECT_OF(0, 0, 3, 200));
    d->pixels[3 * 200 - 1] = 5;
    display_reset(d);
    assert_int_equal(d->width, WIDTH);
    assert_int_equal(d->height, HEIGHT);
    assert_false(d->cursor.visible);
    d->pixels[5] = 5;
    d->dirty = NONE;
    display_reset(d);
    assert_int_equal(d->pixels[5], 0);
    assert_rect(d->dirty, RECT_OF(0, 0, WIDTH, HEIGHT));
}

#define STATE_MOST 65536

static void its_state_is_the_same_when_it_is_loaded(void **state)
{
    struct display *d = *state, other;
    static uint8_t first[STATE_MOST], second[STATE_MOST];
    struct state_bytes s = state_bytes_of(first, STATE_MOST, true);
    size_t n;

    assert_true(display_resize(d, 20, 30));
    d->pixels[77] = 0x123456;
    d->cursor.visible = true;
    d->cursor.x = -5;
    d->cursor.image[9] = 0x87654321;
    display_state(d, &s.state);
    n = s.at;
    assert_int_equal(display_init(&other, WIDTH, HEIGHT), STATUS_OK);
    s = state_bytes_of(first, n, false);
    display_state(&other, &s.state);
    assert_false(s.state.bad);
    assert_int_equal(other.cursor.x, -5);
    assert_int_equal(other.pixels[77], 0x123456);
    assert_rect(other.dirty, RECT_OF(0, 0, 20, 30));
    s = state_bytes_of(second, STATE_MOST, true);
    display_state(&other, &s.state);
    assert_int_equal(s.at, n);
    assert_memory_equal(first, second, n);
    display_free(&other);
}

static void a_size_that_cannot_be_is_not_loaded(void **state)
{
    static const uint32_t sizes[][2] = {
        { 0, 5 },        { 5, 0 },     { 0xffffffff, 1 }, { 1, 0xffffffff },
        { 16385, 1 },    { 1, 16385 }, { 4097, 4097 },    { 0x10000, 0x10000 },
        { 16384, 1025 },
    };
    struct display *d = *state;

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t bytes[64] = "DISP";
        struct state_bytes s = state_bytes_of(bytes, sizeof bytes, false);

        for (unsigned k = 0; k < 8; k++)
            bytes[4 + k] = (uint8_t)(sizes[i][k / 4] >> 8 * (k % 4));
        display_state(d, &s.state);
        assert_true(s.state.bad);
        assert_int_equal(d->width, WIDTH);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(clipping_leaves_what_is_inside),
        TEST(changes_add_up_to_one_rectangle),
        TEST(the_cursor_is_seen_wherever_it_is),
        TEST(a_moved_cursor_has_changed_what_it_covers),
        TEST(a_reset_gives_it_its_own_size),
        TEST(its_state_is_the_same_when_it_is_loaded),
        TEST(a_size_that_cannot_be_is_not_loaded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
