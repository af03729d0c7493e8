/* Text that grows: what others print to a sink. */
#ifndef POGO_DEBUG_GDB_TEXT_H
#define POGO_DEBUG_GDB_TEXT_H

#include "debug/debugger.h"

/* Begins as { 0 }. */
struct gdb_text {
    char *bytes; /* [n] */
    size_t n, room;
    bool failed; /* out of memory: not all is in it */
};

struct text_sink gdb_text_sink(struct gdb_text *t);
void gdb_text_free(struct gdb_text *t);

#endif
