/*
 * A window that shows a display, and takes keys and the mouse from whoever sits
 * before it. It is looked after between two instructions, as a struct
 * host_source, and never changes the run but by the input that it hands on.
 *
 * SDL takes longer to load than a guest to start, so it is loaded when a window
 * is first opened: with pogo-window.so (folder sdl/; host/module.h).
 */
#ifndef POGO_UI_WINDOW_H
#define POGO_UI_WINDOW_H

#include "base/error.h"
#include "devices/display.h"
#include "host/source.h"

/* What a window is between. */
struct window_ends {
    struct display *display; /* borrowed; `dirty` is the window's to empty */
    /* Take packets of input events (devices/virtio_input.h), each as a whole or
       not, and return how many bytes of the n were taken. */
    size_t (*keyboard)(void *context, const uint8_t *events, size_t n);
    size_t (*tablet)(void *context, const uint8_t *events, size_t n);
    void (*closed)(void *context); /* by the user: it is there until
                                      window_close, but no more looked after */
    void *context;
};

struct window;

/* NULL: there can be no window here, and e says why in a few words. */
struct window *window_open(const struct window_ends *ends, const char *title,
                           struct error *e);
void window_close(struct window *w); /* NULL: nothing happens */

/* Looks after it; the context is the window. */
struct host_source window_source(struct window *w);

/* What pogo-window.so has under the name "window_ops". */
struct window_ops {
    struct window *(*open)(const struct window_ends *ends, const char *title,
                           struct error *e);
    void (*close)(struct window *w);
    unsigned (*prepare)(void *w, struct pollfd *p, unsigned max, int64_t *ns);
    void (*take)(void *w, const struct pollfd *p, unsigned n);
};
extern const struct window_ops window_ops; /* inside pogo-window.so only */

/* What each window begins with. */
struct window {
    const struct window_ops *ops;
};

#endif
