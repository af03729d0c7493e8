/* Stop points: asked for before anything happens, wherever the instruction
   lies, and nothing else is changed by them. */
#include "cpu/stops.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "cpu/rig.h"

#define BASE RIG_RAM
#define DATA (RIG_RAM + 0x4000)

/* One who is asked. */
struct asked {
    struct stops stops;
    struct rig *r;
    bool stop;
    unsigned times;
    struct stops_event last;
    uint64_t count, pc; /* then */
};

static bool ask(void *context, struct hart *h, const struct stops_event *e)
{
    struct asked *a = context;

    a->times++;
    a->last = *e;
    a->count = h->csr.count;
    a->pc = h->pc;
    return a->stop;
}

static void begin(struct asked *a)
{
    memset(a, 0, sizeof *a);
    a->r = rig_new();
    a->stops.ask = ask;
    a->stops.context = a;
    a->stop = true;
}

static void end(struct asked *a)
{
    engine_set_stops(a->r->engine, NULL);
    rig_free(a->r);
}

static void break_at(struct asked *a, uint64_t va)
{
    a->stops.code[a->stops.codes++] = va;
    engine_set_stops(a->r->engine, &a->stops);
}

static void watch(struct asked *a, uint64_t va, uint64_t n, unsigned access)
{
    a->stops.data[a->stops.datas++] =
        (struct stops_range){ va, va + n - 1, access };
    engine_set_stops(a->r->engine, &a->stops);
}

static struct stop run(struct asked *a, uint64_t n)
{
    return hart_run(a->r->h, n);
}

static void a_breakpoint_stops_in_the_middle_of_a_block(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_CODE(a.r, ADDI(5, 0, 1), ADDI(5, 5, 1), ADDI(5, 5, 1), ADDI(5, 5, 1));
    run(&a, 4); /* it has been decoded without */
    a.r->h->pc = BASE;
    break_at(&a, BASE + 8);
    assert_int_equal(run(&a, 4).reason, STOP_BREAK);
    assert_int_equal(a.r->h->pc, BASE + 8);
    assert_int_equal(a.r->h->x[5], 2);
    assert_int_equal(a.count, 6);
    a.stop = false;
    assert_int_equal(run(&a, 2).count, 2);
    assert_int_equal(a.r->h->x[5], 4);
    assert_int_equal(a.times, 2);
    end(&a);
}

/* Nothing comes next: nobody is asked. */
static void the_end_of_the_budget_comes_first(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_CODE(a.r, ADDI(5, 0, 1), ADDI(5, 5, 1), ADDI(5, 5, 1));
    break_at(&a, BASE + 8);
    assert_int_equal(run(&a, 2).reason, STOP_LIMIT);
    assert_int_equal(a.times, 0);
    assert_int_equal(run(&a, 1).reason, STOP_BREAK);
    assert_int_equal(a.times, 1);
    end(&a);
}

/* The loop's blocks are linked; it is asked at each turn. */
static void a_loop_is_asked_at_each_turn(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_CODE(a.r, ADDI(5, 5, 1), ADDI(6, 6, 1), JAL(0, -8));
    break_at(&a, BASE + 4);
    a.stop = false;
    run(&a, 300);
    assert_int_equal(a.times, 100);
    assert_int_equal(a.r->h->x[6], 100);
    end(&a);
}

/* The same offset in another page is no stop point. */
static void another_page_is_not_asked_about(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_CODE(a.r, ADDI(5, 5, 1), ADDI(6, 6, 1), JAL(0, -8));
    break_at(&a, BASE + 0x1004);
    run(&a, 300);
    assert_int_equal(a.times, 0);
    end(&a);
}

static void an_instruction_across_pages_is_stopped_at(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_PUT(a.r, BASE + 0xffa, ADDI(5, 5, 1), ADDI(5, 5, 1), ADDI(5, 5, 1));
    a.r->h->pc = BASE + 0xffa;
    break_at(&a, BASE + 0xffe);
    assert_int_equal(run(&a, 3).reason, STOP_BREAK);
    assert_int_equal(a.r->h->x[5], 1);
    a.stop = false;
    run(&a, 2);
    assert_int_equal(a.r->h->x[5], 3);
    end(&a);
}

static void code_in_rom_is_stopped_at(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    a.r->h->pc = RIG_ROM;
    break_at(&a, RIG_ROM);
    assert_int_equal(run(&a, 1).reason, STOP_BREAK);
    a.stop = false;
    assert_int_equal(run(&a, 1).count, 1);
    assert_int_equal(a.times, 2);
    end(&a);
}

/* An aligned store, one that reaches into the range, one beside it. */
static void a_watched_store_has_not_happened(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_CODE(a.r, SD(6, 0, 7), SD(6, 4, 7), SD(6, 16, 7), LD(5, 8, 7));
    a.r->h->x[6] = 99;
    a.r->h->x[7] = DATA;
    watch(&a, DATA + 8, 8, ACCESS_STORE);
    assert_int_equal(run(&a, 4).reason, STOP_BREAK);
    assert_int_equal(a.r->h->pc, BASE + 4);
    assert_int_equal(a.count, 1);
    assert_int_equal(a.last.va, DATA + 4);
    assert_int_equal(rig_peek(a.r, DATA, 8), 99);
    a.stop = false;
    run(&a, 3);
    assert_int_equal(a.times, 2);
    assert_int_equal(rig_peek(a.r, DATA + 4, 8), 99);
    end(&a);
}

static void amos_and_cache_blocks_are_stores(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_CODE(a.r, AMOADD_W(5, 6, 7), CBO_ZERO(7));
    a.r->h->x[6] = 3;
    a.r->h->x[7] = DATA + 8;
    rig_poke(a.r, DATA + 8, 8, 4);
    watch(&a, DATA, 64, ACCESS_STORE);
    assert_int_equal(run(&a, 2).reason, STOP_BREAK);
    assert_int_equal(rig_peek(a.r, DATA + 8, 8), 4);
    assert_int_equal(a.r->h->x[5], 0);
    a.stop = false;
    run(&a, 1);
    assert_int_equal(rig_peek(a.r, DATA + 8, 8), 7);
    a.stop = true;
    assert_int_equal(run(&a, 1).reason, STOP_BREAK);
    assert_int_equal(a.last.va, DATA);
    assert_int_equal(a.last.size, 64);
    assert_int_equal(rig_peek(a.r, DATA + 8, 8), 7);
    end(&a);
}

/* What was in the TLB is looked at too. */
static void a_page_in_the_tlb_is_watched_from_now_on(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_CODE(a.r, LD(5, 0, 7), ADDI(6, 6, 1), JAL(0, -8));
    a.r->h->x[7] = DATA;
    run(&a, 30);
    watch(&a, DATA, 1, ACCESS_LOAD);
    a.stop = false;
    run(&a, 30);
    assert_int_equal(a.times, 10);
    engine_set_stops(a.r->engine, NULL);
    run(&a, 30);
    assert_int_equal(a.times, 10);
    end(&a);
}

static void a_device_is_not_accessed(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_CODE(a.r, LD(5, 0, 7));
    a.r->h->x[7] = RIG_DEVICE;
    watch(&a, RIG_DEVICE, 8, ACCESS_LOAD);
    assert_int_equal(run(&a, 1).reason, STOP_BREAK);
    assert_int_equal(a.r->device.loads, 0);
    a.stop = false;
    run(&a, 1);
    assert_int_equal(a.r->device.loads, 1);
    end(&a);
}

static void a_trap_has_not_been_taken(void **state)
{
    struct asked a;

    (void)state;
    begin(&a);
    RIG_CODE(a.r, ADDI(5, 5, 1), ECALL);
    rig_csr(a.r, CSR_mtvec, BASE + 0x100);
    a.stops.traps = true;
    engine_set_stops(a.r->engine, &a.stops);
    assert_int_equal(run(&a, 2).reason, STOP_BREAK);
    assert_int_equal(a.r->h->pc, BASE + 4);
    assert_int_equal(a.r->h->csr.count, 1);
    assert_int_equal(a.last.trap.cause, CAUSE_ECALL_M);
    a.stop = false;
    run(&a, 1);
    assert_int_equal(a.r->h->pc, BASE + 0x100);
    assert_int_equal(a.r->h->csr.count, 2);
    end(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_breakpoint_stops_in_the_middle_of_a_block),
        cmocka_unit_test(the_end_of_the_budget_comes_first),
        cmocka_unit_test(a_loop_is_asked_at_each_turn),
        cmocka_unit_test(another_page_is_not_asked_about),
        cmocka_unit_test(an_instruction_across_pages_is_stopped_at),
        cmocka_unit_test(code_in_rom_is_stopped_at),
        cmocka_unit_test(a_watched_store_has_not_happened),
        cmocka_unit_test(amos_and_cache_blocks_are_stores),
        cmocka_unit_test(a_page_in_the_tlb_is_watched_from_now_on),
        cmocka_unit_test(a_device_is_not_accessed),
        cmocka_unit_test(a_trap_has_not_been_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
