/* The stub's life: connections, what comes while the machine runs, and text
   that gdb is to show. */
#include "debug/gdb/stub_inside.h"

#include <stdlib.h>
#include <string.h>

struct gdb_stub *gdb_stub_new(const struct gdb_config *c)
{
    struct gdb_stub *g = calloc(1, sizeof *g);

    if (!g)
        return NULL;
    g->c = *c;
    g->packets.send = c->send;
    g->packets.context = c->context;
    return g;
}

void gdb_stub_free(struct gdb_stub *g)
{
    if (!g)
        return;
    gdb_close_files(g);
    gdb_text_free(&g->document);
    free(g);
}

void gdb_stub_connect(struct gdb_stub *g)
{
    struct session *s = g->c.debugger->session;

    gdb_stub_disconnect(g);
    packets_begin(&g->packets);
    g->state = GDB_STOPPED;
    g->busy = g->processes = g->forks = g->execs = g->physical = false;
    g->held_size = 0;
    g->held_state = HELD_BETWEEN;
    g->told = g->exec = g->entered = 0;
    g->world[session_guest(s)] = true;
    g->general = (struct gdb_thread){ session_guest(s) + 1, session_hart(s) };
    g->resumed = g->stopped = g->general;
    gdb_look_at(g, g->general);
}

void gdb_stub_disconnect(struct gdb_stub *g)
{
    gdb_remove_points(g, 0);
    gdb_close_files(g);
    memset(g->world, 0, sizeof g->world);
    memset(g->program, 0, sizeof g->program);
}

enum gdb_state gdb_stub_state(const struct gdb_stub *g)
{
    return g->state;
}

int gdb_stub_status(const struct gdb_stub *g)
{
    return g->finished ? g->status : 0;
}

bool gdb_stub_finished(const struct gdb_stub *g)
{
    return g->finished;
}

/* ---- bytes ---- */

/*
 * Kept for later, but for a Ctrl-C. That is one only between two packets: in
 * binary data it is a byte like others.
 */
static void hold(struct gdb_stub *g, uint8_t byte)
{
    switch (g->held_state) {
    case HELD_BETWEEN:
        if (byte == GDB_CTRL_C) {
            *g->c.interrupt = 1;
            return;
        }
        if (byte == '$')
            g->held_state = HELD_BODY;
        break;
    case HELD_BODY:
        if (byte == '#')
            g->held_state = HELD_SUM;
        break;
    case HELD_SUM:
        g->held_state = HELD_SUM_END;
        break;
    case HELD_SUM_END:
        g->held_state = HELD_BETWEEN;
        break;
    }
    if (g->held_size < sizeof g->held)
        g->held[g->held_size++] = byte;
}

static void take(struct gdb_stub *g, uint8_t byte)
{
    enum packet_event e = packets_take(&g->packets, byte);

    g->reply.n = 0;
    g->reply.full = g->silent = false;
    if (e == PACKET_WHOLE)
        gdb_dispatch(g);
    else if (e == PACKET_DAMAGED)
        reply_error(&g->reply, GDB_EINVAL);
    else
        return;
    if (!g->silent)
        packets_send(&g->packets, g->reply.bytes, g->reply.n);
}

static bool is_occupied(const struct gdb_stub *g)
{
    return g->busy || g->state == GDB_RUNNING;
}

void gdb_stub_take(struct gdb_stub *g, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (is_occupied(g)) {
            hold(g, bytes[i]);
        } else if (g->state != GDB_KILLED) {
            g->busy = true;
            take(g, bytes[i]);
            g->busy = false;
        }
    }
    gdb_take_held(g);
}

void gdb_take_held(struct gdb_stub *g)
{
    size_t at = 0;

    while (at < g->held_size && !is_occupied(g)) {
        g->busy = true;
        take(g, g->held[at++]);
        g->busy = false;
    }
    memmove(g->held, g->held + at, g->held_size - at);
    g->held_size -= at;
    if (g->held_size == 0)
        g->held_state = HELD_BETWEEN;
}

/* ---- text ---- */

void gdb_show(struct gdb_stub *g, const char *text, size_t n)
{
    while (n > 0) {
        size_t part = n < GDB_SHOWN ? n : GDB_SHOWN;
        char body[1 + 2 * GDB_SHOWN];

        body[0] = 'O';
        hex_put(body + 1, text, part);
        packets_send(&g->packets, body, 1 + 2 * part);
        text += part;
        n -= part;
    }
}

static void put(void *stub, const char *text, size_t n)
{
    gdb_show(stub, text, n);
}

struct text_sink gdb_shown(struct gdb_stub *g)
{
    return (struct text_sink){ put, g };
}

void gdb_stub_show(struct gdb_stub *g, const char *text, size_t n)
{
    if (g->state == GDB_RUNNING)
        gdb_show(g, text, n);
}

void gdb_look_at(struct gdb_stub *g, struct gdb_thread t)
{
    struct gdb_process p;

    if (!gdb_process(g, t.process, &p))
        return;
    g->c.debugger->world = p.world;
    g->c.debugger->hart = t.hart;
}
