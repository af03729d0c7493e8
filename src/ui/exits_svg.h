/*
 * A picture of how efficiently a virtual machine ran (check/efficiency.h): its
 * exits over time by class, the share of instructions that ran directly, and
 * where the host's time went. One SVG 1.1 file that needs nothing else: no
 * script, no font, no network. Where a reader shows the titles of elements, as
 * browsers do, each interval has its numbers.
 *
 * Colours: Paul Tol's "muted" scheme, which readers with any of the usual
 * colour deficiencies can tell apart.
 */
#ifndef POGO_UI_EXITS_SVG_H
#define POGO_UI_EXITS_SVG_H

#include <stdio.h>

#include "check/efficiency.h"

struct exits_picture {
    const char *title;   /* which guest, on which machine */
    const char *verdict; /* one sentence or two */
    double at_least;     /* the share of direct instructions to mark, percent */
    const struct efficiency *efficiency; /* that has ended */
};

/* Writes it; whether `out` took it all, the caller asks ferror(). */
void exits_svg_write(FILE *out, const struct exits_picture *p);

#endif
