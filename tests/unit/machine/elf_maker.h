/* Small ELF files and boards for the tests of the loaders. */
#ifndef POGO_TESTS_ELF_MAKER_H
#define POGO_TESTS_ELF_MAKER_H

#include <elf.h>

#include "machine/board.h"

#define MADE_SEGMENTS 2
#define MADE_BYTES 16 /* in the file, of each segment */

/* A file as it lies on disk; tests spoil its fields before they load it. */
struct made_elf {
    Elf64_Ehdr header;
    Elf64_Phdr segment[MADE_SEGMENTS];
    uint8_t bytes[MADE_SEGMENTS][MADE_BYTES];
};

/* An executable for RISC-V with two segments, at the start of RAM and 64 KiB
   behind it; the second has 32 bytes of bss. Virtual addresses are physical
   ones plus MADE_OFFSET; the entry is 4 bytes into the second. */
#define MADE_OFFSET UINT64_C(0xffffffff00000000)
struct made_elf make_elf(void);

/* A board of `memory` bytes with one hart and nothing on it. */
void make_board(struct board *b, uint64_t memory);

#endif
