/* Messages between harts. */
#ifndef SBI_IPI_H
#define SBI_IPI_H

#include <stdbool.h>

/* What one hart can ask of another. */
#define IPI_SOFT  1U /* make the supervisor's software interrupt pending */
#define IPI_FENCE 2U /* perform the fence that rfence.c describes */
#define IPI_START 4U /* a stopped hart is to start */

/* Asks `hart` for `what` (IPI_*), and interrupts it. */
void ipi_post(unsigned long hart, unsigned int what);

/* Does what was asked of the calling hart; returns the IPI_* bits it saw. */
unsigned int ipi_receive(void);

/*
 * The same for a hart that waits inside the firmware, where interrupts are
 * off: looks at memory first, so that waiting costs no device access.
 */
void ipi_poll(void);

/*
 * The harts an SBI call means: bit i of `mask` is hart `base` + i; a base of
 * -1 means all. False if one of them does not exist.
 */
bool ipi_targets(unsigned long mask, unsigned long base, unsigned long *harts);

#endif
