/* The host's ends of ports; see port_end.h. */
#define _GNU_SOURCE /* accept4, ppoll, ptsname_r, cfmakeraw */
#include "host/port_end.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#define PATIENCE 2000 /* ms that a machine waits for a client to read */
#define CHUNK    1024 /* bytes read at a time */

/* ---- output ---- */

static bool is_client(const struct port_end *e)
{
    return e->kind == PORT_END_SOCKET && e->fd >= 0;
}

static ssize_t write_some(const struct port_end *e)
{
    ssize_t n;

    do {
        n = e->kind == PORT_END_SOCKET
                ? send(e->fd, e->output, e->waiting, MSG_NOSIGNAL)
                : write(e->fd, e->output, e->waiting);
    } while (n < 0 && errno == EINTR);
    return n;
}

/* Writes what it can now. A file takes all; what it, or a client that has gone,
   cannot take is lost. */
static void flush(struct port_end *e)
{
    while (e->waiting > 0) {
        ssize_t n = e->fd < 0 || e->deaf ? -1 : write_some(e);

        if (n < 0 && e->fd >= 0 && !e->deaf && errno == EAGAIN)
            return;
        if (n <= 0) {
            e->deaf = is_client(e);
            e->waiting = 0;
            return;
        }
        e->waiting -= (size_t)n;
        memmove(e->output, e->output + n, e->waiting);
    }
}

/* Makes room, waiting a while for a client that does not read. */
static void make_room(struct port_end *e)
{
    flush(e);
    while (e->waiting == sizeof e->output && is_client(e)) {
        struct pollfd p = { .fd = e->fd, .events = POLLOUT };

        if (poll(&p, 1, PATIENCE) == 0) {
            shutdown(e->fd, SHUT_RDWR);
            e->deaf = true;
        }
        flush(e);
    }
}

static void put(void *context, const uint8_t *bytes, size_t n)
{
    struct port_end *e = context;

    while (n > 0 && e->fd >= 0) {
        size_t now, room = sizeof e->output - e->waiting;

        if (room == 0) {
            make_room(e);
            room = sizeof e->output - e->waiting;
            if (room == 0)
                return; /* nobody reads from the pty */
        }
        now = n < room ? n : room;
        memcpy(e->output + e->waiting, bytes, now);
        e->waiting += now;
        bytes += now;
        n -= now;
    }
    if (e->kind == PORT_END_FILE)
        flush(e);
}

/* ---- opening and closing ---- */

static void begin(struct port_end *e, enum port_end_kind kind)
{
    memset(e, 0, sizeof *e);
    console_init(&e->console, put, e);
    e->kind = kind;
    e->is_open = true;
    e->fd = e->listener = e->slave = -1;
}

enum status port_end_open_file(struct port_end *e, const char *path)
{
    begin(e, PORT_END_FILE);
    e->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    return e->fd >= 0 ? STATUS_OK : STATUS_IO;
}

/* Bytes go through as they are. */
enum status port_end_open_pty(struct port_end *e)
{
    struct termios raw;

    begin(e, PORT_END_PTY);
    e->fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (e->fd < 0 || grantpt(e->fd) || unlockpt(e->fd) ||
        ptsname_r(e->fd, e->path, sizeof e->path) ||
        fcntl(e->fd, F_SETFL, O_NONBLOCK))
        return STATUS_IO;
    e->slave = open(e->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (e->slave < 0 || tcgetattr(e->slave, &raw))
        return STATUS_IO;
    cfmakeraw(&raw);
    return tcsetattr(e->slave, TCSANOW, &raw) ? STATUS_IO : STATUS_OK;
}

/* Nobody is at the socket of this name: true, and errno, if it cannot be
   taken. What an earlier program left is removed. */
static bool is_taken(const struct sockaddr_un *a)
{
    struct stat about;
    bool taken;
    int fd;

    if (lstat(a->sun_path, &about))
        return errno != ENOENT;
    errno = ENOTSOCK;
    if (!S_ISSOCK(about.st_mode))
        return true;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return true;
    taken = connect(fd, (const struct sockaddr *)a, sizeof *a) == 0 ||
            errno != ECONNREFUSED;
    close(fd);
    errno = EADDRINUSE;
    return taken || unlink(a->sun_path);
}

enum status port_end_open_socket(struct port_end *e, const char *path)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };

    begin(e, PORT_END_SOCKET);
    e->console.connected = false;
    if (strlen(path) >= sizeof a.sun_path || strlen(path) >= sizeof e->path) {
        errno = ENAMETOOLONG;
        return STATUS_IO;
    }
    strcpy(a.sun_path, path);
    if (is_taken(&a))
        return STATUS_IO;
    e->listener =
        socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (e->listener < 0 ||
        bind(e->listener, (const struct sockaddr *)&a, sizeof a))
        return STATUS_IO;
    strcpy(e->path, path); /* it is there, and ours */
    return listen(e->listener, 8) ? STATUS_IO : STATUS_OK;
}

static void hang_up(struct port_end *e)
{
    if (e->fd >= 0)
        close(e->fd);
    e->fd = -1;
    e->silent = e->deaf = false;
    e->waiting = 0;
}

/* A client gets what is left if it reads; a pty is gone with us. */
void port_end_close(struct port_end *e)
{
    if (!e->is_open)
        return;
    flush(e);
    while (e->waiting > 0 && is_client(e)) {
        struct pollfd p = { .fd = e->fd, .events = POLLOUT };

        if (poll(&p, 1, PATIENCE) <= 0 || p.revents & (POLLHUP | POLLERR))
            break;
        flush(e);
    }
    hang_up(e);
    if (e->listener >= 0) {
        close(e->listener);
        if (e->path[0])
            unlink(e->path);
    }
    if (e->slave >= 0)
        close(e->slave);
    e->is_open = false;
}

/* ---- input ---- */

static size_t room(const struct port_end *e)
{
    return CONSOLE_INPUT - e->console.waiting;
}

/* What it waits for: one descriptor, or none (-1). */
static struct pollfd wanted(const struct port_end *e)
{
    struct pollfd p = { .fd = e->fd };

    if (e->kind == PORT_END_FILE)
        p.fd = -1;
    else if (e->fd < 0)
        p = (struct pollfd){ .fd = e->console.waiting ? -1 : e->listener,
                             .events = POLLIN };
    if (e->fd < 0)
        return p;
    if (!e->silent && room(e) > 0)
        p.events |= POLLIN;
    if (e->waiting > 0 && !e->deaf)
        p.events |= POLLOUT;
    /* One that has hung up would be reported again and again. */
    if (!p.events && !e->silent)
        p.fd = -1;
    return p;
}

static void push(struct port_end *e, const uint8_t *bytes, size_t n)
{
    if (e->push)
        e->push(e->push_context, &e->console, bytes, n);
    else
        console_port_push(&e->console, bytes, n);
}

static void read_bytes(struct port_end *e)
{
    uint8_t bytes[1 + CHUNK] = { CONSOLE_BYTES };

    while (room(e) > 0) {
        ssize_t n = read(e->fd, bytes + 1, room(e) < CHUNK ? room(e) : CHUNK);

        if (n <= 0) {
            e->silent = n == 0 || (errno != EAGAIN && errno != EINTR);
            return;
        }
        push(e, bytes, 1 + (size_t)n);
    }
}

/* Tells the guest whether somebody is here, if it has another idea. */
static void say_who_is_here(struct port_end *e)
{
    bool here = e->fd >= 0;
    uint8_t byte = here ? CONSOLE_COME : CONSOLE_GONE;

    if (here != e->console.connected)
        push(e, &byte, 1);
}

static void take_one(struct port_end *e, short events)
{
    if (e->kind == PORT_END_FILE)
        return;
    flush(e);
    if (e->fd < 0 && events & POLLIN)
        e->fd = accept4(e->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    say_who_is_here(e);
    if (e->fd >= 0 && !e->silent && (events & (POLLIN | POLLHUP)))
        read_bytes(e);
    if (is_client(e) && e->silent && events & POLLHUP) {
        hang_up(e);
        say_who_is_here(e);
    }
}

bool port_ends_live(const struct port_ends *p)
{
    for (unsigned i = 0; i < p->ends; i++)
        if (p->end[i].kind != PORT_END_FILE)
            return true;
    return false;
}

/* Entry i is end i's. */
static unsigned prepare(void *context, struct pollfd *fds, unsigned max,
                        int64_t *ns)
{
    const struct port_ends *p = context;
    unsigned n = p->ends < max ? p->ends : max;

    (void)ns;
    for (unsigned i = 0; i < n; i++)
        fds[i] = wanted(&p->end[i]);
    return n;
}

static void take(void *context, const struct pollfd *fds, unsigned n)
{
    struct port_ends *p = context;

    for (unsigned i = 0; i < p->ends; i++)
        take_one(&p->end[i], i < n ? fds[i].revents : 0);
}

struct host_source port_ends_source(struct port_ends *p)
{
    return (
        struct host_source){ .prepare = prepare, .take = take, .context = p };
}
