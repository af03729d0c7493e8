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
typedef bool guard(const struct csr_file *c, unsigned csr);

/* "FS = Off: attempts to access the floating-point state are illegal." */
static bool fp_guard(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return (c->mstatus & MSTATUS_FS) != 0;
}

/* TVM: "attempts to read or write satp while executing in S-mode". */
static bool satp_guard(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return c->priv == PRIV_M || !(c->mstatus & MSTATUS_TVM);
}

/* "When STCE is zero, … or TM in mcounteren is clear, an attempt to access
   stimecmp in a mode other than M-mode raises illegal instruction." */
static bool stimecmp_guard(const struct csr_file *c, unsigned csr)
{
    (void)csr;
    return c->priv == PRIV_M ||
           ((c->menvcfg & MENVCFG_STCE) && (c->mcounteren & COUNTEREN_TM));
}

/* The counters: S-mode needs mcounteren's bit, U-mode scounteren's as well. */
static bool counter_guard(const struct csr_file *c, unsigned csr)
{
    uint64_t enabled = ~UINT64_C(0);

    if (c->priv < PRIV_M)
        enabled &= c->mcounteren;
    if (c->priv < PRIV_S)
        enabled &= c->scounteren;
    return (enabled >> (csr - CSR_cycle)) & 1;
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

bool csr_permitted(const struct csr_file *c, unsigned csr, bool write)
{
    unsigned row = csr_row(c->isa, csr);

    if (row == CSR_ROW_NONE || c->priv < lowest_mode(csr) ||
        (write && is_read_only(csr)))
        return false;
    if (is_counter(csr))
        return counter_guard(c, csr);
    return !guards[row] || guards[row](c, csr);
}
