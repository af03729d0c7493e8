/* gcc calls these by itself, in programs without a library as well. */
#include <stddef.h>

void *memset(void *to, int byte, size_t n)
{
    unsigned char *t = to;

    while (n--)
        *t++ = (unsigned char)byte;
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    while (n--)
        *t++ = *f++;
    return to;
}
