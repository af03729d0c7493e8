/*
 * Lines of text that are kept: what the guest has said, what a command has
 * answered, what a pane has to show. The oldest are given up.
 */
#ifndef POGO_UI_TUI_TEXT_H
#define POGO_UI_TUI_TEXT_H

#include <stddef.h>

#include "base/bits.h"

#define TUI_TEXT_LINES 2000 /* at most, by default */
#define TUI_TEXT_LINE  1000 /* bytes of one; the rest goes to another */

struct tui_line {
    char *text;
    size_t length;
    uint8_t style; /* enum tui_style */
};

/* Begins as { 0 }. */
struct tui_text {
    struct tui_line *line; /* [lines] */
    size_t lines, room;
    bool open;      /* the last one is not ended */
    bool returned;  /* a carriage return was the last byte of it */
    uint8_t escape; /* in the middle of a terminal's sequence: how far */
};

/* A line of its own. Lacking memory, it is lost. */
void tui_text_say(struct tui_text *t, unsigned style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Bytes as a terminal would get them: newlines end lines; of what steers a
   terminal a tab, a carriage return and a backspace are obeyed, and the rest
   dropped. */
void tui_text_put(struct tui_text *t, const uint8_t *bytes, size_t n);

void tui_text_clear(struct tui_text *t);
void tui_text_free(struct tui_text *t);

#endif
