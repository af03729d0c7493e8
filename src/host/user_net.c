/* The guest's side of pogo-net; see user_net.h. */
#include "host/user_net.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "host/helper.h"
#include "host/user_net_reply.h"

#define START_MS      10000 /* pogo-net has as long to say that it is there */
#define FORWARD_TEXT  24
#define LOOK_AGAIN_NS 2000000 /* when there is no room for the descriptor */

struct user_net {
    struct helper helper;
    struct net_cable *cable;
    struct host_source source;
    bool ended;
    struct user_net_stats stats;
    size_t held; /* bytes of a frame that the guest has no buffer for; or 0 */
    uint8_t frame[NET_FRAME_MAX];
};

/* The device never waits: neither does this. */
static void sent(void *far, const uint8_t *frame, size_t size)
{
    struct user_net *u = far;

    u->stats.sent++;
    if (send(u->helper.link, frame, size, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        u->stats.lost++;
}

/* While a frame waits for the guest there is nothing to wait for: only the
   guest can go on. */
static unsigned prepare(void *context, struct pollfd *p, unsigned max,
                        int64_t *ns)
{
    struct user_net *u = context;

    if (u->ended || u->held)
        return 0;
    if (max == 0) {
        if (*ns < 0 || *ns > LOOK_AGAIN_NS)
            *ns = LOOK_AGAIN_NS;
        return 0;
    }
    *p = (struct pollfd){ .fd = u->helper.link, .events = POLLIN };
    return 1;
}

/* The next frame is in u->frame. False: there is none now, or never will be: so
   it is too if pogo-net sends what is no frame. */
static bool receive(struct user_net *u)
{
    ssize_t n = recv(u->helper.link, u->frame, sizeof u->frame,
                     MSG_DONTWAIT | MSG_TRUNC);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    u->ended = n < NET_FRAME_MIN || n > NET_FRAME_MAX;
    u->held = u->ended ? 0 : (size_t)n;
    return !u->ended;
}

static void take(void *context, const struct pollfd *p, unsigned n)
{
    struct user_net *u = context;
    const struct net_cable *c = u->cable;

    if (n && !p->revents)
        return;
    while (!u->ended && (u->held || receive(u))) {
        if (!c->deliver || !c->deliver(c->device, u->frame, u->held))
            return;
        u->held = 0;
        u->stats.delivered++;
    }
}

/* pogo-net's first message. False: there is none. */
static bool read_reply(struct user_net *u, struct user_net_reply *r)
{
    struct pollfd p = { .fd = u->helper.link, .events = POLLIN };
    int ready;

    do
        ready = poll(&p, 1, START_MS);
    while (ready < 0 && errno == EINTR);
    return ready > 0 && recv(u->helper.link, r, sizeof *r, MSG_DONTWAIT) ==
                            (ssize_t)sizeof *r;
}

static bool start(struct user_net *u, const struct user_net_config *c,
                  struct user_net_reply *r)
{
    char text[USER_NET_FORWARDS][FORWARD_TEXT];
    char *argv[USER_NET_FORWARDS + 3] = { "pogo-net" };
    unsigned n = 1;

    if (c->restricted)
        argv[n++] = "restrict";
    for (unsigned i = 0; i < c->forwards; i++) {
        snprintf(text[i], sizeof text[i], "%s:%u:%u",
                 c->forward[i].udp ? "udp" : "tcp", c->forward[i].host_port,
                 c->forward[i].guest_port);
        argv[n++] = text[i];
    }
    if (helper_start(&u->helper, argv[0], argv) != STATUS_OK)
        return false;
    if (read_reply(u, r))
        return true;
    helper_end(&u->helper);
    return false;
}

enum status user_net_open(struct user_net **out, struct user_net_config *c,
                          struct net_cable *cable, struct user_net_failure *f)
{
    struct user_net *u = calloc(1, sizeof *u);
    struct user_net_reply r;

    *out = NULL;
    if (!u)
        return STATUS_NO_MEMORY;
    errno = 0;
    if (!start(u, c, &r)) {
        *f = (struct user_net_failure){ .forward = -1, .error = errno };
        free(u);
        return STATUS_IO;
    }
    u->cable = cable;
    if (r.error) {
        *f =
            (struct user_net_failure){ .forward = r.forward, .error = r.error };
        user_net_close(u);
        return STATUS_IO;
    }
    for (unsigned i = 0; i < c->forwards; i++)
        c->forward[i].host_port = r.host_port[i];
    u->source =
        (struct host_source){ .prepare = prepare, .take = take, .context = u };
    cable->sent = sent;
    cable->far = u;
    *out = u;
    return STATUS_OK;
}

void user_net_close(struct user_net *u)
{
    if (!u)
        return;
    u->cable->sent = NULL;
    helper_end(&u->helper);
    free(u);
}

const struct host_source *user_net_source(struct user_net *u)
{
    return &u->source;
}

bool user_net_ended(const struct user_net *u)
{
    return u->ended;
}

struct user_net_stats user_net_stats(const struct user_net *u)
{
    return u->stats;
}
