#include "debug/gdb/reply.h"

#include <stdarg.h>
#include <stdio.h>

#include "debug/gdb/hex.h"

void reply_print(struct gdb_reply *r, const char *format, ...)
{
    size_t room = sizeof r->bytes - r->n;
    va_list list;
    int n;

    va_start(list, format);
    n = vsnprintf(r->bytes + r->n, room, format, list);
    va_end(list);
    if (n < 0 || (size_t)n >= room)
        r->full = true;
    else
        r->n += (size_t)n;
}

void reply_hex(struct gdb_reply *r, const void *bytes, size_t n)
{
    if (2 * n > sizeof r->bytes - r->n) {
        r->full = true;
        return;
    }
    hex_put(r->bytes + r->n, bytes, n);
    r->n += 2 * n;
}

size_t reply_binary(struct gdb_reply *r, const void *bytes, size_t n)
{
    const uint8_t *from = bytes;
    size_t i;

    for (i = 0; i < n && sizeof r->bytes - r->n >= 2; i++) {
        bool hide = packet_hides(from[i]);

        if (hide)
            r->bytes[r->n++] = PACKET_HIDE;
        r->bytes[r->n++] = (char)(hide ? from[i] ^ PACKET_TURN : from[i]);
    }
    return i;
}

void reply_ok(struct gdb_reply *r)
{
    r->n = 0;
    reply_print(r, "OK");
}

void reply_error(struct gdb_reply *r, unsigned number)
{
    r->n = 0;
    reply_print(r, "E%02x", number);
}

void reply_sentence(struct gdb_reply *r, const char *text)
{
    r->n = 0;
    reply_print(r, "E.%s", text);
}
