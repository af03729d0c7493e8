/*
 * Which rule raised an exception, in words. Privileged manual 1.13: "CSR
 * Address Mapping Conventions", "Virtualization Support in mstatus", "Extension
 * Context Status in mstatus", counter enables, Sstc, envcfg; unprivileged
 * manual for the rest.
 */
#include "debug/why_text.h"

#include <stdio.h>

#define ILLEGAL "illegal instruction"

static void say(struct why *w, unsigned level, const char *rule,
                const char *cause, const char *section)
{
    why_say(w, WHY_RULE, level, "%s: %s. (%s)", rule, cause, section);
}

/* Where the manual has it, by enum csr_refusal. */
static const char *const csr_sections[] = {
    [CSR_REFUSED_ABSENT] = "CSR Address Mapping Conventions",
    [CSR_REFUSED_MODE] = "CSR Address Mapping Conventions",
    [CSR_REFUSED_READ_ONLY] = "CSR Address Mapping Conventions",
    [CSR_REFUSED_FS] = "Extension Context Status in mstatus Register",
    [CSR_REFUSED_TVM] = "Virtualization Support in mstatus Register",
    [CSR_REFUSED_STCE] = "Machine Environment Configuration (menvcfg) Register",
    [CSR_REFUSED_MCOUNTEREN] = "Machine Counter-Enable (mcounteren) Register",
    [CSR_REFUSED_SCOUNTEREN] = "Supervisor Counter-Enable (scounteren) "
                               "Register",
};

/* What the number alone refuses: what its bits 9:8 and 11:10 say. */
static void csr_number_text(const struct why_look *l, char *text, size_t size)
{
    unsigned csr = (unsigned)l->insn.imm, lowest = csr >> 8 & 3;
    const char *name = csr_name(csr);

    if (l->reason == CSR_REFUSED_ABSENT)
        snprintf(text, size, "This machine has no CSR %#05x%s%s%s", csr,
                 name ? " (" : "", name ? name : "", name ? ")" : "");
    else if (l->reason == CSR_REFUSED_MODE)
        snprintf(
            text, size,
            "CSR %#05x (%s) has %u in bits 9 and 8 of its number: it needs "
            "%s, and the hart is in %s",
            csr, name, lowest, why_mode(lowest), why_mode(l->csr.priv));
    else
        snprintf(text, size,
                 "CSR %#05x (%s) has 3 in bits 11 and 10 of its number: it is "
                 "read-only, and this instruction writes it",
                 csr, name);
}

/* What other registers refuse. */
static void csr_state_text(const struct why_look *l, char *text, size_t size)
{
    unsigned csr = (unsigned)l->insn.imm;
    /* The enable bit of a counter is that of its number; of stimecmp, TM. */
    unsigned bit = csr == CSR_stimecmp ? CSR_time & 31 : csr & 31;
    const char *name = csr_name(csr), *mode = why_mode(l->csr.priv);

    switch ((enum csr_refusal)l->reason) {
    case CSR_REFUSED_FS:
        snprintf(text, size,
                 "mstatus.FS is 0 (Off), and %s is floating-point state", name);
        break;
    case CSR_REFUSED_TVM:
        snprintf(text, size, "mstatus.TVM is 1: S-mode may not access %s",
                 name);
        break;
    case CSR_REFUSED_STCE:
        snprintf(text, size,
                 "menvcfg.STCE is 0: %s is there for M-mode only, and the hart "
                 "is in %s",
                 name, mode);
        break;
    default:
        snprintf(text, size, "%s bit %u is 0: %s may not access %s",
                 l->reason == CSR_REFUSED_MCOUNTEREN ? "mcounteren"
                                                     : "scounteren",
                 bit, mode, name);
    }
}

static void say_csr(struct why *w, unsigned level, const struct why_look *l)
{
    char text[192];

    if (l->reason <= CSR_REFUSED_READ_ONLY)
        csr_number_text(l, text, sizeof text);
    else
        csr_state_text(l, text, sizeof text);
    why_say(w, WHY_RULE, level, "%s: " ILLEGAL ". (Privileged manual, \"%s\")",
            text, csr_sections[l->reason]);
}

static void say_system(struct why *w, unsigned level, const struct why_look *l)
{
    const char *name = insn_name(l->insn.op);
    char text[160];

    switch ((enum system_refusal)l->reason) {
    case SYSTEM_REFUSED_M:
        snprintf(text, sizeof text, "%s is for M-mode, and the hart is in %s",
                 name, why_mode(l->csr.priv));
        break;
    case SYSTEM_REFUSED_U:
        snprintf(text, sizeof text, "%s is not for U-mode", name);
        break;
    default:
        snprintf(text, sizeof text, "mstatus.%s is 1: %s is illegal in S-mode",
                 l->insn.op == INSN_sret  ? "TSR"
                 : l->insn.op == INSN_wfi ? "TW"
                                          : "TVM",
                 name);
    }
    say(w, level, text, ILLEGAL,
        l->reason == SYSTEM_REFUSED_BIT
            ? "Privileged manual, \"Virtualization Support in mstatus "
              "Register\""
            : "Privileged manual, \"Machine-Mode Privileged Instructions\" and "
              "\"Supervisor Instructions\"");
}

static void say_cbo(struct why *w, unsigned level, const struct why_look *l)
{
    uint64_t field = cbo_field(l->insn.op);
    char text[160];

    snprintf(text, sizeof text, "%s.%s is 0: %s may not execute %s",
             l->reason == CBO_REFUSED_MENVCFG ? "menvcfg" : "senvcfg",
             field == ENVCFG_CBZE    ? "CBZE"
             : field == ENVCFG_CBCFE ? "CBCFE"
                                     : "CBIE",
             why_mode(l->csr.priv), insn_name(l->insn.op));
    say(w, level, text, ILLEGAL,
        "Unprivileged manual, \"CMO\" Extensions, \"Control and Status "
        "Register "
        "Support\"");
}

/* What it would be if the machine had all that there is. */
static void say_encoding(struct why *w, unsigned level,
                         const struct why_look *l)
{
    const struct isa all = isa_default();
    struct insn i;
    const struct insn_row *row;
    char text[160];

    insn_decode(l->raw, &all, &i);
    row = insn_row(i.op);
    if (row)
        snprintf(text, sizeof text,
                 "%#x is %s, which needs the extension '%s', and this machine "
                 "lacks that",
                 l->insn.raw, row->name, isa_ext_name((enum isa_ext)row->ext));
    else if (l->insn.raw == 0)
        snprintf(text, sizeof text, "All bits zero is defined as illegal");
    else
        snprintf(text, sizeof text, "%#x is no instruction", l->insn.raw);
    say(w, level, text, ILLEGAL,
        "Unprivileged manual, \"Base Instruction-Length Encoding\"");
}

static void say_ecall(struct why *w, unsigned level, const struct why_look *l)
{
    why_say(w, WHY_RULE, level,
            "ecall asks the mode above for a service: %s; the cause is 8 and "
            "the mode's number, %u. (Unprivileged manual, \"Environment Call "
            "and Breakpoints\")",
            cause_name(l->entry.trap.cause), l->csr.priv);
}

static void say_target(struct why *w, unsigned level, const struct why_look *l)
{
    char text[160];

    snprintf(text, sizeof text,
             "The jump goes to %#llx, which is no multiple of 4, and this "
             "machine has no C extension",
             (ull)l->target);
    say(w, level, text, cause_name(CAUSE_FETCH_MISALIGNED),
        "Unprivileged manual, \"Control Transfer Instructions\"");
}

/* All of the accesses before the one that is refused went well. */
static void say_accesses(struct why *w, unsigned level,
                         const struct why_look *l)
{
    if (l->rule == RULE_FETCH)
        why_say_access(w, level, l, &l->fetch[l->fetches - 1]);
    for (unsigned k = 0; l->rule != RULE_FETCH && k < l->accesses; k++)
        why_say_access(w, level, l, &l->data[k]);
}

static void say_fp_off(struct why *w, unsigned level, const struct why_look *l)
{
    (void)l;
    say(w, level, "mstatus.FS is 0 (Off), so there is no floating point",
        ILLEGAL,
        "Privileged manual, \"Extension Context Status in mstatus Register\"");
}

static void say_rounding(struct why *w, unsigned level,
                         const struct why_look *l)
{
    char text[96];

    snprintf(text, sizeof text,
             "It rounds as frm says, which is %u, and reserved",
             fp_rounding(&l->csr, l->insn.rm));
    say(w, level, text, ILLEGAL,
        "Unprivileged manual, \"Floating-Point Control and Status Register\"");
}

static void say_ebreak(struct why *w, unsigned level, const struct why_look *l)
{
    (void)l;
    say(w, level, "ebreak hands over to a debugger",
        cause_name(CAUSE_BREAKPOINT),
        "Unprivileged manual, \"Environment Call and Breakpoints\"");
}

void why_say_rule(struct why *w, unsigned level, const struct why_look *l)
{
    static void (*const by_rule[])(struct why *, unsigned,
                                   const struct why_look *) = {
        [RULE_NONE] = say_accesses,     [RULE_FETCH] = say_accesses,
        [RULE_ENCODING] = say_encoding, [RULE_CSR] = say_csr,
        [RULE_SYSTEM] = say_system,     [RULE_CBO] = say_cbo,
        [RULE_FP_OFF] = say_fp_off,     [RULE_ROUNDING] = say_rounding,
        [RULE_ECALL] = say_ecall,       [RULE_EBREAK] = say_ebreak,
        [RULE_TARGET] = say_target,     [RULE_DATA] = say_accesses,
    };

    by_rule[l->rule](w, level, l);
    if (l->absorbed)
        why_say(w, WHY_RULE, level,
                "But this hardware has a hole there (--hole), and does not "
                "trap");
}
