/* Watching one step: what the machine's hart is about to do, what it then does,
   and what the monitors below it do. */
#include "debug/why.h"

#include <stdlib.h>

#include "machine/bare.h"

const char *why_kind_name(enum why_kind k)
{
    static const char *const names[WHY_KINDS] = {
        [WHY_EVENT] = "event",
        [WHY_INSTRUCTION] = "instruction",
        [WHY_MACHINE] = "machine",
        [WHY_INTERRUPT] = "interrupts",
        [WHY_TRANSLATION] = "translation",
        [WHY_PROTECTION] = "PMP",
        [WHY_PLACE] = "place",
        [WHY_RULE] = "rule",
        [WHY_ENTRY] = "entry",
        [WHY_MONITOR] = "monitor",
        [WHY_STAGES] = "stages",
    };

    return names[k];
}

/* ---- while it runs ---- */

static void note_trap(struct why *w, struct trap t)
{
    if (w->traps < WHY_MAX_TRAPS)
        w->trap[w->traps++] = t;
}

static void bare_trapped(void *context, const struct hart *h, uint64_t count,
                         const struct trap *t)
{
    struct why *w = context;

    if (w->watcher)
        w->watcher(w->watcher_context, h, count, t);
    if (h->csr.hartid == w->hart)
        note_trap(w, *t);
}

static struct why_exit *add_exit(struct why *w)
{
    struct why_exit *more = realloc(w->exit, (w->exits + 1) * sizeof *w->exit);

    if (!more) {
        w->no_memory = true;
        return NULL;
    }
    w->exit = more;
    return &w->exit[w->exits++];
}

static void exited(void *context, struct vm *vm, const struct exit_record *e)
{
    struct why_level *l = context;
    struct why *w = l->why;
    struct why_exit *x = e->hart == w->hart ? add_exit(w) : NULL;

    if (!x)
        return;
    *x = (struct why_exit){
        .level = vm->level, .ran = l->looked, .host = l->look, .record = *e
    };
    l->looked = false;
    if (vm->level == w->depth &&
        (e->action == EXIT_INJECTED || e->action == EXIT_INTERRUPT))
        note_trap(w, e->guest);
}

static void look_at_host(void *context, unsigned hart)
{
    struct why_level *l = context;

    l->looked = hart == l->why->hart;
    if (l->looked)
        why_look(&l->look, l->host, hart);
}

/* What did not end in a trap made no exit. */
static void leave_host(void *context, unsigned hart, const struct stop *s)
{
    struct why_level *l = context;

    (void)hart;
    if (s->reason != STOP_TRAP)
        l->looked = false;
}

static void watch_level(struct why *w, struct vm *vm)
{
    struct why_level *l = &w->level[vm->level - 1];

    *l = (struct why_level){ .why = w, .vm = vm, .host = vm->host };
    probe_init(&l->probe, vm->host);
    l->probe.enter = look_at_host;
    l->probe.leave = leave_host;
    l->probe.context = l;
    why_look(&l->look, vm->host, w->hart);
    vm_interpose(vm, &l->probe.machine);
    vm_watch(vm, exited, l);
}

void why_begin(struct why *w, struct machine *machine, unsigned hart,
               const struct exit_log *names)
{
    struct machine *m = machine;
    struct vm *vm = vm_from(m);
    struct bare *bare;

    why_free(w);
    *w = (struct why){ .names = names, .machine = machine, .hart = hart };
    w->depth = vm ? vm->level : 0;
    why_look(&w->look, machine, hart);
    w->count = w->look.before.count;
    for (; vm && vm->level <= WHY_MAX_DEPTH; vm = vm_from(m)) {
        m = vm->host;
        watch_level(w, vm);
    }
    bare = w->depth == 0 ? bare_from(m) : NULL;
    if (!bare)
        return;
    w->watcher = bare->hart[hart].watcher;
    w->watcher_context = bare->hart[hart].watcher_context;
    bare_watch(bare, bare_trapped, w);
}

void why_end(struct why *w)
{
    struct bare *bare = w->depth == 0 ? bare_from(w->machine) : NULL;

    if (bare)
        bare_watch(bare, w->watcher, w->watcher_context);
    for (unsigned k = 0; k < WHY_MAX_DEPTH; k++) {
        struct why_level *l = &w->level[k];

        if (!l->vm)
            continue;
        vm_interpose(l->vm, l->host);
        vm_unwatch(l->vm, exited, l);
    }
}

void why_free(struct why *w)
{
    for (size_t k = 0; k < w->lines; k++)
        free(w->line[k].text);
    free(w->line);
    free(w->exit);
    *w = (struct why){ 0 };
}

/* ---- what has happened ---- */

static bool is_interrupt(const struct trap *t)
{
    return (t->cause & CAUSE_INTERRUPT) != 0;
}

const struct trap *why_trap_of(const struct why *w, enum why_part part)
{
    for (unsigned k = 0; k < w->traps; k++)
        if (is_interrupt(&w->trap[k]) == (part == WHY_THE_INTERRUPT))
            return &w->trap[k];
    return NULL;
}

static bool exit_is_of(const struct why_exit *x, enum why_part part)
{
    return is_interrupt(&x->record.guest) == (part == WHY_THE_INTERRUPT);
}

bool why_has(const struct why *w, enum why_part part, bool trap)
{
    if (why_trap_of(w, part))
        return true;
    for (unsigned k = 0; !trap && k < w->exits; k++)
        if (w->exit[k].level == w->depth && exit_is_of(&w->exit[k], part))
            return true;
    return false;
}

const struct why_entry *why_entry_of(const struct why *w, enum why_part part)
{
    return part == WHY_THE_INTERRUPT ? &w->look.interrupt : &w->look.entry;
}

static bool part_agrees(const struct why *w, enum why_part part, bool said,
                        bool unsure)
{
    const struct trap *t = why_trap_of(w, part);
    const struct trap *e = &why_entry_of(w, part)->trap;

    if (!t)
        return !said || unsure;
    return (said || unsure) && t->cause == e->cause && t->tval == e->tval;
}

/* A machine on which a monitor stands hands its traps to that one. */
bool why_agrees(const struct why *w)
{
    const struct why_look *l = &w->look;
    bool interrupted = l->interrupts.cause && !l->waits;

    return part_agrees(w, WHY_THE_INTERRUPT,
                       interrupted && !l->interrupt.to_monitor, false) &&
           part_agrees(w, WHY_THE_INSTRUCTION, l->traps && !l->entry.to_monitor,
                       l->may_trap);
}
