/*
 * Names for addresses, from the symbol tables of the ELF files that were
 * loaded, or from a list such as Linux's System.map.
 */
#ifndef POGO_DEBUG_SYMBOLS_H
#define POGO_DEBUG_SYMBOLS_H

#include "machine/image.h"

struct symbol {
    uint64_t address, size; /* virtual; bytes, 0 if not known */
    char *name;             /* owned by the table */
};

/* Begins as { 0 }. */
struct symbols {
    struct symbol *symbol; /* in ascending order of address */
    size_t count, room;
};

/*
 * Adds what the ELF file `i` names: functions, labels and variables. An image
 * that is no ELF file, or has no symbols, adds nothing and is no error.
 * STATUS_NO_MEMORY.
 */
enum status symbols_add(struct symbols *s, const struct image *i);

/*
 * Adds the symbols of `i`, a list as nm writes it and Linux's System.map is: in
 * each line an address in hex, a letter for the kind, and a name. Kinds that are
 * no addresses (a, U, and $x for mapping) are left out. STATUS_BAD_FORMAT: a
 * line is something else, and *line says which, from 1. STATUS_NO_MEMORY.
 */
enum status symbols_add_list(struct symbols *s, const struct image *i,
                             unsigned *line);
void symbols_free(struct symbols *s);

/*
 * The name of the last symbol at or before `address` and, in *offset, how many
 * bytes before; NULL if there is none, or if `address` lies outside it.
 */
const char *symbols_find(const struct symbols *s, uint64_t address,
                         uint64_t *offset);

/*
 * "name+0x12", "name", or "0x80001234" where there is no name, terminated, in
 * buf. Returns the length, less than `size`.
 */
size_t symbols_format(const struct symbols *s, uint64_t address, char *buf,
                      size_t size);

/* The address of `name`; false if there is none. */
bool symbols_address(const struct symbols *s, const char *name,
                     uint64_t *address);

#endif
