/* What the monitors did about a step: what the host's hart raised, by which
   rule; what the monitor found; what it did. */
#include "debug/why_text.h"

#include <stdio.h>

#include "isa/csr_insn.h"

#define STAGES 4 /* addresses that are shown in full */

static bool is_fetch(uint64_t cause)
{
    return cause == CAUSE_FETCH_ACCESS || cause == CAUSE_FETCH_PAGE;
}

/* ---- what the host raised ---- */

static void say_host(struct why *w, const struct why_exit *x)
{
    unsigned host = x->level - 1;
    char name[WHY_NAME];

    why_say(w, WHY_MACHINE, host,
            "On %s, whose hart runs all of vm%u in U-mode:",
            why_machine_name(host, name), x->level);
    if (!x->ran)
        why_say(w, WHY_MONITOR, host,
                "The hart is not run this time: the instruction before was "
                "emulated, and the monitor of vm%u sees that this one would "
                "trap as well",
                x->level);
    why_say_rule(w, host, &x->host);
    if (x->host.traps)
        why_say_entry(w, host, &x->host.csr, &x->host.entry);
}

/* ---- what the monitor did ---- */

/* What an emulated instruction has left behind. */
static void say_effect(struct why *w, unsigned level, const struct why_look *l)
{
    struct machine *m = l->machine;
    const struct csr_file *now = why_board(m)->csr[l->hart];
    uint64_t pc = m->ops->reg_get(m, l->hart, REG_PC), v = 0;
    unsigned csr = (unsigned)l->insn.imm;
    char where[WHY_NAME];

    switch (l->insn.op) {
    case INSN_mret:
    case INSN_sret:
        why_address(w, level, now, pc, where);
        why_say(w, WHY_MONITOR, level, "The virtual hart is now in %s, at %s",
                why_mode(now->priv), where);
        break;
    case INSN_sfence_vma:
    case INSN_sinval_vma:
        why_say(w, WHY_MONITOR, level,
                "What it covers is gone from the shadow, too");
        break;
    case INSN_wfi:
        why_say(w, WHY_MONITOR, level, "The virtual hart %s",
                interrupt_wakes(now) ? "need not wait" : "waits");
        break;
    default:
        if (insn_class(l->insn.op) != CLASS_CSR)
            break;
        m->ops->csr_get(m, l->hart, csr, &v);
        if (csr_access_of(&l->insn, l->rs1).write)
            why_say(w, WHY_MONITOR, level, "%s was %#llx, and is now %#llx",
                    csr_name(csr), (ull)csr_read(&l->csr, csr), (ull)v);
        else
            why_say(w, WHY_MONITOR, level, "%s is %#llx, and goes to %s",
                    csr_name(csr), (ull)v, insn_x_name(l->insn.rd));
    }
}

static void say_emulated(struct why *w, const struct why_exit *x,
                         const struct why_look *l)
{
    why_say(w, WHY_MONITOR, x->level,
            "The monitor of vm%u emulates it on the virtual hart, in its "
            "virtual %s, and it retires",
            x->level, why_mode(x->record.priv));
    if (l && l->fetched && !l->traps)
        say_effect(w, x->level, l);
}

static void say_filled(struct why *w, const struct why_exit *x)
{
    const struct exit_record *e = &x->record;

    if (!cause_is_memory(e->host.cause))
        why_say(w, WHY_MONITOR, x->level,
                "The monitor of vm%u lets the host fetch it again", x->level);
    else
        why_say(w, WHY_MONITOR, x->level,
                "The monitor of vm%u walks its guest's own table, which allows "
                "it, and puts the page into its shadow: %#llx -> "
                "guest-physical %#llx. The guest does not notice; the "
                "instruction is run again",
                x->level, (ull)e->host.tval, (ull)e->gpa);
}

static void say_device(struct why *w, const struct why_exit *x)
{
    const struct board *b = why_board(why_machine(w, x->level));
    const struct bus_device *d = bus_device_at(&b->bus, x->record.gpa, 1);

    why_say(w, WHY_MONITOR, x->level,
            "At guest-physical %#llx is %s%s of vm%u%s: its monitor lets the "
            "device's model do the %s, and the instruction retires",
            (ull)x->record.gpa, d && d->memory ? "the " : "the device ",
            d ? d->name : "?", x->level,
            d && d->memory ? ", to loads and stores a device like others" : "",
            x->record.is_store ? "store" : "load");
}

static void say_memory(struct why *w, const struct why_exit *x)
{
    why_say(w, WHY_MONITOR, x->level,
            "The monitor of vm%u does the access at guest-physical %#llx "
            "itself: the page cannot be mapped for it, since PMP divides the "
            "page, or MPRV has data go by other rules than code",
            x->level, (ull)x->record.gpa);
}

static void say_interrupt(struct why *w, const struct why_exit *x)
{
    why_say(w, WHY_MONITOR, x->level,
            "No exit brought it: the host's interrupts are all off. Between "
            "two runs of the host's hart the monitor of vm%u asks the same "
            "rule of the virtual hart, and enters the handler for it",
            x->level);
}

static void say_reflected(struct why *w, const struct why_exit *x)
{
    why_say(w, WHY_MONITOR, x->level,
            "The monitor of vm%u finds that this is its guest's own: %s, for "
            "M-mode of vm%u. There the monitor of vm%u stands, and is handed "
            "it",
            x->level, cause_name(x->record.guest.cause), x->level,
            x->level + 1);
}

static void say_injected(struct why *w, const struct why_exit *x)
{
    why_say(w, WHY_MONITOR, x->level,
            "The monitor of vm%u finds that the guest would have had it on a "
            "machine of its own, too: it enters the virtual hart's handler for "
            "%s",
            x->level, cause_name(x->record.guest.cause));
}

/* `l`: what the guest was about to do, if that machine is the one asked about.
 */
static void say_deed(struct why *w, const struct why_exit *x,
                     const struct why_look *l)
{
    static void (*const by_action[EXIT_ACTIONS])(struct why *,
                                                 const struct why_exit *) = {
        [EXIT_FILLED] = say_filled,       [EXIT_DEVICE] = say_device,
        [EXIT_MEMORY] = say_memory,       [EXIT_INJECTED] = say_injected,
        [EXIT_INTERRUPT] = say_interrupt, [EXIT_REFLECTED] = say_reflected,
    };

    if (x->record.action == EXIT_EMULATED)
        say_emulated(w, x, l);
    else
        by_action[x->record.action](w, x);
}

/* ---- all of them ---- */

/* Addresses that an exit was about, each page once. */
static void say_all_stages(struct why *w)
{
    uint64_t said[STAGES];
    unsigned n = 0;

    for (unsigned k = 0; k < w->exits && n < STAGES; k++) {
        const struct exit_record *e = &w->exit[k].record;
        bool known = false;

        if (w->exit[k].level != w->depth || !cause_is_memory(e->host.cause))
            continue;
        for (unsigned i = 0; i < n; i++)
            known =
                known || said[i] >> PAGE_SHIFT == e->host.tval >> PAGE_SHIFT;
        if (known)
            continue;
        said[n++] = e->host.tval;
        why_say_stages(w, e->host.tval, !is_fetch(e->host.cause));
    }
}

void why_say_exits(struct why *w, enum why_part part)
{
    for (unsigned k = 0; k < w->exits; k++) {
        const struct why_exit *x = &w->exit[k];
        bool interrupt = (x->record.guest.cause & CAUSE_INTERRUPT) != 0;

        if (interrupt != (part == WHY_THE_INTERRUPT))
            continue;
        if (!interrupt)
            say_host(w, x);
        say_deed(w, x, x->level == w->depth ? &w->look : NULL);
    }
    if (part == WHY_THE_INSTRUCTION)
        say_all_stages(w);
}
