/* --symbols FILE[@WORLD][+OFFSET]. */
#include "cli/symbol_setting.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void what_is_written_is_understood(void **state)
{
    static const struct {
        const char *text, *path, *world;
        uint64_t offset;
    } cases[] = {
        { "System.map", "System.map", "", 0 },
        { "a/b@server", "a/b", "server", 0 },
        { "a@2+0x1000", "a", "2", 0x1000 },
        { "a+0xffff", "a", "", 0xffff },
        { "a-0x10", "a", "", (uint64_t)-16 },
        { "System.map-6.12.1", "System.map-6.12.1", "", 0 },
        { "kernel-6", "kernel-6", "", 0 },
        { "user@host/a", "user@host/a", "", 0 },
        { "c++", "c++", "", 0 },
        { "a+0x", "a+0x", "", 0 },
        { "a@", "a@", "", 0 },
        { "@guest", "@guest", "", 0 },
        { "+0x10", "+0x10", "", 0 },
        { "odd@name@guest+0x0", "odd@name", "guest", 0 },
        { "a@longer-than-any-name", "a@longer-than-any-name", "", 0 },
    };

    (void)state;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        struct symbol_setting s;

        assert_true(symbol_setting(cases[k].text, &s));
        assert_string_equal(s.path, cases[k].path);
        assert_string_equal(s.world, cases[k].world);
        assert_true(s.offset == cases[k].offset);
    }
}

/* The level of the machine, or -1: it is not of that machine. */
static int level_of(const char *text, const struct symbol_machine *m)
{
    struct symbol_setting s;
    unsigned level;

    assert_true(symbol_setting(text, &s));
    return symbol_setting_is_for(&s, m, &level) ? (int)level : -1;
}

static void alone_a_world_is_a_level(void **state)
{
    const struct symbol_machine m = { .depth = 2 };

    (void)state;
    assert_int_equal(level_of("a", &m), 2);
    assert_int_equal(level_of("a@guest", &m), 2);
    assert_int_equal(level_of("a@bare", &m), 0);
    assert_int_equal(level_of("a@0", &m), 0);
    assert_int_equal(level_of("a@vm1", &m), 1);
    assert_int_equal(level_of("a@3", &m), -1);
    assert_int_equal(level_of("a@server", &m), -1);
    assert_int_equal(level_of("a@99999999999", &m), -1);
}

static void of_several_it_is_a_name_or_number(void **state)
{
    const struct symbol_machine m = { .depth = 1,
                                      .name = "server",
                                      .number = 2 };

    (void)state;
    assert_int_equal(level_of("a", &m), 1);
    assert_int_equal(level_of("a@server", &m), 1);
    assert_int_equal(level_of("a@2", &m), 1);
    assert_int_equal(level_of("a@vm2", &m), 1);
    assert_int_equal(level_of("a@1", &m), -1);
    assert_int_equal(level_of("a@bare", &m), -1);
    assert_int_equal(level_of("a@client", &m), -1);
}

static void who_is_not_there_is_said(void **state)
{
    const struct symbol_machine m[] = {
        { .depth = 1, .name = "one", .number = 1 },
        { .depth = 1, .name = "two", .number = 2 },
    };
    const struct option_list good = { { "a@two", "b@1", "c" }, 3 };
    const struct option_list bad = { { "a@two", "b@three" }, 2 };
    struct error e = { "" };

    (void)state;
    assert_int_equal(symbol_settings_check(&good, m, 2, &e), STATUS_OK);
    assert_int_equal(symbol_settings_check(&bad, m, 2, &e),
                     STATUS_BAD_ARGUMENT);
    assert_non_null(strstr(e.text, "'three'"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_understood),
        cmocka_unit_test(alone_a_world_is_a_level),
        cmocka_unit_test(of_several_it_is_a_name_or_number),
        cmocka_unit_test(who_is_not_there_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
