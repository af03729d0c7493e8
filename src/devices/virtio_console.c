/* The virtio console; see virtio_console.h. */
#include "devices/virtio_console.h"

#include <string.h>

#include "bus/little_endian.h"

#define CONSOLE_F_MULTIPORT BIT(1)

/* Section 5.3.2: port 0 has the first two queues, port n those from 2n + 2. */
enum console_queue {
    RECEIVE = 0,
    TRANSMIT = 1,
    CONTROL_RECEIVE = 2,
    CONTROL_TRANSMIT = 3,
    PLAIN_QUEUES = 2,
    ALL_QUEUES = 2 * VIRTIO_CONSOLE_PORTS + 2,
};

/* struct virtio_console_control (section 5.3.6.2): le32 id, le16 event, le16
   value; then a name, if the event is PORT_NAME. */
#define CONTROL_ID    0
#define CONTROL_EVENT 4
#define CONTROL_VALUE 6
#define CONTROL_BYTES 8

enum control_event {
    DEVICE_READY = 0, /* from the driver */
    DEVICE_ADD = 1,
    PORT_READY = 3, /* from the driver */
    CONSOLE_PORT = 4,
    PORT_OPEN = 6, /* from either */
    PORT_NAME = 7,
};

#define OWED(event) (1u << (event))

/* struct virtio_console_config: cols and rows, both without meaning here, and
   max_nr_ports. */
#define CONFIG_MAX_PORTS 4

#define CHUNK 512 /* bytes copied at a time */

static bool has_control(const struct virtio_console *v)
{
    return v->ports > 1 && v->mmio->accepted & CONSOLE_F_MULTIPORT;
}

/* The port that one of its own queues belongs to; NULL: it is not there. */
static struct virtio_port *port_of(struct virtio_console *v, unsigned queue)
{
    unsigned i = queue < CONTROL_RECEIVE ? 0 : queue / 2 - 1;

    return i < v->ports ? &v->port[i] : NULL;
}

static unsigned receive_queue(const struct virtio_port *p)
{
    unsigned i = (unsigned)(p - p->device->port);

    return i == 0 ? RECEIVE : 2 * i + 2;
}

/* ---- data ---- */

/* Fills one chain of the driver's with the bytes that wait. */
static void deliver(struct console *console, struct virtqueue *q,
                    const struct virtqueue_chain *c)
{
    uint64_t done = 0;

    while (done < c->write_bytes && console->waiting) {
        uint8_t bytes[CHUNK];
        unsigned n = 0;

        while (n < CHUNK && done + n < c->write_bytes &&
               console_take(console, &bytes[n]))
            n++;
        if (!virtqueue_write(q, c, done, bytes, n))
            return;
        done += n;
    }
    virtqueue_push(q, c, done);
}

static void print(struct console *console, struct virtqueue *q,
                  const struct virtqueue_chain *c)
{
    uint8_t bytes[CHUNK];

    for (uint64_t done = 0, n; done < c->read_bytes; done += n) {
        n = c->read_bytes - done < CHUNK ? c->read_bytes - done : CHUNK;
        if (!virtqueue_read(q, c, done, bytes, n))
            return;
        console_put(console, bytes, n);
    }
    virtqueue_push(q, c, 0);
}

/* The driver's empty buffers wait until there is input for them: that of a port
   that is not the console is held back until the guest has opened it. */
static bool has_input(const struct virtio_port *p)
{
    return p->far.console->waiting > 0 && (p == p->device->port || p->open);
}

/* ---- control ---- */

/* What the driver should know of the far end: it has gone once all it sent has
   been read. */
static bool seems_connected(const struct virtio_port *p)
{
    const struct console *c = p->far.console;

    return c->connected || (p->told && c->waiting > 0);
}

/* Does the driver have to be told anything of the port? */
static bool owes(const struct virtio_port *p)
{
    return p->owed || (p->ready && p->told != seems_connected(p));
}

static struct virtio_port *next_owing(struct virtio_console *v)
{
    for (unsigned i = 0; i < v->ports; i++)
        if (owes(&v->port[i]))
            return &v->port[i];
    return NULL;
}

/* The next thing that the driver is to be told of the port. */
static enum control_event next_event(struct virtio_port *p, uint16_t *value)
{
    static const enum control_event order[] = { DEVICE_ADD, CONSOLE_PORT,
                                                PORT_NAME };

    *value = 1;
    for (unsigned i = 0; i < sizeof order / sizeof order[0]; i++)
        if (p->owed & OWED(order[i])) {
            p->owed &= (uint8_t)~OWED(order[i]);
            return order[i];
        }
    p->told = seems_connected(p);
    *value = p->told;
    return PORT_OPEN;
}

/* Tells the driver one thing. What does not fit its buffer is lost. */
static void tell(struct virtio_console *v, struct virtqueue *q,
                 const struct virtqueue_chain *c)
{
    struct virtio_port *p = next_owing(v);
    uint8_t bytes[CONTROL_BYTES + VIRTIO_CONSOLE_NAME];
    size_t size = CONTROL_BYTES;
    enum control_event event;
    uint16_t value;

    event = next_event(p, &value);
    little_endian_put(bytes + CONTROL_ID, 4, (uint64_t)(p - v->port));
    little_endian_put(bytes + CONTROL_EVENT, 2, event);
    little_endian_put(bytes + CONTROL_VALUE, 2, value);
    if (event == PORT_NAME) {
        size_t n = strnlen(p->far.name, VIRTIO_CONSOLE_NAME);

        memcpy(bytes + CONTROL_BYTES, p->far.name, n);
        size += n;
    }
    if (size > c->write_bytes)
        size = 0;
    if (virtqueue_write(q, c, 0, bytes, size))
        virtqueue_push(q, c, size);
}

/* Tells the driver all that it is owed, as far as it has buffers. */
static void tell_all(struct virtio_console *v)
{
    if (has_control(v))
        virtio_mmio_serve(v->mmio, CONTROL_RECEIVE);
}

/* What the driver is told of a port once: what it is. */
static uint8_t owed_for(const struct virtio_port *p)
{
    return p == p->device->port ? OWED(CONSOLE_PORT) : OWED(PORT_NAME);
}

static void port_ready(struct virtio_port *p, bool ready)
{
    p->ready = ready;
    p->told = false;
    if (ready)
        p->owed |= owed_for(p);
}

static void port_open(struct virtio_port *p, bool open)
{
    p->open = open;
    if (open)
        virtio_mmio_serve(p->device->mmio, receive_queue(p));
}

/* The driver has said something; what makes no sense means nothing. */
static void hear(struct virtio_console *v, const uint8_t *message)
{
    uint64_t id = little_endian_get(message + CONTROL_ID, 4);
    uint64_t event = little_endian_get(message + CONTROL_EVENT, 2);
    bool value = little_endian_get(message + CONTROL_VALUE, 2) == 1;

    if (event == DEVICE_READY && value)
        for (unsigned i = 0; i < v->ports; i++)
            v->port[i].owed |= OWED(DEVICE_ADD);
    if (id >= v->ports)
        return;
    if (event == PORT_READY)
        port_ready(&v->port[id], value);
    else if (event == PORT_OPEN)
        port_open(&v->port[id], value);
}

static void control(struct virtio_console *v, struct virtqueue *q,
                    const struct virtqueue_chain *c)
{
    uint8_t message[CONTROL_BYTES];

    if (c->read_bytes >= sizeof message) {
        if (!virtqueue_read(q, c, 0, message, sizeof message))
            return;
        hear(v, message);
    }
    virtqueue_push(q, c, 0);
    tell_all(v);
}

/* ---- the device ---- */

static void carry_out(void *device, unsigned queue, struct virtqueue *q,
                      const struct virtqueue_chain *c)
{
    struct virtio_console *v = device;
    struct virtio_port *p = port_of(v, queue);

    if (queue == CONTROL_RECEIVE) {
        tell(v, q, c);
    } else if (queue == CONTROL_TRANSMIT) {
        control(v, q, c);
    } else if (queue % 2 == TRANSMIT) {
        print(p->far.console, q, c);
    } else {
        deliver(p->far.console, q, c);
        tell_all(v); /* that was the last of it, perhaps */
    }
}

static bool has_work(void *device, unsigned queue)
{
    struct virtio_console *v = device;
    const struct virtio_port *p = port_of(v, queue);

    if (queue >= CONTROL_RECEIVE && !has_control(v))
        return false;
    if (queue == CONTROL_RECEIVE)
        return next_owing(v) != NULL;
    if (queue == CONTROL_TRANSMIT)
        return true;
    return p && (queue % 2 == TRANSMIT || has_input(p));
}

static void input_arrived(void *port)
{
    struct virtio_port *p = port;

    virtio_mmio_serve(p->device->mmio, receive_queue(p));
    tell_all(p->device);
}

static const uint8_t *config(void *device, size_t *length)
{
    const struct virtio_console *v = device;

    *length = sizeof v->config;
    return v->config;
}

static void reset(void *device)
{
    struct virtio_console *v = device;

    for (unsigned i = 0; i < v->ports; i++) {
        struct virtio_port *p = &v->port[i];

        p->owed = 0;
        p->ready = p->open = p->told = false;
    }
}

static void state(void *device, struct state *s)
{
    virtio_console_state(device, s);
}

const struct virtio_ops virtio_console_ops = {
    .id = VIRTIO_ID_CONSOLE,
    .queues = PLAIN_QUEUES,
    .request = carry_out,
    .has_work = has_work,
    .state = state,
};

const struct virtio_ops virtio_console_ports_ops = {
    .id = VIRTIO_ID_CONSOLE,
    .queues = ALL_QUEUES,
    .request = carry_out,
    .has_work = has_work,
    .config = config,
    .reset = reset,
    .state = state,
};

uint64_t virtio_console_init(struct virtio_console *v, struct console *console,
                             const struct virtio_console_port *port, unsigned n,
                             struct virtio_mmio *mmio)
{
    *v = (struct virtio_console){ .mmio = mmio, .ports = 1 + n };
    for (unsigned i = 0; i < v->ports; i++) {
        struct virtio_port *p = &v->port[i];

        p->device = v;
        p->far = i ? port[i - 1]
                   : (struct virtio_console_port){ .console = console };
        p->far.console->arrived = input_arrived;
        p->far.console->reader = p;
    }
    little_endian_put(v->config + CONFIG_MAX_PORTS, 4, VIRTIO_CONSOLE_PORTS);
    return n ? CONSOLE_F_MULTIPORT : 0;
}

void virtio_console_state(struct virtio_console *v, struct state *s)
{
    state_tag(s, "vcon");
    for (unsigned i = 0; i < v->ports; i++) {
        struct virtio_port *p = &v->port[i];

        state_u8(s, &p->owed);
        state_require(s, !(p->owed & ~(OWED(DEVICE_ADD) | owed_for(p))));
        state_bool(s, &p->ready);
        state_bool(s, &p->open);
        state_bool(s, &p->told);
        state_bool(s, &p->far.console->connected);
        console_state(p->far.console, s);
    }
}
