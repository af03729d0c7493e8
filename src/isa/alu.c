/* What A-extension and plain memory instructions do with their data. */
#include "isa/alu.h"

/*
 * min and max compare 64-bit numbers; the .w forms bring both operands to 64
 * bits first, signed or not as they compare.
 */
static uint64_t min_signed(uint64_t a, uint64_t b)
{
    return (int64_t)a < (int64_t)b ? a : b;
}

static uint64_t max_signed(uint64_t a, uint64_t b)
{
    return (int64_t)a > (int64_t)b ? a : b;
}

static uint64_t min_unsigned(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

static uint64_t max_unsigned(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

static uint64_t signed_word(uint64_t v)
{
    return (uint64_t)sign_extend(v, 32);
}

uint64_t amo_compute(unsigned op, uint64_t old, uint64_t operand)
{
    uint64_t a = old, b = operand;

    switch (op) {
    case INSN_amoswap_w: case INSN_amoswap_d: return b;
    case INSN_amoadd_w: case INSN_amoadd_d: return a + b;
    case INSN_amoxor_w: case INSN_amoxor_d: return a ^ b;
    case INSN_amoand_w: case INSN_amoand_d: return a & b;
    case INSN_amoor_w: case INSN_amoor_d: return a | b;
    case INSN_amomin_d: return min_signed(a, b);
    case INSN_amomax_d: return max_signed(a, b);
    case INSN_amominu_d: return min_unsigned(a, b);
    case INSN_amomaxu_d: return max_unsigned(a, b);
    case INSN_amomin_w: return min_signed(signed_word(a), signed_word(b));
    case INSN_amomax_w: return max_signed(signed_word(a), signed_word(b));
    case INSN_amominu_w: return min_unsigned((uint32_t)a, (uint32_t)b);
    case INSN_amomaxu_w: return max_unsigned((uint32_t)a, (uint32_t)b);
    default: return old;
    }
}

/* size 0: not a plain load or store */
static const struct access_shape shapes[INSN_COUNT] = {
    [INSN_lb] = {1, true, false, false},
    [INSN_lh] = {2, true, false, false},
    [INSN_lw] = {4, true, false, false},
    [INSN_ld] = {8, true, false, false},
    [INSN_lbu] = {1, false, false, false},
    [INSN_lhu] = {2, false, false, false},
    [INSN_lwu] = {4, false, false, false},
    [INSN_flw] = {4, false, true, false},
    [INSN_fld] = {8, false, true, false},
    [INSN_sb] = {1, false, false, true},
    [INSN_sh] = {2, false, false, true},
    [INSN_sw] = {4, false, false, true},
    [INSN_sd] = {8, false, false, true},
    [INSN_fsw] = {4, false, true, true},
    [INSN_fsd] = {8, false, true, true},
};

bool access_shape(unsigned op, struct access_shape *out)
{
    if (op >= INSN_COUNT || shapes[op].size == 0)
        return false;
    *out = shapes[op];
    return true;
}
