/*
 * A guest's network, by way of this host's (`--net user`): what the guest sends
 * is done by ordinary sockets of a user's, without any rights. libslirp does
 * it; see host/slirp/net_stack.h for what the guest sees.
 *
 * libslirp is known to crash, and to need as much memory as a hostile guest
 * likes. So it runs in a process of its own, pogo-net, which is confined
 * (host/slirp/confine.h): the worst that a guest can do is to be without a
 * network. pogo-net lies beside the program, or one folder above it.
 *
 * Frames on their way are in the socket between the two; what does not fit is
 * lost, as on a wire.
 */
#ifndef POGO_HOST_USER_NET_H
#define POGO_HOST_USER_NET_H

#include "base/status.h"
#include "devices/net.h"
#include "host/source.h"

#define USER_NET_FORWARDS 16

struct user_net_forward {
    bool udp;            /* else TCP */
    uint16_t host_port;  /* of 127.0.0.1; 0: any that is free */
    uint16_t guest_port; /* 1..65535 */
};

struct user_net_config {
    bool restricted; /* the guest reaches nothing by itself, only DHCP */
    unsigned forwards;
    struct user_net_forward forward[USER_NET_FORWARDS];
};

/* Why it cannot be had. */
struct user_net_failure {
    int forward; /* which of them; -1: pogo-net cannot be started */
    int error;   /* errno */
};

struct user_net;

/*
 * Takes the far end of `cable` (borrowed); its device may come later, or be
 * replaced. In the configuration, host ports of 0 become those that were found.
 * STATUS_IO: *f says why not; STATUS_NO_MEMORY.
 */
enum status user_net_open(struct user_net **u, struct user_net_config *c,
                          struct net_cable *cable, struct user_net_failure *f);
/* What the guest has sent is still done; connections end. NULL: nothing
   happens. */
void user_net_close(struct user_net *u);

/* Frames reach the guest from this source's `take`, and from nowhere else. */
const struct host_source *user_net_source(struct user_net *u);

/* pogo-net has ended by itself: nothing will come any more. */
bool user_net_ended(const struct user_net *u);

struct user_net_stats {
    uint64_t sent;      /* frames of the guest's */
    uint64_t delivered; /* frames that the guest took */
    uint64_t lost;      /* of the guest's, for which there was no room */
};
struct user_net_stats user_net_stats(const struct user_net *u);

#endif
