/*
 * --record and --replay: the journal of a run's inputs (machine/inputs.h), and
 * what is said when a run cannot follow it.
 */
#ifndef POGO_CLI_RECORDING_H
#define POGO_CLI_RECORDING_H

#include "cli/host_console.h"
#include "cli/machine_build.h"
#include "cli/run_settings.h"

struct recording {
    const char *path;       /* of the journal; NULL: neither is asked for */
    struct inputs *inputs;  /* borrowed */
    struct journal journal; /* open if path is not NULL */
};

/*
 * Opens the journal that the settings name, and makes `inputs` record or
 * replay. STATUS_IO, STATUS_BAD_FORMAT: e says why not. recording_close in any
 * case.
 */
enum status recording_open(struct recording *r, const struct run_settings *s,
                           struct inputs *inputs, struct error *e);
void recording_close(struct recording *r);

/* The machine is made, and in reset. Replaying, is it the recorded one? */
enum status recording_start(struct recording *r, const struct built *b,
                            struct error *e);

/*
 * The run has ended as `end` says, and `status` is to be its exit status. Ends
 * the journal; or says in e how the run is not the recorded one.
 */
enum status recording_stop(struct recording *r, const struct built *b,
                           enum run_end end, int status, struct error *e);

#endif
