/* Symbols and instructions, for those who write about exits. */
#ifndef POGO_CLI_EXIT_NAMES_H
#define POGO_CLI_EXIT_NAMES_H

#include "cli/run_files.h"
#include "debug/exit_log.h"

struct exit_names {
    struct symbols symbols;
    struct disassembler disassembler;
    struct exit_log log; /* of these two */
};

/* The names are those of the firmware and the kernel, where they are ELF files
   with symbols; without memory for them there are none. It must stay where it
   is until exit_names_free. */
void exit_names_init(struct exit_names *n, const struct isa *isa,
                     const struct run_files *f);
void exit_names_free(struct exit_names *n);

#endif
