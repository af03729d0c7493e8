/*
 * Virtual machines side by side: one host machine, bare or virtual, and on it
 * as many as a plan names, which share it by their weights (vmm/scheduler.h).
 * Each has a board, devices and a console of its own; none can tell that there
 * are others, but those on the network hear each other.
 */
#ifndef POGO_CLI_FLEET_H
#define POGO_CLI_FLEET_H

#include "cli/exit_names.h"
#include "cli/exits_log.h"
#include "cli/fleet_plan.h"
#include "cli/guest.h"
#include "cli/guest_net.h"
#include "cli/trace_file.h"
#include "cli/vm_console.h"
#include "vmm/net_switch.h"
#include "vmm/scheduler.h"

struct fleet;

struct fleet_vm {
    const char *name;
    struct fleet *fleet;
    struct guest guest;
    bool borrows; /* guest.files are the first's, but for script and share */
    struct vm_console console;
    struct exit_names names;
    struct exits_log log;
    struct trace trace; /* if the fleet's file is open */
    struct balloon_plan balloon;
    struct guest_net net;
    bool on_switch;
    unsigned port; /* of the switch */
    struct vm *vm;
    unsigned resets;
    int status; /* once it has ended */
};

struct fleet {
    const struct fleet_plan *plan;
    struct built host; /* of depth - 1 */
    struct vm_siblings siblings;
    struct fleet_vm *vm;         /* [vms] */
    struct scheduled *scheduled; /* [vms], the same machines */
    unsigned vms, selected;      /* keys go to that one */
    struct scheduler scheduler;
    struct trace_file trace;
    struct net_switch *net; /* NULL: nobody asked for it */
    struct shared_terminal terminal;
    bool has_terminal;         /* it has been opened */
    int also[VM_MAX_SIBLINGS]; /* the terminal's */
    uint64_t next_poll;        /* scheduler's time */
    struct snapshot *resumed;  /* that they go on from; NULL: they boot */
    int failed;                /* saving has: the exit status; 0: not */
    double seconds;            /* of host time, in fleet_run */
    bool quiet;
    /* In place of the terminal's keys and waits, if not NULL: as the
       scheduler's poll, about every RUN_POLL counts and when all wait. */
    uint64_t (*poll)(void *context, struct fleet *f, uint64_t idle);
    void *context;
    const struct host_source *source; /* ends a wait, too; may be NULL */
};

/*
 * Opens the guests' files and consoles, and makes the machines, in reset.
 * `watched`: someone shows the machines in their own way (poll): the terminal
 * is not opened, and consoles that would go there go nowhere. The plan is
 * borrowed. The status says what kind of error (guest_exit_status), e the
 * sentence. fleet_close in any case.
 */
enum status fleet_open(struct fleet *f, const struct fleet_plan *p,
                       bool watched, struct error *e);
void fleet_close(struct fleet *f);

/* Ends the trace's file, if there is one. STATUS_IO: not all could be
   written. */
enum status fleet_close_trace(struct fleet *f, struct error *e);

/* Runs them until all have ended, or cancel_flag is set: then those that have
   not end with that. */
void fleet_run(struct fleet *f);

/* For who runs the scheduler in its own way: the poll, turn and ended of
   fleet_run. */
struct scheduler_options fleet_outside(struct fleet *f);

/* For who has a poll of his own: host_wait (host/wait.h), with the machines'
   networks. */
void fleet_wait(struct fleet *f, struct pollfd *own, unsigned n, int64_t ns);

/* 0 if all machines ended with 0; else that of the first that did not. */
int fleet_status(const struct fleet *f);

/* How machine i ended or what it does, in a few words. */
const char *fleet_state(const struct fleet *f, unsigned i);

/* fleet_report.c: what --stats and --hash say. */
void fleet_print_stats(struct fleet *f, FILE *out, bool json);
void fleet_print_hashes(struct fleet *f, FILE *out);

#endif
