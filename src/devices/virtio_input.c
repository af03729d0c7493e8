/* The virtio input device; see virtio_input.h. */
#include "devices/virtio_input.h"

#include <linux/input-event-codes.h>
#include <string.h>

enum input_queue { EVENTS = 0, STATUS = 1 };

/* struct virtio_input_config: "size" bytes about what was selected. */
enum config_offset {
    CONFIG_SELECT = 0,
    CONFIG_SUBSEL = 1,
    CONFIG_SIZE = 2,
    CONFIG_DATA = 8,
};
#define DATA_BYTES (VIRTIO_INPUT_CONFIG - CONFIG_DATA)

enum config_select {
    ID_NAME = 0x01,
    ID_SERIAL = 0x02,
    ID_DEVIDS = 0x03,
    EV_BITS = 0x11,
    ABS_INFO = 0x12,
};

/* struct virtio_input_devids: four halves. */
enum { BUS_OF_VIRTUAL = 6, VENDOR = 0x506f, VERSION_NUMBER = 1 };

static const struct description {
    const char *name, *serial;
} descriptions[] = {
    [VIRTIO_INPUT_KEYBOARD] = { "Pogo keyboard", "pogo-keyboard" },
    [VIRTIO_INPUT_TABLET] = { "Pogo tablet", "pogo-tablet" },
};

/* What events each kind can send: codes first to last of a type. */
static const struct capability {
    enum virtio_input_kind kind;
    uint8_t type;
    uint16_t first, last;
} capabilities[] = {
    { VIRTIO_INPUT_KEYBOARD, EV_KEY, KEY_ESC, KEY_COMPOSE },
    { VIRTIO_INPUT_KEYBOARD, EV_KEY, KEY_F13, KEY_F24 },
    { VIRTIO_INPUT_KEYBOARD, EV_REP, REP_DELAY, REP_PERIOD },
    { VIRTIO_INPUT_TABLET, EV_KEY, BTN_LEFT, BTN_EXTRA },
    { VIRTIO_INPUT_TABLET, EV_REL, REL_HWHEEL, REL_HWHEEL },
    { VIRTIO_INPUT_TABLET, EV_REL, REL_WHEEL, REL_WHEEL },
    { VIRTIO_INPUT_TABLET, EV_ABS, ABS_X, ABS_Y },
};

/* The bitmap of the codes of a type, as far as it is not 0. */
static size_t event_bits(const struct virtio_input *v, uint8_t *data)
{
    size_t size = 0;

    for (size_t i = 0; i < sizeof capabilities / sizeof capabilities[0]; i++) {
        const struct capability *c = &capabilities[i];

        if (c->kind != v->kind || c->type != v->subsel)
            continue;
        for (unsigned code = c->first; code <= c->last; code++)
            data[code / 8] |= (uint8_t)(1u << code % 8);
        if (size < c->last / 8u + 1)
            size = c->last / 8u + 1;
    }
    return size;
}

static size_t text(const char *from, uint8_t *data)
{
    memcpy(data, from, strlen(from));
    return strlen(from);
}

static size_t device_ids(const struct virtio_input *v, uint8_t *data)
{
    little_endian_put(data, 2, BUS_OF_VIRTUAL);
    little_endian_put(data + 2, 2, VENDOR);
    little_endian_put(data + 4, 2, v->kind + 1);
    little_endian_put(data + 6, 2, VERSION_NUMBER);
    return 8;
}

/* struct virtio_input_absinfo: least, most, and three that are 0. */
static size_t axis(const struct virtio_input *v, uint8_t *data)
{
    if (v->kind != VIRTIO_INPUT_TABLET ||
        (v->subsel != ABS_X && v->subsel != ABS_Y))
        return 0;
    little_endian_put(data + 4, 4, VIRTIO_INPUT_ABS_MAX);
    return 20;
}

/* What is not known has size 0 (section 5.8.5.2). */
static void select_config(struct virtio_input *v)
{
    const struct description *d = &descriptions[v->kind];
    uint8_t *data = v->config + CONFIG_DATA;
    size_t size = 0;

    memset(v->config, 0, sizeof v->config);
    if (v->select == EV_BITS)
        size = event_bits(v, data);
    else if (v->select == ABS_INFO)
        size = axis(v, data);
    else if (v->subsel != 0)
        size = 0;
    else if (v->select == ID_NAME)
        size = text(d->name, data);
    else if (v->select == ID_SERIAL)
        size = text(d->serial, data);
    else if (v->select == ID_DEVIDS)
        size = device_ids(v, data);
    v->config[CONFIG_SELECT] = v->select;
    v->config[CONFIG_SUBSEL] = v->subsel;
    v->config[CONFIG_SIZE] = (uint8_t)size;
}

static const uint8_t *config(void *device, size_t *length)
{
    const struct virtio_input *v = device;

    *length = sizeof v->config;
    return v->config;
}

static void write_config(void *device, uint64_t offset, unsigned size,
                         uint64_t value)
{
    struct virtio_input *v = device;

    if (offset == CONFIG_SELECT)
        v->select = (uint8_t)value;
    if (offset <= CONFIG_SUBSEL && offset + size > CONFIG_SUBSEL)
        v->subsel = (uint8_t)(value >> 8 * (CONFIG_SUBSEL - offset));
    select_config(v);
}

/* One event for one buffer. One that is too small goes back empty, and the
   event waits for the next. */
static void deliver(struct virtio_input *v, struct virtqueue *q,
                    const struct virtqueue_chain *c)
{
    if (c->write_bytes < VIRTIO_INPUT_EVENT) {
        virtqueue_push(q, c, 0);
        return;
    }
    if (!virtqueue_write(q, c, 0, v->event[v->first], VIRTIO_INPUT_EVENT))
        return;
    v->first = (v->first + 1) % VIRTIO_INPUT_QUEUE;
    v->waiting--;
    virtqueue_push(q, c, VIRTIO_INPUT_EVENT);
}

/* What the driver says about lights and sounds: there are none. */
static void request(void *device, unsigned queue, struct virtqueue *q,
                    const struct virtqueue_chain *c)
{
    if (queue == EVENTS)
        deliver(device, q, c);
    else
        virtqueue_push(q, c, 0);
}

/* The driver's empty buffers wait until there is an event for them. */
static bool has_work(void *device, unsigned queue)
{
    const struct virtio_input *v = device;

    return queue == STATUS || v->waiting > 0;
}

static void started(void *device)
{
    struct virtio_input *v = device;

    v->running = true;
}

static void reset(void *device)
{
    struct virtio_input *v = device;

    v->running = false;
    v->first = v->waiting = 0;
    v->select = v->subsel = 0;
    select_config(v);
}

static void state(void *device, struct state *s)
{
    virtio_input_state(device, s);
}

const struct virtio_ops virtio_input_ops = {
    .id = VIRTIO_ID_INPUT,
    .queues = 2,
    .request = request,
    .has_work = has_work,
    .config = config,
    .write_config = write_config,
    .started = started,
    .reset = reset,
    .state = state,
};

void virtio_input_init(struct virtio_input *v, enum virtio_input_kind kind,
                       struct virtio_mmio *mmio)
{
    *v = (struct virtio_input){ .kind = kind, .mmio = mmio };
}

static bool ends_packet(const uint8_t *event)
{
    return little_endian_get(event, 2) == EV_SYN &&
           little_endian_get(event + 2, 2) == SYN_REPORT;
}

/* Bytes of the first packet of n bytes; 0: its end is not there. */
static size_t packet(const uint8_t *events, size_t n)
{
    for (size_t i = 0; n - i >= VIRTIO_INPUT_EVENT; i += VIRTIO_INPUT_EVENT)
        if (ends_packet(events + i))
            return i + VIRTIO_INPUT_EVENT;
    return 0;
}

/* False: there is no room for it. */
static bool take(struct virtio_input *v, const uint8_t *events, size_t n)
{
    size_t count = n / VIRTIO_INPUT_EVENT;

    if (count > VIRTIO_INPUT_QUEUE - v->waiting)
        return false;
    for (size_t i = 0; i < count; i++, v->waiting++)
        memcpy(v->event[(v->first + v->waiting) % VIRTIO_INPUT_QUEUE],
               events + i * VIRTIO_INPUT_EVENT, VIRTIO_INPUT_EVENT);
    return true;
}

size_t virtio_input_push(void *device, const uint8_t *events, size_t n)
{
    struct virtio_input *v = device;
    size_t done = 0, size;

    while ((size = packet(events + done, n - done)) > 0) {
        if (v->running && !take(v, events + done, size))
            break;
        done += size;
    }
    if (done && v->running)
        virtio_mmio_serve(v->mmio, EVENTS);
    return done;
}

void virtio_input_state(struct virtio_input *v, struct state *s)
{
    state_tag(s, "VINP");
    state_bool(s, &v->running);
    state_u8(s, &v->select);
    state_u8(s, &v->subsel);
    state_u32(s, &v->first);
    state_u32(s, &v->waiting);
    state_require(s, v->first < VIRTIO_INPUT_QUEUE &&
                         v->waiting <= VIRTIO_INPUT_QUEUE);
    for (size_t i = 0; i < VIRTIO_INPUT_QUEUE; i++)
        state_bytes(s, v->event[i], VIRTIO_INPUT_EVENT);
    select_config(v);
}
