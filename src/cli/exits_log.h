/* `--log exits`: one line for each exit, of the topmost virtual machine unless
   the filter names others. */
#ifndef POGO_CLI_EXITS_LOG_H
#define POGO_CLI_EXITS_LOG_H

#include <stdio.h>

#include "cli/machine_build.h"
#include "cli/watch_settings.h"
#include "debug/exit_log.h"

struct exits_log {
    FILE *out; /* NULL: closed */
    const struct watch_settings *settings;
    const struct exit_log *names;
    bool borrowed;    /* out is another log's */
    const char *name; /* of the machine, in front of each line; NULL: none */
};

/*
 * Writes where `s` says from now on; both are borrowed. STATUS_IO: it cannot be
 * written. exits_log_close in any case.
 */
enum status exits_log_open(struct exits_log *l, const struct watch_settings *s,
                           const struct exit_log *names, struct error *e);
/* The virtual machines of `b` are to be logged, if the log is open. */
void exits_log_watch(struct exits_log *l, const struct built *b);
/*
 * Several machines side by side: a log for each, which writes where `first`
 * does and is closed before it; and its machine is to be logged if it is among
 * those that the filter asks for by number, from 1 on.
 */
void exits_log_share(struct exits_log *l, const struct exits_log *first,
                     const struct exit_log *names, const char *name);
void exits_log_watch_one(struct exits_log *l, struct vm *vm, unsigned number);
void exits_log_close(struct exits_log *l);

#endif
