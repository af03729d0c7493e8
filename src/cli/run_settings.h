/* What the options of `pogo run` say, before any file has been opened. */
#ifndef POGO_CLI_RUN_SETTINGS_H
#define POGO_CLI_RUN_SETTINGS_H

#include "cli/balloon_plan.h"
#include "cli/disk_setting.h"
#include "cli/net_setting.h"
#include "cli/display_setting.h"
#include "cli/options.h"
#include "cli/watch_settings.h"
#include "machine/board.h"

#define MAX_DEPTH 4

/* As written on the command line; texts are borrowed from argv. */
struct run_settings {
    uint64_t depth, until, seed;
    uint64_t memory, harts; /* 0: not given; filled in by run_settings_check,
                               or what the snapshot says */
    uint64_t snapshot_at;   /* UINT64_MAX: at the end */
    double timeout; /* seconds; 0: none */
    const char *isa, *bios, *kernel, *append, *dtb, *dump_dtb, *clock,
        *console, *input, *record, *replay, *stats, *log, *trace, *config,
        *net, *share, *display, *screenshot, *keys, *snapshot,
        *snapshot_base, *resume, *gdb;
    uint64_t history; /* of a debugger, bytes */
    uint64_t vms;    /* 0: not given */
    uint64_t weight; /* share of one of several; only a machine file says it */
    struct option_list initrd, disk, hole, port, balloon, symbols,
        program;
    bool hash, quiet;

    /* Set by whoever makes several machines, for each of them, to how many they
       are: what only one of several can have is allowed. */
    unsigned several;
    /* Set by a command whose runs need not repeat: the guest may hear what is
       outside of Pogo. */
    bool outside;
    /* Set by whoever can show a screen: --display and the like are allowed. */
    bool screen;
    bool debugged; /* set by a debugger: --program and --history are allowed */
    bool saves; /* set by a command that takes --snapshot */

    /* What follows from that: */
    struct isa isa_set;
    bool clock_host;
    struct net_setting net_to;
    struct balloon_plan balloon_plan; /* to be copied, and then started */
    struct display_setting display_set;
    struct watch_settings log_to, trace_to; /* if `log`, `trace` is not NULL */
};

extern const struct option run_options_table[];

/* What holds where an option is not given. */
void run_settings_default(struct run_settings *s);

/* What the options mean together, once they are parsed. STATUS_BAD_ARGUMENT: e
   says what is wrong. */
enum status run_settings_check(struct run_settings *s, struct error *e);

/* Defaults, then the options, then the check. */
enum status run_settings_parse(struct run_settings *s, int argc,
                               char *const *argv, struct error *e);

#endif
