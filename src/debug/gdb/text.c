#include "debug/gdb/text.h"

#include <stdlib.h>
#include <string.h>

static bool grow(struct gdb_text *t, size_t n)
{
    size_t room = t->room ? t->room : 1024;
    char *bytes;

    while (room - t->n < n)
        room *= 2;
    if (room == t->room)
        return true;
    bytes = realloc(t->bytes, room);
    if (!bytes)
        return false;
    t->bytes = bytes;
    t->room = room;
    return true;
}

static void put(void *text, const char *bytes, size_t n)
{
    struct gdb_text *t = text;

    if (t->failed || !grow(t, n)) {
        t->failed = true;
        return;
    }
    memcpy(t->bytes + t->n, bytes, n);
    t->n += n;
}

struct text_sink gdb_text_sink(struct gdb_text *t)
{
    return (struct text_sink){ put, t };
}

void gdb_text_free(struct gdb_text *t)
{
    free(t->bytes);
    *t = (struct gdb_text){ .n = 0 };
}
