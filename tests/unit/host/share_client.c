/* A 9P client for tests; see share_client.h. */
#define _GNU_SOURCE /* nftw */
#include "host/share_client.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

const char *host_path(struct client *c, const char *path, char to[256])
{
    snprintf(to, 256, "%s/%s", c->top, path);
    return to;
}

void host_write(struct client *c, const char *path, const char *text)
{
    char full[256];
    FILE *f = fopen(host_path(c, path, full), "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

const char *host_read(struct client *c, const char *path, char text[64])
{
    char full[256];
    FILE *f = fopen(host_path(c, path, full), "r");
    size_t n;

    assert_non_null(f);
    n = fread(text, 1, 63, f);
    text[n] = '\0';
    fclose(f);
    return text;
}

bool host_has(struct client *c, const char *path)
{
    char full[256];
    struct stat st;

    return lstat(host_path(c, path, full), &st) == 0;
}

static void host_link(struct client *c, const char *path, const char *target)
{
    char full[256];

    assert_int_equal(symlink(target, host_path(c, path, full)), 0);
}

static void make_socket(struct client *c)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(a.sun_path, sizeof a.sun_path, "%s/in/socket", c->top);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    close(fd);
}

static void make_tree(struct client *c)
{
    char path[256];

    strcpy(c->top, "/tmp/pogo-test-share-XXXXXX");
    assert_non_null(mkdtemp(c->top));
    assert_int_equal(mkdir(host_path(c, "in", path), 0755), 0);
    assert_int_equal(mkdir(host_path(c, "in/folder", path), 0755), 0);
    assert_int_equal(mkdir(host_path(c, "out", path), 0755), 0);
    host_write(c, "in/file", "hello\n");
    host_write(c, "in/folder/inner", "inside\n");
    host_write(c, "out/secret", "secret\n");
    host_write(c, "out/inner", "secret\n");
    assert_int_equal(mkfifo(host_path(c, "in/fifo", path), 0666), 0);
    make_socket(c);
    host_link(c, "in/link", "file");
    host_link(c, "in/out", "../out");
    host_link(c, "in/secret", "../out/secret");
    host_link(c, "in/top", "/");
}

/* Everything has a minute: nothing may wait. */
static int set_up(void **state, bool by_steps, bool read_only)
{
    struct client *c = calloc(1, sizeof *c);
    char path[256];

    assert_non_null(c);
    alarm(60);
    umask(022);
    make_tree(c);
    assert_int_equal(share_open(&c->share, host_path(c, "in", path), read_only),
                     STATUS_OK);
    c->share.by_steps |= by_steps;
    c->max = sizeof c->reply;
    assert_int_equal(p9_call(c, P9_TVERSION, "4s", 65536, "9P2000.L"), 0);
    assert_int_equal(
        p9_call(c, P9_TATTACH, "44ss4", ROOT, P9_NO_FID, "user", "", 0), 0);
    *state = c;
    return 0;
}

int client_set_up(void **state)
{
    return set_up(state, false, false);
}

int client_set_up_by_steps(void **state)
{
    return set_up(state, true, false);
}

int client_set_up_read_only(void **state)
{
    return set_up(state, false, true);
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *where)
{
    (void)st, (void)type, (void)where;
    return remove(path);
}

static int count_names(const char *path, const struct stat *st, int type,
                       struct FTW *where)
{
    (void)path, (void)type;
    /* `top`, `in` and `out`; in `out`, two files as they were made. */
    if (where->level > 1 && strstr(path, "/out/"))
        assert_true(S_ISREG(st->st_mode) && st->st_nlink == 1 &&
                    (st->st_mode & 07777) == 0644 &&
                    (strcmp(path + where->base, "secret") == 0 ||
                     strcmp(path + where->base, "inner") == 0));
    if (where->level == 1)
        assert_true(strcmp(path + where->base, "in") == 0 ||
                    strcmp(path + where->base, "out") == 0);
    return 0;
}

int client_tear_down(void **state)
{
    struct client *c = *state;
    char text[64];

    share_close(&c->share);
    assert_int_equal(c->share.fids, 0);
    assert_int_equal(c->share.files, 0);
    assert_int_equal(c->share.listed, 0);
    assert_string_equal(host_read(c, "out/secret", text), "secret\n");
    assert_string_equal(host_read(c, "out/inner", text), "secret\n");
    assert_int_equal(nftw(c->top, count_names, 8, FTW_PHYS), 0);
    assert_int_equal(nftw(c->top, remove_one, 8, FTW_PHYS | FTW_DEPTH), 0);
    free(c);
    alarm(0);
    return 0;
}

static size_t put_fields(struct client *c, unsigned type, const char *fields,
                         va_list args)
{
    struct share_writer w = { c->request, P9_HEADER, sizeof c->request, false };

    for (; *fields; fields++) {
        if (*fields == 's') {
            const char *text = va_arg(args, const char *);

            share_put_text(&w, text, strlen(text));
        } else if (*fields == '8') {
            share_put(&w, 8, va_arg(args, uint64_t));
        } else {
            share_put(&w, (size_t)(*fields - '0'), va_arg(args, unsigned));
        }
    }
    assert_false(w.full);
    little_endian_put(c->request, 4, w.used);
    little_endian_put(c->request + 4, 1, type);
    little_endian_put(c->request + 5, 2, TAG);
    return w.used;
}

size_t p9_message(struct client *c, unsigned type, const char *fields, ...)
{
    va_list args;
    size_t n;

    va_start(args, fields);
    n = put_fields(c, type, fields, args);
    va_end(args);
    return n;
}

int p9_ask(struct client *c, size_t n)
{
    /* A copy of exactly that size, so that ASan sees what is read past it. */
    uint8_t *request = malloc(n ? n : 1), *reply = malloc(c->max ? c->max : 1);
    unsigned type;
    size_t size;

    memcpy(request, c->request, n);
    size = share_answer(&c->share, request, n, reply, c->max);
    assert_true(size <= c->max);
    memcpy(c->reply, reply, size);
    free(request);
    free(reply);
    if (size == 0)
        return -1;
    c->in = (struct share_reader){ c->reply, size, false };
    assert_int_equal(p9_field(c, 4), size);
    type = (unsigned)p9_field(c, 1);
    assert_int_equal(p9_field(c, 2), little_endian_get(c->request + 5, 2));
    if (type == P9_RLERROR) {
        int error = (int)p9_field(c, 4);

        assert_int_equal(c->in.left, 0);
        assert_true(error > 0);
        return error;
    }
    assert_int_equal(type, c->request[4] + 1);
    return 0;
}

int p9_call(struct client *c, unsigned type, const char *fields, ...)
{
    va_list args;
    size_t n;

    va_start(args, fields);
    n = put_fields(c, type, fields, args);
    va_end(args);
    return p9_ask(c, n);
}

uint64_t p9_field(struct client *c, size_t size)
{
    uint64_t v = share_take(&c->in, size);

    assert_false(c->in.bad);
    return v;
}

int p9_walk(struct client *c, unsigned fid, unsigned to, const char *path)
{
    size_t n = p9_message(c, P9_TWALK, "442", fid, to, 0);
    unsigned names = 0;
    int error;

    while (*path) {
        size_t length = strcspn(path, "/");

        little_endian_put(c->request + n, 2, length);
        memcpy(c->request + n + 2, path, length);
        n += 2 + length;
        names++;
        path += length + (path[length] == '/');
    }
    little_endian_put(c->request, 4, n);
    little_endian_put(c->request + P9_HEADER + 8, 2, names);
    error = p9_ask(c, n);
    if (error)
        return error;
    /* Part of the way is an error here, but for those who look at it. */
    return p9_field(c, 2) == names ? 0 : ENOENT;
}

int p9_open(struct client *c, unsigned fid, unsigned flags)
{
    return p9_call(c, P9_TLOPEN, "44", fid, flags);
}

int p9_read(struct client *c, unsigned fid, uint64_t offset, char *text,
            size_t size)
{
    int error = p9_call(c, P9_TREAD, "484", fid, offset, (unsigned)(size - 1));
    size_t n = error ? 0 : (size_t)p9_field(c, 4);

    text[0] = '\0';
    if (error)
        return error;
    assert_int_equal(c->in.left, n);
    assert_true(n < size);
    memcpy(text, c->in.at, n);
    text[n] = '\0';
    return 0;
}

int p9_write(struct client *c, unsigned fid, uint64_t offset, const char *text)
{
    size_t n =
        p9_message(c, P9_TWRITE, "484", fid, offset, (unsigned)strlen(text));
    int error;

    memcpy(c->request + n, text, strlen(text));
    n += strlen(text);
    little_endian_put(c->request, 4, n);
    error = p9_ask(c, n);
    if (!error)
        assert_int_equal(p9_field(c, 4), strlen(text));
    return error;
}

int p9_clunk(struct client *c, unsigned fid)
{
    return p9_call(c, P9_TCLUNK, "4", fid);
}
