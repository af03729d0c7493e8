/*
 * qXfer: documents that gdb reads piece by piece (GDB manual, "General Query
 * Packets"). One is made when its beginning is asked for, and kept until
 * another is: gdb sees all pieces of one state.
 */
#include <stdio.h>
#include <string.h>

#include "debug/gdb/registers.h"
#include "debug/gdb/stub_inside.h"
#include "debug/gdb/tables.h"

/* ---- what is in them; false: there is none of that name ---- */

static bool put_features(struct gdb_stub *g, const char *annex,
                         const struct text_sink *out)
{
    if (strcmp(annex, "target.xml") != 0)
        return false;
    gdb_target_description(g->c.debugger, out);
    return true;
}

/* "vm1", or the program's name. */
static void put_name(const struct gdb_process *p, const struct text_sink *out)
{
    const char *slash = p->program ? strrchr(p->program->path, '/') : NULL;

    if (p->program)
        gdb_xml_escape(out, slash ? slash + 1 : p->program->path);
    else if (p->world)
        text_print(out, "vm%u", p->world);
    else
        text_print(out, "bare");
}

static void put_thread(struct gdb_stub *g, const struct gdb_process *p,
                       unsigned hart, const struct text_sink *out)
{
    text_print(out, "<thread id=\"");
    if (g->processes)
        text_print(out, "p%x.", p->number);
    text_print(out, "%x\" core=\"%u\" name=\"", hart + 1, hart);
    put_name(p, out);
    text_print(out, "\">");
    gdb_describe_thread(g, p, hart, out);
    text_print(out, "</thread>\n");
}

static bool put_threads(struct gdb_stub *g, const char *annex,
                        const struct text_sink *out)
{
    struct gdb_process p;

    if (*annex)
        return false;
    text_print(out, "<?xml version=\"1.0\"?>\n<threads>\n");
    for (unsigned n = 0; (n = gdb_next_process(g, n, &p));)
        for (unsigned h = 0; h < session_harts(g->c.debugger->session, p.world);
             h++)
            put_thread(g, &p, h, out);
    text_print(out, "</threads>\n");
    return true;
}

static bool put_exec_file(struct gdb_stub *g, const char *annex,
                          const struct text_sink *out)
{
    struct gdb_args a = { annex, annex + strlen(annex), false };
    uint64_t number = *annex ? args_number(&a) : g->general.process;
    struct gdb_process p;

    if (!args_done(&a) || !gdb_process(g, number, &p))
        return false;
    if (p.program)
        text_print(out, "%s", p.program->path);
    else if (gdb_has_symbols(g, p.world))
        text_print(out, GDB_WORLD_FILE, p.number);
    else
        return false;
    return true;
}

static bool put_osdata(struct gdb_stub *g, const char *annex,
                       const struct text_sink *out)
{
    return gdb_osdata(g->c.debugger, annex, out);
}

/* It holds for physical addresses: gdb is not told that there is one, and asks
   only if its user says so. */
static bool put_memory_map(struct gdb_stub *g, const char *annex,
                           const struct text_sink *out)
{
    struct gdb_process p;

    if (*annex || !gdb_attached(g, g->general.process, &p))
        return false;
    gdb_memory_map(g->c.debugger, p.world, out);
    return true;
}

static const struct {
    const char *object;
    bool (*put)(struct gdb_stub *g, const char *annex,
                const struct text_sink *out);
} documents[] = {
    { "features", put_features },   { "threads", put_threads },
    { "exec-file", put_exec_file }, { "osdata", put_osdata },
    { "memory-map", put_memory_map },
};

/* ---- pieces ---- */

/* The object's row; -1: no such object. */
static int find_object(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        if (strlen(documents[i].object) == n &&
            memcmp(documents[i].object, name, n) == 0)
            return (int)i;
    return -1;
}

static bool make(struct gdb_stub *g, int object, const char *annex)
{
    const struct text_sink out = gdb_text_sink(&g->document);

    g->document.n = 0;
    g->document.failed = false;
    return documents[object].put(g, annex, &out) && !g->document.failed;
}

static void put_piece(struct gdb_stub *g, uint64_t offset, uint64_t n)
{
    const struct gdb_text *d = &g->document;
    size_t left = offset < d->n ? d->n - (size_t)offset : 0, done;

    if (n > left)
        n = left;
    reply_print(&g->reply, "m");
    done = n ? reply_binary(&g->reply, d->bytes + offset, (size_t)n) : 0;
    if (done == left)
        g->reply.bytes[0] = 'l';
}

/* ":object:read:annex:offset,length"; "object:annex" is the document's name. */
GDB_HANDLER(gdb_transfer)
{
    char name[sizeof g->document_name], *annex;
    size_t object_size, verb_size, annex_size;
    const char *object, *verb, *text;
    uint64_t offset, n;
    int row;

    args_expect(a, ':');
    object = args_word(a, ':', &object_size);
    verb = args_word(a, ':', &verb_size);
    text = args_word(a, ':', &annex_size);
    row = find_object(object, object_size);
    if (row < 0 || verb_size != 4 || memcmp(verb, "read", 4) != 0)
        return; /* there is no such packet */
    offset = args_number(a);
    args_expect(a, ',');
    n = args_number(a);
    if (!args_done(a) || annex_size > 40) {
        reply_error(&g->reply, GDB_EINVAL);
        return;
    }
    snprintf(name, sizeof name, "%s:%.*s", documents[row].object,
             (int)annex_size, text);
    annex = strchr(name, ':') + 1;
    if (offset == 0 || strcmp(name, g->document_name) != 0) {
        g->document_name[0] = 0;
        if (!make(g, row, annex)) {
            reply_error(&g->reply, 0);
            return;
        }
        memcpy(g->document_name, name, sizeof name);
    }
    put_piece(g, offset, n);
}
