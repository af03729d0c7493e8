/*
 * The state of a machine: random programs run at depth 0, 1 and 2 side by side
 * have the same state, byte for byte, after every stretch of instructions; and
 * every so often each goes on from what another has saved.
 *
 * A seed that fails is printed (seed.h).
 */
#include "machine/machine_state.h"
#include "machine/state_buffer.h"
#include "scenario.h"
#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PROGRAMS  4 /* that follow one another in the same machines */
#define STRETCHES 12

static struct state_buffer save(struct world *w)
{
    struct state_buffer b;

    state_buffer_save(&b);
    machine_state(w->m, w->b, &b.state);
    assert_false(b.no_memory);
    return b;
}

static void assert_same(const struct state_buffer *a,
                        const struct state_buffer *b, uint64_t seed,
                        const char *what)
{
    size_t at = 0;

    while (at < a->size && at < b->size && a->bytes[at] == b->bytes[at])
        at++;
    if (a->size != b->size || at < a->size)
        fail_msg("POGO_TEST_SEED=%llu: %s: states of %zu and %zu bytes differ "
                 "at byte %zu",
                 (unsigned long long)seed, what, a->size, b->size, at);
}

/* The state of all worlds; it is the caller's to free. */
static struct state_buffer same_state(struct scenario *s, uint64_t seed,
                                      const char *what)
{
    struct state_buffer first = save(&s->w[0]);

    for (unsigned i = 1; i < SCENARIO_WORLDS; i++) {
        struct state_buffer other = save(&s->w[i]);

        assert_same(&first, &other, seed, what);
        state_buffer_free(&other);
    }
    return first;
}

static void copy_ram(struct world *to, struct world *from)
{
    const struct ram *r = &from->b->bus.ram;

    for (uint64_t at = 0; at < r->size; at += RAM_PAGE)
        memcpy(to->m->ops->ram(to->m, r->base + at, RAM_PAGE, true),
               from->m->ops->ram(from->m, r->base + at, RAM_PAGE, false),
               RAM_PAGE);
}

/* Makes a world of `depth` that goes on where `w` is. */
static void resume(struct world *w, unsigned depth, const struct world *from,
                   const struct state_buffer *state)
{
    struct state_buffer b;
    struct world made;

    world_make_as(&made, depth, from->m->harts, from->b->config.memory,
                  from->b->config.isa);
    copy_ram(&made, (struct world *)from);
    state_buffer_load(&b, state->bytes, state->size);
    machine_state(made.m, made.b, &b.state);
    assert_false(b.state.bad);
    assert_int_equal(b.left, 0);
    world_free(w);
    *w = made;
}

/* Each is made anew from what was saved, at another depth's place in turn. */
static void move_on(struct scenario *s, const struct state_buffer *state,
                    uint64_t seed)
{
    struct state_buffer after;

    for (unsigned i = 0; i < SCENARIO_WORLDS; i++) {
        struct world *w = &s->w[i];

        if (scenario_below(s, 2))
            resume(w, i, &s->w[(i + 1) % SCENARIO_WORLDS], state);
    }
    after = same_state(s, seed, "loaded and saved again");
    assert_same(state, &after, seed, "loaded");
    state_buffer_free(&after);
}

static void audit(struct scenario *s, uint64_t seed)
{
    for (unsigned i = 1; i < SCENARIO_WORLDS; i++)
        for (unsigned d = 0; d < i; d++) {
            const char *wrong = shadow_audit(&s->w[i].vm[d]->monitor);

            if (wrong)
                fail_msg("POGO_TEST_SEED=%llu: depth %u: %s",
                         (unsigned long long)seed, d + 1, wrong);
        }
}

/* False: this program has come to an end of its own. */
static bool run_stretch(struct scenario *s, uint64_t seed)
{
    uint64_t n = 1 + scenario_below(s, scenario_below(s, 4) ? 40 : 400);
    struct run_options o = { .until = machine_count(s->w[0].b) + n };
    struct state_buffer state;
    enum run_end end[SCENARIO_WORLDS];
    uint64_t hash = 0;

    for (unsigned i = 0; i < SCENARIO_WORLDS; i++) {
        uint64_t own;

        end[i] = machine_run(s->w[i].m, s->w[i].b, &o);
        own = machine_hash(s->w[i].m, s->w[i].b);
        if (i == 0)
            hash = own;
        else if (hash != own || end[i] != end[0])
            fail_msg("POGO_TEST_SEED=%llu: depth %u has another hash",
                     (unsigned long long)seed, i);
    }
    audit(s, seed);
    state = same_state(s, seed, "ran on");
    if (scenario_below(s, 3) == 0)
        move_on(s, &state, seed);
    audit(s, seed);
    state_buffer_free(&state);
    return end[0] == RUN_UNTIL;
}

static void run_seed(uint64_t seed)
{
    static const uint64_t without[] = { 0, 0, BIT(EXT_SVADE), BIT(EXT_SVADU) };
    struct scenario *s = calloc(1, sizeof *s);
    struct isa isa = isa_default();
    unsigned harts;

    assert_non_null(s);
    s->random = seed;
    harts = scenario_below(s, 4) ? 1 : 2;
    isa.ext &= ~without[scenario_below(s, 4)];
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_make_as(&s->w[i], i, harts, SCENARIO_RAM, isa);
    for (unsigned p = 0; p < PROGRAMS; p++) {
        scenario_make(s, harts);
        for (unsigned i = 0; i < STRETCHES; i++)
            if (!run_stretch(s, seed))
                break;
    }
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_free(&s->w[i]);
    free(s);
}

/* Runs a world to the first boundary at or behind `until`. */
static enum run_end run_to(struct world *w, uint64_t until)
{
    struct run_options o = { .until = until, .at_boundary = true };

    return machine_run(w->m, w->b, &o);
}

/*
 * One world runs on; each of the others stops at some boundaries, and goes on
 * from what was saved there, at any depth.
 */
static void cut_seed(uint64_t seed)
{
    struct scenario *s = calloc(1, sizeof *s);
    struct state_buffer state;
    enum run_end end;
    unsigned harts;

    assert_non_null(s);
    s->random = seed;
    harts = 1 + (unsigned)scenario_below(s, 3);
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_make_as(&s->w[i], i, harts, SCENARIO_RAM, isa_default());
    scenario_make(s, harts);
    end = run_to(&s->w[0], 9000);
    for (unsigned i = 1; i < SCENARIO_WORLDS; i++) {
        uint64_t at = 1 + scenario_below(s, 4000);

        while (at < 9000 && run_to(&s->w[i], at) == RUN_UNTIL) {
            assert_true(machine_count(s->w[i].b) >= at);
            state = save(&s->w[i]);
            resume(&s->w[i], (unsigned)scenario_below(s, SCENARIO_WORLDS),
                   &s->w[i], &state);
            state_buffer_free(&state);
            at += 1 + scenario_below(s, 4000);
        }
        assert_int_equal(run_to(&s->w[i], 9000), end);
        if (machine_hash(s->w[i].m, s->w[i].b) !=
            machine_hash(s->w[0].m, s->w[0].b))
            fail_msg("POGO_TEST_SEED=%llu: cut, it comes to another end",
                     (unsigned long long)seed);
    }
    state = same_state(s, seed, "cut and not");
    state_buffer_free(&state);
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_free(&s->w[i]);
    free(s);
}

/* Both harts change one number, and what comes of it depends on who does when:
   twice what was there, and the hart's own. */
static void make_race(struct world *w, unsigned depth)
{
    const uint32_t code[] = { ld(T1, S0, 0),   add(T1, T1, T1),
                              add(T1, T1, S1), sd(T1, S0, 0),
                              0xff1ff06f /* j -16 */ };

    world_make(w, depth, 2);
    world_code(w, CODE, code, sizeof code / sizeof code[0]);
    for (w->hart = 0; w->hart < 2; w->hart++) {
        world_set_reg(w, REG_PC, CODE);
        world_set_reg(w, S0, DATA);
        world_set_reg(w, S1, 3 + w->hart);
    }
    w->hart = 0;
}

static void test_harts_that_race_go_on_as_if_never_cut(void **state)
{
    struct world uncut, cut;
    struct state_buffer saved;

    (void)state;
    make_race(&uncut, 0);
    make_race(&cut, 1);
    for (unsigned i = 1; i < 20; i++) {
        assert_int_equal(run_to(&cut, i * 1237), RUN_UNTIL);
        assert_int_equal(machine_count(cut.b) % RUN_QUANTUM, 0);
        saved = save(&cut);
        resume(&cut, i % 3, &cut, &saved);
        state_buffer_free(&saved);
    }
    assert_int_equal(run_to(&cut, 30000), RUN_UNTIL);
    assert_int_equal(run_to(&uncut, 30000), RUN_UNTIL);
    assert_true(machine_hash(cut.m, cut.b) == machine_hash(uncut.m, uncut.b));
    world_free(&uncut);
    world_free(&cut);
}

static void test_every_depth_has_the_same_state(void **state)
{
    (void)state;
    test_seeds(run_seed, 4);
}

static void test_a_run_cut_at_boundaries_goes_the_same_way(void **state)
{
    (void)state;
    test_seeds(cut_seed, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_depth_has_the_same_state),
        cmocka_unit_test(test_a_run_cut_at_boundaries_goes_the_same_way),
        cmocka_unit_test(test_harts_that_race_go_on_as_if_never_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
