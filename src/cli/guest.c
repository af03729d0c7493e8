#include "cli/guest.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/resume.h"
#include "machine/error_say.h"
#include "machine/run.h"

static bool has_row(const struct option *rows, const char *name)
{
    for (; rows->name; rows++)
        if (strcmp(rows->name, name) == 0)
            return true;
    return false;
}

void guest_options(const struct option *own, struct option *out)
{
    const struct option *o;

    for (o = own; o->name; o++)
        *out++ = *o;
    for (o = run_options_table; o->name; o++)
        if (!has_row(own, o->name))
            *out++ = *o;
    *out = *o;
}

static bool is_among(const char *const *names, const char *name)
{
    for (; *names; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

void guest_options_without(const char *const *names, const struct option *own,
                           struct option *out)
{
    struct option *to = out;

    guest_options(own, out);
    for (; out->name; out++)
        if (!is_among(names, out->name))
            *to++ = *out;
    *to = *out;
}

void guest_defaults(struct guest *g)
{
    memset(g, 0, sizeof *g);
    run_settings_default(&g->settings);
}

enum status guest_open(struct guest *g, struct error *e)
{
    enum status s = run_settings_check(&g->settings, e);

    if (s == STATUS_OK && g->settings.resume)
        s = resume_open(g, e);
    if (s == STATUS_OK)
        s = run_files_open(&g->files, &g->settings, e);
    if (s == STATUS_OK && g->resumed)
        s = resume_files(g, e);
    return s;
}

void guest_close(struct guest *g)
{
    run_files_close(&g->files);
    if (!g->resumed_lent)
        snapshot_close(g->resumed);
    g->resumed = NULL;
}

int guest_exit_status(enum status s)
{
    return s == STATUS_BAD_ARGUMENT ? EXIT_USAGE
           : s == STATUS_NO_MEMORY  ? EXIT_INTERNAL
                                    : EXIT_BAD_INPUT;
}

const struct share_end *guest_share(const struct guest *g)
{
    static const struct share_end nobody;

    /* Replaying, what it would answer is in the journal. */
    if (g->settings.replay && g->settings.share)
        return &nobody;
    return g->files.share ? &g->files.share->end : NULL;
}

struct board_config guest_board(struct guest *g, const struct guest_ends *ends)
{
    struct disk *disk = ends->disk ? ends->disk : g->files.disk;
    uint64_t epoch = g->resumed ? resume_config(g)->epoch
                     : g->settings.clock_host ? (uint64_t)time(NULL)
                                              : 0;
    struct board_config c = {
        .harts = (unsigned)g->settings.harts,
        .memory = g->settings.memory,
        .isa = g->settings.isa_set,
        .seed = g->settings.seed,
        .epoch = inputs_epoch(ends->inputs, epoch),
        .inputs = ends->inputs,
        .console = ends->console,
        .disks = g->files.disks,
        .net = ends->net,
        .share = ends->share,
        .balloon = g->settings.balloon_plan.steps > 0,
        .balloon_oom = g->settings.balloon_plan.oom,
        .display = ends->display,
    };

    if (c.disks <= devices_max_disks(true, c.net)) /* else there is no slot left for it */
        c.virtio_console = ends->virtio;
    if (ends->port)
        c.ports = g->settings.port.count;
    for (unsigned k = 0; k < c.ports; k++)
        c.port[k] = ends->port[k];
    for (unsigned k = 0; k < c.disks; k++)
        c.disk[k] = &disk[k];
    return c;
}

/* What the balloon was told before `now` it has been told. */
static void start_balloon(const struct guest *g, struct built *b, uint64_t now)
{
    b->balloon = g->settings.balloon_plan;
    balloon_plan_start(&b->balloon, b->board, now);
}

static enum status resume(struct guest *g, struct built *b, struct error *e)
{
    enum status s = snapshot_load(g->resumed, 0, b->top, b->board, e);

    start_balloon(g, b, machine_count(b->board));
    return s;
}

enum status guest_boot(struct guest *g, struct board *b,
                       struct boot_layout *layout, struct error *e)
{
    struct boot_options o = run_files_boot(&g->files, &g->settings);

    if (g->cannot_boot)
        return error_say(e, STATUS_BAD_ARGUMENT, "the guest resets the "
                         "machine, and what it booted from is not known: give "
                         "--kernel and the like with --resume");
    return machine_boot(b, &o, layout, e);
}

enum status guest_build(struct guest *g, const struct guest_ends *ends,
                        unsigned depth, struct built *b,
                        struct boot_layout *layout, struct error *e)
{
    struct board_config c = guest_board(g, ends);

    if (c.ports != g->settings.port.count)
        return error_say(e, STATUS_BAD_ARGUMENT, "--port is for 'pogo run': "
                         "this command has nobody at a port's other end");
    if (build_machine(b, &c, depth) != STATUS_OK)
        return error_say(e, STATUS_NO_MEMORY, "this host has not enough "
                         "memory for a machine of %" PRIu64 " MiB at depth "
                         "%u: use a smaller --memory or --depth",
                         c.memory >> 20, depth);
    if (g->resumed && !ends->again)
        return resume(g, b, e);
    start_balloon(g, b, 0);
    return guest_boot(g, b->board, layout, e);
}
