/*
 * F and D: what computes with f registers (unprivileged manual, F and D
 * chapters; the arithmetic is fpu.h's). Every one is illegal while mstatus.FS
 * is Off, or if its rounding mode is reserved. One that writes an f register
 * makes FS Dirty; one that writes an x register only if it changes fflags.
 */
#include "cpu/fpu_host.h"
#include "cpu/op.h"

/* imm has the instruction's own bits. */
#define RAW ((uint32_t)o->imm)
#define FS1 (h->f[o->rs1])
#define FS2 (h->f[o->rs2])
#define FS3 (h->f[RAW >> 27])
#define S1 f32_unbox(FS1)
#define S2 f32_unbox(FS2)
#define S3 f32_unbox(FS3)

/* Where an operation ORs its flags: into a copy of fcsr, for it is quicker if
   it sees that a flag stands already (fpu_host.h). */
#define FLAGS (h->private_->flags = (unsigned)h->csr.fcsr, &h->private_->flags)

#define GUARD                                           \
    do {                                                \
        if (UNLIKELY(fp_is_off(&h->csr)))               \
            GOTO(op_illegal_raw);                       \
    } while (0)

/* rm becomes the mode to round in: the instruction's, or for DYN frm's. */
#define ROUNDING                                             \
    unsigned rm = RAW >> 12 & 7;                             \
    GUARD;                                                   \
    if (rm == RM_DYN) {                                      \
        rm = fp_rounding(&h->csr, rm);                       \
        if (UNLIKELY(fp_rounding_reserved(rm)))              \
            GOTO(op_illegal_raw);                            \
    }

/* hart_private.flags: FLAGS after the operation, 0 if it has none. */
static inline void write_f(struct hart *h, unsigned rd, uint64_t v)
{
    h->f[rd] = v;
    h->csr.mstatus |= MSTATUS_FS | MSTATUS_SD;
    h->csr.fcsr |= h->private_->flags;
    h->private_->flags = 0;
}

static inline void write_x(struct hart *h, unsigned rd, uint64_t v)
{
    unsigned flags = h->private_->flags;

    h->x[rd] = v;
    h->private_->flags = 0;
    if (flags & ~h->csr.fcsr) {
        h->csr.fcsr |= flags;
        h->csr.mstatus |= MSTATUS_FS | MSTATUS_SD;
    }
}

/* Results: _D and _S to an f register, _X to an x register; ROUNDED ones have
   the mode in rm. */
#define FP(name, check, write, value)     \
    OP(name)                              \
    {                                     \
        check;                            \
        write(h, o->rd, (value));         \
        acc = 0; /* not kept over calls */ \
        NEXT;                             \
    }
#define FP_D(name, value) FP(name, GUARD, write_f, value)
#define FP_S(name, value) FP(name, GUARD, write_f, f32_box(value))
#define FP_X(name, value) FP(name, GUARD, write_x, value)
#define ROUNDED_D(name, value) FP(name, ROUNDING, write_f, value)
#define ROUNDED_S(name, value) FP(name, ROUNDING, write_f, f32_box(value))
#define ROUNDED_X(name, value) FP(name, ROUNDING, write_x, value)

#define SIGN_S UINT32_C(0x80000000)
#define SIGN_D BIT(63)

/*
 * Arithmetic is done at once by the host where that is quick (fpu_host.h): FS is
 * on, the mode is RNE, and NX stands. Otherwise, or if the result may have
 * raised another flag, name_exact does it again.
 */
#if FPU_HOST
#define FCSR_FRM_NX (UINT64_C(7) << 5 | FFLAG_NX)

static inline bool host_is_quick(const struct hart *h, uint32_t raw)
{
    unsigned rm = raw >> 12 & 7;

    return (h->csr.mstatus & MSTATUS_FS) &&
           (h->csr.fcsr & FCSR_FRM_NX) == FFLAG_NX &&
           ((rm + 1) & 6) == 0; /* RNE or DYN */
}

#define QUICKLY(name, format, raw, box, able, operation)        \
    OP(name)                                                    \
    {                                                           \
        if (LIKELY(host_is_quick(h, RAW) && (able))) {          \
            raw result_ = operation;                            \
            if (LIKELY(host_##format##_shows_no_flag(result_))) { \
                h->f[o->rd] = box(result_);                     \
                h->csr.mstatus |= MSTATUS_FS | MSTATUS_SD;      \
                NEXT;                                           \
            }                                                   \
        }                                                       \
        GOTO(op_##name##_exact);                                \
    }
#else
#define QUICKLY(name, format, raw, box, able, operation) \
    OP(name)                                             \
    {                                                    \
        GOTO(op_##name##_exact);                         \
    }
#endif

/* ARITHMETIC(name, operation's name, its operands…). */
#define ARITHMETIC_S(name, operation, able, ...)                            \
    static ROUNDED_S(name##_exact, f32_##operation(__VA_ARGS__, rm, FLAGS)) \
    QUICKLY(name, f32, uint32_t, f32_box, able,                             \
            host_f32_##operation(__VA_ARGS__))
#define ARITHMETIC_D(name, operation, able, ...)                            \
    static ROUNDED_D(name##_exact, f64_##operation(__VA_ARGS__, rm, FLAGS)) \
    QUICKLY(name, f64, uint64_t, , able,                                    \
            host_f64_##operation(__VA_ARGS__))

ARITHMETIC_S(fadd_s, add, true, S1, S2)
ARITHMETIC_S(fsub_s, sub, true, S1, S2)
ARITHMETIC_S(fmul_s, mul, true, S1, S2)
ARITHMETIC_S(fdiv_s, div, true, S1, S2)
ARITHMETIC_S(fsqrt_s, sqrt, true, S1)
ARITHMETIC_D(fadd_d, add, true, FS1, FS2)
ARITHMETIC_D(fsub_d, sub, true, FS1, FS2)
ARITHMETIC_D(fmul_d, mul, true, FS1, FS2)
ARITHMETIC_D(fdiv_d, div, true, FS1, FS2)
ARITHMETIC_D(fsqrt_d, sqrt, true, FS1)

/* fmsub is a*b-c, fnmsub -(a*b)+c, fnmadd -(a*b)-c, each rounded once. */
#define FMA host_has_fma()
ARITHMETIC_S(fmadd_s, fma, FMA, S1, S2, S3)
ARITHMETIC_S(fmsub_s, fma, FMA, S1, S2, S3 ^ SIGN_S)
ARITHMETIC_S(fnmsub_s, fma, FMA, S1 ^ SIGN_S, S2, S3)
ARITHMETIC_S(fnmadd_s, fma, FMA, S1 ^ SIGN_S, S2, S3 ^ SIGN_S)
ARITHMETIC_D(fmadd_d, fma, FMA, FS1, FS2, FS3)
ARITHMETIC_D(fmsub_d, fma, FMA, FS1, FS2, FS3 ^ SIGN_D)
ARITHMETIC_D(fnmsub_d, fma, FMA, FS1 ^ SIGN_D, FS2, FS3)
ARITHMETIC_D(fnmadd_d, fma, FMA, FS1 ^ SIGN_D, FS2, FS3 ^ SIGN_D)

#define COPY_SIGN(a, b, sign) (((a) & ~(sign)) | ((b) & (sign)))

FP_S(fsgnj_s, COPY_SIGN(S1, S2, SIGN_S))
FP_S(fsgnjn_s, COPY_SIGN(S1, ~S2, SIGN_S))
FP_S(fsgnjx_s, S1 ^ (S2 & SIGN_S))
FP_D(fsgnj_d, COPY_SIGN(FS1, FS2, SIGN_D))
FP_D(fsgnjn_d, COPY_SIGN(FS1, ~FS2, SIGN_D))
FP_D(fsgnjx_d, FS1 ^ (FS2 & SIGN_D))

FP_S(fmin_s, f32_min(S1, S2, FLAGS))
FP_S(fmax_s, f32_max(S1, S2, FLAGS))
FP_D(fmin_d, f64_min(FS1, FS2, FLAGS))
FP_D(fmax_d, f64_max(FS1, FS2, FLAGS))

FP_X(feq_s, f32_eq(S1, S2, FLAGS))
FP_X(flt_s, f32_lt(S1, S2, FLAGS))
FP_X(fle_s, f32_le(S1, S2, FLAGS))
FP_X(fclass_s, f32_classify(S1))
FP_X(feq_d, f64_eq(FS1, FS2, FLAGS))
FP_X(flt_d, f64_lt(FS1, FS2, FLAGS))
FP_X(fle_d, f64_le(FS1, FS2, FLAGS))
FP_X(fclass_d, f64_classify(FS1))

ROUNDED_X(fcvt_w_s, f32_to_w(S1, rm, FLAGS))
ROUNDED_X(fcvt_wu_s, f32_to_wu(S1, rm, FLAGS))
ROUNDED_X(fcvt_l_s, f32_to_l(S1, rm, FLAGS))
ROUNDED_X(fcvt_lu_s, f32_to_lu(S1, rm, FLAGS))
ROUNDED_X(fcvt_w_d, f64_to_w(FS1, rm, FLAGS))
ROUNDED_X(fcvt_wu_d, f64_to_wu(FS1, rm, FLAGS))
ROUNDED_X(fcvt_l_d, f64_to_l(FS1, rm, FLAGS))
ROUNDED_X(fcvt_lu_d, f64_to_lu(FS1, rm, FLAGS))

ROUNDED_S(fcvt_s_w, f32_from_w(RS1, rm, FLAGS))
ROUNDED_S(fcvt_s_wu, f32_from_wu(RS1, rm, FLAGS))
ROUNDED_S(fcvt_s_l, f32_from_l(RS1, rm, FLAGS))
ROUNDED_S(fcvt_s_lu, f32_from_lu(RS1, rm, FLAGS))
ROUNDED_D(fcvt_d_l, f64_from_l(RS1, rm, FLAGS))
ROUNDED_D(fcvt_d_lu, f64_from_lu(RS1, rm, FLAGS))
ROUNDED_S(fcvt_s_d, f32_from_f64(FS1, rm, FLAGS))

/* Exact, but a reserved dynamic rounding mode makes them illegal too. */
ROUNDED_D(fcvt_d_w, ((void)rm, f64_from_w(RS1)))
ROUNDED_D(fcvt_d_wu, ((void)rm, f64_from_wu(RS1)))
ROUNDED_D(fcvt_d_s, ((void)rm, f64_from_f32(S1, FLAGS)))

/* Moves of bits: no unboxing, the upper half is ignored. */
FP_X(fmv_x_w, WORD(FS1))
FP_S(fmv_w_x, (uint32_t)RS1)
FP_X(fmv_x_d, FS1)
FP_D(fmv_d_x, RS1)
