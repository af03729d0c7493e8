/*
 * Reports (check/verdict.h) as one page of HTML that needs nothing else: no
 * network, no font, and a script of a few lines that it works without. For each
 * report the verdict, theorems and conditions, a matrix of instructions and
 * properties whose cells lead to their witnesses, and the witnesses, both
 * states side by side. Right on a screen of 400 pixels and of 1280, light and
 * dark; letters and signs say all that colours say.
 *
 * Texts may come from a user's file: all are escaped, and the page forbids
 * itself any script but its own and any request (Content-Security-Policy).
 */
#ifndef POGO_UI_VERDICT_HTML_H
#define POGO_UI_VERDICT_HTML_H

#include <stdio.h>

#include "check/verdict.h"

/* Writes n reports (from 1). Whether `out` took it all, the caller asks
   ferror(). */
void verdict_html_write(FILE *out, const struct verdict_report *r, size_t n);

#endif
