/*
 * The user's terminal while a guest has it: raw mode, so that every key reaches
 * the guest, and back to what it was however Pogo ends. And the signals that
 * end a run.
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

/*
 * SIGINT, SIGTERM, SIGHUP and, after `timeout` seconds if that is not 0, the
 * alarm set the flag that cancel_flag points to, once; a second signal kills.
 * A file that may not grow any more (ulimit -f) makes writing fail, and no more.
 */
void cancel_on_signals(double timeout);
const volatile int *cancel_flag(void); /* 0, or the signal's number */
void cancel(int why); /* as if that signal had come */

/* Ctrl-A x, and the window was closed; no signals have these numbers. */
#define CANCEL_KEYS   1000
#define CANCEL_WINDOW 1001

#endif
