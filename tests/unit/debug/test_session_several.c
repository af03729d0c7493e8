/* A session of machines side by side: what is asked of one does not stop
   another, and all run as they do when nobody looks. */
#include "debug/session.h"
#include "vmm/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define GUESTS 2
#define RAM    (UINT64_C(1) << 20)
#define FIRST  1 /* world of the first guest */

struct side_by_side {
    struct world host;
    struct vm_siblings siblings;
    struct vm *vm[GUESTS];
    struct scheduled scheduled[GUESTS];
    struct scheduler scheduler;
    struct session *s;
};

/* The same code in each: x5 counts, and is stored. */
static void program(struct vm *vm)
{
    const uint32_t code[] = { addi(T0, T0, 1), sd(T0, S0, 0),
                              0xff9ff06f /* j -8 */ };
    struct world w = { .m = &vm->machine, .b = &vm->board };

    world_code(&w, CODE, code, 3);
    world_set_reg(&w, REG_PC, CODE);
    world_set_reg(&w, REG_PRIV, PRIV_M);
    world_set_reg(&w, S0, CODE + 0x1000);
}

static void make(struct side_by_side *r)
{
    struct board_config c = { .harts = 1, .isa = isa_default(), .memory = RAM };

    *r = (struct side_by_side){ .s = NULL };
    world_make_as(&r->host, 0, 1, GUESTS * vm_host_memory(RAM, 1),
                  isa_default());
    for (unsigned i = 0; i < GUESTS; i++) {
        r->vm[i] = vm_new_sibling(r->host.m, &c, &r->siblings);
        assert_non_null(r->vm[i]);
        program(r->vm[i]);
        r->scheduled[i] = (struct scheduled){ .vm = r->vm[i],
                                              .weight = i + 1,
                                              .until = CLOCK_NEVER };
    }
    r->scheduler =
        (struct scheduler){ .machine = r->scheduled, .machines = GUESTS };
}

static void begin(struct side_by_side *r)
{
    struct session_config c = { .depth = 1,
                                .bottom = r->host.bare,
                                .scheduler = &r->scheduler };

    make(r);
    c.machine[0] = r->host.m;
    c.board[0] = r->host.b;
    c.bottom = r->host.bare;
    for (unsigned i = 0; i < GUESTS; i++) {
        c.vm[FIRST + i] = r->vm[i];
        c.machine[FIRST + i] = &r->vm[i]->machine;
        c.board[FIRST + i] = &r->vm[i]->board;
    }
    r->s = session_new(&c);
    assert_non_null(r->s);
}

static void end(struct side_by_side *r)
{
    session_free(r->s);
    for (unsigned i = 0; i < GUESTS; i++)
        vm_free(r->vm[i]);
    world_free(&r->host);
}

static uint64_t hash(const struct side_by_side *r, unsigned i)
{
    return machine_hash(&r->vm[i]->machine, &r->vm[i]->board);
}

static unsigned stop_at(struct side_by_side *r, enum stop_kind kind,
                        unsigned world, uint64_t va)
{
    const struct stop_point p = { .kind = kind,
                                  .world = world,
                                  .any_space = true,
                                  .va = va,
                                  .size = 8 };

    return session_add(r->s, &p);
}

static uint64_t count(const struct side_by_side *r, unsigned world)
{
    return r->vm[world - FIRST]->board.csr[0]->count;
}

static void a_breakpoint_of_one_does_not_stop_the_other(void **state)
{
    (void)state;
    for (unsigned i = 0; i < GUESTS; i++) {
        unsigned world = FIRST + i, number;
        struct side_by_side r;

        begin(&r);
        assert_int_equal(session_worlds(r.s), FIRST + GUESTS);
        number = stop_at(&r, STOP_AT_CODE, world, CODE + 4);
        for (unsigned n = 0; n < 50; n++) {
            assert_int_equal(session_run(r.s, UINT64_MAX), SESSION_POINT);
            assert_int_equal(session_hit(r.s)->number, number);
            assert_int_equal(session_guest(r.s), world);
            assert_true(count(&r, world) == 1 + 3 * n);
        }
        session_remove(r.s, number);
        stop_at(&r, STOP_AT_WRITE, world, CODE + 0x1000);
        for (unsigned n = 49; n < 90; n++) {
            assert_int_equal(session_run(r.s, UINT64_MAX), SESSION_POINT);
            assert_int_equal(session_guest(r.s), world);
            assert_true(count(&r, world) == 1 + 3 * n);
        }
        end(&r);
    }
}

static void a_step_is_of_the_machine_that_is_named(void **state)
{
    struct side_by_side r;

    (void)state;
    begin(&r);
    for (unsigned n = 0; n < 20; n++) {
        unsigned world = FIRST + (n & 1);
        uint64_t before = count(&r, world);

        assert_int_equal(session_step(r.s, world, 0), SESSION_STEPPED);
        assert_true(count(&r, world) == before + 1);
        assert_int_equal(session_guest(r.s), world);
    }
    end(&r);
}

static void looking_changes_no_run(void **state)
{
    const struct scheduler_options o = { .until = 1000000 };
    struct side_by_side seen, unseen;
    uint64_t time;

    (void)state;
    make(&unseen);
    assert_false(scheduler_run(&unseen.scheduler, &o));
    begin(&seen);
    stop_at(&seen, STOP_AT_CODE, FIRST + 1, CODE + 8);
    for (unsigned n = 0; n < 1000; n++)
        assert_int_equal(session_run(seen.s, UINT64_MAX), SESSION_POINT);
    session_remove(seen.s, 1);
    for (unsigned n = 0; n < 100; n++)
        session_step(seen.s, FIRST, 0);
    time = session_time(seen.s) + 7;
    assert_int_equal(session_run(seen.s, time), SESSION_STEPPED);
    assert_int_equal(session_time(seen.s), time);
    assert_int_equal(session_run(seen.s, scheduler_total(&unseen.scheduler)),
                     SESSION_STEPPED);
    for (unsigned i = 0; i < GUESTS; i++)
        assert_true(hash(&seen, i) == hash(&unseen, i));
    assert_int_equal(session_run_back(seen.s), SESSION_BEGINNING);
    end(&seen);
    end(&unseen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_breakpoint_of_one_does_not_stop_the_other),
        cmocka_unit_test(a_step_is_of_the_machine_that_is_named),
        cmocka_unit_test(looking_changes_no_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
