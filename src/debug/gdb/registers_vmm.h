/*
 * Inside the registers only: those of the feature org.pogo.vmm, which gdb shows
 * with `info registers vmm`.
 *
 *   vmm_world    the world: 0 is the bare machine
 *   vmm_mode     the mode that the hart is in there, by name
 *   vmm_waiting  in wfi
 *   vmm_status   mstatus by its fields
 *   vmm_mcause, vmm_scause  by name, interrupts too
 *   vmm_exits    from this world that its monitor has dealt with, of all harts;
 *                what is run through again is counted again; bare: 0
 *   vmm_count    the hart's count of instructions
 *   vmm_time     the session's time
 */
#ifndef POGO_DEBUG_GDB_REGISTERS_VMM_H
#define POGO_DEBUG_GDB_REGISTERS_VMM_H

#include "debug/gdb/registers.h"

struct gdb_vmm_register {
    const char *name, *type; /* as in target.xml */
    uint64_t (*get)(struct session *s, unsigned world, unsigned hart);
    bool (*set)(struct session *s, unsigned world, unsigned hart, uint64_t v);
    /* NULL: it is not to be written */
};

/* Has that CSR a view with its fields? */
bool gdb_has_view(const struct isa *isa, unsigned csr);

/* NULL: there is none of that number, from 0 on. */
const struct gdb_vmm_register *gdb_vmm_register(unsigned n);

/* A cause as an enum of gdb's, whose values are small. */
#define GDB_CAUSE_INTERRUPT UINT64_C(64)

#endif
