/* Instructions as text, by Capstone and by our own table. */
#include "debug/disassemble.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct isa isa;
static struct disassembler d;

static int set_up(void **state)
{
    (void)state;
    isa = isa_default();
    disassembler_init(&d, &isa);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    disassembler_free(&d);
    return 0;
}

static void says(uint32_t raw, const char *want)
{
    char text[80];
    size_t n = disassemble(&d, raw, 0x80000000, text, sizeof text);

    assert_int_equal(n, strlen(text));
    if (strncmp(text, want, strlen(want)) != 0)
        fail_msg("\"%s\" does not begin with \"%s\"", text, want);
}

static void what_a_guest_traps_on_has_its_name(void **state)
{
    (void)state;
    says(0x00000073, "ecall");
    says(0x10500073, "wfi");
    says(0x30200073, "mret");
    says(0x12000073, "sfence.vma");
    says(0x10200073, "sret");
}

/* Neither in Capstone 5: the own table knows them. */
static void what_capstone_does_not_know_our_table_does(void **state)
{
    (void)state;
    says(0x0042a00f, "cbo.zero");
    says(0x0e855533, "czero.eqz");
    says(0x00d00073, "wrs.nto");
}

static void a_compressed_instruction_uses_its_low_half_only(void **state)
{
    char one[80], other[80];

    (void)state;
    disassemble(&d, 0x00000505, 0, one, sizeof one);
    disassemble(&d, 0xffff0505, 0, other, sizeof other);
    assert_string_equal(one, other);
    assert_non_null(strstr(one, "a0"));
}

static void what_the_machine_does_not_have_is_illegal(void **state)
{
    struct isa small = isa;

    (void)state;
    says(0x0000ffff, "illegal");
    small.ext &= ~BIT(EXT_M);
    d.isa = &small;
    says(0x02b50533, "illegal"); /* mul */
    d.isa = &isa;
    says(0x02b50533, "mul");
}

static void every_word_gives_text_that_fits(void **state)
{
    uint32_t raw = 1;
    char text[80];

    (void)state;
    for (unsigned k = 0; k < 100000; k++) {
        raw = raw * 1664525 + 1013904223;
        assert_true(disassemble(&d, raw, raw, text, sizeof text) > 0);
        assert_non_null(memchr(text, 0, sizeof text));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_guest_traps_on_has_its_name),
        cmocka_unit_test(what_capstone_does_not_know_our_table_does),
        cmocka_unit_test(a_compressed_instruction_uses_its_low_half_only),
        cmocka_unit_test(what_the_machine_does_not_have_is_illegal),
        cmocka_unit_test(every_word_gives_text_that_fits),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
