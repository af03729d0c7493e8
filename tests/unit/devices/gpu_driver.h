/* A small gpu driver for tests: commands made by hand, and their answers. */
#ifndef POGO_TESTS_DEVICES_GPU_DRIVER_H
#define POGO_TESTS_DEVICES_GPU_DRIVER_H

#include "devices/virtio_driver.h"

#define GPU_COMMAND (BUFFER)          /* where commands are … */
#define GPU_ANSWER  (BUFFER + 0x2000) /* … and answers */
#define GPU_PIXELS  (BUFFER + 0x4000) /* and the backing of pictures */

enum { CONTROL = 0, CURSOR = 1 };

/* Sends `n` words behind a header of this type; returns the answer's type. */
uint32_t gpu_ask(struct fixture *f, unsigned queue, uint32_t type,
                 const uint32_t *words, unsigned n);

/* The commands; each returns the answer's type. */
uint32_t gpu_create(struct fixture *f, uint32_t id, uint32_t format,
                    uint32_t width, uint32_t height);
uint32_t gpu_unref(struct fixture *f, uint32_t id);
uint32_t gpu_detach(struct fixture *f, uint32_t id);
/* One entry. */
uint32_t gpu_attach(struct fixture *f, uint32_t id, uint64_t pa,
                    uint32_t length);
uint32_t gpu_scanout(struct fixture *f, uint32_t id, struct display_rect r);
uint32_t gpu_flush(struct fixture *f, uint32_t id, struct display_rect r);
uint32_t gpu_transfer(struct fixture *f, uint32_t id, struct display_rect r,
                      uint64_t offset);
uint32_t gpu_cursor(struct fixture *f, uint32_t command, uint32_t id,
                    uint32_t x, uint32_t y);

#define RECT_OF(x, y, width, height)                                           \
    ((struct display_rect){ x, y, width, height })

#endif
