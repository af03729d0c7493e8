#include "cli/fleet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fleet_inside.h"
#include "cli/resume.h"
#include "machine/error_say.h"

/* ---- the network ---- */

static enum status plug_in(struct fleet *f, unsigned i, struct error *e)
{
    struct fleet_vm *v = &f->vm[i];
    const struct net_setting *n = &v->guest.settings.net_to;
    struct error inner = { "" };
    enum status s = guest_net_open(&v->net, n, i + 1, v->name, &inner);

    if (s != STATUS_OK)
        return error_say(e, s, "%s: %.200s", v->name, inner.text);
    if (n->kind != NET_SWITCH)
        return STATUS_OK;
    if (!f->net)
        f->net = net_switch_new();
    if (!f->net ||
        net_switch_plug(f->net, &v->net.cable, &v->port) != STATUS_OK)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    v->on_switch = true;
    return STATUS_OK;
}

/* Between two turns: what was sent arrives. */
void fleet_deliver(struct fleet *f)
{
    for (unsigned i = 0; f->net && i < f->vms; i++)
        if (f->vm[i].on_switch && !f->scheduled[i].ended)
            net_switch_deliver(f->net, f->vm[i].port);
}

/* ---- making them ---- */

static enum status open_guest(struct fleet *f, unsigned i, struct error *e)
{
    struct fleet_vm *v = &f->vm[i];
    struct error inner = { "" };
    enum status s;

    v->name = f->plan->machine[i].name;
    v->fleet = f;
    v->guest.settings = f->plan->machine[i].settings;
    s = fleet_resume_guest(f, i, &inner);
    if (i > 0 && f->plan->file.machines == 0) {
        v->guest.files = f->vm[0].guest.files;
        v->borrows = true;
        if (s == STATUS_OK)
            s = run_files_open_share(&v->guest.files, &v->guest.settings,
                                     &inner);
        if (s == STATUS_OK && f->resumed)
            s = resume_again(&v->guest, &inner);
    } else if (s == STATUS_OK) {
        s = guest_open(&v->guest, &inner);
    }
    return s == STATUS_OK ? s
                          : error_say(e, s, "%s: %.200s", v->name, inner.text);
}

static enum status open_watches(struct fleet *f, unsigned i, struct error *e)
{
    struct fleet_vm *v = &f->vm[i];
    const struct run_settings *s = &v->guest.settings;
    struct symbol_machine who = fleet_plan_symbols(f->plan, i);
    enum status status;

    if (!s->log && !s->trace && !s->symbols.count && !s->debugged)
        return STATUS_OK;
    status = exit_names_init(&v->names, s, &v->guest.files, &who, e);
    if (s->trace && i == 0 && status == STATUS_OK)
        status = trace_file_open(&f->trace, &s->trace_to, &v->names.log, e);
    if (!s->log || status != STATUS_OK)
        return status;
    if (i == 0)
        status = exits_log_open(&v->log, &s->log_to, &v->names.log, e);
    else
        exits_log_share(&v->log, &f->vm[0].log, &v->names.log, v->name);
    v->log.name = v->name;
    return status;
}

/* The machine that all of them run on, with room for each. */
static enum status build_host(struct fleet *f, struct error *e)
{
    struct board_config c = { .isa = f->vm[0].guest.settings.isa_set };

    for (unsigned i = 0; i < f->vms; i++) {
        const struct run_settings *s = &f->vm[i].guest.settings;

        c.memory += vm_host_memory(s->memory, (unsigned)s->harts);
        if (s->harts > c.harts)
            c.harts = (unsigned)s->harts;
    }
    if (build_machine(&f->host, &c, (unsigned)f->plan->all.depth - 1) ==
        STATUS_OK)
        return STATUS_OK;
    return error_say(e, STATUS_NO_MEMORY,
                     "this host has not enough memory "
                     "for %u machines, which need %" PRIu64 " MiB at depth "
                     "%u: use fewer, or a smaller --memory",
                     f->vms, c.memory >> 20, (unsigned)f->plan->all.depth);
}

static struct board_config board_of(struct fleet_vm *v)
{
    const struct guest_ends ends = {
        .inputs = &v->console.inputs,
        .console = &v->console.uart,
        .virtio = &v->console.virtio,
        .net = v->guest.settings.net_to.kind != NET_NONE ? &v->net.cable
                                                         : NULL,
        .share = guest_share(&v->guest),
    };

    return guest_board(&v->guest, &ends);
}

/* What is to be in its memory before it runs; `again`: after a reset. */
static enum status boot(struct fleet_vm *v, bool again, struct error *e)
{
    struct error inner = { "" };
    enum status s = again || !v->guest.resumed
                        ? guest_boot(&v->guest, &v->vm->board, NULL, &inner)
                        : snapshot_load(v->guest.resumed, v->guest.resumed_as,
                                        &v->vm->machine, &v->vm->board, &inner);

    if (s != STATUS_OK)
        return error_say(e, s, "%s: %.200s", v->name, inner.text);
    input_script_start(&v->guest.files.script, &v->console.inputs,
                       &v->console.keyboard);
    v->balloon = v->guest.settings.balloon_plan;
    balloon_plan_start(&v->balloon, &v->vm->board,
                       machine_count(&v->vm->board));
    return STATUS_OK;
}

static enum status make_machine(struct fleet *f, unsigned i, struct error *e)
{
    struct fleet_vm *v = &f->vm[i];
    struct board_config c = board_of(v);

    v->vm = vm_new_sibling(f->host.top, &c, &f->siblings);
    if (!v->vm)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    f->scheduled[i] = (struct scheduled){
        .vm = v->vm,
        .weight = (unsigned)v->guest.settings.weight,
        .until = v->guest.settings.until,
    };
    exits_log_watch_one(&v->log, v->vm, i + 1);
    trace_file_join(&f->trace, &v->trace, i + 1, v->name, &v->names.log, v->vm);
    if (resume_virtio_keys(&v->guest))
        v->console.keyboard = &v->console.virtio;
    return boot(v, false, e);
}

bool fleet_restart(struct fleet *f, unsigned i, struct error *e)
{
    struct fleet_vm *v = &f->vm[i];
    struct board_config c = board_of(v);

    if (f->trace.out)
        trace_unwatch(&v->trace);
    if (vm_reset(v->vm, &c) != STATUS_OK) {
        error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
        return false;
    }
    if (f->trace.out)
        trace_watch(&v->trace, &v->vm, 1);
    v->resets++;
    return boot(v, true, e) == STATUS_OK;
}

static enum status for_all(struct fleet *f,
                           enum status (*step)(struct fleet *, unsigned,
                                               struct error *),
                           struct error *e)
{
    enum status s = STATUS_OK;

    for (unsigned i = 0; i < f->vms && s == STATUS_OK; i++)
        s = step(f, i, e);
    return s;
}

enum status fleet_open(struct fleet *f, const struct fleet_plan *p,
                       bool watched, struct error *e)
{
    enum status s;

    *f = (struct fleet){ .plan = p, .quiet = p->all.quiet || watched };
    f->vm = calloc(p->machines, sizeof *f->vm);
    f->scheduled = calloc(p->machines, sizeof *f->scheduled);
    if (!f->vm || !f->scheduled)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    f->vms = p->machines;
    f->scheduler =
        (struct scheduler){ .machine = f->scheduled, .machines = f->vms };
    s = fleet_resume_open(f, e);
    if (s == STATUS_OK)
        s = for_all(f, open_guest, e);
    if (s == STATUS_OK)
        s = for_all(f, plug_in, e);
    if (s == STATUS_OK)
        s = for_all(f, open_watches, e);
    if (s == STATUS_OK)
        s = fleet_open_consoles(f, watched, e);
    if (s == STATUS_OK)
        s = build_host(f, e);
    if (s == STATUS_OK)
        s = for_all(f, make_machine, e);
    if (s == STATUS_OK && f->resumed)
        s = fleet_resume_rest(f, e);
    return s;
}

enum status fleet_close_trace(struct fleet *f, struct error *e)
{
    for (unsigned i = 0; f->trace.out && i < f->vms; i++)
        if (f->vm[i].vm)
            trace_unwatch(&f->vm[i].trace);
    return trace_file_close(&f->trace, e);
}

void fleet_close(struct fleet *f)
{
    struct error e;

    fleet_close_trace(f, &e);
    fleet_close_consoles(f);
    for (unsigned i = f->vms; i-- > 0;) {
        struct fleet_vm *v = &f->vm[i];

        guest_net_close(&v->net);
        exits_log_close(&v->log);
        exit_names_free(&v->names);
        if (v->vm)
            vm_free(v->vm);
        if (v->borrows)
            run_files_close_share(&v->guest.files);
        else
            guest_close(&v->guest);
    }
    build_free(&f->host);
    net_switch_free(f->net);
    snapshot_close(f->resumed);
    free(f->vm);
    free(f->scheduled);
}
