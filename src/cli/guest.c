#include "cli/guest.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "machine/error_say.h"

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

void guest_defaults(struct guest *g)
{
    memset(g, 0, sizeof *g);
    run_settings_default(&g->settings);
}

enum status guest_open(struct guest *g, struct error *e)
{
    enum status s = run_settings_check(&g->settings, e);

    return s == STATUS_OK ? run_files_open(&g->files, &g->settings, e) : s;
}

void guest_close(struct guest *g)
{
    run_files_close(&g->files);
}

int guest_exit_status(enum status s)
{
    return s == STATUS_BAD_ARGUMENT ? EXIT_USAGE
           : s == STATUS_NO_MEMORY  ? EXIT_INTERNAL
                                    : EXIT_BAD_INPUT;
}

struct board_config guest_board(struct guest *g, const struct guest_ends *ends)
{
    struct disk *disk = ends->disk ? ends->disk : g->files.disk;
    struct board_config c = {
        .harts = (unsigned)g->settings.harts,
        .memory = g->settings.memory,
        .isa = g->settings.isa_set,
        .seed = g->settings.seed,
        .epoch = g->settings.clock_host ? (uint64_t)time(NULL) : 0,
        .console = ends->console,
        .disks = g->files.disks,
        .net = ends->net,
    };

    if (c.disks <= devices_max_disks(true, c.net)) /* else there is no slot left for it */
        c.virtio_console = ends->virtio;
    for (unsigned k = 0; k < c.disks; k++)
        c.disk[k] = &disk[k];
    return c;
}

enum status guest_build(struct guest *g, const struct guest_ends *ends,
                        unsigned depth, struct built *b,
                        struct boot_layout *layout, struct error *e)
{
    struct board_config c = guest_board(g, ends);
    struct boot_options o = run_files_boot(&g->files, &g->settings);

    if (build_machine(b, &c, depth) != STATUS_OK)
        return error_say(e, STATUS_NO_MEMORY, "this host has not enough "
                         "memory for a machine of %" PRIu64 " MiB at depth "
                         "%u: use a smaller --memory or --depth",
                         c.memory >> 20, depth);
    return machine_boot(b->board, &o, layout, e);
}
