/*
 * The user network's far end: libslirp, which gets a guest's Ethernet frames
 * and does what they say with sockets of the host's, as an ordinary user may.
 * To the guest it is a network 10.0.2.0/24 with a router at 10.0.2.2, which is
 * this host too, a name server at .3, and DHCP, which gives out .15 first.
 */
#ifndef POGO_HOST_SLIRP_NET_STACK_H
#define POGO_HOST_SLIRP_NET_STACK_H

#include <poll.h>

#include "base/bits.h"

#define NET_STACK_POLLS 600 /* descriptors that it waits for, at most */

struct net_stack;

/*
 * `out` takes a frame for the guest, borrowed for the call; it is called from
 * net_stack_input and net_stack_take. With `restricted` the guest reaches
 * nothing by itself: only what comes by a forward. NULL: no memory.
 */
struct net_stack *net_stack_new(bool restricted,
                                void (*out)(void *context, const uint8_t *frame,
                                            size_t size),
                                void *context);
void net_stack_free(struct net_stack *s); /* NULL: nothing happens */

/*
 * What comes to 127.0.0.1:*host_port (0: to any port, which *host_port becomes)
 * goes to guest_port of 10.0.2.15. False: it cannot, errno says why.
 */
bool net_stack_forward(struct net_stack *s, bool udp, uint16_t *host_port,
                       uint16_t guest_port);

/* A frame from the guest; anything may be in it. */
void net_stack_input(struct net_stack *s, const uint8_t *frame, size_t size);

/*
 * Before a wait: what it waits for, in p[0..NET_STACK_POLLS); returns how many
 * that are. Lowers *ms (-1: never) to when it has something to do. Unless
 * `reads`, it wants nothing that would make it send frames to the guest.
 */
unsigned net_stack_prepare(struct net_stack *s, struct pollfd *p, bool reads,
                           int *ms);
/* After the wait, p having its revents: does what there is to do. Between the
   two nothing else is done. */
void net_stack_take(struct net_stack *s);

#endif
