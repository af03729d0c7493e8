/* Machine files: what they mean, and what is said of those that mean nothing.
 */
#include "cli/fleet_plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char path[] = "/tmp/folder/some.conf";
static struct machine_file file;
static struct run_settings all, one;
static struct error error;

static enum status parse(const char *text)
{
    struct image i = image_of(path, text, strlen(text));

    machine_file_free(&file);
    memset(error.text, 0, sizeof error.text);
    return machine_file_parse(&file, path, &i, &error);
}

/* The settings of machine `i`. */
static enum status apply(unsigned i)
{
    enum status s;

    run_settings_default(&all);
    s = machine_file_apply_head(&file, &all, &error);
    one = all;
    return s == STATUS_OK ? machine_file_apply(&file, i, &one, &error) : s;
}

static int teardown(void **state)
{
    (void)state;
    machine_file_free(&file);
    return 0;
}

static void test_sections_override_the_head(void **state)
{
    (void)state;
    assert_int_equal(parse("# a comment\n\nmemory = 64M\n  harts=2\r\n"
                           "initrd = base\nhash\nstats\n"
                           "[a]\nharts = 4\ninitrd = own\n"
                           "append = console=ttyS0 root=/dev/vda # no comment\n"
                           "[b-2]\nweight = 7\n[c]"),
                     STATUS_OK);
    assert_int_equal(file.machines, 3);
    assert_string_equal(file.name[0], "a");
    assert_string_equal(file.name[1], "b-2");
    assert_int_equal(apply(0), STATUS_OK);
    assert_int_equal(one.memory, 64 << 20);
    assert_int_equal(one.harts, 4);
    assert_true(one.hash);
    assert_string_equal(one.stats, "text");
    assert_int_equal(one.initrd.count, 2);
    assert_string_equal(one.append, "console=ttyS0 root=/dev/vda # no comment");
    assert_int_equal(apply(1), STATUS_OK);
    assert_int_equal(one.harts, 2);
    assert_int_equal(one.initrd.count, 1);
    assert_int_equal(one.weight, 7);
    assert_int_equal(apply(2), STATUS_OK);
    assert_int_equal(one.weight, 1);
}

static void test_files_are_those_of_its_folder(void **state)
{
    (void)state;
    assert_int_equal(parse("[a]\nkernel = Image\nbios = none\ndisk = d.img,ro\n"
                           "initrd = /abs/initrd\nconsole = -\ninput = keys\n"
                           "share = shared,ro\n"
                           "[b]\nkernel = none\nbios = opensbi\n"
                           "console = pty\ndisk = /d.img,overlay=o.img\n"),
                     STATUS_OK);
    assert_int_equal(apply(0), STATUS_OK);
    assert_string_equal(one.kernel, "/tmp/folder/Image");
    assert_string_equal(one.bios, "none");
    assert_string_equal(one.disk.text[0], "/tmp/folder/d.img,ro");
    assert_string_equal(one.initrd.text[0], "/abs/initrd");
    assert_string_equal(one.console, "-");
    assert_string_equal(one.input, "/tmp/folder/keys");
    assert_string_equal(one.share, "/tmp/folder/shared,ro");
    assert_int_equal(apply(1), STATUS_OK);
    assert_string_equal(one.kernel, "none");
    assert_string_equal(one.bios, "opensbi");
    assert_string_equal(one.console, "pty");
    assert_string_equal(one.disk.text[0], "/d.img,overlay=/tmp/folder/o.img");
}

static void test_refusals_name_file_line_and_what_was_expected(void **state)
{
    static const struct {
        const char *text, *line, *says;
    } bad[] = {
        { "", "some.conf", "begin each with a line [name]" },
        { "memory = 1M\n", "some.conf", "begin each with a line [name]" },
        { "[a]\nspeed = 1\n", ":2:", "'speed' is no word" },
        { "[a]\n\n--harts = 1\n", ":3:", "without dashes" },
        { "[a]\nharts\n", ":2:", "needs a value" },
        { "[a]\nharts = 9\n", ":2:", "harts must be a number from 1 to 8" },
        { "[a]\nhash\n", ":2:", "before the first [name]" },
        { "[a]\ndepth = 2\n", ":2:", "before the first [name]" },
        { "hash = yes\n[a]\n", ":1:", "hash takes no value" },
        { "vms = 2\n[a]\n", ":1:", "on the command line only" },
        { "[a]\nconfig = x\n", ":2:", "on the command line only" },
        { "[a]\n[a]\n", ":2:", "the name of two machines" },
        { "[a b]\n", ":1:", "write [name]" },
        { "[]\n", ":1:", "write [name]" },
        { "[abcdefghijklmnop]\n", ":1:", "1 to 15" },
        { "[a\n", ":1:", "write [name]" },
        { "[a]\nweight = 0\n", ":2:", "weight must be a number from 1 to" },
        { "clock = wall\n[a]\n", ":1:", "clock must be count or host" },
    };

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        enum status s = parse(bad[k].text);

        if (s == STATUS_OK)
            s = apply(0);
        assert_int_equal(s, STATUS_BAD_FORMAT);
        if (!strstr(error.text, bad[k].line) ||
            !strstr(error.text, bad[k].says) || !strstr(error.text, path))
            fail_msg("'%s' says '%s'", bad[k].text, error.text);
    }
}

static void test_at_most_64_machines(void **state)
{
    char text[1024] = "";

    (void)state;
    for (unsigned i = 0; i < 65; i++)
        snprintf(text + strlen(text), 16, "[m%u]\n", i);
    assert_int_equal(parse(text), STATUS_BAD_FORMAT);
    assert_non_null(strstr(error.text, ":65: 'm64' is one machine too many"));
}

static void test_it_is_text(void **state)
{
    struct image i = image_of(path, "[a]\n\0harts", 10);

    (void)state;
    machine_file_free(&file);
    assert_int_equal(machine_file_parse(&file, path, &i, &error),
                     STATUS_BAD_FORMAT);
    assert_non_null(strstr(error.text, "is not text"));
}

/* ---- with the command line ---- */

static struct fleet_plan plan;

static enum status make(char *const *argv)
{
    int argc = 0;

    while (argv[argc])
        argc++;
    fleet_plan_free(&plan);
    return fleet_plan_make(&plan, run_options_table, "run", argc, argv, &all,
                           &error);
}

static void test_the_command_line_overrides_the_head(void **state)
{
    char name[] = "/tmp/pogo-test-XXXXXX";
    int fd = mkstemp(name);
    FILE *f = fdopen(fd, "w");

    (void)state;
    assert_non_null(f);
    fputs("depth = 3\nharts = 2\n[a]\nharts = 3\n[b]\n", f);
    fclose(f);
    assert_int_equal(make((char *[]){ "run", "--depth", "2", "--harts", "4",
                                      "--config", name, NULL }),
                     STATUS_OK);
    assert_int_equal(plan.machines, 2);
    assert_int_equal(plan.all.depth, 2);
    assert_int_equal(plan.machine[0].settings.harts, 3);
    assert_int_equal(plan.machine[1].settings.harts, 4);
    assert_int_equal(make((char *[]){ "run", "--config", name, NULL }),
                     STATUS_OK);
    assert_int_equal(plan.all.depth, 3);
    assert_int_equal(plan.machine[1].settings.harts, 2);
    unlink(name);
    fleet_plan_free(&plan);
    plan = (struct fleet_plan){ 0 };
}

static void test_copies(void **state)
{
    (void)state;
    assert_int_equal(make((char *[]){ "run", "--vms", "3", NULL }), STATUS_OK);
    assert_int_equal(plan.machines, 3);
    assert_int_equal(plan.all.depth, 1);
    assert_string_equal(plan.machine[2].name, "vm3");
    fleet_plan_free(&plan);
    plan = (struct fleet_plan){ 0 };
}

static void refuses(char *const *argv, const char *says)
{
    assert_int_not_equal(make(argv), STATUS_OK);
    if (!strstr(error.text, says))
        fail_msg("it says '%s'", error.text);
    fleet_plan_free(&plan);
    plan = (struct fleet_plan){ 0 };
}

static void test_what_several_cannot_have(void **state)
{
    char *disk[] = { "run", "--vms", "2", "--disk", "/proc/self/exe", NULL };
    char *shared[] = {
        "run", "--vms", "2", "--disk", "/proc/self/exe,ro", NULL
    };

    (void)state;
    refuses((char *[]){ "run", "--vms", "2", "--depth", "0", NULL },
            "--depth 0 has no monitor");
    refuses((char *[]){ "run", "--vms", "2", "--config", "x", NULL },
            "exclude each other");
    refuses((char *[]){ "run", "--vms", "2", "--dump-dtb", "x", NULL },
            "--dump-dtb is for one machine");
    refuses((char *[]){ "run", "--config", "/nowhere", NULL }, "/nowhere");
    refuses(disk, "only read-only");
    assert_int_equal(make(shared), STATUS_OK);
    fleet_plan_free(&plan);
    plan = (struct fleet_plan){ 0 };
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sections_override_the_head),
        cmocka_unit_test(test_files_are_those_of_its_folder),
        cmocka_unit_test(test_refusals_name_file_line_and_what_was_expected),
        cmocka_unit_test(test_at_most_64_machines),
        cmocka_unit_test(test_it_is_text),
        cmocka_unit_test(test_the_command_line_overrides_the_head),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_what_several_cannot_have),
    };

    return cmocka_run_group_tests(tests, NULL, teardown);
}
