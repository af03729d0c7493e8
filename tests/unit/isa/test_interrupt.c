/* Which interrupt is taken, and what wakes a hart. */
#include "csr_fixture.h"

#include "isa/trap.h"

/* In the order in which they are taken for one mode. */
static const unsigned by_priority[] = { 11, 3, 7, 9, 1, 5 };

static void init(struct fixture *f, enum priv mode, uint64_t mstatus)
{
    fixture_init(f);
    csr_write(&f->c, CSR_mstatus, mstatus);
    csr_write(&f->c, CSR_mie, ~UINT64_C(0));
    f->c.priv = (uint8_t)mode;
}

/* Makes exactly the interrupts of `set` pending. */
static void pend(struct fixture *f, uint64_t set)
{
    f->c.lines = set & 0xa88;
    csr_write(&f->c, CSR_mip, set & 0x22);
}

/* The rule written again, from the interrupts up: the reference. */
static uint64_t expected(const struct csr_file *c, uint64_t pending)
{
    for (unsigned to_s = 0; to_s < 2; to_s++) {
        for (unsigned i = 0; i < 6; i++) {
            unsigned n = by_priority[i];
            bool delegated = c->mideleg >> n & 1;
            unsigned target = delegated ? PRIV_S : PRIV_M;
            uint64_t enable = delegated ? MSTATUS_SIE : MSTATUS_MIE;

            if (delegated != to_s || !(pending & c->mie & BIT(n)))
                continue;
            if (c->priv < target ||
                (c->priv == target && (c->mstatus & enable)))
                return CAUSE_INTERRUPT | n;
        }
    }
    return 0;
}

static uint64_t spread(unsigned bits)
{
    uint64_t set = 0;

    for (unsigned i = 0; i < 6; i++)
        set |= bits >> i & 1 ? BIT(by_priority[i]) : 0;
    return set;
}

/* Every set pending, enabled and delegated, in every mode and enable state. */
static void the_manuals_order_and_enables_hold_for_every_combination(
    void **state)
{
    static const enum priv modes[] = { PRIV_U, PRIV_S, PRIV_M };
    struct interrupt_look l;
    struct fixture f;

    (void)state;
    for (unsigned n = 0; n < 64 * 64 * 8 * 3 * 4; n++) {
        uint64_t pending = spread(n & 63);
        unsigned rest = n >> 12;

        fixture_init(&f);
        csr_write(&f.c, CSR_mie, spread(n >> 6 & 63));
        csr_write(&f.c, CSR_mideleg, spread((rest & 7) << 3));
        csr_write(&f.c, CSR_mstatus,
                  (rest & 8 ? MSTATUS_MIE : 0) | (rest & 16 ? MSTATUS_SIE : 0));
        f.c.priv = (uint8_t)modes[rest >> 5];
        pend(&f, pending);
        assert_int_equal(interrupt_choose(&f.c), expected(&f.c, pending));
        interrupt_look(&f.c, &l);
        assert_true(l.pending == pending && l.ready == (pending & f.c.mie));
        assert_true((l.for_m | l.for_s) == l.ready && !(l.for_m & l.for_s));
        assert_int_equal(l.cause != 0, (l.for_m && l.m_open) ||
                                           (l.for_s && l.s_open));
        assert_int_equal(interrupt_wakes(&f.c), (pending & f.c.mie) != 0);
    }
}

/* RVirt chose the cause from what is pending, not pending & enabled. */
static void a_pending_but_disabled_interrupt_is_never_the_cause(void **state)
{
    struct fixture f;

    (void)state;
    init(&f, PRIV_U, 0);
    csr_write(&f.c, CSR_mie, BIT(IRQ_STI));
    pend(&f, BIT(IRQ_MEI) | BIT(IRQ_STI));
    assert_int_equal(interrupt_choose(&f.c), CAUSE_INTERRUPT | IRQ_STI);
}

static void m_interrupts_come_before_delegated_ones(void **state)
{
    struct fixture f;

    (void)state;
    init(&f, PRIV_U, 0);
    csr_write(&f.c, CSR_mideleg, BIT(IRQ_SEI) | BIT(IRQ_SSI));
    pend(&f, BIT(IRQ_SEI) | BIT(IRQ_SSI) | BIT(IRQ_STI));
    assert_int_equal(interrupt_choose(&f.c), CAUSE_INTERRUPT | IRQ_STI);
}

static void delegated_interrupts_never_interrupt_m_mode(void **state)
{
    struct fixture f;

    (void)state;
    init(&f, PRIV_M, MSTATUS_MIE | MSTATUS_SIE);
    csr_write(&f.c, CSR_mideleg, 0x222);
    pend(&f, 0x222);
    assert_int_equal(interrupt_choose(&f.c), 0);
    csr_write(&f.c, CSR_mideleg, 0);
    assert_int_equal(interrupt_choose(&f.c), CAUSE_INTERRUPT | IRQ_SEI);
}

/* "Lost interrupt around wfi with MIE clear" (Miralis #324). */
static void wfi_wakes_whatever_mie_and_sie_say(void **state)
{
    struct fixture f;

    (void)state;
    init(&f, PRIV_M, 0);
    pend(&f, BIT(IRQ_MTI));
    assert_int_equal(interrupt_choose(&f.c), 0);
    assert_true(interrupt_wakes(&f.c));
    csr_write(&f.c, CSR_mie, ~BIT(IRQ_MTI));
    assert_false(interrupt_wakes(&f.c));
}

static void the_comparator_raises_the_supervisor_timer_interrupt(void **state)
{
    struct fixture f;

    (void)state;
    init(&f, PRIV_S, MSTATUS_SIE);
    csr_write(&f.c, CSR_mideleg, BIT(IRQ_STI));
    csr_write(&f.c, CSR_menvcfg, MENVCFG_STCE);
    csr_write(&f.c, CSR_stimecmp, UINT64_C(1) << 63); /* unsigned */
    assert_int_equal(interrupt_choose(&f.c), 0);
    f.c.time = UINT64_C(1) << 63;
    csr_timer_update(&f.c);
    assert_int_equal(interrupt_choose(&f.c), CAUSE_INTERRUPT | IRQ_STI);
    csr_write(&f.c, CSR_stimecmp, ~UINT64_C(0));
    assert_int_equal(interrupt_choose(&f.c), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            the_manuals_order_and_enables_hold_for_every_combination),
        cmocka_unit_test(a_pending_but_disabled_interrupt_is_never_the_cause),
        cmocka_unit_test(m_interrupts_come_before_delegated_ones),
        cmocka_unit_test(delegated_interrupts_never_interrupt_m_mode),
        cmocka_unit_test(wfi_wakes_whatever_mie_and_sie_say),
        cmocka_unit_test(the_comparator_raises_the_supervisor_timer_interrupt),
    };

    return cmocka_run_group_tests_name("isa/interrupt", tests, NULL, NULL);
}
