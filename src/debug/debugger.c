#include "debug/debugger.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* What does not fit on the stack is made on the heap; if that is not to be had,
   the beginning of it has to do. */
void text_print(const struct text_sink *out, const char *format, ...)
{
    char some[256], *all = some;
    va_list list, again;
    int n;

    va_start(list, format);
    va_copy(again, list);
    n = vsnprintf(some, sizeof some, format, list);
    if (n >= (int)sizeof some) {
        all = malloc((size_t)n + 1);
        if (all)
            vsnprintf(all, (size_t)n + 1, format, again);
        else
            n = (int)sizeof some - 1, all = some;
    }
    va_end(again);
    va_end(list);
    if (n > 0)
        out->put(out->context, all, (size_t)n);
    if (all != some)
        free(all);
}

const struct exit_log *debugger_names(const struct debugger *d, unsigned world)
{
    unsigned level = session_level(d->session, world);

    return d->guest_names && world >= level ? d->guest_names[world - level]
                                            : d->names;
}

struct symbol_place debugger_place(const struct debugger *d, unsigned world,
                                   unsigned hart, uint64_t va)
{
    struct symbol_place p = { .level = session_level(d->session, world),
                              .va = va };
    uint64_t priv = PRIV_M;

    session_get(d->session, world, hart, REG_PRIV, &priv);
    if (priv != PRIV_M)
        session_get_csr(d->session, world, hart, CSR_satp, &p.satp);
    return p;
}
