/* Symbols and instructions, for those who write about what a guest does. */
#ifndef POGO_CLI_EXIT_NAMES_H
#define POGO_CLI_EXIT_NAMES_H

#include "cli/run_files.h"
#include "cli/symbol_setting.h"
#include "debug/exit_log.h"

struct exit_names {
    struct symbol_sets symbols;
    struct disassembler disassembler;
    struct exit_log log; /* of these two */
};

/*
 * The names are those of the firmware and the kernel, where they are ELF files
 * with symbols (without memory for them there are none), and those of the files
 * that --symbols names. `who`: which of several machines these are for; NULL:
 * the only one. On error e says what is wrong with a file; exit_names_free in
 * any case. It must stay where it is until then.
 */
enum status exit_names_init(struct exit_names *n, const struct run_settings *s,
                            const struct run_files *f,
                            const struct symbol_machine *who, struct error *e);
void exit_names_free(struct exit_names *n);

#endif
