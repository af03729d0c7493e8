/* The page-table walk, a case for each rule of the manual. */
#include "walk_world.h"

static void assert_fault(struct world *w, enum priv priv, enum access access,
                         uint64_t va, uint64_t cause)
{
    struct walk_result r = look(w, priv, access, va);

    assert_false(r.ok);
    assert_int_equal(r.cause, cause);
}

/* Maps va 0x1000 of Sv39 to `pte` in table 2 (index 1). */
static void map_small(struct world *w, uint64_t pte)
{
    w->table[0][0] = PTE_PTR(1);
    w->table[1][0] = PTE_PTR(2);
    w->table[2][1] = pte;
}

static uint64_t leaf(uint64_t pa, uint64_t flags)
{
    return pa >> 2 | flags;
}

static void machine_mode_and_bare_do_not_translate(void **state)
{
    static struct world w;
    struct walk_result r;

    (void)state;
    world_init(&w);
    r = look(&w, PRIV_M, ACCESS_LOAD, UINT64_C(0xfedcba9876543210));
    assert_true(r.ok && r.bare);
    assert_int_equal(r.pa, UINT64_C(0xfedcba9876543210));
    assert_int_equal(r.rights, ACCESS_ALL);
    assert_int_equal(r.size, ~UINT64_C(0));
    assert_int_equal(r.steps, 0);
    csr_write(&w.f.c, CSR_satp, 0);
    r = look(&w, PRIV_U, ACCESS_FETCH, 0x1234);
    assert_true(r.ok && r.bare);
    assert_int_equal(r.pa, 0x1234);
}

static void a_small_page_is_found_and_every_step_is_told(void **state)
{
    static struct world w;
    struct walk_result r;

    (void)state;
    world_init(&w);
    map_small(&w, leaf(0x123456000, LEAF));
    r = look(&w, PRIV_S, ACCESS_STORE, 0x1abc);
    assert_true(r.ok);
    assert_false(r.bare);
    assert_int_equal(r.pa, 0x123456abc);
    assert_int_equal(r.pte, leaf(0x123456000, LEAF));
    assert_int_equal(r.pte_pa, BASE + 2 * PAGE_SIZE + 8);
    assert_int_equal(r.level, 0);
    assert_int_equal(r.size, PAGE_SIZE);
    assert_int_equal(r.rights, ACCESS_ALL);
    assert_int_equal(r.steps, 3);
    assert_int_equal(r.step[0].pte_pa, BASE);
    assert_int_equal(r.step[0].pte, PTE_PTR(1));
    assert_int_equal(r.step[1].pte_pa, BASE + PAGE_SIZE);
    assert_int_equal(r.step[2].pte, leaf(0x123456000, LEAF));
}

static void causes_name_the_kind_of_access(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    assert_fault(&w, PRIV_S, ACCESS_FETCH, 0, CAUSE_FETCH_PAGE);
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0, CAUSE_LOAD_PAGE);
    assert_fault(&w, PRIV_S, ACCESS_STORE, 0, CAUSE_STORE_PAGE);
    w.denied = BASE;
    assert_fault(&w, PRIV_S, ACCESS_FETCH, 0, CAUSE_FETCH_ACCESS);
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0, CAUSE_LOAD_ACCESS);
    assert_fault(&w, PRIV_S, ACCESS_STORE, 0, CAUSE_STORE_ACCESS);
}

static void non_canonical_addresses_fault(void **state)
{
    static const struct {
        uint64_t mode, highest_low, lowest_high;
    } row[] = {
        { SATP_SV39, MASK(37, 0), MASK(63, 38) },
        { SATP_SV48, MASK(46, 0), MASK(63, 47) },
        { SATP_SV57, MASK(55, 0), MASK(63, 56) },
    };
    static struct world w;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        world_init(&w);
        for (unsigned n = 0; n < PTES_PER_PAGE; n++)
            w.table[0][n] = LEAF;
        csr_write(&w.f.c, CSR_satp,
                  field_set(BASE >> PAGE_SHIFT, SATP_MODE, row[i].mode));
        assert_true(look(&w, PRIV_S, ACCESS_LOAD, row[i].highest_low).ok);
        assert_true(look(&w, PRIV_S, ACCESS_LOAD, row[i].lowest_high).ok);
        assert_fault(&w, PRIV_S, ACCESS_LOAD, row[i].highest_low + 1,
                     CAUSE_LOAD_PAGE);
        assert_fault(&w, PRIV_S, ACCESS_FETCH, row[i].lowest_high - 1,
                     CAUSE_FETCH_PAGE);
        assert_true(walk_canonical(row[i].highest_low, row[i].mode));
        assert_false(walk_canonical(row[i].highest_low + 1, row[i].mode));
    }
    assert_true(walk_canonical(BIT(63), SATP_BARE));
}

/* RVirt accepted them. */
static void misaligned_superpages_fault(void **state)
{
    static struct world w;
    struct walk_result r;

    (void)state;
    world_init(&w);
    w.table[0][0] = leaf(UINT64_C(0x40000000), LEAF);
    r = look(&w, PRIV_S, ACCESS_LOAD, 0x12345678);
    assert_int_equal(r.pa, 0x52345678);
    assert_int_equal(r.size, BIT(30));
    for (unsigned bit = 12; bit < 30; bit++) {
        w.table[0][0] = leaf(UINT64_C(0x40000000) | BIT(bit), LEAF);
        assert_fault(&w, PRIV_S, ACCESS_LOAD, 0, CAUSE_LOAD_PAGE);
    }
    w.table[0][0] = PTE_PTR(1);
    w.table[1][0] = leaf(0x1000, LEAF);
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0, CAUSE_LOAD_PAGE);
}

/* RVirt let them. */
static void supervisor_never_executes_user_pages_even_with_sum(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    map_small(&w, leaf(0x5000, LEAF | PTE_U));
    csr_write(&w.f.c, CSR_mstatus, MSTATUS_SUM);
    assert_true(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).ok);
    assert_int_equal(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).rights,
                     ACCESS_LOAD | ACCESS_STORE);
    assert_fault(&w, PRIV_S, ACCESS_FETCH, 0x1000, CAUSE_FETCH_PAGE);
    assert_true(look(&w, PRIV_U, ACCESS_FETCH, 0x1000).ok);
    csr_write(&w.f.c, CSR_mstatus, 0);
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0x1000, CAUSE_LOAD_PAGE);
}

static void user_may_not_touch_supervisor_pages(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    map_small(&w, leaf(0x5000, LEAF));
    csr_write(&w.f.c, CSR_mstatus, MSTATUS_SUM | MSTATUS_MXR);
    assert_fault(&w, PRIV_U, ACCESS_LOAD, 0x1000, CAUSE_LOAD_PAGE);
    assert_fault(&w, PRIV_U, ACCESS_FETCH, 0x1000, CAUSE_FETCH_PAGE);
}

static void mxr_makes_executable_pages_readable(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    map_small(&w, leaf(0x5000, PTE_V | PTE_X | PTE_A | PTE_D));
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0x1000, CAUSE_LOAD_PAGE);
    assert_true(look(&w, PRIV_S, ACCESS_FETCH, 0x1000).ok);
    csr_write(&w.f.c, CSR_mstatus, MSTATUS_MXR);
    assert_int_equal(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).rights,
                     ACCESS_LOAD | ACCESS_FETCH);
    assert_fault(&w, PRIV_S, ACCESS_STORE, 0x1000, CAUSE_STORE_PAGE);
}

static void svade_faults_where_a_or_d_is_clear(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    map_small(&w, leaf(0x5000, PTE_V | PTE_R | PTE_W | PTE_D));
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0x1000, CAUSE_LOAD_PAGE);
    map_small(&w, leaf(0x5000, PTE_V | PTE_R | PTE_W | PTE_A));
    assert_int_equal(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).rights,
                     ACCESS_LOAD); /* a store would need D */
    assert_fault(&w, PRIV_S, ACCESS_STORE, 0x1000, CAUSE_STORE_PAGE);
    assert_int_equal(w.updates, 0);
}

static void svadu_sets_a_and_d(void **state)
{
    static struct world w;
    uint64_t bare = leaf(0x5000, PTE_V | PTE_R | PTE_W | PTE_RSW);

    (void)state;
    world_init(&w);
    csr_write(&w.f.c, CSR_menvcfg, MENVCFG_ADUE);
    map_small(&w, bare);
    assert_int_equal(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).pte, bare | PTE_A);
    assert_int_equal(w.table[2][1], bare | PTE_A);
    assert_int_equal(look(&w, PRIV_S, ACCESS_STORE, 0x1000).rights,
                     ACCESS_LOAD | ACCESS_STORE);
    assert_int_equal(w.table[2][1], bare | PTE_A | PTE_D);
    assert_int_equal(w.updates, 2);
    look(&w, PRIV_S, ACCESS_STORE, 0x1000);
    assert_int_equal(w.updates, 2);
    /* A permission fault updates nothing. */
    map_small(&w, bare);
    assert_fault(&w, PRIV_S, ACCESS_FETCH, 0x1000, CAUSE_FETCH_PAGE);
    assert_fault(&w, PRIV_U, ACCESS_LOAD, 0x1000, CAUSE_LOAD_PAGE);
    assert_int_equal(w.table[2][1], bare);
}

static void a_pte_that_changes_under_its_update_is_read_again(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    csr_write(&w.f.c, CSR_menvcfg, MENVCFG_ADUE);
    map_small(&w, leaf(0x5000, PTE_V | PTE_R));
    w.fail_updates = 1;
    w.on_fail = leaf(0x7000, PTE_V | PTE_R);
    assert_int_equal(look(&w, PRIV_S, ACCESS_LOAD, 0x1008).pa, 0x7008);
    assert_int_equal(w.table[2][1], leaf(0x7000, PTE_V | PTE_R | PTE_A));
    w.table[2][1] = leaf(0x5000, PTE_V | PTE_R);
    w.fail_updates = 1;
    w.on_fail = PTE_R; /* has become invalid */
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0x1008, CAUSE_LOAD_PAGE);
}

static void a_pte_that_cannot_be_updated_is_an_access_fault(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    csr_write(&w.f.c, CSR_menvcfg, MENVCFG_ADUE);
    map_small(&w, leaf(0x5000, PTE_V | PTE_R | PTE_W));
    w.fail_updates = 1000;
    assert_fault(&w, PRIV_S, ACCESS_STORE, 0x1000, CAUSE_STORE_ACCESS);
    assert_true(w.updates < 100);
}

/* Table 2 becomes read-only, then unreadable, for S-mode's PTE accesses. */
static void pmp_guards_page_tables(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    map_small(&w, leaf(0x5000, PTE_V | PTE_R));
    csr_write(&w.f.c, CSR_menvcfg, MENVCFG_ADUE);
    csr_write(&w.f.c, CSR_pmpaddr1, ~UINT64_C(0));
    csr_write(&w.f.c, CSR_pmpaddr0, (BASE + 2 * PAGE_SIZE) >> 2 | 0x1ff);
    csr_write(&w.f.c, CSR_pmpcfg0, 0x1f19);
    assert_fault(&w, PRIV_U, ACCESS_LOAD, 0x1000, CAUSE_LOAD_PAGE);
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0x1000, CAUSE_LOAD_ACCESS);
    assert_int_equal(w.updates, 0);
    w.table[2][1] |= PTE_A;
    assert_true(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).ok);
    csr_write(&w.f.c, CSR_pmpcfg0, 0x1f1c); /* executable does not help */
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0x1000, CAUSE_LOAD_ACCESS);
    assert_fault(&w, PRIV_S, ACCESS_FETCH, 0x1000, CAUSE_FETCH_ACCESS);
}

static void reserved_bits_fault_at_every_level(void **state)
{
    static struct world w;
    const uint64_t reserved_everywhere = PTE_RESERVED;
    const uint64_t reserved_in_pointers =
        PTE_D | PTE_A | PTE_U | PTE_PBMT | PTE_N;

    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        bool in_leaf = reserved_everywhere >> bit & 1;
        bool in_pointer = in_leaf || (reserved_in_pointers >> bit & 1);

        if (BIT(bit) & (PTE_V | PTE_R | PTE_W | PTE_X | PTE_PPN))
            continue;
        world_init(&w);
        csr_write(&w.f.c, CSR_menvcfg, MENVCFG_PBMTE);
        map_small(&w, leaf(0x8000, LEAF));
        w.table[1][0] ^= BIT(bit);
        assert_int_equal(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).ok, !in_pointer);
        w.table[1][0] ^= BIT(bit);
        w.table[2][1] |= in_leaf ? BIT(bit) : 0;
        assert_int_equal(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).ok, !in_leaf);
    }
}

static void write_without_read_is_reserved(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    map_small(&w, leaf(0x5000, LEAF & ~PTE_R));
    assert_fault(&w, PRIV_S, ACCESS_STORE, 0x1000, CAUSE_STORE_PAGE);
    assert_fault(&w, PRIV_S, ACCESS_FETCH, 0x1000, CAUSE_FETCH_PAGE);
}

static void a_pointer_at_the_last_level_faults(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    map_small(&w, PTE_PTR(3));
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0x1000, CAUSE_LOAD_PAGE);
}

static void memory_types_need_pbmte_and_3_is_reserved(void **state)
{
    static struct world w;

    (void)state;
    world_init(&w);
    for (uint64_t pbmt = 0; pbmt < 4; pbmt++) {
        map_small(&w, field_set(leaf(0x5000, LEAF), PTE_PBMT, pbmt));
        csr_write(&w.f.c, CSR_menvcfg, MENVCFG_PBMTE);
        assert_int_equal(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).ok, pbmt < 3);
        csr_write(&w.f.c, CSR_menvcfg, 0);
        assert_int_equal(look(&w, PRIV_S, ACCESS_LOAD, 0x1000).ok, pbmt == 0);
    }
}

static void napot_maps_64_kib_and_nothing_else(void **state)
{
    static struct world w;
    struct walk_result r;

    (void)state;
    world_init(&w);
    for (uint64_t code = 0; code < 16; code++) {
        map_small(&w, leaf(0x120000 | code << 12, LEAF | PTE_N));
        r = look(&w, PRIV_S, ACCESS_LOAD, 0x1abc);
        assert_int_equal(r.ok, code == 8);
        if (!r.ok)
            continue;
        assert_int_equal(r.pa, 0x121abc); /* the low page bits are va's */
        assert_int_equal(r.size, 0x10000);
    }
    w.f.isa.ext &= ~BIT(EXT_SVNAPOT);
    map_small(&w, leaf(0x128000, LEAF | PTE_N));
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0x1000, CAUSE_LOAD_PAGE);
    w.f.isa.ext |= BIT(EXT_SVNAPOT);
    w.table[1][0] = leaf(0, LEAF | PTE_N); /* reserved in superpages */
    assert_fault(&w, PRIV_S, ACCESS_LOAD, 0x1000, CAUSE_LOAD_PAGE);
}

static void any_access_looks_without_touching(void **state)
{
    static struct world w;
    struct walk_memory mem = { &w, pte_read, pte_update };
    struct walk_request q = { &w.f.c, PRIV_S, ACCESS_STORE, 0x1010, true };
    struct walk_result r;

    (void)state;
    world_init(&w);
    csr_write(&w.f.c, CSR_menvcfg, MENVCFG_ADUE);
    csr_write(&w.f.c, CSR_pmpcfg0, 0);
    map_small(&w, leaf(0x5000, PTE_V | PTE_X | PTE_U));
    walk(&q, &mem, &r);
    assert_true(r.ok);
    assert_int_equal(r.pa, 0x5010);
    assert_int_equal(r.rights, 0);
    assert_int_equal(w.updates, 0);
    map_small(&w, leaf(0x5000, LEAF & ~PTE_D));
    walk(&q, &mem, &r);
    assert_int_equal(r.rights, ACCESS_LOAD | ACCESS_FETCH);
    map_small(&w, leaf(0x5000, LEAF & ~PTE_A));
    walk(&q, &mem, &r);
    assert_true(r.ok);
    assert_int_equal(r.rights, 0);
    w.table[2][1] = 0;
    walk(&q, &mem, &r);
    assert_false(r.ok);
}

static void sv57_walks_five_levels(void **state)
{
    static struct world w;
    struct walk_result r;

    (void)state;
    world_init(&w);
    csr_write(&w.f.c, CSR_satp,
              field_set(BASE >> PAGE_SHIFT, SATP_MODE, SATP_SV57));
    for (unsigned i = 0; i < 4; i++)
        w.table[i][i + 1] = PTE_PTR(i + 1);
    w.table[4][5] = leaf(0x9000, LEAF);
    r = look(&w, PRIV_S, ACCESS_FETCH,
             BIT(48) | 2 * BIT(39) | 3 * BIT(30) | 4 * BIT(21) | 5 * BIT(12) |
                 0x18);
    assert_true(r.ok);
    assert_int_equal(r.pa, 0x9018);
    assert_int_equal(r.steps, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machine_mode_and_bare_do_not_translate),
        cmocka_unit_test(a_small_page_is_found_and_every_step_is_told),
        cmocka_unit_test(causes_name_the_kind_of_access),
        cmocka_unit_test(non_canonical_addresses_fault),
        cmocka_unit_test(misaligned_superpages_fault),
        cmocka_unit_test(supervisor_never_executes_user_pages_even_with_sum),
        cmocka_unit_test(user_may_not_touch_supervisor_pages),
        cmocka_unit_test(mxr_makes_executable_pages_readable),
        cmocka_unit_test(svade_faults_where_a_or_d_is_clear),
        cmocka_unit_test(svadu_sets_a_and_d),
        cmocka_unit_test(a_pte_that_changes_under_its_update_is_read_again),
        cmocka_unit_test(a_pte_that_cannot_be_updated_is_an_access_fault),
        cmocka_unit_test(pmp_guards_page_tables),
        cmocka_unit_test(reserved_bits_fault_at_every_level),
        cmocka_unit_test(write_without_read_is_reserved),
        cmocka_unit_test(a_pointer_at_the_last_level_faults),
        cmocka_unit_test(memory_types_need_pbmte_and_3_is_reserved),
        cmocka_unit_test(napot_maps_64_kib_and_nothing_else),
        cmocka_unit_test(any_access_looks_without_touching),
        cmocka_unit_test(sv57_walks_five_levels),
    };

    return cmocka_run_group_tests_name("mmu/walk", tests, NULL, NULL);
}
