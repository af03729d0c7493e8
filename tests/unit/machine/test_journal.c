/* A journal comes back as it was written, and what was altered is noticed. */
#include "machine/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define RECORDS 20

struct fixture {
    char path[64];
    struct journal journal;
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    int fd;

    strcpy(f->path, "/tmp/pogo-journal-XXXXXX");
    fd = mkstemp(f->path);
    if (fd < 0)
        return -1;
    close(fd);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    unlink(f->path);
    free(f);
    return 0;
}

static struct journal_record sample(unsigned k, uint8_t bytes[RECORDS])
{
    for (unsigned i = 0; i < k; i++)
        bytes[i] = (uint8_t)(k * 7 + i);
    return (struct journal_record){
        .count = 1000 * k, .tag = k, .port = k % 5, .size = k, .bytes = bytes
    };
}

static void add_samples(struct journal *j)
{
    for (unsigned k = 0; k < RECORDS; k++) {
        uint8_t bytes[RECORDS];
        struct journal_record r = sample(k, bytes);

        journal_add(j, &r);
    }
    assert_false(j->failed);
}

/* The first n records are there, and no other. */
static void has_samples(const struct journal *j, unsigned n)
{
    size_t at = JOURNAL_FIRST;
    struct journal_record r;

    for (unsigned k = 0; k < n; k++) {
        uint8_t bytes[RECORDS];
        struct journal_record want = sample(k, bytes);

        assert_true(journal_next(j, &at, &r));
        assert_int_equal(r.count, want.count);
        assert_int_equal(r.tag, want.tag);
        assert_int_equal(r.port, want.port);
        assert_int_equal(r.size, want.size);
        assert_memory_equal(r.bytes, want.bytes, r.size);
    }
    assert_false(journal_next(j, &at, &r));
    assert_int_equal(j->records, n);
}

static void write_samples(struct fixture *f)
{
    assert_int_equal(journal_create(&f->journal, f->path, &f->error),
                     STATUS_OK);
    add_samples(&f->journal);
    journal_free(&f->journal);
}

static void what_is_in_memory_can_be_read_while_it_grows(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(journal_init(&f->journal), STATUS_OK);
    has_samples(&f->journal, 0);
    add_samples(&f->journal);
    has_samples(&f->journal, RECORDS);
    journal_free(&f->journal);
}

static void a_file_comes_back_as_it_was_written(void **state)
{
    struct fixture *f = *state;

    write_samples(f);
    assert_int_equal(journal_load(&f->journal, f->path, &f->error), STATUS_OK);
    assert_false(f->journal.damaged);
    has_samples(&f->journal, RECORDS);
    journal_free(&f->journal);
}

static void what_is_flushed_is_in_the_file(void **state)
{
    struct fixture *f = *state;
    struct journal read;

    assert_int_equal(journal_create(&f->journal, f->path, &f->error),
                     STATUS_OK);
    add_samples(&f->journal);
    journal_flush(&f->journal);
    assert_int_equal(journal_load(&read, f->path, &f->error), STATUS_OK);
    has_samples(&read, RECORDS);
    journal_free(&read);
    journal_free(&f->journal);
}

/* The number of whole records in the first `size` bytes. */
static unsigned records_in(size_t size)
{
    size_t end = JOURNAL_FIRST;
    unsigned n = 0;

    while (n < RECORDS && (end += 32 + n) <= size)
        n++;
    return n;
}

/* Every place at which a file can be cut. */
static void a_file_that_is_cut_off_is_loaded_as_far_as_it_goes(void **state)
{
    struct fixture *f = *state;
    struct stat s;

    write_samples(f);
    stat(f->path, &s);
    for (off_t size = s.st_size - 1; size >= 0; size--) {
        assert_int_equal(truncate(f->path, size), 0);
        if (size < JOURNAL_FIRST) {
            assert_int_equal(journal_load(&f->journal, f->path, &f->error),
                             STATUS_BAD_FORMAT);
            continue;
        }
        assert_int_equal(journal_load(&f->journal, f->path, &f->error),
                         STATUS_OK);
        has_samples(&f->journal, records_in((size_t)size));
        journal_free(&f->journal);
    }
}

static void flip(const char *path, off_t at, unsigned bit)
{
    int fd = open(path, O_RDWR);
    uint8_t byte;

    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= (uint8_t)(1u << bit);
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    close(fd);
}

/* Every bit of the file. */
static void an_altered_bit_is_noticed_at_its_record(void **state)
{
    struct fixture *f = *state;
    struct stat s;

    write_samples(f);
    stat(f->path, &s);
    for (off_t at = 0; at < s.st_size; at++) {
        unsigned bit = (unsigned)at % 8;

        flip(f->path, at, bit);
        if (at < JOURNAL_FIRST) {
            assert_int_equal(journal_load(&f->journal, f->path, &f->error),
                             STATUS_BAD_FORMAT);
        } else {
            assert_int_equal(journal_load(&f->journal, f->path, &f->error),
                             STATUS_OK);
            assert_true(f->journal.damaged);
            has_samples(&f->journal, records_in((size_t)at));
            journal_free(&f->journal);
        }
        flip(f->path, at, bit);
    }
}

/* Each record is whole, and yet the file is not what was recorded. */
static void a_record_that_was_left_out_is_noticed(void **state)
{
    struct fixture *f = *state;
    uint8_t bytes[4096];
    size_t cut = JOURNAL_FIRST + 32 + 33; /* records 0 and 1 */
    FILE *file;
    size_t n;

    write_samples(f);
    file = fopen(f->path, "rb");
    n = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    memmove(bytes + cut, bytes + cut + 34, n - cut - 34); /* without 2 */
    file = fopen(f->path, "wb");
    fwrite(bytes, 1, n - 34, file);
    fclose(file);
    assert_int_equal(journal_load(&f->journal, f->path, &f->error), STATUS_OK);
    assert_true(f->journal.damaged);
    has_samples(&f->journal, 2);
    journal_free(&f->journal);
}

static void a_full_disk_is_said(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(journal_create(&f->journal, "/dev/full", &f->error),
                     STATUS_OK);
    add_samples(&f->journal);
    journal_flush(&f->journal);
    assert_true(f->journal.failed);
    assert_int_equal(f->journal.error_number, ENOSPC);
    journal_free(&f->journal);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_in_memory_can_be_read_while_it_grows),
        TEST(a_file_comes_back_as_it_was_written),
        TEST(what_is_flushed_is_in_the_file),
        TEST(a_file_that_is_cut_off_is_loaded_as_far_as_it_goes),
        TEST(an_altered_bit_is_noticed_at_its_record),
        TEST(a_record_that_was_left_out_is_noticed),
        TEST(a_full_disk_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
