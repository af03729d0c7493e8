/* CSR instructions on a csr_file (unprivileged manual, Zicsr). */
#include "isa/csr_insn.h"

static bool is_swap(unsigned op)
{
    return op == INSN_csrrw || op == INSN_csrrwi;
}

static uint64_t new_value(const struct csr_file *c, const struct insn *i,
                          uint64_t operand)
{
    unsigned csr = (unsigned)i->imm;

    if (is_swap(i->op))
        return operand;
    if (i->op == INSN_csrrs || i->op == INSN_csrrsi)
        return csr_rmw_base(c, csr) | operand;
    return csr_rmw_base(c, csr) & ~operand;
}

bool csr_execute(struct csr_file *c, const struct insn *i, uint64_t rs1,
                 uint64_t *rd, unsigned *effects)
{
    unsigned csr = (unsigned)i->imm;
    uint64_t operand = insn_format(i->op) == FORMAT_CSRI ? i->rs1 : rs1;
    /* csrrs and csrrc with x0, or with an immediate of 0, do not write: the
       register number decides, not the register's value. */
    bool write = is_swap(i->op) || i->rs1 != 0;

    *effects = 0;
    *rd = 0;
    if (!csr_permitted(c, csr, write))
        return false;
    if (!is_swap(i->op) || i->rd != 0)
        *rd = csr_read(c, csr);
    if (write)
        *effects = csr_write(c, csr, new_value(c, i, operand));
    return true;
}
