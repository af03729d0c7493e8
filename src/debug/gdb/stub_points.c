/*
 * Z and z: where gdb wants the machine to stop. They are set for the general
 * thread's process: a world's hold in all of its address spaces, a program's in
 * its own. Nothing is written into the guest's memory for them.
 */
#include "debug/gdb/stub_inside.h"

static const enum stop_kind kinds[] = { STOP_AT_CODE, STOP_AT_CODE,
                                        STOP_AT_WRITE, STOP_AT_READ,
                                        STOP_AT_ACCESS };

/* "type,address,kind"; for data the kind is a size. */
static bool take_point(const struct gdb_stub *g, struct gdb_args *a,
                       struct gdb_point *p)
{
    uint64_t type = args_number(a);

    *p = (struct gdb_point){ .used = true, .process = g->general.process };
    if (type >= sizeof kinds / sizeof *kinds)
        return false;
    p->type = (unsigned)type;
    args_expect(a, ',');
    p->address = args_number(a);
    args_expect(a, ',');
    p->size = args_number(a);
    if (p->type < 2)
        p->size = 1;
    return args_done(a) && p->size > 0 &&
           p->address <= UINT64_MAX - (p->size - 1);
}

/* Its place; SESSION_STOPS: it is not set. */
static unsigned find(const struct gdb_stub *g, const struct gdb_point *p)
{
    unsigned i;

    for (i = 0; i < SESSION_STOPS; i++) {
        const struct gdb_point *o = &g->point[i];

        if (o->used && o->process == p->process && o->type == p->type &&
            o->address == p->address && o->size == p->size)
            break;
    }
    return i;
}

static unsigned add(struct gdb_stub *g, const struct gdb_point *p,
                    const struct gdb_process *process)
{
    const struct stop_point s = {
        .kind = kinds[p->type],
        .world = process->world,
        .any_space = !process->program,
        .satp = process->program ? process->program->satp : 0,
        .va = p->address,
        .size = p->size,
    };

    return session_add(g->c.debugger->session, &s);
}

GDB_HANDLER(gdb_insert_point)
{
    struct gdb_process process;
    struct gdb_point p;
    unsigned number;

    if (!take_point(g, a, &p) || !gdb_attached(g, p.process, &process)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    if (find(g, &p) == SESSION_STOPS) {
        number = add(g, &p, &process);
        if (number == 0) {
            reply_sentence(&g->reply, "there are too many stop points");
            return;
        }
        g->point[number - 1] = p;
    }
    reply_ok(&g->reply);
}

/* Of a process that gdb has let go of they are gone already, and those of a
   program's beginning were never there. */
GDB_HANDLER(gdb_remove_point)
{
    struct gdb_point p;
    unsigned i;

    if (!take_point(g, a, &p)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    i = find(g, &p);
    if (i < SESSION_STOPS) {
        session_remove(g->c.debugger->session, i + 1);
        g->point[i].used = false;
    }
    reply_ok(&g->reply);
}

void gdb_remove_points(struct gdb_stub *g, unsigned process)
{
    for (unsigned i = 0; i < SESSION_STOPS; i++) {
        if (g->point[i].used && (!process || g->point[i].process == process)) {
            session_remove(g->c.debugger->session, i + 1);
            g->point[i].used = false;
        }
    }
}

unsigned gdb_point_process(const struct gdb_stub *g, unsigned number)
{
    const struct session_points all = session_points(g->c.debugger->session);
    struct gdb_process p;

    if (number < 1 || number > SESSION_STOPS || !all.has_point[number - 1] ||
        (g->c.programs && programs_own(g->c.programs, number)))
        return 0;
    p.number = g->point[number - 1].used ? g->point[number - 1].process
                                         : all.point[number - 1].world + 1;
    return gdb_attached(g, p.number, &p) ? p.number : 0;
}

unsigned gdb_code_point(const struct gdb_stub *g, uint64_t va, unsigned hart)
{
    struct session *s = g->c.debugger->session;
    const struct session_points all = session_points(s);

    for (unsigned i = 0; i < SESSION_STOPS; i++) {
        const struct stop_point *p = &all.point[i];

        if (all.has_point[i] && p->kind == STOP_AT_CODE && p->va == va &&
            (p->any_space || session_board(s, p->world)->csr[hart]->satp ==
                                 p->satp) &&
            gdb_point_process(g, i + 1))
            return i + 1;
    }
    return 0;
}
