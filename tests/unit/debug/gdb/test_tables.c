/* The tables of `info os`, held against the machine that they are about. */
#include "debug/gdb/tables.h"
#include "debug/gdb/text.h"
#include "debug/world_session.h"
#include "machine/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BUDGET (UINT64_C(1) << 26)

struct debugged {
    struct world w;
    struct debugger d;
    struct recent recent;
    struct text t;
};

/* In S-mode with paging: reads of sscratch, which a monitor has to emulate, and
   an ecall in every round, whose handler goes on behind it. */
static void begin(struct debugged *x, unsigned depth)
{
    const uint32_t code[] = { csr(CSRRS, T1, CSR_sscratch, 0), ECALL,
                              0xff9ff06f /* j -8 */ };
    const uint32_t handler[] = { csr(CSRRS, T2, CSR_mepc, 0), addi(T2, T2, 4),
                                 csr(CSRRW, 0, CSR_mepc, T2), MRET };

    *x = (struct debugged){ 0 };
    world_make(&x->w, depth, 1);
    world_code(&x->w, CODE, code, 3);
    world_code(&x->w, HANDLER, handler, 4);
    world_paging(&x->w);
    world_set_reg(&x->w, REG_PC, CODE);
    x->d = (struct debugger){ .session = world_session(&x->w, BUDGET),
                              .recent = &x->recent,
                              .world = depth };
    recent_begin(&x->recent, x->d.session);
}

static void end(struct debugged *x)
{
    recent_end(&x->recent);
    text_free(&x->t);
    session_free(x->d.session);
    world_free(&x->w);
}

static const char *table(struct debugged *x, const char *annex)
{
    const struct text_sink out = text_sink(&x->t);

    text_free(&x->t);
    assert_true(gdb_osdata(&x->d, annex, &out));
    text_is_xml(&x->t);
    return x->t.s;
}

static unsigned times(const char *s, const char *what)
{
    unsigned n = 0;

    for (; (s = strstr(s, what)) != NULL; s++)
        n++;
    return n;
}

/* The column of row n, or NULL. */
static const char *column(const char *s, unsigned n, const char *title,
                          char buf[128])
{
    char begin[64];
    const char *at = strstr(s, "<item>");

    while (at && n-- > 0)
        at = strstr(at + 1, "<item>");
    snprintf(begin, sizeof begin, "<column name=\"%s\">", title);
    at = at ? strstr(at, begin) : NULL;
    if (!at)
        return NULL;
    at += strlen(begin);
    snprintf(buf, 128, "%.*s", (int)strcspn(at, "<"), at);
    return buf;
}

static uint64_t number(const char *s, unsigned n, const char *title)
{
    char buf[128];
    const char *text = column(s, n, title, buf);

    assert_non_null(text);
    return strtoull(text, NULL, 0);
}

static void assert_column(const char *s, unsigned n, const char *title,
                          const char *expected)
{
    char buf[128];
    const char *text = column(s, n, title, buf);

    assert_non_null(text);
    assert_string_equal(text, expected);
}

static void the_list_names_every_table(void **state)
{
    struct debugged x;
    char name[128];
    struct text other = { 0 };
    const struct text_sink out = text_sink(&other);
    unsigned n = 0;

    (void)state;
    begin(&x, 1);
    table(&x, "");
    for (; column(x.t.s, n, "Type", name); n++)
        assert_true(gdb_osdata(&x.d, name, &out));
    assert_int_equal(n, 5);
    text_free(&other);
    assert_false(gdb_osdata(&x.d, "processes", &out));
    assert_null(other.s);
    end(&x);
}

static void each_world_is_a_row(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct debugged x;
        const char *s;

        begin(&x, depth);
        session_run(x.d.session, 1000);
        s = table(&x, "worlds");
        assert_int_equal(times(s, "<item>"), depth + 1);
        for (unsigned w = 0; w <= depth; w++) {
            assert_int_equal(number(s, w, "World"), w);
            assert_int_equal(number(s, w, "Counts"),
                             session_board(x.d.session, w)->csr[0]->count);
        }
        assert_column(s, 0, "Kind", depth ? "bare machine"
                                          : "bare machine, the guest&apos;s");
        if (depth > 0)
            assert_column(s, 0, "Modes", "U");
        end(&x);
    }
}

/* What the guest does, in order; counts go up, and stop at the present. */
static void the_last_traps_are_there_newest_last(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct debugged x;
        uint64_t last = 0;
        const char *s;
        unsigned ecalls = 0;

        begin(&x, depth);
        assert_int_equal(times(table(&x, "traps"), "<item>"), 0);
        session_run(x.d.session, 1000);
        s = table(&x, "traps");
        assert_int_equal(times(s, "<item>"), RECENT_EVENTS);
        for (unsigned n = 0; n < RECENT_EVENTS; n++) {
            char cause[128];

            if (number(s, n, "World") != depth)
                continue;
            assert_true(number(s, n, "Count") >= last);
            last = number(s, n, "Count");
            column(s, n, "Cause", cause);
            if (number(s, n, "PC") != CODE + 4)
                continue;
            ecalls++;
            /* in a virtual machine it is in U-mode that it happens */
            assert_string_equal(cause, depth ? "environment call from U-mode"
                                             : "environment call from S-mode");
            assert_column(s, n, "Mode", "S");
        }
        assert_true(ecalls > 1);
        assert_true(last < 1000 && last > 980);
        end(&x);
    }
}

static void what_has_not_happened_yet_is_not_there(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 1; depth++) {
        struct debugged x;
        char *before;
        unsigned rows;

        begin(&x, depth);
        session_run(x.d.session, 100);
        before = strdup(table(&x, "traps"));
        session_run(x.d.session, 5000);
        assert_int_not_equal(strcmp(before, table(&x, "traps")), 0);
        session_goto(x.d.session, 100);
        assert_string_equal(before, table(&x, "traps"));
        session_goto(x.d.session, 10);
        rows = times(table(&x, "traps"), "<item>");
        assert_true(rows > 0 && rows < RECENT_EVENTS);
        session_goto(x.d.session, 0);
        assert_int_equal(times(table(&x, "traps"), "<item>"), 0);
        free(before);
        end(&x);
    }
}

static void the_monitors_accounts_agree(void **state)
{
    struct debugged x;
    uint64_t exits[3] = { 0 };
    const char *s;
    char world[128];

    (void)state;
    begin(&x, 2);
    session_run(x.d.session, 3000);
    s = table(&x, "exits");
    for (unsigned n = 0; column(s, n, "World", world); n++)
        exits[atoi(world)] += number(s, n, "Exits");
    assert_true(exits[1] > 0 && exits[2] > 0);
    s = table(&x, "vms");
    assert_int_equal(times(s, "<item>"), 2);
    assert_true(number(s, 0, "Exits") == exits[1]);
    assert_true(number(s, 1, "Exits") == exits[2]);
    assert_true(number(s, 1, "Memory") > 0);
    assert_true(number(s, 0, "Memory") > number(s, 1, "Memory"));
    end(&x);
}

/* Every leaf that was filled and not dropped is in one of the spaces. */
static void shadow_leaves_are_all_counted(void **state)
{
    (void)state;
    for (unsigned depth = 1; depth <= 2; depth++) {
        struct debugged x;
        uint64_t leaves[3] = { 0 }, in_use = 0, before;
        const char *s;
        char world[128];

        begin(&x, depth);
        session_run(x.d.session, 3000);
        before = machine_hash(x.w.m, x.w.b);
        s = table(&x, "shadow");
        for (unsigned n = 0; column(s, n, "World", world); n++) {
            char use[128];

            leaves[atoi(world)] += number(s, n, "Leaves");
            assert_true(number(s, n, "Tables") >= 3);
            column(s, n, "In use", use);
            in_use += strcmp(use, "now") == 0;
        }
        assert_int_equal(in_use, depth);
        for (unsigned w = 1; w <= depth; w++) {
            const struct core_stats *c =
                &session_vm(x.d.session, w)->monitor.stats;

            assert_true(leaves[w] > 0);
            assert_true(leaves[w] <= c->fills - c->leaves_dropped);
        }
        assert_true(machine_hash(x.w.m, x.w.b) == before);
        end(&x);
    }
}

static void memory_is_the_worlds_ram(void **state)
{
    struct debugged x;
    const struct text_sink out = text_sink(&x.t);

    (void)state;
    begin(&x, 1);
    gdb_memory_map(&x.d, 1, &out);
    text_is_xml(&x.t);
    assert_non_null(strstr(x.t.s, "start=\"0x80000000\" length=\"0x1000000\""));
    end(&x);
}

static void text_in_xml_is_escaped(void **state)
{
    struct text t = { 0 };
    const struct text_sink out = text_sink(&t);

    (void)state;
    gdb_xml_escape(&out, "a<b> & \"c\" 'd'\x01\x1f");
    assert_string_equal(t.s, "a&lt;b&gt; &amp; &quot;c&quot; &apos;d&apos;");
    text_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_names_every_table),
        cmocka_unit_test(each_world_is_a_row),
        cmocka_unit_test(the_last_traps_are_there_newest_last),
        cmocka_unit_test(what_has_not_happened_yet_is_not_there),
        cmocka_unit_test(the_monitors_accounts_agree),
        cmocka_unit_test(shadow_leaves_are_all_counted),
        cmocka_unit_test(memory_is_the_worlds_ram),
        cmocka_unit_test(text_in_xml_is_escaped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
