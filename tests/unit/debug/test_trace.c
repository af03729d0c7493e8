/*
 * The timeline's events: spans of a hart never overlap, and each arrow joins
 * the spans that it should. Every event is a line, which these tests read.
 */
#include "debug/trace.h"
#include "vmm/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct event {
    char phase, kind; /* kind: the category's first letter */
    unsigned pid, tid;
    uint64_t begin, end, id; /* ticks */
    char name[80];
};

#define MAX_EVENTS 4000
static struct event events[MAX_EVENTS];
static size_t count;

static uint64_t ticks(const char *line, const char *key)
{
    const char *at = strstr(line, key);
    unsigned long long whole = 0;
    unsigned part = 0;

    if (at)
        assert_int_equal(sscanf(at + strlen(key), "%llu.%u", &whole, &part), 2);
    return whole * TRACE_TICKS + part;
}

static void read_event(const char *line)
{
    struct event *e = &events[count];
    const char *cat = strstr(line, "\"cat\":\""), *name, *id;

    if (strncmp(line, "{\"ph\":\"", 7) != 0 || line[7] == 'M')
        return;
    assert_true(count < MAX_EVENTS);
    *e = (struct event){ .phase = line[7] };
    assert_int_equal(
        sscanf(line + 9, ",\"pid\":%u,\"tid\":%u", &e->pid, &e->tid), 2);
    assert_non_null(cat);
    e->kind = cat[7];
    name = strstr(line, "\"name\":\"");
    assert_non_null(name);
    snprintf(e->name, sizeof e->name, "%.*s", (int)strcspn(name + 8, "\""),
             name + 8);
    e->begin = ticks(line, "\"ts\":");
    e->end = e->begin + ticks(line, "\"dur\":");
    id = strstr(line, "\"id\":");
    if (id)
        e->id = strtoull(id + 5, NULL, 10);
    count++;
}

/* Runs a world's harts with a trace on; the text is the caller's to free. */
static char *traced(struct world *w, const char *filter, unsigned runs)
{
    static struct symbol_sets symbols;
    struct disassembler d;
    const struct exit_log names = { &symbols, &d };
    struct exit_filter f = { 0 };
    struct error error;
    struct trace t;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_int_equal(exit_filter_parse(&f, filter, &error), STATUS_OK);
    disassembler_init(&d, w->m->isa);
    trace_begin(&t, out, &names, &f);
    for (unsigned k = 0; k < runs; k++) {
        trace_watch(&t, w->vm, w->depth);
        TRY(w, PRIV_U, addi(A0, A0, 1), addi(A0, A0, 1), ECALL);
        trace_unwatch(&t); /* for the test changes the hart now */
        trace_watch(&t, w->vm, w->depth);
        TRY(w, PRIV_S, csr(CSRRS, A0, CSR_satp, 0), addi(A0, A0, 1), ECALL);
        trace_unwatch(&t);
    }
    assert_int_equal(trace_end(&t), STATUS_OK);
    fclose(out);
    disassembler_free(&d);
    return text;
}

static void read_trace(unsigned depth, const char *filter, unsigned runs)
{
    struct world w;
    char *text, *line;

    world_make(&w, depth, 1);
    text = traced(&w, filter, runs);
    world_free(&w);
    count = 0;
    for (line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        read_event(line);
    free(text);
}

/* The span of `kind` on that level in which `at` lies, or NULL. */
static const struct event *span_at(unsigned pid, char kind, uint64_t at)
{
    for (size_t k = 0; k < count; k++)
        if (events[k].phase == 'X' && events[k].pid == pid &&
            events[k].kind == kind && events[k].begin <= at &&
            at < events[k].end)
            return &events[k];
    return NULL;
}

static size_t count_of(unsigned pid, char phase, const char *name)
{
    size_t n = 0;

    for (size_t k = 0; k < count; k++)
        n += events[k].pid == pid && events[k].phase == phase &&
             strncmp(events[k].name, name, strlen(name)) == 0;
    return n;
}

static void spans_of_a_hart_follow_one_another(void **state)
{
    uint64_t end[3] = { 0 };

    (void)state;
    read_trace(2, "", 2);
    for (size_t k = 0; k < count; k++) {
        if (events[k].phase != 'X')
            continue;
        assert_true(events[k].begin >= end[events[k].pid]);
        assert_true(events[k].end > events[k].begin);
        end[events[k].pid] = events[k].end;
    }
    assert_true(end[1] > 0 && end[2] > 0);
}

static void there_is_a_span_for_each_kind_of_thing(void **state)
{
    (void)state;
    read_trace(1, "", 1);
    assert_true(count_of(1, 'X', "fill") >= 2);
    assert_int_equal(count_of(1, 'X', "csrr a0, satp"), 1);
    assert_int_equal(count_of(1, 'X', "injected: environment call from U"), 1);
    assert_int_equal(count_of(1, 'X', "injected: environment call from S"), 1);
    assert_true(count_of(1, 'X', "direct U") >= 1);
    assert_true(count_of(1, 'X', "direct S") >= 1);
    assert_true(count_of(1, 'X', "direct M") >= 2);
}

static void an_arrow_goes_from_a_trap_to_its_handler(void **state)
{
    size_t arrows = 0;

    (void)state;
    read_trace(1, "", 1);
    for (size_t k = 0; k + 1 < count; k++) {
        const struct event *from = &events[k], *to = &events[k + 1];
        const struct event *trap, *handler;

        if (from->phase != 's')
            continue;
        arrows++;
        assert_int_equal(to->phase, 'f');
        assert_true(from->id == to->id);
        trap = span_at(1, 'e', from->begin);
        handler = span_at(1, 'd', to->begin);
        assert_true(trap && handler && handler->begin >= trap->end);
        assert_memory_equal(trap->name, "injected", 8);
        assert_string_equal(handler->name, "direct M");
    }
    assert_int_equal(arrows, 2);
}

static void an_arrow_goes_from_a_reflected_trap_to_the_level_above(void **state)
{
    size_t arrows = 0;

    (void)state;
    read_trace(2, "", 1);
    for (size_t k = 0; k + 1 < count; k++) {
        const struct event *trap;

        if (events[k].phase != 's' || events[k].kind != 'r')
            continue;
        arrows++;
        trap = span_at(1, 'e', events[k].begin);
        assert_non_null(trap);
        assert_memory_equal(trap->name, "reflected", 9);
        assert_int_equal(events[k + 1].pid, 2);
        assert_non_null(span_at(2, 'e', events[k + 1].begin));
    }
    assert_int_equal(arrows, count_of(1, 'X', "reflected"));
}

/* Whatever the guest does is at one place of the axis on every level. */
static void levels_share_one_time(void **state)
{
    (void)state;
    read_trace(2, "", 1);
    for (size_t k = 0; k < count; k++) {
        const struct event *e = &events[k];

        if (e->phase == 'X' && e->pid == 2 &&
            strncmp(e->name, "direct", 6) == 0 &&
            !span_at(1, 'd', (e->begin + e->end) / 2))
            fail_msg("at %llu level 1 does not run",
                     (unsigned long long)e->begin);
    }
}

static void a_filter_leaves_spans_out(void **state)
{
    (void)state;
    read_trace(2, "vm=2,action=emulated", 1);
    assert_int_equal(count_of(1, 'X', ""), 0);
    assert_int_equal(count_of(2, 'X', "csrr a0, satp"), 1);
    assert_int_equal(count_of(2, 'X', "fill"), 0);
    assert_int_equal(count_of(2, 's', ""), 0);
}

static void a_trace_repeats(void **state)
{
    char *text[2];

    (void)state;
    for (unsigned k = 0; k < 2; k++) {
        struct world w;

        world_make(&w, 2, 1);
        text[k] = traced(&w, "", 1);
        world_free(&w);
    }
    assert_string_equal(text[0], text[1]);
    free(text[0]);
    free(text[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_of_a_hart_follow_one_another),
        cmocka_unit_test(there_is_a_span_for_each_kind_of_thing),
        cmocka_unit_test(an_arrow_goes_from_a_trap_to_its_handler),
        cmocka_unit_test(
            an_arrow_goes_from_a_reflected_trap_to_the_level_above),
        cmocka_unit_test(levels_share_one_time),
        cmocka_unit_test(a_filter_leaves_spans_out),
        cmocka_unit_test(a_trace_repeats),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
