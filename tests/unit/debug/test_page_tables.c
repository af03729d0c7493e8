/*
 * The guest's table, the p2m and the shadow beside one another: what is stale,
 * what is folded, and that no table can keep the reader busy for ever.
 */
#include "debug/page_tables.h"
#include "vmm/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define MAX_ROWS 2000

struct table {
    struct page_tables t;
    struct page_tables_row row[MAX_ROWS];
    size_t rows, all; /* kept; there were */
    bool complete;
};
static struct table table;

static void keep(void *context, const struct page_tables_row *r)
{
    struct table *x = context;

    if (x->all++ < MAX_ROWS)
        x->row[x->rows++] = *r;
}

static void look(struct world *w, bool bare, bool fold)
{
    memset(&table, 0, sizeof table);
    page_tables_open(&table.t, w->vm[w->depth - 1], 0, bare);
    table.complete = page_tables_read(&table.t, fold, keep, &table);
}

/* The row in which va's leaf is. */
static const struct page_tables_row *row_of(uint64_t va)
{
    for (size_t k = 0; k < table.rows; k++)
        if (table.row[k].kind != ROW_POINTER && va >= table.row[k].va &&
            va - table.row[k].va < table.row[k].size)
            return &table.row[k];
    return NULL;
}

/* The shadow of the space that the hart is in. */
static struct page_tables_shadow shadow_at(uint64_t va)
{
    const struct page_tables_row *r = row_of(va);

    for (unsigned k = 0; r && k < table.t.spaces; k++)
        if (table.t.space[k].current)
            return r->shadow[k];
    return (struct page_tables_shadow){ 0 };
}

/* Pages 1 and 2 of the window are read; page 3 is mapped only. */
static void make(struct world *w, unsigned depth)
{
    world_make(w, depth, 1);
    world_paging(w);
    for (unsigned k = 1; k <= 3; k++)
        world_map(w, k, DATA + 0x1000 * k, ALL_OF_S);
    world_set_reg(w, S0, PAGE_OF_WINDOW(1));
    world_set_reg(w, S1, PAGE_OF_WINDOW(2));
    TRY(w, PRIV_S, ld(A0, S0, 0), ld(A0, S1, 0), HERE);
}

static void the_three_agree_on_what_was_used(void **state)
{
    struct world w;
    uint64_t hpa;
    bool writable;

    (void)state;
    for (unsigned depth = 1; depth <= 2; depth++) {
        make(&w, depth);
        look(&w, false, false);
        assert_true(table.complete);
        assert_int_equal(table.t.levels, 3);
        assert_true(table.t.root == ROOT);
        assert_true(p2m_lookup(&table.t.vm->monitor.p2m, DATA + 0x1000, &hpa,
                               &writable));
        assert_true(row_of(PAGE_OF_WINDOW(1))->pa == DATA + 0x1000);
        assert_true(row_of(PAGE_OF_WINDOW(1))->hpa == hpa);
        assert_true(shadow_at(PAGE_OF_WINDOW(1)).hpa == hpa);
        assert_int_equal(shadow_at(PAGE_OF_WINDOW(1)).stale, 0);
        assert_int_equal(shadow_at(PAGE_OF_WINDOW(3)).leaves, 0);
        world_free(&w);
    }
}

static void a_changed_pte_is_stale_until_the_fence(void **state)
{
    struct world w;

    (void)state;
    make(&w, 1);
    world_map(&w, 1, DATA + 0x5000, ALL_OF_S);
    look(&w, false, false);
    assert_int_equal(shadow_at(PAGE_OF_WINDOW(1)).stale, 1);
    assert_true(shadow_at(PAGE_OF_WINDOW(1)).hpa !=
                row_of(PAGE_OF_WINDOW(1))->hpa);
    assert_int_equal(shadow_at(PAGE_OF_WINDOW(2)).stale, 0);
    TRY(&w, PRIV_S, sfence(S0, 0), HERE);
    look(&w, false, false);
    assert_int_equal(shadow_at(PAGE_OF_WINDOW(1)).leaves, 0);
    world_free(&w);
}

static void fewer_rights_are_stale_and_more_are_not(void **state)
{
    struct world w;

    (void)state;
    make(&w, 1);
    world_map(&w, 1, DATA + 0x1000, PTE_X | PTE_A);
    look(&w, false, false);
    assert_int_equal(shadow_at(PAGE_OF_WINDOW(1)).stale, 1);
    world_map(&w, 1, DATA + 0x1000, ALL_OF_S & ~(uint64_t)PTE_A);
    look(&w, false, false);
    assert_int_equal(shadow_at(PAGE_OF_WINDOW(1)).stale, 1);
    world_map(&w, 1, DATA + 0x1000, ALL_OF_S | PTE_G);
    look(&w, false, false);
    assert_int_equal(shadow_at(PAGE_OF_WINDOW(1)).stale, 0);
    world_free(&w);
}

static void a_leaf_outlives_its_pte(void **state)
{
    struct world w;
    char line[PAGE_TABLES_LINE];

    (void)state;
    make(&w, 1);
    world_store(&w, L0 + 8, 0);
    look(&w, false, true);
    assert_int_equal(row_of(PAGE_OF_WINDOW(1))->kind, ROW_INVALID);
    assert_int_equal(shadow_at(PAGE_OF_WINDOW(1)).stale, 1);
    page_tables_format(&table.t, row_of(PAGE_OF_WINDOW(1)), line, sizeof line);
    assert_non_null(strstr(line, " .. .. ..1: pte 0x0000000000000000"));
    assert_non_null(strstr(line, "invalid"));
    assert_non_null(strstr(line, "stale"));
    assert_null(row_of(PAGE_OF_WINDOW(4)));
    world_free(&w);
}

static void a_superpage_says_how_much_of_it_is_filled(void **state)
{
    const struct page_tables_row *r;
    struct world w;
    char line[PAGE_TABLES_LINE];

    (void)state;
    make(&w, 1);
    look(&w, false, true);
    r = row_of(CODE);
    assert_int_equal(r->size, 1 << 30);
    assert_int_equal(r->backed, WORLD_RAM / PAGE_SIZE);
    assert_int_equal(shadow_at(CODE).leaves, 1);
    page_tables_format(&table.t, r, line, sizeof line);
    assert_memory_equal(line,
                        " ..2: pte 0x00000000200000cf pa "
                        "0x0000000080000000",
                        48);
    assert_non_null(strstr(line, "RWX--AD"));
    assert_non_null(strstr(line, "(4096 of 262144 pages)"));
    assert_non_null(strstr(line, "S 1 of 262144"));
    world_free(&w);
}

static void like_leaves_are_folded(void **state)
{
    struct world w;
    char line[PAGE_TABLES_LINE];

    (void)state;
    make(&w, 1);
    for (unsigned k = 8; k < 16; k++)
        world_map(&w, k, DATA + 0x1000 * k, k < 12 ? ALL_OF_S : ALL_OF_U);
    look(&w, false, true);
    assert_int_equal(row_of(PAGE_OF_WINDOW(8))->last, 11);
    assert_int_equal(row_of(PAGE_OF_WINDOW(12))->first, 12);
    assert_int_equal(row_of(PAGE_OF_WINDOW(12))->last, 15);
    /* 1 and 2 are filled, 3 is not. */
    assert_int_equal(row_of(PAGE_OF_WINDOW(1))->last, 2);
    assert_int_equal(row_of(PAGE_OF_WINDOW(1))->shadow[0].leaves, 2);
    page_tables_format(&table.t, row_of(PAGE_OF_WINDOW(8)), line, sizeof line);
    assert_non_null(strstr(line, " .. .. ..8-11: pte "));
    assert_non_null(strstr(line, "RWX--AD x4"));
    look(&w, false, false);
    assert_int_equal(row_of(PAGE_OF_WINDOW(8))->last, 8);
    world_free(&w);
}

static void m_mode_has_the_bare_view(void **state)
{
    struct world w;

    (void)state;
    world_make(&w, 1, 1);
    TRY(&w, PRIV_M, NOP, HERE);
    look(&w, true, true);
    assert_int_equal(table.t.levels, 0);
    assert_int_equal(row_of(CODE)->kind, ROW_BARE);
    assert_int_equal(shadow_at(CODE).leaves, row_of(CODE)->size / PAGE_SIZE);
    assert_int_equal(shadow_at(CODE).stale, 0);
    assert_null(row_of(DATA));
    world_free(&w);
}

static void a_table_that_maps_itself_ends(void **state)
{
    struct world w;

    (void)state;
    world_make(&w, 1, 1);
    world_paging(&w);
    for (unsigned k = 0; k < PTES_PER_PAGE; k++)
        world_store(&w, ROOT + 8 * k, field_set(PTE_V, PTE_PPN, ROOT >> 12));
    world_set_csr(&w, CSR_satp, field_set(ROOT >> 12, SATP_MODE, SATP_SV57));
    look(&w, false, true);
    assert_false(table.complete);
    world_free(&w);
}

static void views_are_named(void **state)
{
    char name[16];

    (void)state;
    page_tables_view((uint8_t)(field_set(VIEW_SUM, VIEW_FETCH, PRIV_S) |
                               field_set(0, VIEW_DATA, PRIV_S)),
                     name, sizeof name);
    assert_string_equal(name, "S+SUM");
    page_tables_view((uint8_t)(field_set(0, VIEW_FETCH, PRIV_M) |
                               field_set(0, VIEW_DATA, VIEW_NO_DATA)),
                     name, sizeof name);
    assert_string_equal(name, "M+MPRV");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_three_agree_on_what_was_used),
        cmocka_unit_test(a_changed_pte_is_stale_until_the_fence),
        cmocka_unit_test(fewer_rights_are_stale_and_more_are_not),
        cmocka_unit_test(a_leaf_outlives_its_pte),
        cmocka_unit_test(a_superpage_says_how_much_of_it_is_filled),
        cmocka_unit_test(like_leaves_are_folded),
        cmocka_unit_test(m_mode_has_the_bare_view),
        cmocka_unit_test(a_table_that_maps_itself_ends),
        cmocka_unit_test(views_are_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
