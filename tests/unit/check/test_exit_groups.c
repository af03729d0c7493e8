/* Exits by place, and places by name. */
#include "check/exit_groups.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct exit_sites sites;

static void count(uint64_t pc, uint32_t raw, unsigned kind, unsigned priv,
                  unsigned class)
{
    const struct exit_site key = {
        .pc = pc, .raw = raw, .kind = (uint16_t)kind, .priv = (uint8_t)priv
    };
    size_t place;
    bool fresh;

    assert_int_equal(exit_sites_count(&sites, &key, &place, &fresh), STATUS_OK);
    if (fresh)
        sites.site[place].class = (uint8_t) class;
    sites.site[place].tally.ticks += 10;
}

static int forget(void **state)
{
    (void)state;
    exit_sites_free(&sites);
    return 0;
}

static void each_part_of_the_key_tells_sites_apart(void **state)
{
    (void)state;
    count(0x1000, 1, 2, 3, 0);
    count(0x1000, 1, 2, 3, 0);
    assert_int_equal(sites.used, 1);
    count(0x1004, 1, 2, 3, 0);
    count(0x1000, 9, 2, 3, 0);
    count(0x1000, 1, 9, 3, 0);
    count(0x1000, 1, 2, 0, 0);
    assert_int_equal(sites.used, 5);
}

static void the_table_grows_and_keeps_what_it_has(void **state)
{
    uint64_t exits = 0;

    (void)state;
    for (unsigned round = 0; round < 2; round++)
        for (uint64_t n = 0; n < 20000; n++)
            count(0x80000000 + 2 * n, 0, 1, 1, 0);
    assert_int_equal(sites.used, 20000);
    for (size_t k = 0; k < sites.size; k++) {
        assert_true(sites.site[k].tally.exits == 0 ||
                    sites.site[k].tally.exits == 2);
        exits += sites.site[k].tally.exits;
    }
    assert_int_equal(exits, 40000);
}

/* The name of a page: the low 12 bits are left out. */
static void by_page(void *context, const struct exit_site *s, char *buf,
                    size_t size)
{
    (void)context;
    snprintf(buf, size, "page %llx", (unsigned long long)s->pc >> 12);
}

static void sites_of_one_name_and_class_are_one_group(void **state)
{
    struct exit_group *g;
    size_t n;

    (void)state;
    count(0x2000, 0, 0, 0, 1);
    count(0x1000, 0, 0, 0, 1);
    count(0x1004, 0, 0, 0, 1);
    count(0x1008, 0, 0, 0, 1);
    count(0x1008, 0, 0, 0, 1);
    count(0x100c, 0, 7, 0, 2);
    g = exit_groups_make(&sites, by_page, NULL, &n);
    assert_int_equal(n, 3);
    assert_string_equal(g[0].name, "page 1");
    assert_int_equal(g[0].class, 1);
    assert_int_equal(g[0].tally.exits, 4);
    assert_int_equal(g[0].tally.ticks, 40);
    /* Those with as many exits: by class, then name. */
    assert_string_equal(g[1].name, "page 2");
    assert_int_equal(g[2].class, 2);
    free(g);
}

static void without_sites_there_are_no_groups(void **state)
{
    size_t n = 9;

    (void)state;
    assert_null(exit_groups_make(&sites, by_page, NULL, &n));
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(each_part_of_the_key_tells_sites_apart,
                                  forget),
        cmocka_unit_test_teardown(the_table_grows_and_keeps_what_it_has,
                                  forget),
        cmocka_unit_test_teardown(sites_of_one_name_and_class_are_one_group,
                                  forget),
        cmocka_unit_test_teardown(without_sites_there_are_no_groups, forget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
