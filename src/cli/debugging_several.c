#include "cli/debugging_several.h"

#include <stdlib.h>

#include "cli/cli.h"
#include "machine/error_say.h"

enum status debugging_parse(struct debugging *d, const struct option *rows,
                            const char *command, int argc, char *const *argv)
{
    struct run_settings *s = &d->guest.settings;
    enum status status = options_parse(rows, command, argc, argv, d, &d->error);

    if (status != STATUS_OK || (!s->vms && !s->config))
        return status;
    d->several = calloc(1, sizeof *d->several);
    if (!d->several)
        return error_say(&d->error, STATUS_NO_MEMORY,
                         "this host is out of memory");
    return fleet_plan_make(&d->several->plan, rows, command, argc, argv, d,
                           &d->error);
}

static struct session_config config(struct debugging *d)
{
    struct fleet *f = &d->several->fleet;
    struct session_config c = {
        .depth = f->host.depth + 1,
        .scheduler = &f->scheduler,
        .several = &d->several->outside,
        .bottom = f->host.bare,
    };

    for (unsigned w = 1; w <= f->host.depth; w++)
        c.vm[w] = f->host.vm[w - 1];
    for (unsigned i = 0; i < f->vms; i++)
        c.vm[c.depth + i] = f->vm[i].vm;
    c.machine[0] = &f->host.bare->machine;
    c.board[0] = &f->host.bare->board;
    for (unsigned w = 1; w < c.depth + f->vms; w++) {
        c.machine[w] = &c.vm[w]->machine;
        c.board[w] = &c.vm[w]->board;
    }
    return c;
}

int several_open(struct debugging *d)
{
    struct debugging_several *v = d->several;
    struct host_console *host = &v->fleet.terminal.host;
    struct session_config c;
    enum status s;

    v->plan.no_keys = !d->ends.keyboard;
    s = fleet_open(&v->fleet, &v->plan, false, &d->error);
    if (s != STATUS_OK)
        return complain(guest_exit_status(s), "%s", d->error.text);
    v->fleet.source = d->ends.source;
    host->taker = d->ends.console;
    host->taker_context = d->ends.context;
    v->outside = fleet_outside(&v->fleet);
    for (unsigned i = 0; i < v->fleet.vms; i++)
        v->names[i] = &v->fleet.vm[i].names.log;
    c = config(d);
    debugging_attend(d, &c);
    d->debugger.session = session_new(&c);
    if (!d->debugger.session)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    d->debugger.recent = &d->recent;
    recent_begin(&d->recent, d->debugger.session);
    d->debugger.names = v->names[0];
    d->debugger.guest_names = v->names;
    d->debugger.world = c.depth;
    return 0;
}

const struct run_files *several_files(const struct debugging_several *v,
                                      unsigned i)
{
    return &v->fleet.vm[i].guest.files;
}

int several_close(struct debugging *d, int status)
{
    struct debugging_several *v = d->several;

    session_free(d->debugger.session);
    d->debugger.session = NULL;
    if (fleet_close_trace(&v->fleet, &d->error) != STATUS_OK)
        status = complain(EXIT_BAD_INPUT, "%s", d->error.text);
    fleet_close(&v->fleet);
    fleet_plan_free(&v->plan);
    free(v);
    d->several = NULL;
    return status;
}
