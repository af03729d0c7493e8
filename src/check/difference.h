/*
 * What differs between two machines that have stopped: registers, CSRs, RAM,
 * console and disks, as data for whoever reports it.
 */
#ifndef POGO_CHECK_DIFFERENCE_H
#define POGO_CHECK_DIFFERENCE_H

#include "machine/board.h"
#include "machine/machine.h"
#include "vmm/vm.h"

/* What a side has written to its consoles so far; bytes are the maker's. */
struct side_output {
    uint8_t *bytes;
    size_t size;
};

/* One side of a comparison: a machine with its guest. */
struct side {
    struct machine *machine;
    struct board *board;
    struct vm *vm; /* the machine itself if it is virtual, else NULL */
    const struct side_output *output;
};

/* A register (number of reg_get) or a CSR (its own number) of one hart. */
struct difference_register {
    unsigned hart, number;
    bool is_csr;
    uint64_t value[2];
};

struct difference_word {
    uint64_t address; /* physical, a multiple of 8 */
    uint64_t value[2];
};

#define DIFFERENCE_REGISTERS 64
#define DIFFERENCE_WORDS     16

struct difference {
    uint64_t count[2];         /* the machines' */
    unsigned registers, words; /* that differ; of them the first … */
    struct difference_register reg[DIFFERENCE_REGISTERS];
    struct difference_word word[DIFFERENCE_WORDS]; /* … are here */
    uint64_t pages;                                /* of RAM that differ */
    bool console;      /* what was written differs … */
    size_t console_at; /* … from this byte on */
    int disk;          /* the first that differs, or -1 … */
    uint64_t disk_at;  /* … in this sector */
};

/* The two sides have the same number of harts, RAM and disks. */
void difference_find(const struct side side[2], struct difference *out);

/* Was nothing found? */
bool difference_none(const struct difference *d);

/* The parts of that which a caller may want alone. Where the consoles' output
   parts: at most the shorter one's size; equal to both sizes if nowhere. */
size_t difference_console(const struct side side[2]);
/* The first disk that differs, and its first such sector; -1: none. Reads all
   of them. */
int difference_disk(const struct side side[2], uint64_t *sector);

/* "a0", "ft0", "pc", "mode", "mstatus": always a name. */
const char *difference_name(const struct difference_register *r);

#endif
