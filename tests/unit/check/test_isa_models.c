/*
 * The descriptions in examples/isa: of each machine exactly the known answer is
 * derived, proved for all states, and what the literature has is told from what
 * the derivation adds.
 * pogo-test: timeout=300
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "check/isa/check.h"

/* Names are in the order of the description, with a semicolon after each. */
struct known {
    const char *file, *variant; /* NULL: the file's first */
    const char *listed;         /* violations that the literature lists */
    const char *derived;        /* violations that it does not list */
    const char *configurable;
    bool theorem_1, theorem_3;
};

#define IA32_UMIP       "SGDT;SIDT;SLDT;SMSW;"
#define IA32_IO         "IN;OUT;CLI;STI;RDTSC;RDPMC;"
#define IA32_PROTECTION "LAR;LSL;VERR/VERW;POP;PUSH;CALL;JMP;INT n;RET;"
#define IA32_17         IA32_UMIP "PUSHF;POPF;" IA32_PROTECTION "STR;MOV;"
#define ARM_24                                                                 \
    "ADC;ADD;AND;BIC;EOR;MOV;MVN;ORR;RSB;RSC;SBC;SUB;CPS;MRS;MSR;"             \
    "RFE;SRS;LDM (2);LDM (3);STM (2);LDRT;LDRBT;STRT;STRBT;"
#define VAX_OTHERS     "CHME;CHMS;CHMU;REI;MOVPSL;PROBER;PROBEW;"
#define PDP10_MORE     "JRST 2;JSR;JSP;PUSHJ;"
#define PDP10_IN_OUT   "JRST 4;JRST 10;CONO;CONI;DATAO;DATAI;DATAO APR;"
#define MIPS_CP0       "MFC0;MTC0;TLBWI;TLBWR;TLBR;TLBP;RFE;"
#define RISCV_COUNTERS "csr cycle;csr time;csr instret;"
#define RISCV_S                                                                \
    "csr sstatus;csr sie;csr sip;csr stvec;csr scounteren;"                    \
    "csr sscratch;csr sepc;csr scause;csr stval;"

static const struct known paper[] = {
    { "paper", NULL, "", "", "", true, true },
    { "paper", "jrst1", "JRST 1;", "", "", false, true },
};

static const struct known pdp10[] = {
    { "pdp10-ka10", NULL, "JRST 1;", PDP10_MORE, "", false, true },
    { "pdp10-ka10", "user-in-out", "JRST 1;", PDP10_MORE, PDP10_IN_OUT, false,
      false },
};

static const struct known ia32[] = {
    { "ia32", NULL, IA32_17, "", IA32_IO, false, false },
    { "ia32", "umip", "PUSHF;POPF;" IA32_PROTECTION "MOV;", "",
      IA32_IO IA32_UMIP "STR;", false, false },
    { "ia32", "more", IA32_17, "IRET;LDS/LES/LFS/LGS;LSS;", IA32_IO, false,
      false },
};

static const struct known arm[] = {
    { "armv7-a", NULL, ARM_24 "LDRHT;LDRSBT;LDRSHT;STRHT;", "", "", false,
      false },
    { "armv7-a", "armv6", ARM_24, "", "", false, false },
};

static const struct known vax[] = {
    { "vax", NULL, "memory write, PTE<M>;CHMK;" VAX_OTHERS, "", "", false,
      false },
    { "vax", "chm-trap", "memory write, PTE<M>;" VAX_OTHERS, "", "", false,
      false },
    { "vax", "vm", "", "", "memory write, PTE<M>;CHMK;" VAX_OTHERS, true,
      true },
};

static const struct known s360[] = {
    { "s360-67", NULL, "", "", "", true, true },
};

static const struct known pdp11[] = {
    { "pdp11-45", NULL, "MFPI;", "MFPD;MTPI;MTPD;RTI;RTT;SPL;RESET;WAIT;", "",
      false, false },
};

static const struct known mips[] = {
    { "mips-r3000", NULL, "LW;SW;instruction fetch;", "", MIPS_CP0, false,
      true },
    { "mips-r3000", "moved", "", "", MIPS_CP0, true, true },
};

static const struct known m68000[] = {
    { "m68000", NULL, "MOVE from SR;", "", "", false, false },
    { "m68000", "68010", "", "", "", true, true },
};

static const struct known riscv[] = {
    { "riscv", NULL, "", "", RISCV_COUNTERS "ld;sd;fmv.d.x;", true, true },
    { "riscv", "wfi-waits", "", "", RISCV_COUNTERS "wfi;ld;sd;fmv.d.x;", true,
      true },
    { "riscv", "m-in-u", "", "", RISCV_COUNTERS "ld;sd;fmv.d.x;", true, true },
    { "riscv", "m-in-s", "", RISCV_S,
      "csr satp;" RISCV_COUNTERS "sret;wfi;sfence.vma;ld;sd;fmv.d.x;", false,
      false },
};

static struct isa_model *read_model(const struct known *k)
{
    struct isa_model *m = NULL;
    struct isa_error e = { 0 };
    char file[512];

    snprintf(file, sizeof file, "%s/examples/isa/%s.isa", POGO_SOURCE_DIR,
             k->file);
    if (isa_parse_file(file, k->variant, &m, &e))
        fail_msg("%s:%u:%u: %s", file, e.line, e.column, e.text);
    return m;
}

/* Nothing is unknown, and no answer is only probable. */
static void assert_decided(const struct insn_result *r)
{
    for (unsigned p = 0; p < PROPERTIES; p++) {
        const struct property_result *result = &r->property[p];

        if (result->truth == TRUTH_UNKNOWN ||
            (result->evidence != EVIDENCE_PROVED &&
             result->evidence != EVIDENCE_WITNESS))
            fail_msg("'%s' is not decided: %s is %s (%s)", r->name,
                     property_name(p), truth_name(result->truth),
                     evidence_name(result->evidence));
    }
    assert_int_not_equal(r->verdict, VERDICT_UNDECIDED);
}

static void append(char *list, size_t size, const char *name)
{
    size_t used = strlen(list);

    snprintf(list + used, size - used, "%s;", name);
}

/* What is not harmless, by whether the description says that it is listed. */
static void check_instructions(const struct known *k, const struct isa_model *m,
                               const struct verdict_report *report)
{
    char listed[512] = "", derived[512] = "", configurable[512] = "";

    assert_int_equal(report->insns, m->insns);
    for (size_t i = 0; i < report->insns; i++) {
        const struct insn_result *r = &report->insn[i];
        const struct isa_insn *insn = isa_find_insn(m, r->name);

        assert_decided(r);
        if (r->verdict == VERDICT_CONFIGURABLE)
            append(configurable, sizeof configurable, r->name);
        if (r->verdict == VERDICT_VIOLATION)
            append(insn->listed ? listed : derived, sizeof listed, r->name);
        if (r->verdict == VERDICT_VIOLATION)
            assert_true(insn->note && insn->cure);
    }
    assert_string_equal(listed, k->listed);
    assert_string_equal(derived, k->derived);
    assert_string_equal(configurable, k->configurable);
}

static void check_model(const struct known *k)
{
    const struct isa_check_config config = { .seconds = 240,
                                             .seed = 1,
                                             .states = 300,
                                             .use_z3 = true,
                                             .use_search = true };
    struct verdict_report report = { 0 };
    struct isa_model *m = read_model(k);

    assert_int_equal(isa_check(m, &config, &report), STATUS_OK);
    print_message("%s: %.1f s\n", m->name, report.seconds);
    check_instructions(k, m, &report);
    assert_int_equal(report.theorem[0].holds,
                     k->theorem_1 ? TRUTH_YES : TRUTH_NO);
    assert_int_equal(report.theorem[2].holds,
                     k->theorem_3 ? TRUTH_YES : TRUTH_NO);
    assert_int_equal(report.virtualizable, report.theorem[0].holds);
    verdict_free(&report);
    isa_model_free(m);
}

#define MODEL_TEST(name, machines)                                             \
    static void name(void **state)                                             \
    {                                                                          \
        (void)state;                                                           \
        for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)        \
            check_model(&machines[i]);                                         \
    }

MODEL_TEST(the_papers_machine_is_virtualizable_without_jrst_1, paper)
MODEL_TEST(the_pdp10_can_host_a_hybrid_monitor, pdp10)
MODEL_TEST(ia32_has_17_and_12_with_umip, ia32)
MODEL_TEST(armv6_has_24_and_armv7_28, arm)
MODEL_TEST(the_vax_needs_its_vm_extension, vax)
MODEL_TEST(the_s360_67_is_virtualizable, s360)
MODEL_TEST(mfpi_is_sensitive_on_the_pdp11, pdp11)
MODEL_TEST(mips_is_virtualizable_if_the_kernel_is_moved, mips)
MODEL_TEST(the_68010_cures_the_68000, m68000)
MODEL_TEST(riscv_is_virtualizable_in_u_but_not_in_s, riscv)

/* LRA is the paper's example of location sensitivity, and privileged. */
static void lra_is_location_sensitive_and_privileged(void **state)
{
    const struct isa_check_config config = { .seconds = 240,
                                             .seed = 1,
                                             .states = 300,
                                             .use_z3 = true,
                                             .use_search = true };
    struct verdict_report report = { 0 };
    struct isa_model *m = read_model(&s360[0]);
    bool found = false;

    (void)state;
    assert_int_equal(isa_check(m, &config, &report), STATUS_OK);
    assert_non_null(isa_find_insn(m, "LRA")->listed);
    for (size_t i = 0; i < report.insns; i++) {
        const struct insn_result *r = &report.insn[i];

        if (strcmp(r->name, "LRA"))
            continue;
        found = true;
        assert_int_equal(r->verdict, VERDICT_PRIVILEGED);
        assert_int_equal(r->property[PROPERTY_LOCATION].truth, TRUTH_YES);
    }
    assert_true(found);
    verdict_free(&report);
    isa_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_papers_machine_is_virtualizable_without_jrst_1),
        cmocka_unit_test(the_pdp10_can_host_a_hybrid_monitor),
        cmocka_unit_test(ia32_has_17_and_12_with_umip),
        cmocka_unit_test(armv6_has_24_and_armv7_28),
        cmocka_unit_test(the_vax_needs_its_vm_extension),
        cmocka_unit_test(the_s360_67_is_virtualizable),
        cmocka_unit_test(mfpi_is_sensitive_on_the_pdp11),
        cmocka_unit_test(mips_is_virtualizable_if_the_kernel_is_moved),
        cmocka_unit_test(the_68010_cures_the_68000),
        cmocka_unit_test(riscv_is_virtualizable_in_u_but_not_in_s),
        cmocka_unit_test(lra_is_location_sensitive_and_privileged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
