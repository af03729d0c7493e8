/* A gpu's resources; see gpu_resource.h. */
#include "devices/gpu_resource.h"

#include <stdlib.h>
#include <string.h>

#include "bus/little_endian.h"

#define PIXEL_BYTES 4
#define PIECE       1024 /* pixels that are read at a time */

/* Where the colours are in a pixel that is read as a little-endian word: the
   shift of each, and that of X where there is no A. */
static const struct layout {
    uint32_t format;
    bool opaque;
    uint8_t a, r, g, b;
} layouts[] = {
    { GPU_B8G8R8A8, false, 24, 16, 8, 0 }, { GPU_B8G8R8X8, true, 24, 16, 8, 0 },
    { GPU_A8R8G8B8, false, 0, 8, 16, 24 }, { GPU_X8R8G8B8, true, 0, 8, 16, 24 },
    { GPU_R8G8B8A8, false, 24, 0, 8, 16 }, { GPU_X8B8G8R8, true, 0, 24, 16, 8 },
    { GPU_A8B8G8R8, false, 0, 24, 16, 8 }, { GPU_R8G8B8X8, true, 24, 0, 8, 16 },
};

/* NULL: there is no such format. */
static const struct layout *layout_of(uint32_t format)
{
    for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++)
        if (layouts[i].format == format)
            return &layouts[i];
    return NULL;
}

static uint64_t pixel_bytes(const struct gpu_resource *p)
{
    return (uint64_t)p->width * p->height * PIXEL_BYTES;
}

void gpu_resources_init(struct gpu_resources *r, uint64_t bytes_max)
{
    *r = (struct gpu_resources){ .bytes_max = bytes_max };
}

void gpu_resources_clear(struct gpu_resources *r)
{
    while (r->first)
        gpu_resource_unref(r, r->first->id);
}

/* The link that leads to the picture of that id, or else to the end. */
static struct gpu_resource **link_to(struct gpu_resources *r, uint32_t id)
{
    struct gpu_resource **p = &r->first;

    while (*p && (*p)->id != id)
        p = &(*p)->next;
    return p;
}

struct gpu_resource *gpu_resource_find(const struct gpu_resources *r,
                                       uint32_t id)
{
    struct gpu_resource *p = r->first;

    while (p && p->id != id)
        p = p->next;
    return p;
}

enum gpu_response gpu_resource_create(struct gpu_resources *r, uint32_t id,
                                      uint32_t format, uint32_t width,
                                      uint32_t height)
{
    struct gpu_resource **end = link_to(r, id), *p;
    uint64_t bytes = (uint64_t)width * height * PIXEL_BYTES;

    if (id == 0 || *end)
        return GPU_INVALID_RESOURCE;
    if (!layout_of(format) || width == 0 || height == 0)
        return GPU_INVALID_PARAMETER;
    if (width > DISPLAY_SIDE_MAX || height > DISPLAY_SIDE_MAX ||
        bytes > r->bytes_max - r->bytes || r->count == GPU_RESOURCES)
        return GPU_OUT_OF_MEMORY;
    p = calloc(1, sizeof *p);
    if (p)
        p->pixels = calloc(bytes, 1);
    if (!p || !p->pixels) {
        free(p);
        return GPU_OUT_OF_MEMORY;
    }
    p->id = id;
    p->format = format;
    p->width = width;
    p->height = height;
    *end = p;
    r->count++;
    r->bytes += bytes;
    return GPU_OK;
}

enum gpu_response gpu_resource_unref(struct gpu_resources *r, uint32_t id)
{
    struct gpu_resource **link = link_to(r, id), *p = *link;

    if (!p)
        return GPU_INVALID_RESOURCE;
    gpu_resource_detach(r, p);
    *link = p->next;
    r->count--;
    r->bytes -= pixel_bytes(p);
    free(p->pixels);
    free(p);
    return GPU_OK;
}

enum gpu_response gpu_resource_attach(struct gpu_resources *r,
                                      struct gpu_resource *p, uint32_t n)
{
    if (n > GPU_ENTRIES - r->entries)
        return GPU_OUT_OF_MEMORY;
    p->entry = calloc(n, sizeof *p->entry);
    if (!p->entry)
        return GPU_OUT_OF_MEMORY;
    p->entries = n;
    r->entries += n;
    return GPU_OK;
}

void gpu_resource_detach(struct gpu_resources *r, struct gpu_resource *p)
{
    r->entries -= p->entries;
    free(p->entry);
    p->entry = NULL;
    p->entries = 0;
}

bool gpu_resource_is_opaque(const struct gpu_resource *p)
{
    return layout_of(p->format)->opaque;
}

bool gpu_resource_has(const struct gpu_resource *p, struct display_rect rect)
{
    return rect.x <= p->width && rect.width <= p->width - rect.x &&
           rect.y <= p->height && rect.height <= p->height - rect.y;
}

/* A place in a backing, which only moves forward. */
struct place {
    const struct gpu_entry *entry;
    uint64_t start; /* byte of the backing that this entry begins with */
};

/* Reads n bytes at byte `at`, which the backing has. */
static bool read_backing(struct place *place, struct ram *ram, uint64_t at,
                         uint8_t *to, uint64_t n)
{
    for (uint64_t now; n > 0; n -= now, at += now, to += now) {
        while (at - place->start >= place->entry->length) {
            place->start += place->entry->length;
            place->entry++;
        }
        now = place->entry->length - (at - place->start);
        now = now < n ? now : n;
        if (!ram_read(ram, place->entry->pa + (at - place->start), to, now))
            return false;
    }
    return true;
}

/* Words as they came are made pixels, in place. The most usual formats need
   nothing on a host of the same byte order. */
static void convert(const struct layout *l, uint32_t *pixel, uint32_t n)
{
    if (l->a == 24 && l->r == 16 && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
        return;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t v = (uint32_t)little_endian_get((uint8_t *)&pixel[i], 4);

        pixel[i] = (v >> l->a & 255) << 24 | (v >> l->r & 255) << 16 |
                   (v >> l->g & 255) << 8 | (v >> l->b & 255);
    }
}

static uint64_t backing_bytes(const struct gpu_resource *p)
{
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < p->entries; i++)
        bytes += p->entry[i].length;
    return bytes;
}

/* n pixels from the backing to `to`. *changed is set if they are other ones:
   drivers like to send a whole screen for a character. */
static bool transfer_row(const struct gpu_resource *p, struct place *place,
                         struct ram *ram, uint64_t at, uint32_t *to, uint32_t n,
                         bool *changed)
{
    uint32_t piece[PIECE];

    for (uint32_t now; n > 0; n -= now, to += now, at += now * PIXEL_BYTES) {
        now = n < PIECE ? n : PIECE;
        if (!read_backing(place, ram, at, (uint8_t *)piece, now * PIXEL_BYTES))
            return false;
        convert(layout_of(p->format), piece, now);
        if (memcmp(to, piece, now * PIXEL_BYTES) == 0)
            continue;
        memcpy(to, piece, now * PIXEL_BYTES);
        *changed = true;
    }
    return true;
}

static void row_changed(struct gpu_resource *p, uint32_t y)
{
    if (p->changed_from == p->changed_to) {
        p->changed_from = y;
        p->changed_to = y + 1;
    }
    if (y < p->changed_from)
        p->changed_from = y;
    if (y >= p->changed_to)
        p->changed_to = y + 1;
}

enum gpu_response gpu_resource_transfer(struct gpu_resource *p, struct ram *ram,
                                        struct display_rect rect,
                                        uint64_t offset)
{
    struct place place = { .entry = p->entry };
    uint64_t stride = (uint64_t)p->width * PIXEL_BYTES;
    uint64_t row = (uint64_t)rect.width * PIXEL_BYTES, room = backing_bytes(p);

    if (!p->entry)
        return GPU_ERROR;
    if (!gpu_resource_has(p, rect))
        return GPU_INVALID_PARAMETER;
    if (rect.width == 0 || rect.height == 0)
        return GPU_OK;
    if (offset > room || (rect.height - 1) * stride + row > room - offset)
        return GPU_INVALID_PARAMETER;
    for (uint32_t y = rect.y; y < rect.y + rect.height; y++, offset += stride) {
        uint32_t *to = p->pixels + (size_t)y * p->width + rect.x;
        bool changed = false;

        if (!transfer_row(p, &place, ram, offset, to, rect.width, &changed))
            return GPU_INVALID_PARAMETER;
        if (changed)
            row_changed(p, y);
    }
    return GPU_OK;
}

/* A picture's backing; loading, it has none yet. */
static void backing_state(struct gpu_resources *r, struct gpu_resource *p,
                          struct state *s, const struct ram *ram)
{
    uint32_t n = p->entries;

    state_u32(s, &n);
    if (!s->saving && n)
        state_require(s, gpu_resource_attach(r, p, n) == GPU_OK);
    for (uint32_t i = 0; i < n && !s->bad; i++) {
        state_u64(s, &p->entry[i].pa);
        state_u32(s, &p->entry[i].length);
        state_require(s, ram_contains(ram, p->entry[i].pa, p->entry[i].length));
    }
}

/* Picture p, or, loading, the one that it becomes. */
static void resource_state(struct gpu_resources *r, struct gpu_resource *p,
                           struct state *s, const struct ram *ram)
{
    struct gpu_resource v = p ? *p : (struct gpu_resource){ 0 };

    state_u32(s, &v.id);
    state_u32(s, &v.format);
    state_u32(s, &v.width);
    state_u32(s, &v.height);
    if (!s->saving) {
        state_require(s,
                      !s->bad && gpu_resource_create(r, v.id, v.format, v.width,
                                                     v.height) == GPU_OK);
        p = gpu_resource_find(r, v.id);
    }
    if (s->bad)
        return;
    for (uint64_t i = 0; i < (uint64_t)p->width * p->height && !s->bad; i++)
        state_u32(s, &p->pixels[i]);
    if (!s->saving)
        p->changed_to = p->height;
    backing_state(r, p, s, ram);
}

void gpu_resources_state(struct gpu_resources *r, struct state *s,
                         const struct ram *ram)
{
    uint32_t n = r->count;

    state_u32(s, &n);
    if (!s->saving)
        gpu_resources_clear(r);
    for (struct gpu_resource *p = r->first; n > 0 && !s->bad; n--) {
        resource_state(r, p, s, ram);
        p = p ? p->next : NULL;
    }
}
