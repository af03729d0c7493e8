/* Which symbols hold where: levels of machines, and address spaces. */
#include "debug/symbol_sets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "firmware.h"
#include "isa/csr_fields.h"

#define TINY POGO_SOURCE_DIR "/tests/fuzz/corpus/symbols/dwarf-5"
#define LIST POGO_SOURCE_DIR "/tests/fuzz/corpus/symbols/system-map"
#define SUM  UINT64_C(0x80000000) /* of TINY */

static struct symbol_sets sets;
static struct error error;

static int begin(void **state)
{
    (void)state;
    sets = (struct symbol_sets){ 0 };
    return 0;
}

static int end(void **state)
{
    (void)state;
    symbol_sets_free(&sets);
    return 0;
}

static void add(struct symbol_scope scope, uint64_t offset)
{
    assert_int_equal(symbol_sets_add_file(&sets, scope, TINY, offset, &error),
                     STATUS_OK);
}

/* The address, in this set, of what is found at a place; 0: nothing. */
static uint64_t found(unsigned level, uint64_t satp, uint64_t va)
{
    const struct symbol *s =
        symbol_sets_at(&sets, (struct symbol_place){ level, satp, va });

    return s ? s->address : 0;
}

static void a_level_has_its_own_and_those_above(void **state)
{
    (void)state;
    add((struct symbol_scope){ .level = 2 }, 0);
    add((struct symbol_scope){ .level = 1 }, 0x1000);
    assert_int_equal(found(2, 0, SUM + 4), SUM);
    assert_int_equal(found(2, 0, SUM + 0x1004), SUM + 0x50); /* _end */
    assert_int_equal(found(1, 0, SUM + 0x1004), SUM + 0x1000);
    assert_int_equal(found(0, 0, SUM + 0x1004), SUM + 0x1000);
    assert_int_equal(found(0, 0, SUM + 4), SUM);
    assert_int_equal(found(3, 0, SUM + 4), 0);
}

static void a_program_has_its_address_space(void **state)
{
    const uint64_t root = 0x80000;
    const struct symbol_scope program = { 1, root, SATP_PPN };
    uint64_t satp =
        field_set(field_set(root, SATP_MODE, SATP_SV39), SATP_ASID, 7);

    (void)state;
    add((struct symbol_scope){ .level = 1 }, 0);
    add(program, 8);
    assert_int_equal(found(1, 0, SUM + 16), SUM);
    assert_int_equal(found(1, satp, SUM + 16), SUM + 8);
    assert_int_equal(found(1, satp + 1, SUM + 16), SUM);
    assert_int_equal(found(1, satp, SUM + 4), SUM); /* only the kernel has it */
    symbol_sets_drop(&sets, program);
    assert_int_equal(found(1, satp, SUM + 16), SUM);
}

static void a_space_may_be_known_by_its_asid(void **state)
{
    uint64_t satp = field_set(0, SATP_ASID, 7);

    (void)state;
    add((struct symbol_scope){ 1, satp, SATP_ASID }, 0);
    assert_int_equal(found(1, satp | 0x1234, SUM + 4), SUM);
    assert_int_equal(found(1, field_set(satp, SATP_ASID, 8), SUM + 4), 0);
}

static void names_and_bounds_are_those_of_the_place(void **state)
{
    const struct symbol_place at1 = { 1, 0, SUM + 0x1004 };
    const struct symbol_place at2 = { 2, 0, SUM + 4 };
    uint64_t address, first, last;
    char text[32];

    (void)state;
    add((struct symbol_scope){ .level = 2 }, 0);
    add((struct symbol_scope){ .level = 1 }, 0x1000);
    assert_true(symbol_sets_address(&sets, at1, "sum", &address));
    assert_int_equal(address, SUM + 0x1000);
    assert_true(symbol_sets_address(&sets, at2, "sum", &address));
    assert_int_equal(address, SUM);
    assert_false(symbol_sets_address(&sets, at2, "no such", &address));
    assert_true(symbol_sets_bounds(&sets, at1, &first, &last));
    assert_int_equal(first, SUM + 0x1000);
    assert_int_equal(last, SUM + 0x1022);
    symbol_sets_format(&sets, at1, text, sizeof text);
    assert_string_equal(text, "sum+0x4");
    symbol_sets_format(&sets, (struct symbol_place){ 1, 0, 16 }, text,
                       sizeof text);
    assert_string_equal(text, "0x10");
}

static void lines_are_read_when_they_are_asked_for(void **state)
{
    const struct symbol_place place = { 0, 0, SUM + 0x22 };
    struct source_line at;
    unsigned line = 14;
    uint64_t address;

    (void)state;
    assert_int_equal(symbol_sets_add_file(&sets, (struct symbol_scope){ 0 },
                                          LIST, 0, &error),
                     STATUS_OK);
    add((struct symbol_scope){ .level = 0 }, 0);
    assert_true(symbol_sets_line(&sets, place, &at));
    assert_int_equal(at.line, 14);
    assert_int_equal(
        symbol_sets_line_addresses(&sets, place, "tiny.c", &line, &address, 1),
        1);
    assert_int_equal(address, SUM + 0x22);
}

static void an_image_of_the_guest_needs_no_file(void **state)
{
    const struct image i = image_of("kernel", guest_kernel, guest_kernel_size);
    uint64_t address;

    (void)state;
    assert_int_equal(symbol_sets_add(&sets, (struct symbol_scope){ 0 }, &i, 0),
                     STATUS_OK);
    assert_true(symbol_sets_address(&sets, (struct symbol_place){ 0 }, "main",
                                    &address));
    assert_string_equal(
        symbol_sets_at(&sets, (struct symbol_place){ 0, 0, address })->name,
        "main");
}

static void files_that_cannot_be_read_are_said(void **state)
{
    static const char *const bad[] = { "/no/such", "/dev/null",
                                       POGO_SOURCE_DIR "/README.md" };

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        error.text[0] = '\0';
        assert_int_not_equal(symbol_sets_add_file(&sets,
                                                  (struct symbol_scope){ 0 },
                                                  bad[k], 0, &error),
                             STATUS_OK);
        assert_non_null(strstr(error.text, strrchr(bad[k], '/')));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_level_has_its_own_and_those_above),
        TEST(a_program_has_its_address_space),
        TEST(a_space_may_be_known_by_its_asid),
        TEST(names_and_bounds_are_those_of_the_place),
        TEST(lines_are_read_when_they_are_asked_for),
        TEST(an_image_of_the_guest_needs_no_file),
        TEST(files_that_cannot_be_read_are_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
