/*
 * Where gdb is: somebody who connects to a TCP port of this host or to a
 * socket, one at a time; or the program that has started us, at standard input
 * and output.
 */
#ifndef POGO_CLI_GDB_LINE_H
#define POGO_CLI_GDB_LINE_H

#include "base/error.h"
#include "base/status.h"
#include "base/bits.h"

struct gdb_line {
    int listener;         /* -1: nobody else can come */
    int in, out;          /* -1: nobody is there */
    bool broken;          /* what was sent last has not arrived */
    char where[128];      /* what gdb's `target extended-remote` is told */
    char path[108];       /* of the socket, to be removed; "": none */
};

/*
 * `where`: a port's number (0: any that is free), "unix:PATH", or "-". Only
 * this host can connect. On error e says what is wrong: STATUS_BAD_ARGUMENT,
 * STATUS_IO. gdb_line_close in any case.
 */
enum status gdb_line_open(struct gdb_line *l, const char *where,
                          struct error *e);
void gdb_line_close(struct gdb_line *l);

/* What is to be waited for: somebody who comes, or what the one says who is
   there. */
int gdb_line_descriptor(const struct gdb_line *l);
/* Has it come? Waits up to `ms` for it (-1: for ever, or a signal). */
bool gdb_line_ready(const struct gdb_line *l, int ms);

/* Somebody who comes; false: nobody does. */
bool gdb_line_accept(struct gdb_line *l);
/* What has been said, as far as it fits. 0: nobody is there any more; then
   gdb_line_hang_up. */
size_t gdb_line_read(struct gdb_line *l, uint8_t *bytes, size_t n);
void gdb_line_write(struct gdb_line *l, const uint8_t *bytes, size_t n);
void gdb_line_hang_up(struct gdb_line *l);

#endif
