/*
 * Text for a terminal or a file: columns, paragraphs, colour. A character of
 * UTF-8 counts as one column. What is printed may come from a user's file:
 * control characters, which could steer a terminal, and bytes that are not
 * UTF-8 are shown as '?'.
 */
#ifndef POGO_CLI_TEXT_LAYOUT_H
#define POGO_CLI_TEXT_LAYOUT_H

#include <stdio.h>

#include "base/bits.h"

enum text_colour {
    TEXT_PLAIN,
    TEXT_BOLD,
    TEXT_RED,
    TEXT_GREEN,
    TEXT_YELLOW,
    TEXT_FAINT,
};

/* Where it goes, and whether in colour (to a terminal only). */
struct text_out {
    FILE *file;
    bool colour;
};

/* Columns that s takes. */
size_t text_width(const char *s);

void text_put(struct text_out o, const char *s);
void text_colour(struct text_out o, enum text_colour c, const char *s);

/* What is printed between them is of the colour. */
void text_begin(struct text_out o, enum text_colour c);
void text_end(struct text_out o, enum text_colour c);

/* s, and spaces up to `width` columns; what is longer is not cut. */
void text_cell(struct text_out o, enum text_colour c, const char *s,
               size_t width);

/*
 * s as a paragraph that ends with a newline: the first line begins in column
 * `at` (what stands before is printed already), the others are indented by
 * `indent`; none is longer than TEXT_COLUMNS if a word is not. A word that is
 * longer than a line is broken.
 */
#define TEXT_COLUMNS 100
void text_wrap(struct text_out o, const char *s, size_t at, size_t indent);

#endif
