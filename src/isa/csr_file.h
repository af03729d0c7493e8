/*
 * The control and status registers of one hart, and what may be done with
 * them. Permission, read and write are three steps (unprivileged manual,
 * Zicsr; privileged manual, machine and supervisor chapters, version 1.13).
 * The same functions serve the hart of the bare board and the virtual hart of
 * a monitor. Freestanding; no allocation; a struct csr_file is plain data.
 */
#ifndef POGO_ISA_CSR_FILE_H
#define POGO_ISA_CSR_FILE_H

#include "base/state.h"
#include "isa/cause.h"
#include "isa/csr_fields.h"
#include "isa/isa.h"

enum priv { PRIV_U = 0, PRIV_S = 1, PRIV_M = 3 };

#define PMP_ENTRIES 16

struct csr_file {
    const struct isa *isa; /* borrowed; outlives this */
    uint64_t hartid;
    uint8_t priv;          /* enum priv: the current mode */

    /*
     * The hart's counts. Whoever executes instructions brings them up to date
     * before csr_read or csr_write: `count` advances with each instruction
     * executed (retired or trapped) and with idle time, `instret` with each
     * that retires, `time` is mtime as the board has it.
     */
    uint64_t count, instret, time;
    uint64_t cycle_offset, instret_offset; /* mcycle = count + cycle_offset */
    /* While inhibited a counter stands still: its frozen value. */
    uint64_t cycle_frozen, instret_frozen;

    uint64_t mstatus, medeleg, mideleg, mie, mtvec, mscratch, mepc, mcause,
        mtval, menvcfg, mcounteren, mcountinhibit;
    uint64_t mip;   /* what software wrote: SSIP, STIP, SEIP */
    uint64_t lines; /* what the board drives: MSIP, MTIP, MEIP, SEIP, and the
                       comparator's STIP where Sstc drives it */
    uint64_t stvec, sscratch, sepc, scause, stval, satp, senvcfg, scounteren,
        stimecmp;
    uint8_t pmpcfg[PMP_ENTRIES];
    uint64_t pmpaddr[PMP_ENTRIES];
    uint64_t fcsr; /* frm and fflags */
};

/* What a write changed beyond its register; a set of these. */
enum csr_effect {
    CSR_EFFECT_TRANSLATION = 1 << 0, /* satp, SUM, MXR, MPRV, MPP, PBMTE… */
    CSR_EFFECT_PMP = 1 << 1,
    CSR_EFFECT_INTERRUPT = 1 << 2,   /* mie, mip, mideleg, MIE, SIE */
    CSR_EFFECT_TIMER = 1 << 3,       /* stimecmp or menvcfg.STCE: re-arm */
    CSR_EFFECT_FP = 1 << 4,          /* FS or fcsr */
    CSR_EFFECT_ENVCFG = 1 << 5,      /* menvcfg, senvcfg; TRANSLATION with it
                                        if PBMTE or ADUE has changed */
};

/* Reset state: M-mode, everything the manual fixes, the rest zero. */
void csr_reset(struct csr_file *c, const struct isa *isa, uint64_t hartid);

/* Why an access to a CSR is an illegal instruction; the first that applies. */
enum csr_refusal {
    CSR_ALLOWED,
    CSR_REFUSED_ABSENT,     /* there is none of that number */
    CSR_REFUSED_MODE,       /* bits 9:8 of the number name a higher mode */
    CSR_REFUSED_READ_ONLY,  /* bits 11:10 are 3, and it is written */
    CSR_REFUSED_FS,         /* mstatus.FS is Off */
    CSR_REFUSED_TVM,        /* mstatus.TVM, of satp in S-mode */
    CSR_REFUSED_STCE,       /* menvcfg.STCE is clear, of stimecmp */
    CSR_REFUSED_MCOUNTEREN, /* its bit there is clear; of stimecmp, TM */
    CSR_REFUSED_SCOUNTEREN, /* its bit there is clear, in U-mode */
};

/*
 * May the current mode access `csr`, for writing too if `write`, and if not,
 * why? Considers: existence (with `isa`), the read-only and privilege bits of
 * the number, TVM (satp), counter enables, FS, STCE (stimecmp), and that some
 * CSRs are only there in some configurations.
 */
enum csr_refusal csr_refusal(const struct csr_file *c, unsigned csr,
                             bool write);

/* False means illegal instruction. */
static inline bool csr_permitted(const struct csr_file *c, unsigned csr,
                                 bool write)
{
    return csr_refusal(c, csr, write) == CSR_ALLOWED;
}

/* Does this machine have `csr` at all, whatever the mode? */
bool csr_exists(const struct isa *isa, unsigned csr);

/*
 * The value a read returns. No permission check is needed or made; a CSR that
 * does not exist reads as zero. mip's SEIP reads as software bit OR line.
 */
uint64_t csr_read(const struct csr_file *c, unsigned csr);

/*
 * Writes `value`, legalised as the manual's WARL rules and Pogo's choices
 * (csr_write.c) say. Returns a set of enum csr_effect. No permission check. For
 * csrrs/csrrc the caller passes csr_rmw_base() combined with its operand.
 *
 * mcycle and minstret then read as `value` at this very count. An instruction's
 * write overrides its own increment (the next instruction reads what was
 * written), so an executor writes with count and instret already past it.
 * After menvcfg, stimecmp and csr_timer_update the comparator's line in
 * `lines` is up to date.
 */
unsigned csr_write(struct csr_file *c, unsigned csr, uint64_t value);

/*
 * The value that csrrs and csrrc modify. It differs from csr_read only for mip
 * and sip, where the line's SEIP is left out ("only the software-writable SEIP
 * bit participates in the read-modify-write sequence").
 */
uint64_t csr_rmw_base(const struct csr_file *c, unsigned csr);

/* "mstatus", or NULL where there is none of that number. */
const char *csr_name(unsigned csr);

/*
 * Enumerates the CSRs of this machine in ascending order: returns the first
 * that exists with a number >= from, or -1. For hashes, snapshots, debuggers.
 */
int csr_next(const struct isa *isa, unsigned from);

/* Interrupts now pending: software bits and lines together, as mip reads. */
uint64_t csr_mip(const struct csr_file *c);

/* Brings the Sstc comparator's line up to date with c->time. */
void csr_timer_update(struct csr_file *c);

/* mstatus with FS=Dirty and SD set. */
void csr_mark_fs_dirty(struct csr_file *c);

/*
 * The state (base/state.h): all but `time`, which follows from the count: who
 * loads brings it up to date. isa and hartid are those it was made with.
 */
void csr_state(struct csr_file *c, struct state *s);
#define CSR_COUNT_MAX (UINT64_C(1) << 62) /* no count is loaded beyond it */
/* Is floating point an illegal instruction now? */
static inline bool fp_is_off(const struct csr_file *c)
{
    return !(c->mstatus & MSTATUS_FS);
}

/* The mode to round in: an instruction's own, rm, or for DYN (7) frm's. */
static inline unsigned fp_rounding(const struct csr_file *c, unsigned rm)
{
    return rm == FRM_DYN ? (unsigned)field_get(c->fcsr, FCSR_FRM) : rm;
}

/* What rounds so is an illegal instruction. */
static inline bool fp_rounding_reserved(unsigned mode)
{
    return mode > FRM_RMM;
}

/* The mode that loads and stores run in: MPRV and MPP considered. */
enum priv csr_data_priv(const struct csr_file *c);

#endif
