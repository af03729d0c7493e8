/*
 * Commands about traps, page tables, monitors and time, the same ones from gdb
 * (`monitor why`), at Pogo's own prompt (`pogo monitor`), and on its text
 * screen.
 */
#ifndef POGO_DEBUG_COMMANDS_H
#define POGO_DEBUG_COMMANDS_H

#include "debug/debugger.h"

enum command_end {
    COMMAND_DONE,    /* looked at something, or set something */
    COMMAND_MOVED,   /* the machine is at another time, or was changed: what is
                        known of registers and memory is not true any more */
    COMMAND_WRONG,   /* a sentence has said what is wrong with it */
    COMMAND_UNKNOWN, /* there is no such command; nothing was said */
};

/*
 * Carries out one line: a command's name, or the beginning of one that is
 * unique, and its arguments. An empty line does nothing. What it prints ends
 * with a newline.
 */
enum command_end command_line(struct debugger *d, const char *line,
                              const struct text_sink *out);

/* Calls `each` with every command's name that begins with `text`, and its one
   line of help. */
void commands_each(const char *text,
                   void (*each)(void *context, const char *name,
                                const char *help),
                   void *context);

/* Says where and why the session stands, in one line: for `end`, which
   session_run or the like has just returned. */
void command_tell_end(struct debugger *d, enum session_end end,
                      const struct text_sink *out);

#endif
