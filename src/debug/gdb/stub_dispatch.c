/* Which packet is whose: one table. What is not in it gets the empty answer,
   which means that there is no such packet. */
#include <string.h>

#include "debug/gdb/stub_inside.h"

struct row {
    const char *name; /* a word ends at one of ":;," or the end … */
    void (*handle)(struct gdb_stub *g, struct gdb_args *a);
    bool joined; /* … or its arguments follow at once */
};

static const struct row rows[] = {
    { "qSupported", gdb_supported, false },
    { "QStartNoAckMode", gdb_no_acks, false },
    { "vMustReplyEmpty", gdb_nothing, false },
    { "!", gdb_extended, false },
    { "?", gdb_why_stopped, false },
    { "qSymbol", gdb_symbols, false },
    { "qRcmd", gdb_command, false },
    { "qqemu.Supported", gdb_qemu_supported, false },
    { "qqemu.PhyMemMode", gdb_memory_mode, false },
    { "Qqemu.PhyMemMode", gdb_set_memory_mode, false },

    { "qC", gdb_current_thread, false },
    { "qfThreadInfo", gdb_first_threads, false },
    { "qsThreadInfo", gdb_more_threads, false },
    { "qThreadExtraInfo", gdb_thread_extra, false },
    { "T", gdb_thread_alive, true },
    { "H", gdb_set_thread, true },
    { "qAttached", gdb_was_attached, false },
    { "vAttach", gdb_do_attach, false },
    { "D", gdb_do_detach, false },
    { "k", gdb_kill, false },
    { "vKill", gdb_kill_process, false },

    { "qXfer", gdb_transfer, false },
    { "vFile", gdb_file, false },

    { "m", gdb_read_memory, true },
    { "M", gdb_write_memory, true },
    { "X", gdb_write_binary, true },
    { "g", gdb_read_registers, false },
    { "G", gdb_write_registers, true },
    { "p", gdb_read_register, true },
    { "P", gdb_write_register, true },

    { "Z", gdb_insert_point, true },
    { "z", gdb_remove_point, true },

    { "vCont?", gdb_resume_kinds, false },
    { "vCont", gdb_resume_each, false },
    { "c", gdb_continue, true },
    { "C", gdb_continue_signal, true },
    { "s", gdb_step, true },
    { "S", gdb_step_signal, true },
    { "bc", gdb_continue_back, false },
    { "bs", gdb_step_back, false },
};

static bool is_for(const struct row *r, const char *text, size_t size)
{
    size_t n = strlen(r->name);

    if (size < n || memcmp(text, r->name, n) != 0)
        return false;
    return r->joined || size == n || strchr(":;,", text[n]);
}

void gdb_dispatch(struct gdb_stub *g)
{
    const char *text = g->packets.in;
    size_t size = g->packets.size;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (is_for(&rows[i], text, size)) {
            struct gdb_args a = { text + strlen(rows[i].name), text + size,
                                  false };

            rows[i].handle(g, &a);
            return;
        }
    }
}
