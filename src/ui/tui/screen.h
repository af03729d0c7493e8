/*
 * What a text screen shows, as a grid of characters with styles; and text put
 * into a rectangle of it. Nothing here knows of a terminal (terminal.h does).
 */
#ifndef POGO_UI_TUI_SCREEN_H
#define POGO_UI_TUI_SCREEN_H

#include <stddef.h>

#include "base/bits.h"

/* What a character is, rather than how it looks: a terminal without colour
   shows them too, with what it has. */
enum tui_style {
    TUI_PLAIN,
    TUI_FAINT,   /* of less weight: leading zeros, source lines */
    TUI_BAR,     /* a whole line that divides the screen */
    TUI_CHOSEN,  /* in a bar: the chosen one of several */
    TUI_NAME,    /* a symbol that heads what follows */
    TUI_HERE,    /* the instruction at pc */
    TUI_BREAK,   /* a stop point */
    TUI_CHANGED, /* is not what it was at the last stop */
    TUI_ALARM,   /* something is wrong */
    TUI_STYLES,
    TUI_CURSOR = 0x80, /* with any of them: the cursor is on it */
};

#define TUI_ACROSS 0x2500u /* ─ */
#define TUI_DOWN   0x2502u /* │ */

struct tui_cell {
    uint32_t ch; /* a character of Unicode that takes one column */
    uint8_t style;
};

/* Begins as { 0 }. */
struct tui_screen {
    unsigned rows, columns;
    struct tui_cell *cell; /* [rows * columns] */
    bool typing;           /* the terminal's cursor is to be seen … */
    unsigned cursor_row, cursor_column; /* … here */
};

/* A screen of that size, empty. False: out of memory; it is as it was. */
bool tui_screen_resize(struct tui_screen *s, unsigned rows, unsigned columns);
void tui_screen_clear(struct tui_screen *s);
void tui_screen_free(struct tui_screen *s);

/* A rectangle of it. Nothing that is put there is seen outside. */
struct tui_area {
    struct tui_screen *screen;
    unsigned row, column, rows, columns;
};

struct tui_area tui_screen_all(struct tui_screen *s);

/*
 * Text in UTF-8 at a place of the area. What does not fit ends in '~'; what is
 * no printable character is shown as '?'. Returns the column behind it.
 */
unsigned tui_put(const struct tui_area *a, unsigned row, unsigned column,
                 unsigned style, const char *text);
unsigned tui_print(const struct tui_area *a, unsigned row, unsigned column,
                   unsigned style, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* The same text so that it ends at the right edge. */
void tui_put_right(const struct tui_area *a, unsigned row, unsigned style,
                   const char *text);

/* 16 hexadecimal digits; leading zeros are faint. */
unsigned tui_put_hex(const struct tui_area *a, unsigned row, unsigned column,
                     unsigned style, uint64_t v);

/* A whole row of the area becomes `ch` in that style. */
void tui_fill(const struct tui_area *a, unsigned row, unsigned style,
              uint32_t ch);
/* … or only its style changes: `add` is or-ed. */
void tui_highlight(const struct tui_area *a, unsigned row, unsigned add);

/* Columns that the text takes. */
unsigned tui_width(const char *text);

/* A row as text (UTF-8, terminated, without spaces at its end), for tests. */
size_t tui_screen_row(const struct tui_screen *s, unsigned row, char *buf,
                      size_t size);

#endif
