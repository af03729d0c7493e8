#include "cli/text_layout.h"

#include <string.h>

/* ECMA-48, select graphic rendition. */
static const char *const codes[] = {
    [TEXT_PLAIN] = "",   [TEXT_BOLD] = "1",    [TEXT_RED] = "1;31",
    [TEXT_GREEN] = "32", [TEXT_YELLOW] = "33", [TEXT_FAINT] = "2",
};

/*
 * Bytes of the character that s begins with, or 1 if that is none; *good says
 * whether it may be printed: it is well formed and no control character
 * (U+0000-1F, U+7F-9F).
 */
static size_t character(const char *s, bool *good)
{
    const unsigned char *b = (const unsigned char *)s;
    size_t n = b[0] < 0x80                    ? 1
               : b[0] >= 0xc2 && b[0] <= 0xdf ? 2
               : b[0] >= 0xe0 && b[0] <= 0xef ? 3
               : b[0] >= 0xf0 && b[0] <= 0xf4 ? 4
                                              : 0;

    for (size_t k = 1; k < n; k++)
        if ((b[k] & 0xc0) != 0x80)
            n = 0;
    *good = n > 1 ? !(b[0] == 0xc2 && b[1] < 0xa0)
                  : n == 1 && b[0] >= 0x20 && b[0] != 0x7f;
    return n ? n : 1;
}

size_t text_width(const char *s)
{
    size_t width = 0;
    bool good;

    for (; *s; s += character(s, &good))
        width++;
    return width;
}

/* The first n bytes of s. */
static void put(struct text_out o, const char *s, size_t n)
{
    bool good;

    for (size_t k = 0; k < n;) {
        size_t length = character(s + k, &good);

        if (good)
            fwrite(s + k, 1, length, o.file);
        else
            putc('?', o.file);
        k += length;
    }
}

void text_put(struct text_out o, const char *s)
{
    put(o, s, strlen(s));
}

void text_begin(struct text_out o, enum text_colour c)
{
    if (o.colour && c != TEXT_PLAIN)
        fprintf(o.file, "\033[%sm", codes[c]);
}

void text_end(struct text_out o, enum text_colour c)
{
    if (o.colour && c != TEXT_PLAIN)
        fputs("\033[0m", o.file);
}

void text_colour(struct text_out o, enum text_colour c, const char *s)
{
    text_begin(o, c);
    text_put(o, s);
    text_end(o, c);
}

void text_cell(struct text_out o, enum text_colour c, const char *s,
               size_t width)
{
    size_t used = text_width(s);

    text_colour(o, c, s);
    fprintf(o.file, "%*s", used < width ? (int)(width - used) : 0, "");
}

/* Bytes of the first line of s that takes at most `room` columns (from 1): up
   to a space if there is one. `whole`: a word may not be broken. */
static size_t first_line(const char *s, size_t room, bool whole)
{
    size_t n = 0, space = 0;
    bool good;

    for (size_t used = 0; s[n]; used++) {
        if (s[n] == ' ')
            space = n;
        if (used == room)
            return space || whole ? space : n;
        n += character(s + n, &good);
    }
    return n;
}

void text_wrap(struct text_out o, const char *s, size_t at, size_t indent)
{
    for (;;) {
        size_t room = at < TEXT_COLUMNS ? TEXT_COLUMNS - at : 0;
        /* What does not fit after `at` may still fit in a line of its own. */
        size_t n = first_line(s, room, at > indent);

        put(o, s, n);
        putc('\n', o.file);
        s += n;
        s += strspn(s, " ");
        if (!*s)
            return;
        fprintf(o.file, "%*s", (int)indent, "");
        at = indent;
    }
}
