/* What a hart keeps of its page tables, and what makes it forget. */
#include "mmu/translations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define TABLES 24
#define VA     UINT64_C(0x40000000)
#define FRAME  UINT64_C(0x80200)

static uint8_t pool[TABLES * PAGE_SIZE] __attribute__((aligned(4096)));

struct world {
    struct translations t;
    struct translation_table table[TABLES];
    /* What the user was told last, and how often. */
    unsigned drops, forgets, space;
    bool one;
    uint64_t va;
};

static void dropped(void *context, uint32_t leaf)
{
    struct world *w = context;

    assert_true(translations_table(&w->t, leaf / 512)[leaf % 512] & PTE_V);
    w->drops++;
}

static void forgotten(void *context, unsigned space, const uint64_t *va)
{
    struct world *w = context;

    w->forgets++;
    w->space = space;
    w->one = va != NULL;
    w->va = va ? *va : 0;
}

static int setup(void **state)
{
    static struct world w;
    const struct translation_user user = { &w, dropped, forgotten };

    w = (struct world){ 0 };
    translations_init(&w.t, pool, 0x90000000, w.table, TABLES, &user);
    *state = &w;
    return 0;
}

static uint64_t satp(uint64_t asid)
{
    return field_set(field_set(0x80000, SATP_MODE, SATP_SV39), SATP_ASID, asid);
}

static unsigned enter(struct world *w, uint64_t asid, uint8_t view)
{
    return translations_enter(&w->t, satp(asid), view);
}

static void keep(struct world *w, unsigned space, uint64_t va, uint64_t bits,
                 uint64_t size)
{
    const struct translation p = {
        va, field_set(PTE_V | PTE_R | bits, PTE_PPN, FRAME), size
    };

    translations_map(&w->t, space, &p);
}

static bool is_kept(struct world *w, unsigned space, uint64_t va)
{
    uint64_t leaf = translations_leaf(&w->t, space, va);

    assert_true(translations_leaf_near(&w->t, space, va) == leaf);
    return leaf & PTE_V;
}

static void fence(struct world *w, uint64_t va, int asid)
{
    uint64_t a = (uint64_t)asid;

    w->forgets = 0;
    translations_fence(&w->t, va ? &va : NULL, asid < 0 ? NULL : &a);
}

static void a_fence_covers_its_address_in_every_view(void **state)
{
    struct world *w = *state;
    unsigned s = enter(w, 1, 5), sum = enter(w, 1, 21), other = enter(w, 2, 5);

    keep(w, s, VA, 0, PAGE_SIZE);
    keep(w, s, VA + PAGE_SIZE, 0, PAGE_SIZE);
    keep(w, sum, VA, 0, PAGE_SIZE);
    keep(w, other, VA, 0, PAGE_SIZE);
    fence(w, VA + 8, 1);
    assert_false(is_kept(w, s, VA));
    assert_false(is_kept(w, sum, VA));
    assert_true(is_kept(w, s, VA + PAGE_SIZE));
    assert_true(is_kept(w, other, VA));
    assert_int_equal(w->forgets, 2);
    assert_true(w->one && w->va == VA + 8);
    fence(w, VA, -1);
    assert_false(is_kept(w, other, VA));
    fence(w, VA, -1); /* nothing there, nothing to tell */
    assert_int_equal(w->forgets, 0);
    fence(w, 0, -1);
    assert_false(is_kept(w, s, VA + PAGE_SIZE));
    assert_false(w->one);
}

static void a_fence_of_one_space_leaves_global_pages(void **state)
{
    struct world *w = *state;
    unsigned s = enter(w, 1, 5);

    keep(w, s, VA, LEAF_GLOBAL, PAGE_SIZE);
    fence(w, VA, 1);
    fence(w, 0, 1);
    assert_true(is_kept(w, s, VA));
    fence(w, VA, -1);
    assert_false(is_kept(w, s, VA));
}

static void a_fence_covers_all_fragments_of_a_superpage(void **state)
{
    struct world *w = *state;
    unsigned s = enter(w, 1, 5);

    for (uint64_t i = 0; i < 3; i++)
        keep(w, s, VA + i * PAGE_SIZE, 0, level_size(1));
    keep(w, s, VA + level_size(1), 0, PAGE_SIZE);
    fence(w, VA + 100 * PAGE_SIZE, -1); /* none is kept of this very page */
    for (uint64_t i = 0; i < 3; i++)
        assert_false(is_kept(w, s, VA + i * PAGE_SIZE));
    assert_true(is_kept(w, s, VA + level_size(1)));
    assert_false(w->one);
    keep(w, s, VA, 0, 16 * PAGE_SIZE);
    keep(w, s, VA + 15 * PAGE_SIZE, 0, 16 * PAGE_SIZE);
    keep(w, s, VA + 16 * PAGE_SIZE, 0, PAGE_SIZE);
    fence(w, VA + PAGE_SIZE, -1);
    assert_false(is_kept(w, s, VA + 15 * PAGE_SIZE));
    assert_true(is_kept(w, s, VA + 16 * PAGE_SIZE));
}

static void an_address_that_is_not_canonical_is_nowhere(void **state)
{
    struct world *w = *state;
    unsigned s = enter(w, 1, 5);
    uint64_t wrong = VA | BIT(40);

    keep(w, s, VA, 0, PAGE_SIZE);
    assert_false(is_kept(w, s, wrong));
    fence(w, wrong, -1);
    assert_true(is_kept(w, s, VA));
    keep(w, s, UINT64_C(0xffffffffc0000000), 0, PAGE_SIZE);
    assert_true(is_kept(w, s, UINT64_C(0xffffffffc0000000)));
}

static void what_takes_a_place_is_told(void **state)
{
    struct world *w = *state;
    unsigned s = enter(w, 1, 5);

    keep(w, s, VA, 0, PAGE_SIZE);
    assert_int_equal(w->forgets + w->drops, 0);
    keep(w, s, VA, PTE_W, PAGE_SIZE);
    assert_int_equal(w->drops, 1);
    assert_true(w->forgets == 1 && w->one && w->space == s && w->va == VA);
    assert_true(translations_leaf(&w->t, s, VA) & PTE_W);
}

/* Whoever was not entered for longest goes; who fills never does. */
static void tables_used_up_are_taken_from_the_space_longest_unused(void **state)
{
    struct world *w = *state;
    unsigned first = enter(w, 1, 5), second = enter(w, 2, 5), third;

    keep(w, first, VA, 0, PAGE_SIZE);
    keep(w, second, VA, 0, PAGE_SIZE);
    assert_int_equal(enter(w, 1, 5), first);
    third = enter(w, 3, 5);
    /* Six tables are kept by now and one is a root; each of these is more. */
    for (uint64_t i = 0; is_kept(w, second, VA); i++)
        keep(w, third, VA + i * level_size(1), 0, PAGE_SIZE);
    assert_true(is_kept(w, first, VA));
    assert_false(w->t.space[second].live);
    for (uint64_t i = 0; i < 100; i++)
        keep(w, third, VA + i * level_size(2), 0, PAGE_SIZE);
    assert_false(w->t.space[first].live);
    assert_true(w->t.space[third].live);
    assert_true(is_kept(w, third, VA + 99 * level_size(2)));
    assert_int_equal(w->t.reclaimed, 2);
}

static void spaces_used_up_are_given_up_in_order(void **state)
{
    struct world *w = *state;

    for (unsigned i = 0; i < 3 * TRANSLATION_SPACES; i++) {
        unsigned s = enter(w, i, 5);

        assert_true(s < TRANSLATION_SPACES);
        assert_true(w->t.space[s].satp == satp(i));
        keep(w, s, VA, 0, PAGE_SIZE);
        assert_true(is_kept(w, s, VA));
    }
    translations_drop_all(&w->t);
    for (unsigned i = 0; i < TRANSLATION_SPACES; i++)
        assert_false(w->t.space[i].live && is_kept(w, i, VA));
}

static void views_are_equal_where_they_translate_alike(void **state)
{
    const struct isa isa = { 0 };
    struct csr_file u = { .isa = &isa, .priv = PRIV_U };
    struct csr_file s = { .isa = &isa, .priv = PRIV_S }, m = s;
    uint64_t of;

    (void)state;
    m.priv = PRIV_M;
    u.mstatus = MSTATUS_SUM | MSTATUS_MXR;
    assert_int_equal(translation_view(&u, &of), translation_view(&s, &of));
    assert_true(of == 0);
    u.satp = s.satp = m.satp = satp(1);
    assert_int_not_equal(translation_view(&s, &of), translation_view(&u, &of));
    assert_true(of == satp(1));
    assert_true(translation_view(&u, &of) & VIEW_MXR);
    assert_false(translation_view(&u, &of) & VIEW_SUM);
    assert_false(view_is_split(translation_view(&s, &of)));
    assert_false(view_is_split(translation_view(&m, &of)));
    assert_true(of == 0);
    m.mstatus = field_set(MSTATUS_MPRV, MSTATUS_MPP, PRIV_S);
    assert_true(view_is_split(translation_view(&m, &of)));
    assert_true(of == 0);
}

/* The table that was found last is given back, and is another's. */
static void a_leaf_is_not_looked_for_where_it_was(void **state)
{
    struct world *w = *state;
    unsigned s = enter(w, 1, 5), other;

    assert_false(is_kept(w, s, VA));
    keep(w, s, VA, 0, PAGE_SIZE);
    assert_true(is_kept(w, s, VA));
    assert_false(is_kept(w, s, VA + PAGE_SIZE));
    assert_false(is_kept(w, s, VA + (1 << 21)));
    assert_true(is_kept(w, s, VA));
    translations_drop_all(&w->t);
    assert_int_equal(enter(w, 1, 5), s);
    other = enter(w, 2, 5);
    for (unsigned k = 0; k < 3; k++)
        keep(w, other, VA + ((uint64_t)k << 30), 0, PAGE_SIZE);
    assert_false(is_kept(w, s, VA));
    assert_true(is_kept(w, other, VA));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_fence_covers_its_address_in_every_view, setup),
        cmocka_unit_test_setup(a_fence_of_one_space_leaves_global_pages, setup),
        cmocka_unit_test_setup(a_fence_covers_all_fragments_of_a_superpage,
                               setup),
        cmocka_unit_test_setup(an_address_that_is_not_canonical_is_nowhere,
                               setup),
        cmocka_unit_test_setup(what_takes_a_place_is_told, setup),
        cmocka_unit_test_setup(
            tables_used_up_are_taken_from_the_space_longest_unused, setup),
        cmocka_unit_test_setup(spaces_used_up_are_given_up_in_order, setup),
        cmocka_unit_test_setup(a_leaf_is_not_looked_for_where_it_was, setup),
        cmocka_unit_test(views_are_equal_where_they_translate_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
