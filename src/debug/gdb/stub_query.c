/* What gdb and the stub agree upon, and what they ask about one another. */
#include <string.h>

#include "debug/commands.h"
#include "debug/gdb/stub_inside.h"

/* What gdb may say that it understands, and where it is noted. */
static void note_feature(struct gdb_stub *g, const char *word, size_t n)
{
    const struct {
        const char *name;
        bool *noted;
    } features[] = { { "multiprocess+", &g->processes },
                     { "fork-events+", &g->forks },
                     { "exec-events+", &g->execs } };

    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        if (strlen(features[i].name) == n &&
            memcmp(features[i].name, word, n) == 0)
            *features[i].noted = true;
}

GDB_HANDLER(gdb_supported)
{
    g->processes = g->forks = g->execs = false;
    args_skip(a, ':');
    while (args_left(a)) {
        size_t n;
        const char *word = args_word(a, ';', &n);

        note_feature(g, word, n);
    }
    reply_print(&g->reply,
                "PacketSize=%x;QStartNoAckMode+;qXfer:features:read+;"
                "qXfer:threads:read+;qXfer:exec-file:read+;"
                "qXfer:osdata:read+;vContSupported+;swbreak+;hwbreak+;"
                "ReverseStep+;ReverseContinue+",
                GDB_PACKET);
    if (g->processes)
        reply_print(&g->reply, ";multiprocess+");
    if (g->forks)
        reply_print(&g->reply, ";fork-events+");
    if (g->execs)
        reply_print(&g->reply, ";exec-events+");
}

GDB_HANDLER(gdb_no_acks)
{
    (void)a;
    reply_ok(&g->reply);
    packets_send(&g->packets, g->reply.bytes, g->reply.n);
    g->packets.acks = false;
    g->silent = true;
}

GDB_HANDLER(gdb_nothing)
{
    (void)g;
    (void)a;
}

GDB_HANDLER(gdb_extended)
{
    (void)a;
    reply_ok(&g->reply);
}

GDB_HANDLER(gdb_why_stopped)
{
    (void)a;
    gdb_tell_present(g);
}

/* It may look symbols up for us; we have our own. */
GDB_HANDLER(gdb_symbols)
{
    (void)a;
    reply_ok(&g->reply);
}

/* ---- as QEMU's stub has it ---- */

GDB_HANDLER(gdb_qemu_supported)
{
    (void)a;
    reply_print(&g->reply, "PhyMemMode");
}

GDB_HANDLER(gdb_memory_mode)
{
    (void)a;
    reply_print(&g->reply, "%d", g->physical);
}

GDB_HANDLER(gdb_set_memory_mode)
{
    uint64_t mode;

    args_expect(a, ':');
    mode = args_number(a);
    if (!args_done(a) || mode > 1) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    g->physical = mode == 1;
    reply_ok(&g->reply);
}

/* ---- monitor commands ---- */

static void say_after(struct gdb_stub *g, enum command_end end,
                      const char *line, const struct text_sink *out)
{
    if (end == COMMAND_UNKNOWN)
        text_print(out, "There is no command '%.40s': 'monitor help' lists "
                   "them.\n", line);
    if (end != COMMAND_MOVED)
        return;
    text_print(out, "The machine has changed under gdb: 'maintenance flush "
               "register-cache' makes gdb look again.\n");
    g->entered = g->exec = 0;
    if (g->c.programs)
        programs_gone_back(g->c.programs, g->c.debugger->session);
}

GDB_HANDLER(gdb_command)
{
    struct gdb_text text = { .n = 0 };
    struct text_sink out = gdb_text_sink(&text);
    struct gdb_thread t = g->general;
    char line[1024];
    size_t n;

    args_expect(a, ',');
    n = args_bytes(a, line, sizeof line - 1);
    line[n] = 0;
    if (!args_done(a) || !gdb_some_thread(g, &t)) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    *g->c.interrupt = 0;
    say_after(g, command_line(g->c.debugger, line, &out), line, &out);
    gdb_show(g, text.bytes, text.n);
    gdb_text_free(&text);
    reply_ok(&g->reply);
}
