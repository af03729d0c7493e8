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

static enum status add_list(struct symbols *s, const char *text,
                            unsigned *line)
{
    struct image i = image_of("list", text, strlen(text));

    return symbols_add_list(s, &i, line);
}

static void a_list_names_addresses(void **state)
{
    struct symbols s = { 0 };
    uint64_t address, offset;
    unsigned line;

    (void)state;
    assert_int_equal(add_list(&s, "ffffffff80001000 T second\n"
                                  "ffffffff80000000 t _start\r\n"
                                  "\n"
                                  "0000000000000007 A not_an_address\n"
                                  "                 U elsewhere\n"
                                  "ffffffff80000002 t $x\n"
                                  "ffffffff80000800 T loaded\t[module]",
                              &line),
                     STATUS_OK);
    assert_int_equal(s.count, 3);
    assert_string_equal(symbols_find(&s, 0xffffffff80000004, &offset),
                        "_start");
    assert_int_equal(offset, 4);
    assert_true(symbols_address(&s, "second", &address));
    assert_int_equal(address, 0xffffffff80001000);
    assert_true(symbols_address(&s, "loaded", &address));
    symbols_free(&s);
}

static void a_line_that_is_no_symbol_is_said(void **state)
{
    static const char *const bad[] = {
        "80000000 T a\n80000004\n", "80000000 T a\nhello, world\n",
        "80000000 T a\n80000004 T b c\x01\n80000008 xy d\n",
    };
    static const unsigned where[] = { 2, 2, 3 };

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct symbols s = { 0 };
        unsigned line = 0;

        assert_int_equal(add_list(&s, bad[k], &line), STATUS_BAD_FORMAT);
        assert_int_equal(line, where[k]);
        symbols_free(&s);
    }
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
        cmocka_unit_test(a_list_names_addresses),
        cmocka_unit_test(a_line_that_is_no_symbol_is_said),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
