/*
 * The commuting square of Popek and Goldberg's proof, with the monitor itself:
 * for a state S and an instruction i, f(i(S)) = i'(f(S)). A bare machine and a
 * virtual one at depth 1 are put into the same state, each executes one
 * instruction, and the states that they are in then are compared: registers,
 * all CSRs, the counts, RAM. States are random: every row of insn.def, all CSR
 * numbers, compressed and reserved words, in M-, S- and U-mode, with every
 * setting of mstatus, page tables with random rights, PMP, pending interrupts,
 * devices. Everything follows from the seed.
 */
#ifndef POGO_CHECK_SQUARE_H
#define POGO_CHECK_SQUARE_H

#include "check/difference.h"

/* The RAM that states live in: code, page tables, data, and a page on each
   side that only a stray store reaches. */
#define SQUARE_PAGES 18
#define SQUARE_BASE  (BOARD_RAM_BASE + UINT64_C(0xf000))
#define SQUARE_SIZE  (SQUARE_PAGES * (size_t)RAM_PAGE)

/* The CSRs that make up a state, in the order in which they are set. */
#define SQUARE_CSRS 40
extern const uint16_t square_csr[SQUARE_CSRS];

/* All of a machine's state that a square begins with. */
struct square_state {
    uint64_t reg[REG_RESERVATION + 1]; /* by enum machine_reg */
    uint64_t csr[SQUARE_CSRS];         /* of square_csr[] */
    uint64_t lines;          /* interrupts that the board drives (mip) */
    uint64_t count, instret; /* of the hart */
    uint8_t ram[SQUARE_SIZE];
};

struct square_config {
    struct isa isa;    /* of both, without holes */
    uint64_t holes[2]; /* of the hardware: the bare machine, and the one under
                          the monitor */
    uint64_t seed, samples;
    /* Told now and then how many were done; may be NULL. */
    void (*progress)(void *context, uint64_t done);
    void *context;
    const volatile int *cancel; /* not 0: end; may be NULL */
};

enum square_verdict {
    SQUARE_HOLDS, /* for all states that were tried */
    SQUARE_BROKEN,
    SQUARE_CANCELLED,
    SQUARE_FAILED, /* no memory */
};

/* In what the two results differ. */
#define SQUARE_REGISTERS 16
struct square_parting {
    unsigned registers; /* that differ; of them the first … */
    struct difference_register reg[SQUARE_REGISTERS]; /* … are here */
    uint64_t ram_at; /* the first byte of RAM that differs; 0: none */
    bool wait;       /* one waits (wfi), the other does not */
    bool board;      /* one has asked to be ended or reset */
};

struct square_result {
    enum square_verdict verdict;
    uint64_t squares;  /* that were compared */
    uint64_t traps;    /* of these, ended in a trap or interrupt (bare) */
    unsigned rows;     /* of insn.def that were executed or trapped at pc */
    unsigned csrs;     /* CSR numbers that were accessed, of 4096 */
    uint64_t modes[4]; /* squares by mode (enum priv) */
    /*
     * The counterexample. `minimised`: it was repeated on new machines, and
     * what does not matter was set to what it is in reset. Else the square
     * depends on what came before it (translations that are kept).
     */
    bool minimised;
    struct square_state state;
    uint32_t insn;      /* at pc; 0: it cannot be read */
    uint64_t interrupt; /* not 0: taken first (mcause) */
    struct square_parting parting;
};

/* `r` is large: not on the stack. */
void square_check(const struct square_config *c, struct square_result *r);

#endif
