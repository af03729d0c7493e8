/* A report as JSON: that it is some, and has all that the report has. */
#include "cli/verdict_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/sample_report.h"

/* Two reports as JSON. The caller frees it. */
static char *write_reports(bool hostile)
{
    struct verdict_report r[2] = { sample_report(3, hostile),
                                   sample_report(0, hostile) };
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    r[1].virtualizable = TRUTH_UNKNOWN;
    verdict_json_write(out, r, 2);
    fclose(out);
    verdict_free(&r[0]);
    verdict_free(&r[1]);
    return text;
}

static void it_is_json_even_of_hostile_names(void **state)
{
    (void)state;
    for (unsigned hostile = 0; hostile < 2; hostile++) {
        char *text = write_reports(hostile);
        FILE *python = popen("python3 -c '\n"
                             "import json, sys\n"
                             "j = json.load(sys.stdin)\n"
                             "assert j[\"verdict\"] == \"not virtualizable\"\n"
                             "r = j[\"reports\"][0]\n"
                             "assert len(r[\"instructions\"]) == 10\n"
                             "assert len(r[\"witnesses\"]) == 3\n"
                             "assert len(r[\"theorems\"]) == 3\n"
                             "assert r[\"classes\"][\"innocuous\"] == 3\n'",
                             "w");

        assert_non_null(python);
        fputs(text, python);
        assert_int_equal(pclose(python), 0);
        free(text);
    }
}

static void all_that_the_report_has(void **state)
{
    static const char *const parts[] = {
        "\"verdict\":\"not virtualizable\"",
        "\"name\":\"a sample\",\"question\":\"sample.isa\"",
        "\"name\":\"popf\",\"encoding\":\"0x9d\",\"class\":\"violation\"",
        "\"mode-sensitive\":{\"truth\":\"yes\",\"evidence\":\"witness\","
        "\"witness\":1}",
        "\"state-sensitive\":{\"truth\":\"no\",\"evidence\":\"sampled\"}",
        "\"control-sensitive\":{\"truth\":\"unknown\",\"evidence\":\"none\"}",
        "\"cure\":\"CR4.TSD=1.\",\"encodings\":1,\"states\":0",
        "\"name\":\"eflags.IF\",\"before 1\":\"1\",\"after 1\":\"1\","
        "\"before 2\":\"1\",\"after 2\":\"0\",\"varied\":false,"
        "\"differs\":true",
        "\"replay\":\"witness popf\\u000amode user supervisor\\u000a\"",
        "\"name\":\"Theorem 1\",\"holds\":\"no\"",
        "\"instruction\":\"popf\",\"witness\":1",
        "\"seed\":0,\"states\":1234567,\"seconds\":2.500000",
        "\"virtualizable\":\"unknown\"",
    };
    char *text = write_reports(false);

    (void)state;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++)
        if (!strstr(text, parts[k]))
            fail_msg("no %s in %s", parts[k], text);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_json_even_of_hostile_names),
        cmocka_unit_test(all_that_the_report_has),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
