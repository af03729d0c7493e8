/*
 * Stop points: what the engine and the monitors are told to look for, and what
 * is answered when they ask.
 */
#include "debug/session_inside.h"

static const uint8_t access_of[] = {
    [STOP_AT_WRITE] = ACCESS_STORE,
    [STOP_AT_READ] = ACCESS_LOAD,
    [STOP_AT_ACCESS] = ACCESS_LOAD | ACCESS_STORE,
};

bool session_event_equal(const struct session_event *a,
                         const struct session_event *b)
{
    return a->kind == b->kind && a->world == b->world && a->hart == b->hart &&
           a->va == b->va && a->size == b->size && a->access == b->access &&
           a->trap.cause == b->trap.cause && a->trap.tval == b->trap.tval;
}

/* ---- has the hart gone on? ---- */

/* Grows with each instruction, whoever carries it out; exact while the hart is
   running, too. */
static uint64_t progress(const struct session *s, unsigned hart)
{
    uint64_t sum = s->c.bottom->hart[hart].csr.count;

    for (unsigned w = 1; w < s->worlds; w++)
        sum += s->c.vm[w]->monitor.hart[hart].carried;
    return sum;
}

static bool holds(const struct session *s, unsigned hart)
{
    const struct session_passed *p = &s->passed;

    return p->events && p->event[0].hart == hart &&
           p->progress == progress(s, hart);
}

static bool has_passed(const struct session *s, const struct session_event *e)
{
    if (!holds(s, e->hart))
        return false;
    for (unsigned i = 0; i < s->passed.events; i++)
        if (session_event_equal(&s->passed.event[i], e))
            return true;
    return false;
}

static void pass(struct session *s, const struct session_event *e)
{
    struct session_passed *p = &s->passed;

    if (!holds(s, e->hart) || p->events == SESSION_PASSED)
        *p = (struct session_passed){ .events = 0 };
    p->event[p->events++] = *e;
    p->progress = progress(s, e->hart);
}

bool session_holds_present(const struct session *s)
{
    return s->passed.events && holds(s, s->passed.event[0].hart);
}

void session_stand_here(struct session *s)
{
    s->passed.progress = progress(s, s->passed.event[0].hart);
}

const struct session_event *session_stands_at(const struct session *s)
{
    const struct session_passed *p = &s->passed;

    if (!p->stopped || !p->events || !holds(s, p->event[0].hart))
        return NULL;
    return &p->event[p->events - 1];
}

void session_pass_present(struct session *s)
{
    unsigned guest = session_guest(s), hart = session_hart(s);
    struct machine *m = s->c.machine[guest];
    const struct session_event here = {
        .kind = STOP_AT_CODE,
        .hart = hart,
        .va = m->ops->reg_get(m, hart, REG_PC),
    };

    if (!session_stands_at(s) && !session_waits(s, guest, hart))
        pass(s, &here);
}

/* ---- which stop point ---- */

/* Only one of the guests runs. */
static bool in_world(const struct session *s, const struct stop_point *p)
{
    return p->world < s->c.depth || p->world == session_guest(s);
}

static bool in_space(const struct session *s, const struct stop_point *p,
                     unsigned hart)
{
    return p->any_space || s->c.board[p->world]->csr[hart]->satp == p->satp;
}

static bool overlaps(const struct stop_point *p, const struct session_event *e)
{
    return e->va - p->va < p->size || p->va - e->va < e->size;
}

static bool matches(const struct session *s, const struct stop_point *p,
                    const struct session_event *e)
{
    if (!in_world(s, p) || !in_space(s, p, e->hart))
        return false;
    switch (p->kind) {
    case STOP_AT_CODE:
        return e->kind == STOP_AT_CODE && e->va == p->va;
    case STOP_AT_TRAP:
        return e->kind == STOP_AT_TRAP && e->world == p->world &&
               (p->cause == SESSION_ANY_CAUSE || p->cause == e->trap.cause);
    case STOP_AT_EXIT:
        return e->kind == STOP_AT_EXIT && e->world == p->world;
    default:
        return e->kind == STOP_AT_ACCESS && (access_of[p->kind] & e->access) &&
               overlaps(p, e);
    }
}

/* The number of the first that matches; 0: none does. */
static unsigned find(const struct session *s, const struct session_event *e)
{
    for (unsigned i = 0; i < SESSION_STOPS; i++)
        if (s->points.has_point[i] && matches(s, &s->points.point[i], e))
            return i + 1;
    return 0;
}

bool session_is_stop(const struct session *s, const struct session_event *e)
{
    return find(s, e) != 0;
}

static bool ask(struct session *s, const struct session_event *e)
{
    unsigned number;

    if (s->mode == MODE_QUIET || has_passed(s, e))
        return false;
    number = find(s, e);
    if (!number)
        return false;
    pass(s, e);
    if (s->mode == MODE_LAND && !session_event_equal(e, &s->land))
        return false;
    s->passed.stopped = true;
    s->hit = (struct session_hit){
        .number = number, .hart = e->hart, .va = e->va, .trap = e->trap
    };
    return true;
}

/* ---- who asks ---- */

static unsigned hart_number(const struct session *s, const struct hart *h)
{
    return (unsigned)(h - s->c.bottom->hart);
}

static bool engine_asks(void *context, struct hart *h,
                        const struct stops_event *asked)
{
    static const uint8_t kinds[] = { [STOPS_CODE] = STOP_AT_CODE,
                                     [STOPS_ACCESS] = STOP_AT_ACCESS,
                                     [STOPS_TRAP] = STOP_AT_TRAP };
    struct session *s = context;
    const struct session_event e = { .kind = kinds[asked->kind],
                                     .hart = hart_number(s, h),
                                     .va = asked->va,
                                     .size = asked->size,
                                     .access = asked->access,
                                     .trap = asked->trap };

    return ask(s, &e);
}

static bool monitor_asks(void *context, struct vm *vm, unsigned hart,
                         enum core_stop what, const struct trap *t)
{
    struct session *s = context;
    struct session_event e = {
        .kind = what == CORE_STOP_TRAP ? STOP_AT_TRAP : STOP_AT_EXIT,
        .world = 1,
        .hart = hart,
        .va = s->c.bottom->hart[hart].pc,
        .trap = *t,
    };

    while (s->c.vm[e.world] != vm)
        e.world++;
    return ask(s, &e);
}

/* ---- what to look for ---- */

static void add_point(struct stops *to, const struct stop_point *p)
{
    switch (p->kind) {
    case STOP_AT_CODE:
        to->code[to->codes++] = p->va;
        break;
    case STOP_AT_TRAP:
        to->traps |= p->world == 0;
        break;
    case STOP_AT_EXIT:
        break;
    default:
        to->data[to->datas++] = (struct stops_range){
            .first = p->va,
            .last = p->va + p->size - 1,
            .access = access_of[p->kind],
        };
    }
}

static void set_stoppers(struct session *s, vm_stopper *stopper)
{
    for (unsigned w = 1; w < s->worlds; w++)
        vm_set_stopper(s->c.vm[w], stopper, s);
}

static bool same_range(const struct stops_range *a, const struct stops_range *b)
{
    return a->first == b->first && a->last == b->last && a->access == b->access;
}

/* But for traps. */
static bool look_for_the_same(const struct stops *a, const struct stops *b)
{
    if (a->codes != b->codes || a->datas != b->datas)
        return false;
    for (unsigned i = 0; i < a->codes; i++)
        if (a->code[i] != b->code[i])
            return false;
    for (unsigned i = 0; i < a->datas; i++)
        if (!same_range(&a->data[i], &b->data[i]))
            return false;
    return true;
}

void session_set_stops(struct session *s)
{
    const struct stops before = s->stops;
    struct engine *e = s->c.bottom->engine;
    bool any = false;

    s->stops = (struct stops){ .ask = engine_asks, .context = s };
    for (unsigned i = 0; i < SESSION_STOPS; i++) {
        if (s->points.has_point[i])
            add_point(&s->stops, &s->points.point[i]);
        any |= s->points.has_point[i];
    }
    if (look_for_the_same(&before, &s->stops))
        engine_set_trap_stops(e, any ? &s->stops : NULL);
    else
        engine_set_stops(e, any ? &s->stops : NULL);
    set_stoppers(s, any ? monitor_asks : NULL);
}

void session_forget_stops(struct session *s)
{
    engine_set_stops(s->c.bottom->engine, NULL);
    set_stoppers(s, NULL);
}

unsigned session_add(struct session *s, const struct stop_point *p)
{
    unsigned i = 0;

    while (i < SESSION_STOPS && s->points.has_point[i])
        i++;
    if (i == SESSION_STOPS || p->world >= s->worlds)
        return 0;
    s->points.point[i] = *p;
    if (p->size == 0)
        s->points.point[i].size = 1;
    s->points.has_point[i] = true;
    session_set_stops(s);
    return i + 1;
}

void session_remove(struct session *s, unsigned number)
{
    if (number < 1 || number > SESSION_STOPS || !s->points.has_point[number - 1])
        return;
    s->points.has_point[number - 1] = false;
    session_set_stops(s);
}

struct session_points session_points(const struct session *s)
{
    return s->points;
}

void session_set_points(struct session *s, const struct session_points *p)
{
    s->points = *p;
    session_set_stops(s);
}

const struct session_hit *session_hit(const struct session *s)
{
    return &s->hit;
}
