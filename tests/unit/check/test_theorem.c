/* Theorem 1 on the tiny machine: by proof and by execution; and that a monitor
   with a fault, and JRST 1, are found out by both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "check/isa/theorem.h"

#define EXAMPLES POGO_SOURCE_DIR "/examples/"
#define TINY     EXAMPLES "theorem/tiny.isa"
#define MONITOR  EXAMPLES "theorem/tiny-monitor.isa"

struct fixture {
    struct theorem *t;
    struct verdict_report owner; /* of the arena */
};

static struct fixture begin(const char *machine, const char *monitor,
                            const char *variant)
{
    struct fixture f = { .owner = { .arena = verdict_arena_new() } };
    struct isa_error e;
    const char *file;

    if (theorem_new(machine, monitor, variant, &f.t, &file, &e) != STATUS_OK)
        fail_msg("%s:%u:%u: %s", file, e.line, e.column, e.text);
    return f;
}

static void end(struct fixture *f)
{
    theorem_free(f->t);
    verdict_free(&f->owner);
}

static struct theorem_answer prove(struct fixture *f, const char *insn)
{
    const struct isa_insn *i = isa_find_insn(theorem_machine(f->t), insn);
    struct theorem_answer a;

    assert_non_null(i);
    assert_int_equal(theorem_prove(f->t, i, 30, f->owner.arena, &a), STATUS_OK);
    return a;
}

static struct theorem_answer execute(struct fixture *f, const char *insn)
{
    const struct isa_insn *i = isa_find_insn(theorem_machine(f->t), insn);
    struct theorem_answer a;

    assert_non_null(i);
    assert_int_equal(theorem_exhaust(f->t, i, f->owner.arena, &a), STATUS_OK);
    return a;
}

static void test_proved_on_the_tiny_machine(void **state)
{
    struct fixture f = begin(TINY, MONITOR, NULL);
    const struct isa_model *m = theorem_machine(f.t);

    (void)state;
    for (size_t i = 0; i < m->insns; i++) {
        struct theorem_answer a = prove(&f, m->insn[i].name);

        if (a.commutes != TRUTH_YES)
            fail_msg("%s: %s", m->insn[i].name,
                     a.witness ? a.witness->sentence : "undecided");
        assert_int_equal(a.evidence, EVIDENCE_PROVED);
    }
    end(&f);
}

static void test_proved_on_the_papers_machine(void **state)
{
    struct fixture f = begin(EXAMPLES "isa/paper.isa",
                             EXAMPLES "theorem/paper-monitor.isa", NULL);
    const struct isa_model *m = theorem_machine(f.t);

    (void)state;
    for (size_t i = 0; i < m->insns; i++)
        assert_int_equal(prove(&f, m->insn[i].name).commutes, TRUTH_YES);
    end(&f);
}

/* One privileged instruction, in all 2^17 states; the command does them all. */
static void test_all_states_executed(void **state)
{
    struct fixture f = begin(TINY, MONITOR, NULL);
    struct theorem_answer a = execute(&f, "SETCLOCK");

    (void)state;
    assert_int_equal(theorem_state_bits(f.t), 17);
    assert_int_equal(a.commutes, TRUTH_YES);
    assert_int_equal(a.states, 1 << 17);
    end(&f);
}

static void test_jrst_1_fails(void **state)
{
    struct fixture f = begin(TINY, MONITOR, "jrst1");
    struct theorem_answer a = prove(&f, "JRST 1");

    (void)state;
    assert_int_equal(a.commutes, TRUTH_NO);
    assert_non_null(a.witness);
    assert_non_null(strstr(a.witness->sentence,
                           "virtual_m is supervisor and should be user"));
    a = execute(&f, "JRST 1");
    assert_int_equal(a.commutes, TRUTH_NO);
    assert_non_null(a.witness);
    assert_int_equal(prove(&f, "LOAD").commutes, TRUTH_YES);
    end(&f);
}

/* ---- monitors with a fault ---- */

static char *read_text(const char *path)
{
    char *text = calloc(1, 1 << 16);
    FILE *f = fopen(path, "r");

    assert_non_null(text);
    assert_non_null(f);
    assert_true(fread(text, 1, (1 << 16) - 1, f) > 0);
    fclose(f);
    return text;
}

/* The monitor with `old` replaced by `new`, in a file of this name. */
static void write_monitor(char *path, const char *old, const char *new)
{
    char *text = read_text(MONITOR), *at = strstr(text, old);
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");

    assert_non_null(at);
    assert_non_null(f);
    fprintf(f, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
    fclose(f);
    free(text);
}

static void must_fail(const char *old, const char *new, const char *insn)
{
    char path[] = "/tmp/pogo-monitor-XXXXXX";
    struct fixture f;

    write_monitor(path, old, new);
    f = begin(TINY, path, NULL);
    assert_int_equal(prove(&f, insn).commutes, TRUTH_NO);
    assert_int_equal(execute(&f, insn).commutes, TRUTH_NO);
    end(&f);
    unlink(path);
}

/* The guest reaches past its storage, into what its monitor does not give. */
static void test_bound_that_is_not_cut_fails(void **state)
{
    (void)state;
    must_fail("b := real_bound(vl, vb);", "b := 3;", "STORE");
}

/* A guest in virtual user mode does what its supervisor may. */
static void test_routine_without_mode_check_fails(void **state)
{
    (void)state;
    must_fail("instruction \"privileged SETCLOCK\" {\n"
              "    if virtual_m == user {",
              "instruction \"privileged SETCLOCK\" {\n    if false {",
              "SETCLOCK");
}

/* The trap leads where the guest's word says, and not into the monitor. */
static void test_trap_outside_the_monitor_fails(void **state)
{
    (void)state;
    must_fail("const ENTRY = 0b011;", "const ENTRY = 0b111;", "SVC");
}

static void test_descriptions_that_do_not_fit(void **state)
{
    char path[] = "/tmp/pogo-monitor-XXXXXX";
    struct theorem *t;
    struct isa_error e;
    const char *file;

    (void)state;
    write_monitor(path, "owned virtual_clock : bits(1);",
                  "owned virtual_clock : bits(2);");
    assert_int_equal(theorem_new(TINY, path, NULL, &t, &file, &e),
                     STATUS_BAD_FORMAT);
    assert_ptr_equal(file, path);
    unlink(path);
    assert_int_equal(theorem_new(TINY, TINY, NULL, &t, &file, &e),
                     STATUS_BAD_FORMAT);
    assert_int_equal(theorem_new(TINY, MONITOR, "none", &t, &file, &e),
                     STATUS_BAD_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proved_on_the_tiny_machine),
        cmocka_unit_test(test_proved_on_the_papers_machine),
        cmocka_unit_test(test_all_states_executed),
        cmocka_unit_test(test_jrst_1_fails),
        cmocka_unit_test(test_bound_that_is_not_cut_fails),
        cmocka_unit_test(test_routine_without_mode_check_fails),
        cmocka_unit_test(test_trap_outside_the_monitor_fails),
        cmocka_unit_test(test_descriptions_that_do_not_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
