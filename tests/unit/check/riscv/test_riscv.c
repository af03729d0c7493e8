/*
 * What the checker has to derive: the known answers of RISC-V, the condition
 * that fails on a host that lacks one, and a violation for each hole. The
 * checks are of a few states of the lattice only, and leave out what takes
 * long: all words are tried by slow_test_all_words.c.
 *
 * pogo-test: timeout=240
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/riscv/riscv.h"
#include "isa/hole.h"

#define STRIDE 41 /* of 4096: 100 states */

static struct verdict_report check(const char *question,
                                   enum riscv_condition without, uint64_t holes)
{
    struct isa isa = isa_default();
    struct riscv_check_config c = { .question = riscv_question_find(question),
                                    .without = without,
                                    .isa = &isa,
                                    .seed = 7,
                                    .stride = STRIDE,
                                    .samples = 1,
                                    .lattice_only = true };
    struct verdict_report r;
    struct error error;

    isa.holes = holes;
    assert_int_equal(riscv_check(&c, &r, &error), STATUS_OK);
    return r;
}

static enum insn_verdict verdict_of(const struct verdict_report *r,
                                    const char *name)
{
    for (size_t i = 0; i < r->insns; i++)
        if (strcmp(r->insn[i].name, name) == 0)
            return r->insn[i].verdict;
    fail_msg("no instruction %s", name);
    return VERDICT_UNDECIDED;
}

static void expect(const struct verdict_report *r, enum insn_verdict v,
                   const char *const *names)
{
    for (; *names; names++)
        if (verdict_of(r, *names) != v)
            fail_msg("%s, %s: %s, not %s", r->subject, *names,
                     insn_verdict_name(verdict_of(r, *names)),
                     insn_verdict_name(v));
}
#define EXPECT(r, v, ...)                                                      \
    expect(r, v, (const char *const[]){ __VA_ARGS__, NULL })

/* The witnesses of a violation can be replayed, and say so in words. */
static void expect_violation(const struct verdict_report *r, const char *name)
{
    EXPECT(r, VERDICT_VIOLATION, name);
    assert_int_equal(r->virtualizable, TRUTH_NO);
    assert_int_equal(r->theorem[0].holds, TRUTH_NO);
    for (size_t i = 0; i < r->insns; i++)
        if (strcmp(r->insn[i].name, name) == 0)
            assert_non_null(r->insn[i].reason);
    assert_in_range(r->theorem[0].witness, 0, r->witnesses - 1);
    assert_non_null(r->witness[r->theorem[0].witness].replay);
}

static void s_guest_in_u_is_virtualizable(void **state)
{
    struct verdict_report r = check("s-in-u", CONDITIONS, 0);

    (void)state;
    assert_int_equal(r.virtualizable, TRUTH_YES);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(r.theorem[i].holds, TRUTH_YES);
    for (size_t i = 0; i < r.conditions; i++)
        assert_int_equal(r.condition[i].holds, TRUTH_YES);
    EXPECT(&r, VERDICT_PRIVILEGED, "mret", "sret", "wfi", "sfence.vma",
           "sinval.vma", "csrr sstatus", "csrw sstatus", "csrw sie",
           "csrr satp", "csrw satp", "csrw stvec", "csrr mstatus",
           "csrr mhartid", "csrw pmpaddrN", "csrw stimecmp");
    EXPECT(&r, VERDICT_ALWAYS_TRAPS, "ecall", "ebreak", "csrw cycle",
           "csrw mhartid", "csrr unknown CSR", "csrw unknown CSR",
           "reserved, 32 bits", "reserved, 16 bits");
    EXPECT(&r, VERDICT_CONFIGURABLE, "csrr cycle", "csrr time", "csrr instret",
           "cbo.zero", "cbo.inval");
    EXPECT(&r, VERDICT_INNOCUOUS, "addi", "auipc", "jalr", "beq", "ld", "sd",
           "lr.d", "sc.w", "amoadd.d", "fadd.d", "fld", "csrw fcsr", "fence",
           "fence.i", "prefetch.r", "wrs.nto");
    verdict_free(&r);
}

static void m_guest_in_u_is_virtualizable(void **state)
{
    struct verdict_report r = check("m-in-u", CONDITIONS, 0);

    (void)state;
    assert_int_equal(r.virtualizable, TRUTH_YES);
    EXPECT(&r, VERDICT_PRIVILEGED, "mret", "sret", "csrw mstatus",
           "csrw pmpcfgN", "csrr sepc");
    EXPECT(&r, VERDICT_INNOCUOUS, "ld", "sd", "sc.d");
    verdict_free(&r);
}

static void m_guest_in_s_is_not(void **state)
{
    struct verdict_report r = check("m-in-s", CONDITIONS, 0);

    (void)state;
    assert_int_equal(r.virtualizable, TRUTH_NO);
    assert_int_equal(r.theorem[0].holds, TRUTH_NO);
    assert_int_equal(r.theorem[2].holds, TRUTH_YES); /* a hybrid one is */
    EXPECT(&r, VERDICT_VIOLATION, "csrr sstatus", "csrw sstatus", "csrw sie",
           "csrr sepc", "csrw stvec", "csrw sscratch");
    /* TVM, TW and TSR are there for it. */
    EXPECT(&r, VERDICT_CONFIGURABLE, "csrr satp", "csrw satp", "sfence.vma",
           "wfi", "sret");
    EXPECT(&r, VERDICT_PRIVILEGED, "mret", "csrr mstatus");
    verdict_free(&r);
}

static void a_condition_that_is_lacking_is_named(void **state)
{
    static const struct {
        enum riscv_condition without;
        const char *question, *insn;
    } rows[] = {
        { CONDITION_COUNTEREN, "s-in-u", "csrr cycle" },
        { CONDITION_SSSTRICT, "s-in-u", "csrr unknown CSR" },
        { CONDITION_SFENCE, "s-in-u", "sfence.vma" },
        { CONDITION_WFI, "s-in-u", "wfi" },
        { CONDITION_ENVCFG, "s-in-u", "cbo.zero" },
        { CONDITION_FS, "s-in-u", "fmv.d.x" },
        { CONDITION_RESERVATION, "s-in-u", "sc.d" },
        { CONDITION_AD, "s-in-u", "sd" },
        { CONDITION_VIEWS, "s-in-u", "ld" },
        { CONDITION_MPRV, "m-in-u", "ld" },
        { CONDITION_PMP, "m-in-u", "sd" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct verdict_report r = check(rows[i].question, rows[i].without, 0);
        const char *title = riscv_condition_row(rows[i].without)->title;

        expect_violation(&r, rows[i].insn);
        for (size_t c = 0; c < r.conditions; c++)
            if (strcmp(r.condition[c].name, title) == 0)
                assert_int_equal(r.condition[c].holds, TRUTH_NO);
        EXPECT(&r, VERDICT_PRIVILEGED, "csrr sstatus", "sret");
        EXPECT(&r, VERDICT_INNOCUOUS, "addi", "jal");
        verdict_free(&r);
    }
}

static void each_hole_is_a_violation(void **state)
{
    static const struct {
        enum hole_id hole;
        const char *insn;
    } rows[] = {
        { HOLE_sfence_silent, "sfence.vma" },
        { HOLE_sstatus_readable, "csrr sstatus" },
        { HOLE_satp_readable, "csrr satp" },
        { HOLE_counters_readable, "csrr cycle" },
        { HOLE_sie_write_ignored, "csrw sie" },
        { HOLE_csr_write_ignored, "csrw sscratch" },
        { HOLE_unknown_csr_nop, "csrw unknown CSR" },
        { HOLE_reserved_nop, "reserved, 32 bits" },
        { HOLE_wfi_nop, "wfi" },
        { HOLE_sret_jumps, "sret" },
        { HOLE_ecall_nop, "ecall" },
        { HOLE_fs_not_dirty, "fmv.d.x" },
        { HOLE_mprv_kept, "ld" },
    };

    (void)state;
    assert_int_equal(sizeof rows / sizeof rows[0], HOLE_COUNT);
    for (size_t i = 0; i < HOLE_COUNT; i++) {
        struct verdict_report r =
            check("s-in-u", CONDITIONS, BIT(rows[i].hole));

        expect_violation(&r, rows[i].insn);
        verdict_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s_guest_in_u_is_virtualizable),
        cmocka_unit_test(m_guest_in_u_is_virtualizable),
        cmocka_unit_test(m_guest_in_s_is_not),
        cmocka_unit_test(a_condition_that_is_lacking_is_named),
        cmocka_unit_test(each_hole_is_a_violation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
