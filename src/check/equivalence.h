/*
 * Popek and Goldberg's first property, measured: a program in a virtual machine
 * has the same effect as on the bare machine. Two machines, made alike but for
 * their depth, are run side by side from reset; every `every` counts their
 * whole states are compared (machine_hash), and what they have written to their
 * consoles. Where they part, both are made anew and the interval is halved,
 * until the first instruction after which the states differ is found; a report
 * then shows both sides.
 *
 * The property that is checked is the strong one: the same state to the last
 * bit at the same count of instructions. What the architecture lets differ is
 * listed in docs/verify.md; none of it has to be left out here.
 */
#ifndef POGO_CHECK_EQUIVALENCE_H
#define POGO_CHECK_EQUIVALENCE_H

#include "machine/run.h"
#include "vmm/vm.h"

/* One side: a machine in reset with its guest loaded. */
struct side {
    struct machine *machine;
    struct board *board;
    struct vm *vm;          /* the machine itself if it is virtual, else NULL */
    /* Everything the console has been given so far. */
    const uint8_t *output;
    size_t output_size;
};

struct equivalence_config {
    /* Makes side 0 (the reference) or 1 anew, in reset; the last one made of
       that number is gone. Output is collected by whoever makes it. False: it
       cannot be made. */
    bool (*make)(void *context, unsigned number, struct side *out);
    /* Told now and then how far both have come; may be NULL. */
    void (*progress)(void *context, uint64_t count);
    void *context;
    uint64_t every;  /* counts between comparisons; a multiple of RUN_QUANTUM */
    uint64_t until;  /* CLOCK_NEVER: to the guest's end */
    const volatile int *cancel;
};

enum equivalence_verdict {
    EQUIVALENT,
    NOT_EQUIVALENT,
    EQUIVALENCE_CANCELLED, /* equal as far as compared */
    EQUIVALENCE_FAILED,    /* a machine could not be made */
};

struct equivalence {
    enum equivalence_verdict verdict;
    uint64_t compared;  /* comparisons */
    uint64_t count;     /* as far as they were compared; where they part: the
                           last count at which they were still equal */
    uint64_t hash;      /* of both, there */
    enum run_end end;   /* why the reference ended */
    int status;         /* with which status its guest did */
    /* Where they part: both sides stand right after the first instruction that
       differs, for whoever reports (they are the caller's). */
    struct side side[2];
};

/* Runs the comparison. */
void equivalence_check(const struct equivalence_config *c,
                       struct equivalence *out);

#endif
