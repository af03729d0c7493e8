/*
 * Where a trap goes and why; which interrupt is taken and why. Privileged
 * manual 1.13: "Machine Trap Delegation (medeleg and mideleg) Registers",
 * "Machine Interrupt (mip and mie) Registers", "Privilege and Global
 * Interrupt-Enable Stack", trap vectors.
 */
#include "debug/why_text.h"

/* ---- interrupts ---- */

/* Who raises it. */
static void say_source(struct why *w, unsigned level, const struct csr_file *c,
                       unsigned number)
{
    switch (number) {
    case IRQ_STI:
        if (c->menvcfg & MENVCFG_STCE)
            why_say(w, WHY_INTERRUPT, level,
                    "STI comes from the comparator: time is %#llx, and has "
                    "reached stimecmp, %#llx (menvcfg.STCE is 1)",
                    (ull)c->time, (ull)c->stimecmp);
        else
            why_say(w, WHY_INTERRUPT, level,
                    "STI is what M-mode has written to mip");
        break;
    case IRQ_MTI:
        why_say(w, WHY_INTERRUPT, level,
                "MTI comes from the ACLINT: mtime has reached mtimecmp");
        break;
    case IRQ_MSI:
        why_say(w, WHY_INTERRUPT, level,
                "MSI comes from the ACLINT: a hart "
                "has written msip");
        break;
    case IRQ_SSI:
        why_say(w, WHY_INTERRUPT, level,
                "SSI is what software has written to mip or sip");
        break;
    default:
        why_say(w, WHY_INTERRUPT, level,
                number == IRQ_SEI && (c->mip & BIT(IRQ_SEI))
                    ? "SEI is what M-mode has written to mip"
                    : "%s comes from the PLIC: a device has raised it",
                number == IRQ_SEI ? "SEI" : "MEI");
    }
}

static void say_open(struct why *w, unsigned level, const struct why_look *l,
                     bool for_m)
{
    const struct csr_file *c = &l->before;
    unsigned to = for_m ? PRIV_M : PRIV_S;

    if (c->priv < to)
        why_say(w, WHY_INTERRUPT, level,
                "The hart is in %s, and interrupts for a higher mode are "
                "always enabled",
                why_mode(c->priv));
    else
        why_say(w, WHY_INTERRUPT, level,
                "The hart is in %s, and mstatus.%s is 1", why_mode(c->priv),
                for_m ? "MIE" : "SIE");
}

void why_say_interrupt(struct why *w, unsigned level, const struct why_look *l)
{
    const struct interrupt_look *i = &l->interrupts;
    uint64_t number = i->cause & ~CAUSE_INTERRUPT;
    bool for_m = l->interrupt.route != ROUTE_DELEGATED;
    uint64_t candidates = for_m ? i->for_m : i->for_s;
    char pending[WHY_NAME], enabled[WHY_NAME], ready[WHY_NAME];

    why_say(w, WHY_INTERRUPT, level,
            "mip has %s, mie %s: pending and enabled is %s",
            why_interrupts(i->pending, pending),
            why_interrupts(l->before.mie, enabled),
            why_interrupts(i->ready, ready));
    say_source(w, level, &l->before, (unsigned)number);
    say_open(w, level, l, for_m);
    if (candidates & (candidates - 1))
        why_say(w, WHY_INTERRUPT, level,
                "Of %s the first in the order MEI, MSI, MTI, SEI, SSI, STI is "
                "taken",
                why_interrupts(candidates, ready));
    why_say(w, WHY_RULE, level,
            "The %s is taken before the next instruction. (Privileged manual, "
            "\"Machine Interrupt (mip and mie) Registers\")",
            cause_name(i->cause));
}

/* ---- entry ---- */

static void say_route(struct why *w, unsigned level, const struct csr_file *c,
                      const struct why_entry *e)
{
    const char *reg = e->trap.cause & CAUSE_INTERRUPT ? "mideleg" : "medeleg";
    unsigned bit = (unsigned)(e->trap.cause & 63);

    switch (e->route) {
    case ROUTE_FROM_M:
        why_say(w, WHY_ENTRY, level,
                "It comes from M-mode, and traps never go to a lower mode: "
                "M-mode takes it");
        break;
    case ROUTE_NOT_DELEGATED:
        why_say(
            w, WHY_ENTRY, level,
            "Bit %u of %s is 0 (it is %#llx): M-mode takes it", bit, reg,
            (ull)(e->trap.cause & CAUSE_INTERRUPT ? c->mideleg : c->medeleg));
        break;
    case ROUTE_DELEGATED:
        why_say(
            w, WHY_ENTRY, level,
            "Bit %u of %s is 1 (it is %#llx), and it comes from %s: S-mode "
            "takes it",
            bit, reg,
            (ull)(e->trap.cause & CAUSE_INTERRUPT ? c->mideleg : c->medeleg),
            why_mode(c->priv));
    }
}

static void say_vector(struct why *w, unsigned level, const struct why_entry *e,
                       char x)
{
    uint64_t tvec = x == 's' ? e->after.stvec : e->after.mtvec;
    bool vectored = field_get(tvec, TVEC_MODE) == TVEC_VECTORED &&
                    (e->trap.cause & CAUSE_INTERRUPT);
    char where[WHY_NAME];

    why_address(w, level, &e->after, e->handler, where);
    if (vectored)
        why_say(w, WHY_ENTRY, level,
                "%ctvec is %#llx (vectored): base and 4 times %llu, so the "
                "hart goes on at %s",
                x, (ull)tvec, (ull)(e->trap.cause & ~CAUSE_INTERRUPT), where);
    else
        why_say(w, WHY_ENTRY, level, "%ctvec is %#llx: the hart goes on at %s",
                x, (ull)tvec, where);
}

static void say_saved(struct why *w, unsigned level, const struct csr_file *c,
                      const struct why_entry *e, char x)
{
    uint64_t ie = x == 's' ? MSTATUS_SIE : MSTATUS_MIE;

    why_say(w, WHY_ENTRY, level,
            "The handler finds %cepc = %#llx, %ccause = %#llx, %ctval = %#llx; "
            "mstatus.%cPP = %u (%s), %cPIE = %u, %cIE = 0",
            x, (ull)e->pc, x, (ull)e->trap.cause, x, (ull)e->trap.tval,
            x - 'a' + 'A', c->priv, why_mode(c->priv), x - 'a' + 'A',
            (c->mstatus & ie) != 0, x - 'a' + 'A');
}

void why_say_entry(struct why *w, unsigned level, const struct csr_file *c,
                   const struct why_entry *e)
{
    char x = e->route == ROUTE_DELEGATED ? 's' : 'm';

    say_route(w, level, c, e);
    if (e->to_monitor) {
        why_say(w, WHY_ENTRY, level,
                "There stands the monitor of vm%u: the hart's run ends, and "
                "nothing is entered",
                level + 1);
        return;
    }
    say_vector(w, level, e, x);
    say_saved(w, level, c, e, x);
}
