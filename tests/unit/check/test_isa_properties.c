/*
 * Each definition on instructions that are made to have it or not to have it.
 * The machine is so small that all its states are tried; Z3 must say the same.
 */
#include "check/isa/properties.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check/isa/search.h"
#include "check/isa/z3_solver.h"

#define HEAD                                                                   \
    "isa \"small\"; state { mode m : bits(1) values { sup = 0, user = 1 };"    \
    "guest r : bits(2); guest q : bits(1)[mode]; owned o : bits(2);"           \
    "setting t : bits(1) = 1; mapping base : bits(1);"                         \
    "memory E : bits(1)[2]; } guest sup runs as user;"                         \
    "guest view mem(n : bits(1)) = E[base + n];"

/* The properties in the order of enum property: p(rivileged), t(raps always),
   c(ontrol), m(ode), l(ocation), o(ther), u(ser); '-' where it is not so. */
struct sample {
    const char *body, *properties;
    const char *pinned; /* with the setting held; NULL: the same */
};

static const struct sample samples[] = {
    { "r := r + 1;", "-------", NULL },
    { "trap p when m == user; o := r;", "p-c----", NULL },
    { "trap p when m == user; r := o;", "p----o-", NULL },
    { "trap p when m == user; trap q when r == 0; o := 1;", "p-c----", NULL },
    { "trap always;", "-t-----", NULL },
    { "trap p when m == user && r != 0; o := 1;", "--c---u", NULL },
    { "o := r;", "--c---u", NULL },
    { "o := o;", "-------", NULL },
    { "if m == sup { o := r; }", "--c----", NULL },
    { "m := user;", "--c----", NULL },
    { "base := 0;", "--c---u", NULL },
    { "r := zero_extend(m, 2);", "---m---", NULL },
    { "r := o;", "-----ou", NULL },
    { "r := 0b0 @ base;", "----l-u", NULL },
    /* banks go with the mode that they stand for */
    { "q[m] := r[0];", "-------", NULL },
    { "r := 0b0 @ q[m];", "-------", NULL },
    { "q[user] := r[0];", "---m---", NULL },
    { "r := 0b0 @ q[user];", "---m---", NULL },
    /* memory through the mapping, and past it */
    { "mem[0] := r[0];", "-------", NULL },
    { "r := 0b0 @ mem[r[1]];", "-------", NULL },
    { "r := 0b0 @ E[0];", "----l-u", NULL },
    { "E[r[0]] := r[1];", "----l-u", NULL },
    { "if m == sup { E[0] := 1; }", "---ml--", NULL },
    /* a trap that the guest should get, and does not */
    { "trap q when m == sup; r := r + 1;", "---m---", NULL },
    { "trap q when m == sup && r == 0; r := r + 1;", "---m---", NULL },
    /* memory traps are left out */
    { "memory trap f when m == sup; r := r + 1;", "-------", NULL },
    { "trap p when m == user; memory trap f when r == 0; o := 1;", "p-c----",
      NULL },
    { "memory trap f when r == 0; trap p when m == user; o := 1;", "p-c----",
      NULL },
    /* the first trap that holds decides of which kind it is */
    { "trap q when m == sup; memory trap f when m == sup;", "---m---", NULL },
    { "memory trap f when m == sup; trap q when m == sup;", "-------", NULL },
    /* a setting makes it trap, or does not */
    { "trap p when m == user && t == 1; r := o;", "-----ou", "p----o-" },
    { "trap p when m == user && t == 0; r := o;", "-----ou", "-----ou" },
    { "r := 0b0 @ t;", "-----ou", "-----ou" },
    { "t := 0;", "--c---u", "--c---u" },
};

static enum isa_answer by_z3(struct isa_z3 *z, const struct isa_model *m,
                             const struct isa_query *q)
{
    enum status status = STATUS_OK;
    struct isa_assignment a;
    enum isa_answer answer;

    assert_int_equal(isa_assignment_new(m, &a), STATUS_OK);
    answer = isa_z3_decide(z, q, 10, &a, &status);
    assert_int_equal(status, STATUS_OK);
    isa_assignment_free(&a);
    return answer;
}

static enum isa_answer by_exhaustion(const struct isa_model *m,
                                     const struct isa_query *q)
{
    struct isa_search s = { .model = m, .random = 1, .exhaust = 1 << 22 };
    enum status status = STATUS_OK;
    struct isa_assignment a;
    enum isa_answer answer;

    assert_int_equal(isa_assignment_new(m, &a), STATUS_OK);
    answer = isa_search(&s, q, &a, &status);
    assert_int_equal(status, STATUS_OK);
    isa_assignment_free(&a);
    return answer;
}

/* "p-c----", as above. */
static void decide(struct isa_model *m, uint32_t pinned, char *text)
{
    struct isa_query query[ISA_MAX_QUERIES];
    enum isa_answer answer[ISA_MAX_QUERIES];
    struct isa_z3 *z = isa_z3_new(m);
    enum truth truth;
    size_t n;

    assert_non_null(z);
    for (unsigned p = 0; p < PROPERTIES; p++) {
        n = isa_queries(m, &m->insn[0], (enum property)p, pinned, query);
        for (size_t i = 0; i < n; i++) {
            answer[i] = by_exhaustion(m, &query[i]);
            assert_int_not_equal(answer[i], ISA_OPEN);
            assert_int_equal(by_z3(z, m, &query[i]), answer[i]);
        }
        truth = isa_property_truth(query, answer, n);
        text[p] = truth == TRUTH_YES ? "ptcmlou"[p] : '-';
    }
    text[PROPERTIES] = '\0';
    isa_z3_free(z);
}

static struct isa_model *parse(const char *head, const char *body)
{
    struct isa_model *m = NULL;
    struct isa_error e;
    char text[2048];

    snprintf(text, sizeof text, "%s instruction I { %s }", head, body);
    assert_int_equal(isa_model_parse("t", text, strlen(text), NULL, &m, &e),
                     STATUS_OK);
    return m;
}

static void expect(const char *head, const struct sample *s)
{
    struct isa_model *m = parse(head, s->body);
    char text[PROPERTIES + 1];

    decide(m, 0, text);
    if (strcmp(text, s->properties) != 0)
        print_message("of '%s':\n", s->body);
    assert_string_equal(text, s->properties);
    decide(m, 1, text);
    if (strcmp(text, s->pinned ? s->pinned : s->properties) != 0)
        print_message("of '%s', with the setting held:\n", s->body);
    assert_string_equal(text, s->pinned ? s->pinned : s->properties);
    isa_model_free(m);
}

static void definitions_hold_where_they_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        expect(HEAD, &samples[i]);
}

/* The PDP-10's executive mode is not relocated: in the virtual machine the
   relocation is such that nothing moves. */
static void a_view_may_depend_on_the_mode(void **state)
{
    static const char head[] =
        "isa \"small\"; state { mode m : bits(1) values { sup = 0, user = 1 };"
        "guest r : bits(1); mapping base : bits(1); memory E : bits(1)[2]; }"
        "guest sup runs as user; guest view mem(n : bits(1)) ="
        "E[if m == user then base + n else n];";
    static const struct sample of[] = {
        { "r := mem[0];", "-------", NULL },
        { "mem[r] := 1;", "-------", NULL },
        { "r := base;", "---ml-u", NULL }, /* the mapping must differ */
        { "r := E[0];", "----l-u", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        expect(head, &of[i]);
}

/* Kernel runs as executive, executive as user: three modes, two pairs. */
static void every_mode_is_run_by_its_own(void **state)
{
    static const char head[] =
        "isa \"rings\"; state { mode m : bits(2) values { k = 0, e = 1, u = 3 "
        "}; guest r : bits(2); owned o : bits(1); }"
        "guest k runs as e; guest e runs as u; guest u runs as u;";
    static const struct sample of[] = {
        { "trap p when m != k; o := r[0];", "p-c----", NULL },
        { "trap p when m == u; o := r[0];", "--c---u", NULL },
        { "trap p when m == e; o := r[0];", "--cm--u", NULL },
        { "r := m;", "---m---", NULL },
        { "r := if m == k then 1 else 0;", "---m---", NULL },
        { "r := if m == 2 then 1 else 0;", "-------", NULL },
    };

    (void)state;
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        expect(head, &of[i]);
}

/* Two states that a witness shows differ in what the query varies, only. */
static void a_witness_is_whole_and_plain(void **state)
{
    struct isa_model *m = parse(HEAD, "r := o; q[m] := mem[0];");
    struct isa_query query[ISA_MAX_QUERIES];
    struct isa_search s = { .model = m, .random = 7, .states = 10000 };
    enum status status = STATUS_OK;
    struct isa_assignment a;
    unsigned differ = 0;

    (void)state;
    assert_int_equal(isa_queries(m, &m->insn[0], PROPERTY_OTHER, 0, query), 1);
    assert_int_equal(isa_assignment_new(m, &a), STATUS_OK);
    assert_int_equal(isa_search(&s, query, &a, &status), ISA_SAT);
    assert_int_equal(isa_minimise(m, query, &a), STATUS_OK);
    for (size_t i = 0; i < m->state_words; i++)
        differ += a.side[0][i] != a.side[1][i];
    assert_int_equal(differ, 1);
    assert_int_not_equal(a.side[0][isa_find_element(m, "o")->offset],
                         a.side[1][isa_find_element(m, "o")->offset]);
    isa_assignment_free(&a);
    isa_model_free(m);
}

/* Random states do not prove: what they leave open is said to be open. */
static void a_sample_is_no_proof(void **state)
{
    struct isa_model *m = parse(HEAD, "r := r + 1; o := o;");
    struct isa_query query[ISA_MAX_QUERIES];
    struct isa_search s = { .model = m, .random = 7, .states = 100 };
    enum status status = STATUS_OK;
    struct isa_assignment a;

    (void)state;
    assert_int_equal(isa_queries(m, &m->insn[0], PROPERTY_PRIVILEGED, 0, query),
                     2);
    assert_int_equal(isa_assignment_new(m, &a), STATUS_OK);
    query[0].formula = ast_eq(
        m->pool, ast_state(m->pool, m->element[1], 0),
        ast_unary(m->pool, AST_NOT, ast_state(m->pool, m->element[1], 0)));
    assert_int_equal(isa_search(&s, query, &a, &status), ISA_OPEN);
    assert_int_equal(s.tried, 100);
    isa_assignment_free(&a);
    isa_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_hold_where_they_should),
        cmocka_unit_test(a_view_may_depend_on_the_mode),
        cmocka_unit_test(every_mode_is_run_by_its_own),
        cmocka_unit_test(a_witness_is_whole_and_plain),
        cmocka_unit_test(a_sample_is_no_proof),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
