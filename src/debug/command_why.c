/*
 * why: the last trap or exit before the present, explained (why.h). It is found
 * in the past, stepped through there, and the present comes back: nothing of
 * this can be seen in the machine.
 */
#include <stdlib.h>
#include <string.h>

#include "debug/command_rows.h"
#include "debug/why_write.h"
#include "machine/run.h"

/* How far back is looked at first, in counts; then WIDER times as far, … */
#define FIRST_LOOK 256
#define WIDER      32

struct search {
    struct command_call *c;
    struct session *s;
    unsigned world; /* whose */
    bool traps, exits;
    struct session_points points; /* what is looked for */
    /* What was found. */
    bool found;
    uint64_t time;
    struct session_hit hit;
};

static void look_for(struct search *x, enum stop_kind kind)
{
    unsigned n = x->points.has_point[0];

    x->points.has_point[n] = true;
    x->points.point[n] = (struct stop_point){ .kind = kind,
                                              .world = x->world,
                                              .any_space = true,
                                              .size = 1,
                                              .cause = SESSION_ANY_CAUSE };
}

/* ---- finding it ---- */

/* The last one in [from, end). */
static enum session_end look(struct search *x, uint64_t from, uint64_t end)
{
    enum session_end e = session_goto(x->s, from);

    while (e == SESSION_STEPPED || e == SESSION_POINT) {
        e = session_run(x->s, end);
        if (e != SESSION_POINT)
            return e;
        x->found = true;
        x->time = session_time(x->s);
        x->hit = *session_hit(x->s);
    }
    return e;
}

static enum session_end find(struct search *x)
{
    uint64_t first = session_unchanged_since(x->s);
    uint64_t end = session_time(x->s), span = FIRST_LOOK;
    enum session_end e = SESSION_STEPPED;

    session_set_points(x->s, &x->points);
    while (!x->found && end > first && e == SESSION_STEPPED) {
        uint64_t from = end - first > span ? end - span : first;

        e = look(x, from, end);
        end = from;
        span *= WIDER;
    }
    return e;
}

/* It is stopped right before one: that is the one. */
static bool stands_before_one(struct search *x)
{
    const struct session_hit *hit = session_hit(x->s);
    const struct session_points points = session_points(x->s);
    const struct stop_point *p;

    if (!session_stands(x->s))
        return false;
    p = &points.point[hit->number - 1];
    if (!points.has_point[hit->number - 1])
        return false;
    if (!(p->kind == STOP_AT_TRAP && x->traps) &&
        !(p->kind == STOP_AT_EXIT && x->exits))
        return false;
    x->world = p->world + !session_is_guest(x->s, p->world);
    x->found = true;
    x->time = session_time(x->s);
    x->hit = *hit;
    return true;
}

/* ---- explaining it ---- */

static enum why_part part_of(const struct search *x, const struct why *w)
{
    enum why_part part = x->hit.trap.cause & CAUSE_INTERRUPT
                             ? WHY_THE_INTERRUPT
                             : WHY_THE_INSTRUCTION;

    if (why_has(w, part, false))
        return part;
    return part == WHY_THE_INTERRUPT ? WHY_THE_INSTRUCTION : WHY_THE_INTERRUPT;
}

/* From right before it, over it. */
static enum session_end step_over(struct search *x, struct why *w)
{
    static const struct session_points none;
    enum session_end e;

    session_set_points(x->s, &none);
    e = session_goto(x->s, x->time);
    if (e != SESSION_STEPPED)
        return e;
    why_begin(w, session_machine(x->s, x->world), x->hit.hart,
              debugger_names(x->c->d, x->world));
    e = session_step(x->s, session_guest(x->s), x->hit.hart);
    why_end(w);
    return e;
}

static enum session_end explain(struct search *x)
{
    struct why *w = calloc(1, sizeof *w);
    enum session_end e;

    if (!w) {
        command_wrong(x->c, "this host is out of memory");
        return SESSION_STEPPED;
    }
    e = step_over(x, w);
    if (e != SESSION_BREAK && e != SESSION_LOST) {
        why_explain(w, part_of(x, w));
        why_write(w, false, x->c->out);
        e = SESSION_STEPPED;
    }
    why_free(w);
    free(w);
    return e;
}

/* ---- the command ---- */

/* On this machine a monitor stands: its traps are the exits of the machine that
   the monitor makes. */
static void look_above(struct search *x)
{
    x->world++;
    x->traps = false;
    x->exits = true;
}

static const char *sought(const struct search *x)
{
    return !x->exits ? "trap" : !x->traps ? "exit" : "trap or exit";
}

static enum command_end none(struct search *x, uint64_t first)
{
    char count[COMMAND_COUNT], world[COMMAND_WORLD];

    return command_wrong(x->c,
                         "there is no %s of %s between %s, where %s, and "
                         "now",
                         sought(x), command_world(x->c->d, x->world, world),
                         command_count(first, count),
                         first > session_beginning(x->s)
                             ? "something was changed from outside"
                             : "history begins");
}

/* Finds and explains; the present comes back. */
static enum command_end go_and_explain(struct search *x)
{
    struct machine *m = session_machine(x->s, session_guest(x->s));
    struct board *b = session_board(x->s, session_guest(x->s));
    const struct session_points points = session_points(x->s);
    uint64_t first = session_unchanged_since(x->s), hash = machine_hash(m, b);
    enum session_end e = SESSION_STEPPED, back;

    session_mark(x->s);
    if (!stands_before_one(x))
        e = find(x);
    if (x->found && e == SESSION_STEPPED)
        e = explain(x);
    session_set_points(x->s, &points);
    back = session_return(x->s);
    if (e == SESSION_BREAK || back == SESSION_BREAK) {
        command_tell_end(x->c->d, SESSION_BREAK, x->c->out);
        return COMMAND_MOVED;
    }
    if (machine_hash(m, b) != hash) {
        command_wrong(x->c, "the machine is not what it was before: please "
                            "report this with the options of the run");
        return COMMAND_MOVED;
    }
    return x->found ? COMMAND_DONE : none(x, first);
}

static enum command_end why(struct command_call *c)
{
    struct search x = { .c = c, .s = c->d->session, .world = c->d->world };
    const char *what = c->words ? c->word[0] : "";
    unsigned checkpoints;
    uint64_t bytes;

    x.traps = strcmp(what, "exit") != 0;
    x.exits = strcmp(what, "trap") != 0 && x.world > 0;
    if (!session_is_guest(x.s, x.world))
        look_above(&x);
    if (*what && strcmp(what, "exit") != 0 && strcmp(what, "trap") != 0)
        return command_wrong(c, "usage: why [exit|trap]");
    if (!x.traps && !x.exits)
        return command_wrong(c, "the bare machine has no exits: 'why trap', or "
                                "look at another world");
    session_history(x.s, &checkpoints, &bytes);
    if (checkpoints == 0)
        return command_wrong(c, "there is no history to look for it in");
    if (x.traps)
        look_for(&x, STOP_AT_TRAP);
    if (x.exits)
        look_for(&x, STOP_AT_EXIT);
    return go_and_explain(&x);
}

const struct command_row command_why_rows[] = {
    { "why", NULL, "[exit|trap]",
      "explain the last trap or exit of this world, or the one that it is "
      "stopped before",
      0, 1, why, false },
    { 0 },
};
