/*
 * An access in words: the walk with each PTE, where it lies, and the check that
 * failed; PMP; what lies at the address. Privileged manual 1.13: "Virtual
 * Address Translation Process", "Physical Memory Protection", "Physical Memory
 * Attributes".
 */
#include "debug/why_text.h"

#include <stdio.h>

#include "debug/page_tables.h"

static const char *access_name(enum access a)
{
    return a == ACCESS_FETCH ? "fetch" : a == ACCESS_STORE ? "store" : "load";
}

const char *why_flags(uint64_t pte, char buf[WHY_NAME])
{
    char flags[PAGE_TABLES_FLAGS];

    page_tables_flags(pte, flags);
    snprintf(buf, WHY_NAME, "%s", pte & PTE_V ? flags : "invalid");
    return buf;
}

/* ---- the walk ---- */

/* What is wrong, and the step of the process in which it is found. */
struct walk_rule {
    const char *found;
    const char *rule; /* NULL: it depends on the mode of satp */
    unsigned step;
};

static const struct walk_rule walk_rules[] = {
    [WALK_NOT_CANONICAL] = { "is no address", NULL, 0 },
    [WALK_PTE_PMP] = { "PMP does not let S-mode read it",
                       "The walk reads a PTE as S-mode would, and PMP refuses "
                       "it",
                       2 },
    [WALK_PTE_NO_MEMORY] = { "there is no memory",
                             "A PTE must lie in main memory", 2 },
    [WALK_INVALID] = { "V is 0", "A PTE whose V is 0 is not valid", 3 },
    [WALK_WRITE_ONLY] = { "R is 0, W is 1",
                          "A page that can be written and not read is reserved",
                          3 },
    [WALK_RESERVED] = { "of the bits 60 to 54 one is 1",
                        "These bits are reserved, and must be 0", 3 },
    [WALK_PBMT] = { "the bits 62 and 61 (PBMT) are not 0",
                    "PBMT must be 0 in a pointer, may not be 3, and must be 0 "
                    "unless menvcfg.PBMTE is 1 (Svpbmt)",
                    3 },
    [WALK_NAPOT] = { "bit 63 (N) is 1",
                     "N is reserved but for a leaf of the last level whose low "
                     "page-number bits are 1000 (Svnapot)",
                     3 },
    [WALK_POINTER_BITS] = { "a pointer with D, A or U",
                            "D, A and U of a pointer to the next level are "
                            "reserved",
                            3 },
    [WALK_NO_LEAF] = { "a pointer", "On the last level there must be a leaf",
                       4 },
    [WALK_MISALIGNED] = { "a superpage whose low page-number bits are not 0",
                          "A superpage must be aligned to its size", 5 },
    [WALK_SUPERVISOR_PAGE] = { "U is 0",
                               "U-mode may access pages with U = 1 only", 6 },
    [WALK_USER_PAGE] = { "U is 1",
                         "S-mode may access pages with U = 1 only while "
                         "mstatus.SUM is 1",
                         6 },
    [WALK_USER_CODE] = { "U is 1",
                         "S-mode may not execute code on a page with U = 1, "
                         "whatever SUM is",
                         6 },
    [WALK_NO_READ] = { "R is 0",
                       "A load needs R = 1, or with mstatus.MXR = 1, X = 1",
                       7 },
    [WALK_NO_WRITE] = { "W is 0", "A store needs W = 1", 7 },
    [WALK_NO_EXECUTE] = { "X is 0", "A fetch needs X = 1", 7 },
    [WALK_NOT_ACCESSED] = { "A is 0",
                            "A must be 1; menvcfg.ADUE is 0, so software sets "
                            "it (Svade)",
                            8 },
    [WALK_NOT_DIRTY] = { "D is 0",
                         "D must be 1 for a store; menvcfg.ADUE is 0, so "
                         "software sets it (Svade)",
                         8 },
    [WALK_UPDATE_PMP] = { "A or D is 0, and PMP does not let S-mode set it",
                          "Hardware sets A and D as an S-mode store would "
                          "(menvcfg.ADUE is 1), and PMP refuses it",
                          8 },
    [WALK_UPDATE_FAILED] = { "A or D is 0, and cannot be set",
                             "Hardware sets A and D (menvcfg.ADUE is 1), which "
                             "this memory does not let it",
                             8 },
};

/* Bits of an address that are translated by satp. */
static unsigned address_bits(const struct csr_file *c)
{
    return PAGE_SHIFT + 9 * satp_levels(field_get(c->satp, SATP_MODE));
}

static void say_root(struct why *w, unsigned level, const struct csr_file *c,
                     const struct why_access *a)
{
    uint64_t root = field_get(c->satp, SATP_PPN) << PAGE_SHIFT;
    char below[WHY_NAME];

    why_say(w, WHY_TRANSLATION, level,
            "%s of %#llx as %s%s: by satp = %#llx, Sv%u, ASID %u, root table "
            "at %#llx%s",
            access_name(a->access), (ull)a->va, why_mode(a->priv),
            a->priv != c->priv ? " (mstatus.MPRV is 1)" : "", (ull)c->satp,
            address_bits(c), (unsigned)field_get(c->satp, SATP_ASID), (ull)root,
            why_below(w, level, root, below));
}

/* A PTE that could not be read is no step. */
static bool is_unread(const struct walk_result *r)
{
    return r->reason == WALK_PTE_PMP || r->reason == WALK_PTE_NO_MEMORY;
}

/* "level 2: PTE 1 at 0x80214008 is 0x20085001: points to 0x80214000" */
static void say_step(struct why *w, unsigned level, const struct why_access *a,
                     unsigned step, unsigned levels)
{
    const struct walk_step *s = &a->walk.step[step];
    uint64_t pa = field_get(s->pte, PTE_PPN) << PAGE_SHIFT;
    bool unread = is_unread(&a->walk), last = step + 1 == a->walk.steps;
    unsigned at = levels - 1 - step;
    char below[WHY_NAME], flags[PAGE_TABLES_FLAGS + 1] = "", found[WHY_NAME];

    last = last && !unread;
    if (last && !a->walk.ok)
        snprintf(found, sizeof found, ": %s", walk_rules[a->walk.reason].found);
    else if (last)
        snprintf(found, sizeof found, ": a leaf, page at %#llx", (ull)pa);
    else
        snprintf(found, sizeof found, ": points to %#llx", (ull)pa);
    if (last && (s->pte & PTE_V)) {
        flags[0] = ' ';
        page_tables_flags(s->pte, flags + 1);
    }
    why_say(w, WHY_TRANSLATION, level,
            "level %u: PTE %u at %#llx%s is %#llx%s%s", at,
            pte_index(a->va, at), (ull)s->pte_pa,
            why_below(w, level, s->pte_pa, below), (ull)s->pte, flags, found);
}

static void say_unread(struct why *w, unsigned level,
                       const struct why_access *a)
{
    char below[WHY_NAME];

    why_say(w, WHY_TRANSLATION, level, "level %u: PTE %u at %#llx%s: %s",
            a->walk.level, pte_index(a->va, a->walk.level), (ull)a->walk.pte_pa,
            why_below(w, level, a->walk.pte_pa, below),
            walk_rules[a->walk.reason].found);
}

static void say_walk(struct why *w, unsigned level, const struct csr_file *c,
                     const struct why_access *a)
{
    const struct walk_result *r = &a->walk;
    unsigned levels = satp_levels(field_get(c->satp, SATP_MODE));
    char below[WHY_NAME];

    if (r->bare) {
        why_say(w, WHY_TRANSLATION, level,
                a->priv == PRIV_M
                    ? "%s of %#llx in M-mode: the address is physical%s"
                    : "%s of %#llx: satp is Bare, so the address is physical%s",
                access_name(a->access), (ull)a->va,
                why_below(w, level, a->va, below));
        return;
    }
    say_root(w, level, c, a);
    for (unsigned k = 0; k < r->steps; k++)
        say_step(w, level, a, k, levels);
    if (is_unread(r))
        say_unread(w, level, a);
    if (r->ok)
        why_say(w, WHY_TRANSLATION, level, "so %#llx is at physical %#llx%s",
                (ull)a->va, (ull)r->pa, why_below(w, level, r->pa, below));
}

static void say_walk_rule(struct why *w, unsigned level,
                          const struct csr_file *c, const struct why_access *a)
{
    const struct walk_rule *r = &walk_rules[a->walk.reason];
    const char *cause = cause_name(a->walk.cause);
    unsigned bits = address_bits(c);

    if (r->rule)
        why_say(w, WHY_RULE, level,
                "%s: %s. (Privileged manual, \"Virtual Address Translation "
                "Process\", step %u)",
                r->rule, cause, r->step);
    else
        why_say(w, WHY_RULE, level,
                "Bits 63 to %u of an address must all equal bit %u: %s. "
                "(Privileged manual, \"Sv%u: Page-Based %u-bit Virtual-Memory "
                "System\")",
                bits, bits - 1, cause, bits, bits);
}

/* ---- PMP ---- */

static void say_pmp(struct why *w, unsigned level, const struct csr_file *c,
                    const struct why_access *a)
{
    static const char *const modes[] = { "OFF", "TOR", "NA4", "NAPOT" };
    const struct pmp_decision *d = &a->pmp;
    char rights[4];
    uint8_t cfg;

    if (d->entry == PMP_ENTRIES) {
        why_say(w, WHY_PROTECTION, level,
                "No PMP entry matches %#llx, and then %s may do nothing",
                (ull)a->pa, why_mode(a->priv));
        return;
    }
    cfg = c->pmpcfg[d->entry];
    page_tables_rights(cfg & ACCESS_ALL, rights);
    why_say(w, WHY_PROTECTION, level,
            "PMP entry %u (pmpcfg %#04x: %s, %s%s) is the first that matches: "
            "[%#llx, %#llx)",
            d->entry, cfg, modes[field_get(cfg, PMPCFG_A)], rights,
            cfg & PMPCFG_L ? ", locked" : "", (ull)d->lo, (ull)d->hi);
    if (!d->whole)
        why_say(w, WHY_PROTECTION, level,
                "It does not match all of the %llu bytes at %#llx: then "
                "nothing is allowed",
                (ull)a->size, (ull)a->pa);
}

/* ---- what lies there ---- */

static void say_place(struct why *w, unsigned level, const struct why_access *a)
{
    char below[WHY_NAME];

    if (a->place == PLACE_NOTHING)
        why_say(w, WHY_PLACE, level, "At physical %#llx there is nothing",
                (ull)a->pa);
    else if (a->place == PLACE_RAM)
        why_say(w, WHY_PLACE, level, "At physical %#llx%s there is RAM",
                (ull)a->pa, why_below(w, level, a->pa, below));
    else
        why_say(w, WHY_PLACE, level, "At physical %#llx there is the %s%s",
                (ull)a->pa, a->place == PLACE_ROM ? "" : "device ", a->device);
}

static const char *place_rule(const struct why_look *l,
                              const struct why_access *a)
{
    if (a->refusal == ACCESS_ASKS_DEVICE && a->place == PLACE_ROM)
        return "A ROM cannot be written";
    if (a->refusal == ACCESS_ASKS_DEVICE)
        return "The device has no register there for such an access";
    if (a->place == PLACE_NOTHING)
        return "Nothing answers there";
    if (a->access == ACCESS_FETCH)
        return "Code cannot be fetched from a device";
    if (insn_class(l->insn.op) == CLASS_AMO)
        return "AMO, LR and SC work on main memory only";
    if (l->accesses == 2)
        return "What crosses a page must lie in main memory with all of it";
    if (insn_class(l->insn.op) != CLASS_LOAD &&
        insn_class(l->insn.op) != CLASS_STORE)
        return "This instruction works on main memory only";
    return "A device is accessed aligned, and within its registers";
}

/* ---- the access ---- */

static void say_refusal(struct why *w, unsigned level, const struct why_look *l,
                        const struct why_access *a)
{
    const char *cause = cause_name(l->entry.trap.cause);

    switch ((enum why_refusal)a->refusal) {
    case ACCESS_REFUSED_WALK:
        say_walk_rule(w, level, &l->csr, a);
        break;
    case ACCESS_REFUSED_PMP:
        say_pmp(w, level, &l->csr, a);
        why_say(
            w, WHY_RULE, level,
            "PMP gives %s no right to %s here: %s. (Privileged manual, "
            "\"Physical Memory Protection\", \"Priority and Matching Logic\")",
            why_mode(a->priv), access_name(a->access), cause);
        break;
    case ACCESS_REFUSED_ALIGNED:
        why_say(w, WHY_RULE, level,
                "%#llx is no multiple of %llu, and AMO, LR and SC need that: "
                "%s. (Unprivileged manual, \"A\" Extension for Atomic "
                "Instructions)",
                (ull)a->va, (ull)a->size, cause);
        break;
    default:
        say_place(w, level, a);
        why_say(w, WHY_RULE, level,
                "%s: %s. (Privileged manual, \"Physical Memory Attributes\")",
                place_rule(l, a), cause);
    }
}

void why_say_access(struct why *w, unsigned level, const struct why_look *l,
                    const struct why_access *a)
{
    char below[WHY_NAME];

    if (a->kept)
        why_say(w, WHY_TRANSLATION, level,
                "%s of %#llx: the hart keeps the translation to physical "
                "%#llx%s, which no fence has covered since",
                access_name(a->access), (ull)a->va, (ull)a->pa,
                why_below(w, level, a->pa, below));
    else if (a->refusal != ACCESS_REFUSED_ALIGNED)
        say_walk(w, level, &l->csr, a);
    if (a->refusal != ACCESS_GOES &&
        (a->refusal != ACCESS_ASKS_DEVICE || l->traps))
        say_refusal(w, level, l, a);
    else
        say_place(w, level, a);
}
