/* Processes and threads: which there are, and which of them gdb has. */
#include "debug/gdb/stub_inside.h"

static struct session *session_of(const struct gdb_stub *g)
{
    return g->c.debugger->session;
}

bool gdb_process(const struct gdb_stub *g, uint64_t number,
                 struct gdb_process *p)
{
    *p = (struct gdb_process){ .number = (unsigned)number };
    if (number >= 1 && number <= session_worlds(session_of(g))) {
        p->world = p->number - 1;
        return true;
    }
    if (!g->c.programs || number <= GDB_PROGRAMS ||
        number >= GDB_PROGRAMS + (uint64_t)programs_end(g->c.programs))
        return false;
    p->program = programs_at(g->c.programs, p->number - GDB_PROGRAMS);
    if (p->program)
        p->world = p->program->world;
    return p->program != NULL;
}

/* ---- attached ---- */

static unsigned *program_slot(struct gdb_stub *g, unsigned process)
{
    for (unsigned i = 0; i < PROGRAMS_MAX; i++)
        if (g->program[i] == process)
            return &g->program[i];
    return NULL;
}

static bool holds(const struct gdb_stub *g, unsigned process)
{
    if (process < 1)
        return false;
    if (process <= SESSION_WORLDS)
        return g->world[process - 1];
    for (unsigned i = 0; i < PROGRAMS_MAX; i++)
        if (g->program[i] == process)
            return true;
    return false;
}

bool gdb_attached(const struct gdb_stub *g, uint64_t number,
                  struct gdb_process *p)
{
    return gdb_process(g, number, p) && holds(g, p->number);
}

bool gdb_attach(struct gdb_stub *g, unsigned process)
{
    unsigned *slot;

    if (holds(g, process))
        return true;
    if (process <= SESSION_WORLDS) {
        g->world[process - 1] = true;
        return true;
    }
    slot = program_slot(g, 0);
    if (slot)
        *slot = process;
    return slot != NULL;
}

void gdb_detach(struct gdb_stub *g, unsigned process)
{
    unsigned *slot = program_slot(g, process);

    gdb_remove_points(g, process);
    if (process <= SESSION_WORLDS)
        g->world[process - 1] = false;
    else if (slot)
        *slot = 0;
    if (g->exec == process)
        g->exec = 0;
    if (g->entered == process)
        g->entered = 0;
}

/* From the guest's world down to the bare machine; then the programs. */
unsigned gdb_next_process(const struct gdb_stub *g, unsigned after,
                          struct gdb_process *p)
{
    unsigned worlds = session_worlds(session_of(g));
    unsigned end = g->c.programs ? programs_end(g->c.programs) : 0;

    if (after == 0)
        after = worlds + 1;
    if (after <= GDB_PROGRAMS) {
        while (--after)
            if (gdb_attached(g, after, p))
                return after;
        after = GDB_PROGRAMS;
    }
    while (++after < GDB_PROGRAMS + end)
        if (gdb_attached(g, after, p))
            return after;
    return 0;
}

unsigned gdb_gone_process(const struct gdb_stub *g)
{
    struct gdb_process p;

    for (unsigned i = 0; i < PROGRAMS_MAX; i++)
        if (g->program[i] && !gdb_process(g, g->program[i], &p))
            return g->program[i];
    return 0;
}

/* ---- threads ---- */

bool gdb_find_thread(const struct gdb_stub *g, struct gdb_id id,
                     struct gdb_thread any, struct gdb_thread *t)
{
    struct gdb_process p;

    *t = any;
    if (id.has_process && id.process != GDB_ALL && id.process != 0) {
        if (!gdb_attached(g, id.process, &p))
            return false;
        t->process = p.number;
    }
    if (id.has_thread && id.thread != GDB_ALL && id.thread != 0) {
        if (id.thread > BOARD_MAX_HARTS)
            return false;
        t->hart = (unsigned)id.thread - 1;
    }
    return gdb_attached(g, t->process, &p) &&
           t->hart < session_harts(session_of(g), p.world);
}

bool gdb_some_thread(const struct gdb_stub *g, struct gdb_thread *t)
{
    struct gdb_process p;

    if (!gdb_attached(g, t->process, &p))
        t->process = gdb_next_process(g, 0, &p);
    if (t->process && t->hart >= session_harts(session_of(g), p.world))
        t->hart = 0;
    return t->process != 0;
}

void gdb_put_thread(struct gdb_stub *g, struct gdb_thread t)
{
    if (g->processes)
        reply_print(&g->reply, "p%x.", t.process);
    reply_print(&g->reply, "%x", t.hart + 1);
}

bool gdb_is_there(const struct gdb_stub *g, const struct gdb_process *p,
                  unsigned hart)
{
    const struct board *b = session_board(session_of(g), p->world);

    return !p->program || b->csr[hart]->satp == p->program->satp;
}

static bool waits(const struct gdb_stub *g, unsigned world, unsigned hart)
{
    struct session *s = session_of(g);

    return world ? session_vm(s, world)->monitor.hart[hart].waiting
                 : bare_from(session_machine(s, 0))->hart[hart].waiting;
}

void gdb_describe_thread(const struct gdb_stub *g, const struct gdb_process *p,
                         unsigned hart, const struct text_sink *out)
{
    uint64_t priv = 0;

    if (!gdb_is_there(g, p, hart)) {
        text_print(out, "not on this hart");
        return;
    }
    session_get(session_of(g), p->world, hart, REG_PRIV, &priv);
    text_print(out, "%s-mode", exit_log_mode((unsigned)priv));
    if (waits(g, p->world, hart))
        text_print(out, ", waits");
}
