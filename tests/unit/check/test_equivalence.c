/*
 * Equivalence finds the very instruction after which two machines differ. Side
 * 1 is a machine around another one: it runs as that does, but for one bit that
 * changes at a chosen count.
 */
#include "check/equivalence.h"
#include "vmm/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RAM_SIZE (UINT64_C(2) << 20)
#define CHANGED  UINT64_C(0x80180ff8) /* nobody uses it */

enum deed {
    NOTHING,
    REGISTER,
    A_CSR,
    MEMORY,
    OUTPUT,
    OTHER_OUTPUT,
    RESERVATION,
    END,
    RESET
};

/* `deed` is done right after `hart` has come to count `at`, in the life that
   `resets` resets began. */
struct act {
    enum deed deed;
    uint64_t at;
    unsigned hart, resets;
};

struct test_side {
    struct machine machine; /* first: what is compared */
    struct world world;     /* in it, that which runs */
    struct side_output output;
    uint8_t bytes[64];
    unsigned resets;
    bool made;
};

struct rig {
    struct test_side side[2];
    unsigned depth, harts;   /* of side 1; side 0 is bare */
    struct act act[2], both; /* what each side does, and both do */
    uint64_t every, until;
    unsigned pairs; /* that were made */
    struct equivalence found;
};

static struct rig *rig_of; /* the machine's ops have no context of their own */

static struct test_side *side_of(struct machine *m)
{
    return (struct test_side *)(void *)m;
}

static void put(struct test_side *s, uint8_t byte)
{
    assert_true(s->output.size < sizeof s->bytes);
    s->bytes[s->output.size++] = byte;
}

static void act(struct test_side *s, const struct act *a)
{
    struct machine *m = s->world.m;

    s->world.hart = a->hart;
    switch (a->deed) {
    case REGISTER:
        world_set_reg(&s->world, 30, world_reg(&s->world, 30) ^ 0x10);
        break;
    case A_CSR:
        world_set_csr(&s->world, CSR_mscratch, 2);
        break;
    case MEMORY:
        *(uint8_t *)m->ops->ram(m, CHANGED, 1, true) ^= 0x80;
        break;
    case OUTPUT:
        put(s, '!');
        break;
    case OTHER_OUTPUT:
        put(s, '?');
        break;
    case RESERVATION:
        world_set_reg(&s->world, REG_RESERVATION, CHANGED);
        break;
    case END:
        s->world.b->finished = true;
        break;
    case RESET:
        s->world.b->reset_wanted = true;
        break;
    case NOTHING:
        break;
    }
}

/* How far `hart` may run before something has to be done. */
static uint64_t cut(struct test_side *s, const struct act *a, unsigned hart,
                    uint64_t budget)
{
    uint64_t now = s->world.b->csr[hart]->count;

    if (a->deed == NOTHING || a->hart != hart || a->resets != s->resets ||
        now >= a->at || a->at - now > budget)
        return budget;
    return a->at - now;
}

static struct stop run(struct machine *m, unsigned hart, uint64_t budget)
{
    struct test_side *s = side_of(m);
    const struct act *acts[] = { &rig_of->act[s - rig_of->side],
                                 &rig_of->both };
    struct stop stop;

    for (unsigned k = 0; k < 2; k++)
        budget = cut(s, acts[k], hart, budget);
    stop = s->world.m->ops->run(s->world.m, hart, budget);
    for (unsigned k = 0; k < 2; k++)
        if (acts[k]->hart == hart && acts[k]->resets == s->resets &&
            s->world.b->csr[hart]->count == acts[k]->at && stop.count) {
            act(s, acts[k]);
            stop.reason = STOP_EVENT;
        }
    return stop;
}

static uint64_t reg_get(struct machine *m, unsigned hart, unsigned reg)
{
    struct machine *in = side_of(m)->world.m;

    return in->ops->reg_get(in, hart, reg);
}

static void reg_set(struct machine *m, unsigned hart, unsigned reg, uint64_t v)
{
    struct machine *in = side_of(m)->world.m;

    in->ops->reg_set(in, hart, reg, v);
}

static enum status csr_get(struct machine *m, unsigned hart, unsigned number,
                           uint64_t *v)
{
    struct machine *in = side_of(m)->world.m;

    return in->ops->csr_get(in, hart, number, v);
}

static void *ram(struct machine *m, uint64_t pa, uint64_t len, bool write)
{
    struct machine *in = side_of(m)->world.m;

    return in->ops->ram(in, pa, len, write);
}

static enum status load(struct machine *m, uint64_t pa, unsigned size,
                        uint64_t *v)
{
    struct machine *in = side_of(m)->world.m;

    return in->ops->load(in, pa, size, v);
}

static void idle(struct machine *m, unsigned hart, uint64_t n)
{
    struct machine *in = side_of(m)->world.m;

    in->ops->idle(in, hart, n);
}

static const struct machine_ops ops = {
    .reg_get = reg_get,
    .reg_set = reg_set,
    .csr_get = csr_get,
    .ram = ram,
    .load = load,
    .run = run,
    .idle = idle,
};

/* Four instructions for ever; all harts write the same word. */
static void put_program(struct world *w)
{
    static const uint32_t code[] = {
        0x00130313, /* addi t1, t1, 1 */
        0xc00023f3, /* csrr t2, cycle */
        0x00643023, /* sd t1, 0(s0) */
        0xff5ff06f, /* j back */
    };

    world_code(w, CODE, code, 4);
    for (w->hart = 0; w->hart < w->m->harts; w->hart++)
        world_set_reg(w, S0, 0x80100000);
}

static bool make(void *context, unsigned number, bool again, struct side *out)
{
    struct rig *r = context;
    struct test_side *s = &r->side[number];

    if (s->made)
        world_free(&s->world);
    s->made = true;
    world_make_as(&s->world, number ? r->depth : 0, r->harts, RAM_SIZE,
                  isa_default());
    put_program(&s->world);
    s->machine = (struct machine){ &ops, s->world.m->isa, r->harts };
    s->resets = again ? s->resets + 1 : 0;
    s->output.bytes = s->bytes;
    if (!again)
        s->output.size = 0;
    r->pairs += number;
    *out = (struct side){
        .machine = &s->machine,
        .board = s->world.b,
        .output = &s->output,
        .vm = number && r->depth ? s->world.vm[r->depth - 1] : NULL,
    };
    return true;
}

static void check(struct rig *r)
{
    const struct equivalence_config c = {
        .make = make,
        .context = r,
        .every = r->every ? r->every : 10000,
        .until = r->until ? r->until : 60500,
    };

    rig_of = r;
    if (!r->harts)
        r->harts = 1;
    equivalence_check(&c, &r->found);
}

static void done(struct rig *r)
{
    for (unsigned k = 0; k < 2; k++)
        world_free(&r->side[k].world);
}

/* It was found at the instruction that came to act[1].at. */
static void assert_located(const struct rig *r)
{
    const struct equivalence *f = &r->found;
    const struct act *a = &r->act[1];

    assert_int_equal(f->verdict, NOT_EQUIVALENT);
    assert_true(f->located);
    assert_int_equal(f->count, a->at - 1);
    assert_int_equal(f->hart, a->hart);
    assert_int_equal(f->resets, a->resets);
    assert_int_equal(f->priv, PRIV_M);
    assert_int_equal(f->pc, CODE + 4 * ((a->at - 1) % 4));
    assert_int_equal(f->side[0].board->csr[a->hart]->count, a->at);
    assert_int_equal(f->side[1].board->csr[a->hart]->count, a->at);
}

static void equal_machines_are_equivalent(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        struct rig r = { .depth = depth, .harts = 1 + depth };

        check(&r);
        assert_int_equal(r.found.verdict, EQUIVALENT);
        assert_int_equal(r.found.count, 60500);
        assert_int_equal(r.found.compared, 8);
        assert_int_equal(r.found.end, RUN_UNTIL);
        assert_int_equal(r.pairs, 1);
        done(&r);
    }
}

static void a_bit_of_a_register_names_its_instruction(void **state)
{
    static const uint64_t at[] = { 1,     2,     999,   1000, 1001,
                                   10000, 10001, 34567, 60500 };

    (void)state;
    for (unsigned k = 0; k < sizeof at / sizeof *at; k++) {
        struct rig r = { .depth = 1, .act[1] = { REGISTER, at[k], 0, 0 } };
        struct difference d;

        check(&r);
        assert_located(&r);
        difference_find(r.found.side, &d);
        assert_int_equal(d.registers, 1);
        assert_string_equal(difference_name(&d.reg[0]), "t5");
        assert_int_equal(d.reg[0].value[0] ^ d.reg[0].value[1], 0x10);
        assert_int_equal(d.pages, 0);
        done(&r);
    }
}

static void a_bit_of_a_csr_names_its_instruction(void **state)
{
    struct rig r = { .act[1] = { A_CSR, 23456, 0, 0 } };
    struct difference d;

    (void)state;
    check(&r);
    assert_located(&r);
    assert_int_equal(r.found.insn, 0xff5ff06f);
    difference_find(r.found.side, &d);
    assert_int_equal(d.registers, 1);
    assert_string_equal(difference_name(&d.reg[0]), "mscratch");
    done(&r);
}

static void a_bit_of_memory_names_its_instruction(void **state)
{
    struct rig r = { .depth = 1, .act[1] = { MEMORY, 43210, 0, 0 } };
    struct difference d;

    (void)state;
    check(&r);
    assert_located(&r);
    difference_find(r.found.side, &d);
    assert_int_equal(d.registers, 0);
    assert_int_equal(d.pages, 1);
    assert_int_equal(d.words, 1);
    assert_int_equal(d.word[0].address, CHANGED);
    assert_int_equal(d.word[0].value[1], 0x80);
    done(&r);
}

static void a_reservation_names_its_instruction(void **state)
{
    struct rig r = { .act[1] = { RESERVATION, 777, 0, 0 } };

    (void)state;
    check(&r);
    assert_located(&r);
    done(&r);
}

static void another_byte_on_the_console_names_its_instruction(void **state)
{
    struct rig r = { .act = { { OUTPUT, 54321, 0, 0 },
                              { OTHER_OUTPUT, 54321, 0, 0 } } };
    struct difference d;

    (void)state;
    check(&r);
    assert_located(&r);
    difference_find(r.found.side, &d);
    assert_true(d.console);
    assert_int_equal(d.console_at, 0);
    assert_int_equal(d.registers, 0);
    done(&r);
}

/* The other side would have gone on. */
static void an_early_end_names_its_instruction(void **state)
{
    struct rig r = { .act[1] = { END, 4322, 0, 0 } };

    (void)state;
    check(&r);
    assert_located(&r);
    done(&r);
}

/* In the middle of a quantum, of the third hart of four: none is cut. */
static void it_is_found_among_several_harts(void **state)
{
    static const enum deed deeds[] = { REGISTER, A_CSR, MEMORY };

    (void)state;
    for (unsigned k = 0; k < 3; k++) {
        struct rig r = { .harts = 4,
                         .depth = 1,
                         .every = 20000,
                         .act[1] = { deeds[k], 41234, 2, 0 } };

        check(&r);
        assert_located(&r);
        assert_int_equal(r.found.side[1].board->csr[1]->count, 42000);
        assert_int_equal(r.found.side[1].board->csr[3]->count, 41000);
        done(&r);
    }
}

static void after_a_reset_both_are_compared_on(void **state)
{
    struct rig r = { .both = { RESET, 12345, 0, 0 } };

    (void)state;
    check(&r);
    assert_int_equal(r.found.verdict, EQUIVALENT);
    assert_int_equal(r.found.resets, 1);
    assert_int_equal(r.found.count, 60500);
    done(&r);
    r = (struct rig){ .both = { RESET, 12345, 0, 0 },
                      .depth = 1,
                      .act[1] = { REGISTER, 33333, 0, 1 } };
    check(&r);
    assert_located(&r);
    done(&r);
}

/* The last exits are those before the instruction: the program reads cycle. */
static void the_exits_before_it_are_kept(void **state)
{
    struct rig r = { .depth = 1, .act[1] = { REGISTER, 5003, 0, 0 } };
    const struct equivalence_exits *x = &r.found.exits[1];
    const struct exit_record *e;

    (void)state;
    check(&r);
    assert_located(&r);
    assert_int_equal(r.found.exits[0].taken, 0);
    assert_true(x->taken >= EQUIVALENCE_EXITS);
    e = &x->exit[(x->taken - 1) % EQUIVALENCE_EXITS];
    assert_int_equal(e->count, 5001);
    assert_int_equal(e->pc, CODE + 4);
    done(&r);
}

static void a_set_flag_cancels_it(void **state)
{
    struct rig r = { .harts = 1 };
    const volatile int flag = 1;
    const struct equivalence_config c = { .make = make,
                                          .context = &r,
                                          .every = 1000,
                                          .until = 5000,
                                          .cancel = &flag };

    (void)state;
    rig_of = &r;
    equivalence_check(&c, &r.found);
    assert_int_equal(r.found.verdict, EQUIVALENCE_CANCELLED);
    done(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_machines_are_equivalent),
        cmocka_unit_test(a_bit_of_a_register_names_its_instruction),
        cmocka_unit_test(a_bit_of_a_csr_names_its_instruction),
        cmocka_unit_test(a_bit_of_memory_names_its_instruction),
        cmocka_unit_test(a_reservation_names_its_instruction),
        cmocka_unit_test(another_byte_on_the_console_names_its_instruction),
        cmocka_unit_test(an_early_end_names_its_instruction),
        cmocka_unit_test(it_is_found_among_several_harts),
        cmocka_unit_test(after_a_reset_both_are_compared_on),
        cmocka_unit_test(the_exits_before_it_are_kept),
        cmocka_unit_test(a_set_flag_cancels_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
