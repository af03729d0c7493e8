/*
 * A probe between a machine and whoever uses it: a struct machine that hands
 * everything on, and tells when a run begins and ends. Put below a virtual
 * machine (vm_interpose) it sees when the host runs the guest; put on top, when
 * the monitor is at work.
 */
#ifndef POGO_MACHINE_PROBE_H
#define POGO_MACHINE_PROBE_H

#include "machine/machine.h"

struct probe {
    struct machine machine; /* first: &probe->machine is the machine */
    struct machine *under;  /* borrowed */
    /* Right before and right after each run of a hart; both are needed. They
       change nothing of the machine. */
    void (*enter)(void *context, unsigned hart);
    void (*leave)(void *context, unsigned hart, const struct stop *s);
    void *context;
};

/* A probe on `under`, which outlives it. Who watches is the caller's to set. */
void probe_init(struct probe *p, struct machine *under);

#endif
