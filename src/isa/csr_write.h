/*
 * Inside csr_write*.c only: the functions that write one CSR, or a family of
 * them, each by its number. They return a set of enum csr_effect and need not
 * be asked for CSRs that the machine has not got.
 */
#ifndef POGO_ISA_CSR_WRITE_H
#define POGO_ISA_CSR_WRITE_H

#include "isa/csr_row.h"

typedef unsigned csr_writer(struct csr_file *c, unsigned csr, uint64_t value);

/* csr_write_trap.c */
csr_writer csr_write_mstatus, csr_write_sstatus, csr_write_sie, csr_write_mip,
    csr_write_sip, csr_write_tvec, csr_write_epc;

/* csr_write_env.c */
csr_writer csr_write_satp, csr_write_counteren, csr_write_senvcfg,
    csr_write_menvcfg, csr_write_stimecmp, csr_write_pmpcfg, csr_write_pmpaddr;

#endif
