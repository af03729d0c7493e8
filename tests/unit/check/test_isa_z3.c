/* Z3 against trying everything, on machines made at random: they must agree on
   every property of every instruction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/isa/check.h"
#include "check/isa_parsed.h"

#define MACHINES     12
#define INSTRUCTIONS 4

struct maker {
    FILE *out;
    uint64_t random;
};

static unsigned pick(struct maker *m, unsigned of)
{
    m->random ^= m->random << 13;
    m->random ^= m->random >> 7;
    m->random ^= m->random << 17;
    return (unsigned)(m->random >> 33) % of;
}

static void value(struct maker *m, unsigned depth);

static void condition(struct maker *m, unsigned depth)
{
    static const char *const compare[] = { "==", "<", "!=" };

    switch (pick(m, depth ? 5 : 3)) {
    case 0:
        fputs("m == u", m->out);
        break;
    case 1:
        fputs("T == 1", m->out);
        break;
    case 2:
        fprintf(m->out, "a == %u", pick(m, 4));
        break;
    case 3:
        fputc('(', m->out);
        condition(m, depth - 1);
        fputs(pick(m, 2) ? " && " : " || ", m->out);
        condition(m, depth - 1);
        fputc(')', m->out);
        break;
    default:
        value(m, depth - 1);
        fprintf(m->out, " %s ", compare[pick(m, 3)]);
        value(m, depth - 1);
        break;
    }
}

/* Of two bits, in brackets where it is more than a name. */
static void value(struct maker *m, unsigned depth)
{
    static const char *const leaf[] = { "a", "c", "(0b0 @ l)", "(0b0 @ m)",
                                        "(T @ l)" };
    static const char *const sign[] = { "+", "-", "&", "^", "*", "/" };

    switch (pick(m, depth ? 6 : 3)) {
    case 0:
    case 1:
        fputs(leaf[pick(m, 5)], m->out);
        break;
    case 2:
        fprintf(m->out, "(0b0 @ %s[%s])", pick(m, 2) ? "mem" : "E",
                pick(m, 2) ? "n" : "l");
        break;
    case 3:
        fputs("(if ", m->out);
        condition(m, depth - 1);
        fputs(" then ", m->out);
        value(m, depth - 1);
        fputs(" else ", m->out);
        value(m, depth - 1);
        fputc(')', m->out);
        break;
    default:
        fputc('(', m->out);
        value(m, depth - 1);
        fprintf(m->out, " %s ", sign[pick(m, 6)]);
        value(m, depth - 1);
        fputc(')', m->out);
        break;
    }
}

static void update(struct maker *m)
{
    static const char *const target[] = { "a",   "a",        "c",
                                          "{l}", "{mem[n]}", "{m}" };
    const char *t = target[pick(m, 6)];

    if (*t != '{') {
        fprintf(m->out, "%s := ", t);
        value(m, 2);
    } else { /* of one bit */
        fprintf(m->out, "%.*s := ", (int)strlen(t) - 2, t + 1);
        value(m, 2);
        fputs("[0]", m->out);
    }
    fputs("; ", m->out);
}

static void instruction(struct maker *m, unsigned number)
{
    fprintf(m->out, "instruction I%u(n : bits(1)) { ", number);
    if (pick(m, 2)) {
        fprintf(m->out, "%strap t when ", pick(m, 4) ? "" : "memory ");
        condition(m, 2);
        fputs("; ", m->out);
    }
    update(m);
    if (pick(m, 2)) {
        fputs("if ", m->out);
        condition(m, 1);
        fputs(" { ", m->out);
        update(m);
        fputs("} ", m->out);
    }
    fputs("}\n", m->out);
}

/* The caller frees. */
static char *make_machine(uint64_t seed)
{
    char *text = NULL;
    size_t size;
    struct maker m = { open_memstream(&text, &size),
                       seed * UINT64_C(0x9e3779b97f4a7c15) + 1 };

    assert_non_null(m.out);
    fputs("isa \"random\";\n"
          "state { mode m : bits(1) values { s = 0, u = 1 };\n"
          "  guest a : bits(2); mapping l : bits(1); memory E : bits(1)[2];\n"
          "  owned c : bits(2); setting T : bits(1) = 1; }\n"
          "guest s runs as u;\n",
          m.out);
    fprintf(m.out, "guest view mem(n : bits(1)) = E[l %c n]%s;\n",
            pick(&m, 2) ? '+' : '&',
            pick(&m, 2) ? "" : " faults bound when n > l");
    for (unsigned i = 0; i < INSTRUCTIONS; i++)
        instruction(&m, i);
    assert_int_equal(fclose(m.out), 0);
    return text;
}

static struct verdict_report check(const char *text, bool z3)
{
    struct isa_model *m = isa_parsed(text);
    const struct isa_check_config c = { .use_search = !z3, .use_z3 = z3 };
    struct verdict_report r;

    if (isa_check(m, &c, &r) != STATUS_OK)
        fail_msg("the check failed on\n%s", text);
    isa_model_free(m);
    return r;
}

static void compare(const char *text)
{
    struct verdict_report by_z3 = check(text, true);
    struct verdict_report by_trying = check(text, false);

    for (size_t i = 0; i < INSTRUCTIONS; i++) {
        const struct insn_result *z = &by_z3.insn[i], *t = &by_trying.insn[i];

        for (unsigned p = 0; p < PROPERTIES; p++)
            if (z->property[p].truth != t->property[p].truth ||
                z->property[p].truth == TRUTH_UNKNOWN)
                fail_msg("%s of %s: Z3 says %s, trying all says %s\n%s",
                         property_name((enum property)p), z->name,
                         truth_name(z->property[p].truth),
                         truth_name(t->property[p].truth), text);
        if (z->verdict != t->verdict)
            fail_msg("%s: %s and %s\n%s", z->name,
                     insn_verdict_name(z->verdict),
                     insn_verdict_name(t->verdict), text);
    }
    verdict_free(&by_z3);
    verdict_free(&by_trying);
}

static void test_agrees_with_trying_all(void **state)
{
    const char *given = getenv("POGO_TEST_SEED"), *number = getenv("MACHINES");
    uint64_t seed = given ? strtoull(given, NULL, 0) : 1;
    uint64_t machines = number ? strtoull(number, NULL, 0) : MACHINES;

    (void)state;
    for (uint64_t i = 0; i < machines; i++) {
        char *text = make_machine(seed + i);

        printf("POGO_TEST_SEED=%llu\n", (unsigned long long)(seed + i));
        compare(text);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agrees_with_trying_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
