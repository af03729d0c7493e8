/* What operations compute, as SMT-LIB's theory of bit-vectors has it. */
#include "check/isa/ast.h"

static uint64_t shift(enum ast_op op, unsigned width, uint64_t a, uint64_t b)
{
    int64_t s = sign_extend(a, width);

    switch (op) {
    case AST_SHL:
        return b < width ? a << b : 0;
    case AST_LSHR:
        return b < width ? a >> b : 0;
    default:
        return (uint64_t)(s >> (b < width ? b : width - 1));
    }
}

/* Signed division is defined by the unsigned one of absolute values. */
static uint64_t divide(enum ast_op op, unsigned width, uint64_t a, uint64_t b)
{
    uint64_t mask = MASK(width - 1, 0);
    bool is_signed = op == AST_SDIV || op == AST_SREM;
    bool minus_a = is_signed && (a >> (width - 1) & 1);
    bool minus_b = is_signed && (b >> (width - 1) & 1);
    uint64_t x = minus_a ? -a & mask : a;
    uint64_t y = minus_b ? -b & mask : b;

    if (op == AST_UDIV || op == AST_SDIV) {
        x = y ? x / y : mask;
        return minus_a != minus_b ? -x : x;
    }
    x = y ? x % y : x;
    return minus_a ? -x : x;
}

static bool compare(enum ast_op op, unsigned width, uint64_t a, uint64_t b)
{
    int64_t x = sign_extend(a, width), y = sign_extend(b, width);

    switch (op) {
    case AST_EQ:
        return a == b;
    case AST_ULT:
        return a < b;
    case AST_ULE:
        return a <= b;
    case AST_SLT:
        return x < y;
    default:
        return x <= y;
    }
}

static uint64_t compute(enum ast_op op, unsigned width, uint64_t a, uint64_t b,
                        uint64_t c)
{
    switch (op) {
    case AST_NOT:
        return ~a;
    case AST_NEG:
        return -a;
    case AST_ZERO_EXTEND:
        return a;
    case AST_SIGN_EXTEND:
        return (uint64_t)sign_extend(a, width);
    case AST_AND:
        return a & b;
    case AST_OR:
        return a | b;
    case AST_XOR:
        return a ^ b;
    case AST_ADD:
        return a + b;
    case AST_SUB:
        return a - b;
    case AST_MUL:
        return a * b;
    case AST_UDIV:
    case AST_UREM:
    case AST_SDIV:
    case AST_SREM:
        return divide(op, width, a, b);
    case AST_SHL:
    case AST_LSHR:
    case AST_ASHR:
        return shift(op, width, a, b);
    case AST_EQ:
    case AST_ULT:
    case AST_ULE:
    case AST_SLT:
    case AST_SLE:
        return compare(op, width, a, b);
    case AST_CONCAT:
        return a << width | b;
    case AST_ITE:
        return a ? b : c;
    default:
        return 0;
    }
}

uint64_t ast_compute(enum ast_op op, unsigned width, unsigned result_width,
                     uint64_t a, uint64_t b, uint64_t c)
{
    return compute(op, width, a, b, c) & MASK(result_width - 1, 0);
}
