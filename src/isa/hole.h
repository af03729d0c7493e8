/*
 * Holes: deviations of a hart's hardware that real ones have had, and that a
 * monitor cannot cope with. hole.def has one row each. Which of them a machine
 * has is in struct isa (`holes`), and a bare hart acts on it. The csr_file of a
 * virtual hart has none, because its monitor emulates as the manual says: what
 * a guest sees of a hole is the hardware underneath, running it in U-mode.
 * Freestanding.
 */
#ifndef POGO_ISA_HOLE_H
#define POGO_ISA_HOLE_H

#include "isa/csr_file.h"
#include "isa/insn.h"

enum hole_id {
#define HOLE(id, name, insn, first, last, deviation, subject, sentence, seen)  \
    HOLE_##id,
#include "isa/hole.def"
#undef HOLE
    HOLE_COUNT
};

/* How a hart with the hole deviates. All but the last two are about what is
   illegal in U-mode or, of ecall, traps there. */
enum hole_deviation {
    DEVIATION_NOP,          /* the instruction does nothing */
    DEVIATION_JUMP,         /* it jumps to the hart's sepc, no more */
    DEVIATION_READ,         /* a read of the CSRs succeeds */
    DEVIATION_IGNORE_WRITE, /* a write of the CSRs, if they exist, does nothing;
                               rd becomes 0 */
    DEVIATION_UNKNOWN_CSR, /* any access to one that does not exist: likewise */
    DEVIATION_RESERVED,    /* a 32-bit word that is no instruction: nothing */
    DEVIATION_FS_NOT_DIRTY, /* FS stays as it is while in U-mode */
    DEVIATION_MPRV_KEPT,    /* MPRV outlives xret and acts in every mode */
};

struct hole {
    const char *name;     /* as --hole takes it: "sfence-silent" */
    uint16_t insn;        /* enum insn_op; INSN_illegal: `deviation` says it */
    uint16_t first, last; /* CSR numbers; both 0: not about CSRs */
    uint8_t deviation;    /* enum hole_deviation */
    const char *subject;  /* "sfence.vma" */
    const char *sentence; /* what happens */
    const char *seen;     /* who had it */
};

/* HOLE_COUNT rows, by enum hole_id; a machine has hole h if bit h of isa.holes
   is set. */
extern const struct hole hole_table[HOLE_COUNT];

static inline bool hole_in(const struct isa *isa, enum hole_id h)
{
    return (isa->holes >> h) & 1;
}

/* The hole of that name, or -1. */
int hole_find(const char *name);

/*
 * Adds the holes that `text` names, with commas between them, to *holes.
 * STATUS_BAD_ARGUMENT: *at is the offset of the name that there is not, and
 * *length its length; *holes is unchanged.
 */
enum status hole_parse(const char *text, uint64_t *holes, size_t *at,
                       size_t *length);

/* What an instruction does where it should have trapped. */
struct hole_effect {
    bool jump; /* to pc … */
    uint64_t pc;
    bool writes_rd; /* … or it retires, and this is what rd receives */
    uint8_t rd;
    uint64_t value;
};

/*
 * `raw` is illegal in c's mode, or an ecall, on hardware as it should be. True:
 * on this one it does not trap, and *e says what it does instead. c's counts
 * are up to date, as for csr_read. For the executor, on its way to the trap.
 */
bool hole_instead(const struct csr_file *c, uint32_t raw,
                  struct hole_effect *e);

#endif
