/*
 * A debugging session against a run that nobody looks at: random programs at
 * depth 0, 1 and 2 with 1 to 3 harts. Whatever is stopped at, the machine
 * passes through the states of the free run; a stop point is hit exactly where
 * single-stepping says; and from anywhere the session gets to any time.
 *
 * A seed that fails is printed (seed.h).
 */
#include "debug/world_session.h"
#include "isa/alu.h"
#include "isa/trap.h"
#include "machine/fetch.h"
#include "vmm/scenario.h"
#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LENGTH 600 /* counts of all harts that the free run records */

struct known {
    uint64_t hash;
    uint64_t below; /* what the machines below have counted */
    uint64_t pc;   /* of the hart … */
    unsigned hart; /* … which executes next … */
    bool in_turn;  /* … now: before it no waiting hart is to count … */
    bool executes; /* … and takes no interrupt first */
    bool stood;    /* the run has been at this time */
    /* What the instruction accesses, if it can be told: in M-mode. */
    bool is_known;
    uint64_t va;
    unsigned size; /* 0: nothing */
    bool is_store;
};

struct run {
    struct scenario *s;
    struct world *w;
    struct session *session;
    uint64_t seed;
    unsigned harts;
    uint64_t first, last; /* times */
    struct known known[LENGTH + 16];
};

#define require(r, condition)                                                  \
    do {                                                                       \
        if (!(condition))                                                      \
            fail_msg("POGO_TEST_SEED=%llu: depth %u, %u harts, time %llu: "    \
                     "not %s",                                                 \
                     (unsigned long long)(r)->seed, (r)->w->depth, (r)->harts, \
                     (unsigned long long)time_of(r), #condition);              \
    } while (0)

static uint64_t time_of(const struct run *r)
{
    return session_time(r->session) - r->first;
}

/* Of history there is one checkpoint, or many, or as few as there is memory
   for. */
static void open_session(struct run *r)
{
    uint64_t kind = scenario_below(r->s, 3);
    struct session_config c = world_session_config(r->w);

    c.budget = kind == 2 ? 1 : UINT64_C(1) << 30;
    c.spacing = kind ? 1 + scenario_below(r->s, 150) : 0;
    r->session = session_new(&c);
    assert_non_null(r->session);
}

static uint64_t hash(struct run *r)
{
    return machine_hash(r->w->m, r->w->b);
}

static uint64_t below(const struct run *r)
{
    uint64_t sum = 0;

    for (unsigned w = 0; w < r->w->depth; w++)
        sum += machine_total(session_board(r->session, w));
    return sum;
}

static struct known *now(struct run *r)
{
    return &r->known[time_of(r)];
}

static void stands_as_known(struct run *r)
{
    require(r, time_of(r) < LENGTH + 16 && now(r)->stood);
    require(r, hash(r) == now(r)->hash);
    require(r, below(r) == now(r)->below);
}

/* ---- a model of what comes next ---- */

static bool waits(const struct run *r, unsigned hart)
{
    unsigned depth = r->w->depth;

    return depth ? r->w->vm[depth - 1]->monitor.hart[hart].waiting
                 : r->w->bare->hart[hart].waiting;
}

static uint64_t reg(struct run *r, unsigned hart, unsigned number)
{
    uint64_t v = 0;

    assert_true(session_get(r->session, r->w->depth, hart, number, &v));
    return v;
}

static bool is_fp_on(const struct csr_file *c)
{
    return (c->mstatus & MSTATUS_FS) != 0;
}

/* Of an instruction in M-mode. */
static void model_access(struct run *r, struct known *k, const struct insn *i)
{
    const struct csr_file *c = r->w->b->csr[k->hart];
    uint64_t rs1 = reg(r, k->hart, i->rs1);
    struct access_shape shape;

    k->va = rs1;
    if (access_shape(i->op, &shape)) {
        k->va += (uint64_t)i->imm;
        k->size = shape.is_fp && !is_fp_on(c) ? 0 : shape.size;
        k->is_store = shape.is_store;
    } else if (i->op == INSN_cbo_zero) {
        k->va &= ~UINT64_C(63);
        k->size = 64;
        k->is_store = true;
    } else if (i->op >= INSN_lr_w && insn_class(i->op) == CLASS_AMO &&
               i->op != INSN_cbo_clean && i->op != INSN_cbo_inval &&
               i->op != INSN_cbo_flush) {
        unsigned size = 1u << bits_of(i->raw, 14, 12);

        k->size = rs1 % size ? 0 : size;
        k->is_store = i->op != INSN_lr_w && i->op != INSN_lr_d;
    }
}

/* Whose turn it is, be it to wait. */
static unsigned turn(const struct run *r)
{
    const struct run_turn *t = &r->w->b->turn;

    return t->open && t->hart < r->harts ? t->hart : 0;
}

static void model(struct run *r, struct known *k)
{
    unsigned priv = (unsigned)reg(r, k->hart, REG_PRIV);
    struct insn i;
    uint32_t raw;

    k->in_turn = turn(r) == k->hart && !waits(r, k->hart);
    k->executes = k->in_turn && !interrupt_choose(r->w->b->csr[k->hart]);
    if (!k->executes || priv != PRIV_M)
        return;
    raw = machine_fetch(r->w->m, r->w->b, k->hart, PRIV_M, k->pc);
    insn_decode(raw, r->w->m->isa, &i);
    k->is_known = raw != 0;
    if (raw)
        model_access(r, k, &i);
}

/* The free run: time by time. */
static void record(struct run *r)
{
    enum session_end end = SESSION_STEPPED;

    r->first = session_time(r->session);
    while (end == SESSION_STEPPED && time_of(r) < LENGTH) {
        struct known *k = now(r);

        k->stood = true;
        k->hash = hash(r);
        k->below = below(r);
        k->hart = session_hart(r->session);
        k->pc = reg(r, k->hart, REG_PC);
        model(r, k);
        end = session_run(r->session, session_time(r->session) + 1);
    }
    now(r)->stood = true;
    now(r)->hash = hash(r);
    now(r)->below = below(r);
    r->last = time_of(r);
}

static void go(struct run *r, uint64_t time)
{
    session_goto(r->session, r->first + time);
}

/* A time at which the run stood, and that it can get to. */
static uint64_t any_time(struct run *r)
{
    uint64_t beginning = session_beginning(r->session) - r->first, time;

    do {
        time = beginning + scenario_below(r->s, r->last + 1 - beginning);
    } while (!r->known[time].stood);
    return time;
}

static void any_time_can_be_gone_to(struct run *r)
{
    for (unsigned i = 0; i < 30; i++) {
        uint64_t time = any_time(r);

        go(r, time);
        require(r, time_of(r) == time);
        stands_as_known(r);
    }
}

static unsigned add_code_point(struct run *r, uint64_t va)
{
    const struct stop_point p = { .kind = STOP_AT_CODE,
                                  .world = r->w->depth,
                                  .any_space = true,
                                  .va = va,
                                  .size = 1 };

    return session_add(r->session, &p);
}

/* ---- stop points ---- */

struct stop_at {
    uint64_t time, va;
    unsigned number, hart;
};
#define MOST_STOPS (4 * LENGTH)

struct stops_seen {
    struct stop_at at[MOST_STOPS];
    unsigned n;
};

static void see(struct run *r, struct stops_seen *seen)
{
    const struct session_hit *hit = session_hit(r->session);

    require(r, seen->n < MOST_STOPS);
    seen->at[seen->n++] =
        (struct stop_at){ time_of(r), hit->va, hit->number, hit->hart };
}

/* From the beginning to the end of what is known. */
static void see_forwards(struct run *r, struct stops_seen *seen)
{
    seen->n = 0;
    go(r, 0);
    while (session_run(r->session, r->first + r->last) == SESSION_POINT)
        see(r, seen);
    require(r, time_of(r) == r->last);
    stands_as_known(r);
}

/*
 * A run from the beginning passes the code that the next hart is at there, and
 * hits no stop point for it: when that hart has its turn. UINT64_MAX: never, it
 * is not at that code any more.
 */
static uint64_t passed(const struct run *r)
{
    const struct known *begin = &r->known[0];

    for (uint64_t t = 0; t < r->last; t++)
        if (r->known[t].in_turn && r->known[t].hart == begin->hart)
            return r->known[t].pc == begin->pc ? t : UINT64_MAX;
    return UINT64_MAX;
}

static bool stands_at(const struct run *r, const struct stop_at *a)
{
    return time_of(r) == a->time && session_hit(r->session)->number == a->number;
}

/* What is passed forwards is met backwards, at some place of its time. */
static void come_back_the_same_way(struct run *r, const struct stops_seen *seen)
{
    bool met = false;

    for (unsigned i = seen->n; i-- > 0;) {
        const struct session_hit *hit = session_hit(r->session);

        require(r, session_run_back(r->session) == SESSION_POINT);
        if (!met && !stands_at(r, &seen->at[i])) {
            require(r, time_of(r) == passed(r));
            require(r, hit->va == r->known[0].pc);
            met = true;
            require(r, session_run_back(r->session) == SESSION_POINT);
        }
        require(r, stands_at(r, &seen->at[i]));
        require(r, hit->va == seen->at[i].va);
        require(r, hit->hart == seen->at[i].hart);
    }
    if (session_run_back(r->session) == SESSION_POINT)
        require(r, !met && time_of(r) == passed(r));
    else
        require(r, time_of(r) == 0);
    stands_as_known(r);
}

static bool was_seen(const struct stops_seen *seen, uint64_t time)
{
    for (unsigned i = 0; i < seen->n; i++)
        if (seen->at[i].time == time)
            return true;
    return false;
}

static void a_breakpoint_is_hit_whenever_it_is_reached(struct run *r,
                                                       struct stops_seen *seen)
{
    for (unsigned i = 0; i < 3; i++) {
        uint64_t va = r->known[any_time(r)].pc;
        unsigned number = add_code_point(r, va);

        see_forwards(r, seen);
        for (uint64_t t = 0; t < r->last; t++)
            if (r->known[t].is_known && t != passed(r))
                require(r, was_seen(seen, t) == (r->known[t].pc == va));
        come_back_the_same_way(r, seen);
        session_remove(r->session, number);
    }
}

static bool meets(const struct known *k, const struct stop_point *p)
{
    return (k->va - p->va < p->size || p->va - k->va < k->size) &&
           p->kind != (k->is_store ? STOP_AT_READ : STOP_AT_WRITE);
}

static void a_watchpoint_is_hit_whenever_it_is_accessed(struct run *r,
                                                        struct stops_seen *seen)
{
    for (unsigned i = 0; i < 4; i++) {
        const struct known *k = &r->known[any_time(r)];
        struct stop_point p = {
            .kind = STOP_AT_WRITE + (unsigned)scenario_below(r->s, 3),
            .world = (unsigned)scenario_below(r->s, r->w->depth + 1),
            .any_space = true,
            .va = k->va - 10 + scenario_below(r->s, 20),
            .size = 1 + scenario_below(r->s, 16),
        };
        unsigned number;

        if (!k->is_known || !k->size)
            continue;
        number = session_add(r->session, &p);
        see_forwards(r, seen);
        for (uint64_t t = 0; t < r->last; t++)
            if (r->known[t].is_known)
                require(r, was_seen(seen, t) ==
                               (r->known[t].size && meets(&r->known[t], &p)));
        come_back_the_same_way(r, seen);
        session_remove(r->session, number);
    }
}

/* Of all kinds, in all worlds. */
static void any_stop_points_come_back_the_same_way(struct run *r,
                                                   struct stops_seen *seen)
{
    unsigned number[3];

    for (unsigned i = 0; i < 3; i++) {
        const struct known *k = &r->known[any_time(r)];
        struct stop_point p = {
            .kind = (unsigned)scenario_below(r->s, STOP_AT_EXIT + 1),
            .world = (unsigned)scenario_below(r->s, r->w->depth + 1),
            .any_space = true,
            .size = 1 + scenario_below(r->s, 4096),
            .cause = scenario_below(r->s, 2) ? SESSION_ANY_CAUSE
                                             : scenario_below(r->s, 16),
        };

        p.va = p.kind == STOP_AT_CODE ? k->pc : k->va;
        number[i] = session_add(r->session, &p);
    }
    see_forwards(r, seen);
    come_back_the_same_way(r, seen);
    for (unsigned i = 0; i < 3; i++)
        session_remove(r->session, number[i]);
}

static void steps_go_back_where_they_came_from(struct run *r)
{
    for (unsigned i = 0; i < 10; i++) {
        uint64_t time = any_time(r), stepped;
        unsigned hart = (unsigned)scenario_below(r->s, r->harts);

        go(r, time);
        if (waits(r, hart)) /* perhaps for ever, while others run */
            hart = session_hart(r->session);
        if (session_step(r->session, r->w->depth, hart) != SESSION_STEPPED)
            continue;
        stepped = time_of(r);
        if (stepped <= r->last)
            stands_as_known(r);
        session_step_back(r->session, r->w->depth, hart);
        require(r, time_of(r) >= time && time_of(r) < stepped);
        if (time_of(r) <= r->last)
            stands_as_known(r);
        session_step(r->session, r->w->depth, hart);
        require(r, time_of(r) == stepped);
    }
}

/* The session begins anywhere in a round. */
static void run_ahead(struct run *r, uint64_t time)
{
    const struct run_options o = { .until = CLOCK_NEVER,
                                   .until_total = time,
                                   .resume = true };

    machine_run(r->w->m, r->w->b, &o);
}

static void stop_points_hold(struct run *r, struct stops_seen *seen)
{
    a_breakpoint_is_hit_whenever_it_is_reached(r, seen);
    a_watchpoint_is_hit_whenever_it_is_accessed(r, seen);
    any_stop_points_come_back_the_same_way(r, seen);
    steps_go_back_where_they_came_from(r);
}

static void run_world(struct run *r)
{
    struct stops_seen *seen = calloc(1, sizeof *seen);

    assert_non_null(seen);
    open_session(r);
    record(r);
    any_time_can_be_gone_to(r);
    if (session_beginning(r->session) == r->first) /* else it has no memory */
        stop_points_hold(r, seen);
    free(seen);
    session_free(r->session);
}

static void run_seed(uint64_t seed)
{
    struct scenario *s = calloc(1, sizeof *s);
    struct run *r = calloc(1, sizeof *r);
    unsigned harts;
    uint64_t begin;

    assert_non_null(s);
    s->random = seed;
    harts = 1 + (unsigned)scenario_below(s, 3);
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_make_as(&s->w[i], i, harts, SCENARIO_RAM, isa_default());
    scenario_make(s, harts);
    begin = 1 + scenario_below(s, 2000 * harts);
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++) {
        *r =
            (struct run){ .s = s, .w = &s->w[i], .seed = seed, .harts = harts };
        run_ahead(r, begin);
        run_world(r);
        world_free(&s->w[i]);
    }
    free(r);
    free(s);
}

static void test_a_session_follows_the_free_run(void **state)
{
    (void)state;
    test_seeds(run_seed, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_session_follows_the_free_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
