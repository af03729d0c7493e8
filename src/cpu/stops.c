/* Stop points: what has to be looked at, and the asking. */
#include "cpu/stops.h"

#include "cpu/engine.h"

void engine_set_stops(struct engine *e, const struct stops *s)
{
    uint64_t pages = e->bus->ram.size / RAM_PAGE;

    for (uint64_t i = 0; i < pages; i++)
        e->bus->ram.flags[i] &= (uint8_t)~RAM_BREAK;
    e->stops = s;
    engine_flush(e);
}

void engine_set_trap_stops(struct engine *e, const struct stops *s)
{
    e->stops = s;
}

bool stops_in_page(const struct engine *e, uint64_t va)
{
    const struct stops *s = e->stops;

    for (unsigned i = 0; i < s->codes; i++)
        if (s->code[i] >> PAGE_SHIFT == va >> PAGE_SHIFT)
            return true;
    return false;
}

bool stops_at_offset(const struct engine *e, uint64_t offset)
{
    const struct stops *s = e->stops;

    for (unsigned i = 0; i < s->codes; i++)
        if ((s->code[i] & PAGE_MASK) == offset)
            return true;
    return false;
}

bool stops_at(const struct engine *e, uint64_t va)
{
    const struct stops *s = e->stops;

    for (unsigned i = 0; i < s->codes; i++)
        if (s->code[i] == va)
            return true;
    return false;
}

bool stops_watch_page(const struct engine *e, uint64_t va)
{
    const struct stops *s = e->stops;

    for (unsigned i = 0; i < s->datas; i++)
        if (s->data[i].first >> PAGE_SHIFT <= va >> PAGE_SHIFT &&
            va >> PAGE_SHIFT <= s->data[i].last >> PAGE_SHIFT)
            return true;
    return false;
}

static bool watched(const struct stops *s, uint64_t va, unsigned size,
                    enum access access)
{
    for (unsigned i = 0; i < s->datas; i++) {
        const struct stops_range *r = &s->data[i];

        /* An access may wrap around the end of the address space. */
        if ((r->access & access) &&
            (va - r->first <= r->last - r->first || r->first - va < size))
            return true;
    }
    return false;
}

bool stops_access(struct hart *h, uint64_t va, unsigned size,
                  enum access access)
{
    struct hart_private *p = h->private_;

    if (!watched(h->engine->stops, va, size, access))
        return false;
    if (p->asked) { /* once: what follows may run on in other blocks */
        p->asked = false;
        return false;
    }
    p->stop = (struct stops_event){
        .kind = STOPS_ACCESS, .va = va, .size = size, .access = access
    };
    p->stopped = true;
    return true;
}

bool stops_ask(struct hart *h, const struct stops_event *e)
{
    const struct stops *s = h->engine->stops;

    hart_sync(h, h->private_->left);
    return s->ask(s->context, h, e);
}

bool stops_ask_trap(struct hart *h)
{
    const struct stops_event e = { .kind = STOPS_TRAP,
                                   .va = h->pc,
                                   .trap = h->private_->trap };

    return h->engine->stops && h->engine->stops->traps && stops_ask(h, &e);
}

bool stops_ask_code(struct hart *h)
{
    const struct stops_event e = { .kind = STOPS_CODE, .va = h->pc };

    return stops_at(h->engine, h->pc) && stops_ask(h, &e);
}
