#include "cli/screen.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "host/cancel.h"
#include "machine/error_say.h"
#include "ui/png.h"

static size_t push_keyboard(void *context, const uint8_t *events, size_t n)
{
    struct screen *s = context;

    return inputs_put(s->board->config.inputs, &s->board->devices.keyboard,
                      events, n);
}

static size_t push_tablet(void *context, const uint8_t *events, size_t n)
{
    struct screen *s = context;

    return inputs_put(s->board->config.inputs, &s->board->devices.tablet,
                      events, n);
}

static void closed(void *context)
{
    (void)context;
    cancel(CANCEL_WINDOW);
}

static enum status open_window(struct screen *s, struct host_console *console,
                               struct error *e)
{
    const struct window_ends ends = { .display = &s->display,
                                      .keyboard = push_keyboard,
                                      .tablet = push_tablet,
                                      .closed = closed,
                                      .context = s };
    struct error why;

    s->window = window_open(&ends, "Pogo", &why);
    if (!s->window)
        return error_say(e, STATUS_IO,
                         "--display sdl: there can be no window here (%.160s): "
                         "use --display none, and --screenshot to see "
                         "something",
                         why.text);
    s->source = window_source(s->window);
    host_console_add(console, &s->source);
    return STATUS_OK;
}

static enum status cannot_write(const char *path, struct error *e)
{
    return error_say(e, STATUS_IO,
                     "--screenshot '%.200s' cannot be written "
                     "(%s): name a file that can",
                     path, strerror(errno));
}

/* What would be a pity to find out at the end of the run. */
static enum status check_folder(const char *path, struct error *e)
{
    char copy[PATH_MAX];

    if (strlen(path) >= sizeof copy)
        errno = ENAMETOOLONG;
    else if (access(dirname(strcpy(copy, path)), W_OK | X_OK) == 0)
        return STATUS_OK;
    return cannot_write(path, e);
}

enum status screen_open(struct screen *s, const struct run_settings *settings,
                        struct host_console *console, struct error *e)
{
    const struct display_setting *d = &settings->display_set;

    if (!settings->display && !settings->screenshot)
        return STATUS_OK;
    if (settings->screenshot &&
        check_folder(settings->screenshot, e) != STATUS_OK)
        return STATUS_IO;
    if (display_init(&s->display, d->width, d->height) != STATUS_OK)
        return error_say(e, STATUS_NO_MEMORY,
                         "this host has not enough memory "
                         "for a display of %ux%u",
                         d->width, d->height);
    s->present = true;
    return d->window ? open_window(s, console, e) : STATUS_OK;
}

void screen_close(struct screen *s)
{
    window_close(s->window);
    display_free(&s->display);
    *s = (struct screen){ 0 };
}

struct display *screen_display(struct screen *s)
{
    return s->present ? &s->display : NULL;
}

void screen_attach(struct screen *s, struct board *b)
{
    s->board = b;
}

enum status screen_shot(const struct screen *s,
                        const struct run_settings *settings, struct error *e)
{
    const char *path = settings->screenshot;
    enum status status =
        s->present && path ? png_write(&s->display, path) : STATUS_OK;

    if (status == STATUS_IO)
        return cannot_write(path, e);
    if (status != STATUS_OK)
        return error_say(e, status,
                         "this host has not enough memory for the "
                         "picture of --screenshot");
    return status;
}
