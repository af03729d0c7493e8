/*
 * Arithmetic by instructions, where the host does it at once (NX stands): the
 * same results and flags as the integer path has, and where it must not be done
 * at once (another rounding mode, FS off) it is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fpu_operands.h"
#include "isa/cause.h"
#include "rig.h"

#define SETS 20000
#define RM(m) ((uint32_t)(m) << 12)
#define FADD 0x00000053u
#define FSUB 0x08000053u
#define FMUL 0x10000053u
#define FDIV 0x18000053u
#define FSQRT 0x58000053u
#define FMADD 0x00000043u
#define FMSUB 0x00000047u
#define FNMSUB 0x0000004bu
#define FNMADD 0x0000004fu
#define DOUBLE 0x02000000u

/* f10 = op(f11, f12, f13); fsqrt has no rs2. */
static uint32_t insn(uint32_t match, unsigned format, unsigned rm)
{
    uint32_t word = r_type(match | (format ? DOUBLE : 0) | RM(rm), 10, 11,
                           match == FSQRT ? 0 : 12);

    return (match & 0x7f) == 0x53 ? word : word | 13u << 27;
}

static uint64_t expected(uint32_t match, unsigned format, const uint64_t v[3],
                         unsigned *flags)
{
    const struct soft_format *f = format ? &soft_f64 : &soft_f32;
    uint64_t sign = format ? BIT(63) : BIT(31);

    switch (match) {
    case FADD: return soft_add(f, v[0], v[1], RM_RNE, flags);
    case FSUB: return soft_add(f, v[0], v[1] ^ sign, RM_RNE, flags);
    case FMUL: return soft_mul(f, v[0], v[1], RM_RNE, flags);
    case FDIV: return soft_div(f, v[0], v[1], RM_RNE, flags);
    case FSQRT: return soft_sqrt(f, v[0], RM_RNE, flags);
    case FMADD: return soft_fma(f, v[0], v[1], v[2], RM_RNE, flags);
    case FMSUB: return soft_fma(f, v[0], v[1], v[2] ^ sign, RM_RNE, flags);
    case FNMSUB: return soft_fma(f, v[0] ^ sign, v[1], v[2], RM_RNE, flags);
    default:
        return soft_fma(f, v[0] ^ sign, v[1], v[2] ^ sign, RM_RNE, flags);
    }
}

static const uint32_t matches[] = {FADD, FSUB, FMUL, FDIV, FSQRT,
                                   FMADD, FMSUB, FNMSUB, FNMADD};
#define MATCHES (sizeof matches / sizeof *matches)

static void run_one(struct rig *r, const uint64_t v[3], unsigned format)
{
    for (unsigned k = 0; k < 3; k++)
        r->h->f[11 + k] = format ? v[k] : f32_box((uint32_t)v[k]);
    r->h->csr.fcsr = FFLAG_NX;
    r->h->pc = RIG_RAM;
    rig_run(r, 1);
}

static void results_and_flags_are_those_of_the_integer_path(void **state)
{
    (void)state;
    for (unsigned k = 0; k < 2 * MATCHES; k++) {
        uint32_t match = matches[k / 2];
        unsigned format = k % 2;
        struct rig *r = rig_new();

        RIG_CODE(r, insn(match, format, k % 4 < 2 ? RM_DYN : RM_RNE));
        for (unsigned n = 0; n < SETS; n++) {
            const struct soft_format *f = format ? &soft_f64 : &soft_f32;
            uint64_t v[3], result;
            unsigned flags = FFLAG_NX;

            for (unsigned i = 0; i < 3; i++)
                v[i] = random_number(f);
            result = expected(match, format, v, &flags);
            run_one(r, v, format);
            assert_int_equal(r->h->f[10],
                             format ? result : f32_box((uint32_t)result));
            assert_int_equal(r->h->csr.fcsr, flags);
            assert_int_equal(r->h->csr.mstatus & MSTATUS_FS, MSTATUS_FS);
        }
        rig_free(r);
    }
}

/* The smallest normal number, rounded up from below: the one result that only
   the flag tells from one without underflow. */
static void underflow_to_the_smallest_normal_is_seen(void **state)
{
    const uint64_t v[3] = {UINT64_C(0x001fffffffffffff),
                           UINT64_C(0x3fe0000000000000), 0};
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, insn(FMUL, 1, RM_DYN));
    run_one(r, v, 1);
    assert_int_equal(r->h->f[10], UINT64_C(0x0010000000000000));
    assert_int_equal(r->h->csr.fcsr, FFLAG_NX | FFLAG_UF);
    rig_free(r);
}

static void other_rounding_modes_are_heeded(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, insn(FDIV, 1, RM_DYN), insn(FDIV, 1, RM_RUP));
    r->h->f[11] = UINT64_C(0x3ff0000000000000); /* 1 / 3 */
    r->h->f[12] = UINT64_C(0x4008000000000000);
    r->h->csr.fcsr = (uint64_t)RM_RUP << 5 | FFLAG_NX;
    rig_run(r, 1);
    assert_int_equal(r->h->f[10], UINT64_C(0x3fd5555555555556));
    r->h->csr.fcsr = FFLAG_NX;
    rig_run(r, 1);
    assert_int_equal(r->h->f[10], UINT64_C(0x3fd5555555555556));
    rig_free(r);
}

static void off_is_still_illegal(void **state)
{
    struct rig *r = rig_new();

    (void)state;
    RIG_CODE(r, insn(FADD, 1, RM_DYN));
    rig_csr(r, CSR_mtvec, RIG_RAM + 0x100);
    rig_csr(r, CSR_mstatus, 0);
    r->h->csr.fcsr = FFLAG_NX;
    rig_run(r, 1);
    assert_int_equal(r->h->pc, RIG_RAM + 0x100);
    assert_int_equal(r->h->csr.mcause, CAUSE_ILLEGAL);
    rig_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_and_flags_are_those_of_the_integer_path),
        cmocka_unit_test(underflow_to_the_smallest_normal_is_seen),
        cmocka_unit_test(other_rounding_modes_are_heeded),
        cmocka_unit_test(off_is_still_illegal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
