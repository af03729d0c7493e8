#include "cli/trace_file.h"

#include <errno.h>
#include <string.h>

#include "machine/error_say.h"

#define TRACE_BUFFER (1 << 20)

static enum status refuse(const struct trace_file *t, struct error *e)
{
    return error_say(e, STATUS_IO,
                     "--trace '%s' cannot be written (%s): name "
                     "a file that can",
                     t->settings->file, strerror(errno));
}

enum status trace_file_open(struct trace_file *t,
                            const struct watch_settings *s,
                            const struct exit_log *names, struct error *e)
{
    t->settings = s;
    t->out = fopen(s->file, "w");
    if (!t->out)
        return refuse(t, e);
    setvbuf(t->out, NULL, _IOFBF, TRACE_BUFFER);
    trace_begin(&t->trace, t->out, names, &s->filter);
    return STATUS_OK;
}

void trace_file_join(struct trace_file *t, struct trace *one, unsigned number,
                     const char *name, const struct exit_log *names,
                     struct vm *vm)
{
    if (!t->out)
        return;
    trace_join(one, &t->trace, number, name, names);
    trace_watch(one, &vm, 1);
}

void trace_file_watch(struct trace_file *t, const struct built *b)
{
    if (t->out)
        trace_watch(&t->trace, b->vm, b->depth);
}

void trace_file_unwatch(struct trace_file *t)
{
    if (t->out)
        trace_unwatch(&t->trace);
}

enum status trace_file_close(struct trace_file *t, struct error *e)
{
    enum status s;

    if (!t->out)
        return STATUS_OK;
    s = trace_end(&t->trace);
    if (s != STATUS_OK)
        refuse(t, e);
    if (fclose(t->out) != 0 && s == STATUS_OK)
        s = refuse(t, e);
    t->out = NULL;
    return s;
}
