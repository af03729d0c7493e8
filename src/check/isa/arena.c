/* A list of blocks, each used from its front. */
#include "check/isa/arena.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK 65536

struct block {
    struct block *next;
    size_t used, size;
    max_align_t bytes[];
};

struct isa_arena {
    struct block *blocks;
    bool failed;
};

struct isa_arena *isa_arena_new(void)
{
    return calloc(1, sizeof(struct isa_arena));
}

void isa_arena_free(struct isa_arena *a)
{
    struct block *next;

    if (!a)
        return;
    for (struct block *b = a->blocks; b; b = next) {
        next = b->next;
        free(b);
    }
    free(a);
}

bool isa_arena_failed(const struct isa_arena *a)
{
    return a->failed;
}

void *isa_alloc(struct isa_arena *a, size_t size)
{
    size_t align = sizeof(max_align_t);
    size_t need = (size + align - 1) / align * align;
    struct block *b = a->blocks;
    void *at;

    if (!b || b->size - b->used < need) {
        size_t room = need > BLOCK ? need : BLOCK;

        b = a->failed ? NULL : calloc(1, sizeof *b + room);
        if (!b) {
            a->failed = true;
            return NULL;
        }
        b->size = room;
        b->next = a->blocks;
        a->blocks = b;
    }
    at = (char *)b->bytes + b->used;
    b->used += need;
    return at;
}

char *isa_text(struct isa_arena *a, const char *text, size_t length)
{
    char *copy = isa_alloc(a, length + 1);

    if (copy)
        memcpy(copy, text, length);
    return copy;
}

void *isa_append(struct isa_arena *a, void *array, size_t count, size_t size)
{
    char *bigger;

    /* full when the count is 0 or a power of two */
    if (count & (count - 1))
        return array;
    bigger = isa_alloc(a, 2 * (count ? count : 1) * size);
    if (bigger && count)
        memcpy(bigger, array, count * size);
    return bigger;
}
