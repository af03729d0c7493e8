/* The CSR file's state: all of it, and nothing that no program could write. */
#include "csr_fixture.h"
#include "state_trip.h"

static void csrs(void *file, struct state *s)
{
    csr_state(file, s);
}

/* Writes to random CSRs, as often as not what is there already but for a bit.
 */
static void shuffle(struct csr_file *c, struct rng *r, unsigned times)
{
    static const uint8_t modes[] = { PRIV_U, PRIV_S, PRIV_M };

    c->count += rng_below(r, 100000);
    c->instret += (c->count - c->instret) / 2;
    c->time += rng_below(r, 1000);
    c->lines = rng_next(r) & 0xaaa & ~BIT(IRQ_SSI);
    c->priv = modes[rng_below(r, 3)];
    while (times-- > 0) {
        int csr = csr_next(c->isa, (unsigned)rng_below(r, 0xb04));
        uint64_t v = csr_read(c, (unsigned)csr);

        if (rng_below(r, 2))
            v = rng_next(r);
        csr_write(c, (unsigned)csr, v ^ BIT(rng_below(r, 64)));
    }
}

static void whatever_was_written_is_loaded(void **state)
{
    struct rng r = rng_new();

    (void)state;
    for (unsigned i = 0; i < 2000; i++) {
        struct fixture a, b;

        fixture_init_without(&a, rng_next(&r) & rng_next(&r) &
                                     (BIT(EXT_F) | BIT(EXT_D) | BIT(EXT_C) |
                                      BIT(EXT_SSTC) | BIT(EXT_ZIHPM) |
                                      BIT(EXT_SVADU) | BIT(EXT_ZICBOM)));
        b.isa = a.isa;
        csr_reset(&b.c, &b.isa, 0);
        shuffle(&a.c, &r, 100);
        shuffle(&b.c, &r, 100); /* of what was there nothing stays */
        trip(csrs, &a.c, &b.c);
        b.c.time = a.c.time;
        b.c.isa = a.c.isa;
        assert_memory_equal(&a.c, &b.c, sizeof a.c);
    }
}

/* Anything that is taken can be written as it reads: it is legal. */
static void what_is_taken_is_legal(void **state)
{
    struct rng r = rng_new();
    uint64_t random = rng_next(&r);
    unsigned taken = 0;

    (void)state;
    for (unsigned i = 0; i < 3000; i++) {
        struct fixture a, b;
        struct state_buffer s;

        fixture_init(&a);
        fixture_init(&b);
        shuffle(&a.c, &r, 50);
        s = trip_save(csrs, &a.c);
        trip_spoil(&s, &random);
        if (trip_load(csrs, &b.c, s.bytes, s.size)) {
            taken++;
            assert_true(b.c.priv != 2 && b.c.priv <= PRIV_M);
            assert_true(field_get(b.c.mstatus, MSTATUS_MPP) != 2);
            assert_true(field_get(b.c.satp, SATP_MODE) <= SATP_SV57);
            assert_true(field_get(b.c.mtvec, TVEC_MODE) <= TVEC_VECTORED);
            assert_true(field_get(b.c.stvec, TVEC_MODE) <= TVEC_VECTORED);
            assert_true(b.c.count <= CSR_COUNT_MAX);
        }
        state_buffer_free(&s);
    }
    assert_true(taken > 0 && taken < 3000);
}

static void refuses(struct csr_file *bad)
{
    struct state_buffer s = trip_save(csrs, bad);
    struct fixture f;

    fixture_init(&f);
    assert_false(trip_load(csrs, &f.c, s.bytes, s.size));
    state_buffer_free(&s);
}

static void what_cannot_be_is_refused(void **state)
{
    struct fixture f;

    (void)state;
#define REFUSES(change)                                                        \
    do {                                                                       \
        fixture_init(&f);                                                      \
        change;                                                                \
        refuses(&f.c);                                                         \
    } while (0)
    REFUSES(f.c.priv = 2);
    REFUSES(f.c.mstatus = field_set(f.c.mstatus, MSTATUS_MPP, 2));
    REFUSES(f.c.satp = field_set(0, SATP_MODE, 11));
    REFUSES(f.c.mtvec = 2);
    REFUSES(f.c.mepc = 1);
    REFUSES(f.c.mip = BIT(IRQ_MEI));
    REFUSES(f.c.lines = BIT(0));
    REFUSES(f.c.menvcfg = BIT(1));
    REFUSES(f.c.medeleg = BIT(CAUSE_ECALL_M));
    REFUSES(f.c.fcsr = 0x100);
    REFUSES(f.c.pmpcfg[3] = PMPCFG_W);
    REFUSES(f.c.pmpaddr[3] = MASK(63, 0));
    REFUSES(f.c.count = CSR_COUNT_MAX + 1);
    REFUSES(f.c.instret = f.c.count + 1);
#undef REFUSES
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_was_written_is_loaded),
        cmocka_unit_test(what_is_taken_is_legal),
        cmocka_unit_test(what_cannot_be_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
