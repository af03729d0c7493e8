/* A gpu's commands; see gpu_command.h. */
#include "devices/gpu_command.h"

#include <string.h>

#include "bus/little_endian.h"

enum gpu_queue { CONTROL = 0, CURSOR = 1 };

static uint32_t word(const struct gpu_request *r, unsigned offset)
{
    return (uint32_t)little_endian_get(r->bytes + offset, 4);
}

static struct gpu_resource *resource(const struct gpu_request *r,
                                     unsigned offset)
{
    return gpu_resource_find(&r->gpu->resources, word(r, offset));
}

static struct display_rect rectangle(const struct gpu_request *r)
{
    return (struct display_rect){ .x = word(r, RECT),
                                  .y = word(r, RECT + 4),
                                  .width = word(r, RECT + 8),
                                  .height = word(r, RECT + 12) };
}

/* One scanout, which is always enabled. */
static enum gpu_response get_display_info(struct gpu_request *r)
{
    const struct display *d = r->gpu->display;
    uint8_t *one = r->answer + GPU_HEADER_BYTES;

    little_endian_put(one + GPU_DISPLAY_WIDTH, 4, d->native_width);
    little_endian_put(one + GPU_DISPLAY_HEIGHT, 4, d->native_height);
    little_endian_put(one + GPU_DISPLAY_ENABLED, 4, 1);
    r->answer_bytes = sizeof r->answer;
    return GPU_OK_DISPLAY_INFO;
}

static enum gpu_response create(struct gpu_request *r)
{
    return gpu_resource_create(&r->gpu->resources, word(r, CREATE_ID),
                               word(r, CREATE_FORMAT), word(r, CREATE_WIDTH),
                               word(r, CREATE_HEIGHT));
}

void gpu_scanout_off(struct virtio_gpu *g)
{
    g->scanout_id = 0;
    g->scanout = (struct display_rect){ 0 };
    display_blank(g->display);
}

static enum gpu_response unref(struct gpu_request *r)
{
    struct virtio_gpu *g = r->gpu;
    uint32_t id = word(r, RESOURCE_ID);

    if (id && id == g->scanout_id)
        gpu_scanout_off(g);
    return gpu_resource_unref(&g->resources, id);
}

/* What of `rect` of picture p is shown becomes visible. */
static void show(struct virtio_gpu *g, const struct gpu_resource *p,
                 struct display_rect rect)
{
    struct display *d = g->display;
    struct display_rect r = display_clip(rect, g->scanout);

    for (uint32_t y = r.y; y < r.y + r.height; y++) {
        const uint32_t *from = p->pixels + (size_t)y * p->width + r.x;
        uint32_t *to = d->pixels + (size_t)(y - g->scanout.y) * d->width +
                       (r.x - g->scanout.x);

        memcpy(to, from, r.width * sizeof *to);
    }
    r.x -= g->scanout.x;
    r.y -= g->scanout.y;
    display_changed(d, r);
}

static enum gpu_response set_scanout(struct gpu_request *r)
{
    struct virtio_gpu *g = r->gpu;
    struct display *d = g->display;
    struct gpu_resource *p = resource(r, SCANOUT_ID);
    struct display_rect rect = rectangle(r);

    if (word(r, SCANOUT_NUMBER) != 0)
        return GPU_INVALID_SCANOUT;
    if (word(r, SCANOUT_ID) == 0) {
        gpu_scanout_off(g);
        return GPU_OK;
    }
    if (!p)
        return GPU_INVALID_RESOURCE;
    if (!gpu_resource_has(p, rect) || rect.width == 0 || rect.height == 0)
        return GPU_INVALID_PARAMETER;
    if (rect.height > DISPLAY_PIXELS_MAX / rect.width ||
        ((rect.width != d->width || rect.height != d->height) &&
         !display_resize(d, rect.width, rect.height)))
        return GPU_OUT_OF_MEMORY;
    g->scanout_id = p->id;
    g->scanout = rect;
    show(g, p, rect);
    p->changed_from = p->changed_to = 0;
    return GPU_OK;
}

/* Of `rect` what has changed becomes visible: the rest is. */
static void show_changed(struct virtio_gpu *g, struct gpu_resource *p,
                         struct display_rect rect)
{
    struct display_rect changed = { .y = p->changed_from,
                                    .width = p->width,
                                    .height = p->changed_to - p->changed_from };
    struct display_rect all = display_clip(changed, g->scanout);
    struct display_rect now = display_clip(all, rect);

    show(g, p, now);
    if (now.width == all.width && now.height == all.height)
        p->changed_from = p->changed_to = 0;
}

static enum gpu_response flush(struct gpu_request *r)
{
    struct gpu_resource *p = resource(r, FLUSH_ID);
    struct display_rect rect = rectangle(r);

    if (!p)
        return GPU_INVALID_RESOURCE;
    if (!gpu_resource_has(p, rect))
        return GPU_INVALID_PARAMETER;
    if (p->id == r->gpu->scanout_id)
        show_changed(r->gpu, p, rect);
    return GPU_OK;
}

static enum gpu_response transfer(struct gpu_request *r)
{
    struct gpu_resource *p = resource(r, TRANSFER_ID);
    uint64_t offset = little_endian_get(r->bytes + TRANSFER_OFFSET, 8);

    return p ? gpu_resource_transfer(p, r->queue->ram, rectangle(r), offset)
             : GPU_INVALID_RESOURCE;
}

/* The entries, from behind the command. False: they are not all of RAM, or not
   all there. */
static bool read_entries(struct gpu_request *r, const struct gpu_resource *p)
{
    uint8_t bytes[ENTRY_BYTES];

    for (uint32_t i = 0; i < p->entries; i++) {
        struct gpu_entry *e = &p->entry[i];
        uint64_t at = ATTACH_BYTES + (uint64_t)i * ENTRY_BYTES;

        if (!virtqueue_read(r->queue, r->chain, at, bytes, sizeof bytes))
            return false;
        e->pa = little_endian_get(bytes + ENTRY_ADDRESS, 8);
        e->length = (uint32_t)little_endian_get(bytes + ENTRY_LENGTH, 4);
        if (!ram_contains(r->queue->ram, e->pa, e->length))
            return false;
    }
    return true;
}

static enum gpu_response attach(struct gpu_request *r)
{
    struct gpu_resources *all = &r->gpu->resources;
    struct gpu_resource *p = resource(r, ATTACH_ID);
    uint32_t n = word(r, ATTACH_ENTRIES);
    enum gpu_response response;

    if (!p)
        return GPU_INVALID_RESOURCE;
    if (p->entry)
        return GPU_ERROR;
    if (n == 0 || r->chain->read_bytes < ATTACH_BYTES ||
        n > (r->chain->read_bytes - ATTACH_BYTES) / ENTRY_BYTES)
        return GPU_INVALID_PARAMETER;
    response = gpu_resource_attach(all, p, n);
    if (response == GPU_OK && !read_entries(r, p)) {
        gpu_resource_detach(all, p);
        return GPU_INVALID_PARAMETER;
    }
    return response;
}

static enum gpu_response detach(struct gpu_request *r)
{
    struct gpu_resource *p = resource(r, RESOURCE_ID);

    if (!p)
        return GPU_INVALID_RESOURCE;
    if (!p->entry)
        return GPU_ERROR;
    gpu_resource_detach(&r->gpu->resources, p);
    return GPU_OK;
}

static void set_image(struct display_cursor *c, const struct gpu_resource *p)
{
    uint32_t a = gpu_resource_is_opaque(p) ? 0xff000000 : 0;

    for (size_t i = 0; i < DISPLAY_CURSOR * DISPLAY_CURSOR; i++)
        c->image[i] = p->pixels[i] | a;
}

static void place_cursor(struct gpu_request *r)
{
    struct display_cursor *c = &r->gpu->display->cursor;

    c->x = (int32_t)word(r, CURSOR_X);
    c->y = (int32_t)word(r, CURSOR_Y);
}

/* "The mouse cursor image is a normal resource, except that it must be 64x64
   in size." Resource 0 is no cursor. */
static enum gpu_response update_cursor(struct gpu_request *r)
{
    struct display *d = r->gpu->display;
    const struct gpu_resource *p = resource(r, CURSOR_ID);

    if (word(r, CURSOR_SCANOUT) != 0)
        return GPU_INVALID_SCANOUT;
    if (word(r, CURSOR_ID) != 0 && !p)
        return GPU_INVALID_RESOURCE;
    if (p && (p->width != DISPLAY_CURSOR || p->height != DISPLAY_CURSOR))
        return GPU_INVALID_PARAMETER;
    display_cursor_changed(d);
    d->cursor.visible = p != NULL;
    if (p)
        set_image(&d->cursor, p);
    d->cursor.hot_x = word(r, CURSOR_HOT_X);
    d->cursor.hot_y = word(r, CURSOR_HOT_Y);
    place_cursor(r);
    display_cursor_changed(d);
    return GPU_OK;
}

static enum gpu_response move_cursor(struct gpu_request *r)
{
    if (word(r, CURSOR_SCANOUT) != 0)
        return GPU_INVALID_SCANOUT;
    display_cursor_changed(r->gpu->display);
    place_cursor(r);
    display_cursor_changed(r->gpu->display);
    return GPU_OK;
}

static const struct gpu_handler handlers[] = {
    { GPU_GET_DISPLAY_INFO, CONTROL, GPU_HEADER_BYTES, get_display_info },
    { GPU_RESOURCE_CREATE_2D, CONTROL, CREATE_BYTES, create },
    { GPU_RESOURCE_UNREF, CONTROL, RESOURCE_BYTES, unref },
    { GPU_SET_SCANOUT, CONTROL, SCANOUT_BYTES, set_scanout },
    { GPU_RESOURCE_FLUSH, CONTROL, FLUSH_BYTES, flush },
    { GPU_TRANSFER_TO_HOST_2D, CONTROL, TRANSFER_BYTES, transfer },
    { GPU_RESOURCE_ATTACH_BACKING, CONTROL, ATTACH_BYTES, attach },
    { GPU_RESOURCE_DETACH_BACKING, CONTROL, RESOURCE_BYTES, detach },
    { GPU_UPDATE_CURSOR, CURSOR, CURSOR_BYTES, update_cursor },
    { GPU_MOVE_CURSOR, CURSOR, CURSOR_BYTES, move_cursor },
};

const struct gpu_handler *gpu_handler(unsigned queue, uint32_t type)
{
    for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
        if (handlers[i].command == type && handlers[i].queue == queue)
            return &handlers[i];
    return NULL;
}
