/*
 * Source lines for addresses, and addresses for source lines, from the line
 * tables (DWARF 2 to 5, section .debug_line) of ELF files; read through libdw.
 *
 * Files may hold anything: what a table costs is bounded by the limits here,
 * and while it is read, by some fifty bytes for each byte of .debug_line.
 */
#ifndef POGO_DEBUG_LINES_H
#define POGO_DEBUG_LINES_H

#include "machine/image.h"

#define LINES_MAX         (1u << 24)           /* rows */
#define LINES_FILES_MAX   (1u << 20)           /* names of files */
#define LINES_SECTION_MAX (UINT64_C(64) << 20) /* bytes of .debug_line */
#define LINES_DEBUG_MAX   (UINT64_C(2) << 30)  /* of all debug sections */

#define LINES_NO_FILE UINT32_MAX /* here a sequence of instructions ends */

/* From `address` to that of the next row. */
struct line_row {
    uint64_t address;
    uint32_t file;  /* its number, or LINES_NO_FILE */
    uint32_t line;  /* from 1; 0: of no line */
    uint32_t order; /* of several at one address the last counts */
};

/* Begins as { 0 }. */
struct lines {
    struct line_row *row;            /* in ascending order of address */
    const struct line_row **by_line; /* [rows], by file, line, address */
    size_t rows, room;
    char **file; /* [files]: names, with the path that the compiler had */
    uint32_t files;
    uint32_t *slot; /* [slots], a power of two: numbers + 1, by hash of name */
    uint32_t slots;
};

/*
 * Adds the lines of the ELF file `i`, `offset` added to their addresses (modulo
 * 2^64). Of a damaged file what can be read is added. A file without lines adds
 * nothing and is no error. STATUS_NO_MEMORY; STATUS_TOO_BIG: there are more
 * than the limits; then some may have been added.
 */
enum status lines_add(struct lines *l, const struct image *i, uint64_t offset);
void lines_free(struct lines *l);

struct source_line {
    const char *file; /* the table's */
    unsigned line;
};

/* The line that the instruction at `address` was made from. False: unknown. */
bool lines_find(const struct lines *l, uint64_t address,
                struct source_line *out);

/*
 * Where the code of a line begins: its addresses in ascending order, at most
 * `room` of them, to `out`; returns how many these are. `file` is the end of a
 * path ("trap.c", "kernel/trap.c"). If that line has no code, the next one of
 * such a file that has is taken, and *line says which.
 */
size_t lines_addresses(const struct lines *l, const char *file, unsigned *line,
                       uint64_t *out, size_t room);

#endif
