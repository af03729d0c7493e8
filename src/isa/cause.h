/* Trap causes (privileged manual, mcause). Freestanding. */
#ifndef POGO_ISA_CAUSE_H
#define POGO_ISA_CAUSE_H

#include "base/bits.h"

#define CAUSE_INTERRUPT BIT(63)

/* cause.def rows: CAUSE(ENUMERATOR, number, "name") */
enum cause {
#define CAUSE(id, number, name) CAUSE_##id = number,
#include "isa/cause.def"
#undef CAUSE
};

/* Interrupt numbers: bits of mip and mie. */
enum interrupt {
    IRQ_SSI = 1,
    IRQ_MSI = 3,
    IRQ_STI = 5,
    IRQ_MTI = 7,
    IRQ_SEI = 9,
    IRQ_MEI = 11,
};

/* "load page fault", "supervisor timer interrupt"; "reserved" if unknown. */
const char *cause_name(uint64_t cause);
bool cause_is_known(uint64_t cause);

/* An access fault or a page fault: of an access to memory that was refused. */
bool cause_is_memory(uint64_t cause);

/* What an instruction raises instead of completing. */
struct trap {
    uint64_t cause; /* with CAUSE_INTERRUPT set for an interrupt */
    uint64_t tval;
};

#endif
