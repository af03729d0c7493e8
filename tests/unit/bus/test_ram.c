/* RAM: what is in it, what is noted of its pages, and looked-up RAM. */
#include "bus/ram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#define BASE  UINT64_C(0x80000000)
#define PAGES 4u

static int set_up(void **state)
{
    static struct ram r;

    assert_int_equal(ram_init(&r, BASE, PAGES * RAM_PAGE), STATUS_OK);
    *state = &r;
    return 0;
}

static int tear_down(void **state)
{
    ram_free(*state);
    return 0;
}

static void a_size_or_base_that_is_not_whole_pages_is_refused(void **state)
{
    struct ram r;

    (void)state;
    assert_int_equal(ram_init(&r, BASE, 0), STATUS_BAD_ARGUMENT);
    assert_int_equal(ram_init(&r, BASE, 100), STATUS_BAD_ARGUMENT);
    assert_int_equal(ram_init(&r, BASE + 8, RAM_PAGE), STATUS_BAD_ARGUMENT);
    assert_int_equal(ram_init(&r, BASE, -UINT64_C(4096)), STATUS_BAD_ARGUMENT);
}

static void fresh_ram_is_zero_and_clean(void **state)
{
    struct ram *r = *state;
    uint8_t *p = ram_pointer(r, BASE, PAGES * RAM_PAGE, false);

    assert_non_null(p);
    for (unsigned i = 0; i < PAGES * RAM_PAGE; i++)
        assert_int_equal(p[i], 0);
    for (unsigned i = 0; i < PAGES; i++)
        assert_int_equal(r->flags[i], 0);
}

static void no_pointer_reaches_outside(void **state)
{
    struct ram *r = *state;
    uint64_t end = BASE + PAGES * RAM_PAGE;

    assert_null(ram_pointer(r, BASE - 1, 2, false));
    assert_null(ram_pointer(r, end - 1, 2, false));
    assert_null(ram_pointer(r, end, 1, false));
    assert_null(ram_pointer(r, BASE, UINT64_MAX, false));
    assert_null(ram_pointer(r, UINT64_MAX, 2, false));
    assert_non_null(ram_pointer(r, end - 1, 1, false));
}

static void writing_marks_exactly_the_pages_that_are_touched(void **state)
{
    struct ram *r = *state;
    uint16_t v = 0x1234;

    assert_true(ram_write(r, BASE + 2 * RAM_PAGE - 1, &v, 2));
    assert_int_equal(r->flags[0], 0);
    assert_int_equal(r->flags[1], RAM_DIRTY);
    assert_int_equal(r->flags[2], RAM_DIRTY);
    assert_int_equal(r->flags[3], 0);
    assert_true(ram_read(r, BASE, &v, 2));
    assert_int_equal(r->flags[0], 0);
}

static uint64_t written_page;
static unsigned times_written;

static void code_written(void *context, uint64_t page_pa)
{
    struct ram *r = context;

    written_page = page_pa;
    times_written++;
    r->flags[(page_pa - r->base) / RAM_PAGE] &= ~RAM_CODE;
}

static void decoded_code_is_dropped_before_its_page_is_written(void **state)
{
    struct ram *r = *state;
    uint8_t v = 1;

    times_written = 0;
    r->code_written = code_written;
    r->code_context = r;
    r->flags[2] = RAM_CODE;
    assert_non_null(ram_pointer(r, BASE + 2 * RAM_PAGE, 8, false));
    assert_true(ram_write(r, BASE + RAM_PAGE, &v, 1));
    assert_int_equal(times_written, 0);
    assert_true(ram_write(r, BASE + 2 * RAM_PAGE + 5, &v, 1));
    assert_true(ram_write(r, BASE + 2 * RAM_PAGE + 5, &v, 1));
    assert_int_equal(times_written, 1);
    assert_int_equal(written_page, BASE + 2 * RAM_PAGE);
    assert_int_equal(r->flags[2], RAM_DIRTY);
}

/* A lookup RAM of three pages: the first two swapped in memory, no third. */
struct scattered {
    uint8_t bytes[2 * RAM_PAGE];
    unsigned writes;
};

static uint8_t *find(void *context, uint64_t pa, uint64_t len, bool write)
{
    struct scattered *s = context;
    uint64_t page = (pa - BASE) / RAM_PAGE;

    assert_true(pa % RAM_PAGE + len <= RAM_PAGE);
    s->writes += write;
    if (page > 1)
        return NULL;
    return s->bytes + (1 - page) * RAM_PAGE + pa % RAM_PAGE;
}

static void looked_up_ram_is_copied_page_by_page(void **state)
{
    static struct scattered s;
    struct ram r;
    char buf[8];

    (void)state;
    ram_init_lookup(&r, BASE, 3 * RAM_PAGE, find, &s);
    assert_true(ram_write(&r, BASE + RAM_PAGE - 3, "abcdef", 6));
    assert_memory_equal(s.bytes + 2 * RAM_PAGE - 3, "abc", 3);
    assert_memory_equal(s.bytes, "def", 3);
    assert_true(ram_read(&r, BASE + RAM_PAGE - 3, buf, 6));
    assert_memory_equal(buf, "abcdef", 6);
    assert_null(ram_pointer(&r, BASE + RAM_PAGE - 3, 6, false));
    assert_non_null(ram_pointer(&r, BASE + RAM_PAGE - 3, 3, false));
}

static void a_copy_that_does_not_fit_copies_nothing(void **state)
{
    static struct scattered s;
    struct ram r;

    (void)state;
    ram_init_lookup(&r, BASE, 3 * RAM_PAGE, find, &s);
    assert_false(ram_write(&r, BASE + 2 * RAM_PAGE - 2, "abcd", 4));
    assert_int_equal(s.bytes[RAM_PAGE - 2], 0);
    assert_false(ram_write(*state, BASE + PAGES * RAM_PAGE - 2, "abcd", 4));
    assert_int_equal(
        *ram_pointer(*state, BASE + PAGES * RAM_PAGE - 2, 1, false), 0);
}

static void discarded_pages_are_zero_and_marked(void **state)
{
    struct ram *r = *state;
    unsigned char resident[PAGES];

    memset(ram_pointer(r, BASE, PAGES * RAM_PAGE, true), 7, PAGES * RAM_PAGE);
    r->code_written = code_written;
    r->code_context = r;
    times_written = 0;
    for (unsigned i = 0; i < PAGES; i++)
        r->flags[i] = RAM_CODE;
    assert_true(ram_discard(r, BASE + RAM_PAGE, 2 * RAM_PAGE));
    assert_int_equal(times_written, 2);
    /* The host has nothing of them, until they are looked at. */
    assert_int_equal(mincore(r->bytes, PAGES * RAM_PAGE, resident), 0);
    for (unsigned i = 0; i < PAGES; i++) {
        bool gone = i == 1 || i == 2;
        uint64_t pa = BASE + i * RAM_PAGE;

        assert_int_equal(resident[i] & 1, !gone);
        assert_int_equal(r->flags[i], gone ? RAM_DIRTY : RAM_CODE);
        assert_int_equal(*ram_pointer(r, pa, 1, false), gone ? 0 : 7);
        assert_int_equal(*ram_pointer(r, pa + RAM_PAGE - 1, 1, false),
                         gone ? 0 : 7);
    }
}

static void what_is_no_page_of_ram_is_not_discarded(void **state)
{
    struct ram *r = *state;

    *ram_pointer(r, BASE, 1, true) = 7;
    assert_false(ram_discard(r, BASE - RAM_PAGE, RAM_PAGE));
    assert_false(ram_discard(r, BASE, (PAGES + 1) * RAM_PAGE));
    assert_false(ram_discard(r, BASE + 8, RAM_PAGE));
    assert_false(ram_discard(r, BASE, 8));
    assert_false(ram_discard(r, BASE, UINT64_MAX - RAM_PAGE + 1));
    assert_int_equal(*ram_pointer(r, BASE, 1, false), 7);
}

static uint64_t discarded;

static bool discard(void *context, uint64_t pa)
{
    (void)context;
    discarded = pa;
    return pa != BASE;
}

static void looked_up_pages_are_discarded_by_their_owner_or_zeroed(void **state)
{
    static struct scattered s;
    struct ram r;

    (void)state;
    ram_init_lookup(&r, BASE, 3 * RAM_PAGE, find, &s);
    memset(s.bytes, 7, sizeof s.bytes);
    /* Of these two, the second is not there. */
    assert_true(ram_discard(&r, BASE + RAM_PAGE, 2 * RAM_PAGE));
    assert_int_equal(s.bytes[0] | s.bytes[RAM_PAGE - 1], 0);
    assert_int_equal(s.bytes[RAM_PAGE], 7);
    s.writes = 0;
    assert_true(ram_discard(&r, BASE + RAM_PAGE, RAM_PAGE)); /* already zero */
    assert_int_equal(s.writes, 0);
    r.discard = discard;
    memset(s.bytes, 7, sizeof s.bytes);
    assert_true(ram_discard(&r, BASE, 2 * RAM_PAGE));
    assert_int_equal(discarded, BASE + RAM_PAGE);
    assert_int_equal(s.bytes[0], 7); /* its owner has seen to it */
    assert_int_equal(s.bytes[RAM_PAGE], 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_size_or_base_that_is_not_whole_pages_is_refused),
        TEST(fresh_ram_is_zero_and_clean),
        TEST(no_pointer_reaches_outside),
        TEST(writing_marks_exactly_the_pages_that_are_touched),
        TEST(decoded_code_is_dropped_before_its_page_is_written),
        TEST(looked_up_ram_is_copied_page_by_page),
        TEST(a_copy_that_does_not_fit_copies_nothing),
        TEST(discarded_pages_are_zero_and_marked),
        TEST(what_is_no_page_of_ram_is_not_discarded),
        TEST(looked_up_pages_are_discarded_by_their_owner_or_zeroed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
