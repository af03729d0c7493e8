/* The consoles of machines that run side by side, and who gets the keys. */
#include <string.h>

#include "cli/fleet_inside.h"
#include "cli/terminal.h"

static bool takes_keys(const struct fleet_vm *v)
{
    const char *input = v->guest.settings.input;

    return v->console.kind == VM_CONSOLE_SHARED &&
           (!input || strcmp(input, "-") == 0);
}

static bool is_piped(const struct fleet_vm *v)
{
    const char *input = v->guest.settings.input;

    return takes_keys(v) && input;
}

static void select_machine(struct fleet *f, unsigned i)
{
    f->selected = i;
    f->terminal.host.keyboard = f->vm[i].console.keyboard;
    f->terminal.host.inputs = &f->vm[i].console.inputs;
}

/* The first machine from `i` on, and around, that can have the keys. */
static bool find_next(const struct fleet *f, unsigned i, unsigned *found)
{
    for (unsigned k = 0; k < f->vms; k++) {
        unsigned n = (i + k) % f->vms;

        if (takes_keys(&f->vm[n]) && !f->scheduled[n].ended) {
            *found = n;
            return true;
        }
    }
    return false;
}

void fleet_end_line(struct fleet *f)
{
    for (unsigned i = 0; i < f->vms; i++)
        if (f->scheduled[i].ended)
            vm_console_flush(&f->vm[i].console);
    shared_terminal_end_line(&f->terminal);
    host_console_flush(&f->terminal.host);
    fflush(stdout);
}

static void say_selected(struct fleet *f)
{
    fleet_end_line(f);
    fprintf(stderr, "pogo: keys go to %s\r\n", f->vm[f->selected].name);
}

/* Ctrl-A n, Ctrl-A 1 … 9, Ctrl-A h. */
static bool command(void *context, uint8_t key)
{
    struct fleet *f = context;
    unsigned i = f->selected;

    if (key == 'n' || key == 'N') {
        if (find_next(f, i + 1, &i))
            select_machine(f, i);
    } else if (key >= '1' && key <= '9') {
        i = (unsigned)(key - '1');
        if (i < f->vms && takes_keys(&f->vm[i]) && !f->scheduled[i].ended)
            select_machine(f, i);
    } else if (key == 'h' || key == '?') {
        fleet_end_line(f);
        fputs("pogo: Ctrl-A n: keys go to the next machine, Ctrl-A 1 to the "
              "first …\r\n"
              "pogo: Ctrl-A x quits, Ctrl-A Ctrl-A sends Ctrl-A, Ctrl-A h "
              "says this\r\n",
              stderr);
    } else {
        return false;
    }
    say_selected(f);
    return true;
}

static enum status open_terminal(struct fleet *f, bool watched, struct error *e)
{
    struct host_console *h = &f->terminal.host;
    bool keys = false, piped = false;
    enum status s;

    for (unsigned i = 0; i < f->vms; i++) {
        keys |= takes_keys(&f->vm[i]);
        piped |= is_piped(&f->vm[i]);
    }
    s = host_console_open(h, watched ? "none" : "-",
                          !watched && keys && !f->plan->no_keys &&
                              terminal_available(),
                          !watched && piped && !f->plan->no_keys, e);
    if (s != STATUS_OK)
        return s;
    f->has_terminal = true;
    h->command = command;
    h->command_context = f;
    h->also = f->also;
    h->paced = f->plan->all.clock_host || h->is_terminal;
    for (unsigned i = 0; i < f->vms; i++) {
        h->paced |= f->vm[i].console.kind == VM_CONSOLE_PTY;
        h->paced |= f->vm[i].net.user != NULL;
    }
    return STATUS_OK;
}

enum status fleet_open_consoles(struct fleet *f, bool watched, struct error *e)
{
    enum status s = STATUS_OK;
    unsigned first;

    for (unsigned i = 0; i < f->vms && s == STATUS_OK; i++) {
        struct fleet_vm *v = &f->vm[i];
        const char *where = v->guest.settings.console;

        if (watched && strcmp(where, "-") == 0)
            where = "none";
        s = vm_console_open(&v->console, v->name, where, &f->terminal, e);
        if (s == STATUS_OK && v->console.kind == VM_CONSOLE_PTY)
            fprintf(stderr, "pogo: %s: its console is %s\n", v->name,
                    v->console.path);
    }
    if (s == STATUS_OK)
        s = open_terminal(f, watched, e);
    if (s != STATUS_OK)
        return s;
    for (first = 0; first < f->vms; first++)
        if (is_piped(&f->vm[first]))
            break;
    if (first < f->vms || find_next(f, 0, &first))
        select_machine(f, first);
    return STATUS_OK;
}

void fleet_close_consoles(struct fleet *f)
{
    if (!f->has_terminal)
        return;
    for (unsigned i = 0; i < f->vms; i++)
        vm_console_close(&f->vm[i].console);
    host_console_close(&f->terminal.host);
    f->has_terminal = false;
}

/* A line that is not finished is shown when its machine waits, so that who
   types sees what he is asked; from others it is whole lines. */
static void serve(struct fleet *f, unsigned i)
{
    struct vm_console *c = &f->vm[i].console;

    vm_console_read(c);
    if (c->kind != VM_CONSOLE_SHARED ||
        (f->terminal.host.live && f->scheduled[i].waiting))
        vm_console_flush(c);
}

/* Keys for a guest that has no room for more cannot end a wait. */
static bool listens(const struct vm_console *c)
{
    return c->kind == VM_CONSOLE_PTY && c->keyboard->waiting < CONSOLE_INPUT;
}

void fleet_wait(struct fleet *f, struct pollfd *own, unsigned n, int64_t ns)
{
    const struct host_console *h = &f->terminal.host;

    host_wait(own, n, h->source, h->sources, ns, true);
}

uint64_t fleet_poll_consoles(struct fleet *f, uint64_t idle)
{
    struct host_console *h = &f->terminal.host;
    unsigned next;

    h->alsos = 0;
    h->sources = 0;
    for (unsigned i = 0; i < f->vms; i++) {
        if (f->scheduled[i].ended)
            continue;
        serve(f, i);
        if (listens(&f->vm[i].console))
            f->also[h->alsos++] = f->vm[i].console.fd;
        if (f->vm[i].net.user)
            host_console_add(h, &f->vm[i].net.source);
    }
    if (f->source)
        host_console_add(h, f->source);
    if (f->scheduled[f->selected].ended && find_next(f, f->selected, &next)) {
        select_machine(f, next);
        if (h->is_terminal)
            say_selected(f);
    }
    h->keyboard = f->vm[f->selected].console.keyboard;
    return f->poll ? f->poll(f->context, f, idle)
                   : host_console_poll(h, NULL, idle);
}
