#include "cli/exits_log.h"

#include <errno.h>
#include <string.h>

#include "machine/error_say.h"

enum status exits_log_open(struct exits_log *l, const struct watch_settings *s,
                           const struct exit_log *names, struct error *e)
{
    l->settings = s;
    l->names = names;
    l->out = s->file[0] ? fopen(s->file, "w") : stderr;
    if (l->out)
        return STATUS_OK;
    return error_say(e, STATUS_IO, "--log exits='%s' cannot be written (%s): "
                     "name a file that can", s->file, strerror(errno));
}

/* How deep the machine lies: 1 is the outermost. */
static unsigned level_of(const struct vm *vm)
{
    unsigned level = 1;

    while (vm->host->ops == vm->machine.ops) {
        vm = (const struct vm *)(const void *)vm->host;
        level++;
    }
    return level;
}

/* With vm= each line says which. */
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
    if (l->settings->filter.vms)
        fprintf(l->out, "vm%u ", level_of(vm));
    fwrite(line, 1, n, l->out);
}

void exits_log_watch(struct exits_log *l, const struct built *b)
{
    const struct exit_filter *f = l->out ? &l->settings->filter : NULL;

    for (unsigned k = 0; f && k < b->depth; k++)
        if (f->vms ? exit_filter_vm(f, k + 1) : k + 1 == b->depth)
            vm_watch(b->vm[k], write_line, l);
}

void exits_log_close(struct exits_log *l)
{
    if (l->out && l->out != stderr)
        fclose(l->out);
    l->out = NULL;
}
