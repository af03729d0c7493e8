#include "devices/gpu_driver.h"

#define GPU DEVICES_GPU_SLOT

uint32_t gpu_ask(struct fixture *f, unsigned queue, uint32_t type,
                 const uint32_t *words, unsigned n)
{
    for (unsigned i = 0; i < GPU_HEADER_BYTES; i += 4)
        bus_put(f, GPU_COMMAND + i, 4, 0);
    bus_put(f, GPU_COMMAND, 4, type);
    for (unsigned i = 0; i < n; i++)
        bus_put(f, GPU_COMMAND + GPU_HEADER_BYTES + 4 * i, 4, words[i]);
    bus_put(f, GPU_ANSWER, 4, 0);
    virtio_describe(f, DESC(queue), 0, GPU_COMMAND, GPU_HEADER_BYTES + 4 * n,
                    NEXT, 1);
    virtio_describe(f, DESC(queue), 1, GPU_ANSWER, 0x1000, WRITE, 0);
    virtio_submit(f, GPU, queue, 0);
    return (uint32_t)bus_get(f, GPU_ANSWER, 4);
}

uint32_t gpu_create(struct fixture *f, uint32_t id, uint32_t format,
                    uint32_t width, uint32_t height)
{
    return gpu_ask(f, CONTROL, GPU_RESOURCE_CREATE_2D,
                   (uint32_t[]){ id, format, width, height }, 4);
}

uint32_t gpu_unref(struct fixture *f, uint32_t id)
{
    return gpu_ask(f, CONTROL, GPU_RESOURCE_UNREF, (uint32_t[]){ id, 0 }, 2);
}

uint32_t gpu_detach(struct fixture *f, uint32_t id)
{
    return gpu_ask(f, CONTROL, GPU_RESOURCE_DETACH_BACKING,
                   (uint32_t[]){ id, 0 }, 2);
}

uint32_t gpu_attach(struct fixture *f, uint32_t id, uint64_t pa,
                    uint32_t length)
{
    return gpu_ask(
        f, CONTROL, GPU_RESOURCE_ATTACH_BACKING,
        (uint32_t[]){ id, 1, (uint32_t)pa, (uint32_t)(pa >> 32), length, 0 },
        6);
}

uint32_t gpu_scanout(struct fixture *f, uint32_t id, struct display_rect r)
{
    return gpu_ask(f, CONTROL, GPU_SET_SCANOUT,
                   (uint32_t[]){ r.x, r.y, r.width, r.height, 0, id }, 6);
}

uint32_t gpu_flush(struct fixture *f, uint32_t id, struct display_rect r)
{
    return gpu_ask(f, CONTROL, GPU_RESOURCE_FLUSH,
                   (uint32_t[]){ r.x, r.y, r.width, r.height, id, 0 }, 6);
}

uint32_t gpu_transfer(struct fixture *f, uint32_t id, struct display_rect r,
                      uint64_t offset)
{
    return gpu_ask(f, CONTROL, GPU_TRANSFER_TO_HOST_2D,
                   (uint32_t[]){ r.x, r.y, r.width, r.height, (uint32_t)offset,
                                 (uint32_t)(offset >> 32), id, 0 },
                   8);
}

uint32_t gpu_cursor(struct fixture *f, uint32_t command, uint32_t id,
                    uint32_t x, uint32_t y)
{
    return gpu_ask(f, CURSOR, command, (uint32_t[]){ 0, x, y, 0, id, 1, 2, 0 },
                   8);
}
