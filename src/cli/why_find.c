#include "cli/why_find.h"

#include "host/cancel.h"
#include "machine/error_say.h"
#include "machine/run.h"

/* A piece of a run, a multiple of RUN_QUANTUM: after it, it is looked whether
   the one that is wanted has come. */
#define PIECE 10000000

/* ---- the first run ---- */

struct finder {
    const struct why_wanted *wanted;
    struct why_event *event;
    unsigned resets;
};

static bool has_come(const struct finder *f)
{
    return f->wanted->number && f->event->number == f->wanted->number;
}

static void see(struct finder *f, uint64_t count, unsigned hart, uint64_t cause)
{
    struct why_event *e = f->event;

    if (has_come(f))
        return;
    e->number++;
    e->found = !f->wanted->number || has_come(f);
    e->count = count;
    e->hart = hart;
    e->resets = f->resets;
    e->part = cause & CAUSE_INTERRUPT ? WHY_THE_INTERRUPT : WHY_THE_INSTRUCTION;
}

static void bare_trapped(void *context, const struct hart *h, uint64_t count,
                         const struct trap *t)
{
    see(context, count, (unsigned)h->csr.hartid, t->cause);
}

static void vm_exited(void *context, struct vm *vm, const struct exit_record *e)
{
    struct finder *f = context;

    (void)vm;
    if (!f->wanted->trap || e->action == EXIT_INJECTED ||
        e->action == EXIT_INTERRUPT)
        see(f, e->count, e->hart, e->guest.cause);
}

static void watch(struct finder *f, const struct built *b)
{
    if (b->depth)
        vm_watch(b->vm[b->depth - 1], vm_exited, f);
    else
        bare_watch(b->bare, bare_trapped, f);
}

static enum run_end run_to(struct guest_side *side, uint64_t count,
                           bool (*step)(void *, unsigned), void *context)
{
    const struct run_options o = { .until = count,
                                   .cancel = cancel_flag(),
                                   .step = step,
                                   .context = context };

    return machine_run(side->built.top, side->built.board, &o);
}

/* Until it has come, or the run ends for another reason than a piece's end. */
static enum run_end run_pieces(struct finder *f, struct guest_side *side)
{
    uint64_t last = f->wanted->until;
    enum run_end end = RUN_UNTIL;

    while (end == RUN_UNTIL && !has_come(f)) {
        uint64_t now = machine_count(side->built.board);
        uint64_t next = (now / PIECE + 1) * PIECE;

        if (now >= last)
            break;
        end = run_to(side, next < last ? next : last, NULL, NULL);
    }
    return end;
}

enum why_found why_find(const struct why_wanted *wanted, struct guest *g,
                        struct guest_side *side, struct why_event *event,
                        struct error *e)
{
    struct finder f = { .wanted = wanted, .event = event };
    enum run_end end = RUN_RESET;

    *event = (struct why_event){ .found = false };
    for (; end == RUN_RESET && !has_come(&f); f.resets++) {
        if (guest_side_make(side, g, (unsigned)g->settings.depth, f.resets > 0,
                            e) != STATUS_OK)
            return WHY_FAILED;
        watch(&f, &side->built);
        end = run_pieces(&f, side);
    }
    if (end == RUN_CANCELLED)
        return WHY_CANCELLED;
    return event->found ? WHY_FOUND : WHY_NONE;
}

/* ---- the second ---- */

struct repeater {
    const struct why_event *event;
    const struct exit_log *names;
    struct guest_side *side;
    struct why *why;
    bool trap, watching, done;
};

/* The step that was watched is over: was it the one? A hart that waits makes
   none. */
static void look(struct repeater *r)
{
    if (!r->watching)
        return;
    r->watching = false;
    why_end(r->why);
    r->done = why_has(r->why, r->event->part, r->trap);
}

static bool step(void *context, unsigned hart)
{
    struct repeater *r = context;
    const struct built *b = &r->side->built;

    look(r);
    if (r->done)
        return false;
    r->watching =
        hart == r->event->hart && b->board->csr[hart]->count == r->event->count;
    if (r->watching)
        why_begin(r->why, b->top, hart, r->names);
    return true;
}

/* To the machine that it happens on, and to the last quantum before it. */
static enum why_found go_near(const struct why_event *event, struct guest *g,
                              struct guest_side *side, struct error *e)
{
    uint64_t near = event->count / RUN_QUANTUM * RUN_QUANTUM;

    for (unsigned k = 0; k <= event->resets; k++) {
        uint64_t until = k < event->resets ? CLOCK_NEVER : near;

        if (guest_side_make(side, g, (unsigned)g->settings.depth, k > 0, e) !=
            STATUS_OK)
            return WHY_FAILED;
        if (run_to(side, until, NULL, NULL) == RUN_CANCELLED)
            return WHY_CANCELLED;
    }
    return WHY_FOUND;
}

enum why_found why_repeat(const struct why_event *event, bool trap,
                          struct guest *g, struct guest_side *side,
                          const struct exit_log *names, struct why *w,
                          struct error *e)
{
    struct repeater r = {
        .event = event, .names = names, .side = side, .why = w, .trap = trap
    };
    enum why_found found = go_near(event, g, side, e);
    enum run_end end;

    if (found != WHY_FOUND)
        return found;
    end = run_to(side, event->count + 2 * RUN_QUANTUM, step, &r);
    look(&r);
    if (end == RUN_CANCELLED)
        return WHY_CANCELLED;
    if (!r.done) {
        error_say(e, STATUS_IO,
                  "the run did not repeat: please report this with its "
                  "options");
        return WHY_FAILED;
    }
    why_explain(w, event->part);
    return WHY_FOUND;
}
