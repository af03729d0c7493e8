/*
 * A CSR instruction as a whole: permission, read and write in the manual's
 * order (unprivileged manual, Zicsr). The bare hart and a monitor that
 * emulates the instruction for a virtual hart both call this. Freestanding.
 */
#ifndef POGO_ISA_CSR_INSN_H
#define POGO_ISA_CSR_INSN_H

#include "isa/csr_file.h"
#include "isa/insn.h"

/*
 * Executes `i`, of CLASS_CSR, on `c`, whose counts are exact; `rs1` is the
 * value of x[i->rs1] (unused by the immediate forms). False: illegal
 * instruction, and nothing has changed. Otherwise *rd is what x[i->rd]
 * receives and *effects the set of enum csr_effect.
 */
bool csr_execute(struct csr_file *c, const struct insn *i, uint64_t rs1,
                 uint64_t *rd, unsigned *effects);

#endif
