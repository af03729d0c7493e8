/*
 * Inside csr_*.c only: the rows of csr.def as small numbers, so that what is
 * known about a CSR lies in tables that are reached in two loads from its
 * number. Freestanding.
 */
#ifndef POGO_ISA_CSR_ROW_H
#define POGO_ISA_CSR_ROW_H

#include "isa/csr_file.h"

#define CSR_NUMBERS 4096 /* a CSR address has 12 bits */

enum csr_row {
    CSR_ROW_NONE, /* no such CSR */
#define CSR(name, number, ext) CSR_ROW_##name,
#include "isa/csr.def"
#undef CSR
    CSR_ROW_COUNT
};

struct csr_slot {
    uint8_t row; /* enum csr_row */
    uint8_t ext; /* enum isa_ext: what brings it */
};
extern const struct csr_slot csr_slots[CSR_NUMBERS];

/* The row of `csr`, or CSR_ROW_NONE if this machine has not got it. */
static inline unsigned csr_row(const struct isa *isa, unsigned csr)
{
    struct csr_slot slot;

    if (csr >= CSR_NUMBERS)
        return CSR_ROW_NONE;
    slot = csr_slots[csr];
    return isa_has(isa, (enum isa_ext)slot.ext) ? slot.row : CSR_ROW_NONE;
}

/* A register of struct csr_file by its offset there. */
static inline uint64_t *csr_field(struct csr_file *c, size_t offset)
{
    return (uint64_t *)(void *)((char *)c + offset);
}

static inline uint64_t csr_field_value(const struct csr_file *c, size_t offset)
{
    return *(const uint64_t *)(const void *)((const char *)c + offset);
}

/* The first entry that pmpcfg0 or pmpcfg2 describes; each has eight. */
static inline unsigned csr_pmpcfg_first(unsigned csr)
{
    return (csr - CSR_pmpcfg0) * 4;
}

/* sstatus is a view of mstatus: these fields of it. */
#define SSTATUS_VIEW                                                           \
    (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_UBE | MSTATUS_SPP | MSTATUS_FS |     \
     MSTATUS_SUM | MSTATUS_MXR | MSTATUS_UXL | MSTATUS_SD)

/* The interrupts that M-mode may delegate, and so all that sie and sip show. */
#define S_INTERRUPTS (BIT(IRQ_SSI) | BIT(IRQ_STI) | BIT(IRQ_SEI))
#define M_INTERRUPTS (BIT(IRQ_MSI) | BIT(IRQ_MTI) | BIT(IRQ_MEI))

#endif
