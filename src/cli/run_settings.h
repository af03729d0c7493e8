/* What the options of `pogo run` say, before any file has been opened. */
#ifndef POGO_CLI_RUN_SETTINGS_H
#define POGO_CLI_RUN_SETTINGS_H

#include "cli/options.h"
#include "cli/watch_settings.h"
#include "machine/board.h"

#define MAX_DEPTH 4

/* As written on the command line; texts are borrowed from argv. */
struct run_settings {
    uint64_t depth, memory, harts, until, seed;
    double timeout; /* seconds; 0: none */
    const char *isa, *bios, *kernel, *append, *dtb, *dump_dtb, *clock,
        *console, *input, *stats, *log, *trace, *config, *net;
    uint64_t vms;    /* 0: not given */
    uint64_t weight; /* share of one of several; only a machine file says it */
    struct option_list initrd, disk;
    bool hash, quiet;

    /* Set by whoever makes several machines, for each of them, to how many they
       are: what only one of several can have is allowed. */
    unsigned several;

    /* What follows from that: */
    struct isa isa_set;
    bool clock_host;
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

/*
 * Splits a --disk value at its last comma: copies the path into buf. False if
 * it is too long, empty, or what follows the comma is neither "ro" nor "rw".
 */
bool disk_setting(const char *text, char *path, size_t size, bool *read_only);

#endif
