/*
 * The fields of the CSRs, as masks. Each is described here and only here;
 * csr_layout.h says which CSR has which, and what they are called.
 */
#ifndef POGO_ISA_CSR_FIELDS_H
#define POGO_ISA_CSR_FIELDS_H

#include "base/bits.h"

/* csr.def rows: CSR(name, number, EXT) gives CSR_name. */
enum csr_number {
#define CSR(name, number, ext) CSR_##name = number,
#include "isa/csr.def"
#undef CSR
};

#define MSTATUS_SIE BIT(1)
#define MSTATUS_MIE BIT(3)
#define MSTATUS_SPIE BIT(5)
#define MSTATUS_UBE BIT(6)
#define MSTATUS_MPIE BIT(7)
#define MSTATUS_SPP BIT(8)
#define MSTATUS_MPP MASK(12, 11)
#define MSTATUS_FS MASK(14, 13)
#define MSTATUS_MPRV BIT(17)
#define MSTATUS_SUM BIT(18)
#define MSTATUS_MXR BIT(19)
#define MSTATUS_TVM BIT(20)
#define MSTATUS_TW BIT(21)
#define MSTATUS_TSR BIT(22)
#define MSTATUS_UXL MASK(33, 32)
#define MSTATUS_SXL MASK(35, 34)
#define MSTATUS_SD BIT(63)

enum { FS_OFF = 0, FS_INITIAL = 1, FS_CLEAN = 2, FS_DIRTY = 3 };

#define MISA_MXL MASK(63, 62)

#define TVEC_MODE MASK(1, 0)
#define TVEC_BASE MASK(63, 2)
#define TVEC_VECTORED 1

#define SATP_MODE MASK(63, 60)
#define SATP_ASID MASK(59, 44)
#define SATP_PPN MASK(43, 0)
enum { SATP_BARE = 0, SATP_SV39 = 8, SATP_SV48 = 9, SATP_SV57 = 10 };

#define ENVCFG_FIOM BIT(0)
#define ENVCFG_CBIE MASK(5, 4)
#define ENVCFG_CBCFE BIT(6)
#define ENVCFG_CBZE BIT(7)
#define MENVCFG_ADUE BIT(61)
#define MENVCFG_PBMTE BIT(62)
#define MENVCFG_STCE BIT(63)

#define PMPCFG_R BIT(0)
#define PMPCFG_W BIT(1)
#define PMPCFG_X BIT(2)
#define PMPCFG_A MASK(4, 3)
#define PMPCFG_L BIT(7)
/* Address bits 55:2; bits 63:54 are always zero. */
#define PMPADDR_ADDRESS MASK(53, 0)
enum { PMP_OFF = 0, PMP_TOR = 1, PMP_NA4 = 2, PMP_NAPOT = 3 };

#define FCSR_NX BIT(0)
#define FCSR_UF BIT(1)
#define FCSR_OF BIT(2)
#define FCSR_DZ BIT(3)
#define FCSR_NV BIT(4)
#define FCSR_FFLAGS MASK(4, 0)
#define FCSR_FRM MASK(7, 5)
enum { FRM_RMM = 4, FRM_DYN = 7 }; /* the last mode; frm's, in an instruction */

#define COUNTEREN_CY BIT(0)
#define COUNTEREN_TM BIT(1)
#define COUNTEREN_IR BIT(2)
#define COUNTEREN_HPM MASK(31, 3)

#endif
