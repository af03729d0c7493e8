/*
 * Inside src/check/riscv only: a report in the making.
 */
#ifndef POGO_CHECK_RISCV_REPORT_H
#define POGO_CHECK_RISCV_REPORT_H

#include "check/riscv/say.h"

/* Which witness a finding has become. */
struct shown {
    uint32_t word;
    uint64_t order;
    uint8_t property;
    int witness;
};

struct report_writer {
    const struct riscv_part *part;
    struct verdict_arena *arena;
    struct twin twin; /* of the part's machine */
    bool complete;    /* all shares are in the part */
    struct witness *witness;
    size_t witnesses, room;
    struct shown *shown;
    size_t shown_count;
    struct insn_result *insn;
    size_t insns;
    size_t group_insn[GROUPS_MAX]; /* which of them is the group's */
    unsigned classes[VERDICT_VERDICTS];
    struct condition_result theorem[3];
    struct condition_result *condition;
    size_t conditions;
};

/* Adds the witness of *r, run in t's labs. Its index, or NO_WITNESS. */
int report_witness(struct report_writer *w, const struct replay *r,
                   struct twin *t, const char *insn);

/* conditions.c: what of the named conditions holds, and what each is for. */
void report_conditions(struct report_writer *w);

const char *report_mode(enum priv mode); /* "U" */

#endif
