/*
 * The command line: `pogo COMMAND [options]`. One table of commands, one file a
 * command. Here, and only here, Pogo prints and decides its exit status.
 */
#ifndef POGO_CLI_CLI_H
#define POGO_CLI_CLI_H

#include <stdio.h>

#include "base/error.h"

/* The statuses that are Pogo's own; a guest's go through unchanged. */
enum {
    EXIT_USAGE = 64,    /* the command line is wrong */
    EXIT_BAD_INPUT = 65, /* a file is missing, unreadable or malformed */
    EXIT_LIMIT = 124,   /* --until, --timeout, or nothing to wait for */
    EXIT_INTERNAL = 125, /* the host or Pogo itself failed */
};

struct command {
    const char *name;
    const char *summary; /* one line for `pogo help` */
    /* argv[0] is the command's name. Returns the exit status. */
    int (*run)(int argc, char **argv);
    void (*help)(FILE *out); /* what follows the summary; may be NULL */
    const struct command *parts; /* what its first argument names: a table
                                    like this one; NULL: nothing */
};

/* The table; the last row's name is NULL. */
extern const struct command commands[];
const struct command *command_find(const struct command *table,
                                   const char *name); /* NULL: no such */

/* Does what argv says. `version` is Pogo's. */
int cli_main(int argc, char **argv, const char *version);

/* Prints "pogo: ", the sentence, and a newline on standard error; returns
   `status`. */
int complain(int status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The commands, each in the file of its name. */
int command_run(int argc, char **argv);
void help_run(FILE *out);
int command_debug(int argc, char **argv);
void help_debug(FILE *out);
int command_verify(int argc, char **argv);
void help_verify(FILE *out);
int command_check(int argc, char **argv);
void help_check(FILE *out);
int command_top(int argc, char **argv);
void help_top(FILE *out);
int command_pt(int argc, char **argv);
void help_pt(FILE *out);
int command_why(int argc, char **argv);
void help_why(FILE *out);
int command_monitor(int argc, char **argv);
void help_monitor(FILE *out);
int command_tui(int argc, char **argv);
void help_tui(FILE *out);
int command_scan(int argc, char **argv);
void help_scan(FILE *out);
int command_tcb(int argc, char **argv);
void help_tcb(FILE *out);
int command_replay_witness(int argc, char **argv);
void help_replay_witness(FILE *out);
extern const struct command snapshot_parts[];
int command_snapshot(int argc, char **argv);
void help_snapshot(FILE *out);
int command_help(int argc, char **argv);
int command_demo(int argc, char **argv);

#endif
