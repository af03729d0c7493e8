/* The virtio memory-mapped transport; see virtio_mmio.h. */
#include "devices/virtio_mmio.h"

#include "bus/little_endian.h"

/* VIRTIO 1.2, table 4.1. */
enum virtio_register {
    MAGIC_VALUE = 0x000,
    VERSION = 0x004,
    DEVICE_ID = 0x008,
    VENDOR_ID = 0x00c,
    DEVICE_FEATURES = 0x010,
    DEVICE_FEATURES_SEL = 0x014,
    DRIVER_FEATURES = 0x020,
    DRIVER_FEATURES_SEL = 0x024,
    QUEUE_SEL = 0x030,
    QUEUE_NUM_MAX = 0x034,
    QUEUE_NUM = 0x038,
    QUEUE_READY = 0x044,
    QUEUE_NOTIFY = 0x050,
    INTERRUPT_STATUS = 0x060,
    INTERRUPT_ACK = 0x064,
    STATUS = 0x070,
    QUEUE_DESC_LOW = 0x080,
    QUEUE_DESC_HIGH = 0x084,
    QUEUE_DRIVER_LOW = 0x090,
    QUEUE_DRIVER_HIGH = 0x094,
    QUEUE_DEVICE_LOW = 0x0a0,
    QUEUE_DEVICE_HIGH = 0x0a4,
    SHM_LENGTH_LOW = 0x0b0, /* "if the region is not there, read as ~0" */
    SHM_BASE_HIGH = 0x0bc,
    CONFIG_GENERATION = 0x0fc,
    CONFIG = 0x100,
};

#define MAGIC  0x74726976u /* "virt" */
#define VENDOR 0x6f676f50u /* "Pogo" */

enum status_bit {
    STATUS_FEATURES_OK = 8,
    STATUS_DRIVER_OK = 4,
    STATUS_NEEDS_RESET = 64,
    STATUS_BY_DRIVER = 0x8f, /* all but NEEDS_RESET */
};

enum interrupt_bit {
    INTERRUPT_QUEUE = 1,
    INTERRUPT_CONFIG = 2,
    INTERRUPT_ALL = 3,
};

#define LOW_HALF  MASK(31, 0)
#define HIGH_HALF MASK(63, 32)

static void reset(struct virtio_mmio *m)
{
    m->accepted = 0;
    m->device_word = m->driver_word = 0;
    m->queue_selected = 0;
    m->status = 0;
    m->interrupt = 0;
    for (unsigned i = 0; i < VIRTIO_QUEUES; i++)
        virtqueue_reset(&m->queue[i], m->ram);
    if (m->ops && m->ops->reset)
        m->ops->reset(m->device);
    irq_set(&m->irq, false);
}

void virtio_mmio_init(struct virtio_mmio *m, struct ram *ram,
                      struct irq_line irq, const struct virtio_ops *ops,
                      void *device, uint64_t features)
{
    *m = (struct virtio_mmio){
        .ops = ops,
        .device = device,
        .ram = ram,
        .irq = irq,
        .features = features | VIRTIO_F_VERSION_1 | VIRTIO_F_INDIRECT_DESC,
    };
    reset(m);
}

static void interrupt(struct virtio_mmio *m, uint32_t bits)
{
    m->interrupt |= bits;
    irq_set(&m->irq, m->interrupt != 0);
}

/*
 * "If DRIVER_OK is set, after it sets DEVICE_NEEDS_RESET, the device MUST send
 * a device configuration change notification" (section 2.1.2).
 */
static void needs_reset(struct virtio_mmio *m)
{
    if (m->status & STATUS_NEEDS_RESET)
        return;
    m->status |= STATUS_NEEDS_RESET;
    if (m->status & STATUS_DRIVER_OK)
        interrupt(m, INTERRUPT_CONFIG);
}

void virtio_mmio_config_changed(struct virtio_mmio *m)
{
    m->generation++;
    if (m->status & STATUS_DRIVER_OK)
        interrupt(m, INTERRUPT_CONFIG);
}

static bool has_work(struct virtio_mmio *m, unsigned queue)
{
    return !m->ops->has_work || m->ops->has_work(m->device, queue);
}

/*
 * Serves what waits now, and not what a transfer of the device itself puts
 * into the ring. A queue that breaks is left alone from then on.
 */
void virtio_mmio_serve(struct virtio_mmio *m, unsigned queue)
{
    struct virtqueue *q = &m->queue[queue];
    struct virtqueue_chain chain;
    bool any = false;

    if (!(m->status & STATUS_DRIVER_OK))
        return;
    for (unsigned n = virtqueue_waiting(q); n > 0; n--) {
        if (!has_work(m, queue) || !virtqueue_pop(q, &chain))
            break;
        m->ops->request(m->device, queue, q, &chain);
        any = true;
    }
    if (any && !q->broken && virtqueue_wants_interrupt(q))
        interrupt(m, INTERRUPT_QUEUE);
    if (q->broken)
        needs_reset(m);
}

void virtio_mmio_return(struct virtio_mmio *m, unsigned queue,
                        const struct virtqueue_chain *c, uint64_t written)
{
    struct virtqueue *q = &m->queue[queue];

    if (!(m->status & STATUS_DRIVER_OK) || !q->ready || q->broken)
        return;
    virtqueue_push(q, c, written);
    if (!q->broken && virtqueue_wants_interrupt(q))
        interrupt(m, INTERRUPT_QUEUE);
    if (q->broken)
        needs_reset(m);
}

/* The selected queue, or NULL if the device has none of that number. */
static struct virtqueue *selected(struct virtio_mmio *m)
{
    return m->queue_selected < m->ops->queues ? &m->queue[m->queue_selected]
                                              : NULL;
}

/* Which half of a 64-bit word a selector means; none beyond bit 63. */
static uint64_t half_of(uint32_t selector)
{
    return selector == 0 ? LOW_HALF : selector == 1 ? HIGH_HALF : 0;
}

static uint32_t read_register(struct virtio_mmio *m, uint64_t offset)
{
    const struct virtqueue *q = selected(m);
    uint64_t half = half_of(m->device_word);

    switch (offset) {
    case DEVICE_ID:
        return m->ops->id;
    case DEVICE_FEATURES:
        return half ? (uint32_t)field_get(m->features, half) : 0;
    case QUEUE_NUM_MAX:
        return q ? VIRTQUEUE_MAX : 0;
    case QUEUE_READY:
        return q && q->ready;
    case INTERRUPT_STATUS:
        return m->interrupt;
    case STATUS:
        return m->status;
    case CONFIG_GENERATION:
        return m->generation;
    }
    if (offset >= SHM_LENGTH_LOW && offset <= SHM_BASE_HIGH)
        return UINT32_MAX;
    return 0;
}

static uint64_t read_config(struct virtio_mmio *m, uint64_t offset,
                            unsigned size)
{
    size_t length = 0;
    const uint8_t *bytes =
        m->ops->config ? m->ops->config(m->device, &length) : NULL;

    if (offset >= length)
        return 0;
    length -= offset;
    return little_endian_get(bytes + offset, length < size ? length : size);
}

/* Registers are words; the configuration has fields of any width. */
bool virtio_mmio_load(void *mmio, uint64_t offset, unsigned size, uint64_t *v)
{
    struct virtio_mmio *m = mmio;

    if (offset < CONFIG && size != 4)
        return false;
    if (offset == MAGIC_VALUE)
        *v = MAGIC;
    else if (offset == VERSION)
        *v = 2;
    else if (offset == VENDOR_ID)
        *v = VENDOR;
    else if (!m->ops)
        *v = 0;
    else if (offset < CONFIG)
        *v = read_register(m, offset);
    else
        *v = read_config(m, offset - CONFIG, size);
    return true;
}

/* What is accepted is settled when the driver sets FEATURES_OK. */
static void accept_features(struct virtio_mmio *m, uint32_t v)
{
    uint64_t half = half_of(m->driver_word);

    if (half && !(m->status & STATUS_FEATURES_OK))
        m->accepted = field_set(m->accepted, half, v);
}

/*
 * Writing 0 resets; else the driver can set bits and not clear them.
 * FEATURES_OK stays clear if what it accepted is not a subset of the offer, or
 * lacks VERSION_1, without which this device does not work.
 */
static void write_status(struct virtio_mmio *m, uint32_t v)
{
    bool fine =
        !(m->accepted & ~m->features) && m->accepted & VIRTIO_F_VERSION_1;

    if (v == 0) {
        reset(m);
        return;
    }
    if (!fine)
        v &= ~(uint32_t)STATUS_FEATURES_OK;
    v &= STATUS_BY_DRIVER & ~m->status;
    m->status |= v;
    if (v & STATUS_DRIVER_OK && m->ops->started)
        m->ops->started(m->device);
}

static void write_queue_ready(struct virtio_mmio *m, struct virtqueue *q,
                              uint32_t v)
{
    if (!(v & 1)) {
        q->ready = false;
        return;
    }
    if (q->ready || q->broken)
        return;
    q->indirect = m->accepted & VIRTIO_F_INDIRECT_DESC;
    if (!virtqueue_enable(q))
        needs_reset(m);
}

/* Size and addresses can be changed while the queue is not ready. */
static void write_queue_place(struct virtqueue *q, uint64_t offset, uint32_t v)
{
    if (q->ready)
        return;
    switch (offset) {
    case QUEUE_NUM:
        q->size = v;
        break;
    case QUEUE_DESC_LOW:
        q->descriptors = field_set(q->descriptors, LOW_HALF, v);
        break;
    case QUEUE_DESC_HIGH:
        q->descriptors = field_set(q->descriptors, HIGH_HALF, v);
        break;
    case QUEUE_DRIVER_LOW:
        q->available = field_set(q->available, LOW_HALF, v);
        break;
    case QUEUE_DRIVER_HIGH:
        q->available = field_set(q->available, HIGH_HALF, v);
        break;
    case QUEUE_DEVICE_LOW:
        q->used = field_set(q->used, LOW_HALF, v);
        break;
    case QUEUE_DEVICE_HIGH:
        q->used = field_set(q->used, HIGH_HALF, v);
        break;
    }
}

static void write_queue(struct virtio_mmio *m, uint64_t offset, uint32_t v)
{
    struct virtqueue *q = selected(m);

    if (!q)
        return;
    if (offset == QUEUE_READY)
        write_queue_ready(m, q, v);
    else
        write_queue_place(q, offset, v);
}

static void write_register(struct virtio_mmio *m, uint64_t offset, uint32_t v)
{
    switch (offset) {
    case DEVICE_FEATURES_SEL:
        m->device_word = v;
        break;
    case DRIVER_FEATURES_SEL:
        m->driver_word = v;
        break;
    case DRIVER_FEATURES:
        accept_features(m, v);
        break;
    case QUEUE_SEL:
        m->queue_selected = v;
        break;
    case QUEUE_NOTIFY:
        if (v < m->ops->queues)
            virtio_mmio_serve(m, v);
        break;
    case INTERRUPT_ACK:
        m->interrupt &= ~v & INTERRUPT_ALL;
        irq_set(&m->irq, m->interrupt != 0);
        break;
    case STATUS:
        write_status(m, v);
        break;
    default:
        write_queue(m, offset, v);
        break;
    }
}

bool virtio_mmio_store(void *mmio, uint64_t offset, unsigned size, uint64_t v)
{
    struct virtio_mmio *m = mmio;

    if (offset < CONFIG && size != 4)
        return false;
    if (!m->ops)
        return true;
    if (offset < CONFIG)
        write_register(m, offset, (uint32_t)v);
    else if (m->ops->write_config)
        m->ops->write_config(m->device, offset - CONFIG, size, v);
    return true;
}

/* What does not change must be what it was. */
static void kind_state(const struct virtio_mmio *m, struct state *s)
{
    uint32_t id = m->ops ? m->ops->id : VIRTIO_ID_NONE;
    uint64_t features = m->features;

    state_u32(s, &id);
    state_u64(s, &features);
    state_require(s, id == (m->ops ? m->ops->id : VIRTIO_ID_NONE) &&
                         features == m->features);
}

void virtio_mmio_state(struct virtio_mmio *m, struct state *s)
{
    kind_state(m, s);
    if (!m->ops || s->bad)
        return;
    state_u64(s, &m->accepted);
    state_u32(s, &m->device_word);
    state_u32(s, &m->driver_word);
    state_u32(s, &m->queue_selected);
    state_u32(s, &m->status);
    state_u32(s, &m->interrupt);
    state_u32(s, &m->generation);
    state_require(s, !(m->interrupt & ~INTERRUPT_ALL));
    for (unsigned i = 0; i < m->ops->queues; i++)
        virtqueue_state(&m->queue[i], s);
    if (m->ops->state && !s->bad)
        m->ops->state(m->device, s);
}
