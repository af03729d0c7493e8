#include "cli/exits_log.h"

#include <errno.h>
#include <string.h>

#include "machine/error_say.h"

static void start(struct exits_log *l, const struct isa *isa)
{
    disassembler_init(&l->disassembler, isa);
    l->log = (struct exit_log){ .symbols = &l->symbols,
                                .disassembler = &l->disassembler };
}

enum status exits_log_open(struct exits_log *l, const char *path,
                           const struct isa *isa, struct error *e)
{
    memset(l, 0, sizeof *l);
    l->out = path ? fopen(path, "w") : stderr;
    if (!l->out)
        return error_say(e, STATUS_IO, "--log exits='%s' cannot be written "
                         "(%s): name a file that can", path, strerror(errno));
    start(l, isa);
    return STATUS_OK;
}

void exits_log_share(struct exits_log *l, const struct exits_log *first,
                     const struct isa *isa)
{
    memset(l, 0, sizeof *l);
    l->out = first->out;
    l->borrowed = true;
    start(l, isa);
}

/* Without memory for the names there are none: the log is still right. */
void exits_log_symbols(struct exits_log *l, const struct image *i)
{
    symbols_add(&l->symbols, i);
}

static void write_line(void *context, struct vm *vm,
                       const struct exit_record *r)
{
    struct exits_log *l = context;
    char line[EXIT_LOG_LINE + 1];
    size_t n = exit_log_format(&l->log, vm, r, line, EXIT_LOG_LINE);

    line[n++] = '\n';
    if (l->name)
        fprintf(l->out, "[%s] ", l->name);
    fwrite(line, 1, n, l->out);
}

void exits_log_watch(struct exits_log *l, struct vm *vm)
{
    vm_watch(vm, write_line, l);
}

void exits_log_close(struct exits_log *l)
{
    if (!l->out)
        return;
    if (l->out != stderr && !l->borrowed)
        fclose(l->out);
    symbols_free(&l->symbols);
    disassembler_free(&l->disassembler);
    l->out = NULL;
}
