/* Marker lines are made by hand: there is no library here. */
#ifndef BENCH_TEXT_H
#define BENCH_TEXT_H

#include <stdint.h>

struct text {
    char bytes[128];
    unsigned length;
};

static inline void text_add(struct text *t, const char *s)
{
    while (*s && t->length < sizeof t->bytes)
        t->bytes[t->length++] = *s++;
}

static inline void text_number(struct text *t, uint64_t n)
{
    char digits[21];
    unsigned k = sizeof digits - 1;

    digits[k] = 0;
    do
        digits[--k] = (char)('0' + n % 10);
    while (n /= 10);
    text_add(t, digits + k);
}

#endif
