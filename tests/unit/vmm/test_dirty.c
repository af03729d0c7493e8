/*
 * Accessed and dirty bits, which the guest reads in its own page tables, and
 * cache-block operations, which need less than a store does.
 */
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PAGE 3
#define VA PAGE_OF_WINDOW(PAGE)
#define BITS (PTE_A | PTE_D)

static void with_page(struct world *w, uint64_t flags, uint64_t menvcfg)
{
    world_paging(w);
    world_map(w, PAGE, DATA, flags);
    world_map(w, PAGE + 1, DATA + 0x1000, PTE_R | PTE_W);
    world_set_csr(w, CSR_menvcfg, menvcfg);
    world_set_reg(w, S0, VA);
    world_set_reg(w, S1, 77);
}

static uint64_t bits(struct world *w)
{
    return world_map_get(w, PAGE) & BITS;
}

/* Svade: software sets both bits, told by page faults. */
static void svade(struct world *w)
{
    with_page(w, PTE_R | PTE_W, 0);
    TRY(w, PRIV_S, ld(A0, S0, 0), HERE);
    assert_trap(w, CAUSE_LOAD_PAGE, VA, CODE);
    assert_int_equal(bits(w), 0);
    world_map(w, PAGE, DATA, PTE_R | PTE_W | PTE_A);
    TRY(w, PRIV_S, sfence(S0, 0), ld(A0, S0, 0), sd(S1, S0, 0), HERE);
    assert_trap(w, CAUSE_STORE_PAGE, VA, CODE + 8);
    assert_int_equal(bits(w), PTE_A);
    world_map(w, PAGE, DATA, PTE_R | PTE_W | BITS);
    TRY(w, PRIV_S, sfence(S0, 0), sd(S1, S0, 0), ld(A1, S0, 0), HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, A1), 77);
}

static void test_svade_faults_until_software_sets_the_bits(void **state)
{
    (void)state;
    at_every_depth(svade);
}

/* Svadu: a load sets A and nothing else, a store then D. */
static void svadu(struct world *w)
{
    with_page(w, PTE_R | PTE_W, MENVCFG_ADUE);
    TRY(w, PRIV_S, ld(A0, S0, 0), ld(A0, S0, 8), HERE);
    assert_no_trap(w);
    assert_int_equal(bits(w), PTE_A);
    TRY(w, PRIV_S, sd(S1, S0, 0), HERE);
    assert_no_trap(w);
    assert_int_equal(bits(w), BITS);
    assert_int_equal(world_load(w, DATA), 77);
    assert_int_equal(world_map_get(w, PAGE + 1) & BITS, 0);
}

static void test_svadu_load_sets_a_and_store_sets_d(void **state)
{
    (void)state;
    at_every_depth(svadu);
}

/* D cleared and fenced: the next store has to set it again, through a leaf
   that was writable. And an access across pages marks both. */
static void cleaned(struct world *w)
{
    with_page(w, PTE_R | PTE_W, MENVCFG_ADUE);
    TRY(w, PRIV_S, sd(S1, S0, 0), ld(A0, S0, 0), HERE);
    world_map(w, PAGE, DATA, PTE_R | PTE_W);
    TRY(w, PRIV_S, sfence(S0, 0), ld(A0, S0, 0), HERE);
    assert_int_equal(bits(w), PTE_A);
    TRY(w, PRIV_S, sd(S1, S0, 8), HERE);
    assert_int_equal(bits(w), BITS);
    world_map(w, PAGE, DATA, PTE_R | PTE_W);
    world_set_reg(w, S0, VA + 0xffc);
    TRY(w, PRIV_S, sfence(0, 0), sd(S1, S0, 0), HERE);
    assert_int_equal(bits(w), BITS);
    assert_int_equal(world_map_get(w, PAGE + 1) & BITS, BITS);
}

static void test_d_is_set_again_after_it_was_cleared(void **state)
{
    (void)state;
    at_every_depth(cleaned);
}

/* A failed access marks nothing: no right, SC's failure does mark. */
static void refused(struct world *w)
{
    with_page(w, PTE_R, MENVCFG_ADUE);
    TRY(w, PRIV_S, sd(S1, S0, 0), HERE);
    assert_trap(w, CAUSE_STORE_PAGE, VA, CODE);
    assert_int_equal(bits(w), 0);
    world_map(w, PAGE, DATA, PTE_R | PTE_W);
    TRY(w, PRIV_S, sfence(0, 0), amo(SC, 3, A0, S0, S1), HERE);
    assert_no_trap(w);
    assert_int_equal(world_reg(w, A0), 1);
    assert_int_equal(bits(w), BITS);
    assert_int_equal(world_load(w, DATA), 0);
}

static void test_a_refused_store_marks_nothing(void **state)
{
    (void)state;
    at_every_depth(refused);
}

/* Fetches set A; without Svade there is no other way than by hardware. */
static void only_svadu(struct world *w)
{
    with_page(w, PTE_R | PTE_W, 0);
    world_map(w, 0, CODE, PTE_X);
    TRY_AT(w, PRIV_S, WINDOW, sd(S1, S0, 0), HERE);
    assert_no_trap(w);
    assert_int_equal(bits(w), BITS);
    assert_int_equal(world_map_get(w, 0) & BITS, PTE_A);
    assert_true(world_csr(w, CSR_menvcfg) & MENVCFG_ADUE);
}

static void test_svadu_alone_always_updates(void **state)
{
    struct isa isa = isa_default();

    (void)state;
    isa.ext &= ~BIT(EXT_SVADE);
    at_every_depth_as(only_svadu, 1, isa);
}

#define CBO_ALLOWED (ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE)

/* Clean, flush and inval want no right to store, and leave D as it is. */
static void management(struct world *w)
{
    with_page(w, PTE_R, MENVCFG_ADUE | CBO_ALLOWED);
    TRY(w, PRIV_S, cbo(CBO_CLEAN, S0), cbo(CBO_FLUSH, S0), cbo(CBO_INVAL, S0),
        HERE);
    assert_no_trap(w);
    assert_int_equal(bits(w), PTE_A);
    TRY(w, PRIV_S, cbo(CBO_ZERO, S0), HERE);
    assert_trap(w, CAUSE_STORE_PAGE, VA, CODE);
    world_map(w, PAGE, DATA, PTE_R | PTE_W);
    world_store(w, DATA + 0x40, 5);
    world_set_reg(w, S0, VA + 0x47);
    TRY(w, PRIV_S, sfence(0, 0), cbo(CBO_CLEAN, S0), HERE);
    assert_int_equal(bits(w), PTE_A);
    TRY(w, PRIV_S, cbo(CBO_ZERO, S0), HERE);
    assert_int_equal(bits(w), BITS);
    assert_int_equal(world_load(w, DATA + 0x40), 0);
}

static void test_cache_management_needs_no_right_to_store(void **state)
{
    (void)state;
    at_every_depth(management);
}

/* Svade: cbo.clean of a clean page passes; of one without A it faults, as a
   store does. Execute-only pages too, unless MXR. */
static void management_faults(struct world *w)
{
    with_page(w, PTE_R | PTE_W, CBO_ALLOWED);
    TRY(w, PRIV_S, cbo(CBO_CLEAN, S0), HERE);
    assert_trap(w, CAUSE_STORE_PAGE, VA, CODE);
    world_map(w, PAGE, DATA, PTE_R | PTE_W | PTE_A);
    TRY(w, PRIV_S, sfence(0, 0), cbo(CBO_CLEAN, S0), HERE);
    assert_no_trap(w);
    world_map(w, PAGE, DATA, PTE_X | PTE_A);
    TRY(w, PRIV_S, sfence(0, 0), cbo(CBO_CLEAN, S0), HERE);
    assert_trap(w, CAUSE_STORE_PAGE, VA, CODE + 4);
    world_set_csr(w, CSR_mstatus, MSTATUS_MXR);
    TRY(w, PRIV_S, cbo(CBO_CLEAN, S0), HERE);
    assert_no_trap(w);
}

static void test_cache_management_faults_are_a_stores(void **state)
{
    (void)state;
    at_every_depth(management_faults);
}

/* A device has no cache to manage, but no memory to zero either. */
static void management_of_devices(struct world *w)
{
    static const uint64_t places[] = { 0x10000000, 0x1000, 0x7f000000 };

    for (unsigned i = 0; i < 3; i++) {
        world_set_reg(w, S0, places[i] + 8);
        TRY(w, PRIV_M, cbo(CBO_CLEAN, S0), cbo(CBO_FLUSH, S0),
            cbo(CBO_INVAL, S0), cbo(CBO_ZERO, S0), HERE);
        assert_trap(w, CAUSE_STORE_ACCESS, places[i], CODE + 12);
    }
}

static void test_cache_management_of_devices_passes(void **state)
{
    (void)state;
    at_every_depth(management_of_devices);
}

/* menvcfg rules S and U, senvcfg U as well: illegal, not a fault. */
static void cbo_enables(struct world *w)
{
    uint32_t zero = cbo(CBO_ZERO, S0), clean = cbo(CBO_CLEAN, S0);

    with_page(w, ALL_OF_U, 0);
    world_map(w, 0, CODE, ALL_OF_U);
    TRY(w, PRIV_S, clean, HERE);
    assert_trap(w, CAUSE_ILLEGAL, clean, CODE);
    world_set_csr(w, CSR_menvcfg, CBO_ALLOWED);
    TRY_AT(w, PRIV_U, WINDOW, zero, HERE);
    assert_trap(w, CAUSE_ILLEGAL, zero, WINDOW);
    world_set_csr(w, CSR_senvcfg, ENVCFG_CBZE);
    TRY_AT(w, PRIV_U, WINDOW, zero, clean, HERE);
    assert_trap(w, CAUSE_ILLEGAL, clean, WINDOW + 4);
    world_set_csr(w, CSR_menvcfg, 0);
    world_set_reg(w, S0, DATA);
    TRY(w, PRIV_M, zero, clean, HERE);
    assert_no_trap(w);
}

static void test_envcfg_rules_cbo(void **state)
{
    (void)state;
    at_every_depth(cbo_enables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_svade_faults_until_software_sets_the_bits),
        cmocka_unit_test(test_svadu_load_sets_a_and_store_sets_d),
        cmocka_unit_test(test_d_is_set_again_after_it_was_cleared),
        cmocka_unit_test(test_a_refused_store_marks_nothing),
        cmocka_unit_test(test_svadu_alone_always_updates),
        cmocka_unit_test(test_cache_management_needs_no_right_to_store),
        cmocka_unit_test(test_cache_management_faults_are_a_stores),
        cmocka_unit_test(test_cache_management_of_devices_passes),
        cmocka_unit_test(test_envcfg_rules_cbo),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
