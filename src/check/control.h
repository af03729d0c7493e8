/*
 * Popek and Goldberg's second property, resource control: hostile guests, one
 * after another, beside a well-behaved virtual machine on one host. After
 * every exit, or each Nth, it is audited whose pages the host's tables give
 * away; each shadow leaf is compared with the guest's own tables when it is
 * made; and the neighbour must end in the state, and with the console, that it
 * has alone.
 *
 * The work is done in rounds, one a seed. A round has a new host, a hostile
 * machine and the neighbour; the hostile one lives through the menu of attacks,
 * each for CONTROL_LIFE instructions, and is reset in between. Turns are cut at
 * random counts. Everything follows from the seed: a round can be repeated.
 */
#ifndef POGO_CHECK_CONTROL_H
#define POGO_CHECK_CONTROL_H

#include <stdatomic.h>

#include "check/finding.h"
#include "check/hostile.h"
#include "machine/boot.h"
#include "vmm/vm.h"

#define CONTROL_LIFE        10000 /* instructions of an attack in a round */
#define CONTROL_MAX_ATTACKS 64

struct control_config {
    uint64_t seed;  /* of the first round; the next ones count on */
    uint64_t exits; /* of hostile guests, after which to stop */
    uint64_t audit; /* each so many exits; at least 1 */
    const struct attack *attack;   /* only this one; NULL: all */
    struct boot_options neighbour; /* a guest that ends by itself */
    uint64_t neighbour_memory;     /* bytes */
    /* Told of each attack when it begins; may be NULL. */
    void (*began)(void *context, uint64_t seed, const struct attack *a);
    void *context;
    const volatile int *cancel; /* may be NULL */
};

enum control_verdict {
    CONTROL_HELD,
    CONTROL_BROKEN,
    CONTROL_CANCELLED, /* held as far as tried */
    CONTROL_FAILED,    /* the machines could not be made: out of memory, or
                          the neighbour does not run alone */
};

struct control_attack {
    uint64_t lives, exits, instructions;
};

struct control {
    enum control_verdict verdict;
    uint64_t exits, instructions; /* of hostile guests */
    uint64_t seeds, lives, audits, switches;
    struct control_attack by_attack[CONTROL_MAX_ATTACKS]; /* as in attacks() */
    /* The neighbour, alone: what it must come to in every round. */
    uint64_t neighbour_hash, neighbour_count;

    /* The round and attack under way, or that which broke it, and how. */
    uint64_t seed;
    const struct attack *attack;
    uint64_t count;         /* of the hostile machine */
    struct finding finding; /* vm 0: the hostile one, 1: the neighbour */

    /* Counts on with every exit and turn: a watchdog sees that all goes on. An
       endless row of exits is found without one. */
    atomic_ullong beats;
};

/* Does it all. *out is zeroed by the caller. */
void control_check(const struct control_config *c, struct control *out);

#endif
