#include "devices/state_bytes.h"

#include <stdlib.h>
#include <string.h>

static void move(struct state *s, void *bytes, size_t n)
{
    struct state_bytes *b = (struct state_bytes *)(void *)s;

    if (s->saving) {
        if (n > sizeof b->bytes - b->size)
            abort();
        memcpy(b->bytes + b->size, bytes, n);
        b->size += n;
    } else if (n > b->size - b->at) {
        memset(bytes, 0, n);
        s->bad = true;
    } else {
        memcpy(bytes, b->bytes + b->at, n);
        b->at += n;
    }
}

void state_bytes_save(struct state_bytes *b)
{
    b->state = (struct state){ .move = move, .saving = true };
    b->size = 0;
}

void state_bytes_load(struct state_bytes *b)
{
    b->state = (struct state){ .move = move };
    b->at = 0;
}
