/*
 * The user's terminal while a guest has it: raw mode, so that every key reaches
 * the guest, and back to what it was however Pogo ends.
 */
#ifndef POGO_CLI_TERMINAL_H
#define POGO_CLI_TERMINAL_H

#include "base/bits.h"

/* May the terminal on standard input be used (it is one, and we are in its
   foreground)? */
bool terminal_available(void);

/* Raw mode from now on, until terminal_restore or the process ends. False if
   the terminal refuses. */
bool terminal_raw(void);
void terminal_restore(void);
/* A screen of its own on standard output, without a cursor, until
   terminal_restore: what was there comes back. After terminal_raw. */
void terminal_screen(void);

#endif
