/* A screen; see display.h. */
#include "devices/display.h"

#include <stdlib.h>
#include <string.h>

static struct display_rect whole(const struct display *d)
{
    return (struct display_rect){ .width = d->width, .height = d->height };
}

static size_t bytes_of(const struct display *d)
{
    return (size_t)d->width * d->height * sizeof *d->pixels;
}

enum status display_init(struct display *d, uint32_t width, uint32_t height)
{
    *d = (struct display){ .native_width = width, .native_height = height };
    return display_resize(d, width, height) ? STATUS_OK : STATUS_NO_MEMORY;
}

void display_free(struct display *d)
{
    free(d->pixels);
    *d = (struct display){ 0 };
}

void display_blank(struct display *d)
{
    memset(d->pixels, 0, bytes_of(d));
    display_changed(d, whole(d));
}

bool display_resize(struct display *d, uint32_t width, uint32_t height)
{
    uint32_t *pixels = calloc((size_t)width * height, sizeof *pixels);

    if (!pixels)
        return false;
    free(d->pixels);
    d->pixels = pixels;
    d->width = width;
    d->height = height;
    d->dirty = whole(d);
    return true;
}

void display_reset(struct display *d)
{
    d->cursor = (struct display_cursor){ 0 };
    if ((d->width == d->native_width && d->height == d->native_height) ||
        !display_resize(d, d->native_width, d->native_height))
        display_blank(d);
}

/* Where [a, a + size) and [b, b + other) overlap: how long, and *at. */
static uint32_t overlap(uint64_t a, uint64_t size, uint64_t b, uint64_t other,
                        uint32_t *at)
{
    uint64_t start = a > b ? a : b;
    uint64_t end = a + size < b + other ? a + size : b + other;

    *at = (uint32_t)start;
    return start < end ? (uint32_t)(end - start) : 0;
}

struct display_rect display_clip(struct display_rect r,
                                 struct display_rect bounds)
{
    struct display_rect c;

    c.width = overlap(r.x, r.width, bounds.x, bounds.width, &c.x);
    c.height = overlap(r.y, r.height, bounds.y, bounds.height, &c.y);
    if (c.width == 0 || c.height == 0)
        c = (struct display_rect){ 0 };
    return c;
}

/* The least interval that holds both; *at is where it begins. */
static uint32_t join(uint32_t a, uint32_t size, uint32_t b, uint32_t other,
                     uint32_t *at)
{
    uint32_t end = a + size > b + other ? a + size : b + other;

    *at = a < b ? a : b;
    return end - *at;
}

void display_changed(struct display *d, struct display_rect r)
{
    struct display_rect old = d->dirty, *u = &d->dirty;

    r = display_clip(r, whole(d));
    if (r.width == 0)
        return;
    if (old.width == 0)
        old = r;
    u->width = join(old.x, old.width, r.x, r.width, &u->x);
    u->height = join(old.y, old.height, r.y, r.height, &u->y);
}

/* Which part of the screen the cursor covers, and, in *from_x and *from_y, from
   which of its own pixels on. */
static struct display_rect covered(const struct display *d, uint32_t *from_x,
                                   uint32_t *from_y)
{
    const struct display_cursor *c = &d->cursor;
    struct display_rect r = { 0 };
    int64_t left = c->x < 0 ? -(int64_t)c->x : 0;
    int64_t above = c->y < 0 ? -(int64_t)c->y : 0;

    if (!c->visible || left >= DISPLAY_CURSOR || above >= DISPLAY_CURSOR)
        return r;
    *from_x = (uint32_t)left;
    *from_y = (uint32_t)above;
    r = (struct display_rect){ .x = (uint32_t)(c->x + left),
                               .y = (uint32_t)(c->y + above),
                               .width = DISPLAY_CURSOR - *from_x,
                               .height = DISPLAY_CURSOR - *from_y };
    return display_clip(r, whole(d));
}

void display_cursor_changed(struct display *d)
{
    uint32_t x, y;

    display_changed(d, covered(d, &x, &y));
}

/* Pixel `over`, whose colours are multiplied by its A, on pixel `under`. */
static uint32_t blend(uint32_t over, uint32_t under)
{
    uint32_t through = 255 - (over >> 24), sum = 0;

    for (unsigned shift = 0; shift < 24; shift += 8) {
        uint32_t c = (over >> shift & 255) +
                     ((under >> shift & 255) * through + 127) / 255;

        sum |= (c < 255 ? c : 255) << shift;
    }
    return sum;
}

static void look_at_cursor(const struct display *d, struct display_rect r,
                           uint32_t *out, size_t stride)
{
    uint32_t from_x = 0, from_y = 0;
    struct display_rect on = covered(d, &from_x, &from_y);
    struct display_rect c = display_clip(on, r);

    for (uint32_t y = c.y; y < c.y + c.height; y++) {
        const uint32_t *image = d->cursor.image + from_x +
                                (size_t)(y - on.y + from_y) * DISPLAY_CURSOR;

        for (uint32_t x = c.x; x < c.x + c.width; x++) {
            uint32_t *to = &out[(y - r.y) * stride + x - r.x];

            *to = blend(image[x - on.x], *to);
        }
    }
}

void display_look(const struct display *d, struct display_rect r, uint32_t *out,
                  size_t stride)
{
    for (uint32_t y = 0; y < r.height; y++)
        memcpy(out + y * stride, d->pixels + (size_t)(r.y + y) * d->width + r.x,
               r.width * sizeof *out);
    look_at_cursor(d, r, out, stride);
}

static void cursor_state(struct display_cursor *c, struct state *s)
{
    uint32_t x = (uint32_t)c->x, y = (uint32_t)c->y;

    state_bool(s, &c->visible);
    state_u32(s, &x);
    state_u32(s, &y);
    c->x = (int32_t)x;
    c->y = (int32_t)y;
    state_u32(s, &c->hot_x);
    state_u32(s, &c->hot_y);
    for (size_t i = 0; i < DISPLAY_CURSOR * DISPLAY_CURSOR; i++)
        state_u32(s, &c->image[i]);
}

void display_state(struct display *d, struct state *s)
{
    uint32_t width = d->width, height = d->height;

    state_tag(s, "DISP");
    state_u32(s, &width);
    state_u32(s, &height);
    if (!s->saving) {
        bool fits = width >= 1 && width <= DISPLAY_SIDE_MAX && height >= 1 &&
                    height <= DISPLAY_SIDE_MAX &&
                    height <= DISPLAY_PIXELS_MAX / width;

        state_require(s, fits);
        if (fits && !s->bad)
            state_require(s, display_resize(d, width, height));
    }
    if (s->bad)
        return;
    for (size_t i = 0; i < (size_t)width * height; i++)
        state_u32(s, &d->pixels[i]);
    cursor_state(&d->cursor, s);
}
