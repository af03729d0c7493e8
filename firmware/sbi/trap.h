/* Traps into M-mode. */
#ifndef SBI_TRAP_H
#define SBI_TRAP_H

#include "hart.h"

/* The C half of trap.S: handles the trap whose registers are in `frame`. */
void trap_handle(struct trap_frame *frame);

#endif
