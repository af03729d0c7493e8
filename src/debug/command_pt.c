/* pt: one address, through the guest's page table, the p2m and the shadow of
   every monitor below; or through the bare machine's page table. */
#include <stdlib.h>

#include "debug/command_rows.h"
#include "debug/why_text.h"

static void say_lines(struct command_call *c, const struct why *w)
{
    for (size_t k = 0; k < w->lines; k++)
        text_print(c->out, "%s\n", w->line[k].text);
}

/* By the rules that a load now goes by, before any interrupt. */
static void say_stages(struct command_call *c, struct why *w, unsigned world,
                       uint64_t va)
{
    why_begin(w, session_machine(c->d->session, world), c->d->hart,
              debugger_names(c->d, world));
    why_end(w);
    w->look.csr = w->look.before;
    if (w->depth)
        why_say_stages(w, va, true);
    else
        why_say_table(w, va, true);
    say_lines(c, w);
    why_free(w);
}

enum command_end command_show_pt(struct command_call *c)
{
    unsigned world = c->d->world;
    struct why *w;
    uint64_t va;

    if (!command_number(c, c->word[0], &va) ||
        (c->words > 1 && !command_small(c, c->word[1], "world",
                                        session_worlds(c->d->session), &world)))
        return COMMAND_WRONG;
    if (c->d->hart >= session_harts(c->d->session, world))
        return command_wrong(c, "world %u has no hart %u", world, c->d->hart);
    w = calloc(1, sizeof *w);
    if (!w)
        return command_wrong(c, "this host is out of memory");
    say_stages(c, w, world, va);
    free(w);
    return COMMAND_DONE;
}
