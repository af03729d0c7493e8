/* `log on`: a line for each exit, as --log exits has them, while the machine
   runs on; what is run again to look into the past is not logged. */
#include "cli/prompt.h"

static void write_line(void *context, struct vm *vm,
                       const struct exit_record *r)
{
    struct prompt *p = context;
    const struct text_sink out = prompt_sink(p);
    char line[EXIT_LOG_LINE];

    if (!p->running)
        return;
    exit_log_format(p->debugging.debugger.names, vm, r, line, sizeof line);
    text_print(&out, "%s\n", line);
}

/* The topmost virtual machine's; NULL: there is none. */
static struct vm *watched(struct prompt *p)
{
    struct session *s = prompt_session(p);

    return s ? session_vm(s, session_guest(s)) : NULL;
}

void prompt_log_end(struct prompt *p)
{
    struct vm *vm = watched(p);

    if (p->logging && vm)
        vm_unwatch(vm, write_line, p);
}

void prompt_log_again(struct prompt *p)
{
    struct vm *vm = watched(p);

    if (p->logging && vm)
        vm_watch(vm, write_line, p);
}

bool prompt_log(void *debugging, bool on, const struct text_sink *out)
{
    struct prompt *p = debugging; /* its first member */

    if (!watched(p) || p->debugging.several) {
        text_print(out, "there is a log of exits where there is one virtual "
                        "machine: use --depth\n");
        return false;
    }
    prompt_log_end(p);
    p->logging = on;
    prompt_log_again(p);
    return true;
}
