/*
 * A gpu's resources: pictures that the driver has made on the device's side,
 * and for each, where in RAM its pixels come from (VIRTIO 1.2, section 5.7.6).
 * Pictures are kept in one format, whatever the driver's is.
 *
 * What the driver can make of the host's memory is bounded by three numbers:
 * pictures, their bytes, and the entries of their backings. More than that is
 * answered with GPU_OUT_OF_MEMORY, as is the host's own lack of it.
 */
#ifndef POGO_DEVICES_GPU_RESOURCE_H
#define POGO_DEVICES_GPU_RESOURCE_H

#include "bus/ram.h"
#include "devices/display.h"
#include "devices/gpu_protocol.h"

#define GPU_RESOURCES UINT32_C(1024)
#define GPU_ENTRIES   UINT32_C(65536)

/* A piece of a picture's backing. */
struct gpu_entry {
    uint64_t pa;
    uint32_t length;
};

struct gpu_resource {
    uint32_t id; /* the driver's; not 0 */
    uint32_t format;
    uint32_t width, height; /* 1..DISPLAY_SIDE_MAX */
    uint32_t *pixels; /* 0xAARRGGBB, row by row; without A, that is anything */
    struct gpu_entry *entry; /* NULL: nothing is attached */
    uint32_t entries;
    /* These rows may look different since this was last set to none (0, 0): by
       whoever shows the picture. Follows from the rest: no state. */
    uint32_t changed_from, changed_to;
    struct gpu_resource *next;
};

struct gpu_resources {
    struct gpu_resource *first; /* in the order in which they were made */
    uint64_t bytes, bytes_max;  /* of pixels */
    uint32_t count, entries;    /* in all of them */
};

/* None, and room for so many bytes of pixels. */
void gpu_resources_init(struct gpu_resources *r, uint64_t bytes_max);
/* None again. */
void gpu_resources_clear(struct gpu_resources *r);

/* NULL: there is none of that id. */
struct gpu_resource *gpu_resource_find(const struct gpu_resources *r,
                                       uint32_t id);

/* A black one. */
enum gpu_response gpu_resource_create(struct gpu_resources *r, uint32_t id,
                                      uint32_t format, uint32_t width,
                                      uint32_t height);
enum gpu_response gpu_resource_unref(struct gpu_resources *r, uint32_t id);

/*
 * Room for the backing of `p`, which has none: GPU_OK, and p->entry[0..n) is to
 * be filled, n not 0. gpu_resource_detach takes it away.
 */
enum gpu_response gpu_resource_attach(struct gpu_resources *r,
                                      struct gpu_resource *p, uint32_t n);
void gpu_resource_detach(struct gpu_resources *r, struct gpu_resource *p);

/* Has its format no A? */
bool gpu_resource_is_opaque(const struct gpu_resource *p);

/* Is `rect` inside the picture? */
bool gpu_resource_has(const struct gpu_resource *p, struct display_rect rect);

/*
 * Reads `rect` from the backing, where its upper left pixel is at byte `offset`
 * and rows are as long as the picture's. GPU_ERROR: there is no backing;
 * GPU_INVALID_PARAMETER: the rectangle is not inside the picture, or its bytes
 * not inside the backing.
 */
enum gpu_response gpu_resource_transfer(struct gpu_resource *p, struct ram *ram,
                                        struct display_rect rect,
                                        uint64_t offset);

/* All of them; `ram` is what backings must lie in. */
void gpu_resources_state(struct gpu_resources *r, struct state *s,
                         const struct ram *ram);

#endif
