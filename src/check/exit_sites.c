#include "check/exit_sites.h"

#include <stdlib.h>

#define FIRST_SIZE 1024

static bool same(const struct exit_site *a, const struct exit_site *b)
{
    return a->pc == b->pc && a->raw == b->raw && a->kind == b->kind &&
           a->priv == b->priv;
}

/* The finalizer of MurmurHash3 (Appleby), over the key folded into a word. */
static uint64_t hash(const struct exit_site *k)
{
    uint64_t h = k->pc ^ (uint64_t)k->raw << 29 ^ (uint64_t)k->kind << 17 ^
                 (uint64_t)k->priv << 61;

    h = (h ^ h >> 33) * UINT64_C(0xff51afd7ed558ccd);
    h = (h ^ h >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
    return h ^ h >> 33;
}

/* Where `k` is, or the free place where it belongs. */
static size_t find(const struct exit_sites *s, const struct exit_site *k)
{
    size_t at = hash(k) & (s->size - 1);

    while (s->site[at].tally.exits && !same(&s->site[at], k))
        at = (at + 1) & (s->size - 1);
    return at;
}

static enum status grow(struct exit_sites *s)
{
    struct exit_sites more = { .size = s->size ? 2 * s->size : FIRST_SIZE,
                               .used = s->used };

    more.site = calloc(more.size, sizeof *more.site);
    if (!more.site)
        return STATUS_NO_MEMORY;
    for (size_t k = 0; k < s->size; k++)
        if (s->site[k].tally.exits)
            more.site[find(&more, &s->site[k])] = s->site[k];
    free(s->site);
    *s = more;
    return STATUS_OK;
}

enum status exit_sites_count(struct exit_sites *s, const struct exit_site *key,
                             size_t *place, bool *fresh)
{
    /* A quarter stays free, so that a search is short. */
    if (s->used >= s->size / 4 * 3 && grow(s) != STATUS_OK)
        return STATUS_NO_MEMORY;
    *place = find(s, key);
    *fresh = s->site[*place].tally.exits == 0;
    if (*fresh) {
        s->site[*place] = *key;
        s->site[*place].tally = (struct tally){ 0 };
        s->used++;
    }
    s->site[*place].tally.exits++;
    return STATUS_OK;
}

void exit_sites_free(struct exit_sites *s)
{
    free(s->site);
    *s = (struct exit_sites){ 0 };
}
