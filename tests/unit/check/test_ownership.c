/*
 * The audits of resource control must see what they are there for: a leaf, a
 * table, a register or a frame that is wrong is planted in a host with two
 * virtual machines.
 */
#include "check/legality.h"
#include "check/ownership.h"
#include "machine/bare.h"
#include "machine/run.h"
#include "mmu/pte.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define MEMORY (UINT64_C(1) << 20)
#define CODE   (BOARD_RAM_BASE + 0x1000)
#define ROOT   (BOARD_RAM_BASE + 0x10000)
#define WINDOW UINT64_C(0x40000000)

struct host {
    struct bare *bare;
    struct vm_siblings siblings;
    struct vm *vm[2];
    struct ownership o;
    struct finding f;
};

/* S-mode on Sv39: RAM at its own address and, once more, at WINDOW. */
static void run_guest(struct vm *vm)
{
    static const uint32_t code[] = {
        0x00053583, /* ld a1, 0(a0) */
        0x00b53023, /* sd a1, 0(a0) */
        0x0000006f, /* j . */
    };
    struct machine *m = &vm->machine;
    const uint64_t leaf = PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;
    struct run_options o = { .until = 100 };

    memcpy(m->ops->ram(m, CODE, sizeof code, true), code, sizeof code);
    for (unsigned i = 1; i <= 2; i++)
        m->ops->store(m, ROOT + 8 * i, 8,
                      field_set(leaf, PTE_PPN, BOARD_RAM_BASE >> 12));
    m->ops->csr_set(m, 0, CSR_pmpaddr0, MASK(53, 0));
    m->ops->csr_set(m, 0, CSR_pmpcfg0, 0x1f);
    m->ops->csr_set(m, 0, CSR_satp,
                    field_set(ROOT >> 12, SATP_MODE, SATP_SV39));
    m->ops->reg_set(m, 0, REG_X0 + 10, WINDOW + 0x5000);
    m->ops->reg_set(m, 0, REG_PC, CODE);
    m->ops->reg_set(m, 0, REG_PRIV, PRIV_S);
    assert_int_equal(machine_run(m, &vm->board, &o), RUN_UNTIL);
}

static int setup(void **state)
{
    static struct host h;
    struct board_config c = { .harts = 1,
                              .isa = isa_default(),
                              .memory = 2 * vm_host_memory(MEMORY, 1) };

    h = (struct host){ .bare = bare_new(&c) };
    assert_int_equal(ownership_init(&h.o, &h.bare->machine, c.memory, h.vm, 2),
                     STATUS_OK);
    c.memory = MEMORY;
    for (unsigned i = 0; i < 2; i++) {
        h.vm[i] = vm_new_sibling(&h.bare->machine, &c, &h.siblings);
        assert_non_null(h.vm[i]);
        run_guest(h.vm[i]);
    }
    assert_true(ownership_audit(&h.o, &h.f));
    assert_true(legality_of_all(&h.o, 0, &h.f));
    assert_true(legality_of_all(&h.o, 1, &h.f));
    *state = &h;
    return 0;
}

static int teardown(void **state)
{
    struct host *h = *state;

    for (unsigned i = 0; i < 2; i++)
        vm_free(h->vm[i]);
    bare_free(h->bare);
    ownership_free(&h->o);
    return 0;
}

/* The PTE at `level` for va in machine 1's present space, in the host's RAM. */
static uint64_t *planted(struct host *h, uint64_t va, unsigned level)
{
    struct machine *host = &h->bare->machine;
    uint64_t satp = 0, table;

    host->ops->csr_get(host, 0, CSR_satp, &satp);
    table = field_get(satp, SATP_PPN) << PAGE_SHIFT;
    for (unsigned l = 2;; l--) {
        uint64_t *p =
            host->ops->ram(host, table + 8 * pte_index(va, l), 8, true);

        assert_non_null(p);
        if (l == level)
            return p;
        table = field_get(*p, PTE_PPN) << PAGE_SHIFT;
    }
}

static void lead_to(uint64_t *pte, uint64_t hpa)
{
    *pte = field_set(*pte, PTE_PPN, hpa >> PAGE_SHIFT);
}

static void assert_found(struct host *h, const char *what)
{
    assert_false(ownership_audit(&h->o, &h->f));
    assert_string_equal(h->f.what, what);
    assert_int_equal(h->f.vm, 1);
}

static void test_leaf_that_maps_the_monitor_is_found(void **state)
{
    struct host *h = *state;

    lead_to(planted(h, CODE, 0), BOARD_RAM_BASE + h->vm[1]->place);
    assert_found(h, "a shadow leaf maps a page of the monitor");
    assert_true(h->f.va == CODE);
}

static void test_leaf_that_maps_the_sibling_is_found(void **state)
{
    struct host *h = *state;

    lead_to(planted(h, WINDOW + 0x5000, 0), h->vm[0]->monitor.p2m.frame[5]);
    assert_found(h, "a shadow leaf maps another machine's page");
}

static void test_leaf_past_the_hosts_ram_is_found(void **state)
{
    struct host *h = *state;

    lead_to(planted(h, CODE, 0), UINT64_C(0x10000000));
    assert_found(h, "a shadow leaf maps what is not RAM");
}

static void test_leaf_that_makes_rom_readable_is_found(void **state)
{
    struct host *h = *state;

    lead_to(planted(h, CODE, 0), h->vm[1]->monitor.p2m.rom_hpa);
    assert_found(h, "a shadow leaf gives ROM to data");
}

static void test_leaf_that_is_no_user_page_is_found(void **state)
{
    struct host *h = *state;

    *planted(h, CODE, 0) &= ~PTE_U;
    assert_found(h, "a shadow leaf is not a plain user page");
}

static void test_table_in_guest_ram_is_found(void **state)
{
    struct host *h = *state;

    lead_to(planted(h, CODE, 1), h->vm[1]->monitor.p2m.frame[9]);
    assert_found(h, "a shadow table lies outside the machine's pool");
}

static void test_table_loop_is_found(void **state)
{
    struct host *h = *state;

    *planted(h, CODE, 1) = *planted(h, CODE, 2);
    assert_found(h, "a shadow table is in two places");
}

static void test_superpage_is_found(void **state)
{
    struct host *h = *state;

    *planted(h, CODE, 1) |= PTE_R | PTE_U;
    assert_found(h, "a shadow table holds what does not belong at its level");
}

static void test_foreign_satp_is_found(void **state)
{
    struct host *h = *state;
    struct machine *host = &h->bare->machine;

    host->ops->csr_set(host, 0, CSR_satp, h->vm[0]->monitor.hart[0].host_satp);
    assert_found(h, "the host's satp is not the present machine's");
    host->ops->csr_set(host, 0, CSR_satp, 0);
    h->f.what = NULL;
    assert_found(h, "the host's satp is not the present machine's");
}

static void test_hosts_registers_are_looked_at(void **state)
{
    struct host *h = *state;
    struct machine *host = &h->bare->machine;

    host->ops->csr_set(host, 0, CSR_medeleg, BIT(8));
    assert_found(h, "the host delegates exceptions");
    host->ops->csr_set(host, 0, CSR_medeleg, 0);
    host->ops->csr_set(host, 0, CSR_mstatus, 0);
    h->f.what = NULL;
    assert_found(h, "the host's wfi does not trap");
}

static void test_frame_of_the_sibling_is_found(void **state)
{
    struct host *h = *state;

    h->vm[1]->monitor.p2m.frame[3] = h->vm[0]->monitor.p2m.frame[3];
    assert_found(h, "the p2m names a page that is not in the machine's RAM");
}

static void test_frame_named_twice_is_found(void **state)
{
    struct host *h = *state;

    h->vm[1]->monitor.p2m.frame[3] = h->vm[1]->monitor.p2m.frame[4];
    assert_found(h, "the p2m names a page twice");
}

/* The guest's own page, but another one than its tables say. */
static void test_leaf_of_the_wrong_page_is_found(void **state)
{
    struct host *h = *state;

    lead_to(planted(h, WINDOW + 0x5000, 0), h->vm[1]->monitor.p2m.frame[6]);
    assert_false(legality_of_fill(&h->o, 1, 0, WINDOW + 0x5000, &h->f));
    assert_string_equal(h->f.what, "a shadow leaf leads elsewhere than the "
                                   "guest's tables");
}

/* The guest takes the right to store away, and fences: what is kept of it is
   found, in one address and in all. Without the fence it may stay. */
static void test_leaf_kept_over_a_fence_is_found(void **state)
{
    struct host *h = *state;
    struct machine *m = &h->vm[1]->machine;
    uint64_t va = WINDOW + 0x5000, pte = 0;

    m->ops->load(m, ROOT + 8, 8, &pte);
    m->ops->store(m, ROOT + 8, 8, pte & ~PTE_W);
    assert_true(legality_of_all(&h->o, 1, &h->f));
    assert_false(legality_of_fence(&h->o, 1, 0, &va, NULL, &h->f));
    assert_string_equal(h->f.what, "a shadow leaf gives more rights than the "
                                   "guest's tables");
    h->f.what = NULL;
    assert_false(legality_of_fence(&h->o, 1, 0, NULL, NULL, &h->f));
    m->ops->fence(m, 0, &va, NULL);
    h->f.what = NULL;
    assert_true(legality_of_fence(&h->o, 1, 0, NULL, NULL, &h->f));
}

static void test_leaf_kept_over_a_pmp_change_is_found(void **state)
{
    struct host *h = *state;

    h->vm[1]->monitor.hart[0].csr.pmpcfg[0] = 0x1c;
    assert_false(legality_of_all(&h->o, 1, &h->f));
    assert_string_equal(h->f.what, "a shadow leaf gives more rights than PMP");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_leaf_that_maps_the_monitor_is_found),
        TEST(test_leaf_that_maps_the_sibling_is_found),
        TEST(test_leaf_past_the_hosts_ram_is_found),
        TEST(test_leaf_that_makes_rom_readable_is_found),
        TEST(test_leaf_that_is_no_user_page_is_found),
        TEST(test_table_in_guest_ram_is_found),
        TEST(test_table_loop_is_found),
        TEST(test_superpage_is_found),
        TEST(test_foreign_satp_is_found),
        TEST(test_hosts_registers_are_looked_at),
        TEST(test_frame_of_the_sibling_is_found),
        TEST(test_frame_named_twice_is_found),
        TEST(test_leaf_of_the_wrong_page_is_found),
        TEST(test_leaf_kept_over_a_fence_is_found),
        TEST(test_leaf_kept_over_a_pmp_change_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
