/* Small before fast: the firmware moves a few kilobytes in its life. */
#include "string.h"

void *memset(void *to, int byte, size_t size)
{
    char *t = to;

    while (size--)
        *t++ = (char)byte;
    return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
    char *t = to;
    const char *f = from;

    while (size--)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    char *t = to;
    const char *f = from;

    if (t <= f)
        return memcpy(to, from, size);
    while (size--)
        t[size] = f[size];
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a, *y = b;

    for (; size; x++, y++, size--)
        if (*x != *y)
            return *x - *y;
    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    return length;
}
