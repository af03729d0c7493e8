/* What the parts of the page of a verdict (verdict_html.h) have in common. */
#ifndef POGO_UI_VERDICT_HTML_INSIDE_H
#define POGO_UI_VERDICT_HTML_INSIDE_H

#include <stdio.h>

#include "check/verdict.h"

struct html_report {
    FILE *out;
    const struct verdict_report *r;
    size_t number; /* of the report in the page, from 1: part of all its ids */
    bool mixed;    /* verdict_is_mixed() */
};

/* The text, escaped, between `before` and `after`, which are HTML; nothing if
   it is NULL. */
void html_text(FILE *out, const char *before, const char *text,
               const char *after);

/* A sign for each truth: ✓ ✗ ?. */
const char *html_sign(enum truth t);

/* The reference of a witness: "#r1w3". */
void html_witness_href(const struct html_report *h, int index);

/* verdict_html_table.c: the legend, and a table for each class. */
void html_matrix(const struct html_report *h);

/* verdict_html_witness.c: all witnesses, each with its id. */
void html_witnesses(const struct html_report *h);

/* verdict_html_style.c: the whole of <head>. `title` is escaped here. */
void html_head(FILE *out, const char *title);
void html_script(FILE *out);

#endif
