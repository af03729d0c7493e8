/*
 * Inside symbols*.c only: how a table is filled by those who read files.
 */
#ifndef POGO_DEBUG_SYMBOLS_TABLE_H
#define POGO_DEBUG_SYMBOLS_TABLE_H

#include "debug/symbols.h"

/*
 * Adds a symbol whose name is the first `length` bytes of `name`; `symbol`'s
 * own name is not looked at. A length of 0 adds nothing. STATUS_NO_MEMORY,
 * STATUS_TOO_BIG.
 */
enum status symbols_append(struct symbols *s, struct symbol symbol,
                           const char *name, size_t length);

/* Is it a name that a person would know? '$x' and the like mark code and data
   for disassemblers; '.L' is local to a function. */
bool symbols_wanted(const char *name, size_t length);

/* To be called when symbols have been appended, before any is looked for. */
enum status symbols_sort(struct symbols *s);

#endif
