/*
 * The guided tour's voice: watches a virtual machine and says, the first time
 * each kind of thing happens, what it was and why the monitor had to act.
 */
#ifndef POGO_CLI_COMMENTARY_H
#define POGO_CLI_COMMENTARY_H

#include <stdio.h>

#include "debug/exit_log.h"

#define COMMENTARY_LESSONS 64

struct commentary {
    FILE *out;
    bool colour;          /* the terminal knows ANSI colours */
    bool middle_of_line;  /* of the guest's console: remarks wait */
    char *waiting;        /* what is to be said at the line's end */
    size_t length;
    unsigned number;      /* of the remark */
    bool said[COMMENTARY_LESSONS];
    struct symbols symbols;
    struct disassembler disassembler;
};

/* Speaks on `out` from now on; `guest` and `firmware` give the names. */
void commentary_open(struct commentary *c, FILE *out, const struct isa *isa,
                     const struct image *guest, const struct image *firmware);
void commentary_close(struct commentary *c);

/* The guest's console speaks on the same `out`: a struct console's put. */
void commentary_console(void *commentary, const uint8_t *bytes, size_t n);

/* Watches `vm`. */
void commentary_watch(struct commentary *c, struct vm *vm);

#endif
