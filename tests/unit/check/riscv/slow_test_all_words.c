/*
 * All 2^32 words, as two computers would share them: every one is met exactly
 * once, what is reserved traps, and no instruction is what it was not without
 * them; that each has as many encodings as its row in insn.def says.
 *
 * pogo-test: timeout=3600
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check/riscv/riscv.h"

static struct riscv_part *run(bool exhaustive, unsigned shard, unsigned shards)
{
    static struct isa isa;
    struct riscv_check_config c = { .question = riscv_question_find("s-in-u"),
                                    .without = CONDITIONS,
                                    .isa = &isa,
                                    .seed = 11,
                                    .stride = 512,
                                    .samples = 1,
                                    .exhaustive = exhaustive,
                                    .shard = shard,
                                    .shards = shards,
                                    .jobs = 2 };
    struct riscv_part *part;
    struct error error;

    isa = isa_default();
    assert_int_equal(riscv_part_run(&c, &part, &error), STATUS_OK);
    return part;
}

static struct verdict_report report(struct riscv_part *part)
{
    struct verdict_report r;
    struct error error;

    assert_int_equal(riscv_part_report(part, &r, &error), STATUS_OK);
    riscv_part_free(part);
    return r;
}

static void every_word_is_met_once_and_changes_nothing(void **state)
{
    struct riscv_part *sum = run(true, 1, 2), *other = run(true, 2, 2);
    struct verdict_report all, few = report(run(false, 1, 1));
    struct error error;
    uint64_t met = 0;

    (void)state;
    assert_int_equal(riscv_part_merge(sum, other, &error), STATUS_OK);
    riscv_part_free(other);
    all = report(sum);
    assert_int_equal(all.virtualizable, TRUTH_YES);
    assert_int_equal(all.insns, few.insns);
    for (size_t i = 0; i < all.insns; i++) {
        met += all.insn[i].encodings;
        assert_int_equal(all.insn[i].verdict, few.insn[i].verdict);
        if (strcmp(all.insn[i].name, "reserved, 32 bits") != 0 &&
            all.insn[i].encodings != few.insn[i].encodings)
            fail_msg("%s: %llu words, not %llu", all.insn[i].name,
                     (unsigned long long)all.insn[i].encodings,
                     (unsigned long long)few.insn[i].encodings);
    }
    assert_int_equal(met, (UINT64_C(1) << 30) + 3 * 16384);
    verdict_free(&all);
    verdict_free(&few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_met_once_and_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
