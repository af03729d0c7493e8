/*
 * Which symbols hold where. A guest's kernel, its firmware, and each program
 * that runs in it have symbols of their own, and at one address several may be:
 * what counts is the machine (its level), and for a program the address space.
 *
 * Levels are those of machines on top of one another: 0 is the bare one, and
 * the guest's is the topmost. A machine below runs the guest's code, too, in
 * its U-mode: what it has no symbols of its own for goes by those above.
 */
#ifndef POGO_DEBUG_SYMBOL_SETS_H
#define POGO_DEBUG_SYMBOL_SETS_H

#include "base/error.h"
#include "debug/lines.h"
#include "debug/symbols.h"

/* Where a set holds. */
struct symbol_scope {
    unsigned level; /* of the machine */
    /* In address spaces whose satp has these bits where the mask has ones: the
       root of the page table, or an ASID, or all of it. A mask of 0: in all,
       and where nothing is translated. */
    uint64_t satp, satp_mask;
};

/* Where someone looks. satp is 0 where nothing is translated. */
struct symbol_place {
    unsigned level;
    uint64_t satp;
    uint64_t va;
};

struct symbol_set;

/* Begins as { 0 }. */
struct symbol_sets {
    struct symbol_set *set; /* those of address spaces come first */
};

/*
 * Adds the symbols of `i` where `scope` says, `offset` added to their
 * addresses; to those that hold there already, if there are. What is no ELF
 * file or has no symbols adds nothing. STATUS_NO_MEMORY, STATUS_TOO_BIG.
 */
enum status symbol_sets_add(struct symbol_sets *s, struct symbol_scope scope,
                            const struct image *i, uint64_t offset);

/*
 * The same for a file that a user has named: ELF, or a list like System.map.
 * The source lines of an ELF file are read when they are first asked for, from
 * the file of that name. Errors of symbols_add_file, of image_read; e says
 * which.
 */
enum status symbol_sets_add_file(struct symbol_sets *s,
                                 struct symbol_scope scope, const char *path,
                                 uint64_t offset, struct error *e);

/* Takes away what was added for the address spaces of `scope`: a program has
   ended, and another may have its space. */
void symbol_sets_drop(struct symbol_sets *s, struct symbol_scope scope);
void symbol_sets_free(struct symbol_sets *s);

/* The tables that hold at that level in all address spaces, those that count
   first; returns how many there are. */
#define SYMBOL_TABLES_MAX 8
unsigned symbol_sets_tables(const struct symbol_sets *s, unsigned level,
                            const struct symbols *table[SYMBOL_TABLES_MAX]);

/* The symbol at a place; NULL: none. */
const struct symbol *symbol_sets_at(const struct symbol_sets *s,
                                    struct symbol_place p);

/* "name+0x12", or "0x80001234": symbols_format at a place. */
size_t symbol_sets_format(const struct symbol_sets *s, struct symbol_place p,
                          char *buf, size_t size);

/* The function around a place, as symbols_bounds. */
bool symbol_sets_bounds(const struct symbol_sets *s, struct symbol_place p,
                        uint64_t *first, uint64_t *end);

/* The address of `name`, as it is seen from a place (whose va is not looked
   at). */
bool symbol_sets_address(const struct symbol_sets *s, struct symbol_place p,
                         const char *name, uint64_t *address);

/* Calls `each` with the symbols whose names begin with `text`, of every set, as
   long as it returns true. */
void symbol_sets_each(const struct symbol_sets *s, const char *text,
                      bool (*each)(void *context, const struct symbol *symbol),
                      void *context);

/* The source line at a place, and the addresses of one, as in lines.h. */
bool symbol_sets_line(struct symbol_sets *s, struct symbol_place p,
                      struct source_line *out);
size_t symbol_sets_line_addresses(struct symbol_sets *s, struct symbol_place p,
                                  const char *file, unsigned *line,
                                  uint64_t *out, size_t room);

#endif
