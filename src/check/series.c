#include "check/series.h"

void series_init(struct series *s)
{
    *s = (struct series){ .width = SERIES_WIDTH };
}

static void add(struct interval *to, const struct interval *from)
{
    for (unsigned c = 0; c < SERIES_CLASSES; c++)
        to->exits[c] += from->exits[c];
    to->direct += from->direct;
    to->emulated += from->emulated;
}

static void widen(struct series *s)
{
    for (unsigned k = 0; k < SERIES_LENGTH; k++) {
        struct interval moved = s->interval[k];

        s->interval[k] = (struct interval){ 0 };
        add(&s->interval[k / 2], &moved);
    }
    s->width *= 2;
    s->length = (s->length + 1) / 2;
}

/* The interval that `count` lies in. */
static struct interval *at(struct series *s, uint64_t count)
{
    unsigned k;

    while (count / s->width >= SERIES_LENGTH)
        widen(s);
    k = (unsigned)(count / s->width);
    if (k >= s->length)
        s->length = k + 1;
    return &s->interval[k];
}

void series_exit(struct series *s, uint64_t count, unsigned class,
                 unsigned emulated)
{
    struct interval *i = at(s, count);

    i->exits[class]++;
    i->emulated += emulated;
}

void series_direct(struct series *s, uint64_t count, uint64_t n)
{
    while (n) {
        struct interval *i = at(s, count);
        uint64_t room = s->width - count % s->width;
        uint64_t part = n < room ? n : room;

        i->direct += part;
        count += part;
        n -= part;
    }
}
