/* A disk's private copy: it begins as the file, and the file stays as it is. */
#include "devices/disk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define SIZE (8 * DISK_SECTOR + 100) /* ends inside a sector */

struct files {
    char path[32];
    struct disk disk, copy, other;
};

static int set_up(void **state)
{
    struct files *f = calloc(1, sizeof *f);
    uint8_t bytes[SIZE];
    int fd;

    strcpy(f->path, "/tmp/pogo-disk-XXXXXX");
    fd = mkstemp(f->path);
    memset(bytes, 'a', sizeof bytes);
    assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
    close(fd);
    assert_int_equal(disk_open(&f->disk, f->path, false), STATUS_OK);
    assert_int_equal(disk_copy_private(&f->copy, &f->disk), STATUS_OK);
    assert_int_equal(disk_copy_private(&f->other, &f->disk), STATUS_OK);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct files *f = *state;

    disk_close(&f->disk);
    disk_close(&f->copy);
    disk_close(&f->other);
    unlink(f->path);
    free(f);
    return 0;
}

static uint8_t byte_at(struct disk *d, uint64_t offset)
{
    uint8_t byte;

    assert_true(disk_read(d, offset, &byte, 1));
    return byte;
}

static void writes_stay_in_the_copy(void **state)
{
    struct files *f = *state;

    assert_true(disk_write(&f->copy, 600, "b", 1));
    assert_true(disk_flush(&f->copy));
    assert_int_equal(byte_at(&f->copy, 600), 'b');
    assert_int_equal(byte_at(&f->copy, 599), 'a');
    assert_int_equal(byte_at(&f->disk, 600), 'a');
    assert_int_equal(byte_at(&f->other, 600), 'a');
}

static void it_ends_where_the_disk_does(void **state)
{
    struct files *f = *state;
    uint8_t sector[DISK_SECTOR];

    assert_int_equal(disk_sectors(&f->copy), 9);
    assert_true(
        disk_read(&f->copy, UINT64_C(8) * DISK_SECTOR, sector, sizeof sector));
    assert_int_equal(sector[99], 'a');
    assert_int_equal(sector[100], 0);
    assert_true(
        disk_write(&f->copy, UINT64_C(8) * DISK_SECTOR, sector, sizeof sector));
    assert_false(disk_read(&f->copy, UINT64_C(9) * DISK_SECTOR, sector, 1));
    assert_false(disk_write(&f->copy, UINT64_C(9) * DISK_SECTOR, sector, 1));
}

static void a_copy_of_a_read_only_disk_is_read_only(void **state)
{
    struct files *f = *state;
    struct disk disk, copy;

    assert_int_equal(disk_open(&disk, f->path, true), STATUS_OK);
    assert_int_equal(disk_copy_private(&copy, &disk), STATUS_OK);
    assert_true(copy.read_only);
    assert_false(disk_write(&copy, 0, "b", 1));
    disk_close(&disk);
    assert_int_equal(byte_at(&copy, 0), 'a');
    disk_close(&copy);
    assert_false(disk_read(&copy, 0, &(uint8_t){ 0 }, 1));
}

static void an_empty_disk_has_an_empty_copy(void **state)
{
    struct files *f = *state;
    struct disk disk, copy;

    assert_int_equal(truncate(f->path, 0), 0);
    assert_int_equal(disk_open(&disk, f->path, false), STATUS_OK);
    assert_int_equal(disk_copy_private(&copy, &disk), STATUS_OK);
    assert_int_equal(disk_sectors(&copy), 0);
    disk_close(&disk);
    disk_close(&copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_stay_in_the_copy, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(it_ends_where_the_disk_does, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_copy_of_a_read_only_disk_is_read_only,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_disk_has_an_empty_copy, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
