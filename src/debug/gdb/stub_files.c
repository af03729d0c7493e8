/*
 * vFile: files on this host that gdb reads through its target (GDB manual,
 * "Host I/O Packets"): those that exec-file may name, of the programs that are
 * watched for and of the worlds' symbols, and no others.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "debug/gdb/stub_inside.h"

/* Errors have the protocol's numbers; these are the same on Linux. */
static void put_result(struct gdb_stub *g, long result, int error)
{
    g->reply.n = 0;
    if (result < 0)
        reply_print(&g->reply, "F-1,%x", (unsigned)error);
    else
        reply_print(&g->reply, "F%lx", (unsigned long)result);
}

/* The path as we know it; NULL: it is none of ours. */
static const char *known_path(const struct gdb_stub *g, const char *path)
{
    if (!g->c.programs)
        return NULL;
    for (unsigned n = 1; n < programs_end(g->c.programs); n++) {
        const struct program *p = programs_at(g->c.programs, n);

        if (p && strcmp(p->path, path) == 0)
            return p->path;
    }
    return NULL;
}

static int open_symbols(const struct gdb_stub *g, unsigned world)
{
    const struct debugger *d = g->c.debugger;

    return d->file ? d->file(d->context, world) : -1;
}

bool gdb_has_symbols(const struct gdb_stub *g, unsigned world)
{
    int fd = open_symbols(g, world);

    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* A descriptor, to be read only; -1: it is none of ours. */
static int open_known(const struct gdb_stub *g, const char *name)
{
    const char *path = known_path(g, name);
    unsigned worlds = session_worlds(g->c.debugger->session);
    char own[64];

    if (path)
        return open(path, O_RDONLY | O_CLOEXEC);
    for (unsigned w = 0; w < worlds; w++) {
        snprintf(own, sizeof own, GDB_WORLD_FILE, w + 1);
        if (strcmp(own, name) == 0)
            return open_symbols(g, w);
    }
    return -1;
}

static void open_file(struct gdb_stub *g, struct gdb_args *a)
{
    char name[4096];
    size_t n = args_bytes(a, name, sizeof name - 1);
    uint64_t flags;
    unsigned slot = 0;
    int fd;

    name[n] = 0;
    args_expect(a, ',');
    flags = args_number(a);
    args_expect(a, ',');
    args_number(a); /* the mode of a file that is made */
    while (slot < GDB_FILES && g->file[slot])
        slot++;
    if (slot == GDB_FILES) {
        put_result(g, -1, EMFILE);
        return;
    }
    fd = args_done(a) && !flags ? open_known(g, name) : -1;
    put_result(g, fd < 0 ? -1 : (long)slot, flags ? EROFS : ENOENT);
    g->file[slot] = fd + 1;
}

/* The descriptor; -1: it is none. */
static int take_file(const struct gdb_stub *g, struct gdb_args *a,
                     unsigned *slot)
{
    uint64_t n = args_number(a);

    if (a->bad || n >= GDB_FILES)
        return -1;
    *slot = (unsigned)n;
    return g->file[n] - 1;
}

static void read_file(struct gdb_stub *g, struct gdb_args *a)
{
    uint8_t bytes[GDB_PACKET / 2];
    unsigned slot;
    int fd = take_file(g, a, &slot);
    uint64_t n, offset;
    ssize_t done;

    args_expect(a, ',');
    n = args_number(a);
    args_expect(a, ',');
    offset = args_number(a);
    if (n > sizeof bytes - 16) /* all of them might have to be hidden */
        n = sizeof bytes - 16;
    if (fd < 0 || !args_done(a) || offset > INT64_MAX) {
        put_result(g, -1, fd < 0 ? EBADF : EINVAL);
        return;
    }
    done = pread(fd, bytes, (size_t)n, (off_t)offset);
    put_result(g, done, errno);
    if (done >= 0) {
        reply_print(&g->reply, ";");
        reply_binary(&g->reply, bytes, (size_t)done);
    }
}

static void put_big_endian(uint8_t *to, unsigned size, uint64_t v)
{
    while (size--) {
        to[size] = (uint8_t)v;
        v >>= 8;
    }
}

/* The protocol's struct stat: dev, ino, mode, nlink, uid, gid, rdev of 4 bytes,
   size, blksize, blocks of 8, and three times of 4. */
static void stat_file(struct gdb_stub *g, struct gdb_args *a)
{
    uint8_t bytes[64] = { 0 };
    struct stat st;
    unsigned slot;
    int fd = take_file(g, a, &slot);

    if (fd < 0 || fstat(fd, &st) != 0) {
        put_result(g, -1, EBADF);
        return;
    }
    put_big_endian(bytes, 4, st.st_dev);
    put_big_endian(bytes + 4, 4, st.st_ino);
    put_big_endian(bytes + 8, 4, st.st_mode);
    put_big_endian(bytes + 12, 4, st.st_nlink);
    put_big_endian(bytes + 28, 8, (uint64_t)st.st_size);
    put_big_endian(bytes + 36, 8, (uint64_t)st.st_blksize);
    put_big_endian(bytes + 44, 8, (uint64_t)st.st_blocks);
    put_big_endian(bytes + 60, 4, (uint64_t)st.st_mtime);
    put_result(g, sizeof bytes, 0);
    reply_print(&g->reply, ";");
    reply_binary(&g->reply, bytes, sizeof bytes);
}

static void close_file(struct gdb_stub *g, struct gdb_args *a)
{
    unsigned slot;
    int fd = take_file(g, a, &slot);

    if (fd < 0) {
        put_result(g, -1, EBADF);
        return;
    }
    close(fd);
    g->file[slot] = 0;
    put_result(g, 0, 0);
}

/* Whose files: all processes have the same. */
static void set_files(struct gdb_stub *g, struct gdb_args *a)
{
    args_number(a);
    put_result(g, a->bad ? -1 : 0, EINVAL);
}

GDB_HANDLER(gdb_file)
{
    static const struct {
        const char *name;
        void (*handle)(struct gdb_stub *g, struct gdb_args *a);
    } verbs[] = { { "open", open_file },   { "pread", read_file },
                  { "fstat", stat_file },  { "close", close_file },
                  { "setfs", set_files } };
    const char *verb;
    size_t n;

    args_expect(a, ':');
    verb = args_word(a, ':', &n);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strlen(verbs[i].name) == n && memcmp(verbs[i].name, verb, n) == 0)
            verbs[i].handle(g, a);
}

void gdb_close_files(struct gdb_stub *g)
{
    for (unsigned i = 0; i < GDB_FILES; i++) {
        if (g->file[i])
            close(g->file[i] - 1);
        g->file[i] = 0;
    }
}
