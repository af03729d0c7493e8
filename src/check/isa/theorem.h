/*
 * Popek and Goldberg's Theorem 1 on a described machine with a described
 * monitor: for the map f from virtual states to real ones, and for every
 * instruction i of the virtual machine, f(i(S)) = i'(f(S)), where i' is what
 * the real machine and the monitor together do. docs/theorem.md is the story.
 *
 *   the virtual machine  a variant of the machine's description, with less
 *                        storage: NAME-half (or half) beside NAME
 *   the real machine     the variant itself
 *   the monitor          a description of its own: the real machine's state by
 *                        the same names; virtual_X for each X of the virtual
 *                        machine's that the monitor keeps; its routines as
 *                        instructions; its guest view is where the guest's
 *                        storage is
 *
 * The square is decided in two ways that share nothing but the descriptions: as
 * one formula for all states by Z3, and by executing states one after another.
 */
#ifndef POGO_CHECK_ISA_THEOREM_H
#define POGO_CHECK_ISA_THEOREM_H

#include "check/isa/isa_model.h"
#include "check/verdict.h"

struct theorem;

/*
 * Reads the files. `variant` is the real machine's; NULL: the first. Returns
 * as isa_parse_file() does; STATUS_BAD_FORMAT also if the descriptions do not
 * fit together. *file is set to the file that *error is about.
 */
enum status theorem_new(const char *machine, const char *monitor,
                        const char *variant, struct theorem **t,
                        const char **file, struct isa_error *error);
void theorem_free(struct theorem *t); /* NULL: nothing happens */

const struct isa_model *theorem_machine(const struct theorem *t); /* virtual */
const struct isa_model *theorem_real(const struct theorem *t);
const struct isa_model *theorem_monitor(const struct theorem *t);

struct theorem_answer {
    enum truth commutes;
    enum evidence evidence;
    uint64_t states;         /* executed; 0: decided by proof */
    struct witness *witness; /* TRUTH_NO: in the arena given. Before: side 0 is
                                S, side 1 f(S); after: side 0 is f(i(S)), which
                                should be, and side 1 i'(f(S)), which is */
};

/*
 * For all states, by Z3. Returns
 *   STATUS_OK         also where it is unknown after so many seconds
 *   STATUS_NO_MEMORY
 *   STATUS_FAULT      Z3's witness is none when it is executed
 */
enum status theorem_prove(struct theorem *t, const struct isa_insn *insn,
                          double seconds, struct verdict_arena *arena,
                          struct theorem_answer *answer);

/* How many bits the virtual machine's state has: all states are 2^this. */
unsigned theorem_state_bits(const struct theorem *t);

/* More than this theorem_exhaust() does not try. */
#define THEOREM_EXHAUST_BITS 24

/* For all states and operands, by executing them; the monitor's own storage,
   which the guest must not depend on, has other values each time. Statuses as
   above; STATUS_TOO_BIG: more than THEOREM_EXHAUST_BITS. */
enum status theorem_exhaust(struct theorem *t, const struct isa_insn *insn,
                            struct verdict_arena *arena,
                            struct theorem_answer *answer);

#endif
