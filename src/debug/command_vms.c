/* vms: every world, from the bare machine up. */
#include <stdio.h>

#include "debug/command_rows.h"
#include "machine/run.h"

static bool waits(const struct session *s, unsigned world, unsigned hart)
{
    struct bare *bare = bare_from(session_machine(s, world));

    return bare ? bare->hart[hart].waiting
                : session_vm(s, world)->monitor.hart[hart].waiting;
}

static void say_hart(struct command_call *c, unsigned world, unsigned hart)
{
    struct session *s = c->d->session;
    char count[COMMAND_COUNT], address[COMMAND_ADDRESS];
    uint64_t pc = 0, priv = 0;

    session_get(s, world, hart, REG_PC, &pc);
    session_get(s, world, hart, REG_PRIV, &priv);
    text_print(c->out, "  hart %u: %s, %s, count %s%s\n", hart,
               command_mode((unsigned)priv),
               command_address(c->d, world, hart, pc, address),
               command_count(session_board(s, world)->csr[hart]->count, count),
               waits(s, world, hart) ? ", waits" : "");
}

static void say_number(struct command_call *c, const char *before,
                       uint64_t number, const char *behind)
{
    char count[COMMAND_COUNT];

    text_print(c->out, "%s%s%s", before, command_count(number, count), behind);
}

/* "    load page fault: 12 filled, 3 injected" */
static void say_exits_of(struct command_call *c, const struct core_stats *k,
                         unsigned cause)
{
    bool any = false;

    for (unsigned a = 0; a < EXIT_ACTIONS; a++) {
        if (!k->exits[cause][a])
            continue;
        if (!any)
            text_print(c->out, "    %s:", cause_name(cause));
        say_number(c, any ? ", " : " ", k->exits[cause][a], " ");
        text_print(c->out, "%s", exit_action_name((enum exit_action)a));
        any = true;
    }
    if (any)
        text_print(c->out, "\n");
}

/* What was run again, after going back, has been counted again. */
static void say_exits(struct command_call *c, const struct core_stats *k)
{
    uint64_t exits = 0;

    for (unsigned cause = 0; cause < 16; cause++)
        for (unsigned a = 0; a < EXIT_ACTIONS; a++)
            exits += k->exits[cause][a];
    say_number(c, "  so far ", k->direct, " instructions ran directly, ");
    say_number(c, "", k->emulated, " were emulated; ");
    say_number(c, "", exits, " exits\n");
    for (unsigned cause = 0; cause < 16; cause++)
        say_exits_of(c, k, cause);
    for (unsigned n = 0; n < 16; n++)
        if (k->interrupts[n]) {
            text_print(c->out, "    %s: ", cause_name(CAUSE_INTERRUPT | n));
            say_number(c, "", k->interrupts[n], " injected\n");
        }
}

static void say_world(struct command_call *c, unsigned world)
{
    const struct session *s = c->d->session;
    const struct vm *vm = session_vm(s, world);
    unsigned harts = session_harts(s, world);
    char name[COMMAND_WORLD];

    text_print(c->out, "world %u, %s: depth %u, %u hart%s, ", world,
               command_world(c->d, world, name), session_level(s, world), harts,
               harts == 1 ? "" : "s");
    say_number(c, "", session_board(s, world)->config.memory >> 10,
               " KiB of memory\n");
    for (unsigned hart = 0; hart < harts; hart++)
        say_hart(c, world, hart);
    if (vm)
        say_exits(c, &vm->monitor.stats);
}

enum command_end command_show_vms(struct command_call *c)
{
    for (unsigned w = 0; w < session_worlds(c->d->session); w++)
        say_world(c, w);
    return COMMAND_DONE;
}
