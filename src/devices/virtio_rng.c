/* The virtio entropy device; see virtio_rng.h. */
#include "devices/virtio_rng.h"

void virtio_rng_init(struct virtio_rng *r, uint64_t seed)
{
    r->state = seed;
}

/* SplitMix64. */
static uint64_t next(struct virtio_rng *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void answer(void *device, unsigned queue, struct virtqueue *q,
                   const struct virtqueue_chain *c)
{
    struct virtio_rng *r = device;
    uint8_t bytes[VIRTIO_RNG_MOST];
    uint64_t n = c->write_bytes;

    (void)queue;
    n = n < sizeof bytes ? n : sizeof bytes;
    for (uint64_t i = 0, v = 0; i < n; i++, v >>= 8) {
        if (i % 8 == 0)
            v = next(r);
        bytes[i] = (uint8_t)v;
    }
    if (virtqueue_write(q, c, 0, bytes, n))
        virtqueue_push(q, c, n);
}

static void state(void *device, struct state *s)
{
    struct virtio_rng *r = device;

    state_u64(s, &r->state);
}

const struct virtio_ops virtio_rng_ops = {
    .id = VIRTIO_ID_RNG,
    .queues = 1,
    .request = answer,
    .state = state,
};
