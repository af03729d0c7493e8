/*
 * Inside src/check/riscv only: from what was seen to what follows: classes,
 * conditions.
 */
#ifndef POGO_CHECK_RISCV_CLASSIFY_H
#define POGO_CHECK_RISCV_CLASSIFY_H

#include "check/riscv/part.h"

/*
 * The class of a group. For VERDICT_CONFIGURABLE *knob is the setting with
 * which it never was seen not to trap in the host mode. Groups of which nothing
 * is known are VERDICT_UNDECIDED.
 */
enum insn_verdict classify(const struct riscv_part *p, unsigned group,
                           enum knob *knob);

/* Is it user sensitive, and not to be made to trap in U-mode? */
bool classify_breaks_hybrid(const struct riscv_part *p, unsigned group);

/* Which groups the condition is there for. */
bool classify_concerned(const struct riscv_part *p, enum riscv_condition c,
                        unsigned group);

/* The finding that shows best why the group is sensitive; NULL: none. */
const struct finding *classify_finding(const struct riscv_part *p,
                                       unsigned group);

#endif
