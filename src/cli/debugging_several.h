/* Inside a run under a debugger: several machines side by side. */
#ifndef POGO_CLI_DEBUGGING_SEVERAL_H
#define POGO_CLI_DEBUGGING_SEVERAL_H

#include "cli/debugging.h"
#include "cli/fleet.h"

struct debugging_several {
    struct fleet_plan plan;
    struct fleet fleet;
    struct scheduler_options outside;
    const struct exit_log *names[VM_MAX_SIBLINGS];
};

/* Instead of the files, machine and session of one. 0, or an exit status. */
int several_open(struct debugging *d);
/* Those of guest number i, from 0. */
const struct run_files *several_files(const struct debugging_several *v,
                                      unsigned i);
/* Frees it all. */
int several_close(struct debugging *d, int status);

#endif
