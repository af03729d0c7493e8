/*
 * Names for addresses, from the symbol tables of ELF files, or from a list such
 * as Linux's System.map. One table holds the names of one or several files;
 * symbol_sets.h says which tables hold where.
 *
 * Files may hold anything: what a table costs is bounded, whatever they say.
 */
#ifndef POGO_DEBUG_SYMBOLS_H
#define POGO_DEBUG_SYMBOLS_H

#include "machine/image.h"

/* So many names, and so many bytes of them, a table has at most. A name that is
   longer than SYMBOL_NAME_MAX bytes is cut. */
#define SYMBOLS_MAX      (1u << 22)
#define SYMBOLS_TEXT_MAX (256u << 20)
#define SYMBOL_NAME_MAX  1000

/* How far a symbol without a size reaches, bytes: labels in assembly, and the
   names of a list, have none. */
#define SYMBOL_REACH 65536

enum symbol_kind { SYMBOL_LABEL, SYMBOL_OBJECT, SYMBOL_FUNCTION };

struct symbol {
    uint64_t address, size; /* virtual; bytes, 0 if not known */
    const char *name;       /* the table's */
    uint8_t kind;           /* enum symbol_kind */
    bool local;             /* other files may have the same name */
};

struct symbol_text;

/* Begins as { 0 }. */
struct symbols {
    struct symbol *symbol;         /* in ascending order of address */
    const struct symbol **by_name; /* [count], in ascending order of name */
    size_t count, room;
    struct symbol_text *text; /* what the names lie in */
    size_t text_size;
};

/*
 * Adds what the ELF file `i` names: functions, labels and variables, `offset`
 * added to the address of each (modulo 2^64). Of a file that has lost its
 * symbol table those for the dynamic linker are taken. An image that is no ELF
 * file, that has not been linked, or has no symbols, adds nothing and is no
 * error. STATUS_NO_MEMORY; STATUS_TOO_BIG: there are more than the limits.
 */
enum status symbols_add(struct symbols *s, const struct image *i,
                        uint64_t offset);

/*
 * Adds the symbols of `i`, a list as nm writes it and Linux's System.map is: in
 * each line an address in hex, a letter for the kind, and a name. Kinds that
 * are no addresses (a, U, and $x for mapping) are left out. STATUS_BAD_FORMAT:
 * a line is something else, and *line says which, from 1. STATUS_NO_MEMORY,
 * STATUS_TOO_BIG.
 */
enum status symbols_add_list(struct symbols *s, const struct image *i,
                             uint64_t offset, unsigned *line);

/*
 * Adds the symbols of a file that a user has named, which is one or the other
 * and has some. Errors as above; e says in a sentence what is wrong with it.
 */
enum status symbols_add_file(struct symbols *s, const struct image *i,
                             uint64_t offset, struct error *e);
void symbols_free(struct symbols *s);

/*
 * The symbol that `address` belongs to: the last one at or before it if it
 * reaches as far, else the nearest before whose size does. NULL: none.
 */
const struct symbol *symbols_at(const struct symbols *s, uint64_t address);

/* Its name and, in *offset, how many bytes it begins before; NULL: none. */
const char *symbols_find(const struct symbols *s, uint64_t address,
                         uint64_t *offset);

/*
 * The function around `address`, [*first, *end): as the file has it or, where
 * that names no sizes, as far as the next symbol. False: none.
 */
bool symbols_bounds(const struct symbols *s, uint64_t address, uint64_t *first,
                    uint64_t *end);

/*
 * "name+0x12", "name", or "0x80001234" where there is no name (a symbol of
 * NULL), terminated, in buf. Returns the length, less than `size`.
 */
size_t symbols_format(const struct symbols *s, uint64_t address, char *buf,
                      size_t size);
size_t symbol_format(const struct symbol *symbol, uint64_t address, char *buf,
                     size_t size);

/* The address of `name`, if several have it of one that is not local; false if
   there is none. */
bool symbols_address(const struct symbols *s, const char *name,
                     uint64_t *address);

/* The first of by_name that is not before `name`: names that begin with it
   follow. */
size_t symbols_from(const struct symbols *s, const char *name);

#endif
