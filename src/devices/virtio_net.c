/* The virtio network device; see virtio_net.h. */
#include "devices/virtio_net.h"

/* Features (VIRTIO 1.2, section 5.1.3). */
#define NET_F_MAC BIT(5)

/* struct virtio_net_hdr, in front of each frame (section 5.1.6). */
#define HEADER_BYTES       12
#define HEADER_NUM_BUFFERS 10

enum net_queue { RECEIVE = 0, TRANSMIT = 1 };

/*
 * One buffer for the frame that arrives. "If VIRTIO_NET_F_MRG_RXBUF has not
 * been negotiated, the device MUST set num_buffers to 1", the rest of the
 * header is 0 without offloads. A buffer that is too small goes back empty, and
 * the frame is lost: no other is tried, lest one frame use up all buffers.
 */
static void receive(struct virtio_net *n, struct virtqueue *q,
                    const struct virtqueue_chain *c)
{
    const uint8_t *frame = n->arriving;
    uint64_t size = HEADER_BYTES + n->arriving_size;
    uint8_t header[HEADER_BYTES] = { [HEADER_NUM_BUFFERS] = 1 };

    n->arriving = NULL;
    if (c->write_bytes < size)
        virtqueue_push(q, c, 0);
    else if (virtqueue_write(q, c, 0, header, sizeof header) &&
             virtqueue_write(q, c, sizeof header, frame, n->arriving_size))
        virtqueue_push(q, c, size);
}

/*
 * Sends one frame. Its header only speaks of offloads, which were not
 * negotiated: it is not looked at. What is no frame is not sent.
 */
static void transmit(struct virtio_net *n, struct virtqueue *q,
                     const struct virtqueue_chain *c)
{
    uint8_t frame[NET_FRAME_MAX];
    uint64_t size =
        c->read_bytes < HEADER_BYTES ? 0 : c->read_bytes - HEADER_BYTES;

    if (size >= NET_FRAME_MIN && size <= NET_FRAME_MAX) {
        if (!virtqueue_read(q, c, HEADER_BYTES, frame, size))
            return;
        if (n->cable->sent && !(n->cable->repeats && *n->cable->repeats))
            n->cable->sent(n->cable->far, frame, size);
    }
    virtqueue_push(q, c, 0);
}

static void carry_out(void *device, unsigned queue, struct virtqueue *q,
                      const struct virtqueue_chain *c)
{
    struct virtio_net *n = device;

    if (queue == RECEIVE)
        receive(n, q, c);
    else
        transmit(n, q, c);
}

/* The driver's empty buffers wait until there is a frame for them. */
static bool has_work(void *device, unsigned queue)
{
    const struct virtio_net *n = device;

    return queue == TRANSMIT || n->arriving;
}

/* struct virtio_net_config: without more features the address is all of it. */
static const uint8_t *config(void *device, size_t *length)
{
    const struct virtio_net *n = device;

    *length = sizeof n->cable->mac;
    return n->cable->mac;
}

/* A frame has arrived: the first buffer that waits takes it, if there is one.
 */
static bool deliver(void *device, const uint8_t *frame, size_t size)
{
    struct virtio_net *n = device;
    bool taken;

    n->arriving = frame;
    n->arriving_size = size;
    virtio_mmio_serve(n->mmio, RECEIVE);
    taken = !n->arriving;
    n->arriving = NULL;
    return taken;
}

/* The driver knows the address. */
static void state(void *device, struct state *s)
{
    struct virtio_net *n = device;

    state_bytes(s, n->cable->mac, sizeof n->cable->mac);
}

const struct virtio_ops virtio_net_ops = {
    .id = VIRTIO_ID_NET,
    .queues = 2,
    .request = carry_out,
    .has_work = has_work,
    .config = config,
    .state = state,
};

uint64_t virtio_net_init(struct virtio_net *n, struct net_cable *cable,
                         struct virtio_mmio *mmio)
{
    *n = (struct virtio_net){ .cable = cable, .mmio = mmio };
    cable->deliver = deliver;
    cable->device = n;
    return NET_F_MAC;
}
