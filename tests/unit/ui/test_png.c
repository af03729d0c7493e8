/* A screen's picture as a file: what is seen is what libpng reads back. */
#include "ui/png.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <png.h>

#define WIDTH  70
#define HEIGHT 66

struct fixture {
    struct display display;
    char folder[32], path[64], part[80];
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    assert_int_equal(display_init(&f->display, WIDTH, HEIGHT), STATUS_OK);
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
        f->display.pixels[i] = i * 2654435761u;
    strcpy(f->folder, "/tmp/pogo-test-png-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/a.png", f->folder);
    snprintf(f->part, sizeof f->part, "%s.part", f->path);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    unlink(f->path);
    unlink(f->part);
    assert_int_equal(rmdir(f->folder), 0);
    display_free(&f->display);
    free(f);
    return 0;
}

static void assert_shows(const struct fixture *f)
{
    png_image image = { .version = PNG_IMAGE_VERSION };
    static uint8_t rgb[WIDTH * HEIGHT * 3];
    static uint32_t seen[WIDTH * HEIGHT];

    assert_int_equal(png_image_begin_read_from_file(&image, f->path), 1);
    assert_int_equal(image.width, WIDTH);
    assert_int_equal(image.height, HEIGHT);
    assert_int_equal(image.format, PNG_FORMAT_RGB); /* no alpha */
    assert_int_equal(png_image_finish_read(&image, NULL, rgb, 0, NULL), 1);
    display_look(&f->display, (struct display_rect){ 0, 0, WIDTH, HEIGHT },
                 seen, WIDTH);
    for (uint32_t i = 0; i < WIDTH * HEIGHT; i++)
        assert_int_equal(rgb[3 * i] << 16 | rgb[3 * i + 1] << 8 |
                             rgb[3 * i + 2],
                         seen[i] & 0xffffff);
}

static void the_file_shows_what_the_screen_does(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(png_write(&f->display, f->path), STATUS_OK);
    assert_shows(f);
    assert_int_equal(access(f->part, F_OK), -1);
}

static void the_cursor_is_on_it(void **state)
{
    struct fixture *f = *state;

    f->display.cursor.visible = true;
    f->display.cursor.x = 60;
    f->display.cursor.y = -3;
    for (unsigned i = 0; i < 64 * 64; i++)
        f->display.cursor.image[i] = 0xff000000 | i * 77;
    assert_int_equal(png_write(&f->display, f->path), STATUS_OK);
    assert_shows(f);
}

static void an_older_file_is_replaced_as_a_whole(void **state)
{
    struct fixture *f = *state;
    FILE *old = fopen(f->path, "w+");
    char text[8] = "";

    assert_non_null(old);
    fputs("old", old);
    fflush(old);
    assert_int_equal(png_write(&f->display, f->path), STATUS_OK);
    assert_shows(f);
    rewind(old); /* the file itself is what it was */
    assert_string_equal(fgets(text, sizeof text, old), "old");
    fclose(old);
}

static void what_cannot_be_written_is_said(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(mkdir(f->part, 0777), 0);
    errno = 0;
    assert_int_equal(png_write(&f->display, f->path), STATUS_IO);
    assert_int_equal(errno, EISDIR);
    assert_int_equal(access(f->path, F_OK), -1);
    rmdir(f->part);
    /* A device is written, and not replaced (but by a link that may be). */
    assert_int_equal(symlink("/dev/full", f->path), 0);
    assert_int_equal(png_write(&f->display, f->path), STATUS_IO);
    assert_int_equal(errno, ENOSPC);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_file_shows_what_the_screen_does),
        TEST(the_cursor_is_on_it),
        TEST(an_older_file_is_replaced_as_a_whole),
        TEST(what_cannot_be_written_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
