/*
 * A hart's address translation as a picture (SVG 1.1): the guest's leaves, the
 * pages behind them, and the shadow leaves, in three columns with links.
 */
#ifndef POGO_UI_PAGE_TABLES_SVG_H
#define POGO_UI_PAGE_TABLES_SVG_H

#include <stdio.h>

#include "debug/page_tables.h"

/* Of the guest's rows, folded, the first so many are drawn. */
#define PAGE_TABLES_SVG_ROWS 64

/* Writes a whole file. `title` is its headline. STATUS_IO, STATUS_NO_MEMORY. */
enum status page_tables_svg(const struct page_tables *t, const char *title,
                            FILE *out);

#endif
