/* What a run of a virtual machine is said to have done, and why. */
#include "check/efficiency.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vmm/world.h"

static struct efficiency e;

/* Runs what is at CODE for n counts, in mode `priv`, with the probes in. */
static void run(struct world *w, enum priv priv, uint64_t n)
{
    const struct run_options o = { .until = machine_count(w->b) + n };

    world_set_reg(w, REG_PC, CODE);
    world_set_reg(w, REG_PRIV, priv);
    machine_run(&e.above.machine, w->b, &o);
}

static void begin(struct world *w, unsigned depth)
{
    world_make(w, depth, 1);
    efficiency_begin(&e, w->vm[depth - 1], NULL);
}

static void end(struct world *w)
{
    efficiency_free(&e);
    world_free(w);
}

static uint64_t exits_of_kinds(void)
{
    uint64_t n = 0;

    for (unsigned k = 0; k < EXIT_KINDS; k++)
        n += e.kind[k].exits;
    return n;
}

static const uint32_t program[] = {
    0x00128293, /* addi t0, t0, 1 */
    0x34029073, /* csrw mscratch, t0 */
    0x34002373, /* csrr t1, mscratch */
    0x12000073, /* sfence.vma */
    0xff1ff06f, /* j .-16 */
};

static void each_class_is_counted_as_often_as_it_happens(void **state)
{
    struct world w;

    (void)state;
    begin(&w, 1);
    world_code(&w, CODE, program, sizeof program / 4);
    run(&w, PRIV_M, 500);
    efficiency_end(&e);
    assert_int_equal(e.class[EXIT_CLASS_CSR].exits, 200);
    assert_int_equal(e.class[EXIT_CLASS_FENCE].exits, 100);
    assert_int_equal(e.class[EXIT_CLASS_DEVICE].exits, 0);
    assert_int_equal(efficiency_emulated(&e), 300);
    assert_int_equal(efficiency_direct(&e), 200);
    assert_true(efficiency_share(&e.vm->monitor.stats) == 40);
    assert_int_equal(e.kind[16 * EXIT_EMULATED + CAUSE_ILLEGAL].exits, 300);
    assert_int_equal(efficiency_exits(&e).exits, exits_of_kinds());
    end(&w);
}

static void a_site_is_a_pc_and_what_happens_there(void **state)
{
    struct world w;
    unsigned emulated = 0;

    (void)state;
    begin(&w, 1);
    world_code(&w, CODE, program, sizeof program / 4);
    run(&w, PRIV_M, 500);
    efficiency_end(&e);
    for (size_t k = 0; k < e.sites.size; k++) {
        const struct exit_site *s = &e.sites.site[k];

        if (!s->tally.exits || s->kind / 16 != EXIT_EMULATED)
            continue;
        emulated++;
        assert_int_equal(s->tally.exits, 100);
        assert_int_equal(s->insn, program[(s->pc - CODE) / 4]);
        assert_int_equal(s->priv, PRIV_M);
    }
    assert_int_equal(emulated, 3);
    end(&w);
}

static void the_accounts_add_up_to_the_whole_time(void **state)
{
    struct world w;

    (void)state;
    begin(&w, 2);
    world_code(&w, CODE, program, sizeof program / 4);
    run(&w, PRIV_M, 50000);
    efficiency_end(&e);
    assert_int_equal(e.direct + e.monitor + e.outside + e.watching +
                         efficiency_exits(&e).ticks,
                     e.last - e.start);
    assert_true(e.direct > 0 && e.watching > 0);
    assert_true(efficiency_exits(&e).ticks > 0);
    assert_true(e.ns_per_tick > 0 && e.ns_per_reading > 0);
    end(&w);
}

static void the_series_has_every_exit_and_instruction(void **state)
{
    struct world w;
    uint64_t exits = 0, direct = 0, emulated = 0;

    (void)state;
    begin(&w, 1);
    world_code(&w, CODE, program, sizeof program / 4);
    run(&w, PRIV_M, 3000);
    efficiency_end(&e);
    for (unsigned k = 0; k < e.series.length; k++) {
        direct += e.series.interval[k].direct;
        emulated += e.series.interval[k].emulated;
        for (unsigned c = 0; c < EXIT_CLASSES; c++)
            exits += e.series.interval[k].exits[c];
    }
    assert_int_equal(e.series.length, 3);
    assert_int_equal(exits, efficiency_exits(&e).exits);
    assert_int_equal(direct, efficiency_direct(&e));
    assert_int_equal(emulated, efficiency_emulated(&e));
    end(&w);
}

static void a_call_is_told_from_another_exception(void **state)
{
    static const uint32_t code[] = { ECALL, EBREAK };
    struct world w;

    (void)state;
    begin(&w, 1);
    world_code(&w, CODE, code, 2);
    world_set_csr(&w, CSR_mtvec, CODE + 4);
    run(&w, PRIV_U, 3);
    efficiency_end(&e);
    assert_int_equal(e.class[EXIT_CLASS_ECALL].exits, 1);
    assert_int_equal(e.class[EXIT_CLASS_EXCEPTION].exits, 2);
    assert_int_equal(efficiency_emulated(&e), 0);
    end(&w);
}

/* Measuring changes nothing: the same state as without, at every depth. */
static void what_is_measured_is_what_would_have_run(void **state)
{
    struct world plain;

    (void)state;
    world_make(&plain, 0, 1);
    world_code(&plain, CODE, program, sizeof program / 4);
    world_set_reg(&plain, REG_PC, CODE);
    world_set_reg(&plain, REG_PRIV, PRIV_M);
    machine_run(plain.m, plain.b,
                &(struct run_options){ .until = machine_count(plain.b) + 777 });
    for (unsigned depth = 1; depth <= 2; depth++) {
        struct world w;
        struct machine *host;

        begin(&w, depth);
        host = e.host;
        world_code(&w, CODE, program, sizeof program / 4);
        run(&w, PRIV_M, 777);
        efficiency_end(&e);
        assert_int_equal(machine_hash(w.m, w.b),
                         machine_hash(plain.m, plain.b));
        assert_ptr_equal(e.vm->host, host);
        assert_ptr_equal(e.vm->monitor.host, host);
        assert_int_equal(e.vm->watchers, 0);
        assert_null(e.vm->monitor.env.exited);
        end(&w);
    }
    world_free(&plain);
}

static void kinds_have_names(void **state)
{
    char name[96];

    (void)state;
    efficiency_kind_name(16 * EXIT_EMULATED + CAUSE_ILLEGAL, name, sizeof name);
    assert_string_equal(name, "illegal instruction, emulated");
    efficiency_kind_name(16 * EXIT_INTERRUPT + IRQ_STI, name, sizeof name);
    assert_string_equal(name, "supervisor timer interrupt");
    assert_true(efficiency_kind_emulates(16 * EXIT_DEVICE + CAUSE_LOAD_PAGE));
    assert_false(efficiency_kind_emulates(16 * EXIT_FILLED + CAUSE_LOAD_PAGE));
    for (unsigned c = 0; c < EXIT_CLASSES; c++)
        assert_true(strlen(exit_class_name(c)) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_class_is_counted_as_often_as_it_happens),
        cmocka_unit_test(a_site_is_a_pc_and_what_happens_there),
        cmocka_unit_test(the_accounts_add_up_to_the_whole_time),
        cmocka_unit_test(the_series_has_every_exit_and_instruction),
        cmocka_unit_test(a_call_is_told_from_another_exception),
        cmocka_unit_test(what_is_measured_is_what_would_have_run),
        cmocka_unit_test(kinds_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
