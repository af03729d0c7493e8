/* What all lines are written with. */
#include "debug/why_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


/* Names come from users' files, and may hold anything. */
static char *format_text(const char *format, va_list args)
{
    char buf[512];

    vsnprintf(buf, sizeof buf, format, args);
    for (char *c = buf; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
    return strdup(buf);
}

void why_say(struct why *w, enum why_kind kind, unsigned level,
             const char *format, ...)
{
    struct why_line line = { (uint8_t)kind, (uint8_t)level, NULL };
    va_list args;

    if (w->lines == w->room) {
        size_t room = w->room ? 2 * w->room : 32;
        struct why_line *more = realloc(w->line, room * sizeof *more);

        if (!more) {
            w->no_memory = true;
            return;
        }
        w->line = more;
        w->room = room;
    }
    va_start(args, format);
    line.text = format_text(format, args);
    va_end(args);
    if (line.text)
        w->line[w->lines++] = line;
    else
        w->no_memory = true;
}

const char *why_machine_name(unsigned level, char buf[WHY_NAME])
{
    if (level == 0)
        snprintf(buf, WHY_NAME, "the bare machine");
    else
        snprintf(buf, WHY_NAME, "vm%u", level);
    return buf;
}

const char *why_mode(unsigned priv)
{
    static const char *const names[] = { "U-mode", "S-mode", "?", "M-mode" };

    return names[priv & 3];
}

struct machine *why_machine(const struct why *w, unsigned level)
{
    struct machine *m = w->machine;

    for (unsigned k = w->depth; k > level; k--)
        m = vm_from(m)->host;
    return m;
}

const char *why_address(const struct why *w, unsigned level,
                        const struct csr_file *c, uint64_t va,
                        char buf[WHY_NAME])
{
    const struct symbol_place at = { .level = level,
                                     .satp = c->priv == PRIV_M ? 0 : c->satp,
                                     .va = va };
    const struct symbol *s = symbol_sets_at(w->names->symbols, at);
    char name[96];

    symbol_format(s, va, name, sizeof name);
    snprintf(buf, WHY_NAME, s ? "%#llx <%s>" : "%#llx", (ull)va, name);
    return buf;
}

const char *why_below(const struct why *w, unsigned level, uint64_t pa,
                      char buf[WHY_NAME])
{
    size_t n = 0;

    buf[0] = '\0';
    for (unsigned k = level; k > 0; k--) {
        const struct vm *vm = vm_from(why_machine(w, k));
        char name[16] = "bare";
        bool writable;

        if (!p2m_lookup(&vm->monitor.p2m, pa, &pa, &writable))
            break;
        if (k > 1)
            snprintf(name, sizeof name, "vm%u", k - 1);
        n += (size_t)snprintf(buf + n, WHY_NAME - n, "%s%s %#llx",
                              n ? ", " : " [", name, (ull)pa);
    }
    if (n)
        snprintf(buf + n, WHY_NAME - n, "]");
    return buf;
}

const char *why_interrupts(uint64_t set, char buf[WHY_NAME])
{
    static const char *const names[] = {
        [IRQ_SSI] = "SSI", [IRQ_MSI] = "MSI", [IRQ_STI] = "STI",
        [IRQ_MTI] = "MTI", [IRQ_SEI] = "SEI", [IRQ_MEI] = "MEI",
    };
    size_t n = 0;

    snprintf(buf, WHY_NAME, "none");
    for (unsigned k = 0; k < sizeof names / sizeof *names; k++)
        if ((set & BIT(k)) && names[k])
            n += (size_t)snprintf(buf + n, WHY_NAME - n, "%s%s", n ? ", " : "",
                                  names[k]);
    return buf;
}
