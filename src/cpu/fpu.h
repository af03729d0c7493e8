/*
 * IEEE 754 arithmetic as the F and D chapters want it. Each function takes raw
 * register contents and a rounding mode (0..4, RM_*: never DYN), returns raw
 * bits, and ORs the exceptions raised into *flags (fflags bits). NaN results
 * are canonical. Single-precision functions take and return 32-bit patterns;
 * boxing and unboxing are the two helpers at the end. Pure but for *flags.
 * Arithmetic is quickest (on x86-64 several times) in RNE and if *flags holds
 * the guest's fflags already: what stands there need not be detected again.
 * Other bits of *flags are kept, so it may be fcsr itself.
 */
#ifndef POGO_CPU_FPU_H
#define POGO_CPU_FPU_H

#include "isa/csr_fields.h"

enum rounding { RM_RNE = 0, RM_RTZ = 1, RM_RDN = 2, RM_RUP = 3, RM_RMM = 4,
                RM_DYN = 7 };
enum fflag { FFLAG_NX = FCSR_NX, FFLAG_UF = FCSR_UF, FFLAG_OF = FCSR_OF,
             FFLAG_DZ = FCSR_DZ, FFLAG_NV = FCSR_NV };

#define F32_CANONICAL_NAN UINT32_C(0x7fc00000)
#define F64_CANONICAL_NAN UINT64_C(0x7ff8000000000000)

uint32_t f32_add(uint32_t a, uint32_t b, unsigned rm, unsigned *flags);
uint32_t f32_sub(uint32_t a, uint32_t b, unsigned rm, unsigned *flags);
uint32_t f32_mul(uint32_t a, uint32_t b, unsigned rm, unsigned *flags);
uint32_t f32_div(uint32_t a, uint32_t b, unsigned rm, unsigned *flags);
uint32_t f32_sqrt(uint32_t a, unsigned rm, unsigned *flags);
/* a*b+c with one rounding; the caller flips signs for fmsub, fnmadd, fnmsub. */
uint32_t f32_fma(uint32_t a, uint32_t b, uint32_t c, unsigned rm,
                 unsigned *flags);
uint32_t f32_min(uint32_t a, uint32_t b, unsigned *flags);
uint32_t f32_max(uint32_t a, uint32_t b, unsigned *flags);
bool f32_eq(uint32_t a, uint32_t b, unsigned *flags); /* quiet */
bool f32_lt(uint32_t a, uint32_t b, unsigned *flags); /* signaling */
bool f32_le(uint32_t a, uint32_t b, unsigned *flags); /* signaling */
uint64_t f32_classify(uint32_t a); /* fclass.s's bit set */

uint64_t f64_add(uint64_t a, uint64_t b, unsigned rm, unsigned *flags);
uint64_t f64_sub(uint64_t a, uint64_t b, unsigned rm, unsigned *flags);
uint64_t f64_mul(uint64_t a, uint64_t b, unsigned rm, unsigned *flags);
uint64_t f64_div(uint64_t a, uint64_t b, unsigned rm, unsigned *flags);
uint64_t f64_sqrt(uint64_t a, unsigned rm, unsigned *flags);
uint64_t f64_fma(uint64_t a, uint64_t b, uint64_t c, unsigned rm,
                 unsigned *flags);
uint64_t f64_min(uint64_t a, uint64_t b, unsigned *flags);
uint64_t f64_max(uint64_t a, uint64_t b, unsigned *flags);
bool f64_eq(uint64_t a, uint64_t b, unsigned *flags);
bool f64_lt(uint64_t a, uint64_t b, unsigned *flags);
bool f64_le(uint64_t a, uint64_t b, unsigned *flags);
uint64_t f64_classify(uint64_t a);

/* Conversions; saturation and NV as in the F chapter's table. The w forms
   return the 32-bit result sign-extended, wu too. */
uint64_t f32_to_w(uint32_t a, unsigned rm, unsigned *flags);
uint64_t f32_to_wu(uint32_t a, unsigned rm, unsigned *flags);
uint64_t f32_to_l(uint32_t a, unsigned rm, unsigned *flags);
uint64_t f32_to_lu(uint32_t a, unsigned rm, unsigned *flags);
uint64_t f64_to_w(uint64_t a, unsigned rm, unsigned *flags);
uint64_t f64_to_wu(uint64_t a, unsigned rm, unsigned *flags);
uint64_t f64_to_l(uint64_t a, unsigned rm, unsigned *flags);
uint64_t f64_to_lu(uint64_t a, unsigned rm, unsigned *flags);
uint32_t f32_from_w(uint64_t x, unsigned rm, unsigned *flags);
uint32_t f32_from_wu(uint64_t x, unsigned rm, unsigned *flags);
uint32_t f32_from_l(uint64_t x, unsigned rm, unsigned *flags);
uint32_t f32_from_lu(uint64_t x, unsigned rm, unsigned *flags);
uint64_t f64_from_w(uint64_t x);
uint64_t f64_from_wu(uint64_t x);
uint64_t f64_from_l(uint64_t x, unsigned rm, unsigned *flags);
uint64_t f64_from_lu(uint64_t x, unsigned rm, unsigned *flags);
uint32_t f32_from_f64(uint64_t a, unsigned rm, unsigned *flags);
uint64_t f64_from_f32(uint32_t a, unsigned *flags);

/* NaN boxing (D chapter): a single in a 64-bit register. */
static inline uint64_t f32_box(uint32_t v)
{
    return UINT64_C(0xffffffff00000000) | v;
}
static inline uint32_t f32_unbox(uint64_t v)
{
    return v >> 32 == 0xffffffff ? (uint32_t)v : F32_CANONICAL_NAN;
}

#endif
