/* What a hart keeps of its page tables, moved to another hart: it forgets, and
   runs out of room, at the same moments. */
#include "mmu/translations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "seed.h"
#include "state_trip.h"

#define TABLES 40
#define RAM    UINT64_C(0x80000000)
#define PAGES  UINT64_C(0x1000)

/* Its leaves are where `shift` says: the guest's pages lie elsewhere there. */
struct world {
    struct translations t;
    struct translation_table table[TABLES];
    uint64_t shift;
    unsigned drops, leaves;
    uint8_t *pool;
};

static void dropped(void *context, uint32_t leaf)
{
    struct world *w = context;

    (void)leaf;
    w->drops++;
}

static void set_up(struct world *w, uint64_t shift)
{
    const struct translation_user user = { w, dropped, NULL };

    *w = (struct world){ .shift = shift };
    w->pool = aligned_alloc(PAGE_SIZE, TABLES * PAGE_SIZE);
    assert_non_null(w->pool);
    translations_init(&w->t, w->pool, shift, w->table, TABLES, &user);
}

static uint64_t gpa_of(void *context, uint32_t leaf)
{
    const struct world *w = context;
    uint64_t pte = translations_table(&w->t, leaf / 512)[leaf % 512];

    return (field_get(pte, PTE_PPN) << PAGE_SHIFT) - w->shift;
}

static uint64_t leaf_of(void *context, uint32_t leaf, uint64_t gpa,
                        uint64_t rights)
{
    struct world *w = context;

    (void)leaf;
    assert_true(rights && !(rights & ~(PTE_R | PTE_W | PTE_X)));
    if (gpa < RAM || gpa - RAM >= PAGES * PAGE_SIZE)
        return 0;
    w->leaves++;
    return field_set(PTE_V, PTE_PPN, (gpa + w->shift) >> PAGE_SHIFT);
}

static void kept(void *world, struct state *s)
{
    struct world *w = world;
    const struct translation_pages pages = { w, gpa_of, leaf_of };

    translations_state(&w->t, &pages, s);
}

static uint64_t satp(uint64_t asid, uint64_t mode)
{
    return field_set(field_set(0x80000, SATP_MODE, mode), SATP_ASID, asid);
}

/* One thing that a hart does, the same in both worlds. */
static void step(struct world *w, uint64_t r, uint64_t q)
{
    static const uint64_t sizes[] = { PAGE_SIZE, PAGE_SIZE * 16, PAGE_SIZE << 9,
                                      PAGE_SIZE << 18 };
    unsigned space =
        translations_enter(&w->t, satp(r >> 8 & 3, SATP_SV39 + (r >> 10) % 3),
                           r >> 12 & 1 ? 5 : 21);
    uint64_t va = (q & 3) << 30 | (q >> 2 & 3) << 21 | (q >> 4 & 31) << 12;
    uint64_t asid = r >> 14 & 3;
    struct translation p = { .va = va, .guest_size = sizes[q >> 10 & 3] };

    p.pte = field_set(
        PTE_V | PTE_R | (q >> 12 & 1 ? PTE_W : 0) | (q >> 13 & 1 ? PTE_X : 0) |
            (q >> 14 & 1 ? LEAF_GLOBAL : 0),
        PTE_PPN, (RAM + w->shift) / PAGE_SIZE + (q >> 20) % PAGES);
    if (r % 16 < 12)
        translations_map(&w->t, space, &p);
    else if (r % 16 < 15)
        translations_fence(&w->t, r >> 20 & 1 ? &va : NULL,
                           r >> 21 & 1 ? &asid : NULL);
    else if (r >> 24 & 1)
        translations_drop_all(&w->t);
}

static void run(struct world *w, uint64_t *random, unsigned steps)
{
    while (steps-- > 0) {
        uint64_t r = trip_random(random), q = trip_random(random);

        step(w, r, q);
    }
}

static void assert_alike(struct world *a, struct world *b)
{
    struct state_buffer x = trip_save(kept, a), y = trip_save(kept, b);

    assert_int_equal(x.size, y.size);
    assert_memory_equal(x.bytes, y.bytes, x.size);
    assert_int_equal(a->t.free_tables, b->t.free_tables);
    state_buffer_free(&x);
    state_buffer_free(&y);
}

static void what_is_loaded_is_kept_and_forgotten_alike(void **state)
{
    uint64_t random = test_seed();

    (void)state;
    for (unsigned i = 0; i < 60; i++) {
        struct world a, b;
        uint64_t same;

        set_up(&a, 0);
        set_up(&b, UINT64_C(0x100000000));
        run(&a, &random, 1 + trip_random(&random) % 300);
        run(&b, &random, 20); /* is given up */
        trip(kept, &a, &b);
        assert_alike(&a, &b);
        same = random;
        run(&a, &random, 300);
        run(&b, &same, 300);
        assert_alike(&a, &b);
        free(a.pool);
        free(b.pool);
    }
}

/* Tables that hold nothing any more take room all the same. */
static void empty_tables_are_state(void **state)
{
    struct world a, b;
    const struct translation p = { 0x40000000, 0, PAGE_SIZE };
    struct translation q = p;
    unsigned space;

    (void)state;
    set_up(&a, 0);
    set_up(&b, 0);
    space = translations_enter(&a.t, satp(1, SATP_SV39), 5);
    q.pte = field_set(PTE_V | PTE_R, PTE_PPN, RAM >> PAGE_SHIFT);
    translations_map(&a.t, space, &q);
    translations_fence(&a.t, &p.va, NULL);
    assert_int_equal(a.t.free_tables, TABLES - 3);
    trip(kept, &a, &b);
    assert_int_equal(b.t.free_tables, TABLES - 3);
    free(a.pool);
    free(b.pool);
}

/* A fence of any address of a superpage drops all its fragments. */
static void fragments_of_a_superpage_are_remembered(void **state)
{
    struct translation p = { 0x40000000, 0, level_size(1) };
    uint64_t va = 0x40000000 + 100 * PAGE_SIZE;
    struct world a, b;
    unsigned space;

    (void)state;
    set_up(&a, 0);
    set_up(&b, 0);
    space = translations_enter(&a.t, satp(1, SATP_SV39), 5);
    p.pte = field_set(PTE_V | PTE_R, PTE_PPN, RAM >> PAGE_SHIFT);
    translations_map(&a.t, space, &p);
    trip(kept, &a, &b);
    space = translations_enter(&b.t, satp(1, SATP_SV39), 5);
    assert_true(translations_leaf(&b.t, space, p.va) & PTE_R);
    translations_fence(&b.t, &va, NULL);
    assert_false(translations_leaf(&b.t, space, p.va) & PTE_R);
    free(a.pool);
    free(b.pool);
}

static void what_is_damaged_does_no_harm(void **state)
{
    uint64_t random = test_seed();
    unsigned refused = 0;

    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        struct world a, b;
        struct state_buffer s;

        set_up(&a, 0);
        set_up(&b, 0);
        run(&a, &random, 200);
        s = trip_save(kept, &a);
        trip_spoil(&s, &random);
        if (trip_load(kept, &b, s.bytes, s.size))
            run(&b, &random, 200);
        else
            refused++;
        translations_drop_all(&b.t);
        state_buffer_free(&s);
        free(a.pool);
        free(b.pool);
    }
    assert_true(refused > 0 && refused < 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_loaded_is_kept_and_forgotten_alike),
        cmocka_unit_test(empty_tables_are_state),
        cmocka_unit_test(fragments_of_a_superpage_are_remembered),
        cmocka_unit_test(what_is_damaged_does_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
