/*
 * The commands that all front ends share, on a machine of depth 0, 1 and 2:
 * what each says, and that looking leaves no trace in the machine.
 */
#include "debug/command_table.h"
#include "debug/world_session.h"
#include "machine/run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define BUDGET (UINT64_C(1) << 26)
#define ROUND  8 /* counts of the program's loop: 4, and the handler's 4 */
#define DEPTHS 3

struct desk {
    struct world w;
    struct symbol_sets symbols;
    struct disassembler disassembler;
    struct exit_log names;
    struct debugger d;
    struct session *s;
    char said[1 << 16];
    size_t length;
};

/* t0 counts and is stored; ecall, whose handler goes on behind it. */
static void program(struct world *w)
{
    const uint32_t code[] = { addi(T0, T0, 1), sd(T0, S0, 0), ECALL,
                              0xff5ff06f /* j -12 */ };
    const uint32_t handler[] = { csr(CSRRS, T1, CSR_mepc, 0), addi(T1, T1, 4),
                                 csr(CSRRW, 0, CSR_mepc, T1), MRET };

    world_code(w, CODE, code, 4);
    world_code(w, HANDLER, handler, 4);
    world_set_csr(w, CSR_mtvec, HANDLER);
    world_set_reg(w, S0, DATA);
}

static void name_addresses(struct desk *k)
{
    char path[] = "/tmp/pogo-symbols-XXXXXX";
    const struct symbol_scope guest = { .level = k->w.depth };
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    struct error e;

    fprintf(f, "80000100 T handler\n80001000 T loop\n80400000 D data\n");
    fclose(f);
    assert_int_equal(symbol_sets_add_file(&k->symbols, guest, path, 0, &e),
                     STATUS_OK);
    unlink(path);
}

static struct desk *sit_down(unsigned depth)
{
    struct desk *k = calloc(1, sizeof *k);
    static struct isa isa;

    assert_non_null(k);
    isa = isa_default();
    world_make(&k->w, depth, 1);
    program(&k->w);
    disassembler_init(&k->disassembler, &isa);
    k->names = (struct exit_log){ &k->symbols, &k->disassembler };
    name_addresses(k);
    k->s = world_session(&k->w, BUDGET);
    k->d = (struct debugger){ .session = k->s,
                              .names = &k->names,
                              .world = depth };
    return k;
}

static void stand_up(struct desk *k)
{
    session_free(k->s);
    disassembler_free(&k->disassembler);
    symbol_sets_free(&k->symbols);
    world_free(&k->w);
    free(k);
}

static void put(void *context, const char *text, size_t n)
{
    struct desk *k = context;

    assert_true(k->length + n < sizeof k->said);
    memcpy(k->said + k->length, text, n);
    k->length += n;
    k->said[k->length] = '\0';
}

static enum command_end give(struct desk *k, const char *line)
{
    const struct text_sink out = { put, k };
    enum command_end end;

    k->length = 0;
    k->said[0] = '\0';
    end = command_line(&k->d, line, &out);
    if (k->length && k->said[k->length - 1] != '\n')
        fail_msg("'%s' says something without a newline: %s", line, k->said);
    return end;
}

static void says(struct desk *k, const char *text)
{
    if (!strstr(k->said, text))
        fail_msg("depth %u: no '%s' in:\n%s", k->w.depth, text, k->said);
}

static void says_not(struct desk *k, const char *text)
{
    if (strstr(k->said, text))
        fail_msg("depth %u: '%s' in:\n%s", k->w.depth, text, k->said);
}

static uint64_t hash(struct desk *k)
{
    return machine_hash(k->w.m, k->w.b);
}

static uint64_t reg(struct desk *k, unsigned number)
{
    uint64_t v = 0;

    assert_true(session_get(k->s, k->w.depth, 0, number, &v));
    return v;
}

/* ---- lines ---- */

static void names_may_be_cut_short(void **state)
{
    struct desk *k = sit_down(0);

    (void)state;
    assert_int_equal(give(k, "  hist  "), COMMAND_DONE);
    says(k, "beginning");
    assert_int_equal(give(k, "snapshot"), COMMAND_WRONG); /* its own name */
    says(k, "usage: snapshot NAME");
    assert_int_equal(give(k, "h"), COMMAND_WRONG);
    says(k, "'history'");
    says(k, "'help'");
    says(k, "'hart'");
    assert_int_equal(give(k, ""), COMMAND_DONE);
    assert_int_equal(k->length, 0);
    assert_int_equal(give(k, "fly away"), COMMAND_UNKNOWN);
    assert_int_equal(k->length, 0);
    assert_int_equal(give(k, "goto 1 2"), COMMAND_WRONG);
    says(k, "usage: goto N|+N|-N|beginning|latest");
    assert_int_equal(give(k, "why a b c d e f g h i j k"), COMMAND_WRONG);
    stand_up(k);
}

static void count_one(void *context, const char *name, const char *help)
{
    struct desk *k = context;

    k->length++;
    assert_true(name[0] && help[0]);
    assert_int_equal(give(k, "help"), COMMAND_DONE);
    says(k, name);
    says(k, help);
    k->length = 0;
}

static void help_knows_every_command(void **state)
{
    struct desk *k = sit_down(0);

    (void)state;
    commands_each("", count_one, k);
    assert_int_equal(give(k, "help trap-stop"), COMMAND_DONE);
    says(k, "CAUSE|all|exits");
    assert_int_equal(give(k, "help nothing"), COMMAND_WRONG);
    stand_up(k);
}

static void numbers_are_sums_of_names_and_registers(void **state)
{
    static const struct {
        const char *text, *value;
    } good[] = {
        { "0x80001004", "0x80001004 <loop+0x4>" },
        { "2147487748", "0x80001004 <loop+0x4>" },
        { "loop+4", "0x80001004 <loop+0x4>" },
        { "$pc+0xc-8", "0x80001004 <loop+0x4>" },
        { "data", "0x80400000 <data>" },
        { "$s0", "0x80400000 <data>" },
        { "$x8-data", "0" },
        { "$csr0x305", "0x80000100 <handler>" },
        { "$mtvec", "0x80000100 <handler>" },
    };
    static const char *const bad[] = {
        "nothing", "$nothing", "0x",
        "12q",     "loop+",    "+",
        "$",       "0x1 ff",   "99999999999999999999"
    };

    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *k = sit_down(depth);
        char line[64];

        for (size_t n = 0; n < sizeof good / sizeof *good; n++) {
            snprintf(line, sizeof line, "symbol %s", good[n].text);
            assert_int_equal(give(k, line), COMMAND_DONE);
            says(k, good[n].value);
        }
        for (size_t n = 0; n < sizeof bad / sizeof *bad; n++) {
            snprintf(line, sizeof line, "symbol %s", bad[n]);
            assert_int_equal(give(k, line), COMMAND_WRONG);
            assert_true(k->length > 0);
        }
        stand_up(k);
    }
}

/* ---- why ---- */

static void why_explains_the_last_trap_and_comes_back(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *k = sit_down(depth);
        uint64_t before;

        assert_int_equal(give(k, "why"), COMMAND_WRONG);
        says(k, "there is no");
        session_run(k->s, 3 * ROUND + 5);
        before = hash(k);
        assert_int_equal(give(k, "why trap"), COMMAND_DONE);
        says(k, "Count 26, hart 0");
        says(k, "environment call from M-mode");
        says(k, "0x80001008 <loop+0x8>: ecall");
        assert_true(hash(k) == before);
        assert_int_equal(session_time(k->s), 3 * ROUND + 5);
        if (depth == 0) {
            assert_int_equal(give(k, "why exit"), COMMAND_WRONG);
            says(k, "the bare machine has no exits");
        } else {
            assert_int_equal(give(k, "why exit"), COMMAND_DONE);
            says(k, "Count 27, hart 0"); /* csrr t1, mepc */
            says(k, "an exit to the monitor, which the guest does not notice");
        }
        assert_true(hash(k) == before);
        assert_int_equal(give(k, "why ever"), COMMAND_WRONG);
        /* The traps of a machine below are exits of the one above it. */
        for (unsigned world = 0; world < depth; world++) {
            k->d.world = world;
            assert_int_equal(give(k, "why"), COMMAND_DONE);
            says(k, world == 0 ? "hart 0 of vm1: an exit to the monitor"
                               : "hart 0 of vm2: an exit to the monitor");
            says(k, "0x80000100 <handler>: csrr t1, mepc");
            assert_true(hash(k) == before);
        }
        stand_up(k);
    }
}

static void why_at_a_stop_point_is_about_that_one(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *k = sit_down(depth);
        uint64_t before;

        assert_int_equal(give(k, "trap-stop ecall-m"), COMMAND_DONE);
        for (unsigned n = 0; n < 4; n++) {
            assert_int_equal(session_run(k->s, UINT64_MAX), SESSION_POINT);
            assert_int_equal(session_time(k->s), n * ROUND + 2);
            before = hash(k);
            assert_int_equal(give(k, "why"), COMMAND_DONE);
            says(k, "environment call from M-mode");
            assert_int_equal(session_time(k->s), n * ROUND + 2);
            assert_true(session_stands(k->s));
            assert_true(hash(k) == before);
        }
        stand_up(k);
    }
}

static void why_where_a_stop_point_was_comes_back_too(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        for (enum stop_kind kind = STOP_AT_CODE; kind <= STOP_AT_TRAP; kind++) {
            struct desk *k = sit_down(depth);
            const struct stop_point p = { .kind = kind,
                                          .world = depth,
                                          .any_space = true,
                                          .va = kind ? DATA : CODE + 4,
                                          .size = 8,
                                          .cause = SESSION_ANY_CAUSE };
            uint64_t before, time;

            if (kind == STOP_AT_READ) { /* it loads nothing */
                stand_up(k);
                continue;
            }
            session_goto(k->s, ROUND + 5);
            assert_int_equal(session_add(k->s, &p), 1);
            assert_int_equal(session_run(k->s, UINT64_MAX), SESSION_POINT);
            before = hash(k);
            time = session_time(k->s);
            session_remove(k->s, 1);
            assert_int_equal(give(k, "why trap"), COMMAND_DONE);
            says(k, "Count 10, hart 0");
            assert_int_equal(session_time(k->s), time);
            assert_true(hash(k) == before);
            stand_up(k);
        }
    }
}

static void why_at_a_stop_in_a_machine_below_is_about_its_guest(void **state)
{
    struct desk *k = sit_down(1);

    (void)state;
    assert_int_equal(give(k, "trap-stop illegal 0"), COMMAND_DONE);
    assert_int_equal(session_run(k->s, UINT64_MAX), SESSION_POINT);
    assert_int_equal(give(k, "why"), COMMAND_DONE);
    says(k, "Count 3, hart 0 of vm1: an exit to the monitor");
    says(k, "On the bare machine, whose hart runs all of vm1 in U-mode");
    stand_up(k);
}

static void why_does_not_give_up_what_was_changed(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *k = sit_down(depth);

        session_run(k->s, 3 * ROUND + 5);
        assert_true(session_set(k->s, depth, 0, S1, 77));
        assert_int_equal(give(k, "why trap"), COMMAND_WRONG);
        says(k, "something was changed from outside");
        assert_int_equal(reg(k, S1), 77);
        session_run(k->s, 5 * ROUND);
        assert_int_equal(give(k, "why trap"), COMMAND_DONE);
        says(k, "Count 34, hart 0");
        assert_int_equal(reg(k, S1), 77);
        stand_up(k);
    }
}

/* ---- trap-stop ---- */

static void stops_at_traps_of_a_cause(void **state)
{
    static const char *const same[] = {
        "11", "0xb", "ecall-m", "ECALL_M", "environment-call-from-m", "all"
    };

    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        for (size_t n = 0; n < sizeof same / sizeof *same; n++) {
            struct desk *k = sit_down(depth);
            char line[64];

            snprintf(line, sizeof line, "trap-stop %s", same[n]);
            assert_int_equal(give(k, line), COMMAND_DONE);
            assert_int_equal(session_run(k->s, UINT64_MAX), SESSION_POINT);
            assert_int_equal(session_time(k->s), 2);
            give(k, "trap-stop");
            says(k, "1  before a trap is taken");
            stand_up(k);
        }
    }
}

static void trap_stops_are_listed_and_taken_away(void **state)
{
    struct desk *k = sit_down(1);
    const struct stop_point code = {
        .kind = STOP_AT_CODE, .world = 1, .any_space = true, .va = CODE
    };

    (void)state;
    session_add(k->s, &code);
    assert_int_equal(give(k, "trap-stop"), COMMAND_DONE);
    says(k, "it stops at no traps");
    says(k, "causes: fetch-misaligned ");
    says(k, " mei, or a number as mcause has it");
    assert_int_equal(give(k, "trap-stop load-p"), COMMAND_DONE);
    says(k, "2  before a trap is taken: load page fault, in vm1");
    assert_int_equal(give(k, "trap-stop sti 0"), COMMAND_DONE);
    says(k, "3  before a trap is taken: supervisor timer interrupt, in the "
            "bare machine");
    assert_int_equal(give(k, "trap-stop exits"), COMMAND_DONE);
    says(k, "4  before an exit is dealt with, in vm1");
    assert_int_equal(give(k, "trap-stop exits 0"), COMMAND_WRONG);
    assert_int_equal(give(k, "trap-stop load"), COMMAND_WRONG);
    says(k, "'load' may be load-misaligned load-access load-page\n");
    assert_int_equal(give(k, "trap-stop sneeze"), COMMAND_WRONG);
    says(k, "ecall-u");
    assert_int_equal(give(k, "trap-stop all 7"), COMMAND_WRONG);
    assert_int_equal(give(k, "trap-stop off 1"), COMMAND_WRONG);
    assert_int_equal(give(k, "trap-stop off 3"), COMMAND_DONE);
    give(k, "trap-stop");
    says_not(k, "supervisor timer interrupt");
    says(k, "load page fault");
    assert_int_equal(give(k, "trap-stop off"), COMMAND_DONE);
    says(k, "2 taken away");
    assert_true(session_points(k->s).has_point[0]);
    stand_up(k);
}

/* ---- time ---- */

static void goes_to_times_and_names(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *k = sit_down(depth);
        uint64_t at_40, at_1000;

        assert_int_equal(give(k, "goto 40"), COMMAND_MOVED);
        says(k, "at 40: hart 0 of ");
        says(k, "M-mode, 0x80001000 <loop>");
        at_40 = hash(k);
        assert_int_equal(give(k, "snapshot here"), COMMAND_DONE);
        assert_int_equal(give(k, "goto +960"), COMMAND_MOVED);
        assert_int_equal(session_time(k->s), 1000);
        at_1000 = hash(k);
        assert_int_equal(give(k, "snapshots"), COMMAND_DONE);
        says(k, "here                 40\n");
        assert_int_equal(give(k, "restore here"), COMMAND_MOVED);
        assert_true(hash(k) == at_40);
        assert_int_equal(give(k, "history"), COMMAND_DONE);
        says(k, "beginning   0\n");
        says(k, "present     40\n");
        says(k, "latest      1,000\n");
        assert_int_equal(give(k, "goto latest"), COMMAND_MOVED);
        assert_true(hash(k) == at_1000);
        give(k, "goto -960");
        assert_true(hash(k) == at_40);
        give(k, "goto beginning");
        assert_int_equal(session_time(k->s), 0);
        assert_int_equal(give(k, "restore there"), COMMAND_WRONG);
        assert_int_equal(give(k, "goto sometime"), COMMAND_WRONG);
        stand_up(k);
    }
}

/* ---- looking ---- */

static void csrs_are_shown_with_their_fields(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *k = sit_down(depth);

        session_run(k->s, ROUND);
        assert_int_equal(give(k, "csr"), COMMAND_DONE);
        says(k, "mcause         0x000000000000000b environment call from "
                "M-mode\n");
        says(k, "MPP=");
        says(k, "satp           0x0000000000000000 MODE=Bare ASID=0 PPN=0\n");
        says(k, "mepc           0x000000008000100c <loop+0xc>\n");
        assert_int_equal(give(k, "csr mtvec"), COMMAND_DONE);
        says(k, "BASE=0x20000040 MODE=Direct <handler>\n");
        assert_int_equal(give(k, "csr mie=0x2a0"), COMMAND_MOVED);
        says(k, " SEI MTI STI\n");
        assert_int_equal(give(k, "csr mscratch=loop+4"), COMMAND_MOVED);
        says(k, "0x0000000080001004 <loop+0x4>\n");
        assert_int_equal(give(k, "csr mhartid=1"), COMMAND_WRONG);
        assert_int_equal(give(k, "csr nothing"), COMMAND_WRONG);
        assert_int_equal(give(k, "csr a0"), COMMAND_WRONG);
        give(k, "world 0");
        assert_int_equal(give(k, "csr mscratch=5"),
                         depth ? COMMAND_WRONG : COMMAND_MOVED);
        stand_up(k);
    }
}

/* DATA is page 3 of the window, and the hart in S-mode at CODE. */
static struct desk *sit_down_paging(unsigned depth)
{
    struct desk *k = sit_down(depth);

    world_paging(&k->w);
    world_map(&k->w, 3, DATA, ALL_OF_S);
    world_set_csr(&k->w, CSR_mtvec, HANDLER);
    world_set_reg(&k->w, S0, PAGE_OF_WINDOW(3));
    session_free(k->s);
    k->s = k->d.session = world_session(&k->w, BUDGET);
    session_run(k->s, 2);
    return k;
}

static void an_address_is_followed_at_every_depth(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *k = sit_down_paging(depth);
        uint64_t before = hash(k);

        assert_int_equal(give(k, "pt 0x40003018"), COMMAND_DONE);
        says(k, "L2 [  1] 0x80100008: 0x20040401 pointer");
        says(k, "L0 [  3] 0x80102018: ");
        says(k, "RWX--AD");
        says(k, "page 0x80400000");
        if (depth > 0)
            says(k, "p2m");
        if (depth == 2) {
            says(k, "0x40003018 in vm2, and how vm1 walks for it:");
            says(k, "in vm1, and how the bare machine walks for it:");
        }
        assert_int_equal(give(k, "pt 0x80001000 0"), COMMAND_DONE);
        says(k, "0x80001000 in the bare machine:");
        assert_int_equal(give(k, "pt 0x40003018 9"), COMMAND_WRONG);
        assert_int_equal(give(k, "pt"), COMMAND_WRONG);
        assert_true(hash(k) == before);
        stand_up(k);
    }
}

static void the_tlb_has_what_was_accessed(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *k = sit_down_paging(depth);

        assert_int_equal(give(k, "tlb"), COMMAND_DONE);
        says(k, "0x0000000080001000");
        says(k, "0x0000000040003000");
        assert_int_equal(give(k, "tlb 0x40003abc"), COMMAND_DONE);
        says_not(k, "0x0000000080001000  0x");
        says(k, "0x0000000040003000  0x");
        says(k, "rw");
        assert_int_equal(give(k, "tlb 0x40004000"), COMMAND_DONE);
        says(k, "none are kept");
        stand_up(k);
    }
}

static void every_world_is_shown(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *k = sit_down(depth);

        session_run(k->s, 10 * ROUND);
        assert_int_equal(give(k, "vms"), COMMAND_DONE);
        says(k, "world 0, the bare machine: depth 0, 1 hart, ");
        says(k, "hart 0: M-mode, 0x80001000 <loop>, count 80");
        if (depth > 0) {
            says(k, "world 1, vm1: depth 1, 1 hart");
            says(k, " were emulated");
            says(k, "environment call from U-mode: ");
        } else {
            says_not(k, "world 1");
        }
        assert_int_equal(give(k, "world"), COMMAND_DONE);
        assert_int_equal(give(k, "world 3"), COMMAND_WRONG);
        assert_int_equal(give(k, "hart 1"), COMMAND_WRONG);
        says(k, "'1' is no hart: they are numbered 0 to 0");
        assert_int_equal(give(k, "log on"), COMMAND_WRONG);
        stand_up(k);
    }
}

static void looking_leaves_no_trace(void **state)
{
    static const char *const looks[] = {
        "why",        "why trap",  "csr",     "csr satp",  "vms",
        "tlb",        "tlb loop",  "pt loop", "pt data 0", "symbol loop",
        "help",       "history",   "world",   "hart",      "trap-stop",
        "snapshot a", "snapshots",
    };

    (void)state;
    for (unsigned depth = 0; depth < DEPTHS; depth++) {
        struct desk *free_run = sit_down(depth), *k = sit_down(depth);

        for (unsigned n = 0; n < 40; n++) {
            uint64_t until = 13 * n + 7;

            session_run(k->s, until);
            for (size_t i = 0; i < sizeof looks / sizeof *looks; i++)
                give(k, looks[i]);
            session_run(free_run->s, until);
            assert_int_equal(session_time(k->s), until);
            assert_true(hash(k) == hash(free_run));
        }
        stand_up(k);
        stand_up(free_run);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_may_be_cut_short),
        cmocka_unit_test(help_knows_every_command),
        cmocka_unit_test(numbers_are_sums_of_names_and_registers),
        cmocka_unit_test(why_explains_the_last_trap_and_comes_back),
        cmocka_unit_test(why_at_a_stop_point_is_about_that_one),
        cmocka_unit_test(why_where_a_stop_point_was_comes_back_too),
        cmocka_unit_test(why_at_a_stop_in_a_machine_below_is_about_its_guest),
        cmocka_unit_test(why_does_not_give_up_what_was_changed),
        cmocka_unit_test(stops_at_traps_of_a_cause),
        cmocka_unit_test(trap_stops_are_listed_and_taken_away),
        cmocka_unit_test(goes_to_times_and_names),
        cmocka_unit_test(csrs_are_shown_with_their_fields),
        cmocka_unit_test(an_address_is_followed_at_every_depth),
        cmocka_unit_test(the_tlb_has_what_was_accessed),
        cmocka_unit_test(every_world_is_shown),
        cmocka_unit_test(looking_leaves_no_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
