/* PMP against a model that looks at one byte at a time. */
#include "../isa/csr_fixture.h"

#include "mmu/pmp.h"
#include "mmu/pte.h"

#define NONE   PMP_ENTRIES
#define BASE   UINT64_C(0x80000000)
#define WINDOW (2 * PAGE_SIZE) /* the bytes that are looked at one by one */

static const enum priv modes[] = { PRIV_U, PRIV_S, PRIV_M };

/* Does entry `i` match the byte at `pa`? Straight from the encoding table. */
static bool matches(const struct csr_file *c, unsigned i, uint64_t pa)
{
    uint64_t addr = c->pmpaddr[i], word = pa >> 2;
    unsigned ones = 0;

    switch (c->pmpcfg[i] >> 3 & 3) {
    case 1:
        return word < addr && (i == 0 || word >= c->pmpaddr[i - 1]);
    case 2:
        return word == addr;
    case 3:
        while (addr >> ones & 1)
            ones++;
        return word >> (ones + 1) == addr >> (ones + 1);
    default:
        return false;
    }
}

/* The lowest-numbered entry that matches the byte, or NONE. */
static unsigned owner(const struct csr_file *c, uint64_t pa)
{
    unsigned i = 0;

    while (i < PMP_ENTRIES && !matches(c, i, pa))
        i++;
    return i;
}

static unsigned rights_of(const struct csr_file *c, enum priv priv,
                          unsigned entry)
{
    if (entry == NONE)
        return priv == PRIV_M ? 7 : 0;
    if (priv == PRIV_M && !(c->pmpcfg[entry] & 0x80))
        return 7;
    return c->pmpcfg[entry] & 7;
}

/* The entry that decides for all bytes, or -1 if it does not match them all. */
static int decider(const struct csr_file *c, uint64_t pa, uint64_t size)
{
    unsigned lowest = NONE;

    for (uint64_t i = 0; i < size; i++) {
        unsigned o = owner(c, pa + i);

        lowest = o < lowest ? o : lowest;
    }
    for (uint64_t i = 0; lowest != NONE && i < size; i++) {
        if (!matches(c, lowest, pa + i))
            return -1;
    }
    return (int)lowest;
}

/* A word address in or near the window, often at a boundary. */
static uint64_t some_word(struct rng *r)
{
    uint64_t pa = BASE - PAGE_SIZE + rng_below(r, 4) * PAGE_SIZE;

    switch (rng_below(r, 4)) {
    case 0:
        return pa >> 2;
    case 1:
        return (pa >> 2) + rng_below(r, 1024);
    case 2:
        return (pa >> 2) + 16 * rng_below(r, 8);
    default:
        return 0;
    }
}

static void randomise(struct csr_file *c, struct rng *r)
{
    unsigned used = (unsigned)rng_below(r, PMP_ENTRIES + 1);

    for (unsigned i = 0; i < PMP_ENTRIES; i++) {
        uint64_t addr = some_word(r);

        c->pmpcfg[i] = 0;
        if (i < used && rng_below(r, 3))
            c->pmpcfg[i] = rng_next(r) & 0x9f;
        if (rng_below(r, 3) == 0)
            addr |= BIT(rng_below(r, 20)) - 1;
        if (rng_below(r, 20) == 0)
            addr = MASK(53, 0) >> rng_below(r, 3);
        c->pmpaddr[i] = addr;
    }
}

/* The decision names the model's entry, and a range that says the same. */
static void decision_is(const struct csr_file *c, enum priv mode, uint64_t pa,
                        uint64_t size, enum access a, unsigned rights,
                        int entry)
{
    struct pmp_decision d = pmp_decide(c, mode, pa, size, a);
    bool all = pa >= d.lo && pa + size <= d.hi;

    assert_int_equal(d.permitted, (rights & a) != 0);
    if (entry >= 0)
        assert_int_equal(d.entry, entry);
    if (d.entry < PMP_ENTRIES) {
        assert_true(pa < d.hi && pa + size > d.lo);
        assert_int_equal(d.whole, all);
    } else {
        assert_true(d.whole);
    }
}

static void single_accesses_agree_with_the_model(void **state)
{
    struct fixture f;
    struct rng r = rng_new();

    (void)state;
    fixture_init(&f);
    for (unsigned n = 0; n < 60000; n++) {
        uint64_t size = UINT64_C(1) << rng_below(&r, 7); /* 1..64 */
        uint64_t pa = BASE + rng_below(&r, WINDOW - size);
        enum priv mode = modes[rng_below(&r, 3)];
        unsigned rights = 0;
        int entry;

        if (n % 16 == 0)
            randomise(&f.c, &r);
        entry = decider(&f.c, pa, size);
        if (entry >= 0)
            rights = rights_of(&f.c, mode, (unsigned)entry);
        for (unsigned a = 1; a <= 4; a <<= 1) {
            assert_int_equal(pmp_permits(&f.c, mode, pa, size, a),
                             (rights & a) != 0);
            decision_is(&f.c, mode, pa, size, a, rights, entry);
        }
    }
}

static void page_rights_agree_with_the_model(void **state)
{
    struct fixture f;
    struct rng r = rng_new();

    (void)state;
    fixture_init(&f);
    for (unsigned n = 0; n < 400; n++) {
        uint64_t page = BASE + PAGE_SIZE * rng_below(&r, 2);
        int entry;

        randomise(&f.c, &r);
        entry = decider(&f.c, page, PAGE_SIZE);
        for (unsigned m = 0; m < 3; m++) {
            unsigned rights = 99;
            bool uniform = pmp_page_rights(
                &f.c, modes[m], page + rng_below(&r, PAGE_SIZE), &rights);

            assert_int_equal(uniform, entry >= 0);
            if (uniform)
                assert_int_equal(rights,
                                 rights_of(&f.c, modes[m], (unsigned)entry));
        }
    }
}

static void range_rights_agree_with_the_model(void **state)
{
    struct fixture f;
    struct rng r = rng_new();

    (void)state;
    fixture_init(&f);
    for (unsigned n = 0; n < 1000; n++) {
        uint64_t pa = BASE + rng_below(&r, WINDOW), page = pa & ~PAGE_MASK;
        uint64_t lo = pa, hi = pa + 1, got_lo, got_hi;
        unsigned o, rights, m = (unsigned)rng_below(&r, 3);

        randomise(&f.c, &r);
        o = owner(&f.c, pa);
        while (lo > page && owner(&f.c, lo - 1) == o)
            lo--;
        while (hi < page + PAGE_SIZE && owner(&f.c, hi) == o)
            hi++;
        pmp_range_rights(&f.c, modes[m], pa, &got_lo, &got_hi, &rights);
        assert_int_equal(got_lo, lo);
        assert_int_equal(got_hi, hi);
        assert_int_equal(rights, rights_of(&f.c, modes[m], o));
    }
}

/* Inactive means that nothing is refused; the reverse is tested below. */
static void inactive_pmp_refuses_nothing(void **state)
{
    struct fixture f;
    struct rng r = rng_new();
    unsigned inactive = 0;

    (void)state;
    fixture_init(&f);
    for (unsigned n = 0; n < 20000; n++) {
        enum priv mode = modes[rng_below(&r, 3)];

        randomise(&f.c, &r);
        if (pmp_active(&f.c, mode))
            continue;
        inactive++;
        for (unsigned i = 0; i < 64; i++) {
            uint64_t pa = BASE + 8 * rng_below(&r, WINDOW / 8);

            for (unsigned a = 1; a <= 4; a <<= 1)
                assert_true(pmp_permits(&f.c, mode, pa, 8, a));
        }
    }
    assert_true(inactive > 100);
}

static void out_of_reset_only_m_mode_may_anything(void **state)
{
    struct fixture f;
    unsigned rights;

    (void)state;
    fixture_init(&f);
    assert_false(pmp_active(&f.c, PRIV_M));
    assert_true(pmp_active(&f.c, PRIV_S));
    assert_true(pmp_permits(&f.c, PRIV_M, BASE, 8, ACCESS_FETCH));
    assert_false(pmp_permits(&f.c, PRIV_S, BASE, 8, ACCESS_FETCH));
    assert_false(pmp_permits(&f.c, PRIV_U, BASE, 8, ACCESS_LOAD));
    assert_true(pmp_page_rights(&f.c, PRIV_U, BASE, &rights));
    assert_int_equal(rights, 0);
}

/* What most firmware does: one NAPOT or TOR entry grants everything. */
static void one_entry_can_grant_all_memory(void **state)
{
    static const struct {
        uint8_t cfg;
        uint64_t addr;
    } row[] = { { 0x1f, MASK(53, 0) },
                { 0x1f, MASK(52, 0) },
                { 0x0f, MASK(53, 0) } };
    struct fixture f;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        fixture_init(&f);
        f.c.pmpcfg[0] = row[i].cfg;
        f.c.pmpaddr[0] = row[i].addr;
        assert_true(pmp_permits(&f.c, PRIV_U, 0, 8, ACCESS_LOAD));
        assert_true(pmp_permits(&f.c, PRIV_S, BASE, 8, ACCESS_STORE));
        assert_true(
            pmp_permits(&f.c, PRIV_S, BIT(PA_BITS) - 64, 8, ACCESS_FETCH));
        /* TOR cannot reach the last word: its top is exclusive */
        assert_int_equal(pmp_active(&f.c, PRIV_S), row[i].cfg == 0x0f);
        f.c.pmpcfg[0] &= ~4;
        assert_true(pmp_active(&f.c, PRIV_U));
    }
}

/* An NA4 word next to allowed memory: an 8-byte access over both fails. */
static void an_access_must_lie_within_the_deciding_entry(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.c.pmpcfg[0] = 0x17;
    f.c.pmpaddr[0] = (BASE + 4) >> 2;
    f.c.pmpcfg[1] = 0x1f;
    f.c.pmpaddr[1] = MASK(53, 0);
    assert_true(pmp_permits(&f.c, PRIV_S, BASE, 4, ACCESS_LOAD));
    assert_true(pmp_permits(&f.c, PRIV_S, BASE + 4, 4, ACCESS_LOAD));
    assert_false(pmp_permits(&f.c, PRIV_S, BASE, 8, ACCESS_LOAD));
    assert_false(pmp_permits(&f.c, PRIV_M, BASE, 8, ACCESS_LOAD));
    assert_true(pmp_active(&f.c, PRIV_M));
}

static void locked_entries_bind_m_mode(void **state)
{
    struct fixture f;

    (void)state;
    fixture_init(&f);
    f.c.pmpcfg[3] = 0x99; /* locked NAPOT, R */
    f.c.pmpaddr[3] = (BASE >> 2) | 0x1ff;
    assert_true(pmp_active(&f.c, PRIV_M));
    assert_true(pmp_permits(&f.c, PRIV_M, BASE, 8, ACCESS_LOAD));
    assert_false(pmp_permits(&f.c, PRIV_M, BASE, 8, ACCESS_STORE));
    assert_false(pmp_permits(&f.c, PRIV_M, BASE + 0xff8, 8, ACCESS_FETCH));
    assert_true(pmp_permits(&f.c, PRIV_M, BASE + 0x1000, 8, ACCESS_STORE));
    f.c.pmpcfg[3] = 0x19;
    assert_false(pmp_active(&f.c, PRIV_M));
    assert_true(pmp_permits(&f.c, PRIV_M, BASE, 8, ACCESS_STORE));
}

static void an_access_that_wraps_around_is_no_trouble(void **state)
{
    struct fixture f;
    uint64_t lo, hi;
    unsigned rights;

    (void)state;
    fixture_init(&f);
    f.c.pmpcfg[0] = 0x1f;
    f.c.pmpaddr[0] = MASK(53, 0);
    assert_false(pmp_permits(&f.c, PRIV_S, ~UINT64_C(0), 8, ACCESS_LOAD));
    assert_true(pmp_permits(&f.c, PRIV_M, ~UINT64_C(0), 8, ACCESS_LOAD));
    pmp_range_rights(&f.c, PRIV_S, ~UINT64_C(0), &lo, &hi, &rights);
    assert_int_equal(rights, 0);
    assert_int_equal(lo, ~PAGE_MASK);
    assert_int_equal(hi, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_accesses_agree_with_the_model),
        cmocka_unit_test(page_rights_agree_with_the_model),
        cmocka_unit_test(range_rights_agree_with_the_model),
        cmocka_unit_test(inactive_pmp_refuses_nothing),
        cmocka_unit_test(out_of_reset_only_m_mode_may_anything),
        cmocka_unit_test(one_entry_can_grant_all_memory),
        cmocka_unit_test(an_access_must_lie_within_the_deciding_entry),
        cmocka_unit_test(locked_entries_bind_m_mode),
        cmocka_unit_test(an_access_that_wraps_around_is_no_trouble),
    };

    return cmocka_run_group_tests_name("mmu/pmp", tests, NULL, NULL);
}
