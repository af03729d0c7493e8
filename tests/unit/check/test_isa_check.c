/* Each definition on a machine so small that the answer is evident, decided by
   search, by Z3 and by both; and what is said where nothing is decided. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check/isa/check.h"
#include "check/isa/search.h"
#include "check/isa_parsed.h"

static const char machine[] =
    "isa \"small\";\n"
    "state {\n"
    "  mode m : bits(1) values { s = 0, u = 1 };\n"
    "  guest p : bits(1); guest a : bits(2);\n"
    "  mapping l : bits(1); memory E : bits(1)[2];\n"
    "  owned c : bits(2); setting T : bits(1) = 1;\n"
    "}\n"
    "guest s runs as u;\n"
    "guest view mem(n : bits(1)) = E[l + n];\n"
    "step { p := p + 1; }\n"
    "instruction ADD { a := a + 1; }\n"
    "instruction LOAD(n : bits(1)) { a := zero_extend(mem[n], 2); }\n"
    "instruction SVC { trap call; }\n"
    "instruction HALT { trap priv when m == u; c := 0; }\n"
    "instruction NEVER { trap priv when m == u || a == a; c := 0; }\n"
    "instruction ENTER { m := u; }\n"
    "instruction SETC { c := a; }\n"
    "instruction MODE { a := 0b0 @ m; }\n"
    "instruction QUIET { trap bad when m == s && a == 0; a := 1; }\n"
    "instruction WHERE { a := 0b0 @ l; }\n"
    "instruction FIXED { a := 0b0 @ E[0]; }\n"
    "instruction READC { a := c; }\n"
    "instruction CONFIG { trap priv when m == u && T == 1; a := c; }\n"
    "instruction HELD { if m == s || T == 0 { c := 0; } }\n"
    "instruction FAULTS { memory trap f when m == u; c := 0; }\n";

/* Which properties hold, in the order of enum property; and the class. */
static const struct {
    const char *name;
    const char holds[PROPERTIES + 1];
    enum insn_verdict verdict;
} expected[] = {
    /* privileged, always traps, control, mode, location, other, user */
    { "ADD", "-------", VERDICT_INNOCUOUS },
    { "LOAD", "-------", VERDICT_INNOCUOUS },
    { "SVC", "-a-----", VERDICT_ALWAYS_TRAPS },
    { "HALT", "p-c----", VERDICT_PRIVILEGED },
    { "NEVER", "-a-----", VERDICT_ALWAYS_TRAPS },
    { "ENTER", "--c----", VERDICT_VIOLATION },
    { "SETC", "--c---u", VERDICT_VIOLATION },
    { "MODE", "---m---", VERDICT_VIOLATION },
    { "QUIET", "---m---", VERDICT_VIOLATION },
    { "WHERE", "----l-u", VERDICT_VIOLATION },
    { "FIXED", "----l-u", VERDICT_VIOLATION },
    { "READC", "-----ou", VERDICT_VIOLATION },
    { "CONFIG", "-----ou", VERDICT_CONFIGURABLE },
    { "HELD", "--c----", VERDICT_VIOLATION }, /* user sensitive if T = 0 only */
    /* no pair is left in which u does not memory-trap */
    { "FAULTS", "p-c----", VERDICT_PRIVILEGED },
};

static struct verdict_report check_text(const char *text, bool search, bool z3)
{
    struct isa_model *m = isa_parsed(text);
    const struct isa_check_config c = { .seed = 7,
                                        .use_search = search,
                                        .use_z3 = z3 };
    struct verdict_report r;

    assert_int_equal(isa_check(m, &c, &r), STATUS_OK);
    isa_model_free(m); /* the report does not need it */
    return r;
}

static void compare(const struct verdict_report *r)
{
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct insn_result *row = isa_row(r, expected[i].name);

        for (unsigned p = 0; p < PROPERTIES; p++) {
            enum truth t = expected[i].holds[p] == '-' ? TRUTH_NO : TRUTH_YES;

            if (row->property[p].truth != t)
                fail_msg("%s is %s: %s", row->name,
                         property_name((enum property)p),
                         truth_name(row->property[p].truth));
        }
        if (row->verdict != expected[i].verdict)
            fail_msg("%s: %s", row->name, insn_verdict_name(row->verdict));
    }
}

static void test_definitions_by_search(void **state)
{
    struct verdict_report r = check_text(machine, true, false);

    (void)state;
    compare(&r);
    verdict_free(&r);
}

static void test_definitions_by_z3(void **state)
{
    struct verdict_report r = check_text(machine, false, true);

    (void)state;
    compare(&r);
    verdict_free(&r);
}

static void test_definitions_by_both(void **state)
{
    struct verdict_report r = check_text(machine, true, true);

    (void)state;
    compare(&r);
    verdict_free(&r);
}

/* Sensitive is shown by a state, not sensitive is proved for all. */
static void test_evidence(void **state)
{
    struct verdict_report r = check_text(machine, true, true);
    const struct insn_result *add = isa_row(&r, "ADD");
    const struct insn_result *setc = isa_row(&r, "SETC");

    (void)state;
    for (unsigned p = PROPERTY_CONTROL; p < PROPERTIES; p++)
        assert_int_equal(add->property[p].evidence, EVIDENCE_PROVED);
    assert_int_equal(setc->property[PROPERTY_CONTROL].evidence,
                     EVIDENCE_WITNESS);
    assert_int_equal(
        isa_row(&r, "HALT")->property[PROPERTY_PRIVILEGED].evidence,
        EVIDENCE_PROVED);
    assert_true(setc->property[PROPERTY_CONTROL].witness >= 0);
    verdict_free(&r);
}

/* A witness shows what it must, and little else. */
static void test_witness(void **state)
{
    struct verdict_report r = check_text(machine, true, true);
    const struct insn_result *row = isa_row(&r, "READC");
    const struct witness *w = &r.witness[row->property[PROPERTY_OTHER].witness];
    bool varied = false, differs = false;

    (void)state;
    assert_string_equal(w->insn, "READC");
    assert_in_range(w->items, 2, 3);
    for (size_t i = 0; i < w->items; i++) {
        varied |= w->item[i].varied && strcmp(w->item[i].name, "c") == 0;
        differs |= w->item[i].differs && strcmp(w->item[i].name, "a") == 0;
    }
    assert_true(varied);
    assert_true(differs);
    assert_non_null(strstr(w->sentence, "does not trap"));
    verdict_free(&r);
}

static void test_settings_are_named(void **state)
{
    struct verdict_report r = check_text(machine, true, true);

    (void)state;
    assert_string_equal(isa_row(&r, "CONFIG")->cure, "T = 1");
    verdict_free(&r);
}

/* The theorems, with and without what breaks them. */
static void test_theorems(void **state)
{
    char text[sizeof machine];
    struct verdict_report r = check_text(machine, true, true);

    (void)state;
    assert_int_equal(r.virtualizable, TRUTH_NO);
    assert_int_equal(r.theorem[0].holds, TRUTH_NO);
    assert_int_equal(r.theorem[2].holds, TRUTH_NO);
    verdict_free(&r);

    memcpy(text, machine, sizeof text); /* only what is innocuous or traps */
    *strstr(text, "instruction ENTER") = '\0';
    r = check_text(text, true, true);
    assert_int_equal(r.virtualizable, TRUTH_YES);
    assert_int_equal(r.theorem[0].evidence, EVIDENCE_PROVED);
    assert_int_equal(r.theorem[2].holds, TRUTH_YES);
    verdict_free(&r);

    memcpy(text, machine, sizeof text); /* and ENTER, not user sensitive */
    *strstr(text, "instruction SETC") = '\0';
    r = check_text(text, true, true);
    assert_int_equal(r.theorem[0].holds, TRUTH_NO);
    assert_int_equal(r.theorem[2].holds, TRUTH_YES);
    verdict_free(&r);
}

/* ---- where nothing is decided ---- */

/* The modes differ for the factors of a product of two large primes only. */
static const char hard[] =
    "isa \"hard\";\n"
    "state {\n"
    "  mode m : bits(1) values { s = 0, u = 1 };\n"
    "  guest a : bits(32); guest b : bits(32); guest c : bits(1);\n"
    "}\n"
    "guest s runs as u;\n"
    "function product() = zero_extend(a, 64) * zero_extend(b, 64);\n"
    "instruction MUL { if m == s && product() == 10471539384192744271 { c := "
    "~c; } }\n";

static void test_time_limit_is_unknown(void **state)
{
    struct isa_model *m = isa_parsed(hard);
    const struct isa_check_config c = { .seconds = 1,
                                        .use_search = true,
                                        .use_z3 = true };
    double start = isa_clock();
    struct verdict_report r;

    (void)state;
    assert_int_equal(isa_check(m, &c, &r), STATUS_OK);
    assert_true(isa_clock() - start < 5);
    assert_int_equal(r.insn[0].property[PROPERTY_MODE].truth, TRUTH_UNKNOWN);
    assert_int_equal(r.insn[0].property[PROPERTY_MODE].evidence, EVIDENCE_NONE);
    assert_int_equal(r.insn[0].verdict, VERDICT_UNDECIDED);
    assert_int_equal(r.virtualizable, TRUTH_UNKNOWN);
    assert_int_equal(r.theorem[0].holds, TRUTH_UNKNOWN);
    verdict_free(&r);
    isa_model_free(m);
}

static bool stop_at_once(void *context, size_t done, size_t of,
                         const struct isa_insn *last)
{
    (void)context;
    (void)done;
    (void)of;
    (void)last;
    return false;
}

static void test_ended_by_the_caller_is_unknown(void **state)
{
    struct isa_model *m = isa_parsed(machine);
    const struct isa_check_config c = { .use_search = true,
                                        .use_z3 = true,
                                        .progress = stop_at_once };
    struct verdict_report r;

    (void)state;
    assert_int_equal(isa_check(m, &c, &r), STATUS_OK);
    assert_int_equal(isa_row(&r, "ADD")->verdict, VERDICT_INNOCUOUS);
    assert_int_equal(isa_row(&r, "HALT")->verdict, VERDICT_UNDECIDED);
    verdict_free(&r);
    isa_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definitions_by_search),
        cmocka_unit_test(test_definitions_by_z3),
        cmocka_unit_test(test_definitions_by_both),
        cmocka_unit_test(test_evidence),
        cmocka_unit_test(test_witness),
        cmocka_unit_test(test_settings_are_named),
        cmocka_unit_test(test_theorems),
        cmocka_unit_test(test_time_limit_is_unknown),
        cmocka_unit_test(test_ended_by_the_caller_is_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
