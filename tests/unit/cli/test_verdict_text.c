/* A report as text: what a reader finds, and where. */
#include "cli/verdict_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/sample_report.h"

/* The report as text. The caller frees it. */
static char *write_report(struct verdict_report r, bool all, bool colour)
{
    char *text = NULL;
    size_t size;
    struct text_out o = { open_memstream(&text, &size), colour };

    verdict_text_write(o, &r, all);
    fclose(o.file);
    verdict_free(&r);
    return text;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no '%s' in:\n%s", part, text);
}

static void assert_has_not(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("'%s' in:\n%s", part, text);
}

static void the_verdict_is_the_first_line(void **state)
{
    char *text = write_report(sample_report(3, false), false, false);

    (void)state;
    assert_int_equal(strncmp(text, "not virtualizable: a sample\n", 28), 0);
    free(text);
}

static void a_sentence_about_the_subject_is_the_verdict(void **state)
{
    struct verdict_report r = sample_report(3, false);
    char *text;

    (void)state;
    r.sentence = "a sample is not virtualizable: popf does not trap.";
    text = write_report(r, false, false);
    assert_int_equal(
        strncmp(text, "a sample is not virtualizable: popf does not trap.\n\n",
                52),
        0);
    free(text);
    r = sample_report(3, false);
    r.sentence = "not virtualizable: popf.";
    text = write_report(r, false, false);
    assert_int_equal(
        strncmp(text, "not virtualizable: a sample\npopf.\n\n", 35), 0);
    free(text);
}

static void every_class_is_shown_and_the_innocuous_counted(void **state)
{
    char *text = write_report(sample_report(200, false), false, false);

    (void)state;
    assert_has(text, "violations (2)\n  popf ");
    assert_has(text, "  popf         -       -       -       yes 1   -       "
                     "-       yes 1\n");
    assert_has(text, "unknown (1)\n  cpuid        ?       -       ?");
    assert_has(text, "configurable (1)\n  rdtsc ");
    assert_has(text, "privileged (2)\n  2 alike:     yes ");
    assert_has(text, "\n    lgdt, hlt\n");
    assert_has(text, "always trap (1)\n  int3 ");
    assert_has(text, "innocuous (200): --all lists them\n");
    assert_has_not(text, "add.7");
    free(text);
    text = write_report(sample_report(200, false), true, false);
    assert_has(text, "innocuous (200)\n");
    assert_has(text, "  add.7 ");
    assert_has(text, "  hlt          yes ");
    assert_has_not(text, "alike");
    free(text);
}

static void what_is_only_sampled_says_so(void **state)
{
    char *text = write_report(sample_report(0, false), false, false);

    (void)state;
    assert_has(text, "- ~");
    assert_has(text, "~: held in all states tried, not proved.");
    assert_has(text, "1,234,567 states in 2.5 s");
    free(text);
}

static void reasons_conditions_and_theorems_are_said(void **state)
{
    char *text = write_report(sample_report(0, false), false, false);

    (void)state;
    assert_has(text, "popf: It writes IF in one mode and leaves it in the "
                     "other. Cure: rewriting, or");
    assert_has(text, "  yes     rdtsc traps in user mode: CR4.TSD makes it "
                     "trap. (proved)\n");
    assert_has(text, "  NO      popf traps in user mode: popf completes, and "
                     "does less. (witness 1)\n");
    assert_has(text, "  unknown cpuid can be made to trap\n");
    assert_has(text, "  NO      Theorem 1: popf and lsl");
    assert_has(text, "  unknown Theorem 3: cpuid");
    free(text);
}

static void a_witness_shows_both_sides_and_marks(void **state)
{
    char *text = write_report(sample_report(0, false), false, false);

    (void)state;
    assert_has(text, "Witness 1: popf, mode-sensitive\n  popf in user mode");
    assert_has(text, "    mode                        user                ");
    assert_has(text, "varied\n");
    assert_has(text, "DIFFERS\n");
    /* One side only: its columns, and no others. */
    assert_has(text, "              before  after\n    gdt.base  0x1000  "
                     "0x2000  DIFFERS\n");
    assert_has_not(text, "Witness 3");
    assert_has(text, "--all shows 1 more witness in full.");
    free(text);
    text = write_report(sample_report(0, false), true, false);
    assert_has(text, "Witness 3: wide, location-sensitive\n  does something");
    /* Too wide for columns. */
    assert_has(text, "      2 before  0xffeedd");
    free(text);
}

static void no_line_is_longer_than_100_columns(void **state)
{
    (void)state;
    for (unsigned all = 0; all < 2; all++) {
        char *text = write_report(sample_report(300, true), all, false);

        for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
            if (text_width(line) > TEXT_COLUMNS)
                fail_msg("too long: %s", line);
        free(text);
    }
}

static void nothing_hostile_reaches_the_terminal(void **state)
{
    char *text = write_report(sample_report(3, true), true, false);

    (void)state;
    for (const char *c = text; *c; c++)
        assert_true(*c == '\n' || (unsigned char)*c >= 0x20);
    free(text);
}

static void colour_changes_nothing_else(void **state)
{
    char *plain = write_report(sample_report(3, false), true, false);
    char *colour = write_report(sample_report(3, false), true, true);
    char *to = colour;

    (void)state;
    for (const char *from = colour; (*to = *from); from++)
        if (*from == '\033')
            from += strcspn(from, "m");
        else
            to++;
    assert_string_equal(plain, colour);
    free(plain);
    free(colour);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_is_the_first_line),
        cmocka_unit_test(a_sentence_about_the_subject_is_the_verdict),
        cmocka_unit_test(every_class_is_shown_and_the_innocuous_counted),
        cmocka_unit_test(what_is_only_sampled_says_so),
        cmocka_unit_test(reasons_conditions_and_theorems_are_said),
        cmocka_unit_test(a_witness_shows_both_sides_and_marks),
        cmocka_unit_test(no_line_is_longer_than_100_columns),
        cmocka_unit_test(nothing_hostile_reaches_the_terminal),
        cmocka_unit_test(colour_changes_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
