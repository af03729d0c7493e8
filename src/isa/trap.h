/*
 * Trap entry, trap return and interrupt choice (privileged manual: mstatus,
 * medeleg/mideleg, mip/mie, mret/sret). They work on a csr_file alone, so that
 * the bare hart and the virtual hart obey one set of rules. Freestanding.
 */
#ifndef POGO_ISA_TRAP_H
#define POGO_ISA_TRAP_H

#include "isa/csr_file.h"

/* Which mode takes a trap, and why. */
enum trap_route {
    ROUTE_FROM_M,        /* M: it comes from M-mode, and never goes down */
    ROUTE_NOT_DELEGATED, /* M: its bit in medeleg or mideleg is clear */
    ROUTE_DELEGATED,     /* S: that bit is set */
};
enum trap_route trap_route(const struct csr_file *c, uint64_t cause);

/* The mode that would take `cause` now: medeleg, mideleg and c->priv decide. */
static inline enum priv trap_target(const struct csr_file *c, uint64_t cause)
{
    return trap_route(c, cause) == ROUTE_DELEGATED ? PRIV_S : PRIV_M;
}

/*
 * Enters the trap: saves pc into xepc, sets xcause, xtval and the xstatus
 * stack, changes c->priv. Returns the pc of the handler (vectored mode
 * considered).
 */
uint64_t trap_enter(struct csr_file *c, struct trap t, uint64_t pc);

/*
 * mret / sret: pops the status stack, changes c->priv, clears MPRV when
 * leaving M-mode. Returns the pc to go on at. Whether the instruction is
 * permitted is system_refusal's business.
 */
uint64_t trap_mret(struct csr_file *c);
uint64_t trap_sret(struct csr_file *c);

/* Why a SYSTEM instruction that is no CSR access is illegal. */
enum system_refusal {
    SYSTEM_ALLOWED,
    SYSTEM_REFUSED_M,   /* only M-mode may */
    SYSTEM_REFUSED_U,   /* U-mode may not */
    SYSTEM_REFUSED_BIT, /* mstatus has system_trap_bit() set, in S-mode */
};

/* The mstatus bit that makes `op` (enum insn_op) illegal in S-mode: TSR of sret,
   TW of wfi, TVM of sfence.vma and sinval.vma. 0: none does. */
uint64_t system_trap_bit(unsigned op);

/*
 * Permission of these instructions in the current mode: mret, sret, wfi (illegal
 * in U where S is implemented), sfence.vma and sinval.vma, sfence.w.inval,
 * sfence.inval.ir. Other ops are allowed.
 */
enum system_refusal system_refusal(const struct csr_file *c, unsigned op);

/* False: illegal instruction. */
static inline bool system_permitted(const struct csr_file *c, unsigned op)
{
    return system_refusal(c, op) == SYSTEM_ALLOWED;
}

/* Why a cbo.* is illegal: the field cbo_field() of that register is zero. */
enum cbo_refusal { CBO_ALLOWED, CBO_REFUSED_MENVCFG, CBO_REFUSED_SENVCFG };

/* CBZE, CBCFE or CBIE, whichever rules `op`; 0: it is no such instruction. */
uint64_t cbo_field(unsigned op);

/* May the current mode execute this cbo.*? (Prefetches are hints and always
   allowed.) */
enum cbo_refusal cbo_refusal(const struct csr_file *c, unsigned op);

/* False: illegal instruction. */
static inline bool cbo_permitted(const struct csr_file *c, unsigned op)
{
    return cbo_refusal(c, op) == CBO_ALLOWED;
}

/* What decides whether an interrupt is taken before the next instruction; sets
   of bits as mip has them. */
struct interrupt_look {
    uint64_t pending; /* mip */
    uint64_t ready;   /* and enabled, in mie */
    uint64_t for_m;   /* of these, not delegated … */
    uint64_t for_s;   /* … and delegated by mideleg */
    bool m_open;      /* may M-mode take one now: mode and MIE … */
    bool s_open;      /* … or S-mode: mode and SIE */
    uint64_t cause;   /* the one to take, as mcause has it; 0: none */
};
void interrupt_look(const struct csr_file *c, struct interrupt_look *l);

/*
 * The interrupt to take before the next instruction, as mcause has it, or 0:
 * of those pending and enabled for a mode that may be interrupted now, M's
 * before S's, in the order MEI MSI MTI SEI SSI STI.
 */
uint64_t interrupt_choose(const struct csr_file *c);

/* Is anything in mip & mie set? (What ends a wfi, whatever MIE and SIE say.) */
bool interrupt_wakes(const struct csr_file *c);

#endif
