#include "cli/fleet.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/fleet_inside.h"
#include "machine/error_say.h"

/* ---- the network ---- */

static enum status plug_in(struct fleet *f, unsigned i, struct error *e)
{
    static const uint8_t mac[NET_MAC] = { 0x52, 0x54, 0, 0, 0, 0 };
    struct fleet_vm *v = &f->vm[i];

    if (strcmp(v->guest.settings.net, "switch") != 0)
        return STATUS_OK;
    if (v->guest.files.disks > devices_max_disks(false, true))
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "%s: --net switch leaves "
                         "room for %u disks",
                         v->name, devices_max_disks(false, true));
    if (!f->net)
        f->net = net_switch_new();
    memcpy(v->cable.mac, mac, sizeof mac);
    v->cable.mac[NET_MAC - 1] = (uint8_t)(i + 1);
    if (!f->net || net_switch_plug(f->net, &v->cable, &v->port) != STATUS_OK)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    v->on_network = true;
    return STATUS_OK;
}

/* Between two turns: what was sent arrives. */
void fleet_deliver(struct fleet *f)
{
    for (unsigned i = 0; f->net && i < f->vms; i++)
        if (f->vm[i].on_network && !f->scheduled[i].ended)
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
    if (i > 0 && f->plan->file.machines == 0) {
        v->guest.files = f->vm[0].guest.files;
        v->borrows = true;
        return STATUS_OK;
    }
    s = guest_open(&v->guest, &inner);
    return s == STATUS_OK ? s
                          : error_say(e, s, "%s: %.200s", v->name, inner.text);
}

static enum status open_log(struct fleet *f, unsigned i, struct error *e)
{
    struct fleet_vm *v = &f->vm[i];
    const struct run_settings *s = &v->guest.settings;
    enum status status = STATUS_OK;

    if (!s->log)
        return STATUS_OK;
    exit_names_init(&v->names, &s->isa_set, &v->guest.files);
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
    struct board_config c = { .isa = f->plan->all.isa_set };

    for (unsigned i = 0; i < f->vms; i++) {
        const struct run_settings *s = &f->vm[i].guest.settings;

        c.memory += vm_host_memory(s->memory);
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
        .console = &v->console.uart,
        .virtio = &v->console.virtio,
        .net = v->on_network ? &v->cable : NULL,
    };

    return guest_board(&v->guest, &ends);
}

/* What is to be in its memory before it runs, after a reset too. */
static enum status boot(struct fleet_vm *v, struct error *e)
{
    struct boot_options o = run_files_boot(&v->guest.files, &v->guest.settings);
    struct error inner = { "" };
    enum status s = machine_boot(&v->vm->board, &o, NULL, &inner);

    if (s != STATUS_OK)
        return error_say(e, s, "%s: %.200s", v->name, inner.text);
    if (v->guest.files.script.lines)
        input_script_start(&v->guest.files.script, &v->vm->board.bus.clock,
                           &v->console.keyboard);
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
    return boot(v, e);
}

bool fleet_restart(struct fleet *f, unsigned i, struct error *e)
{
    struct fleet_vm *v = &f->vm[i];
    struct board_config c = board_of(v);

    if (vm_reset(v->vm, &c) != STATUS_OK) {
        error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
        return false;
    }
    v->resets++;
    return boot(v, e) == STATUS_OK;
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
    s = for_all(f, open_guest, e);
    if (s == STATUS_OK)
        s = for_all(f, plug_in, e);
    if (s == STATUS_OK)
        s = for_all(f, open_log, e);
    if (s == STATUS_OK)
        s = fleet_open_consoles(f, watched, e);
    if (s == STATUS_OK)
        s = build_host(f, e);
    if (s == STATUS_OK)
        s = for_all(f, make_machine, e);
    return s;
}

void fleet_close(struct fleet *f)
{
    fleet_close_consoles(f);
    for (unsigned i = f->vms; i-- > 0;) {
        struct fleet_vm *v = &f->vm[i];

        exits_log_close(&v->log);
        exit_names_free(&v->names);
        if (v->vm)
            vm_free(v->vm);
        if (!v->borrows)
            guest_close(&v->guest);
    }
    build_free(&f->host);
    net_switch_free(f->net);
    free(f->vm);
    free(f->scheduled);
}
