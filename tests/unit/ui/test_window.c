/*
 * The window, with SDL's dummy driver: what is drawn in it, and what becomes of
 * the events that SDL says. Functions of SDL are those that pogo-window.so has
 * loaded.
 */
#include "ui/window.h"

#include <SDL2/SDL.h>
#include <dlfcn.h>
#include <linux/input-event-codes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "devices/virtio_input.h"

#define WIDTH  64
#define HEIGHT 48

struct fixture {
    struct display display;
    struct window *window;
    struct host_source source;
    uint8_t keyboard[1024], tablet[1024]; /* what came */
    size_t keys, moves;                   /* bytes of it */
    bool full;                            /* nothing is taken */
    unsigned closed;
    int (*push)(SDL_Event *);
    SDL_Window *(*window_of)(Uint32);
    SDL_Renderer *(*renderer_of)(SDL_Window *);
    int (*read)(SDL_Renderer *, const SDL_Rect *, Uint32, void *, int);
    void (*set_size)(SDL_Window *, int, int);
};

static size_t keyboard(void *context, const uint8_t *events, size_t n)
{
    struct fixture *f = context;

    if (f->full)
        return 0;
    assert_true(f->keys + n <= sizeof f->keyboard);
    memcpy(f->keyboard + f->keys, events, n);
    f->keys += n;
    return n;
}

static size_t tablet(void *context, const uint8_t *events, size_t n)
{
    struct fixture *f = context;

    if (f->full)
        return 0;
    assert_true(f->moves + n <= sizeof f->tablet);
    memcpy(f->tablet + f->moves, events, n);
    f->moves += n;
    return n;
}

static void closed(void *context)
{
    struct fixture *f = context;

    f->closed++;
}

static void *function(void *sdl, const char *name)
{
    void *found = dlsym(sdl, name);

    assert_non_null(found);
    return found;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct window_ends ends = { .display = &f->display,
                                .keyboard = keyboard,
                                .tablet = tablet,
                                .closed = closed,
                                .context = f };
    struct error e = { "" };
    void *sdl;

    assert_non_null(f);
    setenv("SDL_VIDEODRIVER", "dummy", 1);
    assert_int_equal(display_init(&f->display, WIDTH, HEIGHT), STATUS_OK);
    f->window = window_open(&ends, "test", &e);
    assert_string_equal(e.text, "");
    assert_non_null(f->window);
    f->source = window_source(f->window);
    sdl = dlopen("libSDL2-2.0.so.0", RTLD_NOW | RTLD_NOLOAD);
    assert_non_null(sdl);
    f->push = (int (*)(SDL_Event *))function(sdl, "SDL_PushEvent");
    f->window_of =
        (SDL_Window * (*)(Uint32)) function(sdl, "SDL_GetWindowFromID");
    f->renderer_of =
        (SDL_Renderer * (*)(SDL_Window *)) function(sdl, "SDL_GetRenderer");
    f->read = (int (*)(SDL_Renderer *, const SDL_Rect *, Uint32, void *,
                       int))function(sdl, "SDL_RenderReadPixels");
    f->set_size =
        (void (*)(SDL_Window *, int, int))function(sdl, "SDL_SetWindowSize");
    dlclose(sdl);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    window_close(f->window);
    display_free(&f->display);
    free(f);
    return 0;
}

/* The window is looked after: it does so only every few milliseconds. */
static void look_after(struct fixture *f)
{
    usleep(20000);
    f->source.take(f->source.context, NULL, 0);
}

static SDL_Window *the_window(struct fixture *f)
{
    for (Uint32 id = 1; id < 100; id++)
        if (f->window_of(id))
            return f->window_of(id);
    fail_msg("there is no window");
    return NULL;
}

static void assert_drawn(struct fixture *f)
{
    static uint32_t drawn[WIDTH * HEIGHT], seen[WIDTH * HEIGHT];
    SDL_Renderer *renderer = f->renderer_of(the_window(f));
    const struct display *d = &f->display;

    assert_int_equal(f->read(renderer, NULL, SDL_PIXELFORMAT_ARGB8888, drawn,
                             (int)d->width * 4),
                     0);
    display_look(d, (struct display_rect){ 0, 0, d->width, d->height }, seen,
                 d->width);
    for (uint32_t i = 0; i < d->width * d->height; i++)
        assert_int_equal(drawn[i] & 0xffffff, seen[i] & 0xffffff);
    assert_int_equal(d->dirty.width, 0);
}

static void what_the_display_shows_is_drawn(void **state)
{
    struct fixture *f = *state;
    struct display *d = &f->display;

    look_after(f);
    assert_drawn(f);
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
        d->pixels[i] = i * 2654435761u;
    display_changed(d, (struct display_rect){ 0, 0, WIDTH, HEIGHT });
    look_after(f);
    assert_drawn(f);
    d->pixels[WIDTH + 2] = 0x123456;
    display_changed(d, (struct display_rect){ 2, 1, 1, 1 });
    d->cursor.visible = true;
    d->cursor.x = 40;
    d->cursor.y = -20;
    memset(d->cursor.image, 0xff, sizeof d->cursor.image);
    display_cursor_changed(d);
    look_after(f);
    assert_drawn(f);
}

static void it_follows_the_displays_size(void **state)
{
    struct fixture *f = *state;

    look_after(f);
    assert_true(display_resize(&f->display, 20, 30));
    f->display.pixels[20 * 29 + 19] = 0xabcdef;
    look_after(f);
    look_after(f); /* SDL says the new size with an event */
    assert_drawn(f);
}

static void a_key_is_a_packet(void **state)
{
    struct fixture *f = *state;
    SDL_Event e = { .key = { .type = SDL_KEYDOWN, .state = SDL_PRESSED } };
    static const uint8_t expected[] = { 1, 0, KEY_Q, 0, 1, 0, 0, 0,
                                        0, 0, 0,     0, 0, 0, 0, 0 };

    e.key.keysym.scancode = SDL_SCANCODE_Q;
    f->push(&e);
    e.key.repeat = 1; /* the guest's own business */
    f->push(&e);
    e.key.repeat = 0;
    e.key.keysym.scancode = SDL_SCANCODE_UNKNOWN;
    f->push(&e);
    look_after(f);
    assert_int_equal(f->keys, sizeof expected);
    assert_memory_equal(f->keyboard, expected, sizeof expected);
    e.key.type = SDL_KEYUP;
    e.key.state = SDL_RELEASED;
    e.key.keysym.scancode = SDL_SCANCODE_RIGHT;
    f->push(&e);
    look_after(f);
    assert_int_equal(f->keys, 2 * sizeof expected);
    assert_int_equal(f->keyboard[18], KEY_RIGHT);
    assert_int_equal(f->keyboard[20], 0);
    assert_int_equal(f->moves, 0);
}

/* All of them: those of SDL's keys that have a code in Linux. */
static void every_key_is_one_that_the_keyboard_has(void **state)
{
    struct fixture *f = *state;
    SDL_Event e = { .key = { .type = SDL_KEYDOWN, .state = SDL_PRESSED } };
    unsigned keys = 0;

    for (int key = 0; key < SDL_NUM_SCANCODES; key++) {
        e.key.keysym.scancode = (SDL_Scancode)key;
        f->push(&e);
        if (key % 32 != 31)
            continue;
        look_after(f);
        for (size_t at = 0; at < f->keys; at += 16, keys++) {
            unsigned code = f->keyboard[at + 2];

            assert_int_equal(f->keyboard[at + 3], 0);
            assert_true((code >= KEY_ESC && code <= KEY_COMPOSE) ||
                        (code >= KEY_F13 && code <= KEY_F24));
        }
        f->keys = 0;
    }
    assert_in_range(keys, 104, 140);
}

/* Event i of what the tablet has said. */
static void assert_event(const struct fixture *f, unsigned i, uint16_t type,
                         uint16_t code, uint32_t value)
{
    uint8_t event[VIRTIO_INPUT_EVENT];

    virtio_input_event(event, type, code, value);
    assert_true((i + 1) * sizeof event <= f->moves);
    assert_memory_equal(f->tablet + i * sizeof event, event, sizeof event);
}

static void the_mouse_is_where_it_was_last(void **state)
{
    struct fixture *f = *state;
    SDL_Event e = { .motion = { .type = SDL_MOUSEMOTION, .x = 5, .y = 6 } };

    f->push(&e);
    e.motion.x = WIDTH - 1;
    e.motion.y = 0;
    f->push(&e);
    look_after(f);
    assert_int_equal(f->moves, 3 * VIRTIO_INPUT_EVENT);
    assert_event(f, 0, EV_ABS, ABS_X, 32767);
    assert_event(f, 1, EV_ABS, ABS_Y, 0);
    assert_event(f, 2, EV_SYN, SYN_REPORT, 0);
    look_after(f);
    assert_int_equal(f->moves, 3 * VIRTIO_INPUT_EVENT);
    f->moves = 0;
    e.motion.x = -5; /* outside, while a button is held */
    e.motion.y = HEIGHT + 7;
    f->push(&e);
    look_after(f);
    assert_event(f, 0, EV_ABS, ABS_X, 0);
    assert_event(f, 1, EV_ABS, ABS_Y, 32767);
}

static void buttons_and_wheel_come_after_the_way_there(void **state)
{
    struct fixture *f = *state;
    SDL_Event e = { .motion = { .type = SDL_MOUSEMOTION, .x = 63, .y = 47 } };

    f->push(&e);
    e = (SDL_Event){ .button = { .type = SDL_MOUSEBUTTONDOWN,
                                 .button = SDL_BUTTON_RIGHT,
                                 .state = SDL_PRESSED } };
    f->push(&e);
    e = (SDL_Event){ .wheel = { .type = SDL_MOUSEWHEEL, .x = 2, .y = -1 } };
    f->push(&e);
    e.button = (SDL_MouseButtonEvent){ .type = SDL_MOUSEBUTTONUP,
                                       .button = 77 }; /* no such button */
    f->push(&e);
    look_after(f);
    assert_event(f, 0, EV_ABS, ABS_X, 32767);
    assert_event(f, 1, EV_ABS, ABS_Y, 32767);
    assert_event(f, 2, EV_KEY, BTN_RIGHT, 1);
    assert_event(f, 3, EV_SYN, SYN_REPORT, 0);
    assert_event(f, 4, EV_REL, REL_WHEEL, (uint32_t)-1);
    assert_event(f, 5, EV_REL, REL_HWHEEL, 2);
    assert_event(f, 6, EV_SYN, SYN_REPORT, 0);
    assert_int_equal(f->moves, 7 * VIRTIO_INPUT_EVENT);
}

/* A guest that does not read its keyboard loses nothing, in no order. */
static void what_is_not_taken_is_kept(void **state)
{
    struct fixture *f = *state;
    SDL_Event e = { .key = { .type = SDL_KEYDOWN, .state = SDL_PRESSED } };

    f->full = true;
    for (int i = 0; i < 20; i++) {
        e.key.keysym.scancode = (SDL_Scancode)(SDL_SCANCODE_A + i);
        f->push(&e);
        if (i % 5 == 0)
            look_after(f);
    }
    assert_int_equal(f->keys, 0);
    f->full = false;
    look_after(f);
    assert_int_equal(f->keys, 20 * 2 * VIRTIO_INPUT_EVENT);
    assert_int_equal(f->keyboard[2], KEY_A);
    assert_int_equal(f->keyboard[19 * 16 + 2], KEY_T);
}

static void it_can_always_be_closed(void **state)
{
    struct fixture *f = *state;
    SDL_Event e = { .key = { .type = SDL_KEYDOWN, .state = SDL_PRESSED } };

    f->full = true;
    e.key.keysym.scancode = SDL_SCANCODE_A;
    f->push(&e);
    f->push(&e);
    look_after(f);
    assert_int_equal(f->closed, 0);
    f->push(&(SDL_Event){ .type = SDL_QUIT });
    look_after(f);
    assert_int_equal(f->closed, 1);
    look_after(f);
    assert_int_equal(f->closed, 1);
}

static void a_wait_looks_out_of_the_window(void **state)
{
    struct fixture *f = *state;
    int64_t waits[] = { -1, INT64_C(3600000000000), 1000 };

    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(
            f->source.prepare(f->source.context, NULL, 0, &waits[i]), 0);
    assert_int_equal(waits[0], 16000000);
    assert_int_equal(waits[1], 16000000);
    assert_int_equal(waits[2], 1000);
}

static void without_a_display_there_is_a_reason(void **state)
{
    struct window_ends ends = { .display = NULL };
    struct error e = { "" };

    (void)state;
    unsetenv("SDL_VIDEODRIVER");
    unsetenv("DISPLAY");
    unsetenv("WAYLAND_DISPLAY");
    assert_null(window_open(&ends, "test", &e));
    assert_string_equal(e.text, "neither DISPLAY nor WAYLAND_DISPLAY is set");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_the_display_shows_is_drawn),
        TEST(it_follows_the_displays_size),
        TEST(a_key_is_a_packet),
        TEST(every_key_is_one_that_the_keyboard_has),
        TEST(the_mouse_is_where_it_was_last),
        TEST(buttons_and_wheel_come_after_the_way_there),
        TEST(what_is_not_taken_is_kept),
        TEST(it_can_always_be_closed),
        TEST(a_wait_looks_out_of_the_window),
        cmocka_unit_test(without_a_display_there_is_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
