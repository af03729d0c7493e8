/* The first instructions that every hart executes, in the boot ROM. */
#ifndef POGO_MACHINE_RESET_VECTOR_H
#define POGO_MACHINE_RESET_VECTOR_H

#include "devices/rom.h"

/*
 * Writes the program that sets a0 to the hart id, a1 to the address `dtb` and
 * a2 to the address of a struct fw_dynamic_info (OpenSBI, fw_dynamic.h) which
 * names `next` as what to start in S-mode; and then jumps to `entry`. The ROM
 * is at BOARD_ROM_BASE.
 */
enum status reset_vector_write(struct rom *rom, uint64_t entry, uint64_t dtb,
                               uint64_t next);

#endif
