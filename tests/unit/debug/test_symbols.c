/* Names for addresses, from an ELF file that has some. */
#include "debug/symbols.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "firmware.h"

static struct symbols symbols;

static int set_up(void **state)
{
    struct image i = image_of("kernel", guest_kernel, guest_kernel_size);

    (void)state;
    assert_int_equal(symbols_add(&symbols, &i), STATUS_OK);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    symbols_free(&symbols);
    return 0;
}

static void are_in_ascending_order(void **state)
{
    (void)state;
    assert_true(symbols.count > 10);
    for (size_t k = 1; k < symbols.count; k++)
        assert_true(symbols.symbol[k - 1].address <=
                    symbols.symbol[k].address);
}

static void a_name_leads_to_its_address_and_back(void **state)
{
    uint64_t address, offset;

    (void)state;
    assert_true(symbols_address(&symbols, "_start", &address));
    assert_non_null(symbols_find(&symbols, address, &offset));
    assert_int_equal(offset, 0);
    assert_false(symbols_address(&symbols, "no such name", &address));
}

static void an_address_inside_a_function_has_an_offset(void **state)
{
    const struct symbol *s = NULL;
    char text[64], want[64];

    (void)state;
    for (size_t k = 0; k < symbols.count && !s; k++)
        if (symbols.symbol[k].size > 8)
            s = &symbols.symbol[k];
    assert_non_null(s);
    symbols_format(&symbols, s->address + 4, text, sizeof text);
    snprintf(want, sizeof want, "%s+0x4", s->name);
    assert_string_equal(text, want);
}

static void an_address_far_from_all_has_no_name(void **state)
{
    char text[64];
    uint64_t offset;

    (void)state;
    assert_null(symbols_find(&symbols, 0, &offset));
    assert_null(symbols_find(&symbols, UINT64_MAX, &offset));
    symbols_format(&symbols, 0x1234, text, sizeof text);
    assert_string_equal(text, "0x1234");
}

static void text_is_cut_to_the_buffer(void **state)
{
    char text[8];

    (void)state;
    assert_int_equal(symbols_format(&symbols, UINT64_MAX, text, sizeof text),
                     7);
    assert_string_equal(text, "0xfffff");
}

static void a_file_without_symbols_adds_nothing(void **state)
{
    struct image raw = image_of("raw", "no ELF", 6);
    struct image cut = image_of("cut", guest_kernel, 100);
    size_t before = symbols.count;

    (void)state;
    assert_int_equal(symbols_add(&symbols, &raw), STATUS_OK);
    assert_int_equal(symbols_add(&symbols, &cut), STATUS_OK);
    assert_int_equal(symbols.count, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_in_ascending_order),
        cmocka_unit_test(a_name_leads_to_its_address_and_back),
        cmocka_unit_test(an_address_inside_a_function_has_an_offset),
        cmocka_unit_test(an_address_far_from_all_has_no_name),
        cmocka_unit_test(text_is_cut_to_the_buffer),
        cmocka_unit_test(a_file_without_symbols_adds_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
