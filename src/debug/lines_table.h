/*
 * Inside lines*.c only: how a table is filled by who reads files.
 */
#ifndef POGO_DEBUG_LINES_TABLE_H
#define POGO_DEBUG_LINES_TABLE_H

#include "debug/lines.h"

/* The number of the file of that name, which is given one if need be.
   STATUS_NO_MEMORY, STATUS_TOO_BIG. */
enum status lines_file(struct lines *l, const char *name, uint32_t *number);

/* STATUS_NO_MEMORY, STATUS_TOO_BIG. */
enum status lines_append(struct lines *l, struct line_row row);

/* To be called when rows have been appended, before any is looked for. */
enum status lines_sort(struct lines *l);

#endif
