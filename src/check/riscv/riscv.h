/*
 * Is our RISC-V machine virtualizable? Derived from the interpreter itself
 * (cpu/hart.h): every instruction is run on pairs of states that are alike but
 * for the mode, for the physical frames behind the mapping, or for one piece
 * of state that belongs to the monitor, and what a guest can see of the results
 * is compared. docs/check-riscv.md says what belongs to whom, and what the
 * classes mean.
 *
 * A check is made in parts. A part has tried its share of the encodings and
 * states and noted what it saw; parts are added up, and from the sum comes the
 * report. Which share is which depends on nothing but seed and number, so that
 * parts may come from threads, processes or other computers:
 *
 *     riscv_check(config, report)               all of it, here
 *     riscv_part_run, _write … _read, _merge, riscv_part_report
 */
#ifndef POGO_CHECK_RISCV_RISCV_H
#define POGO_CHECK_RISCV_RISCV_H

#include <stdio.h>

#include "base/error.h"
#include "base/status.h"
#include "check/riscv/question.h"
#include "check/verdict.h"
#include "isa/isa.h"

/* Known to be a little coarse: called every few milliseconds at most, from one
   thread at a time. `total` may be an estimate until the end. */
typedef void riscv_progress(void *context, uint64_t done, uint64_t total);

struct riscv_check_config {
    const struct riscv_question *question;
    /* The host lacks it; CONDITIONS: it lacks none. */
    enum riscv_condition without;
    const struct isa *isa;  /* borrowed while the check runs; with its hole, if
                               the machine is to have one */
    uint64_t seed;          /* of random registers, memory and operands; 0 is
                               as good as any */
    unsigned samples;       /* words tried of an instruction in each state of
                               the lattice; 0: the default */
    unsigned shard, shards; /* this is part shard (1..shards) of shards;
                               0, 0: all of it */
    bool exhaustive;        /* all 2^32 words, too */
    unsigned stride;   /* every stride-th state of the lattice only; 0: all.
                          For tests and quick looks */
    bool lattice_only; /* leave out the sweeps of all compressed and SYSTEM
                          words: for tests and quick looks, too */
    unsigned jobs;     /* threads; 0: one */
    riscv_progress *progress; /* NULL: none is wanted */
    void *progress_context;
};

/*
 * Runs the check and fills *report, which is then the caller's to
 * verdict_free(). shard and shards must be 0 or 1 of 1. On error *report is
 * empty and *error has a sentence: STATUS_BAD_ARGUMENT (the question has
 * nothing to do with `without`, a bad shard), STATUS_NO_MEMORY.
 */
enum status riscv_check(const struct riscv_check_config *config,
                        struct verdict_report *report, struct error *error);

/* What a share of the check has seen. */
struct riscv_part;

/* *part is the caller's to free. */
enum status riscv_part_run(const struct riscv_check_config *config,
                           struct riscv_part **part, struct error *error);
void riscv_part_free(struct riscv_part *part);

/* Text, a few hundred kilobytes at most. STATUS_IO: errno says why. */
enum status riscv_part_write(const struct riscv_part *part, FILE *file);
/* STATUS_BAD_FORMAT with a sentence that names the line. */
enum status riscv_part_read(FILE *file, struct riscv_part **part,
                            struct error *error);

/*
 * Adds `from` to `into`. STATUS_BAD_ARGUMENT with a sentence: they are parts of
 * different checks (question, machine, seed, number of shards), or of the same
 * share.
 */
enum status riscv_part_merge(struct riscv_part *into,
                             const struct riscv_part *from,
                             struct error *error);

/* How many of how many shares it has. It is complete if they are equal. */
void riscv_part_shares(const struct riscv_part *part, unsigned *have,
                       unsigned *of);

/* The report of a part; of an incomplete one too: then what would have been
   yes is unknown, and `sentence` says so. As riscv_check in all else. */
enum status riscv_part_report(const struct riscv_part *part,
                              struct verdict_report *report,
                              struct error *error);

#endif
