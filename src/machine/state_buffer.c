#include "machine/state_buffer.h"

#include <stdlib.h>
#include <string.h>

/* `s` is the first member. */
static struct state_buffer *buffer_of(struct state *s)
{
    return (struct state_buffer *)(void *)s;
}

/* Room for n bytes more; false: there is no memory for them. */
static bool grow(struct state_buffer *b, size_t n)
{
    size_t room = 2 * (b->room + n);
    uint8_t *bytes;

    if (n <= b->room - b->size)
        return true;
    bytes = b->no_memory ? NULL : realloc(b->bytes, room);
    if (!bytes) {
        b->no_memory = true;
        return false;
    }
    b->bytes = bytes;
    b->room = room;
    return true;
}

static void save(struct state *s, void *bytes, size_t n)
{
    struct state_buffer *b = buffer_of(s);

    if (n == 0 || !grow(b, n))
        return;
    memcpy(b->bytes + b->size, bytes, n);
    b->size += n;
}

static void load(struct state *s, void *bytes, size_t n)
{
    struct state_buffer *b = buffer_of(s);

    if (n == 0)
        return;
    if (n > b->left) {
        s->bad = true;
        b->left = 0;
        memset(bytes, 0, n);
        return;
    }
    memcpy(bytes, b->from, n);
    b->from += n;
    b->left -= n;
}

void state_buffer_save(struct state_buffer *b)
{
    *b = (struct state_buffer){ .state = { .move = save, .saving = true } };
}

void state_buffer_load(struct state_buffer *b, const void *bytes, size_t size)
{
    *b = (struct state_buffer){ .state = { .move = load },
                                .from = bytes,
                                .left = size };
}

void state_buffer_free(struct state_buffer *b)
{
    free(b->bytes);
    *b = (struct state_buffer){ 0 };
}
