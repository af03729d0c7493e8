/*
 * A line on standard error that says how far something long has come, and how
 * long it will still take:
 *
 *     check: [########............]  42 %, 3 min 10 s left
 *
 * Only where standard error is a terminal; elsewhere nothing is printed.
 */
#ifndef POGO_CLI_PROGRESS_H
#define POGO_CLI_PROGRESS_H

#include "base/bits.h"

struct progress {
    const char *what;     /* stands before the bar */
    bool wanted;          /* standard error is a terminal */
    bool shown;           /* a line is open */
    uint64_t began, said; /* host time (host_console.h) */
};

/* The time of the estimate runs from here. */
struct progress progress_begin(const char *what);

/* `done` of `total` (more than 0) are done; a line at most five times a second.
   Not from two threads at a time. */
void progress_show(struct progress *p, uint64_t done, uint64_t total);

/* Erases the line. What is printed afterwards begins a line of its own. */
void progress_end(struct progress *p);

/* The line, without a newline, in buf, which it returns; 160 bytes are enough
   if `what` has at most 80. `ns`: since it began. */
const char *progress_line(char *buf, size_t size, const char *what,
                          uint64_t done, uint64_t total, uint64_t ns);

#endif
