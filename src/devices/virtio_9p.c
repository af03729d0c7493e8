/* The virtio 9P transport; see virtio_9p.h. */
#include "devices/virtio_9p.h"

#include <string.h>

#include "bus/little_endian.h"

#define F_MOUNT_TAG BIT(0) /* the configuration has a tag */

#define CONFIG_TAG_LENGTH 0
#define CONFIG_TAG        2

uint64_t virtio_9p_init(struct virtio_9p *v, const struct share_end *end)
{
    size_t length = sizeof VIRTIO_9P_TAG - 1;

    v->end = end;
    little_endian_put(v->config + CONFIG_TAG_LENGTH, 2, length);
    memcpy(v->config + CONFIG_TAG, VIRTIO_9P_TAG, length);
    return F_MOUNT_TAG;
}

static size_t at_most(uint64_t n)
{
    return n < SHARE_MESSAGE ? (size_t)n : SHARE_MESSAGE;
}

/* Of a message that is too long the end gets the beginning, and sees that. */
static void carry_out(void *device, unsigned queue, struct virtqueue *q,
                      const struct virtqueue_chain *c)
{
    struct virtio_9p *v = device;
    size_t n = at_most(c->read_bytes), size;

    (void)queue;
    if (!virtqueue_read(q, c, 0, v->request, n))
        return;
    size = v->end->answer(v->end->far, v->request, n, v->reply,
                          at_most(c->write_bytes));
    if (virtqueue_write(q, c, 0, v->reply, size))
        virtqueue_push(q, c, size);
}

static const uint8_t *config(void *device, size_t *length)
{
    const struct virtio_9p *v = device;

    *length = sizeof v->config;
    return v->config;
}

void virtio_9p_state(struct virtio_9p *v, struct state *s)
{
    (void)v;
    state_tag(s, "v9p ");
}

const struct virtio_ops virtio_9p_ops = {
    .id = VIRTIO_ID_9P,
    .queues = 1,
    .request = carry_out,
    .config = config,
};
