/*
 * What must be trusted, layer by layer, as tools/tcb.py counted it in the build
 * that this program comes from. The table is in a library that is made after
 * all rooms (cmake/PogoTcb.cmake).
 */
#ifndef POGO_CLI_TCB_H
#define POGO_CLI_TCB_H

#include "base/bits.h"

struct tcb_layer {
    const char *name;     /* NULL ends the table */
    const char *what;     /* which files it is */
    const char *why;      /* one sentence: why it is trusted, or is not */
    const char *property; /* Popek and Goldberg's, which rests on it */
    bool trusted;         /* by a guest's owner, the processor aside */
    unsigned files;
    unsigned code;               /* lines, without comments and blank ones */
    unsigned lines;              /* all of them */
    uint64_t text, rodata, data; /* bytes of the object files' sections; data
                                    with what is zero at first */
};

extern const struct tcb_layer tcb_layers[];

#endif
