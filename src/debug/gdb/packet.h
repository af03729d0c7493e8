/*
 * Packets of gdb's remote serial protocol (GDB manual, "Overview" and
 * "Packet Acknowledgment"):
 *
 *     $ body # checksum       two hexadecimal digits: the body's bytes, summed
 *
 * '+' and '-' acknowledge them, until both sides agree to leave that out. In a
 * body '}' hides the byte after it, which is one of "#$}*" with bit 5 turned.
 */
#ifndef POGO_DEBUG_GDB_PACKET_H
#define POGO_DEBUG_GDB_PACKET_H

#include "base/bits.h"

#define GDB_PACKET 16384 /* bytes of a body, at most */

#define GDB_CTRL_C 3

/* What a byte from gdb has completed. */
enum packet_event {
    PACKET_NOTHING,
    PACKET_WHOLE,     /* a packet: in, size */
    PACKET_DAMAGED,   /* one that cannot be used, and is not sent again */
    PACKET_INTERRUPT, /* Ctrl-C, which comes without a packet */
};

struct packets {
    void (*send)(void *context, const uint8_t *bytes, size_t n);
    void *context;
    bool acks; /* packets are acknowledged */

    char in[GDB_PACKET + 1]; /* what hides bytes is taken out; then a 0 */
    size_t size;
    enum { IN_BETWEEN, IN_BODY, IN_SUM, IN_SUM_END } state;
    bool too_long, hidden;
    uint8_t sum, first_digit;

    uint8_t out[GDB_PACKET + 4]; /* the last one sent, as it was sent */
    size_t out_size;
};

/* A connection begins: with acknowledgements. */
void packets_begin(struct packets *p);

/* A byte from gdb. `in` stays as it is until the next one. */
enum packet_event packets_take(struct packets *p, uint8_t byte);

/* Sends a body, of GDB_PACKET bytes at most, in which nothing needs hiding. */
void packets_send(struct packets *p, const char *body, size_t n);

/* Must a byte of binary data be hidden in a body to gdb? */
bool packet_hides(uint8_t byte);

#define PACKET_HIDE '}'
#define PACKET_TURN 0x20

#endif
