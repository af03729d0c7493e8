/* Samples of what machines side by side have done, and rates from them. */
#include <stdlib.h>
#include <string.h>

#include "cli/top_screen.h"
#include "isa/cause.h"

static struct top_sample sample(const struct fleet *f, unsigned i)
{
    const struct core_stats *c = &f->vm[i].vm->monitor.stats;
    struct top_sample s = { .ran = f->scheduled[i].ran,
                            .direct = c->direct,
                            .emulated = c->emulated,
                            .fills = c->fills };

    for (unsigned k = 0; k < TOP_CAUSES; k++)
        for (unsigned a = 0; a < EXIT_ACTIONS; a++)
            s.exits[k] += c->exits[k][a];
    return s;
}

/* Bytes of the guest's RAM that have been written, as the bare machine's RAM
   has noted it, page by page. */
static uint64_t written(const struct fleet *f, unsigned i)
{
    struct machine *m = &f->vm[i].vm->machine;
    const struct ram *bare = &f->host.bare->board.bus.ram;
    uint64_t size = f->vm[i].guest.settings.memory, n = 0;

    for (uint64_t at = 0; at < size; at += RAM_PAGE) {
        const uint8_t *page =
            m->ops->ram(m, BOARD_RAM_BASE + at, RAM_PAGE, false);

        if (page &&
            bare->flags[(size_t)(page - bare->bytes) / RAM_PAGE] & RAM_DIRTY)
            n += RAM_PAGE;
    }
    return n;
}

void top_take(struct top_screen *t, uint64_t host_ns)
{
    struct fleet *f = t->fleet;
    struct top_moment *m = &t->moment[t->moments++ % TOP_WINDOW];

    *m = (struct top_moment){ .host_ns = host_ns,
                              .time = f->scheduler.now,
                              .idle = f->scheduler.idle };
    for (unsigned i = 0; i < f->vms; i++) {
        m->machine[i] = sample(f, i);
        t->dirty[i] = written(f, i);
    }
}

/* What is more than before: a reset begins again from 0. */
static double more(uint64_t after, uint64_t before)
{
    return (double)(after >= before ? after - before : after);
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

/* One that was stopped because we have seen enough has not ended. */
static bool has_ended(const struct scheduled *m)
{
    return m->ended && m->end != RUN_CANCELLED;
}

const char *top_state(const struct fleet *f, unsigned i)
{
    const struct scheduled *m = &f->scheduled[i];

    if (m->ended && !has_ended(m))
        return m->waiting ? "waiting" : "running";
    return fleet_state(f, i);
}

static double wanted(const struct fleet *f, unsigned i)
{
    double sum = 0;

    for (unsigned k = 0; k < f->vms; k++)
        if (!has_ended(&f->scheduled[k]))
            sum += f->scheduled[k].weight;
    return has_ended(&f->scheduled[i])
               ? 0
               : ratio(100.0 * f->scheduled[i].weight, sum);
}

static struct top_row row_of(const struct top_screen *t, unsigned i,
                             const struct top_moment *from,
                             const struct top_moment *to)
{
    const struct top_sample *a = &from->machine[i], *b = &to->machine[i];
    double seconds = more(to->host_ns, from->host_ns) / 1e9;
    double direct = more(b->direct, a->direct);
    double executed = direct + more(b->emulated, a->emulated);
    double most = 0, exits = 0;
    struct top_row r = { .machine = i, .cause = "" };

    for (unsigned k = 0; k < TOP_CAUSES; k++) {
        double n = more(b->exits[k], a->exits[k]);

        exits += n;
        if (n > most) {
            most = n;
            r.cause = cause_name(k);
        }
    }
    r.wanted = wanted(t->fleet, i);
    r.got = 100 * ratio(more(b->ran, a->ran), more(to->time, from->time));
    r.mips = ratio(executed, seconds * 1e6);
    r.direct = 100 * ratio(direct, executed);
    r.exits = ratio(exits, seconds);
    r.fills = ratio(more(b->fills, a->fills), seconds);
    return r;
}

static int compare(double a, double b)
{
    return a > b ? -1 : a < b;
}

/* Insertion: there are few, and equal ones stay in the order of the plan. */
static bool comes_before(const struct top_screen *t, const struct top_row *a,
                         const struct top_row *b)
{
    const struct fleet_vm *vm = t->fleet->vm;

    switch (t->order) {
    case TOP_BY_EXITS:
        return compare(a->exits, b->exits) < 0;
    case TOP_BY_NAME:
        return strcmp(vm[a->machine].name, vm[b->machine].name) < 0;
    default:
        return compare(a->got, b->got) < 0;
    }
}

void top_rows(const struct top_screen *t, struct top_row *row)
{
    unsigned first = t->moments > TOP_WINDOW ? t->moments - TOP_WINDOW : 0;
    const struct top_moment *from = &t->moment[first % TOP_WINDOW];
    const struct top_moment *to = &t->moment[(t->moments - 1) % TOP_WINDOW];

    for (unsigned i = 0; i < t->fleet->vms; i++) {
        struct top_row r = row_of(t, i, from, to);
        unsigned at = i;

        for (; at > 0 && comes_before(t, &r, &row[at - 1]); at--)
            row[at] = row[at - 1];
        row[at] = r;
    }
}
