#include "cli/site_names.h"

#include <inttypes.h>
#include <stdio.h>

/* A fetch that fails is about no instruction: none has been read. */
static bool is_fetch(const struct exit_site *s)
{
    unsigned cause = s->kind % 16;

    return cause == CAUSE_FETCH_PAGE || cause == CAUSE_FETCH_ACCESS;
}

void site_names_namer(void *context, const struct exit_site *s, char *buf,
                      size_t size)
{
    struct exit_names *n = context;
    const struct symbol_place at = { .va = s->pc };
    const struct symbol *function = symbol_sets_at(&n->symbols, at);
    char text[80] = "?";

    if (is_fetch(s))
        snprintf(text, sizeof text, "instruction fetch");
    else if (s->insn)
        disassemble(&n->disassembler, s->insn, s->pc, text, sizeof text);
    if (function)
        snprintf(buf, size, "%s in %s", text, function->name);
    else if (s->priv == PRIV_U)
        snprintf(buf, size, "%s in U-mode", text);
    else
        snprintf(buf, size, "%s at 0x%" PRIx64, text, s->pc);
}
