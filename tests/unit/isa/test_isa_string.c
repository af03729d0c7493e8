/* ISA strings: what is understood, what is refused and where, and misa. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "isa/isa.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static struct isa parsed(const char *text)
{
    struct isa isa = {0};
    size_t at;

    if (isa_parse(text, &isa, &at) != STATUS_OK)
        fail_msg("%s: refused at %zu", text, at);
    return isa;
}

static void the_canonical_string_names_all_there_is(void **state)
{
    struct isa isa = isa_default();
    char text[512];
    size_t length = isa_format(&isa, text, sizeof text);

    (void)state;
    assert_int_equal(length, strlen(text));
    assert_string_equal(text,
                        "rv64imafdc_zicbom_zicbop_zicboz_zicntr_zicond_zicsr_"
                        "zifencei_zihpm_zawrs_zba_zbb_zbs_ssstrict_sstc_svade_"
                        "svadu_svinval_svnapot_svpbmt");
}

static void what_is_formatted_parses_back(void **state)
{
    struct isa all = isa_default();

    (void)state;
    /* remove one extension after the other that none implies */
    for (unsigned e = EXT_ZIFENCEI; e <= EXT_SVPBMT; e++) {
        struct isa isa = {.ext = all.ext & ~BIT(e)};
        char text[512];

        isa_format(&isa, text, sizeof text);
        assert_true(parsed(text).ext == isa.ext);
        assert_null(strstr(text, isa_ext_name(e)));
    }
}

static void g_and_b_are_shorthands(void **state)
{
    (void)state;
    assert_true(parsed("rv64gcb").ext ==
                parsed("rv64imafdc_zicsr_zifencei_zba_zbb_zbs").ext);
    assert_false(isa_has(&(struct isa){.ext = parsed("rv64gc").ext}, EXT_ZBA));
}

static void versions_case_and_repetitions_change_nothing(void **state)
{
    uint64_t plain = parsed("rv64imac_zba_svpbmt").ext;

    (void)state;
    assert_true(parsed("rv64i2p1m2p0a2p1c2p0_zba1p0_svpbmt1p0").ext == plain);
    assert_true(parsed("RV64IMAC_Zba_Svpbmt").ext == plain);
    assert_true(parsed("rv64i_m_a_c_zba_zba_svpbmt").ext == plain);
    assert_true(parsed("rv64imacsu_zba_svpbmt").ext == plain);
    assert_true(parsed("rv64imaczba_svpbmt").ext == plain);
}

static void what_is_implied_is_there(void **state)
{
    struct isa isa = parsed("rv64id");

    (void)state;
    assert_true(isa_has(&isa, EXT_F));
    assert_true(isa_has(&isa, EXT_S));
    assert_true(isa_has(&isa, EXT_U));
    assert_true(isa_has(&isa, EXT_ZICSR));
    assert_true(isa_has(&isa, EXT_SVADE));
    assert_false(isa_has(&isa, EXT_M));
    isa = parsed("rv64i_svadu");
    assert_false(isa_has(&isa, EXT_SVADE));
}

static void the_largest_translation_mode_named_is_the_largest_there_is(
    void **state)
{
    const uint64_t all = BIT(EXT_SV39) | BIT(EXT_SV48) | BIT(EXT_SV57);

    (void)state;
    assert_true((parsed("rv64i").ext & all) == all);
    assert_true((parsed("rv64i_sv57").ext & all) == all);
    assert_true((parsed("rv64i_sv48").ext & all) == (all & ~BIT(EXT_SV57)));
    assert_true((parsed("rv64i_sv39").ext & all) == BIT(EXT_SV39));
}

static void refusals_say_where(void **state)
{
    static const struct {
        const char *text;
        size_t at;
    } bad[] = {
        {"", 0},           {"rv32imac", 2},     {"x86", 0},
        {"rv64", 4},       {"rv64mac", 4},      {"rv64e", 4},
        {"rv64_i", 4},     {"rv64gcv", 6},      {"rv64gc_", 6},
        {"rv64gc__zba", 7}, {"rv64gc_zfoo", 7}, {"rv64gc_zbax", 7},
        {"rv64gc_sstc_zbkb", 12}, {"rv64gc ", 6}, {"rv64i2p", 6},
        {"rv64gc_zba2p", 7}, {"rv64gc_sfoo", 7}, {"rv64gc-zba", 6},
    };

    (void)state;
    for (size_t n = 0; n < COUNT(bad); n++) {
        struct isa isa = {.ext = 42};
        size_t at = 99;

        assert_int_equal(isa_parse(bad[n].text, &isa, &at),
                         STATUS_BAD_ARGUMENT);
        if (at != bad[n].at)
            fail_msg("%s: refused at %zu", bad[n].text, at);
        assert_int_equal(isa.ext, 42);
    }
}

static void misa_has_the_letters(void **state)
{
    struct isa isa = isa_default(), small = parsed("rv64i");

    (void)state;
    /* MXL=2, and A C D F I M S U */
    assert_true(isa_misa(&isa) == UINT64_C(0x800000000014112d));
    assert_true(isa_misa(&small) == UINT64_C(0x8000000000140100));
}

static void a_short_buffer_is_not_overrun(void **state)
{
    struct isa isa = isa_default();
    char text[8] = "#######";

    (void)state;
    assert_int_equal(isa_format(&isa, text, 6), 5);
    assert_string_equal(text, "rv64i");
    assert_int_equal(text[6], '#');
    assert_int_equal(isa_format(&isa, text, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_canonical_string_names_all_there_is),
        cmocka_unit_test(what_is_formatted_parses_back),
        cmocka_unit_test(g_and_b_are_shorthands),
        cmocka_unit_test(versions_case_and_repetitions_change_nothing),
        cmocka_unit_test(what_is_implied_is_there),
        cmocka_unit_test(
            the_largest_translation_mode_named_is_the_largest_there_is),
        cmocka_unit_test(refusals_say_where),
        cmocka_unit_test(misa_has_the_letters),
        cmocka_unit_test(a_short_buffer_is_not_overrun),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
