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
};

/*
 * Writes where `s` says from now on; both are borrowed. STATUS_IO: it cannot be
 * written. exits_log_close in any case.
 */
enum status exits_log_open(struct exits_log *l, const struct watch_settings *s,
                           const struct exit_log *names, struct error *e);
/* The virtual machines of `b` are to be logged, if the log is open. */
void exits_log_watch(struct exits_log *l, const struct built *b);
void exits_log_close(struct exits_log *l);

#endif
