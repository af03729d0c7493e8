/* Between the theorem*.c files only. */
#ifndef POGO_CHECK_ISA_THEOREM_PARTS_H
#define POGO_CHECK_ISA_THEOREM_PARTS_H

#include "check/isa/evaluate.h"
#include "check/isa/theorem.h"
#include "check/isa/z3_solver.h"

/* What an element of the monitor's description stands for. */
enum theorem_role {
    THEOREM_KEPT,    /* virtual_X: the guest's X, kept by the monitor */
    THEOREM_GUESTS,  /* a real register that holds the guest's own */
    THEOREM_OWN,     /* a real register that the monitor has to itself */
    THEOREM_STORAGE, /* real storage: the guest's window, and the monitor's */
};

struct theorem_link {
    const struct isa_element *element; /* the monitor's */
    const struct isa_element *machine; /* the virtual machine's: X of virtual_X,
                                          else that of the same name */
    const struct isa_element *real;    /* of the same name; NULL: virtual_X */
    enum theorem_role role;
};

struct theorem {
    struct isa_model *machine, *real, *monitor;
    struct theorem_link *link; /* one for each of the monitor's elements */
    const struct isa_insn *start, *reflect;
    uint64_t *window; /* by word of the guest's storage: the real word */
    size_t words;     /* of the guest's storage */
    struct isa_z3 *z3;
};

/* The real word holds what a trap saves: the monitor's, and used up. */
bool theorem_is_scratch(const struct theorem *t, uint64_t word);

/* The monitor's routine for this trap of this instruction. */
const struct isa_insn *theorem_routine(const struct theorem *t,
                                       const struct isa_insn *insn,
                                       const struct isa_trap *trap);

/* The index of a trap's name, which its cause is. */
uint64_t theorem_cause(const struct isa_model *m, const struct isa_trap *trap);

/* The value of the mode in which the monitor runs. */
uint64_t theorem_monitor_mode(const struct theorem *t);

/* One instruction, ready to be executed on both ways round the square. */
struct theorem_run;

/* NULL: out of memory. */
struct theorem_run *theorem_run_new(const struct theorem *t,
                                    const struct isa_insn *insn);
void theorem_run_free(struct theorem_run *r);

/* The state of which the next squares are: `own` is a state as `machine`'s,
   from which what is the monitor's is taken. */
void theorem_run_state(struct theorem_run *r, const uint64_t *machine,
                       const uint64_t *own);
/* Does the square commute? */
bool theorem_run_square(struct theorem_run *r, const uint64_t *operand);

/* Makes a state whose square does not commute plainer, and tells it. The
   assignment's side 0 is the machine's state, side 1 what is the monitor's. */
enum status theorem_tell(struct theorem_run *r, struct isa_assignment *a,
                         struct verdict_arena *arena, struct witness **w);

#endif
