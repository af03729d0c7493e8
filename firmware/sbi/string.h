/* The four functions a C compiler takes for granted, and strlen. */
#ifndef SBI_STRING_H
#define SBI_STRING_H

#include <stddef.h>

void *memset(void *to, int byte, size_t size);
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
int memcmp(const void *a, const void *b, size_t size);
size_t strlen(const char *text);

#endif
