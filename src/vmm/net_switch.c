/* An Ethernet switch; see net_switch.h. */
#include "vmm/net_switch.h"

#include <stdlib.h>
#include <string.h>

/* A frame begins with these two addresses (IEEE 802.3, section 3.2). */
#define DESTINATION 0
#define SOURCE      NET_MAC
#define GROUP       1 /* in an address's first byte: not of a single station */

struct frame {
    size_t size;
    uint8_t bytes[NET_FRAME_MAX];
};

struct port {
    struct net_switch *owner;
    struct net_cable *cable;
    struct net_switch_stats stats;
    uint8_t address[NET_SWITCH_ADDRESSES][NET_MAC]; /* as they were learnt */
    unsigned addresses;
    unsigned first, waiting; /* `waiting` frames of the ring from `first` on */
    struct frame queue[NET_SWITCH_QUEUE];
};

struct net_switch {
    struct port *port[NET_SWITCH_PORTS];
    unsigned ports;
};

struct net_switch *net_switch_new(void)
{
    return calloc(1, sizeof(struct net_switch));
}

void net_switch_free(struct net_switch *s)
{
    if (!s)
        return;
    for (unsigned i = 0; i < s->ports; i++)
        free(s->port[i]);
    free(s);
}

/* Which of the port's addresses this is; p->addresses: none of them. */
static unsigned find(const struct port *p, const uint8_t *mac)
{
    unsigned i = 0;

    while (i < p->addresses && memcmp(p->address[i], mac, NET_MAC) != 0)
        i++;
    return i;
}

/* The port that an address was last heard from, NULL: none. */
static struct port *port_of(const struct net_switch *s, const uint8_t *mac)
{
    for (unsigned i = 0; i < s->ports; i++)
        if (find(s->port[i], mac) < s->port[i]->addresses)
            return s->port[i];
    return NULL;
}

static void forget(struct port *p, unsigned i)
{
    p->addresses--;
    memmove(p->address + i, p->address + i + 1, (p->addresses - i) * NET_MAC);
}

/* A group's address is not learnt (802.1D, section 7.8): no port can take to
   itself what is meant for all. */
static void learn(struct port *p, const uint8_t *mac)
{
    struct port *before = port_of(p->owner, mac);

    if (before == p || mac[0] & GROUP)
        return;
    if (before)
        forget(before, find(before, mac));
    if (p->addresses == NET_SWITCH_ADDRESSES)
        forget(p, 0);
    memcpy(p->address[p->addresses++], mac, NET_MAC);
}

static void enqueue(struct port *p, const uint8_t *bytes, size_t size)
{
    struct frame *f;

    if (p->waiting == NET_SWITCH_QUEUE) {
        p->stats.lost++;
        return;
    }
    f = &p->queue[(p->first + p->waiting++) % NET_SWITCH_QUEUE];
    f->size = size;
    memcpy(f->bytes, bytes, size);
}

/* A frame comes in from a port. What is meant for a station behind that same
   port has been there already; what is meant for a group is never known. */
static void forward(void *far, const uint8_t *frame, size_t size)
{
    struct port *from = far;
    struct net_switch *s = from->owner;
    struct port *to;

    from->stats.in++;
    learn(from, frame + SOURCE);
    to = port_of(s, frame + DESTINATION);
    if (to) {
        if (to != from)
            enqueue(to, frame, size);
        return;
    }
    from->stats.flooded++;
    for (unsigned i = 0; i < s->ports; i++)
        if (s->port[i] != from)
            enqueue(s->port[i], frame, size);
}

enum status net_switch_plug(struct net_switch *s, struct net_cable *cable,
                            unsigned *port)
{
    struct port *p;

    if (s->ports == NET_SWITCH_PORTS)
        return STATUS_TOO_BIG;
    p = calloc(1, sizeof *p);
    if (!p)
        return STATUS_NO_MEMORY;
    p->owner = s;
    p->cable = cable;
    cable->sent = forward;
    cable->far = p;
    *port = s->ports;
    s->port[s->ports++] = p;
    return STATUS_OK;
}

unsigned net_switch_deliver(struct net_switch *s, unsigned port)
{
    struct port *p = s->port[port];
    struct net_cable *c = p->cable;
    unsigned n = 0;

    for (; p->waiting > 0 && c->deliver; n++) {
        const struct frame *f = &p->queue[p->first];

        if (!c->deliver(c->device, f->bytes, f->size))
            break;
        p->first = (p->first + 1) % NET_SWITCH_QUEUE;
        p->waiting--;
    }
    p->stats.out += n;
    return n;
}

unsigned net_switch_waiting(const struct net_switch *s, unsigned port)
{
    return s->port[port]->waiting;
}

struct net_switch_stats net_switch_stats(const struct net_switch *s,
                                         unsigned port)
{
    return s->port[port]->stats;
}

static void frame_state(struct frame *f, struct state *s)
{
    uint16_t size = (uint16_t)f->size;

    state_u16(s, &size);
    state_require(s, size >= NET_FRAME_MIN && size <= NET_FRAME_MAX);
    if (s->bad)
        return;
    f->size = size;
    state_bytes(s, f->bytes, size);
}

static void port_state(struct port *p, struct state *s)
{
    uint16_t waiting = (uint16_t)p->waiting;
    uint8_t addresses = (uint8_t)p->addresses;

    state_u8(s, &addresses);
    state_u16(s, &waiting);
    state_require(s, addresses <= NET_SWITCH_ADDRESSES &&
                         waiting <= NET_SWITCH_QUEUE);
    if (s->bad)
        return;
    if (!s->saving) {
        p->addresses = addresses;
        p->first = 0;
        p->waiting = waiting;
    }
    state_bytes(s, p->address, addresses * (size_t)NET_MAC);
    for (unsigned i = 0; i < p->waiting && !s->bad; i++)
        frame_state(&p->queue[(p->first + i) % NET_SWITCH_QUEUE], s);
}

void net_switch_state(struct net_switch *s, struct state *state)
{
    uint8_t ports = (uint8_t)s->ports;

    state_u8(state, &ports);
    state_require(state, ports == s->ports);
    for (unsigned i = 0; i < s->ports && !state->bad; i++)
        port_state(s->port[i], state);
}
