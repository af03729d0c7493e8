/* Hexadecimal digits, as gdb's packets have numbers and bytes. */
#ifndef POGO_DEBUG_GDB_HEX_H
#define POGO_DEBUG_GDB_HEX_H

#include "base/bits.h"

/* Its value; -1: it is none. */
static inline int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* 2 * n digits; no 0 behind them. */
static inline void hex_put(char *to, const void *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *from = bytes;

    for (size_t i = 0; i < n; i++) {
        *to++ = digits[from[i] >> 4];
        *to++ = digits[from[i] & 15];
    }
}

#endif
