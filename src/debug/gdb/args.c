#include "debug/gdb/args.h"

#include <string.h>

#include "debug/gdb/hex.h"

bool args_skip(struct gdb_args *a, char c)
{
    if (a->at == a->end || *a->at != c)
        return false;
    a->at++;
    return true;
}

void args_expect(struct gdb_args *a, char c)
{
    if (!args_skip(a, c))
        a->bad = true;
}

uint64_t args_number(struct gdb_args *a)
{
    const char *first = a->at;
    uint64_t v = 0;

    while (a->at < a->end && hex_digit((uint8_t)*a->at) >= 0)
        v = v << 4 | (unsigned)hex_digit((uint8_t)*a->at++);
    if (a->at == first || a->at - first > 16)
        a->bad = true;
    return a->bad ? 0 : v;
}

size_t args_bytes(struct gdb_args *a, void *bytes, size_t max)
{
    uint8_t *to = bytes;
    size_t n = 0;

    while (n < max && a->end - a->at >= 2) {
        int high = hex_digit((uint8_t)a->at[0]);
        int low = hex_digit((uint8_t)a->at[1]);

        if (high < 0 || low < 0)
            break;
        to[n++] = (uint8_t)(high << 4 | low);
        a->at += 2;
    }
    return n;
}

const char *args_word(struct gdb_args *a, char c, size_t *n)
{
    const char *first = a->at, *last = memchr(first, c, args_left(a));

    a->at = last ? last + 1 : a->end;
    *n = (size_t)((last ? last : a->end) - first);
    return first;
}

size_t args_left(const struct gdb_args *a)
{
    return (size_t)(a->end - a->at);
}

bool args_done(const struct gdb_args *a)
{
    return !a->bad && a->at == a->end;
}

static uint64_t one_or_all(struct gdb_args *a)
{
    if (!args_skip(a, '-'))
        return args_number(a);
    args_expect(a, '1');
    return GDB_ALL;
}

struct gdb_id args_id(struct gdb_args *a)
{
    struct gdb_id id = { .has_process = args_skip(a, 'p') };

    if (id.has_process) {
        id.process = one_or_all(a);
        if (!args_skip(a, '.'))
            return id;
    }
    id.thread = one_or_all(a);
    id.has_thread = true;
    return id;
}
