/* A monitor's exits as text, one line each. */
#ifndef POGO_DEBUG_EXIT_LOG_H
#define POGO_DEBUG_EXIT_LOG_H

#include "debug/disassemble.h"
#include "debug/symbol_sets.h"
#include "vmm/vm.h"

struct exit_log {
    struct symbol_sets *symbols;       /* borrowed; read lines as needed */
    struct disassembler *disassembler; /* borrowed */
};

#define EXIT_LOG_LINE 256 /* bytes that are always enough for a line */

/*
 * Formats `e`, without a newline:
 *   count hart mode pc <symbol> instruction | cause | what the monitor did
 * `e` is of `vm`, which has just come out of it. Returns the length.
 */
size_t exit_log_format(const struct exit_log *l, struct vm *vm,
                       const struct exit_record *e, char *buf, size_t size);

/* Why it left, and what the monitor did, as the line says: terminated and cut
   to `size`. */
const char *exit_log_cause(const struct exit_record *e);
int exit_log_deed(const struct exit_record *e, char *buf, size_t size);

/*
 * The bits of the instruction that exited: noted by the monitor, or read from
 * the guest's memory now. 0 if it cannot be read.
 */
uint32_t exit_log_instruction(struct vm *vm, const struct exit_record *e);

/* Where the exit was, for who asks for its symbol. */
struct symbol_place exit_log_place(const struct vm *vm,
                                   const struct exit_record *e);

/* "M", "S", "U" */
const char *exit_log_mode(unsigned priv);

#endif
