/*
 * The loop around the blocks: chooses interrupts, enters traps, finds the next
 * block, keeps to the budget. And the operations that lead back to it.
 */
#include "cpu/op.h"
#include "isa/hole.h"

void hart_sync(struct hart *h, int64_t left)
{
    struct hart_private *p = h->private_;
    uint64_t count = p->end - (uint64_t)left;

    h->csr.count = count;
    h->csr.instret = count - p->gap;
    h->csr.time = clock_time(&h->bus->clock, count);
    h->bus->clock.now = count;
}

/* What of the block came after `o` has not been executed. */
static int64_t left_after(const struct op *o, int64_t budget)
{
    return budget + ops_left(o) - 1;
}

OP(trap)
{
    struct hart_private *p = h->private_;

    (void)t;
    h->pc = PC;
    p->left = left_after(o, budget);
    p->leave = LEAVE_TRAP;
    STOP;
}

OP(check)
{
    struct hart_private *p = h->private_;

    (void)t;
    h->pc = NEXT_PC;
    p->left = left_after(o, budget);
    p->leave = LEAVE_CHECK;
    STOP;
}

/* The sentinel of an empty block: nothing is executed. */
OP(break)
{
    struct hart_private *p = h->private_;

    (void)t;
    h->pc = PC;
    p->left = budget;
    p->leave = LEAVE_BREAK;
    STOP;
}

static void run_ops(struct hart *h, const struct op *o, int64_t budget)
{
    struct context *t = h->private_->context;

#ifdef OP_TRAMPOLINE
    struct hart_private *p = h->private_;

    p->next = o;
    p->next_pc = h->pc;
    p->next_budget = budget;
    p->next_context = t;
    p->next_acc = 0;
    while (p->next)
        p->next->run(h, p->next, p->next_pc, p->next_budget, p->next_context,
                     p->next_acc);
#else
    o->run(h, o, h->pc, budget, t, 0);
#endif
}

/* As much of `b` as the budget allows, and what follows. */
static void run_block(struct hart *h, struct block *b)
{
    struct hart_private *p = h->private_;
    int64_t left = p->left - b->n;

    if (left < 0) {
        struct block *part = (struct block *)(void *)p->scratch;

        block_prefix(h->engine, part, b, (unsigned)p->left);
        b = part;
        left = 0;
    }
    run_ops(h, b->ops, left);
}

/* An exception's instruction has been taken from the budget. */
static NOINLINE void tell_watcher(const struct hart *h)
{
    const struct hart_private *p = h->private_;
    bool executed = !(p->trap.cause & CAUSE_INTERRUPT);

    h->watcher(h->watcher_context, h, p->end - (uint64_t)p->left - executed,
               &p->trap);
}

/* False: the trap is a monitor's business, and has not been entered. */
static bool enter_trap(struct hart *h)
{
    struct hart_private *p = h->private_;
    uint64_t cause = p->trap.cause, *counts = h->stats.exceptions;

    if (h->attached && trap_target(&h->csr, cause) == PRIV_M)
        return false;
    if (cause & CAUSE_INTERRUPT)
        counts = h->stats.interrupts;
    counts[cause & 15]++;
    if (UNLIKELY(h->watcher))
        tell_watcher(h);
    h->pc = trap_enter(&h->csr, p->trap, h->pc);
    return true;
}

/* Hardware that does not track FS in U-mode: the mode does not change while
   blocks run on, but by a trap, and that comes after them. */
static void run_untracked(struct hart *h, struct block *b)
{
    const uint64_t tracked = MSTATUS_FS | MSTATUS_SD;
    uint64_t mstatus = h->csr.mstatus;
    bool in_u = h->csr.priv == PRIV_U;

    run_block(h, b);
    if (in_u)
        h->csr.mstatus = bits_merge(h->csr.mstatus, mstatus, tracked);
}

/* The instruction that raised it has been executed but has not retired. If a
   monitor takes it, not even that: the monitor will. */
static bool enter_exception(struct hart *h)
{
    struct hart_private *p = h->private_;

    if (!enter_trap(h)) {
        p->left++;
        return false;
    }
    p->gap++;
    return true;
}

static bool interrupt_pending(struct hart *h)
{
    struct csr_file *c = &h->csr;

    if (LIKELY(!((c->mip | c->lines) & c->mie)))
        return false;
    h->private_->trap = (struct trap){interrupt_choose(c), 0};
    return h->private_->trap.cause != 0;
}

static bool event(const struct hart *h)
{
    return h->bus->attention || h->bus->clock.changed;
}

/* Runs `b`, or raises the fault that there is instead. */
static void run_fetched(struct hart *h, struct block *b)
{
    struct hart_private *p = h->private_;

    if (UNLIKELY(hole_in(h->csr.isa, HOLE_fs_not_dirty)) && b) {
        run_untracked(h, b);
    } else if (b) {
        run_block(h, b);
    } else {
        p->left--;
        p->leave = LEAVE_TRAP;
    }
}

static bool left_the_blocks(struct hart *h, enum stop_reason *reason);

/* Asks, and if it is to go on executes that instruction alone. */
static bool stop_before(struct hart *h, bool stop, enum stop_reason *reason)
{
    *reason = STOP_BREAK;
    if (stop)
        return true;
    run_fetched(h, fetch_once(h));
    return left_the_blocks(h, reason);
}

/* An access that is to be asked for has left like a trap. */
static bool watched_access(struct hart *h, enum stop_reason *reason)
{
    struct hart_private *p = h->private_;
    bool ends;

    p->stopped = false;
    p->left++;
    p->asked = true;
    ends = stop_before(h, stops_ask(h, &p->stop), reason);
    p->asked = false;
    return ends;
}

static bool exception(struct hart *h, enum stop_reason *reason)
{
    struct hart_private *p = h->private_;

    if (UNLIKELY(p->stopped))
        return watched_access(h, reason);
    if (UNLIKELY(h->engine->stops)) {
        p->left++;
        *reason = STOP_BREAK;
        if (stops_ask_trap(h))
            return true;
        p->left--;
    }
    *reason = STOP_TRAP;
    return !enter_exception(h);
}

/* What made the operations return. True: so must the run, with *reason. */
static bool left_the_blocks(struct hart *h, enum stop_reason *reason)
{
    switch (h->private_->leave) {
    case LEAVE_LOOKUP:
        return false;
    case LEAVE_CHECK:
        *reason = STOP_EVENT;
        return event(h);
    case LEAVE_EVENT:
        *reason = STOP_EVENT;
        return true;
    case LEAVE_TRAP:
        return exception(h, reason);
    case LEAVE_WAIT:
        *reason = STOP_WAIT;
        h->waiting = !interrupt_wakes(&h->csr);
        return h->waiting;
    case LEAVE_BREAK:
        return h->private_->left > 0 &&
               stop_before(h, stops_ask_code(h), reason);
    }
    return false;
}

static enum stop_reason run(struct hart *h)
{
    struct hart_private *p = h->private_;
    enum stop_reason reason;

    while (p->left > 0) {
        if (interrupt_pending(h)) {
            if (stops_ask_trap(h))
                return STOP_BREAK;
            if (!enter_trap(h))
                return STOP_TRAP;
        }
        context_select(h);
        run_fetched(h, fetch_block(h));
        if (left_the_blocks(h, &reason))
            return reason;
    }
    return STOP_LIMIT;
}

struct stop hart_run(struct hart *h, uint64_t budget)
{
    struct hart_private *p = h->private_;
    uint64_t start = h->csr.count;
    struct stop stop = {.reason = STOP_WAIT};

    p->left = budget < INT64_MAX / 2 ? (int64_t)budget : INT64_MAX / 2;
    p->end = start + (uint64_t)p->left;
    p->gap = start - h->csr.instret;
    p->link = NULL;
    if (h->waiting && !interrupt_wakes(&h->csr))
        return stop;
    h->waiting = false;
    stop.reason = run(h);
    hart_sync(h, p->left);
    stop.count = h->csr.count - start;
    stop.trap = p->trap;
    return stop;
}
