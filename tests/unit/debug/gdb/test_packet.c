/* Packets of the remote protocol: framing, checksums, what hides bytes. */
#include "debug/gdb/packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "debug/gdb/args.h"

struct line {
    struct packets p;
    char sent[64];
    size_t n;
};

static void keep(void *line, const uint8_t *bytes, size_t n)
{
    struct line *l = line;

    assert_true(l->n + n < sizeof l->sent);
    memcpy(l->sent + l->n, bytes, n);
    l->n += n;
    l->sent[l->n] = 0;
}

static struct line *begin(void)
{
    static struct line l;

    l = (struct line){ .p = { .send = keep, .context = &l } };
    packets_begin(&l.p);
    return &l;
}

static enum packet_event give(struct line *l, const char *bytes, size_t n)
{
    enum packet_event e = PACKET_NOTHING;

    l->n = 0;
    l->sent[0] = 0;
    for (size_t i = 0; i < n; i++)
        e = packets_take(&l->p, (uint8_t)bytes[i]);
    return e;
}

#define GIVE(l, text) give(l, text, sizeof(text) - 1)

static void a_packet_is_acknowledged(void **state)
{
    struct line *l = begin();

    (void)state;
    assert_int_equal(GIVE(l, "+$g#67"), PACKET_WHOLE);
    assert_string_equal(l->sent, "+");
    assert_string_equal(l->p.in, "g");
    assert_int_equal(l->p.size, 1);
    assert_int_equal(GIVE(l, "$#00"), PACKET_WHOLE);
    assert_int_equal(l->p.size, 0);
}

static void a_damaged_one_is_asked_for_again(void **state)
{
    struct line *l = begin();

    (void)state;
    assert_int_equal(GIVE(l, "$g#68"), PACKET_NOTHING);
    assert_string_equal(l->sent, "-");
    assert_int_equal(GIVE(l, "$g#6x"), PACKET_NOTHING);
    assert_string_equal(l->sent, "-");
    assert_int_equal(GIVE(l, "$what never ends$g#67"), PACKET_WHOLE);
    assert_string_equal(l->p.in, "g");
}

static void without_acknowledgements_it_is_told(void **state)
{
    struct line *l = begin();

    (void)state;
    l->p.acks = false;
    assert_int_equal(GIVE(l, "$g#68"), PACKET_DAMAGED);
    assert_int_equal(GIVE(l, "$g#67"), PACKET_WHOLE);
    assert_string_equal(l->sent, "");
}

static void what_was_lost_is_sent_again(void **state)
{
    struct line *l = begin();

    (void)state;
    assert_int_equal(GIVE(l, "-"), PACKET_NOTHING);
    assert_string_equal(l->sent, "");
    packets_send(&l->p, "OK", 2);
    assert_string_equal(l->sent, "$OK#9a");
    GIVE(l, "-");
    assert_string_equal(l->sent, "$OK#9a");
}

static void hidden_bytes_are_found(void **state)
{
    struct line *l = begin();

    (void)state;
    /* X with the bytes '#', '$', '}', 3 and '*'. */
    assert_int_equal(GIVE(l, "$X0,5:}\3}\4}]\3*#2b"), PACKET_WHOLE);
    assert_int_equal(l->p.size, 10);
    assert_memory_equal(l->p.in, "X0,5:#$}\3*", 10);
    assert_int_equal(GIVE(l, "$g}#e4"), PACKET_DAMAGED);
}

static void a_ctrl_c_is_one_only_between_packets(void **state)
{
    struct line *l = begin();

    (void)state;
    assert_int_equal(GIVE(l, "\3"), PACKET_INTERRUPT);
    assert_int_equal(GIVE(l, "$\3"), PACKET_NOTHING);
    assert_int_equal(GIVE(l, "#03"), PACKET_WHOLE);
}

static void too_long_a_packet_is_refused(void **state)
{
    struct line *l = begin();
    char end[8];

    (void)state;
    GIVE(l, "$");
    for (unsigned i = 0; i < GDB_PACKET; i++)
        assert_int_equal(GIVE(l, "a"), PACKET_NOTHING);
    snprintf(end, sizeof end, "#%02x", (GDB_PACKET * 'a') & 0xff);
    assert_int_equal(give(l, end, 3), PACKET_WHOLE);
    assert_int_equal(l->p.size, GDB_PACKET);
    GIVE(l, "$");
    for (unsigned i = 0; i < GDB_PACKET + 1; i++)
        assert_int_equal(GIVE(l, "a"), PACKET_NOTHING);
    snprintf(end, sizeof end, "#%02x", ((GDB_PACKET + 1) * 'a') & 0xff);
    assert_int_equal(give(l, end, 3), PACKET_DAMAGED);
}

/* ---- what packets say ---- */

static struct gdb_args args(const char *text)
{
    return (struct gdb_args){ text, text + strlen(text), false };
}

static void numbers_have_at_most_16_digits(void **state)
{
    struct gdb_args a = args("ffffffffffffffff,0");

    (void)state;
    assert_true(args_number(&a) == UINT64_MAX);
    assert_false(args_done(&a));
    args_expect(&a, ',');
    assert_int_equal(args_number(&a), 0);
    assert_true(args_done(&a));
    a = args("10000000000000000");
    args_number(&a);
    assert_true(a.bad);
    a = args("");
    args_number(&a);
    assert_true(a.bad);
}

static void threads_are_named_in_all_ways(void **state)
{
    struct gdb_args a = args("p2.1");
    struct gdb_id id = args_id(&a);

    (void)state;
    assert_true(args_done(&a) && id.has_process && id.has_thread);
    assert_int_equal(id.process, 2);
    assert_int_equal(id.thread, 1);
    a = args("p-1.-1");
    id = args_id(&a);
    assert_true(args_done(&a) && id.process == GDB_ALL &&
                id.thread == GDB_ALL);
    a = args("p3");
    id = args_id(&a);
    assert_true(args_done(&a) && id.process == 3 && !id.has_thread);
    a = args("-1");
    id = args_id(&a);
    assert_true(args_done(&a) && !id.has_process && id.thread == GDB_ALL);
    a = args("p1.");
    args_id(&a);
    assert_true(a.bad);
    a = args("-2");
    args_id(&a);
    assert_true(a.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packet_is_acknowledged),
        cmocka_unit_test(a_damaged_one_is_asked_for_again),
        cmocka_unit_test(without_acknowledgements_it_is_told),
        cmocka_unit_test(what_was_lost_is_sent_again),
        cmocka_unit_test(hidden_bytes_are_found),
        cmocka_unit_test(a_ctrl_c_is_one_only_between_packets),
        cmocka_unit_test(too_long_a_packet_is_refused),
        cmocka_unit_test(numbers_have_at_most_16_digits),
        cmocka_unit_test(threads_are_named_in_all_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
