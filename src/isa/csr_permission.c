/*
 * May the current mode access a CSR? Privileged manual 1.13, "CSR Address
 * Mapping Conventions", "mcounteren", "scounteren", the TVM and FS fields of
 * mstatus, and Sstc.
 */
#include "isa/csr_row.h"

/* Bits 11:10 of the number: 3 is a read-only register. */
static bool is_read_only(unsigned csr)
{
    return csr >> 10 == 3;
}

/* Bits 9:8 of the number. */
static unsigned lowest_mode(unsigned csr)
{
    return (csr >> 8) & 3;
}

/* What else has to hold where existence and the number allow the access. */
typedef enum csr_refusal guard(const struct csr_file *c, unsigned csr);

/* "FS = Off: attempts to access the floating-point state are illegal." */
static enum csr_refusal fp_guard(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return fp_is_off(c) ? CSR_REFUSED_FS : CSR_ALLOWED;
}

/* TVM: "attempts to read or write satp while executing in S-mode". */
static enum csr_refusal satp_guard(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return c->priv != PRIV_M && (c->mstatus & MSTATUS_TVM) ? CSR_REFUSED_TVM
                                                           : CSR_ALLOWED;
}

/* "When STCE is zero, … or TM in mcounteren is clear, an attempt to access
   stimecmp in a mode other than M-mode raises illegal instruction." */
static enum csr_refusal stimecmp_guard(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    if (c->priv == PRIV_M)
        return CSR_ALLOWED;
    if (!(c->menvcfg & MENVCFG_STCE))
        return CSR_REFUSED_STCE;
    return c->mcounteren & COUNTEREN_TM ? CSR_ALLOWED : CSR_REFUSED_MCOUNTEREN;
}

/* The counters: S-mode needs mcounteren's bit, U-mode scounteren's as well. */
static enum csr_refusal counter_guard(const struct csr_file *c, unsigned csr)
{
    uint64_t bit = BIT(csr - CSR_cycle);

    if (c->priv < PRIV_M && !(c->mcounteren & bit))
        return CSR_REFUSED_MCOUNTEREN;
    if (c->priv < PRIV_S && !(c->scounteren & bit))
        return CSR_REFUSED_SCOUNTEREN;
    return CSR_ALLOWED;
}

static bool is_counter(unsigned csr)
{
    return csr >= CSR_cycle && csr <= CSR_hpmcounter31;
}

static guard *const guards[CSR_ROW_COUNT] = {
    [CSR_ROW_fflags] = fp_guard,         [CSR_ROW_frm] = fp_guard,
    [CSR_ROW_fcsr] = fp_guard,           [CSR_ROW_satp] = satp_guard,
    [CSR_ROW_stimecmp] = stimecmp_guard,
};

enum csr_refusal csr_refusal(const struct csr_file *c, unsigned csr, bool write)
{
    unsigned row = csr_row(c->isa, csr);

    if (row == CSR_ROW_NONE)
        return CSR_REFUSED_ABSENT;
    if (c->priv < lowest_mode(csr))
        return CSR_REFUSED_MODE;
    if (write && is_read_only(csr))
        return CSR_REFUSED_READ_ONLY;
    if (is_counter(csr))
        return counter_guard(c, csr);
    return guards[row] ? guards[row](c, csr) : CSR_ALLOWED;
}
