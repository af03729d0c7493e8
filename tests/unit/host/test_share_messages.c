/* The 9P server and messages that are none, or too long, or in no order. */
#include "host/share_client.h"

#include <string.h>
#include <sys/stat.h>

static void a_session_begins_with_its_version(void **state)
{
    struct client *c = *state;

    assert_int_equal(p9_call(c, P9_TVERSION, "4s", 1 << 20, "9P2000.L"), 0);
    assert_int_equal(p9_field(c, 4), SHARE_MESSAGE);
    assert_int_equal(p9_field(c, 2), 8);
    assert_memory_equal(c->in.at, "9P2000.L", 8);
    /* All fids are gone. */
    assert_int_equal(p9_call(c, P9_TGETATTR, "48", ROOT, UINT64_C(0)), EBADF);
    assert_int_equal(p9_call(c, P9_TVERSION, "4s", 8192, "9P2000.L"), 0);
    assert_int_equal(p9_field(c, 4), 8192);
}

static void another_version_is_unknown(void **state)
{
    struct client *c = *state;

    assert_int_equal(p9_call(c, P9_TVERSION, "4s", 8192, "9P2000.u"), 0);
    p9_field(c, 4);
    assert_int_equal(p9_field(c, 2), 7);
    assert_memory_equal(c->in.at, "unknown", 7);
    assert_int_equal(
        p9_call(c, P9_TATTACH, "44ss4", ROOT, P9_NO_FID, "user", "", 0),
        EPROTO);
    assert_int_equal(p9_call(c, P9_TVERSION, "4s", 100, "9P2000.L"), EMSGSIZE);
}

static void what_is_no_message_is_refused_or_dropped(void **state)
{
    struct client *c = *state;
    size_t n = p9_message(c, P9_TGETATTR, "48", ROOT, UINT64_C(0));

    for (size_t k = 0; k < P9_HEADER; k++)
        assert_int_equal(p9_ask(c, k), -1);
    for (size_t k = P9_HEADER; k < n; k++)
        assert_int_equal(p9_ask(c, k), EPROTO);
    assert_int_equal(p9_ask(c, n), 0);
    assert_int_equal(p9_ask(c, n + 5), 0); /* what follows is not part of it */
    for (size_t k = 0; k < P9_HEADER; k++) {
        little_endian_put(c->request, 4, k);
        assert_int_equal(p9_ask(c, n), EPROTO);
    }
    little_endian_put(c->request, 4, UINT32_MAX);
    assert_int_equal(p9_ask(c, n), EMSGSIZE);
    little_endian_put(c->request, 4, 65537); /* msize is 65536 */
    assert_int_equal(p9_ask(c, sizeof c->request - 1), EMSGSIZE);
}

static void types_without_meaning_are_refused(void **state)
{
    static const unsigned types[] = { 0,   6,   7,   9,   30,  32,
                                      102, 107, 112, 114, 121, 124,
                                      126, 127, 128, 129, 236, 255 };
    struct client *c = *state;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        memset(c->request, 0, 64);
        p9_message(c, types[i], "4", ROOT);
        little_endian_put(c->request, 4, 64);
        assert_int_equal(p9_ask(c, 64), EOPNOTSUPP);
    }
}

/* The fields that each message has at least. */
static const struct {
    unsigned type;
    const char *fields;
} messages[] = {
    { P9_TSTATFS, "4" },       { P9_TLOPEN, "44" },
    { P9_TLCREATE, "4s444" },  { P9_TSYMLINK, "4ss4" },
    { P9_TMKNOD, "4s4444" },   { P9_TRENAME, "44s" },
    { P9_TREADLINK, "4" },     { P9_TGETATTR, "48" },
    { P9_TREADDIR, "484" },    { P9_TSETATTR, "4444488888" },
    { P9_TLOCK, "414884s" },   { P9_TFSYNC, "4" },
    { P9_TGETLOCK, "41884s" }, { P9_TLINK, "44s" },
    { P9_TMKDIR, "4s44" },     { P9_TRENAMEAT, "4s4s" },
    { P9_TUNLINKAT, "4s4" },   { P9_TFLUSH, "2" },
    { P9_TWALK, "442" },       { P9_TREAD, "484" },
    { P9_TWRITE, "484" },      { P9_TATTACH, "44ss4" },
    { P9_TCLUNK, "4" },        { P9_TREMOVE, "4" },
};

static void every_message_must_have_all_its_fields(void **state)
{
    struct client *c = *state;

    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        struct share_writer w = { c->request, 0, 1024, false };

        p9_message(c, messages[i].type, "");
        w.used = P9_HEADER;
        for (const char *f = messages[i].fields; *f; f++)
            if (*f == 's')
                share_put_text(&w, "n", 1);
            else
                share_put(&w, (size_t)(*f - '0'), 0); /* fids: ROOT */
        for (size_t k = P9_HEADER; k < w.used; k++) {
            little_endian_put(c->request, 4, k);
            assert_int_equal(p9_ask(c, k), EPROTO);
        }
        little_endian_put(c->request, 4, w.used + 1);
        if (messages[i].type != P9_TFSYNC) /* which may have more */
            assert_int_equal(p9_ask(c, w.used + 1), EPROTO);
        assert_int_equal(c->share.fids, 1);
        assert_int_equal(c->share.files, 0);
    }
    assert_false(host_has(c, "in/n"));
}

static void a_string_may_not_be_longer_than_its_message(void **state)
{
    struct client *c = *state;
    size_t n = p9_message(c, P9_TMKDIR, "4s44", ROOT, "name", 0755, 0);

    for (unsigned length = 0; length < 0x10000; length += 13) {
        little_endian_put(c->request + P9_HEADER + 4, 2, length);
        assert_int_not_equal(p9_ask(c, n), 0);
    }
    assert_false(host_has(c, "in/name"));
}

static void a_reply_keeps_to_its_room(void **state)
{
    struct client *c = *state;
    size_t n;

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(p9_open(c, 1, 0), 0);
    for (c->max = 0; c->max < 200; c->max++) {
        int error = p9_call(c, P9_TGETATTR, "48", ROOT, UINT64_C(0));

        assert_int_equal(error, c->max < P9_ERROR ? -1
                                : c->max < 160    ? EMSGSIZE
                                                  : 0);
        error = p9_call(c, P9_TREAD, "484", 1, UINT64_C(0), UINT32_MAX);
        assert_int_equal(error, c->max < P9_ERROR ? -1 : 0);
        if (error == 0) {
            n = c->max - P9_ERROR < 6 ? c->max - P9_ERROR : 6;
            assert_int_equal(p9_field(c, 4), n);
        }
    }
}

/* A request without room for any answer does nothing. */
static void what_cannot_be_answered_is_not_done(void **state)
{
    struct client *c = *state;

    c->max = P9_ERROR - 1;
    assert_int_equal(p9_call(c, P9_TMKDIR, "4s44", ROOT, "new", 0755, 0), -1);
    assert_false(host_has(c, "in/new"));
}

static void fids_are_counted(void **state)
{
    struct client *c = *state;
    unsigned i;

    for (i = 1; i < SHARE_FIDS; i++)
        assert_int_equal(p9_walk(c, ROOT, i * 256, ""), 0); /* in one bucket */
    assert_int_equal(p9_walk(c, ROOT, i * 256, ""), ENFILE);
    assert_int_equal(p9_clunk(c, 256), 0);
    assert_int_equal(p9_walk(c, ROOT, i * 256, "file"), 0);
    assert_int_equal(c->share.fids, SHARE_FIDS);
}

static void open_files_are_counted(void **state)
{
    struct client *c = *state;
    unsigned i;

    for (i = 1; i <= SHARE_FILES + 1; i++)
        assert_int_equal(p9_walk(c, ROOT, i, "file"), 0);
    for (i = 1; i <= SHARE_FILES; i++)
        assert_int_equal(p9_open(c, i, 0), 0);
    assert_int_equal(p9_open(c, i, 0), EMFILE);
    assert_int_equal(p9_walk(c, ROOT, 9999, ""), 0);
    assert_int_equal(p9_call(c, P9_TLCREATE, "4s444", 9999, "new", 2, 0644, 0),
                     EMFILE);
    assert_false(host_has(c, "in/new"));
    assert_int_equal(p9_clunk(c, 1), 0);
    assert_int_equal(p9_open(c, i, 0), 0);
}

static void a_fid_is_used_for_one_thing(void **state)
{
    struct client *c = *state;

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(p9_walk(c, ROOT, 1, "folder"), EBADF);
    assert_int_equal(p9_walk(c, ROOT, P9_NO_FID, "folder"), EBADF);
    assert_int_equal(
        p9_call(c, P9_TATTACH, "44ss4", 1, P9_NO_FID, "user", "", 0), EBADF);
    assert_int_equal(p9_call(c, P9_TATTACH, "44ss4", 2, 5, "user", "", 0),
                     EINVAL);
    assert_int_equal(
        p9_call(c, P9_TATTACH, "44ss4", 2, P9_NO_FID, "user", "/etc", 0),
        ENOENT);
    assert_int_equal(p9_walk(c, 2, 3, "file"), EBADF);
    assert_int_equal(p9_open(c, 1, 0), 0);
    assert_int_equal(p9_open(c, 1, 0), EINVAL);
    assert_int_equal(p9_call(c, P9_TLCREATE, "4s444", 1, "new", 2, 0644, 0),
                     EINVAL);
    assert_int_equal(p9_walk(c, 1, 1, ""), EINVAL);
    assert_int_equal(p9_clunk(c, 1), 0);
    assert_int_equal(p9_clunk(c, 1), EBADF);
    assert_int_equal(p9_walk(c, ROOT, 1, "folder"), 0);
    assert_int_equal(p9_walk(c, 1, 1, "inner"), 0); /* it moves */
    assert_int_equal(p9_open(c, 1, 0), 0);
}

static void nothing_opened_reads_nothing(void **state)
{
    struct client *c = *state;
    char text[64];

    assert_int_equal(p9_walk(c, ROOT, 1, "file"), 0);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), EBADF);
    assert_int_equal(p9_write(c, 1, 0, "x"), EBADF);
    assert_int_equal(p9_call(c, P9_TFSYNC, "44", 1, 0), EBADF);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", ROOT, UINT64_C(0), 999),
                     EBADF);
    assert_int_equal(p9_open(c, 1, 0), 0);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", 1, UINT64_C(0), 999),
                     ENOTDIR);
    assert_int_equal(p9_write(c, 1, 0, "x"), EBADF);
    assert_int_equal(p9_call(c, P9_TREAD, "484", 1, UINT64_MAX, 1), EINVAL);
    assert_int_equal(p9_open(c, ROOT, 0), 0);
    assert_int_equal(p9_read(c, ROOT, 0, text, sizeof text), EISDIR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(a_session_begins_with_its_version),
        CLIENT_TEST(another_version_is_unknown),
        CLIENT_TEST(what_is_no_message_is_refused_or_dropped),
        CLIENT_TEST(types_without_meaning_are_refused),
        CLIENT_TEST(every_message_must_have_all_its_fields),
        CLIENT_TEST(a_string_may_not_be_longer_than_its_message),
        CLIENT_TEST(a_reply_keeps_to_its_room),
        CLIENT_TEST(what_cannot_be_answered_is_not_done),
        CLIENT_TEST(fids_are_counted),
        CLIENT_TEST(open_files_are_counted),
        CLIENT_TEST(a_fid_is_used_for_one_thing),
        CLIENT_TEST(nothing_opened_reads_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
