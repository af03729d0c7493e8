/* Time: where the session stands, names for times, and going to them. */
#include <stdio.h>
#include <string.h>

#include "debug/command_rows.h"

typedef unsigned long long ull;

/* ---- saying where it stands ---- */

static const char *const ends[] = {
    [SESSION_STEPPED] = "",
    [SESSION_POINT] = "",
    [SESSION_BEGINNING] = "history begins here",
    [SESSION_FINISHED] = "the guest has ended the machine",
    [SESSION_RESET] = "the guest has asked for a reset",
    [SESSION_IDLE] = "it waits, and nothing can wake it",
    [SESSION_BREAK] = "interrupted",
    [SESSION_LOST] = "the recording cannot be followed",
};

static void tell_point(struct debugger *d, const struct text_sink *out)
{
    const struct session_hit *hit = session_hit(d->session);
    const struct session_points points = session_points(d->session);
    const struct stop_point *p = &points.point[hit->number - 1];
    char text[COMMAND_ADDRESS];

    text_print(out, "stop point %u", hit->number);
    if (p->kind == STOP_AT_TRAP)
        text_print(out, ", before a trap is taken in %s: %s",
                   command_world(d, p->world, text),
                   cause_name(hit->trap.cause));
    else if (p->kind == STOP_AT_EXIT)
        text_print(out, ", before an exit of %s: %s",
                   command_world(d, p->world, text),
                   cause_name(hit->trap.cause));
    else if (p->kind != STOP_AT_CODE)
        text_print(out, ", before a%s of %s",
                   p->kind == STOP_AT_WRITE  ? " store"
                   : p->kind == STOP_AT_READ ? " load"
                                             : "n access",
                   command_address(d, p->world, hit->hart, hit->va, text));
}

/* "at 1,234: hart 0 of vm1, S-mode, 0x80200c32 <main+4>" */
static void tell_where(struct debugger *d, unsigned hart,
                       const struct text_sink *out)
{
    char count[COMMAND_COUNT], world[COMMAND_WORLD], address[COMMAND_ADDRESS];
    uint64_t pc = 0, priv = 0;

    session_get(d->session, d->world, hart, REG_PC, &pc);
    session_get(d->session, d->world, hart, REG_PRIV, &priv);
    text_print(out, "at %s: hart %u of %s, %s, %s",
               command_count(session_time(d->session), count), hart,
               command_world(d, d->world, world), command_mode((unsigned)priv),
               command_address(d, d->world, hart, pc, address));
}

/* One that was stopped at for another hart is looked at from there on. */
void command_tell_end(struct debugger *d, enum session_end end,
                      const struct text_sink *out)
{
    if (end == SESSION_POINT &&
        session_hit(d->session)->hart < session_harts(d->session, d->world))
        d->hart = session_hit(d->session)->hart;
    tell_where(d, d->hart, out);
    if (end == SESSION_POINT) {
        text_print(out, "; ");
        tell_point(d, out);
    } else if (ends[end][0]) {
        text_print(out, "; %s", ends[end]);
    }
    if (end == SESSION_FINISHED)
        text_print(out, ", with status %d", session_status(d->session));
    else if (end == SESSION_LOST)
        text_print(out, ": %s", session_error(d->session));
    text_print(out, "\n");
}

/* ---- going there ---- */

static bool has_history(const struct session *s)
{
    unsigned checkpoints;
    uint64_t bytes;

    session_history(s, &checkpoints, &bytes);
    return checkpoints > 0;
}

enum command_end command_goto(struct command_call *c, uint64_t time)
{
    struct session *s = c->d->session;

    if (time < session_time(s) && !has_history(s))
        return command_wrong(c, "there is no history to go back in");
    command_tell_end(c->d, session_goto(s, time), c->out);
    return COMMAND_MOVED;
}

/* "N", "+N", "-N": the time that is meant. */
static bool time_of(struct command_call *c, const char *text, uint64_t *time)
{
    uint64_t now = session_time(c->d->session), n;
    bool relative = text[0] == '+' || text[0] == '-';

    if (!command_number(c, text + relative, &n))
        return false;
    if (text[0] == '+')
        *time = n < UINT64_MAX - now ? now + n : UINT64_MAX - 1;
    else if (text[0] == '-')
        *time = n < now ? now - n : 0;
    else
        *time = n;
    return true;
}

static enum command_end go(struct command_call *c)
{
    uint64_t time;

    if (strcmp(c->word[0], "beginning") == 0)
        time = session_beginning(c->d->session);
    else if (strcmp(c->word[0], "latest") == 0)
        time = session_latest(c->d->session);
    else if (!time_of(c, c->word[0], &time))
        return COMMAND_WRONG;
    return command_goto(c, time);
}

/* ---- names ---- */

static enum command_end snapshot(struct command_call *c)
{
    char count[COMMAND_COUNT];

    if (!session_name(c->d->session, c->word[0]))
        return command_wrong(c, "this host is out of memory");
    text_print(c->out, "%s is %s\n", c->word[0],
               command_count(session_time(c->d->session), count));
    return COMMAND_DONE;
}

static enum command_end restore(struct command_call *c)
{
    uint64_t time;

    if (!session_find_name(c->d->session, c->word[0], &time))
        return command_wrong(c,
                             "there is no snapshot '%s': 'snapshots' lists "
                             "them",
                             c->word[0]);
    return command_goto(c, time);
}

static enum command_end snapshots(struct command_call *c)
{
    char count[COMMAND_COUNT];
    const char *name;
    uint64_t time;
    unsigned n = 0;

    for (; session_name_at(c->d->session, n, &name, &time); n++)
        text_print(c->out, "%-20s %s\n", name, command_count(time, count));
    if (n == 0)
        text_print(c->out, "there are none\n");
    return COMMAND_DONE;
}

static enum command_end history(struct command_call *c)
{
    struct session *s = c->d->session;
    char text[COMMAND_COUNT];
    unsigned checkpoints;
    uint64_t bytes;

    session_history(s, &checkpoints, &bytes);
    text_print(c->out, "beginning   %s\n",
               command_count(session_beginning(s), text));
    text_print(c->out, "present     %s\n",
               command_count(session_time(s), text));
    text_print(c->out, "latest      %s\n",
               command_count(session_latest(s), text));
    text_print(c->out, "checkpoints %u, ", checkpoints);
    text_print(c->out, "%s bytes\n", command_count(bytes, text));
    return COMMAND_DONE;
}

static enum command_end at_end(struct command_call *c)
{
    if (c->words && strcmp(c->word[0], "stop") != 0 &&
        strcmp(c->word[0], "exit") != 0)
        return command_wrong(c, "at-end takes stop or exit, not '%s'",
                             c->word[0]);
    if (c->words)
        c->d->stops_at_end = strcmp(c->word[0], "stop") == 0;
    text_print(c->out, "at its end: %s\n", c->d->stops_at_end ? "stop" : "exit");
    return COMMAND_DONE;
}

const struct command_row command_time_rows[] = {
    { "goto", NULL, "N|+N|-N|beginning|latest",
      "to a time: what all harts have counted", 1, 1, go, false },
    { "snapshot", NULL, "NAME", "name the present", 1, 1, snapshot, false },
    { "restore", NULL, "NAME", "to the time of that name", 1, 1, restore,
      false },
    { "snapshots", NULL, "", "the names", 0, 0, snapshots, false },
    { "history", NULL, "", "how far back it goes, and what it takes", 0, 0,
      history, false },
    { "at-end", NULL, "[stop|exit]",
      "in gdb, where the guest ends the machine: stand there, to go back", 0,
      1, at_end, false },
    { 0 },
};
