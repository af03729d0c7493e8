#include "cli/exits_log.h"

#include <errno.h>
#include <string.h>

#include "machine/error_say.h"

enum status exits_log_open(struct exits_log *l, const struct watch_settings *s,
                           const struct exit_log *names, struct error *e)
{
    *l = (struct exits_log){ .settings = s, .names = names };
    l->out = s->file[0] ? fopen(s->file, "w") : stderr;
    if (l->out)
        return STATUS_OK;
    return error_say(e, STATUS_IO, "--log exits='%s' cannot be written (%s): "
                     "name a file that can", s->file, strerror(errno));
}

void exits_log_share(struct exits_log *l, const struct exits_log *first,
                     const struct exit_log *names, const char *name)
{
    *l = *first;
    l->borrowed = true;
    l->names = names;
    l->name = name;
}

/* One of several has a name, and with vm= each line says the level. */
static void write_line(void *context, struct vm *vm,
                       const struct exit_record *r)
{
    struct exits_log *l = context;
    char line[EXIT_LOG_LINE + 1];
    size_t n;

    if (!exit_filter_passes(&l->settings->filter, r))
        return;
    n = exit_log_format(l->names, vm, r, line, EXIT_LOG_LINE);
    line[n++] = '\n';
    if (l->name)
        fprintf(l->out, "[%s] ", l->name);
    else if (l->settings->filter.vms)
        fprintf(l->out, "vm%u ", vm->level);
    fwrite(line, 1, n, l->out);
}

void exits_log_watch(struct exits_log *l, const struct built *b)
{
    const struct exit_filter *f = l->out ? &l->settings->filter : NULL;

    for (unsigned k = 0; f && k < b->depth; k++)
        if (f->vms ? exit_filter_vm(f, k + 1) : k + 1 == b->depth)
            vm_watch(b->vm[k], write_line, l);
}

void exits_log_watch_one(struct exits_log *l, struct vm *vm, unsigned number)
{
    if (l->out && exit_filter_vm(&l->settings->filter, number))
        vm_watch(vm, write_line, l);
}

void exits_log_close(struct exits_log *l)
{
    if (l->out && l->out != stderr && !l->borrowed)
        fclose(l->out);
    l->out = NULL;
}
