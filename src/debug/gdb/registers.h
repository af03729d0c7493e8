/*
 * The registers that gdb is told of: their numbers, their values, and the
 * target description (GDB manual, appendix G) that names them.
 *
 * Features: cpu (x0–x31, pc), fpu (f0–f31, fflags, frm, fcsr), csr (what the
 * machine's isa has), virtual (priv), and org.pogo.vmm: what only Pogo knows
 * (registers_vmm.h), and views of the CSRs that have fields.
 *
 * A CSR is a number, so that it can be set to one: gdb refuses that for what is
 * of another size and has fields. $mstatus_fields is a view of the same
 * register whose fields are members: p $mstatus_fields.MPP, set
 * $mstatus_fields.SUM = 1. `info registers fields` shows all of these.
 *
 * Numbers are those that gdb itself uses for RISC-V: x0 to x31 are 0 to 31, pc
 * is 32, f0 to f31 are 33 to 64, a CSR is 65 and its number, priv is 4161. What
 * only Pogo has follows; a view is 8192 and the CSR's number. They are the same
 * for all worlds, and in every run.
 */
#ifndef POGO_DEBUG_GDB_REGISTERS_H
#define POGO_DEBUG_GDB_REGISTERS_H

#include "debug/debugger.h"

enum gdb_register {
    GDB_X0 = 0,
    GDB_PC = 32,
    GDB_F0 = 33,
    GDB_CSR0 = 65,
    GDB_PRIV = GDB_CSR0 + 4096,
    GDB_VMM,
    GDB_FIELDS0 = 2 * 4096,
    GDB_FIELDS_END = GDB_FIELDS0 + 4096,
};

/* One more than the highest number. Not all of those below it are in use. */
unsigned gdb_registers(const struct debugger *d);
/* The packets g and G have all from 0 to the one before this that are in use:
   x, pc and f. Of the others gdb asks one by one (p, P). */
unsigned gdb_registers_in_g(const struct debugger *d);
/* Bytes: 8, or 4 (fflags, frm, fcsr and their views, priv; f without D); 0:
   there is none of that number. */
unsigned gdb_register_size(const struct debugger *d, unsigned number);

/* Changes nothing of the machine. False: there is none. */
bool gdb_register_get(struct debugger *d, unsigned world, unsigned hart,
                      unsigned number, uint64_t *v);
/* False: it cannot be written there, or cannot hold that. A CSR holds what its
   own rules make of it (WARL). */
bool gdb_register_set(struct debugger *d, unsigned world, unsigned hart,
                      unsigned number, uint64_t v);

/* target.xml. */
void gdb_target_description(const struct debugger *d,
                            const struct text_sink *out);

#endif
