/* libslirp as a network's far end; see net_stack.h. */
#include "host/slirp/net_stack.h"

#include <arpa/inet.h>
#include <errno.h>
#include <slirp/libslirp.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "host/slirp/frame_check.h"

#define NETWORK(host) (htonl(0x0a000200u | (host))) /* 10.0.2.host */
#define ANY_PORTS     16                            /* tries */

struct net_stack {
    Slirp *slirp;
    void (*out)(void *context, const uint8_t *frame, size_t size);
    void *context;
    struct pollfd *p; /* [polls], during net_stack_prepare and _take */
    unsigned polls;
    bool reads;
};

static ssize_t send_packet(const void *frame, size_t size, void *opaque)
{
    struct net_stack *s = opaque;

    s->out(s->context, frame, size);
    return (ssize_t)size;
}

/* The guest's mistakes are its own business. */
static void guest_error(const char *text, void *opaque)
{
    (void)text;
    (void)opaque;
}

static int64_t clock_ns(void *opaque)
{
    struct timespec t;

    (void)opaque;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Descriptors are asked for anew before each wait: nobody need register. */
static void registered(int fd, void *opaque)
{
    (void)fd;
    (void)opaque;
}

static void notify(void *opaque)
{
    (void)opaque;
}

/* It has timers for IPv6 only, which is off. */
static const SlirpCb callbacks = {
    .send_packet = send_packet,
    .guest_error = guest_error,
    .clock_get_ns = clock_ns,
    .register_poll_fd = registered,
    .unregister_poll_fd = registered,
    .notify = notify,
};

struct net_stack *net_stack_new(bool restricted,
                                void (*out)(void *context, const uint8_t *frame,
                                            size_t size),
                                void *context)
{
    struct net_stack *s = calloc(1, sizeof *s);
    SlirpConfig c = {
        .version = 1,
        .restricted = restricted,
        .in_enabled = true,
        .vnetwork = { NETWORK(0) },
        .vnetmask = { htonl(0xffffff00) },
        .vhost = { NETWORK(2) },
        .vnameserver = { NETWORK(3) },
        .vdhcp_start = { NETWORK(15) },
    };

    if (!s)
        return NULL;
    s->out = out;
    s->context = context;
    s->slirp = slirp_new(&c, &callbacks, s);
    if (s->slirp)
        return s;
    free(s);
    return NULL;
}

void net_stack_free(struct net_stack *s)
{
    if (!s)
        return;
    slirp_cleanup(s->slirp);
    free(s);
}

/* A port that is free now; 0: there is none. */
static uint16_t free_port(bool udp)
{
    struct sockaddr_in a = { .sin_family = AF_INET,
                             .sin_addr = { htonl(INADDR_LOOPBACK) } };
    socklen_t size = sizeof a;
    int fd = socket(AF_INET, udp ? SOCK_DGRAM : SOCK_STREAM, 0);

    if (fd < 0)
        return 0;
    if (bind(fd, (struct sockaddr *)&a, size) < 0 ||
        getsockname(fd, (struct sockaddr *)&a, &size) < 0)
        a.sin_port = 0;
    close(fd);
    return ntohs(a.sin_port);
}

static bool forward(struct net_stack *s, bool udp, uint16_t host_port,
                    uint16_t guest_port)
{
    struct in_addr host = { htonl(INADDR_LOOPBACK) }, guest = { 0 };

    return slirp_add_hostfwd(s->slirp, udp, host, host_port, guest,
                             guest_port) == 0;
}

/* libslirp does not say which port it was given: so one is chosen, and another
   if somebody was faster. */
bool net_stack_forward(struct net_stack *s, bool udp, uint16_t *host_port,
                       uint16_t guest_port)
{
    if (*host_port)
        return forward(s, udp, *host_port, guest_port);
    for (unsigned n = 0; n < ANY_PORTS; n++) {
        uint16_t port = free_port(udp);

        if (!port)
            break;
        if (forward(s, udp, port, guest_port)) {
            *host_port = port;
            return true;
        }
        if (errno != EADDRINUSE)
            break;
    }
    return false;
}

void net_stack_input(struct net_stack *s, const uint8_t *frame, size_t size)
{
    if (frame_check(frame, size))
        slirp_input(s->slirp, frame, (int)size);
}

/* Where nothing is asked for, poll would still tell of an end, again and again:
   such a socket is left out. */
static int add_poll(int fd, int events, void *opaque)
{
    struct net_stack *s = opaque;
    short asked = 0;

    if (events & SLIRP_POLL_IN && s->reads)
        asked |= POLLIN;
    if (events & SLIRP_POLL_PRI && s->reads)
        asked |= POLLPRI;
    if (events & SLIRP_POLL_OUT)
        asked |= POLLOUT;
    if (!asked || s->polls == NET_STACK_POLLS)
        return -1;
    s->p[s->polls] = (struct pollfd){ .fd = fd, .events = asked };
    return (int)s->polls++;
}

/*
 * A socket that has ended is ready for what was asked for, and for that only:
 * libslirp would read from one that fails as it is written to, and aborts if
 * there is no room for what it reads.
 */
static int get_revents(int i, void *opaque)
{
    const struct net_stack *s = opaque;
    short asked = s->p[i].events, got = s->p[i].revents;
    int events = 0;

    if (got & (POLLERR | POLLHUP | POLLNVAL))
        got |= POLLIN | POLLOUT;
    if (asked & got & POLLIN)
        events |= SLIRP_POLL_IN;
    if (asked & got & POLLPRI)
        events |= SLIRP_POLL_PRI;
    if (asked & got & POLLOUT)
        events |= SLIRP_POLL_OUT;
    return events;
}

unsigned net_stack_prepare(struct net_stack *s, struct pollfd *p, bool reads,
                           int *ms)
{
    uint32_t timeout = *ms < 0 ? UINT32_MAX : (uint32_t)*ms;

    s->p = p;
    s->polls = 0;
    s->reads = reads;
    slirp_pollfds_fill(s->slirp, &timeout, add_poll, s);
    *ms = timeout > INT32_MAX ? -1 : (int)timeout;
    return s->polls;
}

void net_stack_take(struct net_stack *s)
{
    slirp_pollfds_poll(s->slirp, 0, get_revents, s);
}
