/*
 * Nothing leads out of a shared folder: each way that a guest could try, on a
 * host with openat2 and on one without. That nothing outside has changed is
 * seen after each test (client_tear_down); that nothing of it is read, here.
 */
#define _GNU_SOURCE /* RENAME_EXCHANGE */
#include "host/share_client.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How many names of a Twalk were found; 0 also for an error. */
static unsigned walked(struct client *c, const char *path)
{
    int error = p9_walk(c, ROOT, 1, path);
    unsigned n;

    if (error > 0 && c->reply[4] == P9_RLERROR)
        return 0;
    c->in = (struct share_reader){ c->reply + P9_HEADER, 2, false };
    n = (unsigned)p9_field(c, 2);
    if (error == 0)
        assert_int_equal(p9_clunk(c, 1), 0);
    return n;
}

/* The inode number that a reply's qid tells. */
static uint64_t inode_of(struct client *c, unsigned fid)
{
    assert_int_equal(p9_call(c, P9_TGETATTR, "48", fid, UINT64_C(0)), 0);
    p9_field(c, 8);
    p9_field(c, 1);
    p9_field(c, 4);
    return p9_field(c, 8);
}

static void up_from_the_root_is_the_root(void **state)
{
    struct client *c = *state;
    uint64_t root = inode_of(c, ROOT);

    assert_int_equal(p9_walk(c, ROOT, 1, ".."), 0);
    assert_true(inode_of(c, 1) == root);
    assert_int_equal(p9_clunk(c, 1), 0);
    assert_int_equal(p9_walk(c, ROOT, 1, "folder/../../../.."), 0);
    assert_true(inode_of(c, 1) == root);
    assert_int_equal(p9_clunk(c, 1), 0);
    assert_int_equal(walked(c, "../out/secret"), 2); /* in/out, the symlink */
    assert_int_equal(walked(c, "../../etc/passwd"), 2);
    assert_int_equal(p9_walk(c, ROOT, 1, "folder/../file"), 0);
}

static void a_name_is_one_name(void **state)
{
    static const char *const names[] = { "",    ".",      "/",           "/etc",
                                         "a/b", "../out", "folder/inner" };
    struct client *c = *state;
    size_t n;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name = names[i];

        assert_int_equal(p9_call(c, P9_TWALK, "442s", ROOT, 1, 1, name),
                         EINVAL);
        assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, name, 0755, 0),
                         EINVAL);
        assert_int_equal(
            p9_call(c, P9_TLCREATE, "4s444", ROOT, name, 2, 0644, 0), EINVAL);
        assert_int_equal(p9_call(c, P9_TSYMLINK, "4ss4", ROOT, name, "t", 0),
                         EINVAL);
        assert_int_equal(p9_call(c, P9_TLINK, "44s", ROOT, ROOT, name), EINVAL);
        assert_int_equal(p9_call(c, P9_TUNLINKAT, "4s4", ROOT, name, 0),
                         EINVAL);
        assert_int_equal(
            p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, "file", ROOT, name), EINVAL);
        assert_int_equal(
            p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, name, ROOT, "new"), EINVAL);
        assert_int_equal(p9_call(c, P9_TRENAME, "44s", ROOT, ROOT, name),
                         EINVAL);
    }
    /* ".." has a meaning only on the way. */
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, "..", 0755, 0),
                     EINVAL);
    assert_int_equal(p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, "file", ROOT, ".."),
                     EINVAL);
    assert_int_equal(p9_call(c, P9_TUNLINKAT, "4s4", ROOT, "..", 0x200),
                     EINVAL);
    /* A zero ends no name. */
    n = p9_message(c, P9_TWALK, "442s", ROOT, 1, 1, "file...");
    c->request[n - 3] = 0;
    assert_int_equal(p9_ask(c, n), EINVAL);
}

static void names_and_paths_have_bounds(void **state)
{
    struct client *c = *state;
    char name[300];
    unsigned deep;

    memset(name, 'n', sizeof name);
    name[256] = '\0';
    assert_int_equal(p9_call(c, P9_TWALK, "442s", ROOT, 1, 1, name),
                     ENAMETOOLONG);
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, name, 0755, 0),
                     ENAMETOOLONG);
    name[255] = '\0';
    assert_int_equal(p9_walk(c, ROOT, 1, ""), 0);
    for (deep = 0; deep < 20; deep++) {
        int error = p9_call(c, P9_TMKDIR, "4s44", 1, name, 0755, 0);

        if (error) {
            assert_int_equal(error, ENAMETOOLONG);
            break;
        }
        assert_int_equal(p9_walk(c, 1, 1, name), 0);
    }
    assert_int_equal(deep, 16); /* of 256 bytes, without the first '/' */
    while (deep-- > 0) {
        assert_int_equal(p9_walk(c, 1, 2, ""), 0);
        assert_int_equal(p9_walk(c, 1, 1, ".."), 0);
        assert_int_equal(p9_call(c, P9_TREMOVE, "4", 2), 0);
    }
    assert_int_equal(p9_call(c, P9_TWALK, "442", ROOT, 2, 17), EINVAL);
}

static void a_symlink_is_not_followed(void **state)
{
    static const char *const links[] = { "link", "out", "secret", "top" };
    struct client *c = *state;

    assert_int_equal(walked(c, "out/secret"), 1);
    assert_int_equal(walked(c, "top/etc"), 1);
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        assert_int_equal(p9_walk(c, ROOT, 1, links[i]), 0);
        assert_int_equal(p9_open(c, 1, 0), ELOOP);
        assert_int_equal(p9_open(c, 1, 2), ELOOP);
        assert_int_not_equal(
            p9_call(c, P9_TLCREATE, "4s444", 1, "new", 2, 0644, 0), 0);
        assert_int_not_equal(p9_call(c, P9_TMKDIR, "4s44", 1, "new", 0755, 0),
                             0);
        assert_int_not_equal(p9_call(c, P9_TUNLINKAT, "4s4", 1, "secret", 0),
                             0);
        assert_int_not_equal(
            p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, "file", 1, "new"), 0);
        assert_int_not_equal(
            p9_call(c, P9_TRENAMEAT, "4s4s", 1, "secret", ROOT, "new"), 0);
        /* Size, then mode and times, of what it points to. */
        assert_int_equal(p9_call(c, P9_TSETATTR, "4444488888", 1,
                                 P9_SETATTR_SIZE, 0, 0, 0, UINT64_C(0),
                                 UINT64_C(0), UINT64_C(0), UINT64_C(0),
                                 UINT64_C(0)),
                         ELOOP);
        assert_int_not_equal(p9_call(c, P9_TSETATTR, "4444488888", 1,
                                     P9_SETATTR_MODE, 0777, 0, 0, UINT64_C(0),
                                     UINT64_C(0), UINT64_C(0), UINT64_C(0),
                                     UINT64_C(0)),
                             0);
        assert_int_equal(p9_clunk(c, 1), 0);
        /* A file made in its place is none that it points to. */
        assert_int_equal(p9_walk(c, ROOT, 1, ""), 0);
        assert_int_equal(p9_call(c, P9_TLCREATE, "4s444", 1, links[i],
                                 2 | P9_OPEN_TRUNC, 0644, 0),
                         ELOOP);
        assert_int_equal(p9_clunk(c, 1), 0);
    }
}

static void a_hard_link_is_to_the_symlink_itself(void **state)
{
    struct client *c = *state;
    char path[256];
    struct stat st;

    assert_int_equal(p9_walk(c, ROOT, 1, "secret"), 0);
    assert_int_equal(p9_call(c, P9_TLINK, "44s", ROOT, 1, "hard"), 0);
    assert_int_equal(lstat(host_path(c, "in/hard", path), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    /* And the guest's own symlinks are as little followed. */
    assert_int_equal(
        p9_call(c, P9_TSYMLINK, "4ss4", ROOT, "own", "../out/secret", 0), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "own"), 0);
    assert_int_equal(p9_open(c, 2, 0), ELOOP);
    assert_int_equal(p9_call(c, P9_TREADLINK, "4", 2), 0);
    assert_int_equal(p9_field(c, 2), strlen("../out/secret"));
}

/* All that a guest can do with a fid and a name in it; none may work. */
static void assert_leads_nowhere(struct client *c, unsigned fid,
                                 const char *name)
{
    const uint64_t none = 0;

    assert_int_not_equal(p9_call(c, P9_TGETATTR, "48", fid, none), 0);
    assert_int_not_equal(p9_call(c, P9_TSTATFS, "4", fid), 0);
    assert_int_not_equal(p9_open(c, fid, 0), 0);
    assert_int_not_equal(p9_open(c, fid, 2 | P9_OPEN_TRUNC), 0);
    assert_int_not_equal(p9_call(c, P9_TREADLINK, "4", fid), 0);
    assert_int_not_equal(p9_call(c, P9_TWALK, "442s", fid, 99, 1, name), 0);
    for (unsigned valid = 1; valid < 0x40; valid *= 2)
        assert_int_not_equal(p9_call(c, P9_TSETATTR, "4444488888", fid, valid,
                                     0777, 1, 1, none, none, none, none, none),
                             0);
    assert_int_not_equal(
        p9_call(c, P9_TLCREATE, "4s444", fid, "new", 2, 0644, 0), 0);
    assert_int_not_equal(p9_call(c, P9_TMKDIR, "4s44", fid, "new", 0755, 0), 0);
    assert_int_not_equal(p9_call(c, P9_TSYMLINK, "4ss4", fid, "new", "t", 0),
                         0);
    assert_int_not_equal(p9_call(c, P9_TLINK, "44s", fid, ROOT, "new"), 0);
    assert_int_not_equal(p9_call(c, P9_TLINK, "44s", ROOT, fid, "new"), 0);
    assert_int_not_equal(p9_call(c, P9_TRENAME, "44s", fid, ROOT, "new"), 0);
    assert_int_not_equal(
        p9_call(c, P9_TRENAMEAT, "4s4s", fid, name, ROOT, "new"), 0);
    assert_int_not_equal(
        p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, "file", fid, "new"), 0);
    assert_int_not_equal(p9_call(c, P9_TUNLINKAT, "4s4", fid, name, 0), 0);
    assert_int_not_equal(p9_call(c, P9_TREMOVE, "4", fid), 0);
}

/* Between the guest's walking and its next step a folder becomes a symlink. */
static void a_symlink_swapped_in_leads_nowhere(void **state)
{
    struct client *c = *state;
    char path[256], other[256];

    assert_int_equal(p9_walk(c, ROOT, 1, "folder/inner"), 0);
    assert_int_equal(
        rename(host_path(c, "in/folder", path), host_path(c, "in/was", other)),
        0);
    assert_int_equal(symlink("../out", path), 0);
    assert_leads_nowhere(c, 1, "x");
    /* With one more level between. */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0755), 0);
    assert_int_equal(mkdir(host_path(c, "in/folder/deep", path), 0755), 0);
    host_write(c, "in/folder/deep/inner", "inside\n");
    assert_int_equal(p9_walk(c, ROOT, 2, "folder/deep/inner"), 0);
    assert_int_equal(rename(path, host_path(c, "in/was2", other)), 0);
    assert_int_equal(symlink("../../out", path), 0);
    assert_leads_nowhere(c, 2, "x");
}

/* The last name becomes one: the symlink is seen, never what it points to. */
static void a_file_that_becomes_a_symlink_is_one(void **state)
{
    struct client *c = *state;
    char path[256];

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(unlink(host_path(c, "in/file", path)), 0);
    assert_int_equal(symlink("../out/secret", path), 0);
    assert_int_equal(p9_open(c, 1, 0), ELOOP);
    assert_int_equal(p9_open(c, 1, 2 | P9_OPEN_TRUNC), ELOOP);
    assert_int_equal(p9_call(c, P9_TGETATTR, "48", 1, UINT64_C(0)), 0);
    p9_field(c, 8);
    assert_int_equal(p9_field(c, 1), P9_QID_SYMLINK);
    assert_int_equal(p9_call(c, P9_TREMOVE, "4", 1), 0); /* itself */
    assert_false(host_has(c, "in/file"));
}

/* A folder that was opened and then moved out of the share: what is open stays
   so, and nothing else opens there. */
static void a_folder_moved_out_is_lost(void **state)
{
    struct client *c = *state;
    char path[256], other[256];

    assert_int_equal(p9_walk(c, ROOT, 1, "folder"), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "folder/inner"), 0);
    assert_int_equal(rename(host_path(c, "in/folder", path),
                            host_path(c, "out/folder", other)),
                     0);
    assert_leads_nowhere(c, 2, "x");
    assert_int_equal(p9_walk(c, 1, 3, ".."), 0); /* by name: the root */
    assert_int_equal(p9_walk(c, 3, 4, "out"), 0);
    assert_int_equal(p9_open(c, 4, 0), ELOOP); /* which is the symlink */
    assert_leads_nowhere(c, 1, "inner");
    assert_int_equal(rename(other, path), 0);
}

static void what_is_no_file_is_not_opened(void **state)
{
    static const char *const names[] = { "fifo", "socket", "null" };
    struct client *c = *state;
    char path[256];
    unsigned n = 2;

    if (mknod(host_path(c, "in/null", path), S_IFCHR | 0666, 1 << 8 | 3) == 0)
        n = 3; /* as root only */
    for (unsigned i = 0; i < n; i++) {
        for (unsigned access = 0; access < 3; access++) {
            assert_int_equal(p9_walk(c, ROOT, 1, names[i]), 0);
            assert_int_equal(p9_open(c, 1, access), ENXIO);
            assert_int_equal(p9_clunk(c, 1), 0);
            assert_int_equal(p9_walk(c, ROOT, 1, ""), 0);
            assert_int_equal(
                p9_call(c, P9_TLCREATE, "4s444", 1, names[i], access, 0644, 0),
                ENXIO);
            assert_int_equal(p9_clunk(c, 1), 0);
        }
        assert_int_equal(p9_walk(c, ROOT, 1, names[i]), 0);
        assert_int_equal(p9_call(c, P9_TSETATTR, "4444488888", 1,
                                 P9_SETATTR_SIZE, 0, 0, 0, UINT64_C(0),
                                 UINT64_C(0), UINT64_C(0), UINT64_C(0),
                                 UINT64_C(0)),
                         ENXIO);
        assert_int_equal(p9_clunk(c, 1), 0);
    }
    assert_int_equal(
        p9_call(c, P9_TMKNOD, "4s4444", ROOT, "n", S_IFIFO | 0644, 0, 0, 0),
        EPERM);
    assert_int_equal(
        p9_call(c, P9_TMKNOD, "4s4444", ROOT, "n", S_IFCHR | 0644, 1, 3, 0),
        EPERM);
    assert_int_equal(
        p9_call(c, P9_TMKNOD, "4s4444", ROOT, "n", S_IFREG | 0644, 0, 0, 0),
        EPERM);
    assert_false(host_has(c, "in/n"));
}

/* A fifo with somebody at its other end does not open either. */
static void a_fifo_in_use_is_left_alone(void **state)
{
    struct client *c = *state;
    char path[256], byte;
    int end = open(host_path(c, "in/fifo", path), O_RDONLY | O_NONBLOCK);

    assert_true(end >= 0);
    assert_int_equal(p9_walk(c, ROOT, 1, "fifo"), 0);
    assert_int_equal(p9_open(c, 1, 1), ENXIO);
    assert_int_equal(read(end, &byte, 1), 0); /* nobody has come */
    close(end);
}

static void no_setuid_bit_is_set_or_used(void **state)
{
    struct client *c = *state;
    const uint64_t none = 0;
    char path[256];
    struct stat st;

    assert_int_equal(p9_walk(c, ROOT, 1, ""), 0);
    assert_int_equal(p9_call(c, P9_TLCREATE, "4s444", 1, "new", 2, 07755, 0),
                     0);
    assert_int_equal(stat(host_path(c, "in/new", path), &st), 0);
    assert_int_equal(st.st_mode & 07777 & ~01000, 0755);
    for (unsigned open = 0; open < 2; open++) {
        assert_int_equal(p9_call(c, P9_TSETATTR, "4444488888", 1,
                                 P9_SETATTR_MODE, 06755, 0, 0, none, none, none,
                                 none, none),
                         0);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 07777, 0755);
        assert_int_equal(p9_clunk(c, 1), 0);
        assert_int_equal(p9_walk(c, ROOT, 1, "new"), 0);
    }
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, "d", 07755, 0), 0);
    assert_int_equal(stat(host_path(c, "in/d", path), &st), 0);
    assert_int_equal(st.st_mode & 06000, 0);
    /* Of the host's own: read, but not written. */
    assert_int_equal(chmod(host_path(c, "in/file", path), 04755), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "file"), 0);
    assert_int_equal(p9_open(c, 2, 1), EPERM);
    assert_int_equal(p9_open(c, 2, P9_OPEN_TRUNC), EPERM);
    assert_int_equal(p9_call(c, P9_TSETATTR, "4444488888", 2, P9_SETATTR_SIZE,
                             0, 0, 0, none, none, none, none, none),
                     EPERM);
    assert_int_equal(p9_open(c, 2, 0), 0);
}

static void the_root_stays(void **state)
{
    struct client *c = *state;

    assert_int_not_equal(p9_call(c, P9_TRENAME, "44s", ROOT, ROOT, "new"), 0);
    assert_int_not_equal(p9_call(c, P9_TLINK, "44s", ROOT, ROOT, "new"), 0);
    assert_int_equal(p9_walk(c, ROOT, 1, ""), 0);
    assert_int_not_equal(p9_call(c, P9_TREMOVE, "4", 1), 0);
    assert_int_equal(p9_clunk(c, 1), EBADF); /* but the fid is gone */
    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
}

static void the_roots_parent_is_not_told(void **state)
{
    struct client *c = *state;
    uint64_t root = inode_of(c, ROOT);
    unsigned dots = 0;

    assert_int_equal(p9_open(c, ROOT, 0), 0);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", ROOT, UINT64_C(0), 8192),
                     0);
    p9_field(c, 4);
    while (c->in.left) {
        uint64_t inode = (p9_field(c, 1), p9_field(c, 4), p9_field(c, 8));
        struct share_text name;

        p9_field(c, 8);
        p9_field(c, 1);
        name = share_take_text(&c->in);
        if (name.n <= 2 && name.bytes[0] == '.') {
            assert_true(inode == root);
            dots++;
        }
    }
    assert_int_equal(dots, 2);
}

#define BOTH(name) CLIENT_TEST(name), CLIENT_TEST_BY_STEPS(name)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(up_from_the_root_is_the_root),
        BOTH(a_name_is_one_name),
        BOTH(names_and_paths_have_bounds),
        BOTH(a_symlink_is_not_followed),
        BOTH(a_hard_link_is_to_the_symlink_itself),
        BOTH(a_symlink_swapped_in_leads_nowhere),
        BOTH(a_file_that_becomes_a_symlink_is_one),
        BOTH(a_folder_moved_out_is_lost),
        BOTH(what_is_no_file_is_not_opened),
        BOTH(a_fifo_in_use_is_left_alone),
        BOTH(no_setuid_bit_is_set_or_used),
        BOTH(the_root_stays),
        BOTH(the_roots_parent_is_not_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
