/*
 * Random programs at depth 0, 1 and 2: before each instruction why_look says
 * what is going to happen, and that is what the machine does: the same traps,
 * with the same causes and values, into the same handlers, by interrupts too.
 *
 * POGO_TEST_SEED=N repeats one seed, POGO_TEST_SECONDS=N runs longer.
 */
#include "debug/why.h"
#include "vmm/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Of so many steps one is explained, too. */
#define EXPLAINED 41

#define PROGRAMS 4
#define COUNTS   600 /* of each */

/* What one step did: at most an interrupt and an exception. */
struct seen {
    struct trap trap[3];
    unsigned traps;
};

struct watched {
    struct world *w;
    struct why_look look;
    bool looked;
    unsigned hart;
    uint64_t count; /* of the hart, when it was looked at */
    struct seen seen;
    struct why why; /* begun, if explains */
    bool explains;
    uint64_t seed;
    uint64_t steps, exceptions, interrupts, devices, explained, by_rule[32];
};

static void note(struct seen *s, struct trap t)
{
    if (s->traps < 3)
        s->trap[s->traps++] = t;
}

static void bare_trapped(void *context, const struct hart *h, uint64_t count,
                         const struct trap *t)
{
    struct watched *x = context;

    (void)h;
    assert_true(count == x->count);
    note(&x->seen, *t);
}

static void vm_exited(void *context, struct vm *vm, const struct exit_record *e)
{
    struct watched *x = context;

    (void)vm;
    if (e->action == EXIT_INJECTED || e->action == EXIT_INTERRUPT)
        note(&x->seen, e->guest);
}

static void wrong(struct watched *x, const char *what, uint64_t want,
                  uint64_t have)
{
    const struct why_look *l = &x->look;

    fail_msg("POGO_TEST_SEED=%llu: depth %u, hart %u, count %llu, pc %llx, "
             "raw %08x, rule %u/%u: %s is %llx, and was said to be %llx",
             (unsigned long long)x->seed, x->w->depth, x->hart,
             (unsigned long long)x->count, (unsigned long long)l->pc, l->raw,
             l->rule, l->reason, what, (unsigned long long)have,
             (unsigned long long)want);
}

#define SAME(what, want, have)                                                 \
    do {                                                                       \
        if ((want) != (have))                                                  \
            wrong(x, what, (uint64_t)(want), (uint64_t)(have));                \
    } while (0)

static void same_trap(struct watched *x, const struct why_entry *e,
                      const struct trap *t)
{
    SAME("cause", e->trap.cause, t->cause);
    SAME("tval", e->trap.tval, t->tval);
}

/* After an exception the hart is where it was said to be. */
static void same_state(struct watched *x, const struct csr_file *c, uint64_t pc)
{
    static const unsigned csrs[] = { CSR_mcause, CSR_mepc,   CSR_mtval,
                                     CSR_scause, CSR_sepc,   CSR_stval,
                                     CSR_mtvec,  CSR_mstatus };

    x->w->hart = x->hart;
    SAME("pc", pc, world_reg(x->w, REG_PC));
    SAME("mode", c->priv, world_reg(x->w, REG_PRIV));
    for (size_t k = 0; k < sizeof csrs / sizeof *csrs; k++)
        SAME(csr_name(csrs[k]), csr_read(c, csrs[k]), world_csr(x->w, csrs[k]));
}

static void compare(struct watched *x)
{
    const struct why_look *l = &x->look;
    unsigned n = 0;

    if (l->waits) {
        SAME("the number of traps of who waits", 0u, x->seen.traps);
        return;
    }
    x->steps++;
    if (l->interrupts.cause) {
        SAME("an interrupt", 1u, x->seen.traps > 0);
        same_trap(x, &l->interrupt, &x->seen.trap[n++]);
        x->interrupts++;
    }
    if (l->may_trap) {
        x->devices++;
        if (x->seen.traps == n)
            return;
    } else {
        SAME("the number of traps", n + l->traps, x->seen.traps);
    }
    if (x->seen.traps == n)
        return;
    same_trap(x, &l->entry, &x->seen.trap[n]);
    same_state(x, &l->entry.after, l->entry.handler);
    x->exceptions++;
    x->by_rule[l->rule]++;
}

/* Both parts of a step have something to say; and no trap of the machine is
   another than was said. */
static void explain(struct watched *x)
{
    x->explains = false;
    why_end(&x->why);
    SAME("that the explanation agrees", 1u, why_agrees(&x->why));
    for (unsigned part = 0; part < 2; part++) {
        if (!why_has(&x->why, (enum why_part)part, false))
            continue;
        why_explain(&x->why, (enum why_part)part);
        assert_true(x->why.lines >= 2 && !x->why.no_memory);
        x->explained++;
    }
}

static void begin(struct watched *x)
{
    static struct symbol_sets symbols;
    static struct disassembler disassembler;
    static const struct exit_log names = { &symbols, &disassembler };

    disassembler.isa = x->w->m->isa;
    why_begin(&x->why, x->w->m, x->hart, &names);
    x->explains = true;
}

static bool step(void *context, unsigned hart)
{
    struct watched *x = context;

    if (x->explains)
        explain(x);
    if (x->looked)
        compare(x);
    x->looked = true;
    x->hart = hart;
    x->count = x->w->b->csr[hart]->count;
    x->seen = (struct seen){ .traps = 0 };
    why_look(&x->look, x->w->m, hart);
    if (x->steps % EXPLAINED == 0)
        begin(x);
    return true;
}

static void run(struct watched *x, struct world *w)
{
    const struct run_options o = { .until = machine_count(w->b) + COUNTS,
                                   .step = step,
                                   .context = x };

    x->w = w;
    x->looked = false;
    machine_run(w->m, w->b, &o);
    if (x->explains)
        explain(x);
    if (x->looked)
        compare(x);
}

static void watch(struct watched *x, struct world *w)
{
    if (w->depth == 0)
        bare_watch(w->bare, bare_trapped, x);
    else
        vm_watch(w->vm[w->depth - 1], vm_exited, x);
}

/* Svade, Svadu, no C: what is looked at differs. */
static void run_seed(uint64_t seed, struct watched *x)
{
    static const uint64_t without[] = { 0, BIT(EXT_SVADE), BIT(EXT_SVADU),
                                        BIT(EXT_C) | BIT(EXT_SVADE) };
    struct scenario *s = calloc(1, sizeof *s);
    struct isa isa = isa_default();
    unsigned harts;

    assert_non_null(s);
    s->random = x->seed = seed;
    harts = scenario_below(s, 4) ? 1 : 2;
    isa.ext &= ~without[scenario_below(s, 4)];
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++) {
        world_make_as(&s->w[i], i, harts, SCENARIO_RAM, isa);
        watch(x, &s->w[i]);
    }
    for (unsigned p = 0; p < PROGRAMS; p++) {
        scenario_make(s, harts);
        for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
            run(x, &s->w[i]);
    }
    for (unsigned i = 0; i < SCENARIO_WORLDS; i++)
        world_free(&s->w[i]);
    free(s);
}

static void what_is_said_is_what_happens(void **state)
{
    static const uint8_t all[] = { RULE_FETCH,  RULE_ENCODING, RULE_CSR,
                                   RULE_SYSTEM, RULE_FP_OFF,   RULE_ECALL,
                                   RULE_DATA };
    const char *one = getenv("POGO_TEST_SEED");
    const char *seconds = getenv("POGO_TEST_SECONDS");
    clock_t end = clock() + (seconds ? atoi(seconds) : 2) * CLOCKS_PER_SEC;
    struct watched x = { 0 };
    uint64_t seed = 1;

    (void)state;
    if (one) {
        run_seed(strtoull(one, NULL, 0), &x);
        why_free(&x.why);
        return;
    }
    do {
        run_seed(seed++, &x);
    } while (clock() < end || seed < 10);
    print_message(
        "%llu seeds, %llu steps: %llu exceptions, %llu interrupts, "
        "%llu of devices, %llu explained; by rule",
        (unsigned long long)seed - 1, (unsigned long long)x.steps,
        (unsigned long long)x.exceptions, (unsigned long long)x.interrupts,
        (unsigned long long)x.devices, (unsigned long long)x.explained);
    why_free(&x.why);
    for (unsigned k = 1; k <= RULE_DATA; k++)
        print_message(" %llu", (unsigned long long)x.by_rule[k]);
    print_message("\n");
    /* A test of nothing would pass. */
    assert_true(x.interrupts > 0 && x.devices > 0);
    for (size_t k = 0; k < sizeof all; k++)
        assert_true(x.by_rule[all[k]] > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_is_what_happens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
