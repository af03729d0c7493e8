/*
 * Trap entry, trap return and interrupt choice (privileged manual: mstatus,
 * medeleg/mideleg, mip/mie, mret/sret). They work on a csr_file alone, so that
 * the bare hart and the virtual hart obey one set of rules. Freestanding.
 */
#ifndef POGO_ISA_TRAP_H
#define POGO_ISA_TRAP_H

#include "isa/csr_file.h"

/* The mode that would take `cause` now: medeleg, mideleg and c->priv decide. */
enum priv trap_target(const struct csr_file *c, uint64_t cause);

/*
 * Enters the trap: saves pc into xepc, sets xcause, xtval and the xstatus
 * stack, changes c->priv. Returns the pc of the handler (vectored mode
 * considered).
 */
uint64_t trap_enter(struct csr_file *c, struct trap t, uint64_t pc);

/*
 * mret / sret: pops the status stack, changes c->priv, clears MPRV when
 * leaving M-mode. Returns the pc to go on at. Whether the instruction is
 * permitted is trap_return_permitted's business.
 */
uint64_t trap_mret(struct csr_file *c);
uint64_t trap_sret(struct csr_file *c);

/*
 * Permission of the SYSTEM instructions that are not CSR accesses, in the
 * current mode; `op` is an enum insn_op: mret, sret (TSR), wfi (TW; illegal in
 * U where S is implemented), sfence.vma and sinval.vma (TVM, never in U),
 * sfence.w.inval, sfence.inval.ir. False: illegal instruction. Other ops: true.
 */
bool system_permitted(const struct csr_file *c, unsigned op);

/*
 * May the current mode execute this cbo.* (`op`, menvcfg and senvcfg)?
 * False: illegal instruction. (Prefetches are hints and always permitted.)
 */
bool cbo_permitted(const struct csr_file *c, unsigned op);

/*
 * The interrupt to take before the next instruction, as mcause has it, or 0:
 * of those pending and enabled for a mode that may be interrupted now, M's
 * before S's, in the order MEI MSI MTI SEI SSI STI.
 */
uint64_t interrupt_choose(const struct csr_file *c);

/* Is anything in mip & mie set? (What ends a wfi, whatever MIE and SIE say.) */
bool interrupt_wakes(const struct csr_file *c);

#endif
