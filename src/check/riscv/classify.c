/* Classes, as docs/check-riscv.md defines them. */
#include "check/riscv/classify.h"

#include <string.h>

/* A monitor that lacks the condition cannot use the knob. FS it never can: the
   guest runs with its own. */
static bool knob_usable(const struct riscv_part *p, enum knob k)
{
    switch (k) {
    case KNOB_FS:
        return false;
    case KNOB_COUNTEREN:
        return p->without != CONDITION_COUNTEREN;
    case KNOB_TVM:
        return p->without != CONDITION_SFENCE;
    case KNOB_TW:
        return p->without != CONDITION_WFI;
    case KNOB_MENVCFG:
    case KNOB_SENVCFG:
        return p->without != CONDITION_ENVCFG;
    default:
        return true;
    }
}

/* The knob with which none of the runs retired, or KNOBS. senvcfg before
   menvcfg: it is the one made for the mode below. */
static enum knob closing_knob(const struct riscv_part *p,
                              const struct knob_count *count)
{
    for (unsigned i = KNOBS; i-- > 0;)
        if (count[i].seen && !count[i].retired && knob_usable(p, i))
            return i;
    return KNOBS;
}

static uint64_t sum(const uint64_t *v)
{
    return v[SIDE_U] + v[SIDE_S] + v[SIDE_M] + v[SIDE_HOST];
}

enum insn_verdict classify(const struct riscv_part *p, unsigned group,
                           enum knob *knob)
{
    const struct tally *t = &p->tally[group];

    *knob = KNOBS;
    if (!t->states)
        return VERDICT_UNDECIDED;
    if (!sum(t->retired))
        return sum(t->trapped) ? VERDICT_ALWAYS_TRAPS : VERDICT_UNDECIDED;
    if (!t->retired[SIDE_HOST])
        return VERDICT_PRIVILEGED;
    if (!t->sensitive)
        return VERDICT_INNOCUOUS;
    *knob = closing_knob(p, t->host);
    return *knob < KNOBS ? VERDICT_CONFIGURABLE : VERDICT_VIOLATION;
}

bool classify_breaks_hybrid(const struct riscv_part *p, unsigned group)
{
    const struct tally *t = &p->tally[group];
    bool retires = t->retired[SIDE_U] ||
                   (p->question->host == PRIV_U && t->retired[SIDE_HOST]);

    return retires && t->user_sensitive && closing_knob(p, t->user) == KNOBS;
}

static bool name_begins(const struct group *g, const char *text)
{
    return strncmp(g->name, text, strlen(text)) == 0;
}

static bool is_counter(const struct group *g)
{
    return g->kind == GROUP_CSR && g->csr >= CSR_cycle &&
           g->csr <= CSR_hpmcounter31;
}

static bool is_float(const struct group *g)
{
    if (g->kind == GROUP_CSR)
        return g->csr >= CSR_fflags && g->csr <= CSR_fcsr;
    return g->kind == GROUP_ROW &&
           (isa_has(&(struct isa){ .ext = BIT(EXT_F) | BIT(EXT_D) },
                    insn_row(g->op)->ext));
}

static bool accesses_memory(const struct group *g)
{
    enum insn_class class;

    if (g->kind != GROUP_ROW)
        return false;
    class = insn_class(g->op);
    return class == CLASS_LOAD || class == CLASS_STORE || class == CLASS_AMO;
}

bool classify_concerned(const struct riscv_part *p, enum riscv_condition c,
                        unsigned group)
{
    const struct group *g = &p->groups.group[group];

    switch (c) {
    case CONDITION_COUNTEREN:
        return is_counter(g);
    case CONDITION_SSSTRICT:
        return g->kind == GROUP_RESERVED || g->kind == GROUP_RESERVED_16 ||
               (g->kind == GROUP_CSR && !csr_exists(p->groups.isa, g->csr));
    case CONDITION_SFENCE:
        return name_begins(g, "sfence.") || name_begins(g, "sinval.");
    case CONDITION_WFI:
        return name_begins(g, "wfi");
    case CONDITION_ENVCFG:
        return name_begins(g, "cbo.");
    case CONDITION_FS:
        return is_float(g);
    case CONDITION_RESERVATION:
        return name_begins(g, "sc.") || name_begins(g, "lr.");
    default:
        return accesses_memory(g);
    }
}

const struct finding *classify_finding(const struct riscv_part *p,
                                       unsigned group)
{
    static const uint8_t order[] = { FINDING_HARM, PROPERTY_MODE,
                                     PROPERTY_OTHER, PROPERTY_LOCATION,
                                     PROPERTY_CONTROL };
    const struct tally *t = &p->tally[group];

    for (size_t i = 0; i < sizeof order; i++)
        if (t->finding[order[i]])
            return t->finding[order[i]];
    return NULL;
}
