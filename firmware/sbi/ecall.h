/* The SBI call table. */
#ifndef SBI_ECALL_H
#define SBI_ECALL_H

#include "hart.h"

/* Performs the SBI call in `frame` and steps over the ecall instruction. */
void ecall_handle(struct trap_frame *frame);

#endif
