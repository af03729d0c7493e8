/* Registers, of the general thread; what they are is in registers.h. */
#include "bus/little_endian.h"
#include "debug/gdb/registers.h"
#include "debug/gdb/stub_inside.h"

/* Whose registers. A program's are its own only while a hart runs it. */
struct place {
    struct gdb_process process;
    unsigned hart;
    bool there;
};

static bool find_place(const struct gdb_stub *g, struct place *p)
{
    struct gdb_thread t = g->general;

    if (!gdb_some_thread(g, &t) || !gdb_attached(g, t.process, &p->process))
        return false;
    p->hart = t.hart;
    p->there = gdb_is_there(g, &p->process, t.hart);
    return true;
}

static bool is_register(const struct gdb_stub *g, uint64_t number)
{
    return number < gdb_registers(g->c.debugger) &&
           gdb_register_size(g->c.debugger, (unsigned)number) != 0;
}

static void put_register(struct gdb_stub *g, const struct place *p,
                         unsigned number)
{
    unsigned size = gdb_register_size(g->c.debugger, number);
    uint8_t bytes[8];
    uint64_t v;

    if (p->there && gdb_register_get(g->c.debugger, p->process.world, p->hart,
                                     number, &v)) {
        little_endian_put(bytes, size, v);
        reply_hex(&g->reply, bytes, size);
        return;
    }
    for (unsigned i = 0; i < size; i++)
        reply_print(&g->reply, "xx");
}

GDB_HANDLER(gdb_read_registers)
{
    struct place p;

    (void)a;
    if (!find_place(g, &p)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    for (unsigned n = 0; n < gdb_registers_in_g(g->c.debugger); n++)
        put_register(g, &p, n);
}

GDB_HANDLER(gdb_read_register)
{
    uint64_t number = args_number(a);
    struct place p;

    if (!args_done(a) || !is_register(g, number) || !find_place(g, &p)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    put_register(g, &p, (unsigned)number);
}

/* ---- writing ---- */

static bool take_value(struct gdb_stub *g, struct gdb_args *a, unsigned number,
                       uint64_t *v)
{
    unsigned size = gdb_register_size(g->c.debugger, number);
    uint8_t bytes[8];

    if (args_bytes(a, bytes, size) != size)
        return false;
    *v = little_endian_get(bytes, size);
    return true;
}

GDB_HANDLER(gdb_write_register)
{
    uint64_t number = args_number(a), v;
    struct place p;

    args_expect(a, '=');
    if (a->bad || !is_register(g, number) ||
        !take_value(g, a, (unsigned)number, &v) || !args_done(a) ||
        !find_place(g, &p))
        reply_error(&g->reply, GDB_EINVAL);
    else if (!p.there || !gdb_register_set(g->c.debugger, p.process.world,
                                           p.hart, (unsigned)number, v))
        reply_sentence(&g->reply, "it cannot be set to that here");
    else
        reply_ok(&g->reply);
}

/* What is as it was is not written: much of it cannot be. */
static bool write_one(struct gdb_stub *g, struct gdb_args *a,
                      const struct place *p, unsigned number)
{
    unsigned size = gdb_register_size(g->c.debugger, number);
    uint64_t v, old;

    if (args_skip(a, 'x')) { /* it was not to be had */
        for (unsigned i = 1; i < 2 * size; i++)
            args_expect(a, 'x');
        return !a->bad;
    }
    if (!take_value(g, a, number, &v))
        return false;
    if (gdb_register_get(g->c.debugger, p->process.world, p->hart, number,
                         &old) && old == v)
        return true;
    return gdb_register_set(g->c.debugger, p->process.world, p->hart, number,
                            v);
}

GDB_HANDLER(gdb_write_registers)
{
    bool good;
    struct place p;

    good = find_place(g, &p) && p.there;
    for (unsigned n = 0; good && n < gdb_registers_in_g(g->c.debugger) &&
                         args_left(a); n++)
        good = write_one(g, a, &p, n);
    if (good && args_done(a))
        reply_ok(&g->reply);
    else
        reply_error(&g->reply, GDB_EINVAL);
}
