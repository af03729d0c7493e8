/* The table of programs, at the start of the user image. */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include <stdint.h>

struct program {
    char name[16];  /* "" ends the table */
    uint64_t entry; /* virtual address */
    uint64_t needs_fp;
};

#endif
