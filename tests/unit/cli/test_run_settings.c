/* The options of `pogo run`: what they mean, and what is said of bad ones. */
#include "cli/run_settings.h"
#include "cli/share_setting.h"

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

static void networks_that_cannot_be_are_told(void **state)
{
    (void)state;
    says(parse("--net", "wire", NULL), "none, switch or user, not 'wire'");
    says(parse("--net", "switch", NULL), "a machine alone hears nobody");
    says(parse("--net", "user", NULL), "for 'pogo run' and 'pogo top'");
    run_settings_default(&settings);
    settings.outside = true;
    settings.net = "user,restrict";
    settings.disk = (struct option_list){ { "a", "b", "c", "d", "e" }, 5 };
    assert_int_equal(run_settings_check(&settings, &error), STATUS_OK);
    assert_int_equal(settings.net_to.kind, NET_USER);
    assert_true(settings.net_to.user.restricted);
    settings.disk.text[settings.disk.count++] = "f";
    says(run_settings_check(&settings, &error), "room for 5 disks, not 6");
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

static void a_disk_may_be_read_only_or_have_an_overlay(void **state)
{
    static char long_path[PATH_MAX + 8];
    struct disk_setting d;

    (void)state;
    assert_true(disk_setting("a,b,ro", &d));
    assert_string_equal(d.path, "a,b");
    assert_true(d.read_only);
    assert_true(disk_setting("disk.img", &d));
    assert_false(d.read_only);
    assert_string_equal(d.overlay, "");
    assert_true(disk_setting("disk.img,rw", &d));
    assert_string_equal(d.path, "disk.img");
    assert_true(disk_setting("disk.img,overlay=changes", &d));
    assert_string_equal(d.path, "disk.img");
    assert_string_equal(d.overlay, "changes");
    assert_false(d.read_only);
    assert_false(disk_setting("a,overlay=", &d));
    assert_false(disk_setting("a,overlay=b,ro", &d));
    assert_false(disk_setting("a,overlay=b,overlay=c", &d));
    assert_false(disk_setting(",ro", &d));
    assert_false(disk_setting("a,qcow2", &d));
    assert_false(disk_setting("", &d));
    memset(long_path, 'x', sizeof long_path - 1);
    assert_false(disk_setting(long_path, &d));
    says(parse("--disk", "a,snapshot", NULL), "FILE,ro");
    says(parse("--disk", "a", "--disk", "a,ro", NULL), "of its own");
    assert_int_equal(parse("--disk", "a,ro", "--disk", "a,ro", NULL),
                     STATUS_OK);
}

static void a_shared_folder_may_be_read_only(void **state)
{
    static char long_path[PATH_MAX + 8];
    struct share_setting d;

    (void)state;
    assert_true(share_setting("folder", &d));
    assert_string_equal(d.path, "folder");
    assert_false(d.read_only);
    assert_true(share_setting("folder,ro", &d));
    assert_string_equal(d.path, "folder");
    assert_true(d.read_only);
    assert_true(share_setting("a,b,rw", &d));
    assert_string_equal(d.path, "a,b");
    assert_false(d.read_only);
    assert_false(share_setting("a,b", &d));
    assert_false(share_setting(",ro", &d));
    assert_false(share_setting("", &d));
    memset(long_path, 'x', sizeof long_path - 1);
    assert_false(share_setting(long_path, &d));
    says(parse("--share", "a,readonly", NULL), "DIR,ro");
    assert_int_equal(parse("--share", "a", "--share=b,ro", NULL), STATUS_OK);
    assert_string_equal(settings.share, "b,ro");
}

static void a_port_has_a_name_and_a_place(void **state)
{
    static const char *const bad[] = {
        "",      "log",        "=file",     "log=",        "a/b=file",
        "..=f",  "a b=file",   "log=unix:", ".hidden=pty", "\xc3\xa4=pty",
        "0123456789012345678901234567890123456789012345678901234567890123x=f",
    };

    (void)state;
    assert_int_equal(parse("--port", "log=file", "--port=org.qemu-agent_0=pty",
                           "--port", "talk=unix:a=b", NULL), STATUS_OK);
    assert_int_equal(settings.port.count, 3);
    assert_int_equal(parse("--port", "a=pty", "--port", "b=pty", NULL),
                     STATUS_OK);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        says(parse("--port", bad[k], NULL), "NAME=FILE, NAME=pty or");
    says(parse("--port", "a=f", "--port", "a=g", NULL), "the name 'a'");
    assert_int_equal(parse("--port", "a=f", "--port", "ab=g", NULL),
                     STATUS_OK);
    says(parse("--port", "a=f", "--port", "b=f", NULL), "are at 'f'");
    says(parse("--port", "a=1", "--port", "b=2", "--port", "c=3", "--port",
               "d=4", NULL), "3 times at most");
    says(parse("--port", "a=f", "--disk=1", "--disk=2", "--disk=3", "--disk=4",
               "--disk=5", "--disk=6", "--disk=7", NULL), "room for 6 disks");
}

static void a_balloon_has_sizes_at_counts(void **state)
{
    static const char *const bad[] = {
        "", "lots", "1M@", "@5", "1M@1e9", "1M,soft", "1M,oom,oom", "-1M",
        "1M@5@6", ",oom", "99999999999999999999",
    };
    const struct balloon_plan *p = &settings.balloon_plan;

    (void)state;
    assert_int_equal(parse(NULL), STATUS_OK);
    assert_int_equal(p->steps, 0);
    assert_int_equal(parse("--balloon", "64M", "--balloon", "0@5000",
                           "--balloon=256M@0x10", NULL), STATUS_OK);
    assert_int_equal(p->steps, 3);
    assert_false(p->oom);
    assert_int_equal(p->step[0].pages, 16384);
    assert_int_equal(p->step[0].count, 0);
    assert_int_equal(p->step[1].pages, 0);
    assert_int_equal(p->step[1].count, 5000);
    assert_int_equal(p->step[2].pages, 65536);
    assert_int_equal(p->step[2].count, 16);
    assert_int_equal(parse("--balloon", "8K@7,oom", NULL), STATUS_OK);
    assert_true(p->oom && p->step[0].pages == 2 && p->step[0].count == 7);
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        says(parse("--balloon", bad[k], NULL), "SIZE, SIZE@COUNT");
    says(parse("--balloon", "257M", NULL), "not more than the guest's memory");
    says(parse("--balloon", "5000", NULL), "multiple of 4K");
}

static void nothing_to_run_is_told(void **state)
{
    (void)state;
    says(parse("--bios", "none", NULL), "nothing to run");
    says(parse("--bios=none", "--kernel=none", NULL), "nothing to run");
    assert_int_equal(parse("--bios=none", "--kernel=x", NULL), STATUS_OK);
}

/* The same for a command that can show a screen. */
static enum status parse_screen(const char *option, const char *value,
                                const char *other)
{
    char *argv[] = { "run", (char *)option, (char *)value, (char *)other };

    error.text[0] = '\0';
    run_settings_default(&settings);
    settings.screen = true;
    if (options_parse(run_options_table, "run", other ? 4 : 3, argv, &settings,
                      &error) != STATUS_OK)
        return STATUS_BAD_ARGUMENT;
    return run_settings_check(&settings, &error);
}

static void a_screen_has_a_size_and_perhaps_a_window(void **state)
{
    static const struct {
        const char *text;
        bool window;
        uint32_t width, height;
    } good[] = {
        { "none", false, 1024, 768 },
        { "sdl", true, 1024, 768 },
        { "none,size=640x480", false, 640, 480 },
        { "sdl,size=16x4096", true, 16, 4096 },
    };
    static const char *const bad[] = {
        "",                 "vga",              "sdl,",
        "none ",            "sdlx",             "none,size=",
        "none,size=640",    "none,size=640x",   "none,size=x480",
        "none,size=15x480", "none,size=640x4097", "none,size=640x480x",
        "none,size=-1x480", "none,size=640 x480", "none,size=640x480,",
        "none,size=99999999999999999999x480",
    };

    (void)state;
    for (size_t k = 0; k < sizeof good / sizeof *good; k++) {
        assert_int_equal(parse_screen("--display", good[k].text, NULL),
                         STATUS_OK);
        assert_int_equal(settings.display_set.window, good[k].window);
        assert_int_equal(settings.display_set.width, good[k].width);
        assert_int_equal(settings.display_set.height, good[k].height);
    }
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++)
        says(parse_screen("--display", bad[k], NULL),
             "--display must be sdl or none, and may end with a size from "
             "16x16 to 4096x4096 such as ',size=800x600'");
}

static void a_screen_is_only_where_it_can_be_shown(void **state)
{
    (void)state;
    says(parse("--display", "none", NULL), "--display is only for 'pogo run'");
    says(parse("--screenshot=a.png", NULL), "--screenshot is only for");
    says(parse("--keys", "k", NULL), "--keys is only for");
    says(parse_screen("--keys", "k", NULL), "--keys needs a keyboard");
    assert_int_equal(parse_screen("--keys", "k", "--display=none"), STATUS_OK);
    assert_int_equal(parse_screen("--keys", "k", "--screenshot=a.png"),
                     STATUS_OK);
    assert_int_equal(settings.display_set.height, 768);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_options_there_are_defaults),
        cmocka_unit_test(values_follow_a_space_or_an_equals_sign),
        cmocka_unit_test(sizes_have_suffixes),
        cmocka_unit_test(bad_sizes_are_told),
        cmocka_unit_test(bad_numbers_are_told),
        cmocka_unit_test(networks_that_cannot_be_are_told),
        cmocka_unit_test(unknown_and_incomplete_options_are_told),
        cmocka_unit_test(stats_takes_its_value_with_an_equals_sign_only),
        cmocka_unit_test(lists_collect_up_to_their_bound),
        cmocka_unit_test(an_unknown_extension_is_pointed_at),
        cmocka_unit_test(a_log_needs_a_virtual_machine),
        cmocka_unit_test(a_disk_may_be_read_only_or_have_an_overlay),
        cmocka_unit_test(a_shared_folder_may_be_read_only),
        cmocka_unit_test(a_port_has_a_name_and_a_place),
        cmocka_unit_test(a_balloon_has_sizes_at_counts),
        cmocka_unit_test(nothing_to_run_is_told),
        cmocka_unit_test(a_screen_has_a_size_and_perhaps_a_window),
        cmocka_unit_test(a_screen_is_only_where_it_can_be_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
