/* The whole story of a step, in order. */
#include "debug/why_text.h"

#include <stdlib.h>

/* What it was, who took it, whether the guest knows. */
static void say_event(struct why *w, enum why_part part)
{
    const struct trap *t = why_trap_of(w, part);
    const struct why_entry *e = why_entry_of(w, part);
    const struct csr_file *c =
        part == WHY_THE_INTERRUPT ? &w->look.before : &w->look.csr;
    char name[WHY_NAME];

    why_machine_name(w->depth, name);
    if (t)
        why_say(w, WHY_EVENT, w->depth,
                "Count %llu, hart %u of %s: %s (%s %llu), from %s to %s",
                (ull)w->count, w->hart, name, cause_name(t->cause),
                t->cause & CAUSE_INTERRUPT ? "interrupt" : "exception",
                (ull)(t->cause & ~CAUSE_INTERRUPT), why_mode(c->priv),
                why_mode(e->after.priv));
    else if (why_has(w, part, false))
        why_say(w, WHY_EVENT, w->depth,
                "Count %llu, hart %u of %s: an exit to the monitor, which the "
                "guest does not notice",
                (ull)w->count, w->hart, name);
    else
        why_say(w, WHY_EVENT, w->depth,
                "Count %llu, hart %u of %s: no trap and no exit", (ull)w->count,
                w->hart, name);
}

/* What the rules say of the machine that is asked about. */
static void say_own(struct why *w)
{
    const struct why_look *l = &w->look;
    bool trapped = why_trap_of(w, WHY_THE_INSTRUCTION) != NULL;

    if (w->depth > 0)
        why_say(w, WHY_MACHINE, w->depth,
                "In vm%u, by its own registers:", w->depth);
    if (w->depth > 0 && !trapped)
        why_say(w, WHY_RULE, w->depth,
                "The instruction is legal in %s, and does not trap",
                why_mode(l->csr.priv));
    else
        why_say_rule(w, w->depth, l);
    if (trapped)
        why_say_entry(w, w->depth, &l->csr, &l->entry);
}

static void explain_instruction(struct why *w)
{
    if (w->look.interrupts.cause)
        why_say(w, WHY_EVENT, w->depth,
                "Right before it %s was taken: this is the handler's first "
                "instruction",
                cause_name(w->look.interrupts.cause));
    why_say_instruction(w, w->depth, &w->look);
    say_own(w);
    why_say_exits(w, WHY_THE_INSTRUCTION);
}

static void explain_interrupt(struct why *w)
{
    char where[WHY_NAME];

    why_say(
        w, WHY_INSTRUCTION, w->depth, "before %s, in %s",
        why_address(w, w->depth, &w->look.before, w->look.interrupt.pc, where),
        why_mode(w->look.before.priv));
    why_say_interrupt(w, w->depth, &w->look);
    why_say_entry(w, w->depth, &w->look.before, &w->look.interrupt);
    why_say_exits(w, WHY_THE_INTERRUPT);
}

static void clear(struct why *w)
{
    for (size_t k = 0; k < w->lines; k++)
        free(w->line[k].text);
    w->lines = 0;
}

void why_explain(struct why *w, enum why_part part)
{
    clear(w);
    if (w->look.may_trap && why_trap_of(w, WHY_THE_INSTRUCTION))
        w->look.traps = true; /* the device has refused */
    say_event(w, part);
    if (!why_agrees(w))
        why_say(w, WHY_EVENT, w->depth,
                "The machine did something else than what follows: please "
                "report this");
    if (part == WHY_THE_INTERRUPT)
        explain_interrupt(w);
    else
        explain_instruction(w);
}
