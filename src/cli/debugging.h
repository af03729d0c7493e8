/*
 * A guest under a debugger: the machine of `pogo run` with its ends outside, a
 * session that drives it, and the names in its worlds. `pogo run --gdb`, `pogo
 * monitor` and `pogo tui` are front ends of this.
 *
 *     struct debugging *d = calloc(…);           first member of their own
 *     debugging_defaults(d);                     struct, so that options fit
 *     debugging_parse(d, debugging_options rows, …);
 *     status = debugging_open(d, &ends);         0, or an exit status
 *     … session_run(d->debugger.session, …) …
 *     status = debugging_close(d, status);
 *
 * What the guest puts out while it goes through its past again is dropped.
 */
#ifndef POGO_CLI_DEBUGGING_H
#define POGO_CLI_DEBUGGING_H

#include "cli/guest.h"
#include "cli/outside.h"
#include "debug/debugger.h"
#include "debug/programs.h"

/* What a front end has to do with the run; may all be NULL. */
struct debugging_ends {
    /* Called about every RUN_POLL counts, in the past too. */
    void (*attend)(void *context);
    /* Takes the guest's console output, in place of --console; of the present
       only. */
    void (*console)(void *context, const uint8_t *bytes, size_t n);
    void *context;
    /* What the front end listens to itself: it ends a guest's wait. */
    const struct host_source *source;
    FILE *report;  /* what --hash says goes there; NULL: standard output */
    bool keyboard; /* the terminal, or standard input, is the guest's */
};

struct debugging {
    struct guest guest; /* first: the options of `pogo run` */
    struct outside outside;
    struct built built;
    struct debugging_several *several; /* in place of the machine, if there are
                                          several; else NULL */
    struct programs *programs; /* that are watched for */
    struct debugger debugger;  /* its session; its names */
    struct recent recent;      /* its traps and exits */
    volatile int interrupt;   /* set it to end a run (SESSION_BREAK), and clear
                                 it before the next */
    struct debugging_ends ends;
    bool reported;
    bool past; /* what the machine puts out was put out before */
    struct journal journal;
    struct error error;
};

/* The rows of a debugging command: those of `pogo run`, but for what ends or
   reports a run, and `own`; `out` has room for OPTIONS_MAX. */
void debugging_options(const struct option *own, struct option *out);
void debugging_defaults(struct debugging *d);

/* options_parse, and what --vms and --config say. On error d->error says what,
   and debugging_close is still to be called. */
enum status debugging_parse(struct debugging *d, const struct option *rows,
                            const char *command, int argc, char *const *argv);

/* After debugging_parse: opens files, makes the machine, and begins the session.
   0; or the exit status, and the sentence has been said. debugging_close in any
   case, which returns the status to exit with. */
int debugging_open(struct debugging *d, const struct debugging_ends *ends);
int debugging_close(struct debugging *d, int status);

/* What --hash asks for, once: when the guest has ended, or at the latest by
   debugging_close. */
void debugging_report(struct debugging *d);

/* After SESSION_RESET: machine and session are made anew; stop points stay.
   False: it cannot be; the sentence has been said. */
bool debugging_reset(struct debugging *d);

/* Inside: the session's attend and interrupt. */
void debugging_attend(struct debugging *d, struct session_config *c);

/* The exit status that goes with the end of a session. */
int debugging_status(const struct debugging *d, enum session_end end);

#endif
