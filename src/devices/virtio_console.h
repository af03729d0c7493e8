/*
 * The virtio console (VIRTIO 1.2, section 5.3). Alone, port 0 is the console,
 * and there is no control queue. With further ports there is
 * (VIRTIO_CONSOLE_F_MULTIPORT): these have names, and are what a program of the
 * guest opens to talk with one of the host. The device offers no other feature,
 * such as a size.
 *
 * A port says who is at which end: the driver hears when the far end comes and
 * goes (struct console's `connected`), going only after the last byte. What
 * arrives for a further port waits until the guest has opened it.
 */
#ifndef POGO_DEVICES_VIRTIO_CONSOLE_H
#define POGO_DEVICES_VIRTIO_CONSOLE_H

#include "base/state.h"
#include "devices/console.h"
#include "devices/virtio_mmio.h"

#define VIRTIO_CONSOLE_PORTS 4  /* at most, the console itself included */
#define VIRTIO_CONSOLE_NAME  64 /* bytes of a port's name, at most */

/* A further port as whoever makes the device wants it; all borrowed. */
struct virtio_console_port {
    const char *name; /* 1 to VIRTIO_CONSOLE_NAME bytes */
    struct console *console;
};

struct virtio_port {
    struct virtio_console *device;
    struct virtio_console_port far;
    uint8_t owed; /* what the driver is still to be told: a bit each */
    bool ready;   /* the driver has set the port up */
    bool open;    /* somebody in the guest has opened it */
    bool told;    /* the driver knows that the far end is connected */
};

struct virtio_console {
    struct virtio_mmio *mmio; /* the slot it sits in */
    struct virtio_port port[VIRTIO_CONSOLE_PORTS];
    unsigned ports;
    uint8_t config[8];
};

/* Without and with further ports. */
extern const struct virtio_ops virtio_console_ops;
extern const struct virtio_ops virtio_console_ports_ops;

/*
 * Becomes the reader of `console` and of those of the n (less than
 * VIRTIO_CONSOLE_PORTS) further ports. Returns the features it offers.
 */
uint64_t virtio_console_init(struct virtio_console *v, struct console *console,
                             const struct virtio_console_port *port, unsigned n,
                             struct virtio_mmio *mmio);

/* The state (base/state.h), with that of the ports' consoles, and whether they
   are connected: who is at their far ends says then how it really is. */
void virtio_console_state(struct virtio_console *v, struct state *s);

#endif
