#include "machine/page_store.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define SLAB (UINT64_C(2) << 20)

void page_store_free(struct page_store *s)
{
    for (size_t k = 0; k < s->slabs; k++)
        munmap(s->slab[k], SLAB);
    free(s->slab);
    *s = (struct page_store){ 0 };
}

/* Puts one copy on the list of those that are free. */
static void put_free(struct page_store *s, uint8_t *copy)
{
    memcpy(copy, &s->free, sizeof s->free);
    s->free = copy;
}

static bool add_slab(struct page_store *s)
{
    uint8_t **more, *slab;

    if (s->slabs == s->slab_room) {
        size_t room = s->slab_room ? 2 * s->slab_room : 16;

        more = realloc(s->slab, room * sizeof *more);
        if (!more)
            return false;
        s->slab = more;
        s->slab_room = room;
    }
    slab = mmap(NULL, SLAB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                -1, 0);
    if (slab == MAP_FAILED)
        return false;
    madvise(slab, SLAB, MADV_HUGEPAGE);
    s->slab[s->slabs++] = slab;
    for (uint64_t at = SLAB; at > 0; at -= RAM_PAGE)
        put_free(s, slab + at - RAM_PAGE);
    return true;
}

bool page_store_copy(struct page_store *s, const uint8_t *page, uint8_t **copy)
{
    *copy = NULL;
    if (ram_page_is_zero(page))
        return true;
    if (!s->free && !add_slab(s))
        return false;
    *copy = s->free;
    memcpy(&s->free, *copy, sizeof s->free);
    memcpy(*copy, page, RAM_PAGE);
    s->copies++;
    return true;
}

void page_store_drop(struct page_store *s, uint8_t *copy)
{
    if (!copy)
        return;
    put_free(s, copy);
    s->copies--;
}
