/*
 * Checkpoints: random programs at depth 0, 1 and 2 go back to where they were
 * and come from there to where they had got, whichever checkpoints are given up
 * meanwhile.
 *
 * A seed that fails is printed (seed.h).
 */
#define XXH_INLINE_ALL
#include "machine/checkpoints.h"
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
#include <xxhash.h>

#define STOPS 24
#define MOVES 60

/* A run that was: where it stopped, and how it stood there. */
struct stop_at {
    uint64_t count, total, hash, state;
};

struct past {
    struct scenario *s;
    struct world *w;
    struct checkpoints *c;
    uint64_t seed;
    struct stop_at stop[STOPS];
    unsigned stops;
};

static uint64_t state_hash(struct world *w)
{
    struct state_buffer b;
    uint64_t hash;

    state_buffer_save(&b);
    machine_state(w->m, w->b, &b.state);
    assert_false(b.no_memory);
    hash = XXH3_64bits(b.bytes, b.size);
    state_buffer_free(&b);
    return hash;
}

static struct stop_at stands(struct world *w)
{
    return (struct stop_at){ machine_count(w->b), machine_total(w->b),
                             machine_hash(w->m, w->b),
                             state_hash(w) };
}

static void stands_as(struct past *p, unsigned i, const char *what)
{
    struct stop_at now = stands(p->w);
    const struct stop_at *then = &p->stop[i];

    if (now.count != then->count || now.hash != then->hash ||
        now.state != then->state)
        fail_msg("POGO_TEST_SEED=%llu: depth %u, stop %u: %s, but it is not "
                 "as it was%s",
                 (unsigned long long)p->seed, p->w->depth, i, what,
                 now.count != then->count ? ": another count"
                 : now.hash != then->hash ? ": another hash"
                                          : "");
}

/* False: the program has come to an end. */
static bool run_to(struct past *p, uint64_t count)
{
    struct run_options o = { .until = count, .at_boundary = true };

    return machine_run(p->w->m, p->w->b, &o) == RUN_UNTIL;
}

/* The first time: a checkpoint at every other stop or so. */
static void go(struct past *p)
{
    do {
        p->stop[p->stops] = stands(p->w);
        if (p->stops == 0 || scenario_below(p->s, 2))
            assert_true(checkpoints_take(p->c));
        p->stops++;
    } while (
        p->stops < STOPS &&
        run_to(p, machine_count(p->w->b) + 1 +
                      scenario_below(p->s, p->w->m->harts > 1 ? 5000 : 500)));
}

static unsigned stop_of(const struct past *p, uint64_t total)
{
    unsigned i = 0;

    while (p->stop[i].total != total)
        i++;
    return i;
}

static void go_back(struct past *p)
{
    unsigned n = checkpoints_count(p->c);
    unsigned i = (unsigned)scenario_below(p->s, n);

    assert_true(checkpoints_restore(p->c, i));
    assert_int_equal(checkpoints_count(p->c), i + 1);
    stands_as(p, stop_of(p, checkpoints_at(p->c, i)), "it has gone back");
}

static void go_on(struct past *p)
{
    unsigned here = stop_of(p, machine_total(p->w->b));
    unsigned to = here + (unsigned)scenario_below(p->s, p->stops - here);

    for (unsigned i = here + 1; i <= to; i++) {
        run_to(p, p->stop[i].count);
        stands_as(p, i, "it has gone on");
        if (scenario_below(p->s, 3) == 0)
            assert_true(checkpoints_take(p->c));
    }
}

static void give_one_up(struct past *p)
{
    unsigned n = checkpoints_count(p->c);

    if (n > 1)
        checkpoints_drop(p->c, 1 + (unsigned)scenario_below(p->s, n - 1));
}

static void run_seed(uint64_t seed)
{
    struct scenario *s = calloc(1, sizeof *s);
    unsigned harts;

    assert_non_null(s);
    s->random = seed;
    harts = scenario_below(s, 4) ? 1 : 2;
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_make_as(&s->w[i], i, harts, SCENARIO_RAM, isa_default());
    scenario_make(s, harts);
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++) {
        struct world *w = &s->w[i];
        struct past p = { .s = s, .w = w, .seed = seed };

        p.c = checkpoints_new(w->m, w->b, w->bare);
        assert_non_null(p.c);
        go(&p);
        go_back(&p); /* what came last is no stop */
        for (unsigned k = 0; k < MOVES; k++) {
            void (*const move[])(struct past *) = { go_back, go_on, go_on,
                                                    give_one_up };

            move[scenario_below(s, 4)](&p);
        }
        checkpoints_free(p.c);
        world_free(w);
    }
    free(s);
}

static void test_a_machine_goes_back_and_forth(void **state)
{
    (void)state;
    test_seeds(run_seed, 4);
}

/* ---- what a checkpoint is made of ---- */

static void test_only_what_is_written_costs_memory(void **state)
{
    struct world w;
    struct checkpoints *c;
    uint64_t empty;

    (void)state;
    world_make(&w, 1, 1);
    world_store(&w, DATA, 1);
    c = checkpoints_new(w.m, w.b, w.bare);
    assert_true(checkpoints_take(c));
    empty = checkpoints_bytes(c);
    world_store(&w, DATA + 8, 2); /* a page that held something */
    world_store(&w, DATA + 16, 3);
    world_store(&w, DATA + RAM_PAGE, 4); /* one that held nothing */
    assert_in_range(checkpoints_bytes(c) - empty, RAM_PAGE, RAM_PAGE + 4096);
    assert_true(checkpoints_restore(c, 0));
    assert_int_equal(world_load(&w, DATA), 1);
    assert_int_equal(world_load(&w, DATA + 8), 0);
    assert_int_equal(world_load(&w, DATA + RAM_PAGE), 0);
    assert_int_equal(checkpoints_bytes(c), empty + 64 * 16);
    checkpoints_free(c);
    world_free(&w);
}

static void test_a_checkpoint_is_found_by_count(void **state)
{
    struct world w;
    struct checkpoints *c;
    const uint32_t code[] = { HERE };

    (void)state;
    world_make(&w, 0, 1);
    world_code(&w, CODE, code, 1);
    world_set_reg(&w, REG_PC, CODE);
    c = checkpoints_new(w.m, w.b, w.bare);
    assert_int_equal(checkpoints_before(c, 5), -1);
    world_run(&w, 10);
    checkpoints_take(c);
    world_run(&w, 10);
    checkpoints_take(c);
    assert_int_equal(checkpoints_before(c, 9), -1);
    assert_int_equal(checkpoints_before(c, 10), 0);
    assert_int_equal(checkpoints_before(c, 19), 0);
    assert_int_equal(checkpoints_before(c, 999), 1);
    checkpoints_free(c);
    world_free(&w);
}

static void test_a_disk_goes_back_too(void **state)
{
    static const char name[] = "/tmp/pogo-checkpoints";
    uint8_t first[DISK_SECTOR], bytes[DISK_SECTOR];
    FILE *f = fopen(name, "wb");
    struct disk disk;
    struct board_config c = { .harts = 1,
                              .memory = SCENARIO_RAM,
                              .isa = isa_default(),
                              .disk = { &disk },
                              .disks = 1 };
    struct bare *bare;
    struct checkpoints *k;

    (void)state;
    memset(first, 7, sizeof first);
    for (unsigned n = 0; n < 21; n++)
        fwrite(first, 1, sizeof first, f);
    fclose(f);
    assert_int_equal(disk_open(&disk, name, false), STATUS_OK);
    bare = bare_new(&c);
    k = checkpoints_new(&bare->machine, &bare->board, bare);
    for (uint8_t n = 0; n < 3; n++) {
        memset(bytes, 10 + n, sizeof bytes);
        assert_true(checkpoints_take(k));
        assert_true(disk_write(&disk, 20 * DISK_SECTOR, bytes, sizeof bytes));
        assert_true(disk_write(&disk, n * DISK_SECTOR, bytes, sizeof bytes));
    }
    for (uint8_t n = 3; n-- > 0;) {
        assert_true(checkpoints_restore(k, n));
        assert_true(disk_read(&disk, 20 * DISK_SECTOR, bytes, sizeof bytes));
        assert_int_equal(bytes[0], n ? 9 + n : 7);
        assert_true(disk_read(&disk, n * DISK_SECTOR, bytes, sizeof bytes));
        assert_int_equal(bytes[0], 7);
    }
    checkpoints_free(k);
    bare_free(bare);
    disk_close(&disk);
    remove(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_machine_goes_back_and_forth),
        cmocka_unit_test(test_only_what_is_written_costs_memory),
        cmocka_unit_test(test_a_checkpoint_is_found_by_count),
        cmocka_unit_test(test_a_disk_goes_back_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
