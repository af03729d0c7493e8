/* The square, executed: between theorem_run.c and theorem_tell.c only. */
#ifndef POGO_CHECK_ISA_THEOREM_RUN_H
#define POGO_CHECK_ISA_THEOREM_RUN_H

#include "check/isa/theorem_parts.h"

struct theorem_run {
    const struct theorem *t;
    const struct isa_insn *insn;
    struct isa_executor *machine, *machine_trap, *real, *real_trap, *start;
    struct isa_insn trap_insn[2];  /* what the two machines' traps do */
    struct isa_executor **routine; /* by trap of the instruction */
    uint64_t *own;                 /* as it was given */
    uint64_t *before;              /* S */
    uint64_t *after;               /* i(S) */
    uint64_t *mapped;              /* f(S) */
    uint64_t *expected;            /* f(i(S)) */
    uint64_t *actual;              /* i'(f(S)) */
    uint64_t *real_before, *real_after, *scratch;
    int trap[2];  /* of the machine and of the real machine, or ISA_NO_TRAP */
    bool is_lost; /* the real trap has not led into the monitor, or the
                     monitor's routine has trapped itself */
};

/* Do the two ends of the square differ in this value of the monitor's state? */
bool theorem_run_differs(const struct theorem_run *r,
                         const struct theorem_link *l, size_t index);

#endif
