/*
 * Inside src/check/riscv only: what has been seen of each group, in figures
 * that can be added up, and the findings that show it.
 */
#ifndef POGO_CHECK_RISCV_PART_H
#define POGO_CHECK_RISCV_PART_H

#include "check/riscv/group.h"
#include "check/riscv/riscv.h"
#include "check/riscv/twin.h"

/* Findings kept: one for each of verdict.h's properties that a pair can show,
   and the one that decides. */
enum {
    FINDING_HARM = PROPERTIES, /* sensitive, and the host mode did not trap */
    FINDINGS
};

/* Where an instruction ran: bare in one of the modes, or under the monitor. */
enum side { SIDE_U, SIDE_S, SIDE_M, SIDE_HOST, SIDES };

struct knob_count {
    uint64_t seen;    /* runs with the knob on */
    uint64_t retired; /* of these, did not trap */
};

struct tally {
    uint64_t states;    /* runs */
    uint64_t encodings; /* words of it met where all words are tried */
    uint64_t retired[SIDES], trapped[SIDES]; /* memory traps are neither */
    struct knob_count host[KNOBS], user[KNOBS];
    uint64_t sensitive; /* in a mode of the guest's, or under the monitor */
    uint64_t user_sensitive;           /* in U-mode */
    struct finding *finding[FINDINGS]; /* NULL: none */
};

#define SHARDS_MAX 4096

struct riscv_part {
    const struct riscv_question *question;
    enum riscv_condition without;
    struct isa isa;
    uint64_t seed;
    unsigned samples, stride, shards;
    bool exhaustive, lattice_only;
    double seconds;
    uint8_t have[SHARDS_MAX / 8]; /* bit n: share n + 1 is in it */
    struct groups groups;
    struct tally tally[GROUPS_MAX];
};

/* NULL: out of memory. */
struct riscv_part *part_new(const struct riscv_check_config *config);

/* Keeps a copy of the finding if it is of a lower order than the one there is.
   False: out of memory. */
bool tally_keep(struct tally *t, unsigned which, const struct finding *f);

static inline bool part_has(const struct riscv_part *p, unsigned share)
{
    return p->have[share / 8] >> (share % 8) & 1;
}

/* Adds figures and findings only. */
bool part_add(struct riscv_part *into, const struct riscv_part *from);

#endif
