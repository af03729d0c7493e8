/* Inside the tables only: how a row is written. */
#ifndef POGO_DEBUG_GDB_OSDATA_H
#define POGO_DEBUG_GDB_OSDATA_H

#include "debug/debugger.h"

/* Between these, the columns of one row, the same ones in all rows. */
void osdata_begin_row(const struct text_sink *out);
void osdata_column(const struct text_sink *out, const char *title,
                   const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void osdata_end_row(const struct text_sink *out);

/* Writes all rows of a table. */
typedef void osdata_rows(struct debugger *d, const struct text_sink *out);
osdata_rows osdata_worlds, osdata_traps, osdata_vms, osdata_exits,
    osdata_shadow;

#endif
