/* Counts are exact, and how a run is cut into pieces changes nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

static void a_run_stops_at_every_count_there_is(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    for (unsigned i = 0; i < 100; i++)
        RIG_PUT(r, RIG_RAM + 4 * i, ADDI(10, 10, 1));
    for (unsigned n = 0; n < 100; n++) {
        struct stop s;

        r->h->pc = RIG_RAM;
        r->h->x[10] = 0;
        s = hart_run(r->h, n);
        assert_int_equal(s.reason, STOP_LIMIT);
        assert_int_equal(s.count, n);
        assert_int_equal(r->h->x[10], n);
        assert_int_equal(r->h->pc, RIG_RAM + 4 * n);
    }
    rig_free(r);
}

static void a_trap_in_the_middle_of_a_block_gives_back_the_rest(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, ADDI(10, 10, 1), LD(11, 0, 0), ADDI(10, 10, 1), NOP, NOP, NOP,
             JAL(0, 0));
    RIG_PUT(r, RIG_RAM + 64, CSRR(12, CSR_minstret), CSRR(13, CSR_mcycle),
            JAL(0, 0));
    rig_csr(r, CSR_mtvec, RIG_RAM + 64);
    rig_run(r, 4);
    assert_int_equal(r->h->csr.mcause, CAUSE_LOAD_ACCESS);
    assert_int_equal(r->h->csr.mepc, RIG_RAM + 4);
    assert_int_equal(r->h->x[10], 1);
    assert_int_equal(r->h->x[12], 1);
    assert_int_equal(r->h->x[13], 3);
    assert_int_equal(r->h->csr.instret, 3);
    rig_free(r);
}

static void counters_read_what_was_executed_before(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, NOP, NOP, CSRR(10, CSR_mcycle), CSRW(CSR_mcycle, 5),
             CSRR(11, CSR_mcycle), NOP, CSRW(CSR_minstret, 5),
             CSRR(12, CSR_minstret), CSRR(13, CSR_minstret), JAL(0, 0));
    r->h->x[5] = 1000;
    rig_run(r, 9);
    assert_int_equal(r->h->x[10], 2);
    /* "The value written is the value read by the following instruction." */
    assert_int_equal(r->h->x[11], 1000);
    assert_int_equal(r->h->x[12], 1000);
    assert_int_equal(r->h->x[13], 1001);
    rig_free(r);
}

static void a_device_sees_the_count_of_the_access(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    for (unsigned i = 0; i < 250; i++)
        RIG_PUT(r, RIG_RAM + 4 * i, NOP);
    RIG_PUT(r, RIG_RAM + 4 * 240, LW(10, 0, 5));
    r->h->x[5] = RIG_DEVICE;
    r->bus.clock.time_offset = 40;
    rig_run(r, 250);
    assert_int_equal(r->device.now, 240);
    assert_int_equal(r->device.time, 42);
    rig_free(r);
}

/* --- the property: random programs, cut in different ways --- */

#define CODE_WORDS 1024
#define DATA (RIG_RAM + 0x3ff0)    /* straddles a page boundary */
#define HANDLER (RIG_RAM + 0x8000)

static uint32_t seed;

static uint32_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

/* x8 and x9 point to data and code; nobody writes them, or x5 to x7. */
static unsigned any_rd(void)
{
    unsigned rd = 10 + rnd() % 22;

    return rd > 29 ? 0 : rd;
}

static uint32_t any_branch(void)
{
    return b_type(0x63 | (rnd() & 7) << 12, any_rd(), any_rd(),
                  (int)(rnd() % 256) - 128);
}

static uint32_t any_access(void)
{
    unsigned base = rnd() % 8 ? 8 : 9;
    int offset = (int)(rnd() % 64) - 32;

    if (base == 9)
        offset = (int)(rnd() % 4096) - 2048;
    if (rnd() & 1)
        return i_type(0x03 | (rnd() % 7) << 12, any_rd(), base, offset);
    return s_type(0x23 | (rnd() & 3) << 12, any_rd(), base, offset);
}

static uint32_t any_row(void)
{
    const struct insn_row *row;
    uint32_t word;

    do
        row = insn_row((enum insn_op)(1 + rnd() % (INSN_COUNT - 1)));
    while (row->class == CLASS_SYSTEM || row->class == CLASS_CSR ||
           row->class == CLASS_LOAD || row->class == CLASS_STORE ||
           row->class == CLASS_JUMP || row->class == CLASS_BRANCH);
    word = (rnd() & ~row->mask) | row->match;
    word = (word & ~0xf80u) | any_rd() << 7;
    if (row->class == CLASS_AMO)
        word = (word & ~0xf8000u) | 7u << 15; /* x7: aligned data */
    return (word & ~row->mask) | row->match;
}

static uint32_t any_csr(void)
{
    static const uint16_t csr[] = {CSR_mcycle, CSR_minstret, CSR_time,
                                   CSR_fcsr, CSR_mscratch, CSR_mcause, 0x7c0};
    uint32_t funct3 = 1 + rnd() % 3;

    return i_type(0x73 | funct3 << 12, any_rd(), any_rd(),
                  csr[rnd() % 7]);
}

static uint32_t any_word(void)
{
    switch (rnd() % 16) {
    case 0: return rnd();
    case 1: return any_branch();
    case 2: return any_csr();
    case 3: return j_type(any_rd(), (int)(rnd() % 512) - 256);
    case 4: case 5: case 6: return any_access();
    case 7: return (rnd() & 0xfffcfffc) | 0x00010001; /* two compressed */
    default: return any_row();
    }
}

/* The handler goes on after the instruction, or in the code if it was astray.
 */
static void put_handler(struct rig *r)
{
    RIG_PUT(r, HANDLER, CSRR(30, CSR_mepc), ADDI(30, 30, 4), SLLI(30, 30, 52),
            i_type(0x5013, 30, 30, 52), ADD(30, 30, 5), CSRW(CSR_mepc, 30),
            MRET);
    rig_csr(r, CSR_mtvec, HANDLER);
}

static struct rig *random_rig(uint32_t s)
{
    struct rig *r = rig_new();

    seed = s * 2654435761u + 1;
    for (unsigned i = 0; i < CODE_WORDS; i++)
        RIG_PUT(r, RIG_RAM + 4 * i, any_word());
    RIG_PUT(r, RIG_RAM + 4 * CODE_WORDS - 2, any_access());
    put_handler(r);
    r->h->x[5] = RIG_RAM;
    r->h->x[7] = DATA + 64;
    r->h->x[8] = DATA;
    r->h->x[9] = RIG_RAM + 2048;
    for (unsigned i = 10; i < 32; i++)
        r->h->x[i] = (uint64_t)rnd() << 32 | rnd();
    for (unsigned i = 0; i < 32; i++)
        r->h->f[i] = (uint64_t)rnd() << 32 | rnd();
    return r;
}

static void expect_same(struct rig *a, struct rig *b)
{
    a->h->csr.isa = b->h->csr.isa;
    assert_memory_equal(a->h->x, b->h->x, 32 * 8);
    assert_memory_equal(a->h->f, b->h->f, 32 * 8);
    assert_int_equal(a->h->pc, b->h->pc);
    assert_memory_equal(&a->h->csr, &b->h->csr, sizeof a->h->csr);
    assert_memory_equal(a->bus.ram.bytes, b->bus.ram.bytes, RIG_RAM_SIZE);
}

static void the_budgets_of_a_run_do_not_matter(void **state)
{
    const unsigned length = 3000;

    (void)state;
    for (uint32_t s = 1; s <= 60; s++) {
        struct rig *whole = random_rig(s), *steps = random_rig(s);
        struct rig *pieces = random_rig(s);

        rig_run(whole, length);
        for (unsigned i = 0; i < length; i++)
            rig_run(steps, 1);
        for (unsigned done = 0, n; done < length; done += n) {
            n = 1 + rnd() % 40;
            if (n > length - done)
                n = length - done;
            rig_run(pieces, n);
        }
        expect_same(whole, steps);
        expect_same(whole, pieces);
        assert_true(whole->h->csr.instret > length / 4);
        rig_free(whole);
        rig_free(steps);
        rig_free(pieces);
    }
}

/* Fresh decoding before every instruction is how changed code must look. */
static void decoded_code_is_never_stale(void **state)
{
    const unsigned length = 1500;

    (void)state;
    for (uint32_t s = 100; s <= 130; s++) {
        struct rig *kept = random_rig(s), *fresh = random_rig(s);

        rig_run(kept, length);
        for (unsigned i = 0; i < length; i++) {
            engine_flush(fresh->engine);
            rig_run(fresh, 1);
        }
        expect_same(kept, fresh);
        rig_free(kept);
        rig_free(fresh);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_stops_at_every_count_there_is),
        cmocka_unit_test(a_trap_in_the_middle_of_a_block_gives_back_the_rest),
        cmocka_unit_test(counters_read_what_was_executed_before),
        cmocka_unit_test(a_device_sees_the_count_of_the_access),
        cmocka_unit_test(the_budgets_of_a_run_do_not_matter),
        cmocka_unit_test(decoded_code_is_never_stale),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
