/* What ends a run from outside: signals, the alarm, keys, a window. */
#ifndef POGO_HOST_CANCEL_H
#define POGO_HOST_CANCEL_H

#include <poll.h>

#include "base/bits.h"

/*
 * SIGINT, SIGTERM, SIGHUP and, after `timeout` seconds if that is not 0, the
 * alarm set the flag that cancel_flag points to, once; a second signal kills.
 * A file that may not grow any more (ulimit -f) makes writing fail, and no more.
 */
void cancel_on_signals(double timeout);
const volatile int *cancel_flag(void); /* 0, or the signal's number */
void cancel(int why); /* as if that signal had come */

/* poll(2) for at most `ns` (-1: for ever), which such a signal ends even where
   it has come a moment before the wait. */
int cancel_wait(struct pollfd *p, unsigned n, int64_t ns);

/* Ctrl-A x, and the window was closed; no signals have these numbers. */
#define CANCEL_KEYS   1000
#define CANCEL_WINDOW 1001

#endif
