/* Packets about processes and threads. */
#include "debug/gdb/stub_inside.h"

/* `any`: what an id of any thread means. */
static bool take_thread(struct gdb_stub *g, struct gdb_args *a,
                        const struct gdb_thread *of_any, struct gdb_thread *t)
{
    struct gdb_id id = args_id(a);
    struct gdb_thread any = *of_any;

    return args_done(a) && gdb_some_thread(g, &any) &&
           gdb_find_thread(g, id, any, t);
}

GDB_HANDLER(gdb_current_thread)
{
    struct gdb_thread t = g->general;

    (void)a;
    if (!gdb_some_thread(g, &t)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    reply_print(&g->reply, "QC");
    gdb_put_thread(g, t);
}

/* They fit into one packet, and none is left for a second one. */
GDB_HANDLER(gdb_first_threads)
{
    const struct session *s = g->c.debugger->session;
    struct gdb_process p;
    char before = 'm';

    (void)a;
    for (unsigned n = 0; (n = gdb_next_process(g, n, &p));) {
        for (unsigned h = 0; h < session_harts(s, p.world); h++) {
            reply_print(&g->reply, "%c", before);
            gdb_put_thread(g, (struct gdb_thread){ n, h });
            before = ',';
        }
    }
    if (g->reply.n == 0)
        reply_print(&g->reply, "l");
}

GDB_HANDLER(gdb_more_threads)
{
    (void)a;
    reply_print(&g->reply, "l");
}

GDB_HANDLER(gdb_thread_extra)
{
    struct gdb_text text = { .n = 0 };
    const struct text_sink out = gdb_text_sink(&text);
    struct gdb_process p;
    struct gdb_thread t;

    args_expect(a, ',');
    if (!take_thread(g, a, &g->general, &t) || !gdb_attached(g, t.process, &p)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    gdb_describe_thread(g, &p, t.hart, &out);
    reply_hex(&g->reply, text.bytes, text.n);
    gdb_text_free(&text);
}

GDB_HANDLER(gdb_thread_alive)
{
    struct gdb_thread t;

    if (take_thread(g, a, &g->general, &t))
        reply_ok(&g->reply);
    else
        reply_error(&g->reply, GDB_EINVAL);
}

GDB_HANDLER(gdb_set_thread)
{
    bool general = args_skip(a, 'g');
    struct gdb_thread t;

    if (!general)
        args_expect(a, 'c');
    if (!take_thread(g, a, general ? &g->general : &g->stopped, &t)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    *(general ? &g->general : &g->resumed) = t;
    reply_ok(&g->reply);
}

/* The process was there before gdb: gdb lets it go when it quits. */
GDB_HANDLER(gdb_was_attached)
{
    (void)a;
    reply_print(&g->reply, "1");
}

/* ";" and the number of a process that there is. */
static bool take_process(struct gdb_stub *g, struct gdb_args *a,
                         struct gdb_process *p)
{
    uint64_t number;

    args_expect(a, ';');
    number = args_number(a);
    return args_done(a) && gdb_process(g, number, p);
}

GDB_HANDLER(gdb_do_attach)
{
    struct gdb_process p;

    if (!take_process(g, a, &p)) {
        reply_sentence(&g->reply, "there is no process of that number");
        return;
    }
    if (!gdb_attach(g, p.number)) {
        reply_sentence(&g->reply, "too many programs are attached");
        return;
    }
    g->state = GDB_STOPPED;
    g->general.process = p.number;
    g->general.hart = session_hart(g->c.debugger->session);
    g->resumed = g->general;
    gdb_tell_present(g);
}

static void detach_all(struct gdb_stub *g)
{
    struct gdb_process p;

    while (gdb_next_process(g, 0, &p))
        gdb_detach(g, p.number);
}

/* With nothing attached the machine runs free; if it has not ended. */
GDB_HANDLER(gdb_do_detach)
{
    struct gdb_process p;

    if (args_left(a) == 0) {
        detach_all(g);
    } else if (take_process(g, a, &p)) {
        gdb_detach(g, p.number);
    } else {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    reply_ok(&g->reply);
    if (!gdb_next_process(g, 0, &p))
        g->state = g->finished ? GDB_OVER : GDB_DETACHED;
}

static void end(struct gdb_stub *g)
{
    g->state = g->finished ? GDB_OVER : GDB_KILLED;
}

GDB_HANDLER(gdb_kill)
{
    (void)a;
    g->silent = true;
    end(g);
}

/* Of one machine seen from several sides, the last to be killed is its end. A
   program's end is its kernel's business. */
GDB_HANDLER(gdb_kill_process)
{
    struct gdb_process p;

    if (!take_process(g, a, &p) || p.program) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    reply_ok(&g->reply);
    gdb_detach(g, p.number);
    if (!gdb_next_process(g, 0, &p))
        end(g);
}
