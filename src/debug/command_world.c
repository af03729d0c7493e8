/* What is being looked at: worlds, harts, symbols; and the log of exits. */
#include <stdio.h>
#include <string.h>

#include "debug/command_rows.h"

static enum command_end hart(struct command_call *c)
{
    unsigned harts = session_harts(c->d->session, c->d->world);

    if (c->words && !command_small(c, c->word[0], "hart", harts, &c->d->hart))
        return COMMAND_WRONG;
    text_print(c->out, "hart %u of %u\n", c->d->hart, harts);
    return COMMAND_DONE;
}

static enum command_end world(struct command_call *c)
{
    struct debugger *d = c->d;
    unsigned worlds = session_worlds(d->session);
    char text[COMMAND_WORLD];

    if (c->words && !command_small(c, c->word[0], "world", worlds, &d->world))
        return COMMAND_WRONG;
    if (d->hart >= session_harts(d->session, d->world))
        d->hart = 0;
    text_print(c->out, "world %u of 0 to %u: %s\n", d->world, worlds - 1,
               command_world(d, d->world, text));
    return COMMAND_DONE;
}

static void say_line(struct command_call *c, uint64_t va)
{
    struct source_line line;

    if (symbol_sets_line(debugger_names(c->d, c->d->world)->symbols,
                         debugger_place(c->d, c->d->world, c->d->hart, va),
                         &line))
        text_print(c->out, ", line %u of %s", line.line, line.file);
}

static enum command_end symbol(struct command_call *c)
{
    char address[COMMAND_ADDRESS];
    uint64_t va;

    if (!command_number(c, c->word[0], &va))
        return COMMAND_WRONG;
    text_print(c->out, "%s",
               command_address(c->d, c->d->world, c->d->hart, va, address));
    say_line(c, va);
    text_print(c->out, "\n");
    return COMMAND_DONE;
}

static enum command_end log_exits(struct command_call *c)
{
    bool on = strcmp(c->word[0], "on") == 0;

    if (!on && strcmp(c->word[0], "off") != 0)
        return command_wrong(c, "usage: log on|off");
    if (!c->d->log)
        return command_wrong(c, "there is no log of exits here");
    return c->d->log(c->d->context, on, c->out) ? COMMAND_DONE : COMMAND_WRONG;
}

const struct command_row command_world_rows[] = {
    { "world", NULL, "[N]", "look at world N: 0 is the bare machine", 0, 1,
      world, false },
    { "hart", NULL, "[N]", "look at hart N", 0, 1, hart, false },
    { "vms", NULL, "", "every world: harts, counts, exits, memory", 0, 0,
      command_show_vms, false },
    { "log", NULL, "on|off", "a line for each exit, while it runs on", 1, 1,
      log_exits, false },
    { "symbol", NULL, "ADDR|NAME", "what lies there, and its source line", 1, 1,
      symbol, false },
    { 0 },
};

const struct command_row command_state_rows[] = {
    { "csr", NULL, "[NAME[=VALUE]]", "all CSRs with their fields, or one", 0, 1,
      command_show_csr, false },
    { "pt", NULL, "VA [WORLD]", "how an address is translated, at every depth",
      1, 2, command_show_pt, false },
    { "tlb", NULL, "[VA]", "the translations that the hart keeps", 0, 1,
      command_show_tlb, false },
    { 0 },
};
