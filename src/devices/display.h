/*
 * A screen: what a display device shows, and what whoever looks at it sees. The
 * device writes it, at counts of instructions; a window or a file polls it. It
 * belongs to neither: who makes the machine owns it, and it outlives resets.
 * Looking changes nothing that the guest could notice.
 */
#ifndef POGO_DEVICES_DISPLAY_H
#define POGO_DEVICES_DISPLAY_H

#include "base/state.h"
#include "base/status.h"

#define DISPLAY_WIDTH      1024 /* unless something else is asked for */
#define DISPLAY_HEIGHT     768
#define DISPLAY_LEAST      16    /* pixels, of either side … */
#define DISPLAY_MOST       4096  /* … of a screen that is asked for */
#define DISPLAY_SIDE_MAX   16384 /* pixels, of any other … */
#define DISPLAY_PIXELS_MAX (DISPLAY_MOST * DISPLAY_MOST) /* … and in all */
#define DISPLAY_CURSOR     64 /* pixels, both sides of a cursor's image */

struct display_rect {
    uint32_t x, y, width, height;
};

/* An image over the others, which the device moves without drawing. */
struct display_cursor {
    bool visible;
    int32_t x, y;          /* of its upper left corner; may be outside */
    uint32_t hot_x, hot_y; /* the pixel of it that points */
    /* 0xAARRGGBB, row by row, the colours already multiplied by A. */
    uint32_t image[DISPLAY_CURSOR * DISPLAY_CURSOR];
};

struct display {
    uint32_t native_width, native_height; /* what it is by itself */
    uint32_t width, height;               /* what the guest has made of it */
    /* 0xRRGGBB, row by row, without the cursor; the highest byte is anything.
       Its own. */
    uint32_t *pixels;
    struct display_cursor cursor;
    /* What looks different since whoever looks last emptied this (width 0);
       nothing of the machine's. */
    struct display_rect dirty;
};

/*
 * Black, of this size (DISPLAY_LEAST..DISPLAY_MOST). STATUS_NO_MEMORY: there
 * is nothing to free.
 */
enum status display_init(struct display *d, uint32_t width, uint32_t height);
void display_free(struct display *d);

/* From the device: its own size again, black, no cursor. Where there is no
   memory for that it keeps the size it has. */
void display_reset(struct display *d);

/*
 * From the device: another size, sides of 1..DISPLAY_SIDE_MAX and at most
 * DISPLAY_PIXELS_MAX; then it is black. False if there is no memory, and
 * nothing changes.
 */
bool display_resize(struct display *d, uint32_t width, uint32_t height);

/* From the device: all black. */
void display_blank(struct display *d);

/* From the device: these pixels have changed; what is outside is ignored. */
void display_changed(struct display *d, struct display_rect r);

/* From the device: the cursor is going to change, and has changed. */
void display_cursor_changed(struct display *d);

/*
 * What is seen in rectangle `r` (all inside): 0xRRGGBB, the highest byte being
 * anything, with the cursor on top. Row n begins at out[n * stride].
 */
void display_look(const struct display *d, struct display_rect r, uint32_t *out,
                  size_t stride);

/* The part of `r` that is inside `bounds`: width and height 0 if none is. */
struct display_rect display_clip(struct display_rect r,
                                 struct display_rect bounds);

/* Its state: size, pixels, cursor. */
void display_state(struct display *d, struct state *s);

#endif
