/* Files of a shared folder: what a guest does with them is done. */
#include "host/share_client.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Flags of Tlopen. */
enum { READ = 0, WRITE = P9_OPEN_WRITE, BOTH = P9_OPEN_READ_WRITE };

static int setattr(struct client *c, unsigned fid, unsigned valid,
                   unsigned mode, uint64_t size, uint64_t mtime)
{
    return p9_call(c, P9_TSETATTR, "4444488888", fid, valid, mode, 0, 0, size,
                   UINT64_C(1000000007), UINT64_C(7), mtime, UINT64_C(8));
}

static int create(struct client *c, unsigned fid, const char *name)
{
    assert_int_equal(p9_walk(c, ROOT, fid, ""), 0);
    return p9_call(c, P9_TLCREATE, "4s444", fid, name, BOTH, 0640, 0);
}

/* The size that Rgetattr tells, or the error as a negative number. */
static int64_t size_of(struct client *c, unsigned fid)
{
    int error = p9_call(c, P9_TGETATTR, "48", fid, UINT64_C(0));

    if (error)
        return -error;
    share_take_bytes(&c->in, 8 + P9_QID + 4 + 4 + 4 + 8 + 8);
    return (int64_t)p9_field(c, 8);
}

static void a_file_is_read(void **state)
{
    struct client *c = *state;
    char text[64];

    assert_int_equal(p9_walk(c, ROOT, 1, "folder/inner"), 0);
    assert_int_equal(p9_open(c, 1, READ), 0);
    assert_int_equal(p9_field(c, 1), P9_QID_FILE);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), 0);
    assert_string_equal(text, "inside\n");
    assert_int_equal(p9_read(c, 1, 2, text, 4), 0);
    assert_string_equal(text, "sid");
    assert_int_equal(p9_read(c, 1, 7, text, 4), 0);
    assert_string_equal(text, "");
    assert_int_equal(p9_read(c, 1, INT64_MAX - 8, text, 4), 0);
    assert_string_equal(text, "");
}

static void a_new_file_is_written(void **state)
{
    struct client *c = *state;
    char text[64], path[256];
    struct stat st;

    assert_int_equal(create(c, 1, "new"), 0);
    assert_int_equal(p9_write(c, 1, 0, "one two"), 0);
    assert_int_equal(p9_write(c, 1, 4, "three"), 0);
    assert_int_equal(p9_call(c, P9_TFSYNC, "44", 1, 0), 0);
    assert_int_equal(p9_call(c, P9_TFSYNC, "4", 1), 0);
    assert_string_equal(host_read(c, "in/new", text), "one three");
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), 0);
    assert_string_equal(text, "one three");
    assert_int_equal(stat(host_path(c, "in/new", path), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_int_equal(p9_write(c, 1, UINT64_MAX, "x"), EINVAL);
    assert_int_equal(p9_write(c, 1, INT64_MAX, "x"), EINVAL);
    assert_int_equal(p9_clunk(c, 1), 0);
    /* There already. */
    assert_int_equal(create(c, 1, "new"), 0);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), 0);
    assert_string_equal(text, "one three");
    assert_int_equal(p9_walk(c, ROOT, 2, ""), 0);
    assert_int_equal(p9_call(c, P9_TLCREATE, "4s444", 2, "new",
                             BOTH | P9_OPEN_EXCL, 0644, 0),
                     EEXIST);
}

static void how_it_is_opened_counts(void **state)
{
    struct client *c = *state;
    char text[64];

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "file"), 0);
    assert_int_equal(p9_walk(c, ROOT, 3, "file"), 0);
    assert_int_equal(p9_open(c, 1, 3), EINVAL);
    assert_int_equal(p9_open(c, 1, P9_OPEN_DIRECTORY), ENOTDIR);
    assert_int_equal(p9_open(c, 1, WRITE | P9_OPEN_APPEND), 0);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), EBADF);
    assert_int_equal(p9_write(c, 1, 0, "more"), 0);
    assert_string_equal(host_read(c, "in/file", text), "hello\nmore");
    assert_int_equal(p9_open(c, 2, BOTH | P9_OPEN_TRUNC), 0);
    assert_string_equal(host_read(c, "in/file", text), "");
    assert_int_equal(p9_open(c, 3, READ), 0);
    assert_int_equal(p9_write(c, 3, 0, "more"), EBADF);
    assert_int_equal(p9_open(c, ROOT, WRITE), EISDIR);
    assert_int_equal(p9_open(c, ROOT, P9_OPEN_TRUNC), EISDIR);
    assert_int_equal(p9_open(c, ROOT, P9_OPEN_DIRECTORY), 0);
}

static void a_message_of_data_has_all_of_it(void **state)
{
    struct client *c = *state;
    size_t n;

    assert_int_equal(create(c, 1, "new"), 0);
    n = p9_message(c, P9_TWRITE, "4848", 1, UINT64_C(0), 9, UINT64_C(0));
    assert_int_equal(p9_ask(c, n), EPROTO);
    n = p9_message(c, P9_TWRITE, "4848", 1, UINT64_C(0), UINT32_MAX,
                   UINT64_C(0));
    assert_int_equal(p9_ask(c, n), EPROTO);
    assert_int_equal(size_of(c, 1), 0);
}

static void attributes_are_those_of_the_host(void **state)
{
    struct client *c = *state;
    char path[256];
    struct stat st;

    assert_int_equal(lstat(host_path(c, "in/link", path), &st), 0);
    assert_int_equal(p9_walk(c, ROOT, 1, "link"), 0);
    assert_int_equal(p9_call(c, P9_TGETATTR, "48", 1, UINT64_C(0)), 0);
    assert_int_equal(p9_field(c, 8), 0x7ff);
    assert_int_equal(p9_field(c, 1), P9_QID_SYMLINK);
    assert_int_not_equal(p9_field(c, 4), 0);
    assert_int_equal(p9_field(c, 8), st.st_ino);
    assert_int_equal(p9_field(c, 4), st.st_mode);
    assert_int_equal(p9_field(c, 4), st.st_uid);
    assert_int_equal(p9_field(c, 4), st.st_gid);
    assert_int_equal(p9_field(c, 8), st.st_nlink);
    assert_int_equal(p9_field(c, 8), st.st_rdev);
    assert_int_equal(p9_field(c, 8), 4);
    assert_int_equal(p9_field(c, 8), st.st_blksize);
    assert_int_equal(p9_field(c, 8), st.st_blocks);
    p9_field(c, 8), p9_field(c, 8);
    assert_int_equal(p9_field(c, 8), st.st_mtim.tv_sec);
    assert_int_equal(p9_field(c, 8), st.st_mtim.tv_nsec);
    assert_int_equal(c->in.left, 16 + 16 + 16);
}

static void attributes_are_set(void **state)
{
    struct client *c = *state;
    const unsigned times = P9_SETATTR_ATIME | P9_SETATTR_ATIME_SET |
                           P9_SETATTR_MTIME | P9_SETATTR_MTIME_SET;
    char path[256];
    struct stat st;

    host_path(c, "in/file", path);
    for (unsigned open = 0; open < 2; open++) {
        assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
        if (open)
            assert_int_equal(p9_open(c, 1, BOTH), 0);
        assert_int_equal(
            setattr(c, 1, P9_SETATTR_SIZE | times, 0, 3 + open, 1234567890), 0);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_size, 3 + open);
        assert_int_equal(st.st_atim.tv_sec, 1000000007);
        assert_int_equal(st.st_atim.tv_nsec, 7);
        assert_int_equal(st.st_mtim.tv_sec, 1234567890);
        assert_int_equal(st.st_mtim.tv_nsec, 8);
        assert_int_equal(setattr(c, 1, P9_SETATTR_MTIME, 0, 0, 5), 0);
        assert_int_equal(stat(path, &st), 0);
        assert_true(st.st_mtim.tv_sec > 1500000000);
        assert_int_equal(st.st_atim.tv_sec, 1000000007);
        assert_int_equal(setattr(c, 1, P9_SETATTR_MODE, 0600 + open, 0, 0), 0);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600 + open);
        assert_int_equal(setattr(c, 1, 0, 0777, 99, 99), 0);
        assert_int_equal(setattr(c, 1, P9_SETATTR_SIZE, 0, UINT64_MAX, 0),
                         EFBIG);
        assert_int_equal(p9_clunk(c, 1), 0);
    }
    /* A symlink's own time. */
    assert_int_equal(p9_walk(c, ROOT, 1, "secret"), 0);
    assert_int_equal(setattr(c, 1, times, 0, 0, 1234567890), 0);
    assert_int_equal(lstat(host_path(c, "in/secret", path), &st), 0);
    assert_int_equal(st.st_mtim.tv_sec, 1234567890);
}

static void an_owner_is_set_as_far_as_the_host_lets(void **state)
{
    struct client *c = *state;
    char path[256];
    struct stat st;
    int error;

    assert_int_equal(p9_walk(c, ROOT, 1, "secret"), 0);
    error = p9_call(c, P9_TSETATTR, "4444488888", 1, P9_SETATTR_UID, 0, 12345,
                    0, UINT64_C(0), UINT64_C(0), UINT64_C(0), UINT64_C(0),
                    UINT64_C(0));
    assert_int_equal(lstat(host_path(c, "in/secret", path), &st), 0);
    if (geteuid() == 0)
        assert_true(error == 0 && st.st_uid == 12345);
    else
        assert_true(error == EPERM && st.st_uid == geteuid());
}

static void reading_leaves_the_time_of_access(void **state)
{
    struct client *c = *state;
    struct stat before, after;
    char text[64], path[256];

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(
        setattr(c, 1, P9_SETATTR_ATIME | P9_SETATTR_ATIME_SET, 0, 0, 0), 0);
    assert_int_equal(stat(host_path(c, "in/file", path), &before), 0);
    assert_int_equal(p9_open(c, 1, READ), 0);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), 0);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_atim.tv_sec, 1000000007);
    assert_int_equal(before.st_atim.tv_nsec, after.st_atim.tv_nsec);
}

/* As a program does with its temporary file. */
static void a_removed_file_that_is_open_goes_on(void **state)
{
    struct client *c = *state;
    char text[64];

    assert_int_equal(create(c, 1, "new"), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "new"), 0); /* what a dentry keeps */
    assert_int_equal(p9_call(c, P9_TUNLINKAT, "4s4", ROOT, "new", 0), 0);
    assert_false(host_has(c, "in/new"));
    assert_int_equal(p9_write(c, 1, 0, "still"), 0);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), 0);
    assert_string_equal(text, "still");
    assert_int_equal(size_of(c, 1), 5);
    assert_int_equal(size_of(c, 2), 5);
    assert_int_equal(setattr(c, 1, P9_SETATTR_SIZE, 0, 2, 0), 0);
    assert_int_equal(p9_walk(c, 2, 3, ""), 0);
    assert_int_equal(size_of(c, 3), 2);
    assert_int_equal(p9_open(c, 2, READ), ESTALE);
    assert_int_equal(setattr(c, 2, P9_SETATTR_SIZE, 0, 0, 0), ESTALE);
    /* Another file of that name is another file. */
    assert_int_equal(create(c, 4, "new"), 0);
    assert_int_equal(p9_write(c, 4, 0, "another one"), 0);
    assert_int_equal(size_of(c, 1), 2);
    assert_int_equal(size_of(c, 2), 2);
    assert_int_equal(size_of(c, 4), 11);
}

static void a_removed_file_that_is_not_open_is_stale(void **state)
{
    struct client *c = *state;

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "file"), 0);
    assert_int_equal(p9_call(c, P9_TREMOVE, "4", 1), 0);
    assert_int_equal(p9_clunk(c, 1), EBADF);
    host_write(c, "in/file", "another\n");
    assert_int_equal(size_of(c, 2), -ESTALE);
    assert_int_equal(p9_open(c, 2, READ), ESTALE);
    assert_int_equal(p9_walk(c, 2, 3, ""), ESTALE);
    assert_int_equal(p9_clunk(c, 2), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "file"), 0);
    assert_int_equal(size_of(c, 2), 8);
}

static void locks_are_granted(void **state)
{
    struct client *c = *state;

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(p9_call(c, P9_TLOCK, "414884s", 1, 1, 1, UINT64_C(0),
                             UINT64_C(0), 77, "host"),
                     0);
    assert_int_equal(p9_field(c, 1), P9_LOCK_SUCCESS);
    assert_int_equal(p9_call(c, P9_TGETLOCK, "41884s", 1, 1, UINT64_C(3),
                             UINT64_C(4), 77, "host"),
                     0);
    assert_int_equal(p9_field(c, 1), P9_LOCK_TYPE_UNLCK);
    assert_int_equal(p9_field(c, 8), 3);
    assert_int_equal(p9_field(c, 8), 4);
    assert_int_equal(p9_field(c, 4), 77);
    assert_int_equal(p9_field(c, 2), 4);
    assert_int_equal(c->in.left, 4);
}

static void there_are_no_extended_attributes(void **state)
{
    struct client *c = *state;

    assert_int_equal(p9_call(c, P9_TXATTRWALK, "44s", ROOT, 1, "user.name"),
                     EOPNOTSUPP);
    assert_int_equal(
        p9_call(c, P9_TXATTRCREATE, "4s84", ROOT, "user.name", UINT64_C(5), 0),
        EOPNOTSUPP);
    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0); /* 1 is free */
    assert_int_equal(p9_call(c, P9_TFLUSH, "2", 5), 0);
}

static void a_folder_for_reading_is_only_read(void **state)
{
    struct client *c = *state;
    const uint64_t none = 0;
    char text[64];

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(p9_open(c, 1, WRITE), EROFS);
    assert_int_equal(p9_open(c, 1, BOTH), EROFS);
    assert_int_equal(p9_open(c, 1, READ | P9_OPEN_TRUNC), EROFS);
    assert_int_equal(create(c, 2, "new"), EROFS);
    for (unsigned valid = 1; valid < 0x200; valid *= 2)
        assert_int_equal(p9_call(c, P9_TSETATTR, "4444488888", 1, valid, 0, 0,
                                 0, none, none, none, none, none),
                         EROFS);
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, "n", 0755, 0), EROFS);
    assert_int_equal(p9_call(c, P9_TMKNOD, "4s4444", ROOT, "n", 0, 0, 0, 0),
                     EROFS);
    assert_int_equal(p9_call(c, P9_TSYMLINK, "4ss4", ROOT, "n", "t", 0), EROFS);
    assert_int_equal(p9_call(c, P9_TLINK, "44s", ROOT, 1, "n"), EROFS);
    assert_int_equal(p9_call(c, P9_TRENAME, "44s", 1, ROOT, "n"), EROFS);
    assert_int_equal(p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, "file", ROOT, "n"),
                     EROFS);
    assert_int_equal(p9_call(c, P9_TUNLINKAT, "4s4", ROOT, "file", 0), EROFS);
    assert_int_equal(p9_open(c, 1, READ), 0);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), 0);
    assert_string_equal(text, "hello\n");
    assert_int_equal(p9_write(c, 1, 0, "x"), EROFS);
    assert_int_equal(p9_call(c, P9_TREMOVE, "4", 1), EROFS);
    assert_int_equal(p9_clunk(c, 1), EBADF); /* it is gone all the same */
    assert_string_equal(host_read(c, "in/file", text), "hello\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(a_file_is_read),
        CLIENT_TEST(a_new_file_is_written),
        CLIENT_TEST(how_it_is_opened_counts),
        CLIENT_TEST(a_message_of_data_has_all_of_it),
        CLIENT_TEST(attributes_are_those_of_the_host),
        CLIENT_TEST(attributes_are_set),
        CLIENT_TEST(an_owner_is_set_as_far_as_the_host_lets),
        CLIENT_TEST(reading_leaves_the_time_of_access),
        CLIENT_TEST(a_removed_file_that_is_open_goes_on),
        CLIENT_TEST(a_removed_file_that_is_not_open_is_stale),
        CLIENT_TEST(locks_are_granted),
        CLIENT_TEST(there_are_no_extended_attributes),
        CLIENT_TEST_READ_ONLY(a_folder_for_reading_is_only_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
