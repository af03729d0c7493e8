#include "ui/tui/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TAB 8 /* columns */
#define ESC 0x1b
#define BEL 7

enum { OUTSIDE, AFTER_ESCAPE, IN_CSI, IN_OSC, ONE_MORE };

void tui_text_clear(struct tui_text *t)
{
    for (size_t k = 0; k < t->lines; k++)
        free(t->line[k].text);
    t->lines = 0;
    t->open = false;
}

void tui_text_free(struct tui_text *t)
{
    tui_text_clear(t);
    free(t->line);
    *t = (struct tui_text){ 0 };
}

/* A quarter at once, so that it need not be done for each line. */
static void drop_oldest(struct tui_text *t)
{
    size_t n = t->lines / 4;

    for (size_t k = 0; k < n; k++)
        free(t->line[k].text);
    t->lines -= n;
    memmove(t->line, t->line + n, t->lines * sizeof *t->line);
}

static struct tui_line *new_line(struct tui_text *t, unsigned style)
{
    struct tui_line *l;

    if (t->lines == TUI_TEXT_LINES)
        drop_oldest(t);
    if (t->lines == t->room) {
        size_t room = t->room ? 2 * t->room : 64;
        struct tui_line *more = realloc(t->line, room * sizeof *more);

        if (!more)
            return NULL;
        t->line = more;
        t->room = room;
    }
    l = &t->line[t->lines];
    *l = (struct tui_line){ .text = calloc(1, 1), .style = (uint8_t)style };
    if (!l->text)
        return NULL;
    t->lines++;
    return l;
}

static void append(struct tui_line *l, char ch)
{
    char *more = realloc(l->text, l->length + 2);

    if (!more)
        return;
    l->text = more;
    l->text[l->length++] = ch;
    l->text[l->length] = '\0';
}

void tui_text_say(struct tui_text *t, unsigned style, const char *format, ...)
{
    struct tui_line *l = new_line(t, style);
    char buf[TUI_TEXT_LINE];
    va_list args;

    t->open = false;
    if (!l)
        return;
    va_start(args, format);
    vsnprintf(buf, sizeof buf, format, args);
    va_end(args);
    for (const char *p = buf; *p; p++)
        append(l, *p);
}

/* ---- as a terminal ---- */

static struct tui_line *open_line(struct tui_text *t)
{
    if (t->open && t->lines && t->line[t->lines - 1].length < TUI_TEXT_LINE)
        return &t->line[t->lines - 1];
    t->open = true;
    return new_line(t, 0);
}

static bool is_continuation(char ch)
{
    return ((uint8_t)ch & 0xc0) == 0x80;
}

/* The last character, of as many bytes as it has. */
static void take_back(struct tui_line *l)
{
    while (l->length && is_continuation(l->text[l->length - 1]))
        l->length--;
    if (l->length)
        l->length--;
    l->text[l->length] = '\0';
}

/* True: the byte is part of a sequence (ECMA-48: ESC; CSI up to a byte from @
   on; OSC up to BEL or ESC \). */
static bool in_sequence(struct tui_text *t, uint8_t byte)
{
    switch (t->escape) {
    case AFTER_ESCAPE:
        t->escape = byte == '['                                 ? IN_CSI
                    : byte == ']'                               ? IN_OSC
                    : byte == '(' || byte == ')' || byte == '#' ? ONE_MORE
                                                                : OUTSIDE;
        return true;
    case IN_CSI:
        if (byte >= '@' && byte <= '~')
            t->escape = OUTSIDE;
        return true;
    case IN_OSC:
        if (byte == BEL || byte == ESC)
            t->escape = byte == ESC ? AFTER_ESCAPE : OUTSIDE;
        return true;
    case ONE_MORE:
        t->escape = OUTSIDE;
        return true;
    default:
        t->escape = byte == ESC ? AFTER_ESCAPE : OUTSIDE;
        return byte == ESC;
    }
}

static void put_byte(struct tui_text *t, uint8_t byte)
{
    struct tui_line *l;

    if (in_sequence(t, byte))
        return;
    if (byte == '\n') {
        open_line(t);
        t->open = t->returned = false;
        return;
    }
    if (byte == '\r')
        t->returned = true;
    if ((byte < ' ' && byte != '\t' && byte != '\b') || byte == 0x7f)
        return;
    l = open_line(t);
    if (!l)
        return;
    if (t->returned) /* the line is written anew */
        l->text[l->length = 0] = '\0';
    t->returned = false;
    if (byte == '\b')
        take_back(l);
    else if (byte == '\t')
        do
            append(l, ' ');
        while (l->length % TAB);
    else
        append(l, (char)byte);
}

void tui_text_put(struct tui_text *t, const uint8_t *bytes, size_t n)
{
    for (size_t k = 0; k < n; k++)
        put_byte(t, bytes[k]);
}
