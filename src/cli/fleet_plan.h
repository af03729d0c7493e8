/*
 * Which virtual machines are to run side by side: what `--vms N` or a machine
 * file, and the command line say, before any guest's file has been opened.
 */
#ifndef POGO_CLI_FLEET_PLAN_H
#define POGO_CLI_FLEET_PLAN_H

#include "cli/machine_file.h"
#include "cli/symbol_setting.h"

struct planned {
    char name[MACHINE_NAME];
    struct run_settings settings; /* checked */
};

struct fleet_plan {
    struct run_settings all; /* depth, timeout, stats, hash, log, quiet, isa,
                                clock hold for all machines */
    struct image text;
    struct machine_file file; /* no machines: --vms */
    struct planned *machine;  /* [machines] */
    unsigned machines;
    bool no_keys; /* set by whoever has the terminal and standard input for
                     something else */
};

/*
 * Reads the command line into `out`, which begins with a struct run_settings,
 * of which only `debugged` counts, and whose other defaults are set; `rows` and `command` as options_parse has
 * them. What is on it overrides what a machine file says for all machines; what
 * the file says of one machine comes last. Without --vms and --config there is
 * one machine, vm1.
 *
 * The status says what kind of error (guest_exit_status), e the sentence.
 * fleet_plan_free in any case, last of all.
 */
enum status fleet_plan_make(struct fleet_plan *p, const struct option *rows,
                            const char *command, int argc, char *const *argv,
                            void *out, struct error *e);
void fleet_plan_free(struct fleet_plan *p);

/* Machine i, as --symbols may name it. */
struct symbol_machine fleet_plan_symbols(const struct fleet_plan *p,
                                         unsigned i);

#endif
