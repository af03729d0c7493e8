/*
 * Random programs at depth 0, 1 and 2 side by side: after each stretch of
 * instructions all registers and CSRs must agree, and at the end of each
 * program RAM too; every monitor is audited.
 *
 * POGO_TEST_SEED=N repeats one seed, POGO_TEST_SECONDS=N runs longer. A seed
 * that fails is printed; POGO_TEST_STEP=1 compares after every instruction.
 */
#include "scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define PROGRAMS 6 /* that follow one another in the same machines */
#define STRETCHES 12
/* However slow the host: a few seeds alone need not meet every action. */
#define SEEDS_LEAST 16

static void show_trap(struct scenario *s, unsigned world)
{
    struct world *w = &s->w[world];

    w->hart = s->hart;
    print_message("depth %u: mcause %llx mtval %llx mepc %llx scause %llx "
                  "stval %llx mstatus %llx\n", world,
                  (unsigned long long)world_csr(w, CSR_mcause),
                  (unsigned long long)world_csr(w, CSR_mtval),
                  (unsigned long long)world_csr(w, CSR_mepc),
                  (unsigned long long)world_csr(w, CSR_scause),
                  (unsigned long long)world_csr(w, CSR_stval),
                  (unsigned long long)world_csr(w, CSR_mstatus));
}

static void differ(struct scenario *s, unsigned world, uint64_t seed,
                   const char *what, uint64_t a, uint64_t b)
{
    show_trap(s, 0);
    show_trap(s, world);
    fail_msg("POGO_TEST_SEED=%llu: depth %u, hart %u, count %llu: %s is "
             "%llx, at depth 0 %llx; last pc %llx, mode %u",
             (unsigned long long)seed, world, s->hart,
             (unsigned long long)machine_count(s->w[0].b), what,
             (unsigned long long)b, (unsigned long long)a,
             (unsigned long long)s->last_pc, s->last_priv);
}

static void compare_registers(struct scenario *s, unsigned n, uint64_t seed)
{
    struct machine *a = s->w[0].m, *b = s->w[n].m;

    /* pc first: it says most. */
    for (unsigned i = 0; i <= REG_RESERVATION; i++) {
        unsigned r = (i + REG_PC) % (REG_RESERVATION + 1);
        uint64_t x = a->ops->reg_get(a, s->hart, r);
        uint64_t y = b->ops->reg_get(b, s->hart, r);
        char name[16];

        snprintf(name, sizeof name, "register %u", r);
        if (x != y)
            differ(s, n, seed, name, x, y);
    }
}

static void compare_csrs(struct scenario *s, unsigned n, uint64_t seed)
{
    struct machine *a = s->w[0].m, *b = s->w[n].m;

    for (int c = csr_next(a->isa, 0); c >= 0;
         c = csr_next(a->isa, (unsigned)c + 1)) {
        uint64_t x = 0, y = 0;

        a->ops->csr_get(a, s->hart, (unsigned)c, &x);
        b->ops->csr_get(b, s->hart, (unsigned)c, &y);
        if (x != y)
            differ(s, n, seed, csr_name((unsigned)c), x, y);
    }
}

/* False: this program has come to an end of its own. */
static bool run_counts(struct scenario *s, unsigned harts, uint64_t n,
                       uint64_t seed)
{
    const struct machine_ops *ops = s->w[0].m->ops;
    enum run_end end[SCENARIO_WORLDS];
    struct run_options o = { .until = machine_count(s->w[0].b) + n };

    s->last_pc = ops->reg_get(s->w[0].m, 0, REG_PC);
    s->last_priv = (unsigned)ops->reg_get(s->w[0].m, 0, REG_PRIV);
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        end[i] = machine_run(s->w[i].m, s->w[i].b, &o);
    for (unsigned i = 1; i < SCENARIO_WORLDS; i++) {
        for (s->hart = 0; s->hart < harts; s->hart++) {
            compare_registers(s, i, seed);
            compare_csrs(s, i, seed);
        }
        for (unsigned d = 0; d < i; d++) {
            const char *wrong = shadow_audit(&s->w[i].vm[d]->monitor);

            if (wrong)
                fail_msg("POGO_TEST_SEED=%llu: %s",
                         (unsigned long long)seed, wrong);
        }
        assert_int_equal(end[i], end[0]);
    }
    return end[0] == RUN_UNTIL;
}

static bool run_stretch(struct scenario *s, unsigned harts, uint64_t seed)
{
    uint64_t n = 1 + scenario_below(s, scenario_below(s, 4) ? 40 : 400);

    if (!getenv("POGO_TEST_STEP"))
        return run_counts(s, harts, n, seed);
    while (n-- > 0)
        if (!run_counts(s, harts, 1, seed))
            return false;
    return true;
}

/* What the monitor at depth 1 did, by action and by virtual mode. */
struct seen {
    uint64_t action[EXIT_ACTIONS], mode[4], spaces;
};

static void watch(void *context, struct vm *vm, const struct exit_record *e)
{
    struct seen *seen = context;

    (void)vm;
    seen->action[e->action]++;
    seen->mode[e->priv]++;
}

/* With Svade and Svadu, or one of them; mostly one hart. */
static void run_seed(uint64_t seed, struct seen *seen)
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
    vm_watch(s->w[1].vm[0], watch, seen);
    for (unsigned p = 0; p < PROGRAMS; p++) {
        uint64_t hash;

        scenario_make(s, harts);
        for (unsigned i = 0; i < STRETCHES; i++)
            if (!run_stretch(s, harts, seed))
                break;
        hash = machine_hash(s->w[0].m, s->w[0].b);
        for (unsigned i = 1; i < SCENARIO_WORLDS; i++)
            if (machine_hash(s->w[i].m, s->w[i].b) != hash)
                differ(s, i, seed, "the machine's hash", hash, 0);
    }
    seen->spaces += world_stats(&s->w[1]).spaces_made;
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_free(&s->w[i]);
    free(s);
}

static void test_random_programs_run_alike_at_every_depth(void **state)
{
    const char *one = getenv("POGO_TEST_SEED");
    const char *seconds = getenv("POGO_TEST_SECONDS");
    clock_t end = clock() + (seconds ? atoi(seconds) : 2) * CLOCKS_PER_SEC;
    uint64_t seed = 1;
    uint64_t least = seed + SEEDS_LEAST;
    struct seen seen = { 0 };

    (void)state;
    if (one) {
        run_seed(strtoull(one, NULL, 0), &seen);
        return;
    }
    do {
        run_seed(seed++, &seen);
    } while (clock() < end || seed < least);
    print_message("%llu seeds:", (unsigned long long)seed - 1);
    for (unsigned a = 0; a < EXIT_ACTIONS; a++) {
        print_message(" %s %llu", exit_action_name(a),
                      (unsigned long long)seen.action[a]);
        /* A test of nothing would pass. */
        assert_true(a == EXIT_REFLECTED || seen.action[a] > 0);
    }
    print_message("; in U %llu, S %llu, M %llu; %llu spaces\n",
                  (unsigned long long)seen.mode[PRIV_U],
                  (unsigned long long)seen.mode[PRIV_S],
                  (unsigned long long)seen.mode[PRIV_M],
                  (unsigned long long)seen.spaces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_programs_run_alike_at_every_depth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
