/*
 * What the past is kept in: checkpoints, close to one another where they are
 * young and farther apart where they are old; names; and what was changed from
 * outside, behind which the past does not lead.
 */
#include "debug/session_inside.h"

#include <stdlib.h>
#include <string.h>

#define SPACING UINT64_C(25000000) /* counts from one checkpoint to the next */
#define DENSE   8                 /* of the youngest none is given up */

/*
 * Going back makes monitors forget what they have at hand, above all their
 * shadow page tables, and they exit for it again. So that the past has the same
 * exits each time, they forget it here the first time, too.
 */
static bool take(struct session *s)
{
    struct checkpoints *c = s->checkpoints;
    bool stands;

    if (!checkpoints_take(c))
        return false;
    if (s->c.depth == 0)
        return true;
    stands = session_holds_present(s);
    checkpoints_restore(c, checkpoints_count(c) - 1);
    if (stands)
        session_stand_here(s);
    return true;
}

/* What the machines below have counted: their monitors' work included. */
static void counts_below(void *session, struct state *state)
{
    struct session *s = session;

    for (unsigned w = 0; w < s->c.depth; w++)
        for (unsigned h = 0; h < s->c.machine[w]->harts; h++)
            state_u64(state, &s->c.board[w]->csr[h]->count);
}

bool session_start_history(struct session *s)
{
    s->spacing = s->c.spacing ? s->c.spacing : SPACING;
    if (!s->c.budget)
        return true;
    s->checkpoints = checkpoints_new(s->c.machine[s->c.depth], s->board,
                                     s->c.bottom);
    if (!s->checkpoints)
        return false;
    checkpoints_keep(s->checkpoints, counts_below, s);
    return take(s);
}

void session_free_history(struct session *s)
{
    while (s->names) {
        struct session_name *n = s->names;

        s->names = n->next;
        free(n);
    }
    free(s->change);
    checkpoints_free(s->checkpoints);
}

uint64_t session_beginning(const struct session *s)
{
    if (!s->checkpoints || !checkpoints_count(s->checkpoints))
        return session_time(s);
    return checkpoints_at(s->checkpoints, 0);
}

static uint64_t newest(const struct session *s)
{
    unsigned n = checkpoints_count(s->checkpoints);

    return n ? checkpoints_at(s->checkpoints, n - 1) : session_time(s);
}

uint64_t session_next_keep(const struct session *s)
{
    uint64_t last;

    if (!s->checkpoints)
        return UINT64_MAX;
    last = newest(s);
    return last < UINT64_MAX - s->spacing ? last - last % s->spacing + s->spacing
                                          : UINT64_MAX;
}

/* ---- giving some up ---- */

/* The state there cannot be got to from before. */
static bool is_change(const struct session *s, uint64_t time)
{
    for (unsigned i = 0; i < s->changes; i++)
        if (s->change[i].time == time)
            return true;
    return false;
}

/* That whose neighbours are closest, for its age; 0: none may be. */
static unsigned least_needed(const struct session *s)
{
    const struct checkpoints *c = s->checkpoints;
    unsigned n = checkpoints_count(c), best = 0;
    double best_value = 0;

    for (unsigned i = 1; i + DENSE < n; i++) {
        uint64_t gap = checkpoints_at(c, i + 1) - checkpoints_at(c, i - 1);
        uint64_t age = newest(s) - checkpoints_at(c, i);
        double value = (double)gap / (double)(age + 1);

        if (is_change(s, checkpoints_at(c, i)) || (best && value >= best_value))
            continue;
        best = i;
        best_value = value;
    }
    return best;
}

/* If none in between can be given up, the oldest is: history begins later. */
static void thin_out(struct session *s)
{
    struct checkpoints *c = s->checkpoints;

    while (checkpoints_bytes(c) > s->c.budget && checkpoints_count(c) > 1)
        checkpoints_drop(c, least_needed(s));
}

void session_keep(struct session *s)
{
    if (!s->checkpoints || session_time(s) < session_next_keep(s))
        return;
    if (take(s))
        thin_out(s);
    else
        s->spacing *= 2; /* out of memory */
}

void session_history(const struct session *s, unsigned *checkpoints,
                     uint64_t *bytes)
{
    *checkpoints = s->checkpoints ? checkpoints_count(s->checkpoints) : 0;
    *bytes = s->checkpoints ? checkpoints_bytes(s->checkpoints) : 0;
}

/* ---- changes from outside ---- */

static void forget_future(struct session *s, const struct session_change *c)
{
    struct session_name **n = &s->names;

    s->latest = c->time;
    inputs_forget(s->board->config.inputs, c->mark);
    while (*n) {
        struct session_name *name = *n;

        if (name->time <= c->time) {
            n = &name->next;
            continue;
        }
        *n = name->next;
        free(name);
    }
}

void session_touch(struct session *s, unsigned world)
{
    const struct session_change now = {
        .time = session_time(s),
        .mark = inputs_mark(s->board->config.inputs),
    };

    if (s->touched)
        return;
    s->touched = true;
    s->c.board[world]->turn.idle = false; /* it may end a wait */
    forget_future(s, &now);
}

/* Lacking memory, history begins here. */
static void begin_here(struct session *s)
{
    while (checkpoints_count(s->checkpoints))
        checkpoints_drop(s->checkpoints, 0);
    s->changes = 0;
    take(s);
}

void session_settle(struct session *s)
{
    struct session_change *more;

    if (!s->touched)
        return;
    s->touched = false;
    s->passed.events = 0;
    if (!s->checkpoints)
        return;
    more = realloc(s->change, (s->changes + 1) * sizeof *more);
    if (!more || !take(s)) {
        begin_here(s);
        return;
    }
    s->change = more;
    s->change[s->changes++] = (struct session_change){
        .time = session_time(s),
        .mark = inputs_mark(s->board->config.inputs),
    };
    thin_out(s);
}

/* Gone back to before a change: it was not made. */
void session_undo_changes(struct session *s)
{
    while (s->changes && s->change[s->changes - 1].time > session_time(s))
        forget_future(s, &s->change[--s->changes]);
}

uint64_t session_unchanged_since(const struct session *s)
{
    uint64_t beginning = session_beginning(s), change;

    if (s->touched)
        return session_time(s);
    change = s->changes ? s->change[s->changes - 1].time : 0;
    return change > beginning ? change : beginning;
}

/* ---- names ---- */

bool session_name(struct session *s, const char *name)
{
    size_t size = strlen(name) + 1;
    struct session_name *n = malloc(sizeof *n + size);

    if (!n)
        return false;
    session_settle(s);
    n->time = session_time(s);
    n->next = s->names;
    memcpy(n->text, name, size);
    s->names = n;
    return true;
}

bool session_find_name(const struct session *s, const char *name,
                       uint64_t *time)
{
    for (const struct session_name *n = s->names; n; n = n->next) {
        if (strcmp(n->text, name) == 0) {
            *time = n->time;
            return true;
        }
    }
    return false;
}

bool session_name_at(const struct session *s, unsigned i, const char **name,
                     uint64_t *time)
{
    const struct session_name *n = s->names;

    for (; n && i > 0; i--)
        n = n->next;
    if (!n)
        return false;
    *name = n->text;
    *time = n->time;
    return true;
}
