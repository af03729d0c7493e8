/* A program that lies beside this one, and a socket to it. */
#ifndef POGO_HOST_HELPER_H
#define POGO_HOST_HELPER_H

#include <sys/types.h>

#include "base/status.h"

struct helper {
    pid_t pid;
    int link; /* a SOCK_SEQPACKET; at its other end is its standard input */
};

/*
 * Starts the program `name` of this program's folder, or of the one above, with
 * argv (whose first is the name, and which ends with NULL). What it prints goes
 * nowhere. STATUS_IO: it cannot be started, errno says why.
 */
enum status helper_start(struct helper *h, const char *name, char **argv);

/* Ends it: at once, unless it does so within half a second of being told that
   there is nothing more to read. */
void helper_end(struct helper *h);

#endif
