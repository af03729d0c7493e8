/* Described instructions on concrete states, by the paper's machine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check/isa/evaluate.h"

#define MAX_WORDS 64

struct machine {
    struct isa_model *model;
    uint64_t before[MAX_WORDS], after[MAX_WORDS];
};

static struct machine machine;

static uint64_t *at(struct machine *m, uint64_t *state, const char *name,
                    size_t index)
{
    const struct isa_element *e = isa_find_element(m->model, name);

    assert_non_null(e);
    return &state[e->offset + index];
}

static void set(struct machine *m, const char *name, size_t i, uint64_t v)
{
    *at(m, m->before, name, i) = v;
}

static uint64_t get(struct machine *m, const char *name, size_t i)
{
    return *at(m, m->after, name, i);
}

/* Returns the trap's name, NULL for none. */
static const char *run(struct machine *m, const char *name, uint64_t operand)
{
    const struct isa_insn *insn = isa_find_insn(m->model, name);
    struct isa_executor *x;
    int trap;

    assert_non_null(insn);
    x = isa_executor_new(m->model, insn);
    assert_non_null(x);
    trap = isa_execute(x, m->before, &operand, m->after);
    isa_executor_free(x);
    return trap == ISA_NO_TRAP ? NULL : insn->body.trap[trap].name;
}

static int load(void **state)
{
    struct isa_error e;

    *state = &machine;
    memset(&machine, 0, sizeof machine);
    if (isa_parse_file(POGO_SOURCE_DIR "/examples/isa/paper.isa", NULL,
                       &machine.model, &e) != STATUS_OK)
        return -1;
    return machine.model->state_words > MAX_WORDS;
}

static int unload(void **state)
{
    isa_model_free(((struct machine *)*state)->model);
    return 0;
}

static void memory_is_reached_through_the_mapping(void **state)
{
    struct machine *m = *state;

    set(m, "l", 0, 2);
    set(m, "b", 0, 4);
    set(m, "p", 0, 7);
    set(m, "a", 0, 0x5a);
    assert_null(run(m, "STORE", 3));
    assert_int_equal(get(m, "E", 5), 0x5a);
    assert_int_equal(get(m, "p", 0), 0); /* the step, cut to three bits */
    assert_string_equal(run(m, "STORE", 4), "bound");
    assert_memory_equal(m->after, m->before, sizeof m->after);
    set(m, "l", 0, 6);
    assert_string_equal(run(m, "STORE", 3), "bound"); /* beyond storage */
}

static void updates_win_over_the_step(void **state)
{
    struct machine *m = *state;

    set(m, "p", 0, 1);
    set(m, "a", 0, 0);
    assert_null(run(m, "JZ", 5));
    assert_int_equal(get(m, "p", 0), 5);
    set(m, "a", 0, 1);
    assert_null(run(m, "JZ", 5));
    assert_int_equal(get(m, "p", 0), 2);
}

static void the_first_trap_is_taken(void **state)
{
    struct machine *m = *state;

    set(m, "m", 0, 1); /* and the bound is 0 */
    assert_string_equal(run(m, "LPSW", 3), "privileged");
    set(m, "m", 0, 0);
    assert_string_equal(run(m, "LPSW", 3), "bound");
    set(m, "b", 0, 4);
    set(m, "E", 3, 0xa5); /* user, p = 2, l = 2, b = 2 */
    assert_null(run(m, "LPSW", 3));
    assert_int_equal(get(m, "m", 0), 1);
    assert_int_equal(get(m, "p", 0), 2);
    assert_int_equal(get(m, "l", 0), 2);
    assert_int_equal(get(m, "b", 0), 2);
}

/* All updates read the state before: the exchange does not lose a word. */
static void a_trap_exchanges_the_status_word(void **state)
{
    struct machine *m = *state;

    set(m, "m", 0, 1);
    set(m, "p", 0, 3);
    set(m, "E", 1, 0x10);
    assert_int_equal(isa_trap_enter(m->model, "call", m->before, m->after),
                     STATUS_OK);
    assert_int_equal(get(m, "E", 0), 0xb0);
    assert_int_equal(get(m, "m", 0), 0);
    assert_int_equal(get(m, "p", 0), 1);
}

static void in_machine(struct machine *m, const char *body)
{
    char text[1024] = "isa \"t\"; state { mode m : bits(1) values { s = 0, u "
                      "= 1 }; guest r : bits(8) fields { HI = 7:4 }; guest a "
                      ": bits(8)[2, 4]; } guest s runs as u; view low(n : "
                      "bits(2)) = a[0b1, n] faults limit when n == 0; "
                      "instruction I(n : bits(2)) { ";
    struct isa_error e;

    memset(m, 0, sizeof *m);
    strcat(text, body);
    strcat(text, " }");
    assert_int_equal(
        isa_model_parse("t", text, strlen(text), NULL, &m->model, &e),
        STATUS_OK);
    set(m, "a", 7, 0x77); /* a[1, 3] */
}

static void one_instruction(const char *body, uint64_t r, uint64_t expected)
{
    struct machine m;

    in_machine(&m, body);
    set(&m, "r", 0, r);
    assert_null(run(&m, "I", 0));
    assert_int_equal(get(&m, "r", 0), expected);
    isa_model_free(m.model);
}

static void expressions_mean_what_the_page_says(void **state)
{
    (void)state;
    one_instruction("r := r << 9;", 0xff, 0);
    one_instruction("r := signed(r) >> 100;", 0x80, 0xff);
    one_instruction("r := 1 << r;", 3, 8);
    one_instruction("r := r >> (r @ r);", 4, 0);
    one_instruction("r := 1 + 2 * 3 | 0x10 & 0x30;", 0, 0x17);
    one_instruction("r := if signed(r) < -1 then 1 else 2;", 0xf0, 1);
    one_instruction("r := if signed(r) < -1 then 1 else 2;", 0xff, 2);
    one_instruction("r := match r { 1, 2 => 7, else => r };", 2, 7);
    one_instruction("r := match r { 1, 2 => 7, else => r };", 3, 3);
    one_instruction("r := 0b101 @ r[7:3];", 0xf8, 0xbf);
    one_instruction("r.HI := r[3:0]; r[1] := 1;", 0x05, 0x57);
    one_instruction("r := 1; if r == 0 { r := 2; } else { r := 3; }", 9, 3);
    one_instruction("r := a[1, 3];", 0, 0x77);
    one_instruction("r := sign_extend(r[3:0], 8) % 16;", 9, 9);
    one_instruction("let x = r + 1; r := -x ^ ~x;", 1, 0x03);
}

/* With operand 0 the access would fault: it does, only if it is made. */
static void an_access_faults_only_where_it_is_reached(void **state)
{
    static const char *const unreached[] = {
        "r := if n == 0 then 1 else low[n];",
        "r := match n { 0 => 1, else => low[n] };",
        "if n != 0 && low[n] == 0x77 { r := 1; }",
        "if n == 0 || low[n] == 0x77 { r := 1; }",
        "if n == 0 { r := 1; } else { r := low[n]; }",
    };
    struct machine m;

    (void)state;
    for (size_t i = 0; i < sizeof unreached / sizeof *unreached; i++) {
        in_machine(&m, unreached[i]);
        assert_null(run(&m, "I", 0));
        assert_null(run(&m, "I", 3));
        isa_model_free(m.model);
    }
    in_machine(&m, "r := if n == 0 then low[n] else 1;");
    assert_string_equal(run(&m, "I", 0), "limit");
    isa_model_free(m.model);
    in_machine(&m, "low[n] := 9;");
    assert_string_equal(run(&m, "I", 0), "limit");
    assert_null(run(&m, "I", 3));
    assert_int_equal(get(&m, "a", 7), 9);
    isa_model_free(m.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(memory_is_reached_through_the_mapping,
                                        load, unload),
        cmocka_unit_test_setup_teardown(updates_win_over_the_step, load,
                                        unload),
        cmocka_unit_test_setup_teardown(the_first_trap_is_taken, load, unload),
        cmocka_unit_test_setup_teardown(a_trap_exchanges_the_status_word, load,
                                        unload),
        cmocka_unit_test(expressions_mean_what_the_page_says),
        cmocka_unit_test(an_access_faults_only_where_it_is_reached),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
