/* Properties of csr_write over random values and states of the CSR file. */
#include "csr_fixture.h"

#define ONES (~UINT64_C(0))

/*
 * The bits of each CSR that can ever read as one, independently of the code
 * under test; rows that are missing are all zero.
 */
/* clang-format off */
static uint64_t possible_bits(const struct isa *isa, unsigned csr)
{
    switch (csr) {
    case CSR_fflags: return 0x1f;
    case CSR_frm: return 7;
    case CSR_fcsr: return 0xff;
    case CSR_mstatus: return UINT64_C(0x8000000a007e79aa);
    case CSR_sstatus: return UINT64_C(0x80000002000c6122);
    case CSR_misa: return isa_misa(isa);
    case CSR_mie: case CSR_mip: return 0xaaa;
    case CSR_sie: case CSR_sip: case CSR_mideleg: return 0x222;
    case CSR_medeleg: return 0xb3ff;
    case CSR_mcounteren: case CSR_scounteren: return 0xffffffff;
    case CSR_mcountinhibit: return 5;
    case CSR_menvcfg: return UINT64_C(0xe0000000000000f1);
    case CSR_senvcfg: return 0xf1;
    case CSR_mtvec: case CSR_stvec: return ~UINT64_C(2);
    case CSR_mepc: case CSR_sepc: return ~UINT64_C(1);
    case CSR_pmpcfg0: case CSR_pmpcfg2: return UINT64_C(0x9f9f9f9f9f9f9f9f);
    case CSR_mscratch: case CSR_sscratch: case CSR_mcause: case CSR_scause:
    case CSR_mtval: case CSR_stval: case CSR_satp: case CSR_stimecmp:
    case CSR_mcycle: case CSR_minstret: case CSR_cycle: case CSR_instret:
    case CSR_time: case CSR_mhartid:
        return ONES;
    }
    return csr >= CSR_pmpaddr0 && csr <= CSR_pmpaddr15 ? MASK(53, 0) : 0;
}
/* clang-format on */

static bool legal_pmpcfg(uint64_t v)
{
    for (unsigned i = 0; i < 8; i++) {
        if ((v >> (8 * i) & 3) == 2) /* W without R */
            return false;
    }
    return true;
}

static bool legal(const struct isa *isa, unsigned csr, uint64_t v)
{
    if (v & ~possible_bits(isa, csr))
        return false;
    switch (csr) {
    case CSR_mstatus:
        return bits_of(v, 12, 11) != 2 && bits_of(v, 35, 32) == 10 &&
               (v >> 63) == (bits_of(v, 14, 13) == 3);
    case CSR_sstatus:
        return bits_of(v, 33, 32) == 2 &&
               (v >> 63) == (bits_of(v, 14, 13) == 3);
    case CSR_satp:
        return v >> 60 == 0 || (v >> 60 >= 8 && v >> 60 <= 10);
    case CSR_menvcfg:
    case CSR_senvcfg:
        return bits_of(v, 5, 4) != 2;
    case CSR_pmpcfg0:
    case CSR_pmpcfg2:
        return legal_pmpcfg(v);
    }
    return true;
}

/* Unlocks the PMP now and then, or soon nothing could be written any more. */
static void shuffle(struct fixture *f, struct rng *r)
{
    if (rng_below(r, 64) == 0)
        memset(f->c.pmpcfg, 0, sizeof f->c.pmpcfg);
    f->c.count += rng_below(r, 1000);
    f->c.instret += rng_below(r, 1000);
    f->c.time += rng_below(r, 10);
    f->c.lines = rng_next(r) & 0xa88;
    csr_timer_update(&f->c);
}

static void writes_leave_legal_values_and_writing_back_changes_nothing(
    void **state)
{
    struct fixture f;
    struct csr_file before;
    struct rng r = rng_new();

    (void)state;
    fixture_init(&f);
    for (unsigned i = 0; i < 300000; i++) {
        unsigned from = (unsigned)rng_below(&r, CSR_mconfigptr + 1);
        unsigned csr = (unsigned)csr_next(&f.isa, from);
        uint64_t v;

        shuffle(&f, &r);
        csr_write(&f.c, csr, rng_value(&r));
        for (unsigned seen = 0; seen < 2; seen++) {
            v = csr_read(&f.c, csr);
            assert_true(legal(&f.isa, csr, v));
            v = csr_read(&f.c, CSR_mstatus);
            assert_true(legal(&f.isa, CSR_mstatus, v));
            memcpy(&before, &f.c, sizeof before);
            csr_write(&f.c, csr, csr_rmw_base(&f.c, csr));
            assert_memory_equal(&before, &f.c, sizeof before);
        }
    }
}

static void every_possible_bit_can_be_set_somehow(void **state)
{
    struct fixture f;
    struct rng r = rng_new();

    (void)state;
    fixture_init(&f);
    csr_write(&f.c, CSR_mideleg, ONES);
    f.c.lines = 0xa88;
    f.c.hartid = ONES;
    f.c.time = ONES;
    for (int csr = csr_next(&f.isa, 0); csr >= 0 && csr < 0xc00;
         csr = csr_next(&f.isa, (unsigned)csr + 1)) {
        uint64_t seen = 0;

        for (unsigned i = 0; i < 2000; i++) {
            memset(f.c.pmpcfg, 0, sizeof f.c.pmpcfg);
            csr_write(&f.c, CSR_menvcfg, 0);
            seen |= written(&f.c, (unsigned)csr, rng_value(&r));
        }
        if (csr == CSR_satp) /* MODE is 0, 8, 9 or 10 */
            seen |= MASK(62, 62);
        if (csr == CSR_sip) /* the line's, the comparator's */
            seen |= BIT(IRQ_SEI) | BIT(IRQ_STI);
        assert_int_equal(seen, possible_bits(&f.isa, (unsigned)csr));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            writes_leave_legal_values_and_writing_back_changes_nothing),
        cmocka_unit_test(every_possible_bit_can_be_set_somehow),
    };

    return cmocka_run_group_tests_name("isa/csr_property", tests, NULL, NULL);
}
