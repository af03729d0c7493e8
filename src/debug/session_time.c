/* Time travel: to any time of the past, and what it takes to get there. */
#include "debug/session_inside.h"

/* Back to checkpoint number i, or to the next older one that can be. False:
   there is none. */
static bool restore(struct session *s, int i)
{
    while (i >= 0 && !checkpoints_restore(s->checkpoints, (unsigned)i))
        i--;
    s->passed.events = 0;
    s->returns++;
    if (i >= 0)
        session_undo_changes(s);
    return i >= 0;
}

static int before(const struct session *s, uint64_t time)
{
    return s->checkpoints ? checkpoints_before(s->checkpoints, time) : -1;
}

/* As far back as it goes. */
static enum session_end to_beginning(struct session *s)
{
    if (s->checkpoints)
        restore(s, 0);
    return SESSION_BEGINNING;
}

/* To a time of the past, or of the future. */
static enum session_end go_to(struct session *s, uint64_t time)
{
    uint64_t now = session_time(s);

    s->mode = MODE_QUIET;
    if (time < now || (time == now && session_stands_at(s)))
        if (!restore(s, before(s, time)))
            return to_beginning(s);
    return session_advance(s, time);
}

enum session_end session_goto(struct session *s, uint64_t time)
{
    session_settle(s);
    return go_to(s, time);
}

/* ---- back to a stop point ---- */

static struct session_place present(const struct session *s)
{
    const struct session_event *e = session_stands_at(s);
    struct session_place p = { .time = session_time(s), .at_event = e != NULL };

    if (e)
        p.event = *e;
    return p;
}

/* Runs on to `end` from before it; *last is the last stop point on the way,
 *found: if there is one. */
static enum session_end scan(struct session *s, const struct session_place *end,
                             struct session_place *last, bool *found)
{
    uint64_t until = end->at_event ? end->time + 1 : end->time;

    s->mode = MODE_STOP;
    for (;;) {
        enum session_end e = session_advance(s, until);
        struct session_place here = present(s);

        if (e != SESSION_POINT)
            return e;
        if (end->at_event && here.time == end->time &&
            session_event_equal(&here.event, &end->event))
            return SESSION_STEPPED;
        *last = here;
        *found = true;
    }
}

/* Runs on from before it. */
static enum session_end land(struct session *s, const struct session_place *p)
{
    enum session_end end;

    s->mode = MODE_QUIET;
    end = session_advance(s, p->time);
    if (end != SESSION_STEPPED)
        return end;
    s->mode = MODE_LAND;
    s->land = p->event;
    return session_advance(s, p->time + 1);
}

/* Where something else ended the re-run than ended the run, that is the end. */
static bool is_over(enum session_end end)
{
    return end == SESSION_BREAK || end == SESSION_LOST;
}

enum session_end session_run_back(struct session *s)
{
    struct session_place end, last = { .time = 0 };
    bool found = false;

    session_settle(s);
    end = present(s);
    for (int i = before(s, end.time); i >= 0; i--) {
        struct session_place from;
        enum session_end e;

        if (!restore(s, i))
            break;
        i = (int)checkpoints_count(s->checkpoints) - 1;
        from = present(s);
        e = scan(s, &end, &last, &found);
        if (is_over(e))
            return e;
        if (found)
            return restore(s, before(s, last.time)) ? land(s, &last)
                                                    : to_beginning(s);
        end = from;
    }
    return to_beginning(s);
}

/* ---- back to a mark ---- */

bool session_stands(const struct session *s)
{
    return session_stands_at(s) != NULL;
}

void session_mark(struct session *s)
{
    s->mark = present(s);
    s->mark_hit = s->hit;
}

enum session_end session_return(struct session *s)
{
    enum session_end end = session_goto(s, s->mark.time);

    if (end != SESSION_STEPPED)
        return end;
    if (s->mark.at_event && session_is_stop(s, &s->mark.event))
        end = land(s, &s->mark);
    s->hit = s->mark_hit;
    return end;
}

/* ---- one step back ---- */

/* Looks for the last time at which a hart executes. */
struct trace_back {
    uint64_t count; /* the hart's, in its world */
    uint64_t time;  /* of the last call */
    uint64_t last;  /* what is looked for … */
    bool found;     /* … if there is one */
};

static uint64_t count_of(const struct session *s)
{
    return s->c.board[s->step_world]->csr[s->step_hart]->count;
}

/* What has happened since the last call. */
static void note(struct session *s)
{
    struct trace_back *t = s->trace;

    if (s->step_world < s->c.depth && count_of(s) != t->count) {
        t->last = t->time;
        t->found = true;
    }
    t->count = count_of(s);
    t->time = session_time(s);
}

/* A waiting hart of the guest counts too, and executes nothing. */
static bool on_the_way(void *session, unsigned hart)
{
    struct session *s = session;

    note(s);
    if (s->step_world == s->c.depth && hart == s->step_hart &&
        !session_waits(s, s->step_world, hart)) {
        s->trace->last = session_time(s);
        s->trace->found = true;
    }
    return true;
}

/* Looks in [from, end). */
static enum session_end look(struct session *s, uint64_t from, uint64_t end)
{
    enum session_end e = go_to(s, from);

    s->trace->found = false;
    if (e != SESSION_STEPPED)
        return e;
    s->trace->count = count_of(s);
    s->trace->time = from;
    e = session_run_once(s, end, on_the_way);
    note(s);
    return e;
}

#define FIRST_LOOK 64 /* counts; the next is LOOK_MORE times as far */
#define LOOK_MORE  16

enum session_end session_step_back(struct session *s, unsigned world,
                                   unsigned hart)
{
    struct trace_back t = { .found = false };
    uint64_t end, span = FIRST_LOOK, beginning = session_beginning(s);

    session_settle(s);
    end = session_time(s);
    s->step_world = world;
    s->step_hart = hart;
    while (!t.found && end > beginning) {
        uint64_t from = end - beginning > span ? end - span : beginning;
        enum session_end e;

        s->trace = &t;
        e = look(s, from, end);
        s->trace = NULL;
        if (is_over(e))
            return e;
        if (!t.found)
            end = from;
        span *= LOOK_MORE;
    }
    return t.found ? go_to(s, t.last) : to_beginning(s);
}
