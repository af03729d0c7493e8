/* The run that gdb has asked for, up to what gdb is to be told of. */
#include "debug/gdb/stub_inside.h"

#define ATTEND 10000 /* steps between two looks at what comes from gdb */

void gdb_resume(struct gdb_stub *g, struct gdb_resume r)
{
    g->resume = r;
    g->silent = true;
    g->state = GDB_RUNNING;
    *g->c.interrupt = 0;
}

static bool goes_back(const struct gdb_stub *g)
{
    return g->resume.how == RESUME_RUN_BACK ||
           g->resume.how == RESUME_STEP_BACK;
}

static unsigned world_of(const struct gdb_stub *g)
{
    struct gdb_process p;

    if (gdb_process(g, g->resume.thread.process, &p))
        return p.world;
    return session_guest(g->c.debugger->session);
}

/* ---- steps ---- */

static uint64_t pc_of(struct gdb_stub *g, unsigned hart)
{
    uint64_t pc = 0;

    session_get(g->c.debugger->session, world_of(g), hart, REG_PC, &pc);
    return pc;
}

/* Of a source line: what interrupts it, and what its system calls and page
   faults lead to, is gone through. gdb expects to be told of a stop point inside
   of the range. */
static enum session_end step_through(struct gdb_stub *g)
{
    const struct gdb_resume *r = &g->resume;
    unsigned hart = r->thread.hart;
    enum session_end end;
    uint64_t pc;

    for (unsigned n = 1;; n++) {
        end = session_step_past(g->c.debugger->session, world_of(g), hart,
                                PAST_TRAPS);
        pc = pc_of(g, hart);
        if (end != SESSION_STEPPED || pc - r->start >= r->end - r->start ||
            gdb_code_point(g, pc, hart))
            return end;
        if (n % ATTEND == 0 && g->c.attend)
            g->c.attend(g->c.context);
    }
}

static enum session_end advance(struct gdb_stub *g)
{
    struct session *s = g->c.debugger->session;
    const struct gdb_thread *t = &g->resume.thread;

    switch (g->resume.how) {
    case RESUME_STEP: /* it may be one of many, of a source line */
        return session_step_past(s, world_of(g), t->hart, PAST_INTERRUPTS);
    case RESUME_RANGE:
        return step_through(g);
    case RESUME_RUN_BACK:
        return session_run_back(s);
    case RESUME_STEP_BACK:
        return session_step_back(s, world_of(g), t->hart);
    default:
        return session_run(s, UINT64_MAX);
    }
}

/* ---- stop points ---- */

/* A program has started: gdb is told as if its world had forked, and the new
   process then executed its file. */
static bool tell_program(struct gdb_stub *g, unsigned hart)
{
    struct gdb_process p;
    unsigned number;
    const struct program *started =
        programs_started(g->c.programs, g->c.debugger->session, &number);

    if (!started || goes_back(g) || !g->forks ||
        !gdb_attached(g, started->world + 1, &p) ||
        !gdb_attach(g, GDB_PROGRAMS + number))
        return false;
    g->entered = GDB_PROGRAMS + number;
    g->exec = g->execs ? GDB_PROGRAMS + number : 0;
    gdb_tell_fork(g, (struct gdb_thread){ started->world + 1, hart },
                  GDB_PROGRAMS + number);
    return true;
}

/*
 * gdb takes a stop at a watchpoint to be before the access, steps over that,
 * and looks what has become of the value. Backwards, "before" is the state
 * after it.
 */
static void pass_backwards(struct gdb_stub *g, unsigned number, unsigned hart)
{
    struct session *s = g->c.debugger->session;

    if (g->resume.how == RESUME_RUN_BACK && g->point[number - 1].used &&
        g->point[number - 1].type >= 2)
        session_step(s, session_guest(s), hart);
}

/* False: this stop is not gdb's business. */
static bool tell_point(struct gdb_stub *g)
{
    const struct session_hit hit = *session_hit(g->c.debugger->session);
    unsigned number = hit.number;

    if (g->c.programs && programs_own(g->c.programs, number)) {
        if (tell_program(g, hit.hart))
            return true;
        number = gdb_code_point(g, hit.va, hit.hart);
    }
    if (!gdb_point_process(g, number))
        return false;
    gdb_tell_point(g, number, hit.va, hit.hart);
    pass_backwards(g, number, hit.hart);
    return true;
}

/* ---- the run ---- */

/*
 * The machines below and beside the one that gdb is attached to: when that sets
 * off, gdb is told of each as if it had forked, so that it may stay with it or
 * let it go.
 */
static bool tell_world(struct gdb_stub *g)
{
    struct gdb_thread parent = g->resume.thread;

    if (!g->forks || goes_back(g) || !gdb_some_thread(g, &parent))
        return false;
    while (g->told < session_worlds(g->c.debugger->session)) {
        unsigned process = ++g->told;

        if (g->world[process - 1])
            continue;
        gdb_attach(g, process);
        gdb_tell_fork(g, parent, process);
        return true;
    }
    return false;
}

/* What gdb has to be told before anything moves. */
static bool tell_pending(struct gdb_stub *g)
{
    unsigned gone = gdb_gone_process(g), exec = g->exec;
    unsigned entered = g->entered, number;
    unsigned hart = session_hart(g->c.debugger->session);

    if (g->finished && !goes_back(g)) {
        gdb_tell_end(g, SESSION_FINISHED);
        return true;
    }
    if (gone) {
        gdb_tell_exit(g, gone, 0);
        return true;
    }
    if (tell_world(g))
        return true;
    g->exec = 0;
    if (exec) {
        gdb_tell_exec(g, exec);
        return true;
    }
    g->entered = 0;
    if (!entered || g->resume.how != RESUME_RUN)
        return false;
    number = gdb_code_point(g, pc_of(g, hart), hart);
    if (number && gdb_point_process(g, number) == entered) {
        gdb_tell_point(g, number, pc_of(g, hart), hart);
        return true;
    }
    return false;
}

/* The guest has asked for a reset. False: there cannot be one. */
static bool reset(struct gdb_stub *g)
{
    if (g->c.reset(g->c.context)) {
        if (g->c.programs)
            programs_gone_back(g->c.programs, g->c.debugger->session);
        return true;
    }
    g->finished = true;
    g->status = GDB_NO_RESET;
    return false;
}

static void run(struct gdb_stub *g)
{
    enum session_end end;

    for (;;) {
        end = advance(g);
        if (goes_back(g)) {
            g->finished = false;
            if (g->c.programs)
                programs_gone_back(g->c.programs, g->c.debugger->session);
        }
        if (end == SESSION_POINT && tell_point(g))
            return;
        if (end == SESSION_RESET && !reset(g))
            end = SESSION_FINISHED;
        else if (end == SESSION_RESET && g->resume.how != RESUME_RUN)
            end = SESSION_STEPPED;
        if (end != SESSION_POINT && end != SESSION_RESET)
            break;
    }
    gdb_tell_end(g, end);
}

void gdb_stub_run(struct gdb_stub *g)
{
    if (g->state != GDB_RUNNING)
        return;
    g->reply.n = 0;
    g->reply.full = false;
    if (!tell_pending(g))
        run(g);
    packets_send(&g->packets, g->reply.bytes, g->reply.n);
    if (g->state == GDB_RUNNING)
        g->state = GDB_STOPPED;
    gdb_take_held(g);
}
