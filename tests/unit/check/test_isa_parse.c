/*
 * Descriptions that are wrong: each is refused with the line, the column and
 * a sentence that says what was expected. And what a right one becomes.
 */
#include "check/isa/isa_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Four lines that make the rest a whole description; they are in front. */
#define HEAD                                                                   \
    "isa \"test\"; const W = 4; feature f = 0;\n"                              \
    "state { mode m : bits(1) values { sup = 0, user = 1 }; "                  \
    "guest r : bits(8) fields { Z = 0, IPL = 6:4 }; guest a : bits(4)[4]; "    \
    "memory E : bits(8)[8]; owned o : bits(2); setting t : bits(1) = 1; }\n"   \
    "guest sup runs as user; guest view mem(n : bits(3)) = E[n];\n"            \
    "function inc(x : bits(8)) = x + 1; action set(x : bits(8)) { r := x; }\n"
#define LINE 5 /* of what follows */

struct refusal {
    const char *text; /* after HEAD */
    unsigned column;
    const char *says;
};

static const struct refusal refusals[] = {
    { "bogus", 1,
      "'bogus' was found where an item ('state', 'instruction', 'function', "
      "'guest', …) or the end was expected" },
    { "instruction I {", 16, "the text ends where '}' was expected" },
    { "instruction I { r := }", 22,
      "'}' was found where a value was expected" },
    { "instruction I { r := 5 }", 24, "'}' was found where ';' was expected" },
    { "instruction I { r = 5; }", 19, "'=' was found where ':=' was expected" },
    { "instruction I { r := 256; }", 22, "256 does not fit in bits(8)" },
    { "instruction I { r := o; }", 22,
      "this has 2 bits where bits(8) was expected" },
    { "instruction I { r := r + o; }", 26,
      "this has 2 bits where bits(8) was expected" },
    { "instruction I { r := q; }", 22, "'q' is not declared above" },
    { "instruction I { r := a; }", 22,
      "'a' is an array: an index in brackets was expected" },
    { "instruction I { r := 4 @ a[0]; }", 22,
      "how wide this number is cannot be told here: bits(8, 4) has 8 bits" },
    { "instruction I { r := r < r < r; }", 28,
      "'<' was found where '&&', '||' or the end of the expression was "
      "expected" },
    { "instruction I { r := r[8:1]; }", 24,
      "a bit number (to choose by value: (x >> n)[0]) is 0 to 7, not 8" },
    { "instruction I { r := r[o]; }", 24,
      "'o' is no constant: a bit number (to choose by value: (x >> n)[0]) was "
      "expected, which is a number" },
    { "instruction I { r.N := 1; }", 18,
      "'N' is not a field of what stands before it" },
    { "instruction I { trap t when r; }", 29,
      "this has 8 bits where bits(1) was expected" },
    { "instruction I { r := inc(); }", 22,
      "'inc' has more parameters: a value for 'x' was expected" },
    { "instruction I { r := inc(1, 2); }", 29,
      "')' was expected: 'inc' has 1 parameter" },
    { "instruction I { inc(1); }", 17,
      "'inc' is no action: an action or an assignment was expected" },
    { "instruction I { r := set(1); }", 22, "'set' is no function" },
    { "instruction I { r := match o { 0 => 1, 1 => 2 }; }", 40,
      "'else => value' was expected at the end: the patterns do not cover "
      "every value" },
    { "instruction I { r := signed(r); }", 22,
      "signed(…) stands only beside < <= > >= / % >>" },
    { "instruction I { let r = 0b1; }", 17,
      "'r' is declared already, in line 2: a name means one thing" },
    { "instruction I {} instruction I {}", 30,
      "the instruction 'I' is described already, in line 5" },
    { "instruction if {}", 13,
      "'if' is a word of the language: a name or a string was expected" },
    { "instruction I(r : bits(8)) {}", 15,
      "'r' is declared already, in line 2: a name means one thing" },
    { "instruction I requires W {}", 24, "'W' is no feature" },
    { "instruction \"I", 13,
      "this string does not end on its line: '\"' was expected" },
    { "instruction I { r := 0x; }", 22,
      "'0x' is not a number: 12, 0x1f and 0b101 are" },
    { "instruction I { r := 99999999999999999999; }", 22,
      "this number has more than 64 bits" },
    { "instruction I { r := $; }", 22, "'$' has no meaning in a description" },
    { "instruction I { note \"a\"; note \"b\"; }", 32,
      "this text is given twice" },
    { "state { owned x : bits(65); }", 24, "a width is 1 to 64, not 65" },
    { "state { owned x : bits(1)[3]; }", 27,
      "a length is a power of two, so that every index hits: 3 is none" },
    { "state { owned x : bits(1) = 1; }", 15,
      "only a setting is held at a value: 'x' is none" },
    { "state { setting x : bits(1); }", 17,
      "'= number' was expected: the value at which the monitor holds the "
      "setting 'x'" },
    { "state { mode x : bits(1) values { y = 0, z = 1 }; }", 14,
      "'m' is the mode already" },
    { "state { memory x : bits(1)[2]; }", 16, "'E' is the memory already" },
    { "guest user runs as king;", 20,
      "'king' is no mode that is declared above" },
    { "guest view w(n : bits(9)) = E[n[2:0]];", 12,
      "'mem' is the guest view already" },
    { "assume mem[0] == 0;", 8,
      "'mem' is a view, and cannot be used in an assumption" },
    { "function g(x : bits(1)) = h(x); function h(x : bits(1)) = x;", 27,
      "a function 'h' is not declared above" },
    { "function g(x : bits(1)) = g(x);", 27,
      "a function 'g' is not declared above" },
    { "on trap { trap t; }", 11,
      "a trap cannot be taken here: this is within 'on trap', where nothing "
      "can trap" },
    { "variant \"v\" { W = 1; }", 15,
      "'W' is no feature that is declared above" },
    { "", 0, "no instruction is described" },
};

static enum status parse(const char *text, const char *variant,
                         struct isa_model **m, struct isa_error *e)
{
    return isa_model_parse("test.isa", text, strlen(text), variant, m, e);
}

static void check_refusal(const struct refusal *r)
{
    char text[2048] = HEAD;
    struct isa_model *m = NULL;
    struct isa_error e = { 0, 0, "" };
    bool on_trap = strncmp(r->text, "on trap", 7) == 0;

    strcat(text, r->text);
    if (on_trap) /* looked at when all else is known */
        strcat(text, " instruction I {}");
    assert_int_equal(parse(text, NULL, &m, &e), STATUS_BAD_FORMAT);
    assert_string_equal(e.text, r->says);
    assert_int_equal(e.line, r->column ? LINE : 0);
    assert_int_equal(e.column, r->column);
}

static void test_wrong_text_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        check_refusal(&refusals[i]);
}

static void test_a_description_needs_mode_and_guest(void **state)
{
    struct isa_model *m = NULL;
    struct isa_error e;

    (void)state;
    assert_int_equal(parse("instruction I {}", NULL, &m, &e),
                     STATUS_BAD_FORMAT);
    assert_string_equal(e.text,
                        "'instruction' was found where 'isa' was expected");
    assert_int_equal(parse("isa \"x\"; instruction I {}", NULL, &m, &e),
                     STATUS_BAD_FORMAT);
    assert_string_equal(e.text, "no state element has the role 'mode'");
    assert_int_equal(parse("isa \"x\"; state { mode m : bits(1) values { s = "
                           "0, u = 1 }; } instruction I {}",
                           NULL, &m, &e),
                     STATUS_BAD_FORMAT);
    assert_string_equal(e.text,
                        "no mode is said to run as another: 'guest supervisor "
                        "runs as user;' was expected");
}

static void test_nesting_and_growth_are_bounded(void **state)
{
    char text[8192] = HEAD "instruction I { r := ";
    struct isa_model *m = NULL;
    struct isa_error e;

    (void)state;
    for (unsigned i = 0; i < 1000; i++)
        strcat(text, "(");
    assert_int_equal(parse(text, NULL, &m, &e), STATUS_BAD_FORMAT);
    assert_non_null(strstr(e.text, "nested too deeply"));

    strcpy(text, HEAD "function g0(x : bits(8)) = inc(x);\n");
    for (unsigned i = 1; i < 40; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text),
                 "function g%u(x : bits(8)) = g%u(x) * g%u(x + 1);\n", i, i - 1,
                 i - 1);
    assert_int_equal(parse(text, NULL, &m, &e), STATUS_BAD_FORMAT);
    assert_string_equal(e.text, "functions and actions that use one another "
                                "make too much of this");
}

static void test_a_view_access_becomes_a_memory_trap_under_its_condition(
    void **state)
{
    struct isa_model *m = NULL;
    struct isa_error e;
    const struct isa_insn *i;
    const struct isa_body *b;
    const char *text =
        HEAD "view low(n : bits(3)) = E[n] faults limit when n >= 4;"
             "instruction I(n : bits(3)) {"
             "  trap first when m == user;"
             "  r := if n == 7 then low[n - 4] else low[n];"
             "}";

    (void)state;
    assert_int_equal(parse(text, NULL, &m, &e), STATUS_OK);
    i = isa_find_insn(m, "I");
    assert_non_null(i);
    b = &i->body;
    assert_int_equal(b->traps, 3);
    assert_string_equal(b->trap[0].name, "first");
    assert_int_equal(b->trap[0].kind, ISA_TRAP);
    assert_string_equal(b->trap[1].name, "limit");
    assert_int_equal(b->trap[1].kind, ISA_TRAP_MEMORY);
    assert_int_equal(b->updates, 1);
    assert_int_equal(m->trap_names, 2);
    isa_model_free(m);
}

static void test_variants_choose_features_and_guests(void **state)
{
    const char *text = HEAD
        "variant \"v\" title \"another\" { f = 1; guest user runs as sup; }"
        "instruction I requires f {} instruction J { if f == 1 { r := 1; "
        "} }";
    struct isa_model *m = NULL;
    struct isa_error e;

    (void)state;
    assert_int_equal(parse(text, NULL, &m, &e), STATUS_OK);
    assert_string_equal(m->name, "test");
    assert_int_equal(m->variants, 2);
    assert_null(isa_find_insn(m, "I"));
    assert_int_equal(isa_find_insn(m, "J")->body.updates, 0);
    assert_string_equal(m->mode_value[m->top].name, "sup");
    isa_model_free(m);

    assert_int_equal(parse(text, "v", &m, &e), STATUS_OK);
    assert_string_equal(m->name, "another");
    assert_non_null(isa_find_insn(m, "I"));
    assert_int_equal(isa_find_insn(m, "J")->body.updates, 1);
    assert_string_equal(m->mode_value[m->top].name, "user");
    isa_model_free(m);

    assert_int_equal(parse(text, "w", &m, &e), STATUS_BAD_ARGUMENT);
    assert_string_equal(e.text,
                        "there is no variant \"w\", but \"default\", \"v\"");
}

static void test_a_family_has_a_row_for_each_name(void **state)
{
    struct isa_model *m = NULL;
    struct isa_error e;
    const struct isa_insn *i;

    (void)state;
    assert_int_equal(parse(HEAD "instruction A, B, \"C d\"(k : bits(2)) { "
                                "a[k] := row; }",
                           NULL, &m, &e),
                     STATUS_OK);
    assert_int_equal(m->insns, 3);
    i = isa_find_insn(m, "C d");
    assert_non_null(i);
    assert_true(i->body.update[0].value == ast_const(m->pool, 4, 2));
    isa_model_free(m);
}

static void test_files_that_cannot_be_read_are_said_so(void **state)
{
    struct isa_model *m = NULL;
    struct isa_error e;

    (void)state;
    assert_int_equal(isa_parse_file("/nonexistent/x.isa", NULL, &m, &e),
                     STATUS_IO);
    assert_string_equal(e.text, "cannot be opened: No such file or directory");
    assert_int_equal(
        isa_parse_file(POGO_SOURCE_DIR "/examples/isa/paper.isa", NULL, &m, &e),
        STATUS_OK);
    isa_model_free(m);
}

/* The page's first description: its lines are indented by four. */
static void test_the_example_of_the_page_is_a_description(void **state)
{
    FILE *f = fopen(POGO_SOURCE_DIR "/docs/isa-language.md", "r");
    struct isa_model *m = NULL;
    char line[512], text[4096] = "";
    struct isa_error e;
    bool inside = false;

    (void)state;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        inside = inside || strstr(line, "    isa \"") == line;
        if (inside && line[0] != ' ' && line[0] != '\n')
            break;
        if (inside)
            strncat(text, line, sizeof text - strlen(text) - 1);
    }
    fclose(f);
    assert_int_equal(parse(text, NULL, &m, &e), STATUS_OK);
    assert_string_equal(m->name, "PDP-10, in short");
    assert_int_equal(m->insns, 3);
    assert_non_null(isa_find_insn(m, "JRST 1"));
    isa_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_text_is_refused_with_its_place),
        cmocka_unit_test(test_a_description_needs_mode_and_guest),
        cmocka_unit_test(test_nesting_and_growth_are_bounded),
        cmocka_unit_test(
            test_a_view_access_becomes_a_memory_trap_under_its_condition),
        cmocka_unit_test(test_variants_choose_features_and_guests),
        cmocka_unit_test(test_a_family_has_a_row_for_each_name),
        cmocka_unit_test(test_files_that_cannot_be_read_are_said_so),
        cmocka_unit_test(test_the_example_of_the_page_is_a_description),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
