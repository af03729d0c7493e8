/* The options of `pogo run`: what they mean, and what is said of bad ones. */
#include "cli/run_settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct run_settings settings;
static struct error error;

/* Arguments end with NULL; "run" is put before them. */
static enum status parse(const char *first, ...)
{
    char *argv[24] = { "run" };
    int argc = 1;
    va_list args;

    va_start(args, first);
    for (const char *a = first; a && argc < 24; a = va_arg(args, char *))
        argv[argc++] = (char *)a;
    va_end(args);
    error.text[0] = '\0';
    return run_settings_parse(&settings, argc, argv, &error);
}

/* One sentence that holds `part`. */
static void says(enum status s, const char *part)
{
    assert_int_equal(s, STATUS_BAD_ARGUMENT);
    assert_null(strchr(error.text, '\n'));
    if (!strstr(error.text, part))
        fail_msg("\"%s\" does not say \"%s\"", error.text, part);
}

static void without_options_there_are_defaults(void **state)
{
    (void)state;
    assert_int_equal(parse(NULL), STATUS_OK);
    assert_int_equal(settings.depth, 0);
    assert_int_equal(settings.memory, 256 << 20);
    assert_int_equal(settings.harts, 1);
    assert_true(settings.until == UINT64_MAX);
    assert_true(settings.isa_set.ext == isa_default().ext);
    assert_false(settings.clock_host);
    assert_string_equal(settings.console, "-");
}

static void values_follow_a_space_or_an_equals_sign(void **state)
{
    (void)state;
    assert_int_equal(parse("--depth", "2", "--memory=1G", "--append",
                           "a=b --c", "--harts=8", NULL), STATUS_OK);
    assert_int_equal(settings.depth, 2);
    assert_int_equal(settings.memory, 1 << 30);
    assert_string_equal(settings.append, "a=b --c");
    assert_int_equal(settings.harts, 8);
    assert_int_equal(parse("--append=x=y", "--until", "0x10", NULL),
                     STATUS_OK);
    assert_string_equal(settings.append, "x=y");
    assert_int_equal(settings.until, 16);
}

static void sizes_have_suffixes(void **state)
{
    static const struct { const char *text; uint64_t bytes; } good[] = {
        { "1048576", 1 << 20 }, { "2048K", 2 << 20 }, { "64m", 64 << 20 },
        { "2G", UINT64_C(2) << 30 }, { "64G", UINT64_C(64) << 30 },
    };

    (void)state;
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        assert_int_equal(parse("--memory", good[k].text, NULL), STATUS_OK);
        assert_int_equal(settings.memory, good[k].bytes);
    }
}

static void bad_sizes_are_told(void **state)
{
    static const char *const bad[] = {
        "", "M", "-1M", "256X", "256MM", "1K", "65G", "0x", "1.5G", " 1G",
        "99999999999999999999", "18446744073709551615G",
        "17179869185G", /* 1G, modulo 2^64 */
    };

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        says(parse("--memory", bad[k], NULL), "--memory must be a size from "
             "1M to 64G");
    says(parse("--memory", "1048577", NULL), "multiple of 4K");
}

static void bad_numbers_are_told(void **state)
{
    (void)state;
    says(parse("--depth", "5", NULL), "from 0 to 4, not '5'");
    says(parse("--depth", "-1", NULL), "not '-1'");
    says(parse("--harts", "0", NULL), "from 1 to 8");
    says(parse("--harts", "9", NULL), "from 1 to 8");
    says(parse("--harts", "two", NULL), "not 'two'");
    says(parse("--until", "1e9", NULL), "not '1e9'");
    says(parse("--timeout", "0", NULL), "--timeout");
    says(parse("--timeout", "nan", NULL), "--timeout");
    says(parse("--timeout", "1s", NULL), "--timeout");
}

static void unknown_and_incomplete_options_are_told(void **state)
{
    (void)state;
    says(parse("--memroy", "1G", NULL), "no option '--memroy'");
    says(parse("--", NULL), "no option '--'");
    says(parse("--mem=1G", NULL), "no option '--mem=1G'");
    says(parse("Image", NULL), "not 'Image'");
    says(parse("-m", NULL), "not '-m'");
    says(parse("--kernel", NULL), "--kernel needs a value: --kernel none|FILE");
    says(parse("--hash=yes", NULL), "--hash takes no value");
    says(parse("--clock", "wall", NULL), "count or host, not 'wall'");
    says(parse("--stats=xml", NULL), "text or json, not 'xml'");
}

static void stats_takes_its_value_with_an_equals_sign_only(void **state)
{
    (void)state;
    assert_int_equal(parse("--stats", "--hash", NULL), STATUS_OK);
    assert_string_equal(settings.stats, "text");
    assert_true(settings.hash);
    assert_int_equal(parse("--stats=json", NULL), STATUS_OK);
    assert_string_equal(settings.stats, "json");
}

static void lists_collect_up_to_their_bound(void **state)
{
    char *argv[40] = { "run" };

    (void)state;
    assert_int_equal(parse("--initrd", "a", "--initrd=b", NULL), STATUS_OK);
    assert_int_equal(settings.initrd.count, 2);
    assert_string_equal(settings.initrd.text[1], "b");
    for (int k = 1; k < 40; k++)
        argv[k] = "--initrd=x";
    says(run_settings_parse(&settings, 40, argv, &error), "16 times at most");
    says(parse("--disk=1", "--disk=2", "--disk=3", "--disk=4", "--disk=5",
               "--disk=6", "--disk=7", "--disk=8", NULL), "7 times at most");
}

static void an_unknown_extension_is_pointed_at(void **state)
{
    (void)state;
    says(parse("--isa", "rv64imac_zfoo", NULL), "zfoo'");
    says(parse("--isa", "rv32i", NULL), "--isa 'rv32i'");
    says(parse("--isa", "", NULL), "--isa ''");
    assert_int_equal(parse("--isa", "rv64imac", NULL), STATUS_OK);
    assert_false(isa_has(&settings.isa_set, EXT_D));
}

static void a_log_needs_a_virtual_machine(void **state)
{
    (void)state;
    says(parse("--log", "exits", NULL), "needs --depth 1");
    says(parse("--log", "exit", "--depth", "1", NULL), "exits=FILE");
    says(parse("--log", "exits=", "--depth", "1", NULL), "exits=FILE");
    assert_int_equal(parse("--log=exits=f", "--depth", "1", NULL), STATUS_OK);
    assert_string_equal(settings.log_to.file, "f");
    assert_int_equal(parse("--log=exits", "--depth", "1", NULL), STATUS_OK);
    assert_string_equal(settings.log_to.file, "");
}

static void a_disk_may_be_read_only(void **state)
{
    char path[16];
    bool read_only;

    (void)state;
    assert_true(disk_setting("a,b,ro", path, sizeof path, &read_only));
    assert_string_equal(path, "a,b");
    assert_true(read_only);
    assert_true(disk_setting("disk.img", path, sizeof path, &read_only));
    assert_false(read_only);
    assert_true(disk_setting("disk.img,rw", path, sizeof path, &read_only));
    assert_string_equal(path, "disk.img");
    assert_false(disk_setting(",ro", path, sizeof path, &read_only));
    assert_false(disk_setting("a,qcow2", path, sizeof path, &read_only));
    assert_false(disk_setting("", path, sizeof path, &read_only));
    assert_false(disk_setting("sixteen letters!", path, sizeof path,
                              &read_only));
    says(parse("--disk", "a,snapshot", NULL), "FILE,ro");
}

static void nothing_to_run_is_told(void **state)
{
    (void)state;
    says(parse("--bios", "none", NULL), "nothing to run");
    says(parse("--bios=none", "--kernel=none", NULL), "nothing to run");
    assert_int_equal(parse("--bios=none", "--kernel=x", NULL), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_there_are_defaults),
        cmocka_unit_test(values_follow_a_space_or_an_equals_sign),
        cmocka_unit_test(sizes_have_suffixes),
        cmocka_unit_test(bad_sizes_are_told),
        cmocka_unit_test(bad_numbers_are_told),
        cmocka_unit_test(unknown_and_incomplete_options_are_told),
        cmocka_unit_test(stats_takes_its_value_with_an_equals_sign_only),
        cmocka_unit_test(lists_collect_up_to_their_bound),
        cmocka_unit_test(an_unknown_extension_is_pointed_at),
        cmocka_unit_test(a_log_needs_a_virtual_machine),
        cmocka_unit_test(a_disk_may_be_read_only),
        cmocka_unit_test(nothing_to_run_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
