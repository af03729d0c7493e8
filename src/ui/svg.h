/*
 * The few parts that a picture in SVG 1.1 is put together from: text, axes that
 * are divided at round numbers, numbers short enough for them. Lengths are
 * pixels, from the upper left corner.
 */
#ifndef POGO_UI_SVG_H
#define POGO_UI_SVG_H

#include <stdio.h>

#include "base/bits.h"

/* Begins a picture of that size, on white; its style sheet has the classes that
   are used here: svg.c. svg_end ends it. */
void svg_begin(FILE *out, unsigned width, unsigned height);
void svg_end(FILE *out);

/* The text with what XML reserves written as references; control characters,
   which XML does not have, as spaces. */
void svg_escape(FILE *out, const char *text);

/* A line of text in the style sheet's class `style`. */
void svg_text(FILE *out, double x, double y, const char *style,
              const char *text);

/*
 * `text` broken into lines of at most `width` characters (from 1), at spaces
 * where there are some, and of at most `lines` lines: the last then ends in an
 * ellipsis. The first line's baseline is y, each next one's `leading` lower.
 * Returns the number of lines.
 */
unsigned svg_paragraph(FILE *out, double x, double y, double leading,
                       unsigned width, unsigned lines, const char *style,
                       const char *text);

/* The smallest of 1, 2, 5 times a power of ten by which [0, span] is divided
   into `parts` at most; 1 if span is not more than 0. */
double svg_step(double span, unsigned parts);

#define SVG_NUMBER 24

/* "0", "950", "12.5 k", "1.2 M", "3 G": at most three digits, in buf of
   SVG_NUMBER bytes, which it returns. v is not negative. */
const char *svg_number(double v, char *buf);

/* "12 ns", "3.4 µs", "1.2 s". */
const char *svg_time(double ns, char *buf);

#endif
