/* The picture of exits: XML that a reader takes, with what was measured. */
#include "ui/exits_svg.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct efficiency e;

/* A measurement of `intervals` intervals, with all classes, and a gap. */
static void make(unsigned intervals)
{
    e = (struct efficiency){
        .ns_per_tick = 0.5, .direct = 1000000, .outside = 5000, .last = 1200000
    };
    series_init(&e.series);
    for (unsigned k = 0; k < intervals; k++) {
        if (k % 5 == 4)
            continue;
        series_direct(&e.series, k * 1000ull, 900);
        for (unsigned c = 0; c < EXIT_CLASSES; c++) {
            series_exit(&e.series, k * 1000ull + 950, c, c < 5);
            e.class[c].exits++;
            e.class[c].ticks += 100;
        }
    }
}

/* The picture of e. The caller frees it. */
static char *draw(const char *title, double at_least)
{
    const struct exits_picture p = { .title = title,
                                     .verdict = "holds: <a> & \"b\"",
                                     .at_least = at_least,
                                     .efficiency = &e };
    char *buf = NULL;
    size_t size;
    FILE *out = open_memstream(&buf, &size);

    exits_svg_write(out, &p);
    fclose(out);
    return buf;
}

/* The length of an element's name. */
static size_t name_length(const char *s)
{
    return strcspn(s, " \t\n/>");
}

/* Every element that is opened is closed, the last opened first; '&' begins a
   reference. */
static void assert_well_formed(const char *s)
{
    const char *open[64];
    unsigned depth = 0;

    for (; *s; s++) {
        if (*s == '&')
            assert_true(
                strncmp(s, "&amp;", 5) == 0 || strncmp(s, "&lt;", 4) == 0 ||
                strncmp(s, "&gt;", 4) == 0 || strncmp(s, "&quot;", 6) == 0);
        if (*s != '<')
            continue;
        if (s[1] == '/') {
            size_t n = name_length(s + 2);

            assert_true(depth > 0);
            depth--;
            assert_int_equal(name_length(open[depth]), n);
            assert_memory_equal(open[depth], s + 2, n);
        } else if (s[1] != '?') {
            const char *end = strchr(s, '>');

            assert_true(isalpha((unsigned char)s[1]));
            assert_non_null(end);
            assert_true(depth < 64);
            if (end[-1] != '/')
                open[depth++] = s + 1;
        }
    }
    assert_int_equal(depth, 0);
}

static void assert_sound(const char *svg)
{
    assert_well_formed(svg);
    assert_null(strstr(svg, "nan"));
    assert_null(strstr(svg, "NaN"));
    assert_null(strstr(svg, "inf"));
    assert_null(strstr(svg, "<script"));
    assert_null(strstr(svg, "href"));
}

static void is_well_formed_for_runs_of_any_length(void **state)
{
    static const unsigned lengths[] = { 0, 1, 2, 5, 399, 400, 401, 5000 };

    (void)state;
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        char *svg;

        make(lengths[k]);
        svg = draw("a guest", 99);
        assert_sound(svg);
        free(svg);
    }
}

static void nothing_measured_is_no_division_by_zero(void **state)
{
    char *svg;

    (void)state;
    e = (struct efficiency){ 0 };
    series_init(&e.series);
    svg = draw("nothing", 100);
    assert_sound(svg);
    free(svg);
    series_direct(&e.series, 0, 10); /* and never an exit */
    svg = draw("nothing", 0);
    assert_sound(svg);
    free(svg);
}

static void text_is_escaped(void **state)
{
    char *svg;

    (void)state;
    make(3);
    svg = draw("a <guest> & \"more\"", 99);
    assert_sound(svg);
    assert_non_null(strstr(svg, "a &lt;guest&gt; &amp; &quot;more&quot;"));
    assert_non_null(strstr(svg, "holds: &lt;a&gt; &amp; &quot;b&quot;"));
    free(svg);
}

static unsigned occurrences(const char *s, const char *what)
{
    unsigned n = 0;

    for (; (s = strstr(s, what)) != NULL; s++)
        n++;
    return n;
}

static void each_class_has_an_area_and_a_row_of_the_legend(void **state)
{
    char *svg, text[80];

    (void)state;
    make(20);
    svg = draw("a guest", 99);
    for (unsigned c = 0; c < EXIT_CLASSES; c++) {
        snprintf(text, sizeof text, "<title>%s</title></path>",
                 exit_class_name(c));
        assert_int_equal(occurrences(svg, text), 1);
        snprintf(text, sizeof text, "class=\"entry\">%s</text>",
                 exit_class_name(c));
        assert_int_equal(occurrences(svg, text), 1);
    }
    free(svg);
    e.class[EXIT_CLASS_MEMORY] = (struct tally){ 0 };
    svg = draw("a guest", 99);
    assert_null(strstr(svg, "class=\"entry\">memory access<"));
    free(svg);
}

/* The numbers behind a path's V (upright) commands. */
static double highest_point(const char *path)
{
    const char *end = strchr(path, 'Z');
    double least = 1e9;

    for (; path < end; path++)
        if (*path == 'V' && atof(path + 1) < least)
            least = atof(path + 1);
    return least;
}

static void no_area_leaves_its_panel(void **state)
{
    char *svg;
    const char *at;

    (void)state;
    make(100);
    svg = draw("a guest", 99.5);
    for (at = svg; (at = strstr(at, " d=\"M")) != NULL; at++)
        assert_true(highest_point(at) >= 149.9);
    free(svg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_well_formed_for_runs_of_any_length),
        cmocka_unit_test(nothing_measured_is_no_division_by_zero),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(each_class_has_an_area_and_a_row_of_the_legend),
        cmocka_unit_test(no_area_leaves_its_panel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
