/* Loads pogo-window.so, and passes on to it. */
#include "ui/window.h"

#include "host/module.h"

struct window *window_open(const struct window_ends *ends, const char *title,
                           struct error *e)
{
    const struct window_ops *ops =
        host_module_symbol("pogo-window.so", "window_ops", e);

    return ops ? ops->open(ends, title, e) : NULL;
}

void window_close(struct window *w)
{
    if (w)
        w->ops->close(w);
}

struct host_source window_source(struct window *w)
{
    return (struct host_source){ .prepare = w->ops->prepare,
                                 .take = w->ops->take,
                                 .context = w };
}
