/*
 * pogo-net: libslirp in a process of its own. How it is called and what it says
 * is told in host/user_net_reply.h; it ends when the other end of the link is
 * closed. It says nothing else: there is nobody who would read it.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "host/slirp/confine.h"
#include "host/slirp/frame_queue.h"
#include "host/slirp/net_stack.h"
#include "host/user_net_reply.h"

#define LINK  STDIN_FILENO
#define BATCH 64 /* frames of the guest's between two looks at the sockets */

struct link {
    struct net_stack *stack;
    struct frame_queue queue;
};

static bool send_frame(const uint8_t *frame, size_t size)
{
    return send(LINK, frame, size, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0 ||
           (errno != EAGAIN && errno != ENOBUFS);
}

static void out(void *context, const uint8_t *frame, size_t size)
{
    struct link *l = context;

    if (size > NET_FRAME_MAX)
        return;
    if (l->queue.waiting || !send_frame(frame, size))
        frame_queue_add(&l->queue, frame, size);
}

static void flush(struct link *l)
{
    const uint8_t *frame;
    size_t size;

    while ((frame = frame_queue_oldest(&l->queue, &size)) &&
           send_frame(frame, size))
        frame_queue_remove(&l->queue);
}

/* What the guest has sent. False: there is nobody any more. */
static bool hear(struct link *l)
{
    uint8_t frame[NET_FRAME_MAX];

    for (unsigned n = 0; n < BATCH; n++) {
        ssize_t size = recv(LINK, frame, sizeof frame, MSG_DONTWAIT);

        if (size < 0)
            return errno == EAGAIN || errno == EINTR;
        if (size == 0)
            return false;
        net_stack_input(l->stack, frame, (size_t)size);
    }
    return true;
}

/* While frames wait for the guest, the host's sockets wait too. */
static bool serve(struct link *l)
{
    struct pollfd p[1 + NET_STACK_POLLS];
    bool waiting = l->queue.waiting > 0;
    int ms = -1;
    unsigned n = net_stack_prepare(l->stack, p + 1, !waiting, &ms);

    p[0] = (struct pollfd){ .fd = LINK,
                            .events = waiting ? POLLIN | POLLOUT : POLLIN };
    if (poll(p, 1 + n, ms) < 0)
        return errno == EINTR;
    net_stack_take(l->stack);
    flush(l);
    return !(p[0].revents & ~POLLOUT) || hear(l);
}

/* One forward: `tcp:80:8080`. False: `r` says why not. */
static bool add_forward(struct link *l, const char *text, unsigned i,
                        struct user_net_reply *r)
{
    unsigned host, guest;
    char protocol[4];

    r->forward = (int32_t)i;
    if (i == USER_NET_FORWARDS ||
        sscanf(text, "%3[a-z]:%u:%u", protocol, &host, &guest) != 3) {
        r->error = EINVAL;
        return false;
    }
    r->host_port[i] = (uint16_t)host;
    if (net_stack_forward(l->stack, strcmp(protocol, "udp") == 0,
                          &r->host_port[i], (uint16_t)guest))
        return true;
    r->error = errno ? errno : EIO;
    return false;
}

static bool start(struct link *l, int argc, char **argv)
{
    bool restricted = argc > 1 && strcmp(argv[1], "restrict") == 0;
    struct user_net_reply r = { .error = 0 };
    bool ok = true;

    l->stack = net_stack_new(restricted, out, l);
    if (!l->stack)
        return false;
    for (int i = 1 + restricted, n = 0; i < argc && ok; i++, n++)
        ok = add_forward(l, argv[i], (unsigned)n, &r);
    confine("/etc/resolv.conf"); /* where the name server's address is */
    return send(LINK, &r, sizeof r, MSG_NOSIGNAL) == sizeof r && ok;
}

int main(int argc, char **argv)
{
    static struct link l;
    bool ok;

    signal(SIGPIPE, SIG_IGN); /* libslirp writes to sockets that are gone */
    signal(SIGINT, SIG_IGN);  /* for the end of Pogo, which then ends this */
    signal(SIGHUP, SIG_IGN);
    ok = start(&l, argc, argv);
    while (ok && serve(&l))
        continue;
    net_stack_free(l.stack);
    return ok ? 0 : 1;
}
