/*
 * The flattened device tree (Devicetree Specification 0.4) that tells firmware
 * and operating systems what the machine has. It is made from the board
 * itself: its harts, its RAM, its table of devices.
 */
#ifndef POGO_MACHINE_FDT_H
#define POGO_MACHINE_FDT_H

#include "machine/board.h"
#include "machine/image.h"

/* What goes into /chosen beside what the board says. */
struct fdt_chosen {
    const char *append; /* bootargs; NULL: none */
    uint64_t initrd_start, initrd_end; /* physical; equal: none */
};

/*
 * Builds the tree of `b` in `buf`; its length is then fdt_length(buf).
 * STATUS_TOO_BIG: `size` bytes are not enough (64 KiB are, but for a very long
 * `append`).
 */
enum status fdt_build(const struct board *b, const struct fdt_chosen *c,
                      void *buf, size_t size);

/*
 * Takes the tree of a file instead: it is checked in full, copied into `buf`
 * and given c's properties (those that are there). STATUS_BAD_FORMAT,
 * STATUS_TOO_BIG.
 */
enum status fdt_adopt(const struct image *dtb, const struct fdt_chosen *c,
                      void *buf, size_t size, struct error *e);

/* Bytes of the finished tree in `buf`. */
size_t fdt_length(const void *buf);

#endif
