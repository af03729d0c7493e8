/* Running machines side by side, and how each of them ends. */
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <time.h>

#include "cli/cli.h"
#include "cli/fleet_inside.h"
#include "host/cancel.h"

#define NS_PER_TICK (1000000000 / CLOCK_HZ)

/* --clock host: each machine's clock is moved forward to the host's time. One
   that waits is where it would be if it were woken now. */
static void follow_host(struct fleet *f)
{
    uint64_t ticks = (host_time() - f->terminal.host.start) / NS_PER_TICK;

    for (unsigned i = 0; i < f->vms; i++) {
        const struct scheduled *m = &f->scheduled[i];
        struct bus *b = &m->vm->board.bus;
        uint64_t count = machine_count(&m->vm->board);

        if (m->ended)
            continue;
        if (m->waiting)
            count += f->scheduler.now - m->since;
        b->clock.now = machine_count(&m->vm->board);
        if (ticks > clock_time(&b->clock, count))
            host_put_time(&m->vm->board,
                          clock_time(&b->clock, b->clock.now) + ticks -
                              clock_time(&b->clock, count));
    }
}

static void turn(void *context, struct scheduler *s, unsigned i, bool begins)
{
    struct fleet *f = context;
    struct trace *t = &f->vm[i].trace;

    if (!f->trace.out)
        return;
    if (begins)
        trace_turn(t, s->now, machine_count(&f->scheduled[i].vm->board));
    else
        trace_pause(t);
}

static uint64_t poll_all(void *context, struct scheduler *s, uint64_t idle)
{
    struct fleet *f = context;

    fleet_deliver(f);
    if (idle == 0 && s->now < f->next_poll)
        return 0;
    f->next_poll = idle ? 0 : s->now + RUN_POLL;
    if (f->plan->all.clock_host && idle == 0)
        follow_host(f);
    return fleet_poll_consoles(f, idle);
}

static void __attribute__((format(printf, 3, 4)))
remark(struct fleet *f, unsigned i, const char *format, ...)
{
    va_list args;

    vm_console_flush(&f->vm[i].console);
    if (f->quiet)
        return;
    fleet_end_line(f);
    fprintf(stderr, "pogo: %s: ", f->vm[i].name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, " at count %" PRIu64 "\n",
            machine_count(&f->vm[i].vm->board));
}

static void finished(struct fleet *f, unsigned i)
{
    int status = f->vm[i].vm->board.status;

    f->vm[i].status = status > 255 ? 255 : status;
    remark(f, i, "exit status %d", f->vm[i].status);
}

/* Machine i has ended, and how is said. True: it was a reset, and it goes on.
 */
static bool say_end(struct fleet *f, unsigned i)
{
    struct error e;

    switch (f->scheduled[i].end) {
    case RUN_FINISHED:
        finished(f, i);
        return false;
    case RUN_RESET:
        if (fleet_restart(f, i, &e))
            return true;
        f->vm[i].status = complain(EXIT_INTERNAL, "%s", e.text);
        return false;
    case RUN_UNTIL:
        f->vm[i].status = EXIT_LIMIT;
        remark(f, i, "stopped by --until");
        return false;
    case RUN_IDLE:
        f->vm[i].status = EXIT_LIMIT;
        remark(f, i,
               "stopped: the guest waits, and nothing is left that "
               "could wake it,");
        return false;
    default:
        f->vm[i].status = complain(EXIT_INTERNAL,
                                   "%s stopped for a reason "
                                   "that it should not have (%d): please "
                                   "report this",
                                   f->vm[i].name, f->scheduled[i].end);
        return false;
    }
}

static bool ended(void *context, struct scheduler *s, unsigned i)
{
    struct fleet *f = context;
    bool goes_on = say_end(f, i);

    (void)s;
    if (!goes_on)
        guest_net_close(&f->vm[i].net);
    return goes_on;
}

static void cancel_one(struct fleet *f, unsigned i)
{
    struct fleet_vm *v = &f->vm[i];
    int why = *cancel_flag();

    f->scheduled[i].ended = true;
    f->scheduled[i].end = RUN_CANCELLED;
    v->status = why == SIGALRM       ? EXIT_LIMIT
                : why == CANCEL_KEYS ? 0
                                     : 128 + why;
    remark(f, i, "%s",
           why == SIGALRM       ? "stopped by --timeout"
           : why == CANCEL_KEYS ? "stopped by Ctrl-A x"
                                : "stopped by a signal");
}

static void cancel_all(struct fleet *f)
{
    for (unsigned i = 0; i < f->vms; i++)
        if (!f->scheduled[i].ended)
            cancel_one(f, i);
}

struct scheduler_options fleet_outside(struct fleet *f)
{
    return (struct scheduler_options){
        .poll = poll_all, .turn = turn, .ended = ended, .context = f
    };
}

/* Runs them, and saves them where that is asked for. */
static void run(struct fleet *f)
{
    const struct run_settings *all = &f->plan->all;
    bool saves = all->snapshot, on_the_way = all->snapshot_at != UINT64_MAX;
    struct scheduler_options o = fleet_outside(f);
    bool over;

    o.cancel = cancel_flag();
    o.until = on_the_way ? all->snapshot_at : 0;
    over = scheduler_run(&f->scheduler, &o);

    if (saves && on_the_way && f->scheduler.now >= o.until && !over) {
        if (!fleet_save(f, &f->failed))
            return;
        saves = false;
        o.until = 0;
        over = scheduler_run(&f->scheduler, &o);
    }
    if (!over)
        cancel_all(f);
    if (saves && on_the_way)
        f->failed = complain(EXIT_BAD_INPUT, "nothing was saved: the run has "
                             "ended before --snapshot-at %" PRIu64, o.until);
    else if (saves)
        fleet_save(f, &f->failed);
}

void fleet_run(struct fleet *f)
{
    uint64_t start = host_time();

    run(f);
    f->seconds = (double)(host_time() - start) / 1e9;
    fleet_end_line(f);
    fleet_close_consoles(f);
}

int fleet_status(const struct fleet *f)
{
    if (f->failed)
        return f->failed;
    for (unsigned i = 0; i < f->vms; i++)
        if (f->vm[i].status != 0)
            return f->vm[i].status;
    return 0;
}

const char *fleet_state(const struct fleet *f, unsigned i)
{
    const struct scheduled *m = &f->scheduled[i];

    if (m->ended)
        return m->end == RUN_FINISHED    ? "ended"
               : m->end == RUN_UNTIL     ? "limit"
               : m->end == RUN_IDLE      ? "idle for good"
               : m->end == RUN_CANCELLED ? "stopped"
                                         : "failed";
    return m->paused ? "paused" : m->waiting ? "waiting" : "running";
}
