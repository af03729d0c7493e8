/* What gdb is told when the machine stops (GDB manual, "Stop Reply Packets").
 */
#include <string.h>

#include "debug/commands.h"
#include "debug/gdb/stub_inside.h"

#define SIGNAL_INT  2
#define SIGNAL_TRAP 5

/* "T05"; what is behind it ends with a ';' each. */
static void begin(struct gdb_stub *g, unsigned signal)
{
    g->reply.n = 0;
    reply_print(&g->reply, "T%02x", signal);
}

/* "thread:p2.1;": gdb goes on looking at that one, and so do commands. */
static void end(struct gdb_stub *g, struct gdb_thread t)
{
    reply_print(&g->reply, "thread:");
    gdb_put_thread(g, t);
    reply_print(&g->reply, ";");
    g->general = g->stopped = t;
    gdb_look_at(g, t);
}

/* The program that this hart of a world executes, if gdb is attached to it;
   0: none. */
static unsigned program_on(const struct gdb_stub *g, unsigned world,
                           unsigned hart)
{
    uint64_t priv = PRIV_M;
    struct gdb_process p;

    session_get(g->c.debugger->session, world, hart, REG_PRIV, &priv);
    for (unsigned n = 0; priv == PRIV_U && (n = gdb_next_process(g, n, &p));)
        if (p.program && p.world == world && gdb_is_there(g, &p, hart))
            return n;
    return 0;
}

/* A thread that executes next, of the process that gdb has resumed; or of the
   program or the world that runs in its place now, if that is attached. */
static struct gdb_thread here(const struct gdb_stub *g, unsigned process)
{
    struct gdb_thread t = { process, session_hart(g->c.debugger->session) };
    struct gdb_process p, world;
    unsigned program;

    if (gdb_process(g, process, &p)) {
        program = program_on(g, p.world, t.hart);
        if (program)
            t.process = program;
        else if (!gdb_is_there(g, &p, t.hart) &&
                 gdb_attached(g, p.world + 1, &world))
            t.process = world.number;
    }
    gdb_some_thread(g, &t);
    return t;
}

void gdb_tell_present(struct gdb_stub *g)
{
    struct gdb_thread t = g->general;

    if (!gdb_some_thread(g, &t)) {
        reply_print(&g->reply, "W00");
        return;
    }
    begin(g, SIGNAL_TRAP);
    end(g, t);
}

/* ---- at a stop point ---- */

static void put_reason(struct gdb_stub *g, unsigned number, uint64_t va)
{
    static const char *const names[] = { "swbreak", "hwbreak", "watch",
                                         "rwatch", "awatch" };
    const struct gdb_point *p = &g->point[number - 1];
    bool data = p->type >= 2;

    if (!p->used)
        return;
    reply_print(&g->reply, "%s:", names[p->type]);
    if (data) /* where of it the access begins */
        reply_print(&g->reply, "%llx",
                    (unsigned long long)(va > p->address ? va : p->address));
    reply_print(&g->reply, ";");
}

void gdb_tell_point(struct gdb_stub *g, unsigned number, uint64_t va,
                    unsigned hart)
{
    const struct gdb_thread t = { gdb_point_process(g, number), hart };
    const struct text_sink out = gdb_shown(g);

    if (!g->point[number - 1].used) { /* a command has set it */
        gdb_look_at(g, t);
        command_tell_end(g->c.debugger, SESSION_POINT, &out);
    }
    begin(g, SIGNAL_TRAP);
    put_reason(g, number, va);
    end(g, t);
}

/* ---- processes that come and go ---- */

void gdb_tell_fork(struct gdb_stub *g, struct gdb_thread parent,
                   unsigned child)
{
    begin(g, SIGNAL_TRAP);
    reply_print(&g->reply, "fork:");
    gdb_put_thread(g, (struct gdb_thread){ child, parent.hart });
    reply_print(&g->reply, ";");
    end(g, parent);
}

void gdb_tell_exec(struct gdb_stub *g, unsigned process)
{
    struct gdb_thread t = { process, session_hart(g->c.debugger->session) };
    struct gdb_process p;

    begin(g, SIGNAL_TRAP);
    if (gdb_process(g, process, &p) && p.program) {
        reply_print(&g->reply, "exec:");
        reply_hex(&g->reply, p.program->path, strlen(p.program->path));
        reply_print(&g->reply, ";");
    }
    end(g, t);
}

void gdb_tell_exit(struct gdb_stub *g, unsigned process, int status)
{
    g->reply.n = 0;
    reply_print(&g->reply, "W%02x", (unsigned)status);
    if (g->processes)
        reply_print(&g->reply, ";process:%x", process);
    gdb_detach(g, process);
}

/* ---- other ends ---- */

/* It stands where the machine has ended. */
static void tell_last(struct gdb_stub *g)
{
    const struct text_sink out = gdb_shown(g);
    struct gdb_thread t = here(g, g->resume.thread.process);

    text_print(&out, "The guest has ended the machine, with exit status %d: "
               "from here it can only go back. 'continue' ends it.\n",
               session_status(g->c.debugger->session));
    g->status = session_status(g->c.debugger->session) & 255;
    g->finished = true;
    begin(g, SIGNAL_TRAP);
    reply_print(&g->reply, "replaylog:end;");
    end(g, t);
}

/* One process after the other, each time gdb goes on. */
static void tell_finished(struct gdb_stub *g)
{
    int status = session_status(g->c.debugger->session);
    struct gdb_process p;

    if (!g->finished)
        g->status = status < 0 || status > 255 ? 255 : status;
    g->finished = true;
    gdb_next_process(g, 0, &p);
    gdb_tell_exit(g, p.number, g->status);
    if (!gdb_next_process(g, 0, &p))
        g->state = GDB_OVER;
}

static void say_end(struct gdb_stub *g, enum session_end why)
{
    const struct text_sink out = gdb_shown(g);

    command_tell_end(g->c.debugger, why, &out);
}

void gdb_tell_end(struct gdb_stub *g, enum session_end why)
{
    struct gdb_thread t = g->resume.thread;

    if (why == SESSION_FINISHED) {
        if (g->c.debugger->stops_at_end && !g->finished)
            tell_last(g);
        else
            tell_finished(g);
        return;
    }
    if (why != SESSION_STEPPED || g->resume.how == RESUME_STEP_BACK ||
        !gdb_some_thread(g, &t)) /* backwards gdb names no thread */
        t = here(g, t.process);
    if (why == SESSION_IDLE || why == SESSION_LOST)
        say_end(g, why);
    begin(g, why == SESSION_BREAK ? SIGNAL_INT : SIGNAL_TRAP);
    if (why == SESSION_BEGINNING)
        reply_print(&g->reply, "replaylog:begin;");
    end(g, t);
}
