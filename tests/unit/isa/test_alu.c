/* AMO arithmetic, the shapes of loads and stores, and the names of causes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "isa/alu.h"
#include "isa/cause.h"

static const uint64_t minus_1 = ~UINT64_C(0);

static void doublewords_combine_as_named(void **state)
{
    (void)state;
    assert_true(amo_compute(INSN_amoswap_d, 3, 10) == 10);
    assert_true(amo_compute(INSN_amoadd_d, minus_1, 10) == 9);
    assert_true(amo_compute(INSN_amoxor_d, 3, 10) == 9);
    assert_true(amo_compute(INSN_amoand_d, 3, 10) == 2);
    assert_true(amo_compute(INSN_amoor_d, 3, 10) == 11);
    assert_true(amo_compute(INSN_amomin_d, minus_1, 10) == minus_1);
    assert_true(amo_compute(INSN_amomax_d, minus_1, 10) == 10);
    assert_true(amo_compute(INSN_amominu_d, minus_1, 10) == 10);
    assert_true(amo_compute(INSN_amomaxu_d, minus_1, 10) == minus_1);
}

/* Whatever stands above bit 31 of either operand must not matter. */
static void words_compare_by_their_low_halves(void **state)
{
    uint64_t low_minus_1 = 0xffffffff, noisy_10 = UINT64_C(0x8000000a0000000a);

    (void)state;
    assert_int_equal((uint32_t)amo_compute(INSN_amomin_w, low_minus_1,
                                           noisy_10), 0xffffffff);
    assert_int_equal((uint32_t)amo_compute(INSN_amomax_w, low_minus_1,
                                           noisy_10), 10);
    assert_int_equal((uint32_t)amo_compute(INSN_amominu_w, minus_1,
                                           noisy_10), 10);
    assert_int_equal((uint32_t)amo_compute(INSN_amomaxu_w, minus_1,
                                           noisy_10), 0xffffffff);
    assert_int_equal((uint32_t)amo_compute(INSN_amoadd_w, low_minus_1,
                                           noisy_10), 9);
    assert_int_equal((uint32_t)amo_compute(INSN_amoswap_w, 1, noisy_10), 10);
}

static void shapes_agree_with_the_rows(void **state)
{
    (void)state;
    for (unsigned op = 0; op < INSN_COUNT + 1; op++) {
        enum insn_class class = insn_class(op);
        bool plain = class == CLASS_LOAD || class == CLASS_STORE;
        struct access_shape shape;

        assert_int_equal(access_shape(op, &shape), plain);
        if (!plain)
            continue;
        assert_int_equal(shape.is_store, class == CLASS_STORE);
        assert_int_equal(shape.is_fp, insn_name(op)[0] == 'f');
        /* funct3: log2 of the size, bit 2 for an unsigned load */
        assert_int_equal(shape.size,
                         1u << bits_of(insn_row(op)->match, 13, 12));
        assert_int_equal(shape.is_signed,
                         class == CLASS_LOAD && !shape.is_fp &&
                         !(insn_row(op)->match & BIT(14)));
    }
}

static void causes_have_the_manuals_names(void **state)
{
    (void)state;
    assert_string_equal(cause_name(CAUSE_LOAD_PAGE), "load page fault");
    assert_string_equal(cause_name(CAUSE_INTERRUPT | IRQ_STI),
                        "supervisor timer interrupt");
    assert_string_equal(cause_name(10), "reserved");
    assert_true(cause_is_memory(CAUSE_STORE_PAGE));
    assert_false(cause_is_memory(CAUSE_ILLEGAL));
    assert_false(cause_is_memory(CAUSE_INTERRUPT | CAUSE_LOAD_PAGE));
    assert_string_equal(cause_name(CAUSE_INTERRUPT | 2), "reserved");
    assert_string_equal(cause_name(minus_1), "reserved");
    assert_string_equal(cause_name(24), "reserved");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doublewords_combine_as_named),
        cmocka_unit_test(words_compare_by_their_low_halves),
        cmocka_unit_test(shapes_agree_with_the_rows),
        cmocka_unit_test(causes_have_the_manuals_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
