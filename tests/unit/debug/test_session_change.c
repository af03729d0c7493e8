/* A session whose machine is changed from outside, and what becomes of the
   future that was known, and of the past. */
#include "debug/session.h"
#include "machine/run.h"
#include "debug/world_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define BUDGET (UINT64_C(1) << 26)

struct changed {
    struct world w;
    struct session *s;
};

/* x5 counts, and is stored at DATA. */
static void begin(struct changed *c, unsigned depth)
{
    const uint32_t code[] = { addi(T0, T0, 1), sd(T0, S0, 0),
                              0xff9ff06f /* j -8 */ };

    world_make(&c->w, depth, 1);
    world_code(&c->w, CODE, code, 3);
    world_set_reg(&c->w, S0, DATA);
    c->s = world_session(&c->w, BUDGET);
}

static void end(struct changed *c)
{
    session_free(c->s);
    world_free(&c->w);
}

static uint64_t hash(struct changed *c)
{
    return machine_hash(c->w.m, c->w.b);
}

static uint64_t data(struct changed *c)
{
    const struct session_view view = { .world = c->w.depth,
                                       .space = SPACE_PHYSICAL };
    uint64_t v = 0;

    assert_int_equal(session_read(c->s, &view, DATA, &v, sizeof v), sizeof v);
    return v;
}

static void a_change_lasts_until_time_goes_back_before_it(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        const struct session_view view = { .world = depth,
                                           .space = SPACE_PHYSICAL };
        struct changed c;
        uint64_t before, later, v = 1000;

        begin(&c, depth);
        assert_int_equal(session_run(c.s, 300), SESSION_STEPPED);
        session_goto(c.s, 90);
        before = hash(&c);
        assert_true(session_set(c.s, depth, 0, T0, v));
        assert_int_equal(session_write(c.s, &view, DATA + 8, &v, 8), 8);
        assert_int_equal(session_latest(c.s), 90);
        session_run(c.s, 150);
        assert_int_equal(data(&c), 1000 + 20);
        later = hash(&c);
        session_run(c.s, 200);
        session_goto(c.s, 150);
        assert_true(hash(&c) == later);
        session_goto(c.s, 89);
        assert_int_equal(session_latest(c.s), 90);
        session_goto(c.s, 90);
        assert_true(hash(&c) == before);
        assert_int_equal(data(&c), 30);
        end(&c);
    }
}

static void only_the_guest_is_changed(void **state)
{
    struct changed c;
    uint64_t v;

    (void)state;
    begin(&c, 1);
    assert_false(session_set(c.s, 0, 0, T0, 1));
    assert_false(session_set_csr(c.s, 0, 0, CSR_mscratch, 1));
    assert_false(session_set(c.s, 1, 0, REG_PC, CODE + 1));
    assert_false(session_set(c.s, 1, 0, REG_PRIV, 2));
    assert_false(session_set_csr(c.s, 1, 0, CSR_mhartid, 1));
    assert_true(session_set_csr(c.s, 1, 0, CSR_mscratch, 5));
    assert_true(session_get_csr(c.s, 1, 0, CSR_mscratch, &v));
    assert_int_equal(v, 5);
    end(&c);
}

static void what_is_no_memory_is_not_read(void **state)
{
    const struct session_view view = { .space = SPACE_PHYSICAL };
    uint8_t bytes[RAM_PAGE];
    struct changed c;

    (void)state;
    begin(&c, 0);
    assert_int_equal(session_read(c.s, &view, 0, bytes, 8), 0);
    assert_int_equal(session_read(c.s, &view, BOARD_RAM_BASE + WORLD_RAM - 100,
                                  bytes, sizeof bytes),
                     100);
    end(&c);
}

static void a_name_is_a_time(void **state)
{
    struct changed c;
    uint64_t then, time = 0;

    (void)state;
    begin(&c, 1);
    session_run(c.s, 60);
    then = hash(&c);
    assert_true(session_name(c.s, "here"));
    session_run(c.s, 120);
    assert_false(session_find_name(c.s, "there", &time));
    assert_true(session_find_name(c.s, "here", &time));
    session_goto(c.s, time);
    assert_true(hash(&c) == then);
    end(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_lasts_until_time_goes_back_before_it),
        cmocka_unit_test(only_the_guest_is_changed),
        cmocka_unit_test(what_is_no_memory_is_not_read),
        cmocka_unit_test(a_name_is_a_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
