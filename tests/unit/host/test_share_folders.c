/* Folders of a shared folder, and the names in them. */
#include "host/share_client.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An entry of Rreaddir. */
struct entry {
    unsigned qid_type, type;
    uint64_t inode, offset;
    char name[256];
};

/* The next entry of the last reply. */
static bool next_entry(struct client *c, struct entry *e)
{
    struct share_text name;

    if (!c->in.left)
        return false;
    e->qid_type = (unsigned)p9_field(c, 1);
    p9_field(c, 4);
    e->inode = p9_field(c, 8);
    e->offset = p9_field(c, 8);
    e->type = (unsigned)p9_field(c, 1);
    name = share_take_text(&c->in);
    assert_false(c->in.bad);
    memcpy(e->name, name.bytes, name.n);
    e->name[name.n] = '\0';
    return true;
}

/* Reads on from *offset; how many entries came, and the last of them. */
static unsigned read_some(struct client *c, unsigned fid, uint64_t *offset,
                          unsigned count, struct entry *last)
{
    char before[256] = "";
    unsigned n = 0;
    uint64_t bytes;

    assert_int_equal(p9_call(c, P9_TREADDIR, "484", fid, *offset, count), 0);
    bytes = p9_field(c, 4);
    assert_int_equal(bytes, c->in.left);
    assert_true(bytes <= count);
    while (next_entry(c, last)) {
        assert_true(strcmp(before, last->name) < 0);
        strcpy(before, last->name);
        *offset = last->offset;
        n++;
    }
    return n;
}

static void a_folder_lists_its_names_in_order(void **state)
{
    static const struct {
        const char *name;
        unsigned qid_type, type; /* DT_* */
    } expected[] = {
        { ".", P9_QID_DIR, 4 },        { "..", P9_QID_DIR, 4 },
        { "fifo", P9_QID_FILE, 1 },    { "file", P9_QID_FILE, 8 },
        { "folder", P9_QID_DIR, 4 },   { "link", P9_QID_SYMLINK, 10 },
        { "out", P9_QID_SYMLINK, 10 }, { "secret", P9_QID_SYMLINK, 10 },
        { "socket", P9_QID_FILE, 12 }, { "top", P9_QID_SYMLINK, 10 },
    };
    struct client *c = *state;
    struct entry e;
    struct stat st;

    assert_int_equal(p9_open(c, ROOT, 0), 0);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", ROOT, UINT64_C(0), 8192),
                     0);
    p9_field(c, 4);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(next_entry(c, &e));
        assert_string_equal(e.name, expected[i].name);
        assert_int_equal(e.qid_type, expected[i].qid_type);
        assert_int_equal(e.type, expected[i].type);
        assert_int_equal(e.offset, i + 1);
        if (i < 2)
            continue;
        assert_int_equal(
            fstatat(c->share.root, e.name, &st, AT_SYMLINK_NOFOLLOW), 0);
        assert_int_equal(e.inode, st.st_ino);
    }
    assert_false(next_entry(c, &e));
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", ROOT, e.offset, 8192), 0);
    assert_int_equal(p9_field(c, 4), 0);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", ROOT, UINT64_MAX, 8192), 0);
    assert_int_equal(p9_field(c, 4), 0);
}

#define MANY 500

static void make_many(struct client *c)
{
    char path[256], name[64];

    assert_int_equal(mkdir(host_path(c, "in/many", path), 0755), 0);
    for (unsigned i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "in/many/%u", i * 7919 % MANY);
        host_write(c, name, "");
    }
}

static void a_folder_is_read_in_pieces(void **state)
{
    static const unsigned counts[] = { 30, 31, 100, 1000, 60000 };
    struct client *c = *state;
    struct entry last;

    make_many(c);
    assert_int_equal(p9_walk(c, ROOT, 1, "many"), 0);
    assert_int_equal(p9_open(c, 1, 0), 0);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        uint64_t offset = 0;
        unsigned n, sum = 0;

        do {
            n = read_some(c, 1, &offset, counts[i], &last);
            sum += n;
        } while (n > 0);
        assert_int_equal(sum, MANY + 2);
    }
    /* Too small for the first. */
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", 1, UINT64_C(0), 24),
                     EINVAL);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", 1, UINT64_C(0), 0), EINVAL);
}

/* As `rm -r` does: none is left out, and none comes twice. */
static void removing_while_reading_leaves_nothing_out(void **state)
{
    struct client *c = *state;
    uint64_t offset = 0;
    unsigned removed = 0;

    make_many(c);
    assert_int_equal(p9_walk(c, ROOT, 1, "many"), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "many"), 0);
    assert_int_equal(p9_open(c, 1, 0), 0);
    for (;;) {
        struct entry e[16];
        unsigned n = 0;

        assert_int_equal(p9_call(c, P9_TREADDIR, "484", 1, offset, 400), 0);
        p9_field(c, 4);
        while (next_entry(c, &e[n]))
            n++;
        for (unsigned i = 0; i < n; i++) {
            offset = e[i].offset;
            if (e[i].name[0] == '.')
                continue;
            assert_int_equal(p9_call(c, P9_TUNLINKAT, "4s4", 2, e[i].name, 0),
                             0);
            removed++;
        }
        if (n == 0)
            break;
    }
    assert_int_equal(removed, MANY);
    assert_int_equal(
        p9_call(c, P9_TUNLINKAT, "4s4", ROOT, "many", P9_UNLINK_DIR), 0);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", 1, UINT64_C(0), 400), 0);
}

static void what_was_removed_meanwhile_is_not_told(void **state)
{
    struct client *c = *state;
    uint64_t offset = 0;
    struct entry last;

    assert_int_equal(p9_open(c, ROOT, 0), 0);
    read_some(c, ROOT, &offset, 60, &last);
    assert_string_equal(last.name, "..");
    assert_int_equal(p9_call(c, P9_TUNLINKAT, "4s4", ROOT, "fifo", 0), 0);
    read_some(c, ROOT, &offset, 30, &last);
    assert_string_equal(last.name, "file");
    /* From the beginning it is read anew. */
    offset = 0;
    assert_int_equal(read_some(c, ROOT, &offset, 8192, &last), 9);
}

/* Memory for listings ends at some point; nothing else does. */
static void listings_are_bounded(void **state)
{
    struct client *c = *state;

    make_many(c);
    assert_int_equal(p9_walk(c, ROOT, 1, "many"), 0);
    assert_int_equal(p9_open(c, 1, 0), 0);
    c->share.listed += SHARE_LISTINGS - 5000;
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", 1, UINT64_C(0), 8192),
                     ENOMEM);
    assert_int_equal(c->share.listed, SHARE_LISTINGS - 5000);
    assert_int_equal(p9_open(c, ROOT, 0), 0);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", ROOT, UINT64_C(0), 8192),
                     0);
    c->share.listed -= SHARE_LISTINGS - 5000;
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", 1, UINT64_C(0), 8192), 0);
}

static void folders_are_made_and_removed(void **state)
{
    struct client *c = *state;

    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, "new", 0755, 0), 0);
    assert_int_equal(p9_field(c, 1), P9_QID_DIR);
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, "new", 0755, 0),
                     EEXIST);
    assert_int_equal(p9_walk(c, ROOT, 1, "new"), 0);
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", 1, "new", 0755, 0), 0);
    assert_true(host_has(c, "in/new/new"));
    assert_int_equal(
        p9_call(c, P9_TUNLINKAT, "4s4", ROOT, "new", P9_UNLINK_DIR), ENOTEMPTY);
    assert_int_equal(p9_call(c, P9_TUNLINKAT, "4s4", ROOT, "new", 0), EISDIR);
    assert_int_equal(
        p9_call(c, P9_TUNLINKAT, "4s4", ROOT, "file", P9_UNLINK_DIR), ENOTDIR);
    assert_int_equal(p9_walk(c, ROOT, 2, "new/new"), 0);
    assert_int_equal(p9_call(c, P9_TREMOVE, "4", 2), 0);
    assert_int_equal(p9_call(c, P9_TREMOVE, "4", 1), 0);
    assert_false(host_has(c, "in/new"));
}

static void links_are_made(void **state)
{
    struct client *c = *state;
    char text[64], path[256];
    struct stat st;

    assert_int_equal(p9_call(c, P9_TSYMLINK, "4ss4", ROOT, "new", "file", 0),
                     0);
    assert_int_equal(p9_field(c, 1), P9_QID_SYMLINK);
    assert_string_equal(host_read(c, "in/new", text), "hello\n");
    assert_int_equal(p9_walk(c, ROOT, 1, "new"), 0);
    assert_int_equal(p9_call(c, P9_TREADLINK, "4", 1), 0);
    assert_int_equal(p9_field(c, 2), 4);
    assert_memory_equal(c->in.at, "file", 4);
    assert_int_equal(p9_call(c, P9_TSYMLINK, "4ss4", ROOT, "m", "", 0), EINVAL);
    assert_int_equal(p9_walk(c, ROOT, 2, "file"), 0);
    assert_int_equal(p9_call(c, P9_TREADLINK, "4", 2), EINVAL);
    assert_int_equal(p9_call(c, P9_TLINK, "44s", ROOT, 2, "hard"), 0);
    assert_int_equal(stat(host_path(c, "in/hard", path), &st), 0);
    assert_int_equal(st.st_nlink, 2);
    assert_int_equal(p9_call(c, P9_TLINK, "44s", ROOT, 2, "hard"), EEXIST);
}

static void fids_follow_what_is_renamed(void **state)
{
    struct client *c = *state;
    char text[64];

    assert_int_equal(p9_walk(c, ROOT, 1, "folder"), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "folder/inner"), 0);
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, "deep", 0755, 0), 0);
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, "fold", 0755, 0), 0);
    assert_int_equal(p9_walk(c, ROOT, 3, "deep"), 0);
    assert_int_equal(p9_walk(c, ROOT, 4, "fold"), 0);
    assert_int_equal(p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, "folder", 3, "new"),
                     0);
    assert_true(host_has(c, "in/deep/new/inner"));
    assert_int_equal(p9_open(c, 2, 0), 0);
    assert_int_equal(p9_read(c, 2, 0, text, sizeof text), 0);
    assert_string_equal(text, "inside\n");
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", 1, "made", 0755, 0), 0);
    assert_true(host_has(c, "in/deep/new/made"));
    /* One whose name only begins so stays. */
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", 4, "made", 0755, 0), 0);
    assert_true(host_has(c, "in/fold/made"));
    assert_int_equal(p9_call(c, P9_TRENAME, "44s", 1, ROOT, "folder"), 0);
    assert_true(host_has(c, "in/folder/inner"));
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", 1, "last", 0755, 0), 0);
    assert_true(host_has(c, "in/folder/last"));
    assert_int_equal(
        p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, "folder", 1, "itself"), EINVAL);
}

/* As an editor saves: the file that was there is another one. */
static void a_file_that_is_replaced_is_gone(void **state)
{
    struct client *c = *state;
    char text[64];

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "file"), 0);
    assert_int_equal(p9_walk(c, ROOT, 3, "folder/inner"), 0);
    assert_int_equal(p9_walk(c, ROOT, 4, "folder"), 0);
    assert_int_equal(p9_open(c, 1, 0), 0);
    assert_int_equal(p9_call(c, P9_TRENAMEAT, "4s4s", 4, "inner", ROOT, "file"),
                     0);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), 0);
    assert_string_equal(text, "hello\n");
    assert_int_equal(p9_open(c, 2, 0), ESTALE);
    assert_int_equal(p9_open(c, 3, 0), 0);
    assert_int_equal(p9_read(c, 3, 0, text, sizeof text), 0);
    assert_string_equal(text, "inside\n");
}

/* POSIX: "if they are links to the same existing file, rename shall do
   nothing". */
static void renaming_to_another_name_of_the_same_file_does_nothing(void **state)
{
    struct client *c = *state;

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(p9_call(c, P9_TLINK, "44s", ROOT, 1, "hard"), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, "hard"), 0);
    assert_int_equal(
        p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, "file", ROOT, "hard"), 0);
    assert_int_equal(
        p9_call(c, P9_TRENAMEAT, "4s4s", ROOT, "file", ROOT, "file"), 0);
    assert_int_equal(p9_call(c, P9_TREMOVE, "4", 2), 0);
    assert_false(host_has(c, "in/hard"));
    assert_int_equal(p9_open(c, 1, 0), 0);
}

static void a_walk_says_how_far_it_came(void **state)
{
    struct client *c = *state;
    const uint64_t none = 0;

    assert_int_equal(
        p9_call(c, P9_TWALK, "442sss", ROOT, 1, 3, "folder", "inner", "x"), 0);
    assert_int_equal(p9_field(c, 2), 2);
    assert_int_equal(p9_field(c, 1), P9_QID_DIR);
    p9_field(c, 4), p9_field(c, 8);
    assert_int_equal(p9_field(c, 1), P9_QID_FILE);
    p9_field(c, 4), p9_field(c, 8);
    assert_int_equal(c->in.left, 0);
    assert_int_equal(p9_call(c, P9_TGETATTR, "48", 1, none), EBADF);
    assert_int_equal(p9_call(c, P9_TWALK, "442s", ROOT, 1, 1, "x"), ENOENT);
    assert_int_equal(p9_call(c, P9_TWALK, "442ss", ROOT, 1, 2, "file", "x"), 0);
    assert_int_equal(p9_field(c, 2), 1);
}

static void the_file_system_tells_its_size(void **state)
{
    struct client *c = *state;
    uint64_t blocks;

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    for (unsigned open = 0; open < 2; open++) {
        assert_int_equal(p9_call(c, P9_TSTATFS, "4", 1), 0);
        assert_int_not_equal(p9_field(c, 4), 0);
        assert_int_not_equal(p9_field(c, 4), 0);
        blocks = p9_field(c, 8);
        assert_true(blocks >= p9_field(c, 8));
        p9_field(c, 8), p9_field(c, 8), p9_field(c, 8), p9_field(c, 8);
        assert_int_equal(p9_field(c, 4), 255);
        assert_int_equal(c->in.left, 0);
        if (!open)
            assert_int_equal(p9_open(c, 1, 0), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(a_folder_lists_its_names_in_order),
        CLIENT_TEST(a_folder_is_read_in_pieces),
        CLIENT_TEST(removing_while_reading_leaves_nothing_out),
        CLIENT_TEST(what_was_removed_meanwhile_is_not_told),
        CLIENT_TEST(listings_are_bounded),
        CLIENT_TEST(folders_are_made_and_removed),
        CLIENT_TEST(links_are_made),
        CLIENT_TEST(fids_follow_what_is_renamed),
        CLIENT_TEST(a_file_that_is_replaced_is_gone),
        CLIENT_TEST(renaming_to_another_name_of_the_same_file_does_nothing),
        CLIENT_TEST(a_walk_says_how_far_it_came),
        CLIENT_TEST(the_file_system_tells_its_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
