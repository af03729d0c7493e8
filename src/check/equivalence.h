/*
 * Popek and Goldberg's first property, measured: a program in a virtual machine
 * has the same effect as on the bare machine. Two machines, made alike but for
 * their depth, are run side by side from reset; every `every` counts their
 * whole states are compared (machine_hash, reservations, and what they have
 * written to their consoles), and their disks at the end. Where they part, both
 * are made anew and run to the last count at which they were equal, and are
 * compared more often from there; and again, until the first instruction after
 * which the states differ is found.
 *
 * The property that is checked is the strong one: the same state to the last
 * bit at the same count of instructions. What the architecture lets differ is
 * listed in docs/verify.md; none of it is left out here.
 */
#ifndef POGO_CHECK_EQUIVALENCE_H
#define POGO_CHECK_EQUIVALENCE_H

#include "check/difference.h"
#include "machine/run.h"

struct equivalence_config {
    /*
     * Makes side 0 (the reference) or 1 anew, in reset; the last one made of
     * that number is gone. `again`: its guest has asked for the reset, and what
     * is outside the machine goes on as it is (the console's output, disks,
     * input that is still to come); else that begins anew too. False: it
     * cannot be made.
     */
    bool (*make)(void *context, unsigned number, bool again, struct side *out);
    /* Told after each comparison how far both have come; may be NULL. */
    void (*progress)(void *context, uint64_t count);
    void *context;
    uint64_t every; /* counts between comparisons; a multiple of RUN_QUANTUM */
    uint64_t until; /* CLOCK_NEVER: to the guest's end */
    const volatile int *cancel; /* may be NULL */
};

enum equivalence_verdict {
    EQUIVALENT,
    NOT_EQUIVALENT,
    EQUIVALENCE_CANCELLED, /* before the end, or before it was located */
    EQUIVALENCE_FAILED,    /* a machine could not be made */
};

#define EQUIVALENCE_EXITS 16

/* The last exits of a virtual side: number n is at exit[n % EXITS]. */
struct equivalence_exits {
    struct exit_record exit[EQUIVALENCE_EXITS];
    uint64_t taken;
};

struct equivalence {
    enum equivalence_verdict verdict;
    bool differ; /* a difference was seen, whatever became of the search */
    uint64_t compared; /* comparisons, those of the search included */
    unsigned resets;   /* that the guests have asked for, before `count` */
    uint64_t count;    /* as far as they were compared, in counts since the last
                          reset; where they part: the last count at which they
                          were still equal */
    uint64_t hash;     /* of both, there */
    enum run_end end;  /* how the reference ended; RUN_UNTIL: it has not */
    int status;        /* with which status its guest did */
    /*
     * Where they part: both sides stand where a difference was seen, for
     * whoever reports it (they are the caller's). `located`: that is right
     * after the first instruction that differs, which was about to be executed
     * by `hart` in mode `priv` at `pc` on both sides alike, and is `insn` (0:
     * it cannot be read); or, if `interrupt` is not 0, was the first of the
     * handler, since that cause interrupted there. Else the difference was
     * there in reset, only the disks differ, or a second run did not repeat the
     * first.
     */
    bool located;
    unsigned hart;
    uint8_t priv;
    uint64_t pc, interrupt;
    uint32_t insn;
    struct side side[2];
    struct equivalence_exits exits[2];
};

/* Runs the comparison. */
void equivalence_check(const struct equivalence_config *c,
                       struct equivalence *out);

#endif
