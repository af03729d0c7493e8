#include "ui/tui/screen.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

bool tui_screen_resize(struct tui_screen *s, unsigned rows, unsigned columns)
{
    struct tui_cell *cell = calloc((size_t)rows * columns + 1, sizeof *cell);

    if (!cell)
        return false;
    free(s->cell);
    *s = (struct tui_screen){ .rows = rows, .columns = columns, .cell = cell };
    tui_screen_clear(s);
    return true;
}

void tui_screen_clear(struct tui_screen *s)
{
    for (size_t k = 0; k < (size_t)s->rows * s->columns; k++)
        s->cell[k] = (struct tui_cell){ ' ', TUI_PLAIN };
    s->typing = false;
}

void tui_screen_free(struct tui_screen *s)
{
    free(s->cell);
    *s = (struct tui_screen){ 0 };
}

struct tui_area tui_screen_all(struct tui_screen *s)
{
    return (struct tui_area){ s, 0, 0, s->rows, s->columns };
}

static struct tui_cell *cell_at(const struct tui_area *a, unsigned row,
                                unsigned column)
{
    if (row >= a->rows || column >= a->columns ||
        a->row + row >= a->screen->rows ||
        a->column + column >= a->screen->columns)
        return NULL;
    return &a->screen->cell[(size_t)(a->row + row) * a->screen->columns +
                            a->column + column];
}

/* ---- UTF-8 ---- */

/* How many bytes follow the first one of a character. */
static unsigned followers(uint8_t first)
{
    return first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
}

/* The character at *text, which goes on behind it; '?' for what is none, and
   for control characters, which could steer a terminal. */
static uint32_t next_character(const char **text)
{
    const uint8_t *p = (const uint8_t *)*text;
    unsigned n = followers(*p);
    uint32_t ch = n == 0 ? *p : *p & (0x3fu >> n);

    *text += 1;
    if (n == 0 ? *p < ' ' || *p > '~' : *p > 0xf4)
        return '?';
    for (unsigned k = 1; k <= n; k++) {
        if ((p[k] & 0xc0) != 0x80)
            return '?';
        ch = ch << 6 | (p[k] & 0x3fu);
    }
    *text += n;
    return ch < 0xa0 && n ? '?' : ch;
}

unsigned tui_width(const char *text)
{
    unsigned n = 0;

    for (; *text; n++)
        next_character(&text);
    return n;
}

/* ---- text ---- */

unsigned tui_put(const struct tui_area *a, unsigned row, unsigned column,
                 unsigned style, const char *text)
{
    while (*text) {
        uint32_t ch = next_character(&text);
        struct tui_cell *c = cell_at(a, row, column);

        if (!c)
            return column;
        if (column + 1 == a->columns && *text)
            ch = '~';
        *c = (struct tui_cell){ ch, (uint8_t)style };
        column++;
    }
    return column;
}

unsigned tui_print(const struct tui_area *a, unsigned row, unsigned column,
                   unsigned style, const char *format, ...)
{
    char buf[512];
    va_list args;

    va_start(args, format);
    vsnprintf(buf, sizeof buf, format, args);
    va_end(args);
    return tui_put(a, row, column, style, buf);
}

void tui_put_right(const struct tui_area *a, unsigned row, unsigned style,
                   const char *text)
{
    unsigned width = tui_width(text);

    tui_put(a, row, width < a->columns ? a->columns - width : 0, style, text);
}

unsigned tui_put_hex(const struct tui_area *a, unsigned row, unsigned column,
                     unsigned style, uint64_t v)
{
    char digits[17];
    unsigned zeros = 0;

    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)v);
    while (zeros < 15 && digits[zeros] == '0')
        zeros++;
    for (unsigned k = 0; k < 16; k++)
        tui_put(a, row, column + k,
                k < zeros && style == TUI_PLAIN ? TUI_FAINT : style,
                (char[]){ digits[k], '\0' });
    return column + 16;
}

void tui_fill(const struct tui_area *a, unsigned row, unsigned style,
              uint32_t ch)
{
    for (unsigned k = 0; k < a->columns; k++) {
        struct tui_cell *c = cell_at(a, row, k);

        if (c)
            *c = (struct tui_cell){ ch, (uint8_t)style };
    }
}

void tui_highlight(const struct tui_area *a, unsigned row, unsigned add)
{
    for (unsigned k = 0; k < a->columns; k++) {
        struct tui_cell *c = cell_at(a, row, k);

        if (c)
            c->style = (uint8_t)(c->style | add);
    }
}

/* ---- for tests ---- */

static size_t encode(uint32_t ch, char *to)
{
    if (ch < 0x80) {
        to[0] = (char)ch;
        return 1;
    }
    if (ch < 0x800) {
        to[0] = (char)(0xc0 | ch >> 6);
        to[1] = (char)(0x80 | (ch & 0x3f));
        return 2;
    }
    to[0] = (char)(0xe0 | ch >> 12);
    to[1] = (char)(0x80 | (ch >> 6 & 0x3f));
    to[2] = (char)(0x80 | (ch & 0x3f));
    return 3;
}

size_t tui_screen_row(const struct tui_screen *s, unsigned row, char *buf,
                      size_t size)
{
    size_t n = 0, end = 0;

    for (unsigned k = 0; k < s->columns && n + 4 < size; k++) {
        uint32_t ch = s->cell[(size_t)row * s->columns + k].ch;

        n += encode(ch, buf + n);
        if (ch != ' ')
            end = n;
    }
    buf[end] = '\0';
    return end;
}
