#include "debug/trace.h"

#include <inttypes.h>
#include <string.h>

/* ---- JSON ---- */

/* Separates events, and begins one. */
static void event(struct trace *t, const char *phase, unsigned pid,
                  unsigned tid)
{
    fprintf(t->out, "%s{\"ph\":\"%s\",\"pid\":%u,\"tid\":%u",
            t->file->first ? "" : ",\n", phase, pid, tid);
    t->file->first = false;
}

/* RFC 8259; bytes beyond ASCII as if they were Latin 1. */
static void string(FILE *out, const char *s)
{
    putc('"', out);
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;

        if (c < 0x20 || c > 0x7e)
            fprintf(out, "\\u%04x", c);
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else
            putc(c, out);
    }
    putc('"', out);
}

/* The format's unit is a microsecond. */
static void time_at(FILE *out, const char *key, uint64_t ticks)
{
    fprintf(out, ",\"%s\":%" PRIu64 ".%03u", key, ticks / TRACE_TICKS,
            (unsigned)(ticks % TRACE_TICKS));
}

static void metadata(struct trace *t, const char *what, unsigned pid,
                     unsigned tid, const char *name)
{
    event(t, "M", pid, tid);
    fprintf(t->out, ",\"name\":\"%s\",\"args\":{\"name\":", what);
    string(t->out, name);
    fputs("}}", t->out);
}

static unsigned process_of(const struct trace *t, unsigned level)
{
    return t->process + level - 1;
}

/* A span's members up to its arguments, which the caller writes and closes. */
static void span(const struct trace_vm *v, unsigned hart, const char *category,
                 const char *name, uint64_t ticks, uint64_t width)
{
    event(v->trace, "X", process_of(v->trace, v->level), hart);
    fprintf(v->trace->out, ",\"cat\":\"%s\",\"name\":", category);
    string(v->trace->out, name);
    time_at(v->trace->out, "ts", ticks);
    time_at(v->trace->out, "dur", width);
    fputs(",\"args\":{", v->trace->out);
}

/* An arrow from one span into another, which begins at `head`. */
static void arrow(struct trace *t, const char *name, unsigned from_level,
                  struct trace_tail *tail, unsigned to_level, unsigned hart,
                  uint64_t head)
{
    const unsigned level[2] = { from_level, to_level };
    const uint64_t at[2] = { tail->ticks, head };

    for (unsigned k = 0; k < 2; k++) {
        event(t, k ? "f" : "s", process_of(t, level[k]), hart);
        fprintf(t->out, ",\"cat\":\"%s\",\"name\":\"%s\",\"id\":%" PRIu64, name,
                name, t->file->arrows);
        time_at(t->out, "ts", at[k]);
        fputs(k ? ",\"bp\":\"e\"}" : "}", t->out);
    }
    t->file->arrows++;
    tail->pending = false;
}

/* ---- time ---- */

/*
 * The guest's count, of which this level's is behind by what the levels above
 * emulated, and by idle time: each notes that where it has an exit.
 */
static uint64_t guest_count(const struct trace_vm *v, unsigned hart,
                            uint64_t count)
{
    const struct trace *t = v->trace;

    for (unsigned k = v->level - 1; k + 1 < t->depth; k++)
        count += t->vm[k].behind[hart];
    return count;
}

static void note_behind(struct trace_vm *v, unsigned hart)
{
    struct trace_vm *below = v - 1;

    if (v->level > 1)
        below->behind[hart] = v->vm->monitor.hart[hart].csr.count -
                              below->vm->monitor.hart[hart].csr.count;
}

static uint64_t ticks_at(const struct trace_vm *v, unsigned hart,
                         uint64_t count)
{
    return v->trace->origin + guest_count(v, hart, count) * TRACE_TICKS;
}

/* ---- between two exits ---- */

/* A span of `n` counts from guest count `from` on, or what of it is not drawn
   yet. Returns where it begins, in ticks, or 0 if nothing was left. */
static uint64_t draw_gap(struct trace_vm *v, unsigned hart,
                         const char *category, const char *name, uint64_t from,
                         uint64_t n)
{
    struct trace_hart *h = &v->hart[hart];
    uint64_t begin = v->trace->origin + from * TRACE_TICKS;
    uint64_t end = begin + n * TRACE_TICKS;

    if (begin < h->cursor)
        begin = h->cursor;
    if (end <= begin)
        return 0;
    span(v, hart, category, name, begin, end - begin);
    fprintf(v->trace->out, "\"count\":%" PRIu64 ",\"counts\":%" PRIu64 "}}",
            from, n);
    h->cursor = end;
    return begin;
}

/*
 * What the hart did since its last exit until `count`, in mode `priv`, with
 * `instret` instructions retired then: it waited, and ran.
 */
static void draw_since(struct trace_vm *v, unsigned hart, unsigned priv,
                       uint64_t count, uint64_t instret)
{
    static const char *const names[] = { "direct U", "direct S", "?",
                                         "direct M" };
    struct trace_hart *h = &v->hart[hart];
    uint64_t from = guest_count(v, hart, h->count);
    uint64_t n = count - h->count;
    uint64_t ran = h->waiting ? instret - h->instret : n;
    uint64_t begin;

    if (n == 0 || !v->wanted ||
        !exit_filter_span(v->trace->filter, priv, from, from + n - 1))
        return;
    if (ran > n)
        ran = n;
    draw_gap(v, hart, "wait", "waiting", from, n - ran);
    begin = draw_gap(v, hart, "direct", names[priv & 3], from + n - ran, ran);
    if (begin && h->injected.pending)
        arrow(v->trace, "injection", v->level, &h->injected, v->level, hart,
              begin);
}

/* ---- exits ---- */

#define NAME_SIZE 128

/* What an exit's span is called: the instruction, or what was done. */
static void exit_name(const struct exit_record *e, const char *text, char *buf)
{
    switch (e->action) {
    case EXIT_EMULATED:
        snprintf(buf, NAME_SIZE, "%s", text[0] ? text : "emulated");
        break;
    case EXIT_FILLED:
        snprintf(buf, NAME_SIZE, "fill");
        break;
    case EXIT_DEVICE:
    case EXIT_MEMORY:
        snprintf(buf, NAME_SIZE, "%s: %s", exit_action_name(e->action), text);
        break;
    default:
        snprintf(buf, NAME_SIZE, "%s: %s", exit_action_name(e->action),
                 cause_name(e->guest.cause));
    }
}

static void argument(FILE *out, const char *key, const char *value)
{
    if (!value[0])
        return;
    fprintf(out, ",\"%s\":", key);
    string(out, value);
}

static void exit_arguments(struct trace_vm *v, const struct exit_record *e,
                           const char *text)
{
    FILE *out = v->trace->out;
    const struct symbol *symbol =
        symbol_sets_at(v->trace->names->symbols, exit_log_place(v->vm, e));
    char where[80] = "";

    if (symbol)
        symbol_format(symbol, e->pc, where, sizeof where);
    fprintf(out,
            "\"count\":%" PRIu64 ",\"mode\":\"%s\",\"pc\":\"%#" PRIx64 "\"",
            guest_count(v, e->hart, e->count), exit_log_mode(e->priv), e->pc);
    argument(out, "symbol", where);
    argument(out, "instruction", text);
    argument(out, "cause",
             e->guest.cause & CAUSE_INTERRUPT ? cause_name(e->guest.cause)
                                              : cause_name(e->host.cause));
    argument(out, "action", exit_action_name(e->action));
    if (e->action == EXIT_FILLED)
        fprintf(out, ",\"va\":\"%#" PRIx64 "\"", e->host.tval);
    if (e->action == EXIT_FILLED || e->action == EXIT_DEVICE ||
        e->action == EXIT_MEMORY)
        fprintf(out, ",\"gpa\":\"%#" PRIx64 "\"", e->gpa);
    fputs("}}", out);
}

static bool enters_handler(const struct exit_record *e)
{
    return e->action == EXIT_INJECTED || e->action == EXIT_INTERRUPT;
}

/* Draws the exit at the cursor; `end` is where it ends, in ticks. */
static void draw_exit(struct trace_vm *v, const struct exit_record *e,
                      uint64_t end)
{
    struct trace_hart *h = &v->hart[e->hart];
    uint32_t raw = exit_log_instruction(v->vm, e);
    char text[80] = "", name[NAME_SIZE];

    if (raw)
        disassemble(v->trace->names->disassembler, raw, e->pc, text,
                    sizeof text);
    exit_name(e, text, name);
    span(v, e->hart, "exit", name, h->cursor, end - h->cursor);
    exit_arguments(v, e, text);
    if (h->reflected.pending)
        arrow(v->trace, "reflection", v->level - 1, &h->reflected, v->level,
              e->hart, h->cursor);
    if (enters_handler(e))
        h->injected = (struct trace_tail){ true, h->cursor };
    if (e->action == EXIT_REFLECTED && v->level < v->trace->depth)
        v[1].hart[e->hart].reflected = (struct trace_tail){ true, h->cursor };
    h->cursor = end;
}

/* Draws the exit, which took `took` counts, where it is wanted. */
static void show_exit(struct trace_vm *v, const struct exit_record *e,
                      uint64_t took)
{
    struct trace_hart *h = &v->hart[e->hart];
    uint64_t start = ticks_at(v, e->hart, e->count);
    uint64_t end = start + took * TRACE_TICKS;

    if (!v->wanted || !exit_filter_passes(v->trace->filter, e)) {
        h->reflected.pending = false;
        h->injected.pending = h->injected.pending && !enters_handler(e);
        return;
    }
    if (h->cursor < start)
        h->cursor = start;
    if (h->reflected.pending && h->cursor < h->reflected.ticks)
        h->cursor = h->reflected.ticks; /* no arrow goes back in time */
    if (end < h->cursor + TRACE_HIDDEN)
        end = h->cursor + TRACE_HIDDEN;
    draw_exit(v, e, end);
}

/* The hart goes on from where it is now. */
static void note_hart(struct trace_vm *v, unsigned hart)
{
    const struct vhart *now = &v->vm->monitor.hart[hart];
    struct trace_hart *h = &v->hart[hart];

    h->count = now->csr.count;
    h->instret = now->csr.instret;
    h->waiting = now->waiting;
    note_behind(v, hart);
}

static void watch(void *context, struct vm *vm, const struct exit_record *e)
{
    struct trace_vm *v = context;
    const struct csr_file *c = &vm->monitor.hart[e->hart].csr;
    uint64_t took = c->count - e->count;
    uint64_t retired = e->action == EXIT_INJECTED ? 0 : took;

    draw_since(v, e->hart, e->priv, e->count, c->instret - retired);
    show_exit(v, e, took);
    note_hart(v, e->hart);
}

/* ---- beginning and end ---- */

void trace_begin(struct trace *t, FILE *out, const struct exit_log *names,
                 const struct exit_filter *filter)
{
    memset(t, 0, sizeof *t);
    t->out = out;
    t->names = names;
    t->filter = filter;
    t->first = true;
    t->file = t;
    t->process = 1;
    fputs("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"clock\":\"1 us is 1 "
          "instruction count of the guest\"},\n\"traceEvents\":[\n",
          out);
}

void trace_join(struct trace *t, struct trace *file, unsigned number,
                const char *name, const struct exit_log *names)
{
    memset(t, 0, sizeof *t);
    t->out = file->out;
    t->names = names;
    t->filter = file->filter;
    t->file = file;
    t->process = number;
    t->name = name;
}

static void introduce(struct trace *t, const struct trace_vm *v)
{
    unsigned process = process_of(t, v->level);
    char name[32];

    snprintf(name, sizeof name, "virtual machine %u", v->level);
    metadata(t, "process_name", process, 0, t->name ? t->name : name);
    for (unsigned h = 0; h < v->vm->monitor.harts; h++) {
        snprintf(name, sizeof name, "hart %u", h);
        metadata(t, "thread_name", process, h, name);
    }
}

static void watch_level(struct trace *t, unsigned k, struct vm *vm)
{
    struct trace_vm *v = &t->vm[k];

    memset(v, 0, sizeof *v);
    v->trace = t;
    v->vm = vm;
    v->level = k + 1;
    v->wanted = exit_filter_vm(t->filter, process_of(t, v->level));
    for (unsigned h = 0; h < vm->monitor.harts; h++) {
        v->hart[h].cursor = t->name ? 0 : t->origin;
        note_hart(v, h);
    }
    vm_watch(vm, watch, v);
}

void trace_watch(struct trace *t, struct vm *const *vm, unsigned depth)
{
    bool again = t->depth > 0;

    t->depth = depth < TRACE_MAX_DEPTH ? depth : TRACE_MAX_DEPTH;
    for (unsigned k = 0; k < t->depth; k++) {
        watch_level(t, k, vm[k]);
        if (t->vm[k].wanted && !again)
            introduce(t, &t->vm[k]);
    }
}

/* Draws what is open. Returns where all that is drawn ends, in ticks. */
static uint64_t draw_open(struct trace *t)
{
    uint64_t end = 0;

    for (unsigned k = 0; k < t->depth; k++) {
        struct trace_vm *v = &t->vm[k];

        for (unsigned h = 0; v->vm && h < v->vm->monitor.harts; h++) {
            const struct csr_file *c = &v->vm->monitor.hart[h].csr;

            draw_since(v, h, c->priv, c->count, c->instret);
            note_hart(v, h);
            if (end < v->hart[h].cursor)
                end = v->hart[h].cursor;
        }
    }
    return end;
}

void trace_turn(struct trace *t, uint64_t now, uint64_t count)
{
    t->origin = (now - count) * TRACE_TICKS; /* may be before 0 */
}

void trace_pause(struct trace *t)
{
    draw_open(t);
}

void trace_unwatch(struct trace *t)
{
    uint64_t end = draw_open(t);

    for (unsigned k = 0; k < t->depth; k++) {
        if (t->vm[k].vm)
            vm_unwatch(t->vm[k].vm, watch, &t->vm[k]);
        t->vm[k].vm = NULL;
    }
    if (end < t->origin)
        end = t->origin;
    t->origin = (end / TRACE_TICKS + 1) * TRACE_TICKS;
}

enum status trace_end(struct trace *t)
{
    fputs("\n]}\n", t->out);
    return fflush(t->out) == 0 && !ferror(t->out) ? STATUS_OK : STATUS_IO;
}
