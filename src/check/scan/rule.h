/*
 * Which instructions of real processors are sensitive, as data: one table an
 * instruction set, in the *.def files of this folder. A rule says which words
 * it is about, of what class they are (check/verdict.h), why, what cures them,
 * and who says so. The question is always the same: an operating system's
 * kernel, run in the mode of user programs.
 */
#ifndef POGO_CHECK_SCAN_RULE_H
#define POGO_CHECK_SCAN_RULE_H

#include "base/bits.h"
#include "base/status.h"
#include "check/verdict.h"

/* One row an instruction set: enumerator, name, little-endian or big. */
#define SCAN_ISA_LIST(X) \
    X(X86, "x86", false) X(X86_64, "x86-64", false) \
    X(ARM, "arm", false) X(THUMB, "thumb", false) \
    X(AARCH64, "aarch64", false) \
    X(MIPS, "mips", true) X(MIPSEL, "mipsel", false) \
    X(MIPS64, "mips64", true) X(MIPS64EL, "mips64el", false) \
    X(RISCV32, "riscv32", false) X(RISCV64, "riscv64", false)

enum scan_isa {
#define X(id, name, big) SCAN_##id,
    SCAN_ISA_LIST(X)
#undef X
    SCAN_ISAS
};

/* What can be done about an instruction. */
enum scan_cure {
    CURE_NONE,
    CURE_TRAP,           /* it traps, or a setting makes it trap: emulate it */
    CURE_REWRITE,        /* put something that traps, or that does the same, in
                            its place: patching, binary translation */
    CURE_PARAVIRTUALIZE, /* change the kernel's source */
};

/*
 * X86(…) and RULE(…) rows become these. The key is the instruction's word; of
 * 16-bit Thumb instructions, shifted up by 16; of x86, see x86.h. A rule is
 * about the keys with (key & mask) == match that no rule before it is about.
 * A rule of class VERDICT_INNOCUOUS is an exception from those after it.
 */
struct scan_rule {
    const char *name;
    uint32_t match, mask;
    enum insn_verdict class;
    enum scan_cure cure;
    const char *why;    /* a clause; NULL if innocuous, as the next two */
    const char *how;    /* the cure: a clause */
    const char *source; /* the manual or paper */
    bool umip;          /* with CR4.UMIP set it traps in user mode */
};

struct scan_rules {
    const struct scan_rule *rule;
    unsigned count;
    unsigned shift; /* key bits shift+7..shift tell most rules apart */
};

const struct scan_rules *scan_rules(enum scan_isa isa);

/* "x86-64". */
const char *scan_isa_name(enum scan_isa isa);
/* SCAN_ISAS: there is none of that name. */
enum scan_isa scan_isa_find(const char *name);
/* Are its words big-endian, if nothing says otherwise? */
bool scan_isa_big_endian(enum scan_isa isa);
/* "trap", "rewrite", "paravirtualize", "none". */
const char *scan_cure_name(enum scan_cure cure);

/* Rules by the 8 bits of the key at `shift`: finds one in a step or two. */
struct scan_matcher {
    const struct scan_rules *rules;
    uint16_t first[257];  /* rules of the keys with bits b: list[first[b]] to */
    uint16_t *list;       /* list[first[b + 1] - 1], in the table's order */
};

/* STATUS_NO_MEMORY. */
enum status scan_matcher_init(struct scan_matcher *m, enum scan_isa isa);
void scan_matcher_free(struct scan_matcher *m);

/* The rule about `key`; NULL: none, or an exception. */
static inline const struct scan_rule *
scan_match(const struct scan_matcher *m, uint32_t key)
{
    unsigned bits = key >> m->rules->shift & 0xff;

    for (unsigned k = m->first[bits]; k < m->first[bits + 1]; k++) {
        const struct scan_rule *r = &m->rules->rule[m->list[k]];

        if ((key & r->mask) == r->match)
            return r->class == VERDICT_INNOCUOUS ? NULL : r;
    }
    return NULL;
}

#endif
