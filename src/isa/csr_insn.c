/* CSR instructions, from their encoding to what they do. */
#include "isa/csr_insn.h"

struct csr_access csr_access_of(const struct insn *i, uint64_t rs1)
{
    static const uint8_t operations[] = {
        [INSN_csrrs] = CSR_SET,    [INSN_csrrc] = CSR_CLEAR,
        [INSN_csrrsi] = CSR_SET,   [INSN_csrrci] = CSR_CLEAR,
        [INSN_csrrw] = CSR_SWAP,   [INSN_csrrwi] = CSR_SWAP,
    };
    unsigned operation = operations[i->op];

    return (struct csr_access){
        .csr = (uint16_t)i->imm,
        .operation = (uint8_t)operation,
        .read = operation != CSR_SWAP || i->rd != 0,
        .write = operation == CSR_SWAP || i->rs1 != 0,
        .operand = insn_format(i->op) == FORMAT_CSRI ? i->rs1 : rs1,
    };
}
