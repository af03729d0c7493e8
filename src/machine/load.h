/*
 * Puts programs into a board's RAM. Three kinds are recognised by their first
 * bytes: ELF (System V ABI; segments go to their physical addresses), the Linux
 * kernel's Image (Documentation/arch/riscv/boot-image-header.rst), and
 * anything else, which is copied as it is.
 */
#ifndef POGO_MACHINE_LOAD_H
#define POGO_MACHINE_LOAD_H

#include "machine/board.h"
#include "machine/image.h"

enum load_kind { LOAD_RAW, LOAD_ELF, LOAD_LINUX };

/* Where a program came to lie: [start, end), physical, and where it begins. */
struct loaded {
    enum load_kind kind;
    uint64_t start, end; /* with memory it needs but the file has not (bss) */
    uint64_t entry;
};

enum load_kind load_kind(const struct image *i);

/*
 * Loads `i`. A Linux Image (`base` must be a multiple of 2 MiB) and a raw
 * program go to `base`; an ELF file goes where it says. RAM is taken to be zero
 * where a segment has no bytes in the file. Works on any board, a virtual
 * machine's too.
 * STATUS_BAD_FORMAT: the file is malformed or for another machine;
 * STATUS_TOO_BIG: it does not fit into RAM where it has to go. RAM may then
 * hold parts of it.
 */
enum status load_program(struct board *b, const struct image *i, uint64_t base,
                         struct loaded *out, struct error *e);

/* The ELF part of it. */
enum status load_elf(struct board *b, const struct image *i,
                     struct loaded *out, struct error *e);

/* Copies `size` bytes to `pa`; the status is STATUS_TOO_BIG if they do not fit,
   and `what` names them in the message. */
enum status load_bytes(struct board *b, const char *what, const void *bytes,
                       uint64_t size, uint64_t pa, struct error *e);

#endif
