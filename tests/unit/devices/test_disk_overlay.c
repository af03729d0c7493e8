/* A disk with an overlay: the base never changes, what is written is kept, and
 * a process that is killed while it writes leaves it whole. */
#include "devices/disk_overlay.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define BLOCKS 40
#define SIZE   (BLOCKS * OVERLAY_BLOCK - 300) /* ends inside a sector */
#define KILLS  40

struct files {
    char folder[32], base[48], overlay[48];
    struct disk disk;
};

static uint8_t base_byte(uint64_t offset)
{
    return (uint8_t)(offset / 100 + 1);
}

static int set_up(void **state)
{
    struct files *f = calloc(1, sizeof *f);
    uint8_t *bytes = malloc(SIZE);
    FILE *out;

    strcpy(f->folder, "/tmp/pogo-overlay-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->base, sizeof f->base, "%s/base", f->folder);
    snprintf(f->overlay, sizeof f->overlay, "%s/overlay", f->folder);
    for (uint64_t i = 0; i < SIZE; i++)
        bytes[i] = base_byte(i);
    out = fopen(f->base, "w");
    assert_int_equal(fwrite(bytes, 1, SIZE, out), SIZE);
    fclose(out);
    free(bytes);
    f->disk.fd = -1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct files *f = *state;

    disk_close(&f->disk);
    unlink(f->base);
    unlink(f->overlay);
    rmdir(f->folder);
    free(f);
    return 0;
}

static enum status open_with(struct files *f)
{
    enum status s;

    disk_close(&f->disk);
    assert_int_equal(disk_open(&f->disk, f->base, true), STATUS_OK);
    s = disk_overlay_open(&f->disk, f->overlay);
    if (s != STATUS_OK)
        assert_true(f->disk.read_only && !f->disk.overlay);
    return s;
}

static uint8_t byte_at(struct disk *d, uint64_t offset)
{
    uint8_t byte;

    assert_true(disk_read(d, offset, &byte, 1));
    return byte;
}

static void assert_base_unchanged(const struct files *f)
{
    struct disk d;

    assert_int_equal(disk_open(&d, f->base, true), STATUS_OK);
    assert_int_equal(d.size, SIZE);
    for (uint64_t i = 0; i < SIZE; i += 50)
        assert_int_equal(byte_at(&d, i), base_byte(i));
    disk_close(&d);
}

static void writes_go_to_the_overlay_and_stay(void **state)
{
    struct files *f = *state;
    uint8_t bytes[3 * OVERLAY_BLOCK];
    struct disk copy;

    memset(bytes, 0xee, sizeof bytes);
    assert_int_equal(open_with(f), STATUS_OK);
    assert_true(disk_write(&f->disk, 1000, bytes, sizeof bytes));
    assert_true(disk_write(&f->disk, SIZE - 100, bytes, 100));
    for (unsigned round = 0; round < 2; round++) {
        assert_int_equal(byte_at(&f->disk, 999), base_byte(999));
        assert_int_equal(byte_at(&f->disk, 1000), 0xee);
        assert_int_equal(byte_at(&f->disk, 1000 + sizeof bytes - 1), 0xee);
        assert_int_equal(byte_at(&f->disk, 1000 + sizeof bytes),
                         base_byte(1000 + sizeof bytes));
        assert_int_equal(byte_at(&f->disk, SIZE - 1), 0xee);
        assert_int_equal(byte_at(&f->disk, SIZE), 0); /* the sector's rest */
        assert_true(disk_flush(&f->disk));
        assert_int_equal(open_with(f), STATUS_OK);
    }
    assert_int_equal(disk_copy_private(&copy, &f->disk), STATUS_OK);
    assert_int_equal(byte_at(&copy, 1000), 0xee);
    assert_int_equal(byte_at(&copy, 999), base_byte(999));
    disk_close(&copy);
    assert_base_unchanged(f);
}

/* Overwrites the file `path` at `offset`. */
static void damage(const char *path, long offset, const char *text)
{
    FILE *out = fopen(path, "r+");

    fseek(out, offset, SEEK_SET);
    fputs(text, out);
    fclose(out);
}

static void other_files_are_refused(void **state)
{
    struct files *f = *state;

    damage(f->base, 0, "");
    assert_int_equal(open_with(f), STATUS_OK);
    disk_close(&f->disk);
    assert_int_equal(truncate(f->overlay, 20 * OVERLAY_BLOCK), 0);
    assert_int_equal(open_with(f), STATUS_BAD_FORMAT);
    assert_int_equal(truncate(f->overlay, 10), 0);
    assert_int_equal(open_with(f), STATUS_BAD_FORMAT);
    unlink(f->overlay);
    assert_int_equal(open_with(f), STATUS_OK);
    disk_close(&f->disk);
    damage(f->overlay, 9, "x"); /* the size of the base */
    assert_int_equal(open_with(f), STATUS_BAD_FORMAT);
    unlink(f->overlay);
    assert_int_equal(open_with(f), STATUS_OK);
    disk_close(&f->disk);
    damage(f->base, 5, "changed");
    assert_int_equal(open_with(f), STATUS_BAD_ARGUMENT);
    unlink(f->overlay);
    assert_int_equal(mkdir(f->overlay, 0700), 0);
    assert_int_equal(open_with(f), STATUS_IO);
    rmdir(f->overlay);
}

static void one_disk_at_a_time_has_an_overlay(void **state)
{
    struct files *f = *state;
    struct disk other;

    assert_int_equal(open_with(f), STATUS_OK);
    assert_int_equal(disk_open(&other, f->base, true), STATUS_OK);
    assert_int_equal(disk_overlay_open(&other, f->overlay), STATUS_IO);
    disk_close(&other);
}

/* Writes rounds of blocks, each all of one value, until it is killed. */
static void write_for_ever(struct files *f)
{
    uint8_t bytes[OVERLAY_BLOCK];

    if (open_with(f) != STATUS_OK)
        _exit(1);
    for (unsigned n = 0;; n = n * 5 + 3) {
        memset(bytes, (int)(0x80 | n), sizeof bytes);
        disk_write(&f->disk, n % (BLOCKS - 1) * OVERLAY_BLOCK, bytes,
                   sizeof bytes);
    }
}

static bool is_old_or_new(const uint8_t *block, uint64_t at)
{
    bool old = true, new = true;

    for (uint64_t i = 0; i < OVERLAY_BLOCK; i++) {
        old = old && block[i] == base_byte(at + i);
        new = new &&block[i] >= 0x80;
    }
    return old || new;
}

static void a_killed_writer_leaves_it_whole(void **state)
{
    struct files *f = *state;
    uint8_t block[OVERLAY_BLOCK];

    for (unsigned k = 0; k < KILLS; k++) {
        struct timespec wait = { 0, 200000L + k * 50000L };
        pid_t child = fork();
        int status;

        if (child == 0)
            write_for_ever(f);
        nanosleep(&wait, NULL);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(open_with(f), STATUS_OK);
        for (uint64_t b = 0; b < BLOCKS - 1; b++) {
            assert_true(
                disk_read(&f->disk, b * OVERLAY_BLOCK, block, sizeof block));
            assert_true(is_old_or_new(block, b * OVERLAY_BLOCK));
        }
        disk_close(&f->disk);
        if (k % 4 == 3)
            unlink(f->overlay);
    }
    assert_base_unchanged(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_go_to_the_overlay_and_stay,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_files_are_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_disk_at_a_time_has_an_overlay,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_killed_writer_leaves_it_whole, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
