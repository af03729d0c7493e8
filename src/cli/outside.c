#include "cli/outside.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/key_script.h"
#include "cli/terminal.h"

enum status outside_open(struct outside *o, struct guest *g, struct error *e)
{
    /* What the network said is in the journal. */
    static const struct net_setting no_net;
    const struct run_settings *s = &g->settings;
    bool piped = s->input && strcmp(s->input, "-") == 0;
    bool terminal = (!s->input || piped) && strcmp(s->console, "-") == 0 &&
                    !s->replay && !s->dump_dtb && !o->no_keys &&
                    terminal_available();
    enum status status = STATUS_OK;

    if (s->log || s->trace || s->symbols.count || o->named)
        status = exit_names_init(&o->names, s, &g->files, NULL,
                                 e);
    if (s->log && status == STATUS_OK)
        status = exits_log_open(&o->log, &s->log_to, &o->names.log, e);
    if (s->trace && status == STATUS_OK)
        status = trace_file_open(&o->trace, &s->trace_to, &o->names.log,
                                 e);
    if (status == STATUS_OK)
        status = host_console_open(&o->console,
                                   s->dump_dtb ? "none" : s->console,
                                   terminal, piped, e);
    if (status == STATUS_OK)
        status = guest_net_open(&o->net, s->replay ? &no_net : &s->net_to, 1,
                                NULL, e);
    if (status == STATUS_OK)
        status = ports_open(&o->ports, &s->port, o->console.inputs, s->quiet,
                            e);
    if (status == STATUS_OK && !s->dump_dtb)
        status = screen_open(&o->screen, s, &o->console, e);
    if (status == STATUS_OK)
        status = recording_open(&o->recording, s, o->console.inputs, e);
    if (status != STATUS_OK) {
        host_console_close(&o->console); /* what is said is for the terminal */
        return status;
    }
    if (o->net.user)
        host_console_add(&o->console, &o->net.source);
    if (port_ends_live(&o->ports.ends) && !s->replay)
        host_console_add(&o->console, &o->ports.source);
    o->console.host_clock = s->clock_host && !s->replay;
    o->console.paced =
        o->console.host_clock || o->console.is_terminal || o->net.user ||
        (o->screen.window && !s->replay) ||
        (port_ends_live(&o->ports.ends) && !s->replay);
    return STATUS_OK;
}

int outside_close(struct outside *o, int status, struct error *e)
{
    guest_net_close(&o->net);
    host_console_close(&o->console);
    ports_close(&o->ports);
    recording_close(&o->recording);
    screen_close(&o->screen);
    exits_log_close(&o->log);
    trace_file_unwatch(&o->trace);
    if (trace_file_close(&o->trace, e) != STATUS_OK)
        status = complain(EXIT_BAD_INPUT, "%s", e->text);
    exit_names_free(&o->names);
    return status;
}

int outside_make_machine(struct outside *o, struct guest *g, bool again,
                         struct built *b, struct boot_layout *layout,
                         struct error *e)
{
    bool net = g->settings.net_to.kind != NET_NONE;
    const struct guest_ends ends = { .inputs = o->console.inputs,
                                     .console = &o->console.console,
                                     .virtio = &o->console.virtio,
                                     .net = net ? &o->net.cable : NULL,
                                     .port = o->ports.port,
                                     .share = guest_share(g),
                                     .display = screen_display(&o->screen),
                                     .again = again };
    enum status s = guest_build(g, &ends,
                                (unsigned)g->settings.depth, b,
                                layout, e);

    if (s != STATUS_OK)
        return complain(guest_exit_status(s), "%s", e->text);
    exits_log_watch(&o->log, b);
    trace_file_watch(&o->trace, b);
    input_script_start(&g->files.script, o->console.inputs,
                       &o->console.keyboard);
    key_script_start(&g->files.keys, o->console.inputs,
                     &b->board->devices.keyboard);
    screen_attach(&o->screen, b->board);
    s = recording_start(&o->recording, b, e);
    return s == STATUS_OK ? 0 : complain(EXIT_BAD_INPUT, "%s", e->text);
}
