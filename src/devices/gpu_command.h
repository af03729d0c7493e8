/* A gpu's commands, each from the driver's bytes to the answer. */
#ifndef POGO_DEVICES_GPU_COMMAND_H
#define POGO_DEVICES_GPU_COMMAND_H

#include "devices/virtio_gpu.h"

/* One command on its way. */
struct gpu_request {
    struct virtio_gpu *gpu;
    struct virtqueue *queue;
    const struct virtqueue_chain *chain;
    uint8_t bytes[GPU_COMMAND_MAX]; /* the command; past its end 0 */
    /* The answer, and how much of it there is: the header at least. */
    uint8_t answer[GPU_HEADER_BYTES + GPU_SCANOUTS_MAX * GPU_DISPLAY_BYTES];
    size_t answer_bytes;
};

struct gpu_handler {
    enum gpu_command command;
    unsigned queue; /* that it comes on: 0 control, 1 cursor */
    size_t bytes;   /* that it has at least */
    /* Does it, and says how it went; fills in what is behind the answer's
       header. */
    enum gpu_response (*carry_out)(struct gpu_request *r);
};

/* NULL: no command `type` comes on `queue`. */
const struct gpu_handler *gpu_handler(unsigned queue, uint32_t type);

/* Shows nothing any more. */
void gpu_scanout_off(struct virtio_gpu *g);

#endif
