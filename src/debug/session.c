/* A debugging session: making one, and running it forwards. */
#include "debug/session_inside.h"

#include <stdlib.h>

#include "isa/trap.h"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

struct session *session_new(const struct session_config *c)
{
    struct session *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->c = *c;
    s->worlds = c->depth + (c->scheduler ? c->scheduler->machines : 1);
    s->board = c->board[c->depth];
    s->latest = session_time(s);
    if (c->scheduler)
        s->c.budget = 0;
    if (session_start_history(s))
        return s;
    session_free(s);
    return NULL;
}

void session_free(struct session *s)
{
    if (!s)
        return;
    session_forget_stops(s);
    session_free_history(s);
    free(s);
}

uint64_t session_time(const struct session *s)
{
    return s->c.scheduler ? scheduler_total(s->c.scheduler)
                          : machine_total(s->board);
}

uint64_t session_latest(const struct session *s)
{
    return s->latest;
}

unsigned session_returns(const struct session *s)
{
    return s->returns;
}

bool session_is_past(const struct session *s)
{
    return s->past;
}

/* ---- who executes ---- */

bool session_waits(const struct session *s, unsigned world, unsigned hart)
{
    bool waiting = world ? s->c.vm[world]->monitor.hart[hart].waiting
                         : s->c.bottom->hart[hart].waiting;

    return waiting && !interrupt_wakes(s->c.board[world]->csr[hart]);
}

unsigned session_guest(const struct session *s)
{
    const struct scheduler *several = s->c.scheduler;

    return several && several->turn
               ? s->c.depth + (unsigned)(several->turn - several->machine)
               : s->c.depth;
}

unsigned session_hart(const struct session *s)
{
    unsigned world = session_guest(s), harts = session_harts(s, world);
    const struct run_turn *t = &s->c.board[world]->turn;
    unsigned first = t->open ? t->hart : 0;

    for (unsigned i = 0; i < harts; i++) {
        unsigned hart = (first + i) % harts;

        if (!session_waits(s, world, hart))
            return hart;
    }
    return first;
}

/* ---- running ---- */

/* What has been waited for before comes from the journal; time just passes. */
static uint64_t poll(void *session, struct board *b, uint64_t idle)
{
    struct session *s = session;

    if (s->c.attend)
        s->c.attend(s->c.context);
    if (s->past)
        return idle;
    if (s->c.poll)
        return s->c.poll(s->c.context, b, idle);
    return idle == CLOCK_NEVER ? 0 : idle;
}

static enum session_end end_of(enum run_end end)
{
    switch (end) {
    case RUN_FINISHED:
        return SESSION_FINISHED;
    case RUN_RESET:
        return SESSION_RESET;
    case RUN_UNTIL:
    case RUN_STEP:
        return SESSION_STEPPED;
    case RUN_BREAK:
        return SESSION_POINT;
    case RUN_CANCELLED:
        return SESSION_BREAK;
    case RUN_REPLAYED:
    case RUN_INPUTS_FAILED:
        return SESSION_LOST;
    default:
        return SESSION_IDLE;
    }
}

static void set_past(struct session *s, bool past)
{
    s->past = past;
    if (s->c.past)
        *s->c.past = past;
}

/* ---- one guest ---- */

static enum session_end run_alone(struct session *s, uint64_t until,
                                  bool (*step)(void *, unsigned))
{
    struct run_options o = {
        .until = CLOCK_NEVER,
        .until_total = until,
        .resume = true,
        .cancel = s->c.interrupt,
        .step = step,
        .context = s,
    };
    if (s->past)
        o.until_total = least(until, s->latest);
    if (s->past || s->c.poll || s->c.attend)
        o.poll = poll;
    return end_of(machine_run(s->c.machine[s->c.depth], s->board, &o));
}

/* ---- several ---- */

static uint64_t poll_several(void *session, struct scheduler *several,
                             uint64_t idle)
{
    const struct session *s = session;
    const struct scheduler_options *o = s->c.several;

    if (s->c.attend)
        s->c.attend(s->c.context);
    if (o && o->poll)
        return o->poll(o->context, several, idle);
    return idle == CLOCK_NEVER ? 0 : idle;
}

static void turn_of_several(void *session, struct scheduler *several,
                            unsigned i, bool begins)
{
    const struct session *s = session;
    const struct scheduler_options *o = s->c.several;

    if (o && o->turn)
        o->turn(o->context, several, i, begins);
}

static bool one_has_ended(void *session, struct scheduler *several, unsigned i)
{
    struct session *s = session;
    const struct scheduler_options *o = s->c.several;

    if (!o || !o->ended || !o->ended(o->context, several, i))
        return false;
    session_set_stops(s); /* its monitor has been reset */
    return true;
}

static bool step_several(void *session, unsigned i, unsigned hart)
{
    struct session *s = session;

    (void)i; /* session_guest says */
    return s->step(s, hart);
}

static enum session_end run_several(struct session *s, uint64_t until,
                                    bool (*step)(void *, unsigned))
{
    const struct scheduler_options o = {
        .cancel = s->c.interrupt,
        .until_total = until,
        .step = step ? step_several : NULL,
        .poll = poll_several,
        .turn = turn_of_several,
        .ended = one_has_ended,
        .context = s,
    };
    bool over;

    s->step = step;
    over = scheduler_run(s->c.scheduler, &o);
    if (over)
        return SESSION_FINISHED;
    if (s->c.interrupt && *s->c.interrupt)
        return SESSION_BREAK;
    return end_of(scheduler_cut(s->c.scheduler));
}

enum session_end session_run_once(struct session *s, uint64_t until,
                                  bool (*step)(void *, unsigned))
{
    enum session_end end;

    set_past(s, session_time(s) < s->latest);
    end = s->c.scheduler ? run_several(s, until, step)
                         : run_alone(s, until, step);
    set_past(s, false);
    if (session_time(s) > s->latest)
        s->latest = session_time(s);
    return end;
}

/* … or to where `step` says. */
static enum session_end advance(struct session *s, uint64_t until,
                                bool (*step)(void *session, unsigned hart))
{
    s->stepped = false;
    for (;;) {
        enum session_end end;

        if (session_time(s) >= until)
            return SESSION_STEPPED;
        end = session_run_once(s, least(until, session_next_keep(s)), step);
        if (end != SESSION_STEPPED || s->stepped)
            return end;
        session_keep(s);
    }
}

enum session_end session_advance(struct session *s, uint64_t until)
{
    return advance(s, until, NULL);
}

enum session_end session_run(struct session *s, uint64_t until)
{
    session_settle(s);
    session_pass_present(s);
    s->mode = MODE_STOP;
    return session_advance(s, until);
}

/* ---- steps ---- */

/* Up to where the hart is the next to execute. */
static bool is_next(void *session, unsigned hart)
{
    struct session *s = session;

    unsigned guest = session_guest(s);

    s->stepped = hart == s->step_hart && !session_waits(s, guest, hart) &&
                 (s->step_world < s->c.depth || s->step_world == guest);
    return !s->stepped;
}

static enum session_end step_once(struct session *s)
{
    enum session_end end = advance(s, UINT64_MAX, is_next);

    return end == SESSION_STEPPED ? advance(s, session_time(s) + 1, NULL) : end;
}

/* In a world below, what its monitors carry out is no instruction. */
enum session_end session_step(struct session *s, unsigned world, unsigned hart)
{
    uint64_t count = s->c.board[world]->csr[hart]->count;
    enum session_end end;

    session_settle(s);
    session_pass_present(s);
    s->mode = MODE_STOP;
    s->step_world = world;
    s->step_hart = hart;
    do {
        end = step_once(s);
    } while (end == SESSION_STEPPED &&
             s->c.board[world]->csr[hart]->count == count);
    return end;
}

/* ---- what it says ---- */

const char *session_error(const struct session *s)
{
    const struct inputs *in = s->board->config.inputs;

    return in && in->failed ? in->error.text : "the recording ends here";
}

int session_status(const struct session *s)
{
    return s->board->status;
}
