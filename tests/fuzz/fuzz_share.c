/*
 * Any messages to the 9P server, most of them nearly right, while the host
 * changes the folder too. Nothing crashes or waits; replies are well-formed;
 * and nothing outside the folder is touched, or read: what is there is all the
 * letter Z, which no message and nothing in the folder has.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/p9.h"
#include "host/share.h"
#include "host/share_message.h"

#define REQUIRE(condition)                                                     \
    do {                                                                       \
        if (!(condition))                                                      \
            abort();                                                           \
    } while (0)

enum { STEPS = 200, STATE_ROOM = 1 << 16, SECRET = 600 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct world {
    int in, out; /* the folder, and what lies beside it */
    struct share share;
    struct share_reader input;
    uint8_t request[2048];
    size_t size; /* of the request */
};

static unsigned take(struct world *w)
{
    return w->input.left ? (unsigned)share_take(&w->input, 1) : 0;
}

/* ---- the folder, and what is outside ---- */

static void make_file(int folder, const char *name, char byte, size_t n)
{
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    char bytes[SECRET];

    memset(bytes, byte, sizeof bytes);
    REQUIRE(fd >= 0 && write(fd, bytes, n) == (ssize_t)n);
    close(fd);
}

static int make_folder(int at, const char *name)
{
    int fd;

    REQUIRE(mkdirat(at, name, 0755) == 0);
    fd = openat(at, name, O_RDONLY | O_DIRECTORY);
    REQUIRE(fd >= 0);
    return fd;
}

/* Without following anything, and whatever permissions a guest has set. */
static void empty_folder(int folder)
{
    DIR *dir = fdopendir(folder);
    const struct dirent *d;

    REQUIRE(dir);
    rewinddir(dir);
    while ((d = readdir(dir))) {
        int below;

        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0 ||
            unlinkat(folder, d->d_name, 0) == 0)
            continue;
        REQUIRE(fchmodat(folder, d->d_name, 0755, 0) == 0);
        below = openat(folder, d->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
        REQUIRE(below >= 0);
        empty_folder(below);
        REQUIRE(unlinkat(folder, d->d_name, AT_REMOVEDIR) == 0);
    }
    closedir(dir);
}

static void check_outside(int out)
{
    static const char *const names[] = { "a", "secret" };
    char bytes[SECRET + 1];
    const struct dirent *d;
    unsigned entries = 0;
    struct stat st;
    DIR *dir;

    for (unsigned i = 0; i < 2; i++) {
        int fd = openat(out, names[i], O_RDONLY | O_NOFOLLOW);

        REQUIRE(fd >= 0 && fstat(fd, &st) == 0);
        REQUIRE(st.st_nlink == 1 && (st.st_mode & 07777) == 0644);
        REQUIRE(st.st_uid == geteuid() && st.st_size == SECRET);
        REQUIRE(st.st_mtim.tv_sec == 1000 && st.st_atim.tv_sec == 1000);
        REQUIRE(read(fd, bytes, sizeof bytes) == SECRET);
        for (size_t k = 0; k < SECRET; k++)
            REQUIRE(bytes[k] == 'Z');
        close(fd);
    }
    dir = fdopendir(dup(out));
    REQUIRE(dir);
    rewinddir(dir);
    while ((d = readdir(dir)))
        entries += d->d_name[0] != '.';
    closedir(dir);
    REQUIRE(entries == 2);
}

static void make_world(struct world *w)
{
    static const struct timespec old[2] = { { 1000, 0 }, { 1000, 0 } };
    int below;

    make_file(w->out, "a", 'Z', SECRET);
    make_file(w->out, "secret", 'Z', SECRET);
    REQUIRE(utimensat(w->out, "a", old, 0) == 0);
    REQUIRE(utimensat(w->out, "secret", old, 0) == 0);
    make_file(w->in, "a", 'a', 100);
    make_file(w->in, "b", 'b', SECRET);
    below = make_folder(w->in, "d");
    make_file(below, "a", 'c', 10);
    close(make_folder(below, "e"));
    close(below);
    REQUIRE(symlinkat("../out/secret", w->in, "s") == 0);
    REQUIRE(symlinkat("../out", w->in, "o") == 0);
    REQUIRE(mkfifoat(w->in, "f", 0644) == 0);
}

/* What somebody on the host may do at any time; inside the folder, too. */
static void change_folder(struct world *w)
{
    static const char *const names[] = { "a", "d", "d/a", "d/e", "n", "s" };
    unsigned what = take(w), n = sizeof names / sizeof *names;
    const char *name = names[what / 8 % n];
    static const char *const targets[] = { "../out", "../out/a", "../../out" };
    struct stat st;

    if (strchr(name, '/') &&
        (fstatat(w->in, "d", &st, AT_SYMLINK_NOFOLLOW) != 0 ||
         !S_ISDIR(st.st_mode)))
        return;
    switch (what % 8) {
    case 0:
    case 1:
    case 2:
        if (renameat(w->in, name, w->in, "was") == 0 &&
            symlinkat(targets[what % 8], w->in, name) != 0)
            return;
        break;
    case 3:
        unlinkat(w->in, name, 0);
        break;
    case 4:
        unlinkat(w->in, name, 0);
        mkfifoat(w->in, name, 0644);
        break;
    case 5:
        mkdirat(w->in, name, 0755);
        break;
    default:
        renameat(w->in, "was", w->in, name);
        break;
    }
}

/* ---- messages ---- */

/* Fields: f a fid, n a name, t a text, digits a number of so many bytes, and d
   some data. */
static const struct {
    uint8_t type;
    const char *fields;
} messages[] = {
    { P9_TVERSION, "4t" },
    { P9_TATTACH, "f4tt4" },
    { P9_TWALK, "ff2nn" },
    { P9_TWALK, "ff2n" },
    { P9_TWALK, "ff2" },
    { P9_TCLUNK, "f" },
    { P9_TLOPEN, "f4" },
    { P9_TLCREATE, "fn444" },
    { P9_TREAD, "f84" },
    { P9_TWRITE, "f8d" },
    { P9_TREADDIR, "f84" },
    { P9_TGETATTR, "f8" },
    { P9_TSETATTR, "f444488888" },
    { P9_TSTATFS, "f" },
    { P9_TMKDIR, "fn44" },
    { P9_TSYMLINK, "fnt4" },
    { P9_TREADLINK, "f" },
    { P9_TLINK, "ffn" },
    { P9_TRENAME, "ffn" },
    { P9_TRENAMEAT, "fnfn" },
    { P9_TUNLINKAT, "fn4" },
    { P9_TREMOVE, "f" },
    { P9_TFSYNC, "f4" },
    { P9_TLOCK, "f14884t" },
    { P9_TGETLOCK, "f1884t" },
    { P9_TMKNOD, "fn4444" },
    { P9_TXATTRWALK, "ffn" },
    { P9_TXATTRCREATE, "fn84" },
    { P9_TFLUSH, "2" },
};

static const char *const texts[] = {
    "a",      "b",           "d",      "e",
    "s",      "o",           "f",      "n",
    "secret", "..",          ".",      "",
    "/",      "9P2000.L",    "../out", "../out/secret",
    "d/a",    "/etc/passwd", "was",    "hard"
};

static void put_field(struct world *w, struct share_writer *out, char kind)
{
    static const uint64_t numbers[] = { 0,     1,     2,          3,
                                        0x200, 0644,  04777,      4096,
                                        65536, 0x1ff, UINT32_MAX, INT64_MAX,
                                        01000, 16,    UINT64_MAX, 0202 };
    unsigned byte = take(w);

    if (kind == 'f') {
        share_put(out, 4, byte % 8);
    } else if (kind == 'd') {
        share_put(out, 4, byte);
        for (unsigned i = 0; i < byte; i++)
            share_put(out, 1, 'w');
    } else if (kind == 'n' || kind == 't') {
        const char *text = texts[byte % (sizeof texts / sizeof *texts)];

        share_put_text(out, text, strlen(text));
    } else {
        share_put(out, (size_t)(kind - '0'),
                  byte < 128 ? byte % 20 : numbers[byte % 16]);
    }
}

static void make_message(struct world *w, unsigned which)
{
    struct share_writer out = { w->request, P9_HEADER, sizeof w->request,
                                false };
    unsigned damage;

    which %= sizeof messages / sizeof *messages;
    for (const char *f = messages[which].fields; *f; f++)
        put_field(w, &out, *f);
    REQUIRE(!out.full);
    w->size = out.used;
    little_endian_put(w->request, 4, w->size);
    little_endian_put(w->request + 4, 1, messages[which].type);
    little_endian_put(w->request + 5, 2, 1);
    damage = take(w);
    if (damage % 16 == 1)
        w->request[take(w) % w->size] = (uint8_t)take(w);
    if (damage % 16 == 2)
        w->size = take(w) % (w->size + 1);
}

static void make_nonsense(struct world *w)
{
    w->size = take(w);
    for (size_t i = 0; i < w->size; i++)
        w->request[i] = (uint8_t)take(w);
}

/* Copies of exactly their sizes, so that ASan sees what is beyond. */
static void ask(struct world *w, size_t max)
{
    uint8_t *request = malloc(w->size ? w->size : 1);
    uint8_t *reply = malloc(max ? max : 1);
    size_t n;

    REQUIRE(request && reply);
    memcpy(request, w->request, w->size);
    n = share_answer(&w->share, request, w->size, reply, max);
    REQUIRE(n <= max && (n == 0 || n >= P9_HEADER));
    if (n) {
        REQUIRE(little_endian_get(reply, 4) == n);
        REQUIRE(memcmp(reply + 5, request + 5, 2) == 0);
        REQUIRE(reply[4] == P9_RLERROR ? n == P9_ERROR
                                       : reply[4] == request[4] + 1);
    }
    for (size_t i = P9_HEADER; i + 4 < n && reply[4] == P9_TREAD + 1; i++)
        REQUIRE(memcmp(reply + i, "ZZZZ", 4) != 0);
    free(request);
    free(reply);
}

/* ---- the state ---- */

struct kept {
    struct state state; /* first */
    size_t used, at;
    uint8_t bytes[STATE_ROOM];
};

static void move(struct state *s, void *bytes, size_t n)
{
    struct kept *k = (struct kept *)s;
    size_t *at = s->saving ? &k->used : &k->at;

    if (n > (s->saving ? STATE_ROOM : k->used) - *at) {
        s->bad = true;
        memset(bytes, 0, n);
        return;
    }
    memcpy(s->saving ? k->bytes + *at : bytes,
           s->saving ? bytes : k->bytes + *at, n);
    *at += n;
}

/* What is saved is loaded again, or, with a byte changed, perhaps not. */
static void save_and_load(struct world *w)
{
    struct kept *k = calloc(1, sizeof *k);
    unsigned damage = take(w);

    REQUIRE(k);
    k->state = (struct state){ .move = move, .saving = true };
    share_state(&w->share, &k->state);
    if (damage % 4 == 1)
        k->bytes[take(w) % k->used] = (uint8_t)take(w);
    k->state.saving = false;
    share_state(&w->share, &k->state);
    REQUIRE(damage % 4 == 1 || !k->state.bad);
    free(k);
}

static void step(struct world *w)
{
    static const size_t room[] = { 0, 7, 11, 12, 30, 200, 5000, SHARE_MESSAGE };
    unsigned what = take(w);

    switch (what % 16) {
    case 0:
        make_nonsense(w);
        ask(w, SHARE_MESSAGE);
        break;
    case 1:
        change_folder(w);
        break;
    case 2:
        save_and_load(w);
        break;
    case 3:
        make_message(w, take(w));
        ask(w, room[what / 16 % 8]);
        break;
    default:
        make_message(w, take(w));
        ask(w, SHARE_MESSAGE);
        break;
    }
}

static void begin(struct world *w)
{
    struct share_writer out = { w->request, 0, sizeof w->request, false };

    share_put(&out, 4, 21), share_put(&out, 1, P9_TVERSION);
    share_put(&out, 2, 1), share_put(&out, 4, 8192);
    share_put_text(&out, P9_VERSION, 8);
    w->size = out.used;
    ask(w, SHARE_MESSAGE);
    out.used = 0;
    share_put(&out, 4, 23), share_put(&out, 1, P9_TATTACH);
    share_put(&out, 2, 1), share_put(&out, 4, 0);
    share_put(&out, 4, P9_NO_FID), share_put_text(&out, "", 0);
    share_put_text(&out, "", 0), share_put(&out, 4, 0);
    w->size = out.used;
    ask(w, SHARE_MESSAGE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *w = calloc(1, sizeof *w);
    char top[64], path[80];
    int folder;

    REQUIRE(w);
    w->input = (struct share_reader){ data, size, false };
    umask(022);
    snprintf(top, sizeof top, "%s/pogo-fuzz-share-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    REQUIRE(mkdtemp(top));
    folder = open(top, O_RDONLY | O_DIRECTORY);
    w->in = make_folder(folder, "in");
    w->out = make_folder(folder, "out");
    make_world(w);
    snprintf(path, sizeof path, "%s/in", top);
    REQUIRE(share_open(&w->share, path, take(w) % 16 == 1) == STATUS_OK);
    w->share.by_steps |= take(w) % 2;
    begin(w);
    for (unsigned i = 0; i < STEPS && w->input.left; i++)
        step(w);
    share_close(&w->share);
    REQUIRE(w->share.fids == 0 && w->share.files == 0 && !w->share.listed);
    check_outside(w->out);
    empty_folder(folder);
    close(w->in);
    close(w->out);
    REQUIRE(rmdir(top) == 0);
    free(w);
    return 0;
}
