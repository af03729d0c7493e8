#include "machine/board_inputs.h"

#include <string.h>

#include "bus/little_endian.h"
#include "machine/run.h"

static size_t take_keys(void *console, const uint8_t *bytes, size_t n)
{
    return console_push(console, bytes, n);
}

/* The clock is set as a guest would set it, so that all that hangs on it
   follows. */
static size_t take_time(void *board, const uint8_t *bytes, size_t n)
{
    struct board *b = board;

    if (n != sizeof(uint64_t))
        return 0;
    b->bus.clock.now = machine_count(b);
    aclint_set_time(&b->devices.aclint, little_endian_get(bytes, n));
    return n;
}

/* ---- the network: board.net is the device's cable ---- */

static size_t take_frame(void *cable, const uint8_t *frame, size_t size)
{
    struct net_cable *c = cable;

    return c->deliver(c->device, frame, size) ? size : 0;
}

static bool put_frame(void *board, const uint8_t *frame, size_t size)
{
    struct board *b = board;

    return inputs_put(b->config.inputs, &b->net, frame, size) == size;
}

static void frame_sent(void *board, const uint8_t *frame, size_t size)
{
    const struct net_cable *c = ((struct board *)board)->config.net;

    if (c->sent)
        c->sent(c->far, frame, size);
}

static void put_between_cable(struct board *b)
{
    struct net_cable *c = b->config.net;

    b->net = (struct net_cable){ .sent = frame_sent, .far = b };
    memcpy(b->net.mac, c->mac, sizeof c->mac);
    c->deliver = put_frame;
    c->device = b;
}

/* ---- the shared folder: board.share is the device's end ---- */

static size_t ask_share(void *board, const uint8_t *request, size_t n,
                        uint8_t *reply, size_t max)
{
    struct board *b = board;

    return inputs_ask(b->config.inputs, INPUT_SHARE, request, n, reply, max);
}

static void put_between_share(struct board *b)
{
    const struct share_end *c = b->config.share;

    b->share = (struct share_end){ .answer = ask_share, .far = b };
    b->config.inputs->oracle[INPUT_SHARE] =
        (struct input_oracle){ c->answer, c->far };
}

void board_inputs_between(struct board *b, struct devices_config *d)
{
    if (!b->config.inputs)
        return;
    if (d->net) {
        put_between_cable(b);
        d->net = &b->net;
    }
    if (d->share) {
        put_between_share(b);
        d->share = &b->share;
    }
}

/* Nothing enters where there is no device. */
static void connect(struct board *b, enum input_port port,
                    size_t (*take)(void *, const uint8_t *, size_t),
                    void *device)
{
    if (device)
        b->config.inputs->end[port] = (struct input_end){ take, device };
}

void board_inputs_connect(struct board *b)
{
    const struct board_config *c = &b->config;

    if (!c->inputs)
        return;
    inputs_attach(c->inputs, b);
    connect(b, INPUT_UART, take_keys, c->console);
    connect(b, INPUT_CONSOLE, take_keys, c->virtio_console);
    for (unsigned k = 0; k < c->ports; k++)
        connect(b, INPUT_CONSOLE + 1 + k, console_port_push,
                c->port[k].console);
    connect(b, INPUT_KEYBOARD, virtio_input_push,
            c->display ? &b->devices.keyboard : NULL);
    connect(b, INPUT_TABLET, virtio_input_push,
            c->display ? &b->devices.tablet : NULL);
    connect(b, INPUT_BALLOON, virtio_balloon_push,
            c->balloon ? &b->devices.balloon : NULL);
    connect(b, INPUT_NET, take_frame, c->net ? &b->net : NULL);
    connect(b, INPUT_TIME, take_time, b);
}
