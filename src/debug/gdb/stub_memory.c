/* Memory, as the general thread's process sees it. */
#include "debug/gdb/stub_inside.h"

/* Whose memory is looked at. False: there is no thread. */
static bool view_of(const struct gdb_stub *g, struct session_view *v)
{
    struct gdb_thread t = g->general;
    struct gdb_process p;

    if (!gdb_some_thread(g, &t) || !gdb_attached(g, t.process, &p))
        return false;
    *v = (struct session_view){ .world = p.world, .hart = t.hart };
    if (p.program) {
        v->space = SPACE_OF;
        v->satp = p.program->satp;
    }
    if (g->physical)
        v->space = SPACE_PHYSICAL;
    return true;
}

/* "address,length" */
static bool take_range(struct gdb_args *a, uint64_t *address, uint64_t *n)
{
    *address = args_number(a);
    args_expect(a, ',');
    *n = args_number(a);
    return !a->bad && (*n == 0 || *address <= UINT64_MAX - (*n - 1));
}

/* As much as there is, or fits. */
GDB_HANDLER(gdb_read_memory)
{
    uint8_t bytes[GDB_PACKET / 2];
    struct session_view v;
    uint64_t address, n;
    size_t done;

    if (!take_range(a, &address, &n) || !args_done(a) || n == 0 ||
        !view_of(g, &v)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    if (n > sizeof bytes)
        n = sizeof bytes;
    done = session_read(g->c.debugger->session, &v, address, bytes, (size_t)n);
    if (done == 0)
        reply_error(&g->reply, GDB_EFAULT);
    else
        reply_hex(&g->reply, bytes, done);
}

/* All of it, or nothing. */
static void write(struct gdb_stub *g, uint64_t address, const void *bytes,
                  size_t n)
{
    struct session *s = g->c.debugger->session;
    uint8_t before[GDB_PACKET];
    struct session_view v;

    if (!view_of(g, &v))
        reply_error(&g->reply, GDB_EINVAL);
    else if (session_read(s, &v, address, before, n) != n ||
             session_write(s, &v, address, bytes, n) != n)
        reply_error(&g->reply, GDB_EFAULT);
    else
        reply_ok(&g->reply);
}

GDB_HANDLER(gdb_write_memory)
{
    uint8_t bytes[GDB_PACKET / 2];
    uint64_t address, n;
    bool good = take_range(a, &address, &n);

    args_expect(a, ':');
    if (!good || args_bytes(a, bytes, sizeof bytes) != n || !args_done(a)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    write(g, address, bytes, (size_t)n);
}

GDB_HANDLER(gdb_write_binary)
{
    uint64_t address, n;
    bool good = take_range(a, &address, &n);

    args_expect(a, ':');
    if (!good || a->bad || args_left(a) != n) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    write(g, address, a->at, (size_t)n);
}
