/* Packets that make the machine go on. Whatever thread they name, all of the
   machine goes; a step is that thread's. */
#include "debug/gdb/stub_inside.h"

GDB_HANDLER(gdb_resume_kinds)
{
    (void)a;
    reply_print(&g->reply, "vCont;c;C;s;S;t;r");
}

static void refuse(struct gdb_stub *g)
{
    reply_error(&g->reply, GDB_EINVAL);
}

/* ---- vCont ---- */

/* One of vCont's actions: "s:p2.1", "r80,90:p2.1", "C05". */
struct action {
    char kind;
    uint64_t start, end; /* 'r' */
    bool has_id;
    struct gdb_id id;
};

static bool take_action(struct gdb_args *a, struct action *o)
{
    *o = (struct action){ .kind = 0 };
    args_expect(a, ';');
    if (a->bad || args_left(a) == 0)
        return false;
    o->kind = *a->at++;
    switch (o->kind) {
    case 'c':
    case 's':
    case 't':
        break;
    case 'C': /* the machine has no signals: it just goes on */
    case 'S':
        args_number(a);
        break;
    case 'r':
        o->start = args_number(a);
        args_expect(a, ',');
        o->end = args_number(a);
        break;
    default:
        return false;
    }
    o->has_id = args_skip(a, ':');
    if (o->has_id)
        o->id = args_id(a);
    return !a->bad;
}

static enum gdb_how how_of(char kind)
{
    return kind == 'r'                   ? RESUME_RANGE
           : kind == 's' || kind == 'S' ? RESUME_STEP
                                         : RESUME_RUN;
}

/* The first action that steps; if none does, the first one that goes on. */
GDB_HANDLER(gdb_resume_each)
{
    struct gdb_resume r = { .how = RESUME_RUN };
    struct gdb_thread any = g->general;
    bool goes = false, found = gdb_some_thread(g, &any);
    struct action o;

    do {
        struct gdb_thread t = any;

        if (!found || !take_action(a, &o) ||
            (o.has_id && !gdb_find_thread(g, o.id, any, &t))) {
            refuse(g);
            return;
        }
        if (o.kind == 't' || (goes && r.how != RESUME_RUN) ||
            (goes && how_of(o.kind) == RESUME_RUN))
            continue;
        r = (struct gdb_resume){ how_of(o.kind), t, o.start, o.end };
        goes = true;
    } while (args_left(a));
    if (goes)
        gdb_resume(g, r);
    else
        gdb_tell_present(g);
}

/* ---- the old packets, and those that go backwards ---- */

/* An address to go on from is not taken: gdb sets pc itself. */
static void go(struct gdb_stub *g, const struct gdb_args *a, enum gdb_how how)
{
    struct gdb_resume r = { .how = how, .thread = g->resumed };

    if (args_done(a) && gdb_some_thread(g, &r.thread))
        gdb_resume(g, r);
    else
        refuse(g);
}

GDB_HANDLER(gdb_continue)
{
    go(g, a, RESUME_RUN);
}

GDB_HANDLER(gdb_step)
{
    go(g, a, RESUME_STEP);
}

GDB_HANDLER(gdb_continue_signal)
{
    args_number(a);
    go(g, a, RESUME_RUN);
}

GDB_HANDLER(gdb_step_signal)
{
    args_number(a);
    go(g, a, RESUME_STEP);
}

GDB_HANDLER(gdb_continue_back)
{
    go(g, a, RESUME_RUN_BACK);
}

GDB_HANDLER(gdb_step_back)
{
    go(g, a, RESUME_STEP_BACK);
}
