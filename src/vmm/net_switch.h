/*
 * An Ethernet switch inside Pogo: virtual machines whose network devices are
 * plugged into one switch hear each other, and nobody else. It learns which
 * address is behind which port (IEEE 802.1D), and floods what it does not know.
 * What it has learnt does not age: there are no loops, and no time here.
 *
 * A frame is in flight until the receiving machine is between two turns: ports
 * have queues, which net_switch_deliver empties. So what a machine hears
 * depends on the schedule and on nothing else, and repeats with it.
 */
#ifndef POGO_VMM_NET_SWITCH_H
#define POGO_VMM_NET_SWITCH_H

#include "base/state.h"
#include "base/status.h"
#include "devices/net.h"

#define NET_SWITCH_PORTS 64
#define NET_SWITCH_QUEUE 256 /* frames in flight to a port; more are lost */
/* Addresses known behind a port. The one learnt first makes room, so that a
   guest that invents addresses has only its own forgotten. */
#define NET_SWITCH_ADDRESSES 16

struct net_switch;

/* NULL: no memory. */
struct net_switch *net_switch_new(void);

/* What is in flight is lost. Nothing may be sent on its cables any more; they
   are not touched, and may be gone already. NULL: nothing happens. */
void net_switch_free(struct net_switch *s);

/*
 * Connects the far end of `cable` (borrowed) to the next port: *port. The
 * device at its other end may come later, or be replaced by another.
 * STATUS_TOO_BIG: all ports are taken; STATUS_NO_MEMORY.
 */
enum status net_switch_plug(struct net_switch *s, struct net_cable *cable,
                            unsigned *port);

/*
 * Hands over what is in flight to `port`, oldest first, until the device has no
 * room: the rest waits. Returns how many frames were handed over. What the
 * machine sends because of them is in flight to other ports after its next
 * turn. Call it between two instructions of the machine at that port.
 */
unsigned net_switch_deliver(struct net_switch *s, unsigned port);

/* Frames that wait for `port`. */
unsigned net_switch_waiting(const struct net_switch *s, unsigned port);

/* The state (base/state.h): what it has learnt, and what is in flight. Loading,
   as many ports are plugged in. */
void net_switch_state(struct net_switch *s, struct state *state);

/* Frames at one port. */
struct net_switch_stats {
    uint64_t in;      /* came from it */
    uint64_t flooded; /* of these, were meant for all or for an address that
                         was not known */
    uint64_t out;     /* were handed over to it */
    uint64_t lost;    /* found no room in its queue */
};
struct net_switch_stats net_switch_stats(const struct net_switch *s,
                                         unsigned port);

#endif
