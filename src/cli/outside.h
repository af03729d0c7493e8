/*
 * What a run is connected to outside of the machine: console, network, named
 * ports, screen; and what is written about it: log, trace, recording.
 */
#ifndef POGO_CLI_OUTSIDE_H
#define POGO_CLI_OUTSIDE_H

#include "cli/exit_names.h"
#include "cli/exits_log.h"
#include "cli/guest.h"
#include "cli/guest_net.h"
#include "cli/host_console.h"
#include "cli/ports.h"
#include "cli/recording.h"
#include "cli/screen.h"
#include "cli/trace_file.h"

struct outside {
    struct host_console console;
    struct guest_net net;
    struct ports ports;
    struct screen screen;
    struct exit_names names; /* if `named` or anything asks for them */
    struct exits_log log;
    struct trace_file trace;
    struct recording recording;
    bool named; /* set before: names are wanted whatever the settings say */
    bool no_keys; /* set before: the terminal is not the guest's */
};

/* Opens the ends that the guest's settings name. On error e says which cannot
   be; outside_close in any case. */
enum status outside_open(struct outside *o, struct guest *g, struct error *e);

/* Ends what the run has written: returns the run's exit status, which was to
   be `status`. */
int outside_close(struct outside *o, int status, struct error *e);

/*
 * A machine of the guest's depth with these ends, in reset, with everything in
 * its memory; or resumed, unless the guest has reset it (`again`). 0; or an
 * exit status, and the sentence has been said. build_free in any case.
 * `layout` may be NULL.
 */
int outside_make_machine(struct outside *o, struct guest *g, bool again,
                         struct built *b, struct boot_layout *layout,
                         struct error *e);

#endif
