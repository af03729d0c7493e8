/*
 * The page of a verdict: well formed, nothing of it comes from elsewhere, and
 * no text becomes markup. `--write FILE NAME` writes a sample for tests that
 * look at it in a browser: "plain", "two" reports, "hostile", or "worst", all
 * of that and long.
 */
#include "ui/verdict_html.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/sample_report.h"

static void write_sample(FILE *out, const char *name)
{
    bool worst = strcmp(name, "worst") == 0;
    bool hostile = worst || strcmp(name, "hostile") == 0;
    unsigned innocuous = worst ? 400 : 5;
    struct verdict_report r[2] = { sample_report(innocuous, hostile),
                                   sample_report(1, hostile) };

    r[1].virtualizable = TRUTH_YES;
    r[1].subject = "another question";
    verdict_html_write(out, r, worst || strcmp(name, "two") == 0 ? 2 : 1);
    verdict_free(&r[0]);
    verdict_free(&r[1]);
}

/* The caller frees it. */
static char *page(const char *name)
{
    static char *text; /* static: else gcc 12 sees a dangling pointer to it */
    static size_t size;
    FILE *out = open_memstream(&text, &size);

    write_sample(out, name);
    fclose(out);
    return text;
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;

    while ((text = strstr(text, part))) {
        n++;
        text += strlen(part);
    }
    return n;
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no '%s' in:\n%s", part, text);
}

static void the_verdict_classes_and_cells_are_there(void **state)
{
    char *text = page("plain");

    (void)state;
    assert_has(text, "<title>Virtualizable? a sample</title>");
    assert_has(text, "<span class=\"sign\">✗</span> not virtualizable</p>");
    assert_has(text, "violations (2)</summary>");
    assert_has(text, "innocuous (5)</summary>");
    assert_has(text, "<td class=\"yes\"><a href=\"#r1w1\" title=\"mode-"
                     "sensitive: yes (witness 1)\">M</a></td>");
    assert_has(text, "<td class=\"no\"><span title=\"state-sensitive: no "
                     "(sampled)\">·~</span></td>");
    assert_has(text, "<td class=\"unknown\"><span title=\"control-sensitive: "
                     "unknown (none)\">?</span></td>");
    assert_has(text, "<b>Cure:</b> CR4.TSD=1.");
    assert_has(text, "<b>Theorem 1: does not hold.</b>");
    free(text);
}

static void every_link_has_its_witness(void **state)
{
    char *text = page("two");

    (void)state;
    for (const char *at = text; (at = strstr(at, "href=\"#")); at++) {
        char id[32];

        snprintf(id, sizeof id, "id=\"%.*s\"", (int)strcspn(at + 7, "\""),
                 at + 7);
        assert_has(text, id);
    }
    assert_int_equal(count(text, "<article id="), 6);
    free(text);
}

static void a_witness_marks_what_varied_and_what_differs(void **state)
{
    char *text = page("plain");

    (void)state;
    assert_has(text, "<tr class=\"varied \"><th scope=\"row\"><code>mode"
                     "</code> <span class=\"mark\">◆ varied</span></th><td>"
                     "<code>user</code></td><td><code>supervisor</code></td>");
    assert_has(text, "<span class=\"mark\">✗ differs</span></th><td><code>1"
                     "</code> <small>stays</small></td><td><code>1</code> "
                     "<span class=\"arrow\">→</span> <code>0</code></td>");
    assert_has(text, "<th scope=\"col\">state</th></tr>");
    free(text);
}

/* Names of elements that have no end. */
static bool is_void(const char *name, size_t n)
{
    return (n == 4 && memcmp(name, "meta", n) == 0) ||
           (n == 8 && memcmp(name, "!DOCTYPE", n) == 0);
}

/* Every element that is opened is closed, the last opened first. */
static void assert_well_formed(const char *text)
{
    const char *open[64];
    size_t depth = 0;

    for (const char *at = text; (at = strchr(at, '<')); at++) {
        bool end = at[1] == '/';
        const char *name = at + 1 + end;
        size_t n = strcspn(name, " >");

        assert_true(isalpha((unsigned char)*name) || *name == '!');
        if (end) {
            assert_true(depth > 0);
            depth--;
            assert_memory_equal(open[depth], name, n);
            assert_false(isalnum((unsigned char)open[depth][n]));
        } else if (!is_void(name, n)) {
            assert_true(depth < 64);
            open[depth++] = name;
        }
        at = strchr(at, '>');
        assert_non_null(at);
    }
    assert_int_equal(depth, 0);
}

static void all_pages_are_well_formed(void **state)
{
    static const char *const names[] = { "plain", "hostile", "two", "worst" };

    (void)state;
    for (size_t k = 0; k < 4; k++) {
        char *text = page(names[k]);

        assert_well_formed(text);
        free(text);
    }
}

static void no_text_becomes_markup(void **state)
{
    char *text = page("hostile"), *plain = page("plain");

    (void)state;
    assert_int_equal(count(text, "<script"), 1);
    assert_int_equal(count(text, "<b onclick"), 0);
    assert_int_equal(count(text, "onclick="), count(text, "onclick='x'&gt;"));
    assert_true(count(text, "&lt;script&gt;") > 10);
    assert_int_equal(count(text, "\033"), 0);
    /* As many attributes and elements as without. */
    assert_int_equal(count(text, "<article"), count(plain, "<article"));
    assert_int_equal(count(text, "<"), count(plain, "<"));
    free(text);
    free(plain);
}

static void nothing_comes_from_elsewhere(void **state)
{
    static const char *const words[] = { "http:",   "https:", "src=", "url(",
                                         "@import", "<link",  "<img" };
    char *text = page("plain");

    (void)state;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++)
        assert_int_equal(count(text, words[k]), 0);
    assert_has(text, "default-src 'none'");
    free(text);
}

/* The policy lets exactly this script run. */
static void the_policy_has_the_scripts_hash(void **state)
{
    char *text = page("plain");
    char *start = strstr(text, "<script>") + strlen("<script>");
    char hash[64] = "", policy[96];
    FILE *f = fopen(POGO_BUILD_DIR "/tests/verdict_script", "w");

    (void)state;
    fwrite(start, 1, (size_t)(strstr(start, "</script>") - start), f);
    fclose(f);
    f = popen("python3 -c 'import base64, hashlib, sys; print(base64.b64encode("
              "hashlib.sha256(open(sys.argv[1], \"rb\").read()).digest())"
              ".decode())' " POGO_BUILD_DIR "/tests/verdict_script",
              "r");
    assert_non_null(fgets(hash, sizeof hash, f));
    pclose(f);
    snprintf(policy, sizeof policy, "script-src 'sha256-%.44s'", hash);
    assert_has(text, policy);
    free(text);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_classes_and_cells_are_there),
        cmocka_unit_test(every_link_has_its_witness),
        cmocka_unit_test(a_witness_marks_what_varied_and_what_differs),
        cmocka_unit_test(all_pages_are_well_formed),
        cmocka_unit_test(no_text_becomes_markup),
        cmocka_unit_test(nothing_comes_from_elsewhere),
        cmocka_unit_test(the_policy_has_the_scripts_hash),
    };

    if (argc == 4 && strcmp(argv[1], "--write") == 0) {
        FILE *out = fopen(argv[2], "w");

        if (!out)
            return 1;
        write_sample(out, argv[3]);
        return fclose(out) != 0;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
