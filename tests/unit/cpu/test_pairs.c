/* Operations handed on in the accumulator and fused in pairs do what they do
 * one by one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rig.h"

#define DATA (RIG_RAM + 0x10000)
#define DATA_SIZE 0x1000
#define HANDLER (RIG_RAM + 0x8000)
#define TRIES 4

static uint32_t seed = 1;

static uint32_t rnd(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static bool fits(const struct insn_row *row)
{
    switch (row->class) {
    case CLASS_ALU:
    case CLASS_LOAD:
    case CLASS_STORE:
    case CLASS_BRANCH:
    case CLASS_JUMP:
        return true;
    default:
        return false;
    }
}

/* One of few registers, so that the next operand often is the last result. */
static uint32_t few(uint32_t word, unsigned shift)
{
    static const uint8_t reg[] = {10, 11, 12, 10, 11, 0};

    return (word & ~(31u << shift)) | (uint32_t)reg[rnd() % 6] << shift;
}

static uint32_t any(const struct insn_row *row)
{
    uint32_t word = few(few(few(rnd(), 7), 15), 20);

    if (row->format == FORMAT_STORE)
        word &= ~(7u << 29);
    return (word & ~row->mask) | row->match;
}

/* The code, and the state before it, the same for the same `s`. */
static void prepare(struct rig *r, const uint32_t *words, size_t n)
{
    for (uint64_t at = 0; at < DATA_SIZE; at += 8)
        rig_poke(r, DATA + at, 8, at * UINT64_C(0x9e3779b97f4a7c15));
    rig_put(r, RIG_RAM, words, n);
    RIG_PUT(r, HANDLER, JAL(0, 0));
    rig_csr(r, CSR_mtvec, HANDLER);
    rig_csr(r, CSR_mcause, 0);
    memset(r->h->x, 0, sizeof r->h->x);
    memset(r->h->f, 0, sizeof r->h->f);
    for (unsigned i = 10; i < 13; i++)
        r->h->x[i] = DATA + 0x700 + 24 * i;
    r->h->pc = RIG_RAM;
}

static void expect_same(struct rig *a, struct rig *b)
{
    assert_memory_equal(a->h->x, b->h->x, 32 * sizeof a->h->x[0]);
    assert_memory_equal(a->h->f, b->h->f, sizeof a->h->f);
    assert_int_equal(a->h->pc, b->h->pc);
    assert_int_equal(a->h->csr.count, b->h->csr.count);
    assert_int_equal(a->h->csr.instret, b->h->csr.instret);
    assert_int_equal(a->h->csr.mcause, b->h->csr.mcause);
    assert_int_equal(a->h->csr.mepc, b->h->csr.mepc);
    assert_int_equal(a->h->csr.mtval, b->h->csr.mtval);
    for (uint64_t at = 0; at < DATA_SIZE; at += 8)
        if (rig_peek(a, DATA + at, 8) != rig_peek(b, DATA + at, 8))
            fail_msg("memory differs at %#llx", (unsigned long long)at);
}

/* In one go; the first instructions in one go and then the rest; one by one. */
static void expect_cut_alike(struct rig *a, struct rig *b,
                             const uint32_t *words, unsigned n, unsigned cut)
{
    prepare(a, words, n);
    prepare(b, words, n);
    rig_run(a, cut);
    rig_run(a, n - cut);
    for (unsigned i = 0; i < n; i++)
        rig_run(b, 1);
    expect_same(a, b);
}

static void two_instructions_do_what_each_does(void **state)
{
    struct rig *a = rig_new(), *b = rig_new();
    uint32_t words[5] = {i_type(0x4013, 10, 10, 8)}; /* xori x10, x10, 8 */

    (void)state;
    words[3] = JAL(0, 0);
    for (unsigned i = 1; i < INSN_COUNT; i++)
        for (unsigned j = 1; j < INSN_COUNT; j++) {
            const struct insn_row *first = insn_row((enum insn_op)i);
            const struct insn_row *second = insn_row((enum insn_op)j);

            if (!fits(first) || !fits(second))
                continue;
            for (unsigned k = 0; k < TRIES; k++) {
                words[1] = any(first);
                words[2] = any(second);
                expect_cut_alike(a, b, words, 4, k % 3 ? 0 : 1 + rnd() % 3);
            }
        }
    rig_free(a);
    rig_free(b);
}

static void straight_code_does_what_its_instructions_do(void **state)
{
    struct rig *a = rig_new(), *b = rig_new();
    uint32_t words[16];

    (void)state;
    for (unsigned k = 0; k < 2000; k++) {
        for (unsigned i = 0; i < 15; i++) {
            const struct insn_row *row;

            do
                row = insn_row((enum insn_op)(1 + rnd() % (INSN_COUNT - 1)));
            while (!fits(row) || row->class >= CLASS_BRANCH);
            words[i] = any(row);
        }
        words[15] = JAL(0, 0);
        expect_cut_alike(a, b, words, 16, rnd() % 16);
    }
    rig_free(a);
    rig_free(b);
}

/* A step, a step or a store, and a branch: what ends a loop has one handler. */
static void ends_of_loops_do_what_their_instructions_do(void **state)
{
    static const enum insn_op firsts[] = {INSN_addi, INSN_add, INSN_addiw,
                                          INSN_lbu, INSN_lw, INSN_ld};
    static const enum insn_op seconds[] = {INSN_addi, INSN_add, INSN_sb,
                                           INSN_sw, INSN_sd};
    static const enum insn_op lasts[] = {INSN_bne, INSN_beq, INSN_blt,
                                         INSN_bltu};
    struct rig *a = rig_new(), *b = rig_new();
    uint32_t words[4];

    (void)state;
    words[3] = JAL(0, 0);
    for (unsigned k = 0; k < 30000; k++) {
        words[0] = any(insn_row(firsts[rnd() % 6]));
        words[1] = any(insn_row(seconds[rnd() % 5]));
        words[2] = any(insn_row(lasts[rnd() % 4]));
        expect_cut_alike(a, b, words, 4, rnd() % 4);
    }
    rig_free(a);
    rig_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_instructions_do_what_each_does),
        cmocka_unit_test(straight_code_does_what_its_instructions_do),
        cmocka_unit_test(ends_of_loops_do_what_their_instructions_do),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
