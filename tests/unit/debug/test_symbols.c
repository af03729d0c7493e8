/* Names for addresses, from an ELF file that has some. */
#include "debug/symbols_table.h"

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
    assert_int_equal(symbols_add(&symbols, &i, 0), STATUS_OK);
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
        assert_true(symbols.symbol[k - 1].address <= symbols.symbol[k].address);
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
    assert_int_equal(symbols_add(&symbols, &raw, 0), STATUS_OK);
    assert_int_equal(symbols_add(&symbols, &cut, 0), STATUS_OK);
    assert_int_equal(symbols.count, before);
}

static enum status add_list(struct symbols *s, const char *text, unsigned *line)
{
    struct image i = image_of("list", text, strlen(text));

    return symbols_add_list(s, &i, 0, line);
}

static void a_list_names_addresses(void **state)
{
    struct symbols s = { 0 };
    uint64_t address, offset;
    unsigned line;

    (void)state;
    assert_int_equal(add_list(&s,
                              "ffffffff80001000 T second\n"
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
        "80000000 T a\n80000004\n",
        "80000000 T a\nhello, world\n",
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

static const char nested[] = "0000000000001000 T outer\n"
                             "0000000000001800 t inner\n"
                             "0000000000002000 T next\n";

static void a_function_of_a_list_ends_where_the_next_begins(void **state)
{
    struct symbols s = { 0 };
    uint64_t first, end;
    unsigned line;

    (void)state;
    assert_int_equal(add_list(&s, nested, &line), STATUS_OK);
    assert_true(symbols_bounds(&s, 0x1008, &first, &end));
    assert_int_equal(first, 0x1000);
    assert_int_equal(end, 0x1800);
    assert_true(symbols_bounds(&s, 0x2000 + SYMBOL_REACH - 1, &first, &end));
    assert_int_equal(end, 0x2000 + SYMBOL_REACH);
    assert_false(symbols_bounds(&s, 0x2000 + SYMBOL_REACH, &first, &end));
    assert_false(symbols_bounds(&s, 0xfff, &first, &end));
    symbols_free(&s);
}

static void sum_in(const char *file, uint64_t offset, struct symbols *s)
{
    struct image i;
    struct error e;

    assert_int_equal(image_read(&i, file, false, 1 << 20, &e), STATUS_OK);
    assert_int_equal(symbols_add_file(s, &i, offset, &e), STATUS_OK);
    image_free(&i);
}

/* sum() begins at 0x80000000 and has 34 bytes, _start() comes behind it. */
#define TINY POGO_SOURCE_DIR "/tests/fuzz/corpus/symbols/dwarf-5"

static void an_elf_function_ends_as_its_size_says(void **state)
{
    struct symbols s = { 0 };
    uint64_t first, end;

    (void)state;
    sum_in(TINY, 0, &s);
    assert_true(symbols_bounds(&s, 0x80000010, &first, &end));
    assert_int_equal(first, 0x80000000);
    assert_int_equal(end, 0x80000022);
    symbols_free(&s);
}

static void an_offset_moves_all_of_a_file(void **state)
{
    struct symbols s = { 0 };
    uint64_t address;
    char text[64];

    (void)state;
    sum_in(TINY, -UINT64_C(0x80000000), &s);
    assert_true(symbols_address(&s, "sum", &address));
    assert_int_equal(address, 0);
    symbols_format(&s, 0x24, text, sizeof text);
    assert_string_equal(text, "_start+0x2");
    symbols_free(&s);
}

/* A label inside a function is the better name, until the next function. */
static void a_function_goes_on_behind_what_lies_in_it(void **state)
{
    struct symbol all[] = {
        { .address = 0x1000, .size = 0x100, .kind = SYMBOL_FUNCTION },
        { .address = 0x1010, .size = 4, .kind = SYMBOL_OBJECT },
        { .address = 0x1080, .size = 0, .kind = SYMBOL_LABEL },
    };
    static const char *const names[] = { "function", "table", "label" };
    struct symbols s = { 0 };
    uint64_t first, end;

    (void)state;
    for (unsigned k = 0; k < 3; k++)
        symbols_append(&s, all[k], names[k], strlen(names[k]));
    assert_int_equal(symbols_sort(&s), STATUS_OK);
    assert_string_equal(symbols_at(&s, 0x1004)->name, "function");
    assert_string_equal(symbols_at(&s, 0x1012)->name, "table");
    assert_string_equal(symbols_at(&s, 0x1014)->name, "function");
    assert_string_equal(symbols_at(&s, 0x1084)->name, "label");
    assert_true(symbols_bounds(&s, 0x1084, &first, &end));
    assert_int_equal(first, 0x1000);
    assert_int_equal(end, 0x1100);
    symbols_free(&s);
}

static void a_global_name_is_preferred(void **state)
{
    struct symbols s = { 0 };
    uint64_t address;
    unsigned line;

    (void)state;
    assert_int_equal(add_list(&s,
                              "1000 t twice\n2000 T twice\n"
                              "3000 t alias\n3000 T name\n"
                              "3000 d zeta\n",
                              &line),
                     STATUS_OK);
    assert_true(symbols_address(&s, "twice", &address));
    assert_int_equal(address, 0x2000);
    assert_string_equal(symbols_at(&s, 0x3000)->name, "name");
    symbols_free(&s);
}

static void a_name_that_is_too_long_is_cut(void **state)
{
    struct symbols s = { 0 };
    char text[2 * SYMBOL_NAME_MAX];
    unsigned line;

    (void)state;
    memset(text, 'x', sizeof text);
    memcpy(text, "1000 T ", 7);
    text[sizeof text - 1] = '\0';
    assert_int_equal(add_list(&s, text, &line), STATUS_OK);
    assert_int_equal(strlen(s.symbol[0].name), SYMBOL_NAME_MAX);
    symbols_free(&s);
}

static void a_file_is_refused_in_a_sentence(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        const char *part;
    } bad[] = {
        { "hello\n", 6, "line 1" },
        { "\n\n", 2, "has no symbols" },
        { "\177ELF and more", 13, "has no symbols" },
        { "1000 T a\n1000 T \0\n", 19, "line 2" },
        { "10000000000000000 T a\n", 22, "line 1" },
    };

    (void)state;
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        struct image i = image_of("input", bad[k].bytes, bad[k].size);
        struct symbols s = { 0 };
        struct error e = { "" };

        assert_int_equal(symbols_add_file(&s, &i, 0, &e), STATUS_BAD_FORMAT);
        assert_non_null(strstr(e.text, bad[k].part));
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
        cmocka_unit_test(a_function_of_a_list_ends_where_the_next_begins),
        cmocka_unit_test(an_elf_function_ends_as_its_size_says),
        cmocka_unit_test(an_offset_moves_all_of_a_file),
        cmocka_unit_test(a_function_goes_on_behind_what_lies_in_it),
        cmocka_unit_test(a_global_name_is_preferred),
        cmocka_unit_test(a_name_that_is_too_long_is_cut),
        cmocka_unit_test(a_file_is_refused_in_a_sentence),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
