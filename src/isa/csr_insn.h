/*
 * A CSR instruction as a whole: permission, read and write in the manual's
 * order (unprivileged manual, Zicsr). The bare hart and a monitor that
 * emulates the instruction for a virtual hart both call this. Freestanding.
 */
#ifndef POGO_ISA_CSR_INSN_H
#define POGO_ISA_CSR_INSN_H

#include "isa/csr_file.h"
#include "isa/insn.h"

enum csr_operation { CSR_SWAP, CSR_SET, CSR_CLEAR };

struct csr_access {
    uint16_t csr;
    uint8_t operation; /* enum csr_operation */
    bool read;         /* csrrw with rd = x0 does not read */
    bool write;        /* csrrs, csrrc with rs1 = x0 do not write, nor with an
                          immediate of 0: the field decides, not the value */
    uint64_t operand;  /* of rs1, or the immediate */
};

/* What `i`, of CLASS_CSR, does; `rs1` is the value of x[i->rs1]. */
struct csr_access csr_access_of(const struct insn *i, uint64_t rs1);

/*
 * Executes it on `c`, whose counts are those of the instructions before this
 * one. A write of a counter overrides this instruction's own increment, which
 * is the caller's to make. False: illegal instruction, and nothing has changed.
 * Otherwise *old is what rd receives and *effects the set of enum csr_effect.
 */
static inline bool csr_execute(struct csr_file *c, const struct csr_access *a,
                               uint64_t *old, unsigned *effects)
{
    uint64_t value = a->operand;

    *effects = 0;
    *old = 0;
    if (!csr_permitted(c, a->csr, a->write))
        return false;
    if (a->read)
        *old = csr_read(c, a->csr);
    if (!a->write)
        return true;
    if (a->operation == CSR_SET)
        value |= csr_rmw_base(c, a->csr);
    else if (a->operation == CSR_CLEAR)
        value = csr_rmw_base(c, a->csr) & ~value;
    c->count++;
    c->instret++;
    *effects = csr_write(c, a->csr, value);
    c->count--;
    c->instret--;
    return true;
}

#endif
