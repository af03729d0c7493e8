/* From decoded instructions to operations: which handler runs each, and where
 * its operands lie in the operation. */
#include <string.h>

#include "cpu/pairs.h"

static op_handler *const handlers[INSN_COUNT][FORMS] = {
    [INSN_illegal] = {op_illegal, op_illegal, op_illegal},
#define HANDLERS(name, form_0, form_1, form_2) \
    [INSN_##name] = {op_##form_0, op_##form_1, op_##form_2},
#define INSN(name, mnemonic, match, mask, format, ext, class) \
    FORMS_##class(HANDLERS, format, name)
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

static op_handler *op_handler_of(const struct engine *e, unsigned insn,
                                 enum form form)
{
    if (UNLIKELY(!isa_has(e->isa, EXT_C))) {
        if (insn == INSN_jal)
            return op_jal_checked;
        if (insn == INSN_jalr)
            return op_jalr_checked;
    }
    return handlers[insn][form];
}

static bool commutes(unsigned insn)
{
    switch (insn) {
    case INSN_add: case INSN_addw: case INSN_mul: case INSN_mulw:
    case INSN_xor: case INSN_or: case INSN_and:
    case INSN_beq: case INSN_bne:
        return true;
    default:
        return false;
    }
}

static bool has_form(unsigned insn, enum form form)
{
    return handlers[insn][form] != handlers[insn][FORM_REGISTERS];
}

/* Which of the operands the accumulator has; rather rs1, so that the second
   operand of what commutes becomes the first. */
static enum form operand_form(struct op *o, unsigned insn, unsigned acc)
{
    if (o->rs1 == acc && has_form(insn, FORM_RS1))
        return FORM_RS1;
    if (o->rs2 != acc || !has_form(insn, FORM_RS2))
        return FORM_REGISTERS;
    if (!commutes(insn))
        return FORM_RS2;
    o->rs2 = o->rs1;
    o->rs1 = (uint8_t)acc;
    return FORM_RS1;
}

/* Which x register's value the accumulator has after `o`. */
static unsigned acc_after(const struct insn *i, const struct op *o,
                          unsigned acc)
{
    switch (insn_class((enum insn_op)i->op)) {
    case CLASS_ALU:
        return o->rd;
    case CLASS_LOAD:
        return insn_format((enum insn_op)i->op) == FORMAT_LOAD ? o->rd : acc;
    case CLASS_STORE:
        return acc;
    default:
        return ACC_NONE;
    }
}

/* `o` may be the last of a pair, of three, or of four of the same. */
static void fuse(struct op *o, const struct op_flow *flow)
{
    const uint8_t *slot = flow->slot;
    op_handler *two = pair_handler(slot[2], slot[3]);
    op_handler *three = three_handler(flow->last);
    op_handler *four = four_handler(slot[3]);

    if (two)
        o[-1].run = two;
    if (three)
        o[-2].run = three;
    if (four && slot[0] == slot[3] && slot[1] == slot[3] && slot[2] == slot[3])
        o[-3].run = four;
}

void op_make(const struct engine *e, const struct insn *i, unsigned at,
             struct op_flow *flow, struct op *o)
{
    bool to_x0 = i->op != INSN_illegal && i->rd == 0 &&
                 !writes_f(insn_format((enum insn_op)i->op));
    enum form form;

    *o = (struct op){
        .imm = op_imm(i, at),
        .rd = to_x0 ? HART_X_SINK : i->rd,
        .rs1 = i->rs1,
        .rs2 = i->rs2,
        .at = (uint8_t)at,
    };
    form = operand_form(o, i->op, flow->acc);
    o->run = op_handler_of(e, i->op, form);
    flow->acc = i->op == INSN_illegal ? ACC_NONE : acc_after(i, o, flow->acc);
    memmove(flow->slot, flow->slot + 1, sizeof flow->slot - 1);
    memmove(flow->last, flow->last + 1,
            sizeof flow->last - sizeof flow->last[0]);
    flow->slot[3] = 0;
    flow->last[2] = (struct op_form){INSN_illegal, FORM_REGISTERS};
    if (o->run == handlers[i->op][form]) {
        flow->slot[3] = (uint8_t)pair_slot(i->op, form);
        flow->last[2] = (struct op_form){i->op, form};
    }
    fuse(o, flow);
}
