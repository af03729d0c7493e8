#include "cli/guest_net.h"

#include <stdio.h>
#include <string.h>

#include "machine/error_say.h"

static unsigned prepare(void *context, struct pollfd *p, unsigned max,
                        int64_t *ns)
{
    struct guest_net *g = context;
    const struct host_source *s;

    if (!g->user)
        return 0;
    s = user_net_source(g->user);
    return s->prepare(s->context, p, max, ns);
}

static void take(void *context, const struct pollfd *p, unsigned n)
{
    struct guest_net *g = context;
    const struct host_source *s;

    if (!g->user)
        return;
    s = user_net_source(g->user);
    s->take(s->context, p, n);
    if (g->told || !user_net_ended(g->user))
        return;
    g->told = true;
    fprintf(stderr,
            "\r\npogo: %s%spogo-net has crashed, or needed too much memory: "
            "from here on nothing comes by --net user\r\n",
            g->name ? g->name : "", g->name ? ": " : "");
}

static enum status refuse(const struct net_setting *s,
                          const struct user_net_failure *f, struct error *e)
{
    const struct user_net_forward *w;

    if (f->forward < 0 || f->forward >= (int)s->user.forwards)
        return error_say(e, STATUS_IO,
                         "pogo-net, which --net user needs, cannot be started: "
                         "it should lie beside pogo, and Debian's package "
                         "libslirp0 be installed");
    w = &s->user.forward[f->forward];
    return error_say(e, STATUS_IO,
                     "--net user cannot have %s port %u of this host (%s): "
                     "use another, or 0 for any that is free",
                     w->udp ? "UDP" : "TCP", w->host_port, strerror(f->error));
}

static void say_ports(const struct guest_net *g, const struct net_setting *s,
                      const struct user_net_config *found)
{
    for (unsigned i = 0; i < found->forwards; i++) {
        const struct user_net_forward *w = &found->forward[i];

        if (s->user.forward[i].host_port == 0)
            fprintf(stderr, "pogo: %s%s127.0.0.1:%u leads to %s port %u\n",
                    g->name ? g->name : "", g->name ? ": " : "", w->host_port,
                    w->udp ? "UDP" : "TCP", w->guest_port);
    }
}

enum status guest_net_open(struct guest_net *g, const struct net_setting *s,
                           unsigned number, const char *name, struct error *e)
{
    struct user_net_config found = s->user;
    struct user_net_failure f;
    enum status status;

    *g = (struct guest_net){
        .cable.mac = { 0x52, 0x54, 0, 0, 0, (uint8_t)number },
        .source = { .prepare = prepare, .take = take, .context = g },
        .name = name,
    };
    if (s->kind != NET_USER)
        return STATUS_OK;
    status = user_net_open(&g->user, &found, &g->cable, &f);
    if (status == STATUS_NO_MEMORY)
        return error_say(e, status, "this host is out of memory");
    if (status != STATUS_OK)
        return refuse(s, &f, e);
    g->is_user = true;
    say_ports(g, s, &found);
    return STATUS_OK;
}

void guest_net_close(struct guest_net *g)
{
    if (g->user)
        g->stats = user_net_stats(g->user);
    user_net_close(g->user);
    g->user = NULL;
}

void guest_net_report(const struct guest_net *g, struct report *r)
{
    struct user_net_stats n = g->user ? user_net_stats(g->user) : g->stats;

    if (!g->is_user)
        return;
    report_number(r, "frames sent", n.sent);
    report_number(r, "frames received", n.delivered);
    report_number(r, "frames lost", n.lost);
}
