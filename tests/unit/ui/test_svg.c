/* Numbers, steps and text as pictures show them. */
#include "ui/svg.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void numbers_have_at_most_three_digits_and_a_unit(void **state)
{
    static const struct {
        double v;
        const char *text;
    } rows[] = {
        { 0, "0" },
        { 7, "7" },
        { 0.25, "0.25" },
        { 12.34, "12.3" },
        { 999, "999" },
        { 999.7, "1 k" },
        { 1000, "1 k" },
        { 12345, "12.3 k" },
        { 123456, "123 k" },
        { 2.5e6, "2.5 M" },
        { 718342946, "718 M" },
        { 3e9, "3 G" },
        { 4e15, "4000 T" },
    };
    char buf[SVG_NUMBER];

    (void)state;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        assert_string_equal(svg_number(rows[k].v, buf), rows[k].text);
    assert_string_equal(svg_time(1500, buf), "1.5 µs");
    assert_string_equal(svg_time(2.79e9, buf), "2.79 s");
    assert_true(strlen(svg_number(1e300, buf)) < SVG_NUMBER);
}

static void steps_are_round(void **state)
{
    static const double steps[][3] = {
        { 100, 5, 20 },  { 8800, 6, 2000 }, { 1, 4, 0.5 },     { 0.7, 4, 0.2 },
        { 1e9, 8, 2e8 }, { 0, 5, 1 },       { 1000, 10, 100 },
    };

    (void)state;
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        double got = svg_step(steps[k][0], (unsigned)steps[k][1]);

        assert_true(got > steps[k][2] * 0.999 && got < steps[k][2] * 1.001);
    }
}

/* What a function writes. The caller frees it. */
static char *written(unsigned width, unsigned lines, const char *text)
{
    char *buf = NULL;
    size_t size;
    FILE *out = open_memstream(&buf, &size);

    if (width)
        svg_paragraph(out, 0, 0, 10, width, lines, "x", text);
    else
        svg_escape(out, text);
    fclose(out);
    return buf;
}

static void what_xml_reserves_is_escaped(void **state)
{
    char *s = written(0, 0, "a<b> & \"c\"\n\x01");

    (void)state;
    assert_string_equal(s, "a&lt;b&gt; &amp; &quot;c&quot;  ");
    free(s);
}

static unsigned lines_in(const char *s)
{
    unsigned n = 0;

    for (; (s = strstr(s, "<text")) != NULL; s++)
        n++;
    return n;
}

static void a_paragraph_is_broken_at_spaces(void **state)
{
    char *s = written(9, 5, "one two three four");

    (void)state;
    assert_int_equal(lines_in(s), 3);
    assert_non_null(strstr(s, ">one two<"));
    assert_non_null(strstr(s, ">three<"));
    assert_non_null(strstr(s, ">four<"));
    free(s);
    s = written(9, 2, "one two three four");
    assert_int_equal(lines_in(s), 2);
    assert_non_null(strstr(s, ">three …<"));
    free(s);
    s = written(3, 5, "αβγδε");
    assert_non_null(strstr(s, ">αβγ<"));
    assert_non_null(strstr(s, ">δε<"));
    free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_at_most_three_digits_and_a_unit),
        cmocka_unit_test(steps_are_round),
        cmocka_unit_test(what_xml_reserves_is_escaped),
        cmocka_unit_test(a_paragraph_is_broken_at_spaces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
