/* Where a session stands: at a stop point, to come back to exactly; and going
   on from there. */
#include "debug/world_session.h"
#include "machine/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define BUDGET (UINT64_C(1) << 26)
#define ROUND  8 /* counts of the program's loop: 4, and the handler's 4 */
#define ECALLS (CODE + 8)

struct stand {
    struct world w;
    struct session *s;
};

/* t0 counts and is stored; ecall, whose handler goes on behind it. */
static void begin(struct stand *r, unsigned depth)
{
    const uint32_t code[] = { addi(T0, T0, 1), sd(T0, S0, 0), ECALL,
                              0xff5ff06f /* j -12 */ };
    const uint32_t handler[] = { csr(CSRRS, T1, CSR_mepc, 0), addi(T1, T1, 4),
                                 csr(CSRRW, 0, CSR_mepc, T1), MRET };

    world_make(&r->w, depth, 1);
    world_code(&r->w, CODE, code, 4);
    world_code(&r->w, HANDLER, handler, 4);
    world_set_csr(&r->w, CSR_mtvec, HANDLER);
    world_set_reg(&r->w, S0, DATA);
    r->s = world_session(&r->w, BUDGET);
}

static void end(struct stand *r)
{
    session_free(r->s);
    world_free(&r->w);
}

static uint64_t hash(struct stand *r)
{
    return machine_hash(r->w.m, r->w.b);
}

static unsigned stop_at(struct stand *r, enum stop_kind kind, uint64_t va)
{
    const struct stop_point p = { .kind = kind,
                                  .world = r->w.depth,
                                  .any_space = true,
                                  .va = va,
                                  .size = 8,
                                  .cause = SESSION_ANY_CAUSE };

    return session_add(r->s, &p);
}

static void it_comes_back_to_where_it_stood(void **state)
{
    static const enum stop_kind kinds[] = { STOP_AT_CODE, STOP_AT_WRITE,
                                            STOP_AT_TRAP };

    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        for (unsigned k = 0; k < 3; k++) {
            uint64_t before, time;
            struct stand r;

            begin(&r, depth);
            stop_at(&r, kinds[k], kinds[k] == STOP_AT_CODE ? CODE : DATA);
            session_goto(r.s, 3 * ROUND - 1);
            assert_false(session_stands(r.s));
            assert_int_equal(session_run(r.s, UINT64_MAX), SESSION_POINT);
            assert_true(session_stands(r.s));
            before = hash(&r);
            time = session_time(r.s);
            session_mark(r.s);
            session_goto(r.s, 5);
            assert_int_equal(session_return(r.s), SESSION_POINT);
            assert_true(session_stands(r.s));
            assert_int_equal(session_time(r.s), time);
            assert_true(hash(&r) == before);
            /* And on: not the same again. */
            assert_int_equal(session_run(r.s, UINT64_MAX), SESSION_POINT);
            assert_int_equal(session_time(r.s), time + ROUND);
            end(&r);
        }
    }
}

static void a_step_past_a_trap_that_it_stands_before(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        for (unsigned kept = 0; kept < 2; kept++) {
            uint64_t pc = 0;
            struct stand r;
            unsigned trap;

            begin(&r, depth);
            trap = stop_at(&r, STOP_AT_TRAP, 0);
            session_run(r.s, UINT64_MAX);
            if (!kept)
                session_remove(r.s, trap);
            assert_int_equal(session_step_past(r.s, depth, 0, PAST_TRAPS),
                             SESSION_STEPPED);
            session_get(r.s, depth, 0, REG_PC, &pc);
            assert_true(pc == ECALLS + 4);
            assert_int_equal(session_time(r.s), 2 + 5);
            end(&r);
        }
    }
}

static void it_knows_since_when_nothing_was_changed(void **state)
{
    struct stand r;

    (void)state;
    begin(&r, 1);
    session_run(r.s, 50);
    assert_int_equal(session_unchanged_since(r.s), 0);
    session_set(r.s, 1, 0, S1, 1);
    assert_int_equal(session_unchanged_since(r.s), 50);
    session_run(r.s, 70);
    assert_int_equal(session_unchanged_since(r.s), 50);
    session_goto(r.s, 40);
    assert_int_equal(session_unchanged_since(r.s), 0);
    end(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_comes_back_to_where_it_stood),
        cmocka_unit_test(a_step_past_a_trap_that_it_stands_before),
        cmocka_unit_test(it_knows_since_when_nothing_was_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
