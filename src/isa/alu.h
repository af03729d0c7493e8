/*
 * The read-modify-write functions of the A extension, as pure functions, for
 * the hart and for a monitor that emulates an access. Freestanding.
 */
#ifndef POGO_ISA_ALU_H
#define POGO_ISA_ALU_H

#include "isa/insn.h"

/*
 * What an AMO `op` (amoadd_w … amomaxu_d) stores, given the old memory value
 * and rs2. For the .w forms only the low 32 bits of the result count.
 */
uint64_t amo_compute(unsigned op, uint64_t old, uint64_t operand);

/*
 * How a plain load or store moves data. size 1, 2, 4, 8 bytes.
 */
struct access_shape {
    uint8_t size;
    bool is_signed; /* load: sign-extends to 64 bits */
    bool is_fp;     /* f register; a 4-byte load is NaN-boxed */
    bool is_store;
};
/* False if `op` is not a plain load or store (AMO, LR, SC are not). */
bool access_shape(unsigned op, struct access_shape *out);

#endif
