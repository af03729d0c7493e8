/*
 * Going through code from one instruction to the next, looking for those that a
 * rule is about. Where no instruction begins, the sweep goes on 1 byte further
 * (x86), 2 (Thumb, RISC-V) or 4, which is counted: it is lost, or in data.
 */
#ifndef POGO_CHECK_SCAN_SWEEP_H
#define POGO_CHECK_SCAN_SWEEP_H

#include "check/scan/input.h"

/* Who found a site; a set of these. */
enum scan_way { SCAN_LINEAR = 1, SCAN_GUIDED = 2 };

struct scan_site {
    uint64_t address; /* virtual; of an object file, in the file */
    size_t offset;    /* within scan_input.bytes */
    const struct scan_rule *rule;
    uint16_t code;  /* index of the piece it is in; the last if too many */
    uint8_t isa;    /* enum scan_isa */
    uint8_t length; /* bytes */
    uint8_t ways;   /* set of enum scan_way */
};

struct scan_sites {
    struct scan_site *site;
    size_t count;
};

/* What is swept: bytes [offset, end) of the input, of one instruction set. */
struct scan_range {
    size_t code; /* index of the piece they are of */
    size_t offset, end;
    enum scan_isa isa;
};

struct scan_sweep {
    const struct scan_input *in;
    const struct scan_matcher *matcher; /* by enum scan_isa */
    enum scan_way way;
    struct scan_sites *sites; /* found ones are added here */
    uint64_t bytes;           /* counted up: swept */
    uint64_t undecoded;       /* where no instruction begins */
    uint64_t padding; /* x86: runs of two int3 or more, which fill the gaps
                         between functions: no sites */
    bool no_memory;   /* set when a site could not be added */
};

/*
 * Sweeps the instructions that begin before `stop`, which is not past the
 * range's end, and returns where the next one begins. What does not end in the
 * range counts as undecoded.
 */
size_t scan_sweep(struct scan_sweep *s, const struct scan_range *r,
                  size_t stop);

#endif
