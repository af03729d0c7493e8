#include "check/exit_groups.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    const struct exit_group *x = a, *y = b;

    return x->class != y->class ? x->class - y->class
                                : strcmp(x->name, y->name);
}

static int by_exits(const void *a, const void *b)
{
    const struct exit_group *x = a, *y = b;

    if (x->tally.exits != y->tally.exits)
        return x->tally.exits > y->tally.exits ? -1 : 1;
    return by_name(a, b); /* so that the order repeats */
}

/* A group of its own for each site. */
static void name_all(const struct exit_sites *s, exit_namer *namer,
                     void *context, struct exit_group *to)
{
    for (size_t k = 0; k < s->size; k++) {
        const struct exit_site *site = &s->site[k];

        if (!site->tally.exits)
            continue;
        namer(context, site, to->name, sizeof to->name);
        to->class = site->class;
        to->tally = site->tally;
        to++;
    }
}

/* Equal neighbours become one. Returns how many groups are left. */
static size_t merge(struct exit_group *g, size_t n)
{
    size_t kept = 0;

    for (size_t k = 1; k < n; k++) {
        if (by_name(&g[kept], &g[k]) == 0) {
            g[kept].tally.exits += g[k].tally.exits;
            g[kept].tally.ticks += g[k].tally.ticks;
        } else {
            g[++kept] = g[k];
        }
    }
    return kept + 1;
}

struct exit_group *exit_groups_make(const struct exit_sites *s,
                                    exit_namer *namer, void *context,
                                    size_t *count)
{
    struct exit_group *g = s->used ? calloc(s->used, sizeof *g) : NULL;

    *count = 0;
    if (!g)
        return NULL;
    name_all(s, namer, context, g);
    qsort(g, s->used, sizeof *g, by_name);
    *count = merge(g, s->used);
    qsort(g, *count, sizeof *g, by_exits);
    return g;
}
