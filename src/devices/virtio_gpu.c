/* The virtio gpu; see virtio_gpu.h. */
#include "devices/virtio_gpu.h"

#include "bus/little_endian.h"
#include "devices/gpu_command.h"

#define RESOURCE_BYTES_MAX (UINT64_C(64) << 20)
#define PIXEL_BYTES        4
#define SCREENS            4

/* Reads the command, as far as it is there, and carries it out. */
static enum gpu_response answer(struct gpu_request *r, unsigned queue)
{
    uint64_t n = r->chain->read_bytes;
    const struct gpu_handler *h;

    n = n < sizeof r->bytes ? n : sizeof r->bytes;
    if (!virtqueue_read(r->queue, r->chain, 0, r->bytes, n))
        return GPU_ERROR;
    h = gpu_handler(queue,
                    (uint32_t)little_endian_get(r->bytes + GPU_HEADER_TYPE, 4));
    if (!h)
        return GPU_ERROR;
    return n < h->bytes ? GPU_INVALID_PARAMETER : h->carry_out(r);
}

/* A fence that was asked for comes back with its number once the command is
   complete, which it is (section 5.7.6.7). */
static void head_answer(struct gpu_request *r, enum gpu_response response)
{
    uint64_t flags =
        little_endian_get(r->bytes + GPU_HEADER_FLAGS, 4) & GPU_FLAG_FENCE;

    little_endian_put(r->answer + GPU_HEADER_TYPE, 4, response);
    little_endian_put(r->answer + GPU_HEADER_FLAGS, 4, flags);
    if (!flags)
        return;
    little_endian_put(r->answer + GPU_HEADER_FENCE, 8,
                      little_endian_get(r->bytes + GPU_HEADER_FENCE, 8));
    little_endian_put(r->answer + GPU_HEADER_CONTEXT, 4,
                      little_endian_get(r->bytes + GPU_HEADER_CONTEXT, 4));
}

/* An answer is as long as there is room for it: none, for a driver that does
   not want to know. */
static void carry_out(void *device, unsigned queue, struct virtqueue *q,
                      const struct virtqueue_chain *c)
{
    struct gpu_request r = {
        .gpu = device, .queue = q, .chain = c, .answer_bytes = GPU_HEADER_BYTES
    };
    uint64_t n;

    head_answer(&r, answer(&r, queue));
    n = c->write_bytes < r.answer_bytes ? c->write_bytes : r.answer_bytes;
    if (virtqueue_write(q, c, 0, r.answer, n))
        virtqueue_push(q, c, n);
}

static const uint8_t *config(void *device, size_t *length)
{
    const struct virtio_gpu *g = device;

    *length = sizeof g->config;
    return g->config;
}

static void reset(void *device)
{
    struct virtio_gpu *g = device;

    gpu_resources_clear(&g->resources);
    g->scanout_id = 0;
    g->scanout = (struct display_rect){ 0 };
    display_reset(g->display);
}

static void state(void *device, struct state *s)
{
    virtio_gpu_state(device, s);
}

const struct virtio_ops virtio_gpu_ops = {
    .id = VIRTIO_ID_GPU,
    .queues = VIRTIO_GPU_QUEUES,
    .request = carry_out,
    .config = config,
    .reset = reset,
    .state = state,
};

uint64_t virtio_gpu_init(struct virtio_gpu *g, struct display *display,
                         struct virtio_mmio *mmio)
{
    uint64_t screen =
        (uint64_t)display->native_width * display->native_height * PIXEL_BYTES;

    *g = (struct virtio_gpu){ .display = display, .mmio = mmio };
    gpu_resources_init(&g->resources, RESOURCE_BYTES_MAX + SCREENS * screen);
    little_endian_put(g->config + GPU_CONFIG_SCANOUTS, 4, 1);
    return 0;
}

void virtio_gpu_free(struct virtio_gpu *g)
{
    gpu_resources_clear(&g->resources);
}

void virtio_gpu_state(struct virtio_gpu *g, struct state *s)
{
    const struct gpu_resource *p;

    state_tag(s, "VGPU");
    display_state(g->display, s);
    gpu_resources_state(&g->resources, s, g->mmio->ram);
    state_u32(s, &g->scanout_id);
    state_u32(s, &g->scanout.x);
    state_u32(s, &g->scanout.y);
    state_u32(s, &g->scanout.width);
    state_u32(s, &g->scanout.height);
    if (s->saving || g->scanout_id == 0)
        return;
    /* What is shown lies inside its picture, and is as large as the screen. */
    p = gpu_resource_find(&g->resources, g->scanout_id);
    state_require(s, p && gpu_resource_has(p, g->scanout) &&
                         g->scanout.width == g->display->width &&
                         g->scanout.height == g->display->height);
}
