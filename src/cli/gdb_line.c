#define _GNU_SOURCE /* accept4 */
#include "cli/gdb_line.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "cli/options.h"
#include "machine/error_say.h"

static const char unix_prefix[] = "unix:";
#define UNIX_PREFIX (sizeof unix_prefix - 1)

/* ---- opening ---- */

static enum status say_why(const char *where, struct error *e)
{
    int why = errno;

    if (why == EADDRINUSE)
        return error_say(e, STATUS_IO, "--gdb %.120s: another program listens "
                         "there: end it, or name another place", where);
    return error_say(e, STATUS_IO, "--gdb %.120s cannot be had (%s): name "
                     "another place", where, strerror(why));
}

static enum status open_port(struct gdb_line *l, uint16_t port)
{
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof a;
    int yes = 1;

    l->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->listener < 0)
        return STATUS_IO;
    setsockopt(l->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(l->listener, (const struct sockaddr *)&a, sizeof a) ||
        listen(l->listener, 1) ||
        getsockname(l->listener, (struct sockaddr *)&a, &size))
        return STATUS_IO;
    snprintf(l->where, sizeof l->where, "localhost:%u",
             (unsigned)ntohs(a.sin_port));
    return STATUS_OK;
}

/* A socket that an earlier program left there, and nobody listens at. */
static void remove_old(const struct sockaddr_un *a)
{
    struct stat about;
    int fd;

    if (lstat(a->sun_path, &about) || !S_ISSOCK(about.st_mode))
        return;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    if (connect(fd, (const struct sockaddr *)a, sizeof *a) &&
        errno == ECONNREFUSED)
        unlink(a->sun_path);
    close(fd);
}

static enum status open_socket(struct gdb_line *l, const char *path)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };

    if (!*path || strlen(path) >= sizeof a.sun_path) {
        errno = *path ? ENAMETOOLONG : ENOENT;
        return STATUS_IO;
    }
    strcpy(a.sun_path, path);
    remove_old(&a);
    l->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->listener < 0 ||
        bind(l->listener, (const struct sockaddr *)&a, sizeof a))
        return STATUS_IO;
    strcpy(l->path, path); /* it is there, and ours */
    if (listen(l->listener, 1))
        return STATUS_IO;
    snprintf(l->where, sizeof l->where, "%s", path);
    return STATUS_OK;
}

enum status gdb_line_open(struct gdb_line *l, const char *where,
                          struct error *e)
{
    enum status s = STATUS_OK;
    uint64_t port;

    *l = (struct gdb_line){ .listener = -1, .in = -1, .out = -1 };
    if (strcmp(where, "-") == 0) {
        signal(SIGPIPE, SIG_IGN); /* gdb may end first */
        l->in = STDIN_FILENO;
        l->out = STDOUT_FILENO;
    } else if (strncmp(where, unix_prefix, UNIX_PREFIX) == 0) {
        s = open_socket(l, where + UNIX_PREFIX);
    } else if (options_number(where, &port) && port <= UINT16_MAX) {
        s = open_port(l, (uint16_t)port);
    } else {
        return error_say(e, STATUS_BAD_ARGUMENT, "--gdb must be the number of "
                         "a TCP port (0: any), unix:PATH or -, and may end "
                         "with ',run', not '%.100s'", where);
    }
    return s == STATUS_OK ? s : say_why(where, e);
}

void gdb_line_close(struct gdb_line *l)
{
    gdb_line_hang_up(l);
    if (l->listener >= 0)
        close(l->listener);
    if (*l->path)
        unlink(l->path);
    l->listener = -1;
    l->path[0] = 0;
}

/* ---- who is there ---- */

int gdb_line_descriptor(const struct gdb_line *l)
{
    return l->in >= 0 ? l->in : l->listener;
}

bool gdb_line_ready(const struct gdb_line *l, int ms)
{
    struct pollfd p = { .fd = gdb_line_descriptor(l), .events = POLLIN };

    return poll(&p, 1, ms) == 1 && p.revents;
}

bool gdb_line_accept(struct gdb_line *l)
{
    int yes = 1, fd = accept4(l->listener, NULL, NULL, SOCK_CLOEXEC);

    if (fd < 0)
        return false;
    if (!*l->path) /* packets are small, and are waited for */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    l->in = l->out = fd;
    l->broken = false;
    return true;
}

void gdb_line_hang_up(struct gdb_line *l)
{
    if (l->in > STDERR_FILENO)
        close(l->in);
    l->in = l->out = -1;
}

/* ---- bytes ---- */

size_t gdb_line_read(struct gdb_line *l, uint8_t *bytes, size_t n)
{
    ssize_t done;

    do {
        done = read(l->in, bytes, n);
    } while (done < 0 && errno == EINTR);
    return done < 0 || l->broken ? 0 : (size_t)done;
}

static ssize_t write_some(const struct gdb_line *l, const uint8_t *bytes,
                          size_t n)
{
    return l->in == l->out ? send(l->out, bytes, n, MSG_NOSIGNAL)
                           : write(l->out, bytes, n);
}

void gdb_line_write(struct gdb_line *l, const uint8_t *bytes, size_t n)
{
    while (n > 0 && l->out >= 0 && !l->broken) {
        ssize_t done = write_some(l, bytes, n);

        if (done < 0 && errno != EINTR)
            l->broken = true;
        if (done > 0) {
            bytes += done;
            n -= (size_t)done;
        }
    }
}
