#define _GNU_SOURCE /* environ, addclosefrom_np */
#include "host/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bits.h"
#include "host/beside.h"

#define LINK_BYTES    (1 << 20) /* in flight each way; the host may allow less */
#define FAREWELL_MS   500
#define FAREWELL_READ 1024 /* messages */

/* `end` becomes its standard input; it gets no other descriptor of ours.
   Returns errno, or 0. */
static int spawn(pid_t *pid, const char *path, char **argv, int end)
{
    posix_spawn_file_actions_t a;
    int error = posix_spawn_file_actions_init(&a);

    if (error)
        return error;
    error = posix_spawn_file_actions_adddup2(&a, end, STDIN_FILENO);
    if (!error)
        error = posix_spawn_file_actions_addopen(&a, STDOUT_FILENO, "/dev/null",
                                                 O_WRONLY, 0);
    if (!error)
        error =
            posix_spawn_file_actions_adddup2(&a, STDOUT_FILENO, STDERR_FILENO);
    if (!error)
        error = posix_spawn_file_actions_addclosefrom_np(&a, STDERR_FILENO + 1);
    if (!error)
        error = posix_spawn(pid, path, &a, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&a);
    return error;
}

enum status helper_start(struct helper *h, const char *name, char **argv)
{
    char path[PATH_MAX + 64];
    int end[2], bytes = LINK_BYTES, error;

    if (!host_beside(name, X_OK, path, sizeof path) ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, end) < 0)
        return STATUS_IO;
    for (unsigned i = 0; i < 2; i++)
        setsockopt(end[i], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    error = spawn(&h->pid, path, argv, end[1]);
    close(end[1]);
    if (!error) {
        h->link = end[0];
        return STATUS_OK;
    }
    close(end[0]);
    errno = error;
    return STATUS_IO;
}

void helper_end(struct helper *h)
{
    struct pollfd p = { .fd = h->link, .events = POLLIN };
    char byte;

    shutdown(h->link, SHUT_WR);
    for (unsigned n = 0; n < FAREWELL_READ; n++)
        if (poll(&p, 1, FAREWELL_MS) <= 0 ||
            recv(h->link, &byte, sizeof byte, MSG_DONTWAIT) <= 0)
            break;
    close(h->link);
    kill(h->pid, SIGKILL);
    while (waitpid(h->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}
