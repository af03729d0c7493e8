/* From decoded instructions to operations: which handler runs each, and where
 * its operands lie in the operation. */
#include "cpu/op.h"

static op_handler *const handlers[INSN_COUNT] = {
    [INSN_illegal] = op_illegal,
#define INSN(name, mnemonic, match, mask, format, ext, class) \
    [INSN_##name] = op_##name,
#include "isa/insn.def"
#undef INSN
};

/* rd is an f register. */
static bool writes_f(enum insn_format format)
{
    switch (format) {
    case FORMAT_FP_R:
    case FORMAT_FP_R_RM:
    case FORMAT_FP_R4:
    case FORMAT_FP_UNARY_RM:
    case FORMAT_X_TO_FP:
    case FORMAT_X_TO_FP_RM:
    case FORMAT_FP_LOAD:
        return true;
    default:
        return false;
    }
}

bool op_ends_block(unsigned insn)
{
    if (insn == INSN_illegal || insn == INSN_fence_i)
        return true;
    switch (insn_class((enum insn_op)insn)) {
    case CLASS_BRANCH:
    case CLASS_JUMP:
    case CLASS_CSR:
    case CLASS_SYSTEM:
        return true;
    default:
        return false;
    }
}

/* The offset, and beside it the bits of a compressed instruction: these may
   turn out illegal at run time, and mtval wants the bits. */
static int32_t fp_access_imm(const struct insn *i)
{
    uint32_t bits = i->length == 2 ? i->raw : 0;

    return (int32_t)((uint32_t)i->imm << 20 | bits);
}

static int32_t op_imm(const struct insn *i, unsigned at)
{
    if (i->op == INSN_illegal)
        return (int32_t)i->raw;
    switch (insn_format((enum insn_op)i->op)) {
    case FORMAT_FP_LOAD:
    case FORMAT_FP_STORE:
        return fp_access_imm(i);
    case FORMAT_BRANCH:
    case FORMAT_JAL:
        return (int32_t)(i->imm + 2 * (int64_t)at);
    case FORMAT_CBO:
        return (int32_t)i->raw;
    default:
        break;
    }
    if (i->op == INSN_auipc)
        return (int32_t)(i->imm + 2 * (int64_t)at);
    switch (insn_class((enum insn_op)i->op)) {
    case CLASS_FP:
    case CLASS_CSR:
    case CLASS_SYSTEM:
        return (int32_t)i->raw;
    default:
        return (int32_t)i->imm;
    }
}

static op_handler *op_handler_of(const struct engine *e, unsigned insn)
{
    if (!isa_has(e->isa, EXT_C)) {
        if (insn == INSN_jal)
            return op_jal_checked;
        if (insn == INSN_jalr)
            return op_jalr_checked;
    }
    return handlers[insn];
}

void op_make(const struct engine *e, const struct insn *i, unsigned at,
             struct op *o)
{
    bool to_x0 = i->op != INSN_illegal && i->rd == 0 &&
                 !writes_f(insn_format((enum insn_op)i->op));

    *o = (struct op){
        .run = op_handler_of(e, i->op),
        .imm = op_imm(i, at),
        .rd = to_x0 ? HART_X_SINK : i->rd,
        .rs1 = i->rs1,
        .rs2 = i->rs2,
        .at = (uint8_t)at,
    };
}
