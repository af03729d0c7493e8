/*
 * The names of a world as an ELF file that holds nothing but its symbols, for
 * debuggers that read no list such as System.map.
 */
#ifndef POGO_DEBUG_SYMBOL_FILE_H
#define POGO_DEBUG_SYMBOL_FILE_H

#include "debug/symbol_sets.h"

/*
 * What holds at that level in all address spaces. Returns a descriptor, to read
 * from its beginning, that the caller closes; -1: there are no names, or no
 * memory for it.
 */
int symbol_file_make(const struct symbol_sets *s, unsigned level);

#endif
