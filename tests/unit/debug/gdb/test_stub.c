/* The stub, spoken to as gdb would, but without gdb. */
#include "debug/gdb/dialogue.h"
#include "machine/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ASK(x, body) dialogue_ask(&(x), body)
#define EXPECT(x, body, answer) assert_string_equal(ASK(x, body), answer)

static uint64_t pc(struct dialogue *x)
{
    uint64_t v = 0;

    assert_true(session_get(x->d.session, x->w.depth, 0, REG_PC, &v));
    return v;
}

static unsigned points(const struct dialogue *x)
{
    const struct session_points p = session_points(x->d.session);
    unsigned n = 0;

    for (unsigned i = 0; i < SESSION_STOPS; i++)
        n += p.has_point[i];
    return n;
}

static void it_says_what_it_can_do(void **state)
{
    static const char *const features[] = {
        "PacketSize=4000", "QStartNoAckMode+", "qXfer:features:read+",
        "qXfer:threads:read+", "vContSupported+", "swbreak+", "hwbreak+",
        "ReverseStep+", "ReverseContinue+", "multiprocess+",
        "exec-events+"
    };
    struct dialogue x;
    const char *answer;

    (void)state;
    dialogue_begin(&x, 1);
    answer = ASK(x, "qSupported:multiprocess+;exec-events+;xmlRegisters=i386");
    for (size_t i = 0; i < sizeof features / sizeof *features; i++)
        assert_non_null(strstr(answer, features[i]));
    assert_null(strstr(answer, "fork-events"));
    assert_null(strstr(answer, "ConditionalBreakpoints"));
    EXPECT(x, "vMustReplyEmpty", "");
    EXPECT(x, "vCont?", "vCont;c;C;s;S;t;r");
    EXPECT(x, "qC", "QCp2.1");
    EXPECT(x, "?", "T05thread:p2.1;");
    EXPECT(x, "qfThreadInfo", "mp2.1");
    EXPECT(x, "qsThreadInfo", "l");
    EXPECT(x, "qNoSuchThing", "");
    dialogue_end(&x);
}

static void memory_is_that_of_the_world(void **state)
{
    struct dialogue x;

    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        dialogue_begin(&x, depth);
        EXPECT(x, "m80001000,4", "93821200"); /* addi t0, t0, 1 */
        EXPECT(x, "M80400000,4:01020304", "OK");
        EXPECT(x, "m80400000,5", "0102030400");
        EXPECT(x, "X80400000,2:ab", "OK");
        EXPECT(x, "m80400000,4", "61620304");
        EXPECT(x, "m80fffffe,10", "0000"); /* the end of RAM */
        EXPECT(x, "m81000000,1", "E0e");
        EXPECT(x, "M80ffffff,2:0102", "E0e");
        EXPECT(x, "m80ffffff,1", "00"); /* nothing of it was written */
        EXPECT(x, "M80400000,4:0102", "E16");
        EXPECT(x, "m80400000", "E16");
        dialogue_end(&x);
    }
}

static void registers_are_those_of_the_thread(void **state)
{
    char value[17], set[40];
    struct dialogue x;

    (void)state;
    dialogue_begin(&x, 1);
    EXPECT(x, "p20", "0010008000000000"); /* pc */
    EXPECT(x, "P5=0900000000000000", "OK");
    EXPECT(x, "p5", "0900000000000000");
    snprintf(value, sizeof value, "%.16s", ASK(x, "g") + 5 * 16);
    assert_string_equal(value, "0900000000000000");
    EXPECT(x, "pffff", "E16");
    EXPECT(x, "P5=09", "E16");
    /* The same hart's as the world below has it: its monitor's. */
    EXPECT(x, "vAttach;1", "T05thread:p1.1;");
    snprintf(set, sizeof set, "P5=%s", ASK(x, "p5"));
    set[3] = '1';
    assert_int_equal(strncmp(ASK(x, set), "E.", 2), 0);
    dialogue_end(&x);
}

static void it_stops_at_a_breakpoint(void **state)
{
    struct dialogue x;

    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        char stop[64], back[64];

        snprintf(stop, sizeof stop, "T05swbreak:;thread:p%x.1;", depth + 1);
        snprintf(back, sizeof back, "T05replaylog:begin;thread:p%x.1;",
                 depth + 1);
        dialogue_begin(&x, depth);
        EXPECT(x, "Z0,80001004,4", "OK");
        EXPECT(x, "Z0,80001004,4", "OK");
        assert_int_equal(points(&x), 1);
        for (unsigned round = 1; round <= 3; round++) {
            EXPECT(x, "vCont;c", stop);
            assert_int_equal(pc(&x), CODE + 4);
            assert_int_equal(session_time(x.d.session), 3 * round - 2);
        }
        EXPECT(x, "bc", stop);
        assert_int_equal(session_time(x.d.session), 4);
        EXPECT(x, "z0,80001004,4", "OK");
        EXPECT(x, "z0,80001004,4", "OK");
        assert_int_equal(points(&x), 0);
        EXPECT(x, "bc", back);
        assert_int_equal(session_time(x.d.session), 0);
        dialogue_end(&x);
    }
}

static void it_steps_forth_and_back(void **state)
{
    struct dialogue x;

    (void)state;
    dialogue_begin(&x, 1);
    EXPECT(x, "vCont;s:p2.1;c", "T05thread:p2.1;");
    assert_int_equal(pc(&x), CODE + 4);
    EXPECT(x, "s", "T05thread:p2.1;");
    EXPECT(x, "bs", "T05thread:p2.1;");
    assert_int_equal(pc(&x), CODE + 4);
    EXPECT(x, "vCont;s:p3.1", "E16");
    EXPECT(x, "vCont;s:p2.2", "E16");
    EXPECT(x, "vCont;x", "E16");
    EXPECT(x, "vCont", "E16");
    assert_int_equal(pc(&x), CODE + 4);
    dialogue_end(&x);
}

static void a_range_ends_where_it_should(void **state)
{
    struct dialogue x;

    (void)state;
    dialogue_begin(&x, 1);
    EXPECT(x, "vCont;r80001000,80001008:p2.1;c", "T05thread:p2.1;");
    assert_int_equal(pc(&x), CODE + 8);
    /* All of the loop: only a stop point, or Ctrl-C, ends that. */
    EXPECT(x, "Z0,80001004,4", "OK");
    EXPECT(x, "vCont;r80001000,8000100c:p2.1;c", "T05thread:p2.1;");
    assert_int_equal(pc(&x), CODE + 4);
    EXPECT(x, "z0,80001004,4", "OK");
    x.at_attend = "\3";
    EXPECT(x, "vCont;r80001000,8000100c:p2.1;c", "T02thread:p2.1;");
    dialogue_end(&x);
}

static void it_stops_before_an_access(void **state)
{
    struct dialogue x;

    (void)state;
    for (unsigned depth = 0; depth <= 1; depth++) {
        char stop[64];

        dialogue_begin(&x, depth);
        snprintf(stop, sizeof stop, "T05watch:80400004;thread:p%x.1;",
                 depth + 1);
        EXPECT(x, "Z3,80400000,8", "OK"); /* nothing reads there */
        EXPECT(x, "Z2,80400004,2", "OK");
        EXPECT(x, "vCont;c", stop);
        assert_int_equal(pc(&x), CODE + 4);
        EXPECT(x, "vCont;c", stop);
        /* Backwards gdb expects to be behind it. */
        EXPECT(x, "bc", stop);
        assert_int_equal(session_time(x.d.session), 2);
        EXPECT(x, "Z2,80400004,0", "E16");
        EXPECT(x, "Z2,ffffffffffffffff,2", "E16");
        EXPECT(x, "Z5,80400004,2", "E16");
        dialogue_end(&x);
    }
}

static void there_are_only_so_many_points(void **state)
{
    struct dialogue x;
    char body[40];

    (void)state;
    dialogue_begin(&x, 0);
    for (unsigned i = 0; i < SESSION_STOPS; i++) {
        snprintf(body, sizeof body, "Z1,%x,4", 0x1000 + 4 * i);
        EXPECT(x, body, "OK");
    }
    assert_int_equal(strncmp(ASK(x, "Z1,0,4"), "E.", 2), 0);
    gdb_stub_connect(x.stub); /* the next one begins with none */
    assert_int_equal(points(&x), 0);
    dialogue_end(&x);
}

static void a_ctrl_c_stops_it_and_the_rest_is_for_later(void **state)
{
    struct dialogue x;

    (void)state;
    dialogue_begin(&x, 1);
    x.at_attend = "\3$qC#b4";
    EXPECT(x, "vCont;c", "QCp2.1");
    assert_non_null(strstr(x.sent, "$T02thread:p2.1;#"));
    /* In a packet it is a byte like others. */
    x.at_attend = "$\3#03\3";
    EXPECT(x, "vCont;c", "");
    assert_non_null(strstr(x.sent, "$T02thread:p2.1;#"));
    dialogue_end(&x);
}

static void a_detached_process_stops_nothing(void **state)
{
    struct dialogue x;

    (void)state;
    dialogue_begin(&x, 1);
    EXPECT(x, "vAttach;1", "T05thread:p1.1;");
    EXPECT(x, "Z0,80001004,4", "OK"); /* of process 1 */
    EXPECT(x, "Hgp2.0", "OK");
    EXPECT(x, "Z0,80001008,4", "OK");
    EXPECT(x, "vCont;c:p2.-1", "T05swbreak:;thread:p1.1;");
    EXPECT(x, "vCont;c:p2.-1", "T05swbreak:;thread:p2.1;");
    EXPECT(x, "D;1", "OK");
    assert_int_equal(points(&x), 1);
    EXPECT(x, "Hgp1.1", "E16");
    EXPECT(x, "vCont;c", "T05swbreak:;thread:p2.1;");
    assert_int_equal(pc(&x), CODE + 8);
    assert_int_equal(gdb_stub_state(x.stub), GDB_STOPPED);
    EXPECT(x, "D;2", "OK");
    assert_int_equal(points(&x), 0);
    assert_int_equal(gdb_stub_state(x.stub), GDB_DETACHED);
    EXPECT(x, "?", "W00");
    EXPECT(x, "m80001000,4", "E16");
    EXPECT(x, "vCont;c", "E16");
    assert_int_equal(strncmp(ASK(x, "vAttach;9"), "E.", 2), 0);
    EXPECT(x, "vAttach;2", "T05thread:p2.1;");
    assert_int_equal(gdb_stub_state(x.stub), GDB_STOPPED);
    EXPECT(x, "k", "nothing");
    assert_int_equal(gdb_stub_state(x.stub), GDB_KILLED);
    assert_int_equal(gdb_stub_status(x.stub), 0);
    dialogue_end(&x);
}

/* Writes to the device that ends or resets the machine. */
static void begin_end(struct dialogue *x, unsigned depth, uint32_t what)
{
    const uint32_t code[] = { store(2, T2, T1, 0), HERE };

    dialogue_begin(x, depth);
    world_code(&x->w, CODE, code, 2);
    world_set_reg(&x->w, T1, 0x100000);
    world_set_reg(&x->w, T2, what);
}

static void each_process_is_told_of_the_end(void **state)
{
    struct dialogue x;

    (void)state;
    begin_end(&x, 1, 7 << 16 | 0x3333); /* fails with 7 */
    EXPECT(x, "vAttach;1", "T05thread:p1.1;");
    EXPECT(x, "vCont;c", "W07;process:2");
    assert_true(gdb_stub_finished(x.stub));
    assert_int_equal(gdb_stub_state(x.stub), GDB_STOPPED);
    EXPECT(x, "m80001000,1", "23");
    EXPECT(x, "vCont;c", "W07;process:1");
    assert_int_equal(gdb_stub_state(x.stub), GDB_OVER);
    assert_int_equal(gdb_stub_status(x.stub), 7);
    dialogue_end(&x);
}

static void a_reset_that_cannot_be_is_an_end(void **state)
{
    struct dialogue x;

    (void)state;
    begin_end(&x, 0, 0x7777);
    EXPECT(x, "vCont;c", "W7d;process:1");
    assert_int_equal(x.resets, 1);
    assert_int_equal(gdb_stub_status(x.stub), 125);
    dialogue_end(&x);
}

static void documents_come_in_pieces(void **state)
{
    char whole[2000], piece[2000];
    struct dialogue x;
    size_t n;

    (void)state;
    dialogue_begin(&x, 1);
    snprintf(whole, sizeof whole, "%s", ASK(x, "qXfer:threads:read::0,1000"));
    assert_int_equal(whole[0], 'l');
    assert_non_null(strstr(whole, "<thread id=\"p2.1\""));
    n = strlen(whole) - 1;
    snprintf(piece, sizeof piece, "%s", ASK(x, "qXfer:threads:read::0,10"));
    assert_int_equal(piece[0], 'm');
    assert_memory_equal(piece + 1, whole + 1, 16);
    snprintf(piece, sizeof piece, "%s", ASK(x, "qXfer:threads:read::10,1000"));
    assert_int_equal(piece[0], 'l');
    assert_string_equal(piece + 1, whole + 17);
    snprintf(piece, sizeof piece, "qXfer:threads:read::%zx,10", n);
    EXPECT(x, piece, "l");
    EXPECT(x, "qXfer:threads:read::ffffffffffffffff,10", "l");
    EXPECT(x, "qXfer:features:read:other.xml:0,10", "E00");
    EXPECT(x, "qXfer:nothing:read::0,10", "");
    EXPECT(x, "qXfer:threads:write::0,10", "");
    EXPECT(x, "qXfer:threads:read::0", "E16");
    assert_int_equal(ASK(x, "qXfer:features:read:target.xml:0,100")[0], 'm');
    dialogue_end(&x);
}

static void files_that_are_not_ours_are_not_there(void **state)
{
    struct dialogue x;

    (void)state;
    dialogue_begin(&x, 0);
    EXPECT(x, "vFile:setfs:0", "F0");
    EXPECT(x, "vFile:open:2f6574632f706173737764,0,0", "F-1,2");
    EXPECT(x, "vFile:pread:0,10,0", "F-1,9");
    EXPECT(x, "vFile:fstat:7", "F-1,9");
    EXPECT(x, "vFile:close:ffffffff", "F-1,9");
    EXPECT(x, "vFile:unlink:61", "");
    dialogue_end(&x);
}

static void memory_may_be_physical(void **state)
{
    struct dialogue x;

    (void)state;
    dialogue_begin(&x, 1);
    world_paging(&x.w);
    EXPECT(x, "qqemu.PhyMemMode", "0");
    EXPECT(x, "m40000000,1", "E0e");
    world_map(&x.w, 0, CODE, ALL_OF_S);
    EXPECT(x, "m40000000,4", "93821200");
    EXPECT(x, "Qqemu.PhyMemMode:1", "OK");
    EXPECT(x, "qqemu.PhyMemMode", "1");
    EXPECT(x, "m40000000,1", "E0e");
    EXPECT(x, "Qqemu.PhyMemMode:2", "E16");
    dialogue_end(&x);
}

static void an_unknown_command_is_said_to_be(void **state)
{
    struct dialogue x;

    (void)state;
    dialogue_begin(&x, 0);
    EXPECT(x, "qRcmd,78787878", "OK"); /* xxxx */
    /* "There is no command 'xxxx'" */
    assert_non_null(strstr(x.sent, "$O5468657265206973206e6f20636f6d6d616e64"));
    EXPECT(x, "qRcmd,7", "E16");
    dialogue_end(&x);
}

static void looking_changes_nothing(void **state)
{
    static const char *const packets[] = {
        "g", "m80001000,100", "p20", "qXfer:threads:read::0,1000",
        "qXfer:features:read:target.xml:0,4000",
        "qXfer:osdata:read:worlds:0,1000", "Z0,80001000,4", "Z4,80400000,8",
        "?", "qThreadExtraInfo,p2.1"
    };
    struct dialogue x;
    uint64_t hash;

    (void)state;
    dialogue_begin(&x, 1);
    session_run(x.d.session, 100);
    hash = machine_hash(x.w.m, x.w.b);
    for (size_t i = 0; i < sizeof packets / sizeof *packets; i++)
        assert_int_not_equal(ASK(x, packets[i])[0], 'E');
    assert_true(machine_hash(x.w.m, x.w.b) == hash);
    dialogue_end(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_what_it_can_do),
        cmocka_unit_test(memory_is_that_of_the_world),
        cmocka_unit_test(registers_are_those_of_the_thread),
        cmocka_unit_test(it_stops_at_a_breakpoint),
        cmocka_unit_test(it_steps_forth_and_back),
        cmocka_unit_test(a_range_ends_where_it_should),
        cmocka_unit_test(it_stops_before_an_access),
        cmocka_unit_test(there_are_only_so_many_points),
        cmocka_unit_test(a_ctrl_c_stops_it_and_the_rest_is_for_later),
        cmocka_unit_test(a_detached_process_stops_nothing),
        cmocka_unit_test(each_process_is_told_of_the_end),
        cmocka_unit_test(a_reset_that_cannot_be_is_an_end),
        cmocka_unit_test(documents_come_in_pieces),
        cmocka_unit_test(files_that_are_not_ours_are_not_there),
        cmocka_unit_test(memory_may_be_physical),
        cmocka_unit_test(an_unknown_command_is_said_to_be),
        cmocka_unit_test(looking_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
