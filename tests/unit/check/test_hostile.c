/* The hostile guests: each attack does something, and the same every time. */
#include "check/hostile.h"
#include "machine/bare.h"
#include "machine/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define COUNTS 20000

static void test_images_follow_from_the_seed(void **state)
{
    size_t n;
    const struct attack *a = attacks(&n);

    (void)state;
    for (size_t k = 0; k < n; k++) {
        struct hostile one, same, other;

        assert_int_equal(hostile_make(&one, &a[k], 7), STATUS_OK);
        assert_int_equal(hostile_make(&same, &a[k], 7), STATUS_OK);
        assert_int_equal(hostile_make(&other, &a[k], 8), STATUS_OK);
        assert_memory_equal(one.image, same.image, HOSTILE_MEMORY);
        assert_true(memcmp(one.image, other.image, HOSTILE_MEMORY) != 0);
        hostile_free(&one);
        hostile_free(&same);
        hostile_free(&other);
    }
}

static void test_names_are_found_and_told_apart(void **state)
{
    size_t n;
    const struct attack *a = attacks(&n);

    (void)state;
    for (size_t k = 0; k < n; k++)
        assert_ptr_equal(attack_find(a[k].name), &a[k]);
    assert_null(attack_find("none"));
}

static bool ended(const struct board *b)
{
    return b->finished || b->reset_wanted;
}

/* On the bare machine, revived now and then as a check does it: items of
   every attack are reached one after another. */
static void test_every_attack_goes_through_its_items(void **state)
{
    size_t n;
    const struct attack *a = attacks(&n);
    struct board_config c = { .harts = 1,
                              .memory = HOSTILE_MEMORY,
                              .isa = isa_default() };

    (void)state;
    for (size_t k = 0; k < n; k++) {
        struct bare *b = bare_new(&c);
        struct machine *m = &b->machine;
        struct run_options o = { .until = 0 };
        unsigned reached = 0;
        struct hostile h;

        assert_int_equal(hostile_make(&h, &a[k], 3), STATUS_OK);
        hostile_load(&h, m, &b->board, 0);
        for (unsigned i = 1; i <= 20 && !ended(&b->board); i++) {
            uint64_t before = hostile_progress(m);

            o.until = machine_count(&b->board) + COUNTS / 20;
            machine_run(m, &b->board, &o);
            reached += hostile_progress(m) != before;
            hostile_revive(&h, m);
        }
        if (reached < 8 && !ended(&b->board))
            fail_msg("%s: stuck in %u of 20 parts", a[k].name, 20 - reached);
        hostile_free(&h);
        bare_free(b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_images_follow_from_the_seed),
        cmocka_unit_test(test_names_are_found_and_told_apart),
        cmocka_unit_test(test_every_attack_goes_through_its_items),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
