/* What a packet says behind its name, read from left to right. */
#ifndef POGO_DEBUG_GDB_ARGS_H
#define POGO_DEBUG_GDB_ARGS_H

#include "base/bits.h"

/* A 0 is at `end`. What is read past an error is 0, or nothing. */
struct gdb_args {
    const char *at, *end;
    bool bad; /* it was not as it should be */
};

/* Is that the next character? It is behind us then. */
bool args_skip(struct gdb_args *a, char c);
/* It must be the next. */
void args_expect(struct gdb_args *a, char c);
/* A number, of 1 to 16 digits. */
uint64_t args_number(struct gdb_args *a);
/* Bytes, two digits each, until something else comes: how many, which are no
   more than `max`. */
size_t args_bytes(struct gdb_args *a, void *bytes, size_t max);
/* What is between here and `c`, or the end; `c` is behind us then. *n: its
   length. */
const char *args_word(struct gdb_args *a, char c, size_t *n);
/* How many characters are left. */
size_t args_left(const struct gdb_args *a);
/* Nothing is left, and all was well. */
bool args_done(const struct gdb_args *a);

/* `p2.1`, `p2`, `p-1.-1`, `1`, `-1`, `0`. */
struct gdb_id {
    bool has_process, has_thread;
    uint64_t process, thread; /* GDB_ALL; 0: any */
};
#define GDB_ALL UINT64_MAX

struct gdb_id args_id(struct gdb_args *a);

#endif
