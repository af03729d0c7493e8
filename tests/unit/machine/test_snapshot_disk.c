/* Disks in snapshots: what overlays hold, and files that must not change. */
#include "machine/snapshot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "devices/disk_overlay.h"
#include "machine/bare.h"

#define BLOCK  OVERLAY_BLOCK
#define BLOCKS 5000 /* more than are copied at once */
#define SIZE   ((uint64_t)BLOCKS * BLOCK - 700)

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/pogo-test-snapshot-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return chdir("/") || system(command);
}

/* Byte `at` of an image that was never written to. */
static uint8_t original(uint64_t at)
{
    return (uint8_t)(at / 512 * 7 + at);
}

static void make_image(const char *path)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    for (uint64_t at = 0; at < SIZE; at++)
        putc(original(at), f);
    assert_int_equal(fclose(f), 0);
}

static void open_disk(struct disk *d, const char *path, bool read_only,
                      const char *overlay)
{
    assert_int_equal(disk_open(d, path, read_only || overlay), STATUS_OK);
    if (overlay)
        assert_int_equal(disk_overlay_open(d, overlay), STATUS_OK);
}

/* A machine with this disk, saved to a.snap. */
static void save(struct disk *d)
{
    struct board_config c = {
        .harts = 1, .memory = 1 << 20, .isa = isa_default(), .disks = 1
    };
    struct snapshot_machine m = { 0 };
    struct snapshot_request r = { .path = "a.snap",
                                  .machine = &m,
                                  .machines = 1 };
    struct error e;
    struct bare *b;

    c.disk[0] = d;
    b = bare_new(&c);
    assert_non_null(b);
    m.machine = &b->machine;
    m.board = &b->board;
    assert_int_equal(snapshot_save(&r, NULL, &e), STATUS_OK);
    bare_free(b);
}

static enum status load(struct disk *d, struct error *e)
{
    struct snapshot *s;
    enum status status;

    assert_int_equal(snapshot_open(&s, "a.snap", NULL, e), STATUS_OK);
    status = snapshot_load_disk(s, 0, 0, d, e);
    snapshot_close(s);
    return status;
}

static void put(struct disk *d, uint64_t block, uint8_t with)
{
    uint8_t bytes[512];

    memset(bytes, with, sizeof bytes);
    assert_true(disk_write(d, block * BLOCK, bytes, sizeof bytes));
}

/* The first sector of a block; the next one is as it always was. */
static void assert_block(struct disk *d, uint64_t block, int with)
{
    uint8_t bytes[1024];

    assert_true(disk_read(d, block * BLOCK, bytes, sizeof bytes));
    for (unsigned i = 0; i < sizeof bytes; i++)
        assert_int_equal(bytes[i], i < 512 && with >= 0
                                       ? with
                                       : original(block * BLOCK + i));
}

static void what_an_overlay_holds_is_in_the_snapshot(void **state)
{
    struct error e = { "" };
    struct disk d;

    (void)state;
    make_image("image");
    open_disk(&d, "image", false, "before");
    for (uint64_t block = 0; block < BLOCKS; block += 1 + block % 3 / 2)
        put(&d, block, (uint8_t)block);
    put(&d, 2, 99);
    save(&d);
    put(&d, 5, 44); /* after it */
    disk_close(&d);

    open_disk(&d, "image", false, "new");
    assert_int_equal(load(&d, &e), STATUS_OK);
    for (uint64_t block = 0; block < BLOCKS; block++)
        assert_block(&d, block,
                     block == 2                    ? 99
                     : disk_overlay_has(&d, block) ? (uint8_t)block
                                                   : -1);
    assert_true(disk_overlay_has(&d, 0) && disk_overlay_has(&d, 4999));
    disk_close(&d);

    /* It is in the file, and the base is untouched. */
    open_disk(&d, "image", false, "new");
    assert_block(&d, 2, 99);
    disk_close(&d);
    open_disk(&d, "image", true, NULL);
    assert_block(&d, 2, -1);
    disk_close(&d);
}

/* What was written since is gone, as it has to be. */
static void an_overlay_goes_back_to_what_it_held(void **state)
{
    struct error e = { "" };
    struct disk d;

    (void)state;
    make_image("image");
    open_disk(&d, "image", false, "over");
    put(&d, 7, 1);
    save(&d);
    put(&d, 7, 2);
    put(&d, 9, 3);
    disk_close(&d);
    open_disk(&d, "image", false, "over");
    assert_int_equal(load(&d, &e), STATUS_OK);
    assert_block(&d, 7, 1);
    assert_block(&d, 9, -1);
    assert_false(disk_overlay_has(&d, 9));
    disk_close(&d);
}

static void a_disk_that_was_written_must_be_as_it_was(void **state)
{
    struct error e = { "" };
    struct disk d;

    (void)state;
    make_image("image");
    open_disk(&d, "image", false, NULL);
    put(&d, 3, 8);
    save(&d);
    assert_int_equal(load(&d, &e), STATUS_OK);
    /* The very next write shows. */
    put(&d, 3, 8);
    assert_int_equal(load(&d, &e), STATUS_BAD_FORMAT);
    assert_non_null(strstr(e.text, "overlay"));
    save(&d);
    disk_close(&d);
    /* An overlay keeps it so. */
    open_disk(&d, "image", false, "over");
    put(&d, 3, 9);
    assert_int_equal(load(&d, &e), STATUS_OK);
    assert_block(&d, 3, 8);
    put(&d, 3, 9);
    disk_close(&d);
    open_disk(&d, "image", false, "over2");
    assert_int_equal(load(&d, &e), STATUS_OK);
    assert_block(&d, 3, 8);
    disk_close(&d);
}

static void a_disk_of_another_kind_is_refused(void **state)
{
    struct error e = { "" };
    struct disk d;

    (void)state;
    make_image("image");
    open_disk(&d, "image", true, NULL);
    save(&d);
    assert_int_equal(load(&d, &e), STATUS_OK);
    disk_close(&d);
    open_disk(&d, "image", false, NULL);
    assert_int_equal(load(&d, &e), STATUS_BAD_ARGUMENT);
    assert_non_null(strstr(e.text, ",ro"));
    save(&d);
    disk_close(&d);
    open_disk(&d, "image", true, NULL);
    assert_int_equal(load(&d, &e), STATUS_BAD_ARGUMENT);
    disk_close(&d);
    open_disk(&d, "image", false, "over");
    assert_int_equal(load(&d, &e), STATUS_OK);
    save(&d);
    disk_close(&d);
    open_disk(&d, "image", false, NULL);
    assert_int_equal(load(&d, &e), STATUS_BAD_ARGUMENT);
    assert_non_null(strstr(e.text, "had an overlay"));
    disk_close(&d);
    assert_int_equal(truncate("image", 4096), 0);
    open_disk(&d, "image", false, "over3");
    assert_int_equal(load(&d, &e), STATUS_BAD_FORMAT);
    assert_non_null(strstr(e.text, "another size"));
    disk_close(&d);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(what_an_overlay_holds_is_in_the_snapshot),
        TEST(an_overlay_goes_back_to_what_it_held),
        TEST(a_disk_that_was_written_must_be_as_it_was),
        TEST(a_disk_of_another_kind_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
