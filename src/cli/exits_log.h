/* `--log exits`: one line for each exit of the topmost virtual machine. */
#ifndef POGO_CLI_EXITS_LOG_H
#define POGO_CLI_EXITS_LOG_H

#include <stdio.h>

#include "debug/exit_log.h"

struct exits_log {
    FILE *out;        /* NULL: closed */
    bool borrowed;    /* another log's */
    const char *name; /* of the machine, in front of each line; NULL: none */
    struct symbols symbols;
    struct disassembler disassembler;
    struct exit_log log;
};

/*
 * Writes to `path`, NULL: standard error, from now on. STATUS_IO: it cannot be
 * written. exits_log_close in any case.
 */
enum status exits_log_open(struct exits_log *l, const char *path,
                           const struct isa *isa, struct error *e);
/* Another log that writes where `first` does, which outlives it. */
void exits_log_share(struct exits_log *l, const struct exits_log *first,
                     const struct isa *isa);
/* Names for the log: those of the ELF file `i`, if it is one. */
void exits_log_symbols(struct exits_log *l, const struct image *i);
/* `vm` is to be logged. */
void exits_log_watch(struct exits_log *l, struct vm *vm);
void exits_log_close(struct exits_log *l);

#endif
