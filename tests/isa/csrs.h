/* The CSRs that blocks read and write, and how far they are compared. */
#ifndef TORTURE_CSRS_H
#define TORTURE_CSRS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum csr_use {
    CSR_ANY,   /* wherever permitted */
    CSR_M,     /* written by M-mode only: a change would end translation */
    CSR_READ,  /* never written */
    CSR_CAUSE, /* only causes that exist are written (WLRL) */
    CSR_SATP,  /* values made by hand */
    CSR_TIMER, /* stimecmp */
    CSR_PENDING, /* one interrupt at a time, see item_interrupt */
};

struct csr {
    uint16_t number;
    enum csr_use use;
    uint64_t base;    /* what a written value has outside `random` */
    uint64_t random;  /* bits that a written value takes at random */
    uint64_t compare; /* bits of what is read that enter the signature */
};

extern const struct csr csrs[];
extern const size_t csr_count;

/* True if both machines must answer `number` with an illegal instruction. */
bool csr_must_be_absent(unsigned number);

#endif
