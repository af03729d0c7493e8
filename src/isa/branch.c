#include "isa/branch.h"

bool branch_taken(unsigned op, uint64_t a, uint64_t b)
{
    switch (op) {
    case INSN_beq:
        return taken_beq(a, b);
    case INSN_bne:
        return taken_bne(a, b);
    case INSN_blt:
        return taken_blt(a, b);
    case INSN_bge:
        return taken_bge(a, b);
    case INSN_bltu:
        return taken_bltu(a, b);
    case INSN_bgeu:
        return taken_bgeu(a, b);
    default:
        return false;
    }
}
