#include "cli/guest_side.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/resume.h"
#include "machine/error_say.h"

static void put(struct guest_side *s, const uint8_t *bytes, size_t n)
{
    if (s->full)
        return;
    if (n > s->room - s->output.size) {
        size_t room = 2 * (s->room + n);
        uint8_t *grown = realloc(s->output.bytes, room);

        s->full = !grown;
        if (s->full)
            return;
        s->output.bytes = grown;
        s->room = room;
    }
    memcpy(s->output.bytes + s->output.size, bytes, n);
    s->output.size += n;
}

/* Keys go to the console that was written to last, as in `pogo run`. */
static void put_uart(void *context, const uint8_t *bytes, size_t n)
{
    struct guest_side *s = context;

    s->keyboard = &s->console;
    put(s, bytes, n);
}

static void put_virtio(void *context, const uint8_t *bytes, size_t n)
{
    struct guest_side *s = context;

    s->keyboard = &s->virtio;
    put(s, bytes, n);
}

static enum status copy_disks(struct guest_side *s, const struct guest *g,
                              struct error *e)
{
    for (s->disks = 0; s->disks < g->files.disks; s->disks++)
        if (disk_copy_private(&s->disk[s->disks], &g->files.disk[s->disks]) !=
            STATUS_OK)
            return error_say(e, STATUS_IO,
                             "--disk '%s' cannot be mapped into "
                             "memory (%s): use a regular file",
                             g->settings.disk.text[s->disks], strerror(errno));
    return STATUS_OK;
}

static void close_disks(struct guest_side *s)
{
    while (s->disks > 0)
        disk_close(&s->disk[--s->disks]);
}

static enum status open_share(struct guest_side *s, const struct guest *g,
                              struct error *e)
{
    struct run_files own = { 0 };
    enum status status;

    status = run_files_open_share(&own, &g->settings, e);
    s->share = own.share;
    return status;
}

static void close_share(struct guest_side *s)
{
    struct run_files own = { .share = s->share };

    run_files_close_share(&own);
    s->share = NULL;
}

/* All that is outside the machine, as it is to begin with. */
static enum status begin(struct guest_side *s, const struct guest *g,
                         struct error *e)
{
    enum status status;

    s->output.size = 0;
    s->full = false;
    s->script = g->files.script;
    console_init(&s->console, put_uart, s);
    console_init(&s->virtio, put_virtio, s);
    s->keyboard = resume_virtio_keys(g) ? &s->virtio : &s->console;
    inputs_init(&s->inputs, NULL);
    close_disks(s);
    close_share(s);
    status = open_share(s, g, e);
    return status == STATUS_OK ? copy_disks(s, g, e) : status;
}

enum status guest_side_make(struct guest_side *s, struct guest *g,
                            unsigned depth, bool again, struct error *e)
{
    struct guest_ends ends = { .inputs = &s->inputs,
                               .console = &s->console,
                               .virtio = &s->virtio,
                               .again = again,
                               .disk = s->disk };
    enum status status = STATUS_OK;

    build_free(&s->built);
    if (!again)
        status = begin(s, g, e);
    ends.share = s->share ? &s->share->end : NULL;
    if (status == STATUS_OK)
        status = guest_build(g, &ends, depth, &s->built, NULL, e);
    if (status == STATUS_OK)
        input_script_start(&s->script, &s->inputs, &s->keyboard);
    return status;
}

void guest_side_free(struct guest_side *s)
{
    build_free(&s->built);
    close_disks(s);
    close_share(s);
    free(s->output.bytes);
    *s = (struct guest_side){ 0 };
}

struct side guest_side_of(struct guest_side *s)
{
    const struct built *b = &s->built;

    return (struct side){ .machine = b->top,
                          .board = b->board,
                          .vm = b->depth ? b->vm[b->depth - 1] : NULL,
                          .output = &s->output };
}
