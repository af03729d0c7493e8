/*
 * The tables against what is known of each instruction set: the lists of the
 * literature are complete, the exceptions are exceptions, and RISC-V's agree
 * with the CSRs of Pogo's own machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/scan/rule.h"
#include "check/scan/x86.h"
#include "isa/csr_file.h"
#include "isa/insn.h"

static const struct scan_rule *find(enum scan_isa isa, uint32_t key)
{
    struct scan_matcher m;
    const struct scan_rule *r;

    assert_int_equal(scan_matcher_init(&m, isa), STATUS_OK);
    r = scan_match(&m, key);
    scan_matcher_free(&m);
    return r;
}

/* NULL: innocuous. */
static void expect(enum scan_isa isa, uint32_t key, const char *name,
                   enum insn_verdict class)
{
    const struct scan_rule *r = find(isa, key);

    if (!name) {
        if (r)
            fail_msg("%s 0x%x is taken for %s", scan_isa_name(isa), key,
                     r->name);
        return;
    }
    if (!r)
        fail_msg("%s 0x%x is not known for %s", scan_isa_name(isa), key, name);
    assert_string_equal(r->name, name);
    assert_int_equal(r->class, class);
}

static void violation(enum scan_isa isa, uint32_t key, const char *name)
{
    expect(isa, key, name, VERDICT_VIOLATION);
}

static void x86(const char *bytes, size_t size, const char *name,
                enum insn_verdict class)
{
    uint32_t key;

    assert_int_equal(x86_decode((const uint8_t *)bytes, size, false, &key),
                     size);
    expect(SCAN_X86, key, name, class);
}

#define X86(bytes, name, class)                                                \
    x86(bytes, sizeof bytes - 1, name, VERDICT_##class)

/* Robin and Irvine's table, each in one of its encodings. */
static void the_seventeen_of_ia32_are_violations(void **state)
{
    (void)state;
    X86("\x0f\x01\x00", "sgdt", VIOLATION);
    X86("\x0f\x01\x08", "sidt", VIOLATION);
    X86("\x0f\x00\xc0", "sldt", VIOLATION);
    X86("\x0f\x01\xe0", "smsw", VIOLATION);
    X86("\x9c", "pushf", VIOLATION);
    X86("\x9d", "popf", VIOLATION);
    X86("\x0f\x02\xc0", "lar", VIOLATION);
    X86("\x0f\x03\xc0", "lsl", VIOLATION);
    X86("\x0f\x00\xe0", "verr", VIOLATION);
    X86("\x0f\x00\xe8", "verw", VIOLATION);
    X86("\x1f", "pop segment", VIOLATION);
    X86("\x0e", "push segment", VIOLATION);
    X86("\xff\x18", "call far", VIOLATION);
    X86("\xff\x28", "jmp far", VIOLATION);
    X86("\xcd\x80", "int n", VIOLATION);
    X86("\xcb", "ret far", VIOLATION);
    X86("\x0f\x00\xc8", "str", VIOLATION);
    X86("\x8c\xc8", "mov from segment", VIOLATION);
    X86("\x8e\xd8", "mov to segment", VIOLATION);
}

static void ia32s_neighbours_are_told_apart(void **state)
{
    (void)state;
    X86("\xc3", NULL, INNOCUOUS);         /* ret, near */
    X86("\xff\x10", NULL, INNOCUOUS);     /* call, near */
    X86("\xff\x20", NULL, INNOCUOUS);     /* jmp, near */
    X86("\xff\x30", NULL, INNOCUOUS);     /* push memory */
    X86("\x50", NULL, INNOCUOUS);         /* push eax */
    X86("\x89\xc8", NULL, INNOCUOUS);     /* mov ecx, eax */
    X86("\x0f\xc7\xf0", NULL, INNOCUOUS); /* rdrand */
    X86("\x0f\x01\xd5", NULL, INNOCUOUS); /* xend, where sgdt's memory is */
    X86("\x0f\x01\x10", "lgdt", PRIVILEGED);
    X86("\x0f\x01\x38", "invlpg", PRIVILEGED);
    X86("\x0f\x01\xf8", "swapgs", PRIVILEGED);
    X86("\xfa", "cli", PRIVILEGED);
    X86("\xec", "in", PRIVILEGED);
    X86("\xee", "out", PRIVILEGED);
    X86("\x0f\x22\xd8", "mov to control", PRIVILEGED);
    X86("\x0f\x31", "rdtsc", CONFIGURABLE);
    X86("\xcc", "int3", ALWAYS_TRAPS);
    X86("\x66\x0f\x78\xc0\x01\x02", NULL, INNOCUOUS); /* extrq, not vmread */
}

/* UMIP takes five of the list away, and only these. */
static void umip_is_for_five(void **state)
{
    const struct scan_rules *r = scan_rules(SCAN_X86);
    unsigned count = 0;

    (void)state;
    for (unsigned k = 0; k < r->count; k++)
        count += r->rule[k].umip;
    assert_int_equal(count, 5);
}

/* Dall and Nieh's 24, and ARMv7's four: words as an assembler makes them. */
static void the_24_of_arm_are_violations(void **state)
{
    static const char *const returns[16] = {
        "ands pc", "eors pc", "subs pc", "rsbs pc", "adds pc", "adcs pc",
        "sbcs pc", "rscs pc", NULL,      NULL,      NULL,      NULL,
        "orrs pc", "movs pc", "bics pc", "mvns pc",
    };

    (void)state;
    for (uint32_t k = 0; k < 16; k++) {
        /* … pc, r1, r2 with S; without it; with another destination */
        expect(SCAN_ARM, 0xe011f002 | k << 21, returns[k], VERDICT_VIOLATION);
        expect(SCAN_ARM, 0xe211f008 | k << 21, returns[k], VERDICT_VIOLATION);
        if (returns[k]) {
            expect(SCAN_ARM, 0xe001f002 | k << 21, NULL, VERDICT_INNOCUOUS);
            expect(SCAN_ARM, 0xe0110002 | k << 21, NULL, VERDICT_INNOCUOUS);
        }
    }
    violation(SCAN_ARM, 0xf10c0080, "cps");      /* cpsid i */
    violation(SCAN_ARM, 0xe10f0000, "mrs");      /* mrs r0, cpsr */
    violation(SCAN_ARM, 0xe14f0000, "mrs spsr"); /* mrs r0, spsr */
    violation(SCAN_ARM, 0xe121f000, "msr");      /* msr cpsr_c, r0 */
    violation(SCAN_ARM, 0xe169f000, "msr spsr"); /* msr spsr_cf, r0 */
    violation(SCAN_ARM, 0xf8bd0a00, "rfe");      /* rfeia sp! */
    violation(SCAN_ARM, 0xf96d0513, "srs");      /* srsdb sp!, #19 */
    violation(SCAN_ARM, 0xe8d00006, "ldm user"); /* ldmia r0, {r1, r2}^ */
    violation(SCAN_ARM, 0xe8fd8006, "ldm pc");   /* ldmia sp!, {…, pc}^ */
    violation(SCAN_ARM, 0xe8c00006, "stm user"); /* stmia r0, {r1, r2}^ */
    violation(SCAN_ARM, 0xe4b10000, "ldrt");     /* ldrt r0, [r1] */
    violation(SCAN_ARM, 0xe4f10000, "ldrbt");
    violation(SCAN_ARM, 0xe4a10000, "strt");
    violation(SCAN_ARM, 0xe4e10000, "strbt");
    violation(SCAN_ARM, 0xe0f100b0, "ldrht");
    violation(SCAN_ARM, 0xe0f100d0, "ldrsbt");
    violation(SCAN_ARM, 0xe0f100f0, "ldrsht");
    violation(SCAN_ARM, 0xe0e100b0, "strht");
}

static void arms_neighbours_are_told_apart(void **state)
{
    (void)state;
    expect(SCAN_ARM, 0xe128f000, NULL, VERDICT_INNOCUOUS); /* msr apsr_nzcvq */
    expect(SCAN_ARM, 0xe8bd8006, NULL, VERDICT_INNOCUOUS); /* pop {…, pc} */
    expect(SCAN_ARM, 0xe4910000, NULL, VERDICT_INNOCUOUS); /* ldr r0, [r1] */
    expect(SCAN_ARM, 0xe0110392, NULL, VERDICT_INNOCUOUS); /* muls */
    expect(SCAN_ARM, 0xee1d0f70, NULL, VERDICT_INNOCUOUS); /* TPIDRURO */
    expect(SCAN_ARM, 0xe12fff1e, NULL, VERDICT_INNOCUOUS); /* bx lr */
    expect(SCAN_ARM, 0xee010f10, "mcr p15", VERDICT_PRIVILEGED); /* SCTLR */
    expect(SCAN_ARM, 0xef000000, "svc", VERDICT_ALWAYS_TRAPS);
    violation(SCAN_THUMB, 0xb6720000, "cps");
    violation(SCAN_THUMB, 0xf3ef8000, "mrs");
    violation(SCAN_THUMB, 0xf3de8f00, "subs pc");
    violation(SCAN_THUMB, 0xf8510e00, "ldrt");
    expect(SCAN_THUMB, 0xf3af8000, NULL, VERDICT_INNOCUOUS); /* nop.w */
    expect(SCAN_THUMB, 0x4e100000, NULL, VERDICT_INNOCUOUS); /* ldr r6, … */
}

static void aarch64_at_el0(void **state)
{
    (void)state;
    violation(SCAN_AARCH64, 0xf8400820, "ldtr"); /* ldtr x0, [x1] */
    violation(SCAN_AARCH64, 0xb8800820, "ldtrs");
    violation(SCAN_AARCH64, 0xd53b00e0, "mrs dczid_el0");
    expect(SCAN_AARCH64, 0xf8400420, NULL, VERDICT_INNOCUOUS);   /* ldr, post */
    expect(SCAN_AARCH64, 0xd5384240, "mrs", VERDICT_PRIVILEGED); /* CurrentEL */
    expect(SCAN_AARCH64, 0xd53b4220, "daif", VERDICT_CONFIGURABLE);
    expect(SCAN_AARCH64, 0xd53be040, "timer", VERDICT_CONFIGURABLE);
    expect(SCAN_AARCH64, 0xd53bd040, NULL, VERDICT_INNOCUOUS); /* TPIDR_EL0 */
    expect(SCAN_AARCH64, 0xd53b4200, NULL, VERDICT_INNOCUOUS); /* NZCV */
    expect(SCAN_AARCH64, 0xd508871f, "tlbi", VERDICT_PRIVILEGED);
    expect(SCAN_AARCH64, 0xd50b7420, "dc zva", VERDICT_CONFIGURABLE);
    expect(SCAN_AARCH64, 0xd69f03e0, "eret", VERDICT_PRIVILEGED);
    expect(SCAN_AARCH64, 0xd4000001, "svc", VERDICT_ALWAYS_TRAPS);
    expect(SCAN_AARCH64, 0xd503201f, NULL, VERDICT_INNOCUOUS); /* nop */
    expect(SCAN_AARCH64, 0xd500401f, NULL, VERDICT_INNOCUOUS); /* cfinv */
}

static void mips_kernel_instructions_trap(void **state)
{
    (void)state;
    expect(SCAN_MIPS, 0x40026000, "mfc0", VERDICT_PRIVILEGED);
    expect(SCAN_MIPSEL, 0x42000018, "eret", VERDICT_PRIVILEGED);
    expect(SCAN_MIPS, 0x42000006, "tlbwr", VERDICT_PRIVILEGED);
    expect(SCAN_MIPS, 0x7c03e83b, "rdhwr", VERDICT_CONFIGURABLE);
    expect(SCAN_MIPS, 0x0000000c, "syscall", VERDICT_ALWAYS_TRAPS);
    expect(SCAN_MIPS, 0x44020000, NULL, VERDICT_INNOCUOUS); /* mfc1 */
}

/* With every counter enabled, and FS on, what U-mode may still not access is
   privileged; what that takes away is configurable; the rest is innocuous. */
static void riscv_csrs_are_those_of_our_machine(void **state)
{
    const struct isa isa = isa_default();
    struct csr_file open, closed;

    (void)state;
    csr_reset(&open, &isa, 0);
    open.priv = PRIV_U;
    open.mstatus |= 3 << 13;
    closed = open;
    open.mcounteren = open.scounteren = UINT32_MAX;
    for (int csr = csr_next(&isa, 0); csr >= 0;
         csr = csr_next(&isa, (unsigned)csr + 1)) {
        uint32_t csrr = 0x00002073 | (uint32_t)csr << 20;
        const struct scan_rule *r = find(SCAN_RISCV64, csrr);
        enum insn_verdict class = r ? r->class : VERDICT_INNOCUOUS;

        if (!csr_permitted(&open, (unsigned)csr, false))
            assert_int_equal(class, VERDICT_PRIVILEGED);
        else if (!csr_permitted(&closed, (unsigned)csr, false))
            assert_int_equal(class, VERDICT_CONFIGURABLE);
        else
            assert_int_equal(class, VERDICT_INNOCUOUS);
    }
}

/* Of our own table only SYSTEM and some of FENCE are sensitive, and all of
   SYSTEM. */
static void riscv_rules_are_about_system_instructions(void **state)
{
    (void)state;
    for (unsigned op = 1; op < INSN_COUNT; op++) {
        const struct insn_row *row = insn_row(op);
        const struct scan_rule *r = find(SCAN_RISCV64, row->match);

        if (row->class == CLASS_SYSTEM)
            assert_non_null(r);
        else if (row->class != CLASS_FENCE && row->class != CLASS_CSR)
            assert_null(r);
        if (r)
            assert_int_not_equal(r->class, VERDICT_VIOLATION);
    }
}

/* A row that another before it hides would never be found. */
static void no_rule_is_hidden(void **state)
{
    (void)state;
    for (unsigned isa = 0; isa < SCAN_ISAS; isa++) {
        const struct scan_rules *t = scan_rules(isa);

        for (unsigned k = 0; k < t->count; k++)
            for (unsigned j = 0; j < k; j++)
                if ((t->rule[k].mask & t->rule[j].mask) == t->rule[j].mask &&
                    (t->rule[k].match & t->rule[j].mask) == t->rule[j].match)
                    fail_msg("%s: row %u, %s, is hidden by row %u, %s",
                             scan_isa_name(isa), k, t->rule[k].name, j,
                             t->rule[j].name);
    }
}

static void every_rule_says_all(void **state)
{
    (void)state;
    for (unsigned isa = 0; isa < SCAN_ISAS; isa++) {
        const struct scan_rules *t = scan_rules(isa);

        for (unsigned k = 0; k < t->count; k++) {
            const struct scan_rule *r = &t->rule[k];

            assert_int_equal(r->match & ~r->mask, 0);
            if (r->class == VERDICT_INNOCUOUS)
                continue;
            assert_true(r->name[0] && r->why && r->how && r->source);
            assert_int_not_equal(r->cure, CURE_NONE);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_seventeen_of_ia32_are_violations),
        cmocka_unit_test(ia32s_neighbours_are_told_apart),
        cmocka_unit_test(umip_is_for_five),
        cmocka_unit_test(the_24_of_arm_are_violations),
        cmocka_unit_test(arms_neighbours_are_told_apart),
        cmocka_unit_test(aarch64_at_el0),
        cmocka_unit_test(mips_kernel_instructions_trap),
        cmocka_unit_test(riscv_csrs_are_those_of_our_machine),
        cmocka_unit_test(riscv_rules_are_about_system_instructions),
        cmocka_unit_test(no_rule_is_hidden),
        cmocka_unit_test(every_rule_says_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
