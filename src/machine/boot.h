/*
 * What a machine finds in its memory when it comes out of reset: firmware,
 * kernel, initial RAM disk, device tree and the boot ROM. Everything goes where
 * QEMU's `virt` puts it, at addresses that depend on nothing but the files and
 * the board's configuration:
 *
 *   0x00001000  boot ROM: a0 = hart id, a1 = device tree, a2 = information for
 *               OpenSBI's fw_dynamic; jumps to the firmware
 *   0x80000000  firmware (or, without one, the kernel, in M-mode)
 *   0x80200000  kernel: the first 2 MiB boundary behind the firmware
 *   half of RAM, at most 128 MiB, behind the kernel's start: initial RAM disk,
 *               or lower if it does not fit there
 *   top of RAM, at most 3 GiB: device tree, on a 2 MiB boundary if possible
 *
 * ELF files go where they say instead.
 */
#ifndef POGO_MACHINE_BOOT_H
#define POGO_MACHINE_BOOT_H

#include "machine/load.h"

struct boot_options {
    const struct image *bios;   /* NULL: none */
    const struct image *kernel; /* NULL: none; one of the two is needed */
    const struct image *initrd; /* `initrds` of them, one behind the other,
                                   each padded to 4 bytes as cpio wants it */
    unsigned initrds;
    const char *append;         /* kernel command line; NULL: none */
    const struct image *dtb;    /* NULL: generated from the board */
};

/* Where everything came to lie; a part that is absent has start == end. */
struct boot_layout {
    struct loaded bios, kernel;
    uint64_t initrd_start, initrd_end;
    uint64_t dtb_start, dtb_end;
    uint64_t entry; /* where the boot ROM jumps to */
};

/*
 * Fills the RAM and boot ROM of `b`, whose RAM must be all zero. The harts are
 * to start at BOARD_ROM_BASE in M-mode. STATUS_BAD_ARGUMENT, STATUS_BAD_FORMAT,
 * STATUS_TOO_BIG, STATUS_NO_MEMORY, with a sentence in *e. `out` may be NULL.
 */
enum status machine_boot(struct board *b, const struct boot_options *o,
                         struct boot_layout *out, struct error *e);

#endif
