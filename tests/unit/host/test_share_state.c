/* The state of a shared folder's session: saved, loaded, damaged. */
#include "host/share_client.h"
#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROOM 4096

/* Bytes that a state is moved to, or from. */
struct kept {
    struct state state; /* first: `move` finds the rest by it */
    uint8_t bytes[ROOM];
    size_t used, at;
};

static void move(struct state *s, void *bytes, size_t n)
{
    struct kept *k = (struct kept *)s;

    if (s->saving) {
        assert_true(n <= ROOM - k->used);
        memcpy(k->bytes + k->used, bytes, n);
        k->used += n;
    } else if (n > k->used - k->at) {
        s->bad = true;
        memset(bytes, 0, n);
    } else {
        memcpy(bytes, k->bytes + k->at, n);
        k->at += n;
    }
}

static void save(struct client *c, struct kept *k)
{
    *k = (struct kept){ .state = { .move = move, .saving = true } };
    share_state(&c->share, &k->state);
}

/* False: it was refused. */
static bool load(struct client *c, struct kept *k)
{
    k->state = (struct state){ .move = move };
    k->at = 0;
    share_state(&c->share, &k->state);
    return !k->state.bad;
}

/* The server as it is when Pogo has just been started. */
static void start_anew(struct client *c, bool read_only)
{
    char path[256];

    share_close(&c->share);
    assert_int_equal(share_open(&c->share, host_path(c, "in", path), read_only),
                     STATUS_OK);
}

/* Fids of every kind; 1 to 5 go on after loading. */
static void use_it(struct client *c)
{
    assert_int_equal(p9_walk(c, ROOT, 1, "folder/inner"), 0);
    assert_int_equal(p9_open(c, 1, 0), 0);
    assert_int_equal(p9_walk(c, ROOT, 2, ""), 0);
    assert_int_equal(p9_call(c, P9_TLCREATE, "4s444", 2, "new",
                             P9_OPEN_READ_WRITE | P9_OPEN_TRUNC, 0644, 0),
                     0);
    assert_int_equal(p9_write(c, 2, 0, "some text"), 0);
    assert_int_equal(p9_walk(c, ROOT, 3, "folder"), 0);
    assert_int_equal(p9_open(c, 3, 0), 0);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", 3, UINT64_C(0), 60), 0);
    assert_int_equal(p9_walk(c, ROOT, 4, "link"), 0);
    assert_int_equal(p9_walk(c, ROOT, 5, "file"), 0);
    assert_int_equal(p9_open(c, 5, P9_OPEN_WRITE | P9_OPEN_APPEND), 0);
    assert_int_equal(p9_walk(c, ROOT, 6, ""), 0);
    assert_int_equal(p9_call(c, P9_TLCREATE, "4s444", 6, "gone", 2, 0644, 0),
                     0);
    assert_int_equal(p9_call(c, P9_TUNLINKAT, "4s4", ROOT, "gone", 0), 0);
}

static void a_session_goes_on(void **state)
{
    struct client *c = *state;
    struct kept first, second;
    char text[64];

    use_it(c);
    save(c, &first);
    start_anew(c, false);
    assert_true(load(c, &first));
    assert_int_equal(first.at, first.used);
    save(c, &second);
    assert_int_equal(first.used, second.used);
    assert_memory_equal(first.bytes, second.bytes, first.used);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), 0);
    assert_string_equal(text, "inside\n");
    assert_int_equal(p9_read(c, 2, 0, text, sizeof text), 0);
    assert_string_equal(text, "some text"); /* it was not emptied again */
    assert_int_equal(p9_write(c, 2, 5, "more"), 0);
    assert_int_equal(p9_call(c, P9_TREADDIR, "484", 3, UINT64_C(2), 600), 0);
    assert_int_equal(p9_field(c, 4), P9_QID + 8 + 1 + 2 + 5); /* "inner" */
    assert_int_equal(p9_call(c, P9_TREADLINK, "4", 4), 0);
    assert_int_equal(p9_write(c, 5, 0, "more"), 0);
    assert_string_equal(host_read(c, "in/file", text), "hello\nmore");
    assert_int_equal(p9_call(c, P9_TGETATTR, "48", 6, UINT64_C(0)), ESTALE);
    assert_int_equal(p9_write(c, 6, 0, "x"), ESTALE);
    assert_int_equal(p9_clunk(c, 6), 0);
    assert_int_equal(p9_walk(c, ROOT, 6, "new"), 0);
}

static void what_has_gone_meanwhile_is_stale(void **state)
{
    struct client *c = *state;
    struct kept k;
    char path[256], other[256], text[64];

    use_it(c);
    save(c, &k);
    start_anew(c, false);
    assert_int_equal(unlink(host_path(c, "in/new", path)), 0);
    assert_int_equal(unlink(host_path(c, "in/file", path)), 0);
    assert_int_equal(symlink("../out/secret", path), 0);
    assert_int_equal(
        rename(host_path(c, "in/folder", path), host_path(c, "in/was", other)),
        0);
    assert_int_equal(symlink("../out", path), 0);
    assert_true(load(c, &k));
    for (unsigned fid = 1; fid <= 5; fid++) {
        if (fid == 4)
            continue;
        assert_int_equal(p9_read(c, fid, 0, text, sizeof text), ESTALE);
        assert_int_equal(p9_clunk(c, fid), 0);
        assert_int_equal(p9_clunk(c, fid), EBADF);
    }
    assert_int_equal(c->share.files, 0);
    assert_int_equal(p9_open(c, ROOT, 0), 0);
}

/* A folder that is now given read-only is not written by what was open. */
static void loading_opens_nothing_that_the_folder_forbids(void **state)
{
    struct client *c = *state;
    struct kept k;
    char text[64];

    use_it(c);
    save(c, &k);
    start_anew(c, true);
    assert_true(load(c, &k));
    assert_int_equal(p9_write(c, 2, 0, "x"), ESTALE);
    assert_int_equal(p9_write(c, 5, 0, "x"), ESTALE);
    assert_int_equal(p9_read(c, 1, 0, text, sizeof text), 0);
    assert_string_equal(host_read(c, "in/new", text), "some text");
}

static void a_path_out_of_the_folder_is_not_loaded(void **state)
{
    static const char *const paths[] = { "../out/secret", "/etc",  "a//b",
                                         "a/../b",        "a/./b", "a/" };
    struct client *c = *state;

    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct share_writer w;
        struct kept k = { .used = 0 };

        w = (struct share_writer){ k.bytes, 0, ROOM, false };
        memcpy(share_put_bytes(&w, 4), "shar", 4);
        share_put(&w, 4, 8192);
        share_put(&w, 4, 1);
        share_put(&w, 4, 1); /* number, flags, open, gone */
        share_put(&w, 4, 0);
        share_put(&w, 2, 1);
        share_put_text(&w, paths[i], strlen(paths[i]));
        k.used = w.used;
        assert_false(load(c, &k));
        assert_int_equal(c->share.fids, 0);
    }
}

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    return *seed ^= *seed << 17;
}

/* Whatever is loaded, there is a server after it that answers. */
static void damaged_bytes_do_no_harm(void **state)
{
    uint64_t seed = test_seed() * 2 + 1;
    struct client *c = *state;
    struct kept good, k;

    use_it(c);
    save(c, &good);
    for (unsigned i = 0; i < 500; i++) {
        unsigned times = 1 + next(&seed) % 8;

        k = good;
        if (i % 4 == 0)
            k.used = next(&seed) % (good.used + 1);
        if (i % 16 == 1)
            for (size_t at = 0; at < k.used; at++)
                k.bytes[at] = (uint8_t)next(&seed);
        while (times-- > 0 && k.used)
            k.bytes[next(&seed) % k.used] = (uint8_t)next(&seed);
        if (!load(c, &k))
            assert_int_equal(c->share.fids, 0);
        for (unsigned fid = 0; fid < 7; fid++) {
            p9_call(c, P9_TGETATTR, "48", fid, UINT64_C(0));
            p9_call(c, P9_TREADDIR, "484", fid, UINT64_C(0), 1000);
            p9_call(c, P9_TREAD, "484", fid, UINT64_C(0), 1000);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLIENT_TEST(a_session_goes_on),
        CLIENT_TEST(what_has_gone_meanwhile_is_stale),
        CLIENT_TEST(loading_opens_nothing_that_the_folder_forbids),
        CLIENT_TEST(a_path_out_of_the_folder_is_not_loaded),
        CLIENT_TEST(damaged_bytes_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
