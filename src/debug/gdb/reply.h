/* What a packet to gdb says, put together from left to right. */
#ifndef POGO_DEBUG_GDB_REPLY_H
#define POGO_DEBUG_GDB_REPLY_H

#include "debug/gdb/packet.h"

struct gdb_reply {
    char bytes[GDB_PACKET];
    size_t n;
    bool full; /* something did not fit, and is not in it */
};

void reply_print(struct gdb_reply *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Two digits for each byte. */
void reply_hex(struct gdb_reply *r, const void *bytes, size_t n);
/* As it is, but for what has to be hidden: as many as fit; how many. */
size_t reply_binary(struct gdb_reply *r, const void *bytes, size_t n);

/* In place of all else: "OK"; an error of that number (as errno); or of a
   sentence that gdb shows, where it shows any. */
void reply_ok(struct gdb_reply *r);
void reply_error(struct gdb_reply *r, unsigned number);
void reply_sentence(struct gdb_reply *r, const char *text);

#define GDB_EBADF  0x09
#define GDB_EFAULT 0x0e
#define GDB_EINVAL 0x16

#endif
