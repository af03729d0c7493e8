/* Parts: making, adding up. */
#include "check/riscv/part.h"

#include <stdlib.h>
#include <string.h>

struct riscv_part *part_new(const struct riscv_check_config *config)
{
    struct riscv_part *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->question = config->question;
    p->without = config->without;
    p->isa = *config->isa;
    p->seed = config->seed;
    p->samples = config->samples;
    p->stride = config->stride;
    p->shards = config->shards;
    p->exhaustive = config->exhaustive;
    p->lattice_only = config->lattice_only;
    groups_init(&p->groups, &p->isa);
    return p;
}

void riscv_part_free(struct riscv_part *part)
{
    if (!part)
        return;
    for (unsigned g = 0; g < GROUPS_MAX; g++)
        for (unsigned i = 0; i < FINDINGS; i++)
            free(part->tally[g].finding[i]);
    free(part);
}

bool tally_keep(struct tally *t, unsigned which, const struct finding *f)
{
    struct finding *mine = t->finding[which];

    if (mine && mine->order <= f->order)
        return true;
    if (!mine)
        mine = t->finding[which] = malloc(sizeof *mine);
    if (!mine)
        return false;
    *mine = *f;
    return true;
}

static bool add_tally(struct tally *into, const struct tally *from)
{
    into->states += from->states;
    into->encodings += from->encodings;
    into->sensitive += from->sensitive;
    into->user_sensitive += from->user_sensitive;
    for (unsigned s = 0; s < SIDES; s++) {
        into->retired[s] += from->retired[s];
        into->trapped[s] += from->trapped[s];
    }
    for (unsigned k = 0; k < KNOBS; k++) {
        into->host[k].seen += from->host[k].seen;
        into->host[k].retired += from->host[k].retired;
        into->user[k].seen += from->user[k].seen;
        into->user[k].retired += from->user[k].retired;
    }
    for (unsigned i = 0; i < FINDINGS; i++)
        if (from->finding[i] && !tally_keep(into, i, from->finding[i]))
            return false;
    return true;
}

bool part_add(struct riscv_part *into, const struct riscv_part *from)
{
    for (unsigned g = 0; g < into->groups.n; g++)
        if (!add_tally(&into->tally[g], &from->tally[g]))
            return false;
    into->seconds += from->seconds;
    return true;
}

static bool same_check(const struct riscv_part *a, const struct riscv_part *b)
{
    return a->question == b->question && a->without == b->without &&
           a->isa.ext == b->isa.ext && a->isa.holes == b->isa.holes &&
           a->seed == b->seed && a->samples == b->samples &&
           a->stride == b->stride && a->shards == b->shards &&
           a->exhaustive == b->exhaustive && a->lattice_only == b->lattice_only;
}

static enum status refuse(struct error *error, const char *text)
{
    snprintf(error->text, sizeof error->text, "%s", text);
    return STATUS_BAD_ARGUMENT;
}

enum status riscv_part_merge(struct riscv_part *into,
                             const struct riscv_part *from, struct error *error)
{
    if (!same_check(into, from))
        return refuse(error, "the parts are of different checks: question, "
                             "machine, seed, samples and number of shards "
                             "must be the same");
    for (unsigned i = 0; i < SHARDS_MAX / 8; i++)
        if (into->have[i] & from->have[i])
            return refuse(error, "the same share is in two of the parts: each "
                                 "must be given once");
    if (!part_add(into, from)) {
        refuse(error, "out of memory");
        return STATUS_NO_MEMORY;
    }
    for (unsigned i = 0; i < SHARDS_MAX / 8; i++)
        into->have[i] |= from->have[i];
    return STATUS_OK;
}

void riscv_part_shares(const struct riscv_part *part, unsigned *have,
                       unsigned *of)
{
    *have = 0;
    *of = part->shards;
    for (unsigned i = 0; i < part->shards; i++)
        *have += part_has(part, i);
}
