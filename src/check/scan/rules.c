#include "check/scan/rule.h"

#include <stdlib.h>
#include <string.h>

#include "check/scan/x86.h"

/* RULE sees what its arguments expand to: ONE(0x9d) is a match and a mask. */
#define RULE(...) RULE_OF(__VA_ARGS__, false)
#define RULE_UMIP(...) RULE_OF(__VA_ARGS__, true)
#define RULE_OF(...) RULE_ROW(__VA_ARGS__)
#define RULE_ROW(name, match, mask, class, cure, why, how, source, umip) \
    { name, (uint32_t)(match), (uint32_t)(mask), VERDICT_##class, \
      CURE_##cure, why, how, source, umip },
#define EXCEPTION(...) EXCEPTION_OF(__VA_ARGS__)
#define EXCEPTION_OF(match, mask) \
    { "", (uint32_t)(match), (uint32_t)(mask), VERDICT_INNOCUOUS, CURE_NONE, \
      NULL, NULL, NULL, false },

/* x86 */
#define OPCODE_BITS(bits) (X86_VECTOR | X86_KEY(3, bits, 0))
#define OPCODE_MASK OPCODE_BITS(0xff)
#define ONE(op) X86_KEY(X86_ONE, op, 0), OPCODE_MASK
#define ONE_OF(op, bits) X86_KEY(X86_ONE, op, 0), OPCODE_BITS(bits)
#define ONE_N(op, n) X86_KEY(X86_ONE, op, (n) << 3), OPCODE_MASK | 0x38
#define TWO(op) X86_KEY(X86_0F, op, 0), OPCODE_MASK
#define TWO_OF(op, bits) X86_KEY(X86_0F, op, 0), OPCODE_BITS(bits)
#define TWO_N(op, n) X86_KEY(X86_0F, op, (n) << 3), OPCODE_MASK | 0x38
#define TWO_REG(op) X86_KEY(X86_0F, op, 0xc0), OPCODE_MASK | 0xc0
#define TWO_IS(op, modrm) X86_KEY(X86_0F, op, modrm), OPCODE_MASK | 0xff

static const struct scan_rule x86[] = {
#include "check/scan/x86.def"
};
static const struct scan_rule arm[] = {
#include "check/scan/arm.def"
};
static const struct scan_rule thumb[] = {
#include "check/scan/thumb.def"
};
static const struct scan_rule aarch64[] = {
#include "check/scan/aarch64.def"
};
static const struct scan_rule mips[] = {
#include "check/scan/mips.def"
};

/* RISC-V: the encodings of our own machine's table. */
#define INSN(name, mnemonic, match, mask, format, ext, class) \
    MATCH_##name = match, MASK_##name = mask,
enum {
#include "isa/insn.def"
};
#undef INSN
static const struct scan_rule riscv[] = {
#include "check/scan/riscv.def"
};

#define RULES(table, shift) { table, sizeof table / sizeof table[0], shift }

static const struct scan_rules x86_rules = RULES(x86, 8);
static const struct scan_rules arm_rules = RULES(arm, 20);
static const struct scan_rules thumb_rules = RULES(thumb, 24);
static const struct scan_rules aarch64_rules = RULES(aarch64, 24);
static const struct scan_rules mips_rules = RULES(mips, 24);
static const struct scan_rules riscv_rules = RULES(riscv, 0);

const struct scan_rules *scan_rules(enum scan_isa isa)
{
    switch (isa) {
    case SCAN_X86: case SCAN_X86_64:
        return &x86_rules;
    case SCAN_ARM:
        return &arm_rules;
    case SCAN_THUMB:
        return &thumb_rules;
    case SCAN_AARCH64:
        return &aarch64_rules;
    case SCAN_MIPS: case SCAN_MIPSEL: case SCAN_MIPS64: case SCAN_MIPS64EL:
        return &mips_rules;
    default:
        return &riscv_rules;
    }
}

static const struct {
    const char *name;
    bool big_endian;
} isas[SCAN_ISAS] = {
#define X(id, name, big) [SCAN_##id] = { name, big },
    SCAN_ISA_LIST(X)
#undef X
};

const char *scan_isa_name(enum scan_isa isa)
{
    return isas[isa].name;
}

bool scan_isa_big_endian(enum scan_isa isa)
{
    return isas[isa].big_endian;
}

enum scan_isa scan_isa_find(const char *name)
{
    unsigned isa = 0;

    while (isa < SCAN_ISAS && strcmp(isas[isa].name, name) != 0)
        isa++;
    return isa;
}

const char *scan_cure_name(enum scan_cure cure)
{
    static const char *const names[] = {
        [CURE_NONE] = "none",
        [CURE_TRAP] = "trap",
        [CURE_REWRITE] = "rewrite",
        [CURE_PARAVIRTUALIZE] = "paravirtualize",
    };

    return names[cure];
}

/* May a key whose eight bits at the rules' shift are `bits` match `r`? */
static bool may_match(const struct scan_rules *rules,
                      const struct scan_rule *r, unsigned bits)
{
    unsigned mask = r->mask >> rules->shift & 0xff;

    return ((bits ^ r->match >> rules->shift) & mask) == 0;
}

enum status scan_matcher_init(struct scan_matcher *m, enum scan_isa isa)
{
    const struct scan_rules *rules = scan_rules(isa);
    unsigned listed = 0;

    *m = (struct scan_matcher){ .rules = rules };
    m->list = malloc(256 * rules->count * sizeof *m->list);
    if (!m->list)
        return STATUS_NO_MEMORY;
    for (unsigned bits = 0; bits < 256; bits++) {
        m->first[bits] = (uint16_t)listed;
        for (unsigned k = 0; k < rules->count; k++)
            if (may_match(rules, &rules->rule[k], bits))
                m->list[listed++] = (uint16_t)k;
    }
    m->first[256] = (uint16_t)listed;
    return STATUS_OK;
}

void scan_matcher_free(struct scan_matcher *m)
{
    free(m->list);
    m->list = NULL;
}
