/*
 * What is in a CSR, for whoever shows it to a person: its fields, and what
 * their values are called. Freestanding.
 */
#ifndef POGO_ISA_CSR_LAYOUT_H
#define POGO_ISA_CSR_LAYOUT_H

#include "isa/csr_file.h"

enum csr_values {
    CSR_NUMBER, /* a number, or a flag if it is one bit */
    CSR_MODE,
    CSR_FS,
    CSR_XLEN,
    CSR_CAUSE, /* as in mcause */
    CSR_CODE,  /* an address of code, or the upper bits of one */
    CSR_DATA,  /* an address */
    CSR_TRANSLATION,
    CSR_VECTORS,
    CSR_CBIE,
    CSR_ROUNDING,
    CSR_MATCHING,
    CSR_VALUES
};

struct csr_layout_field {
    const char *name; /* "MPP"; of exceptions: "load page fault" */
    int number;       /* of the PMP entry that it is of; -1: of none */
    uint64_t mask;
    enum csr_values values;
};

/*
 * Field n of `csr`, counted from the lowest up. False: it has no more; many
 * have none, for they are one number or address.
 */
bool csr_layout(const struct isa *isa, unsigned csr, unsigned n,
                struct csr_layout_field *f);

/* "Sv39"; NULL where that value has no name. */
const char *csr_value_name(enum csr_values values, uint64_t v);

/* What has a name has no more bits than these, interrupts aside. */
#define CSR_VALUES_BITS 4

#endif
