/*
 * When the conditional branches are taken (unprivileged manual, RV64I): the one
 * semantic body of each, from which the engine's handlers are made, of the
 * branch alone and of pairs that it ends; and for whoever asks what a branch is
 * going to do. Freestanding.
 */
#ifndef POGO_ISA_BRANCH_H
#define POGO_ISA_BRANCH_H

#include "isa/insn.h"

#define TAKEN(name, condition)                                                 \
    static inline bool taken_##name(uint64_t a, uint64_t b)                    \
    {                                                                          \
        return (condition);                                                    \
    }

TAKEN(beq, a == b)
TAKEN(bne, a != b)
TAKEN(blt, (int64_t)a < (int64_t)b)
TAKEN(bge, (int64_t)a >= (int64_t)b)
TAKEN(bltu, a < b)
TAKEN(bgeu, a >= b)

#undef TAKEN

/* Is the branch `op` (enum insn_op), with these values in rs1 and rs2, taken?
   False of what is no branch. */
bool branch_taken(unsigned op, uint64_t a, uint64_t b);

/* "An instruction-address-misaligned exception is raised on a taken branch or
   unconditional jump if the target address is not aligned", which cannot be
   where C is there. */
static inline bool target_misaligned(const struct isa *isa, uint64_t target)
{
    return (target & 2) && !isa_has(isa, EXT_C);
}

#endif
