/*
 * The host's floating point unit as a quick way to the same results: SSE2 on
 * x86-64, and FMA3 where the processor has it. SSE detects tininess after
 * rounding, as RISC-V does; it differs in NaNs, so a NaN result is computed
 * anew by fpu_soft.
 *
 * Every access to MXCSR and every operation is an `asm volatile`: the compiler
 * keeps these in order, and computes none of them itself.
 */
#ifndef POGO_CPU_FPU_HOST_H
#define POGO_CPU_FPU_HOST_H

#include "cpu/fpu.h"

#if defined(__x86_64__)
#define FPU_HOST 1

#define MXCSR_FLAGS UINT32_C(0x3f)
/* All exceptions masked, round to nearest even, nothing flushed to zero. */
#define MXCSR_DEFAULT UINT32_C(0x1f80)

/* MXCSR's flags as fflags: its bits 0, 2, 3, 4, 5 are invalid, divide by zero,
   overflow, underflow, inexact. (Bit 1, a subnormal operand, is nothing to
   RISC-V.) */
#define FFLAGS(m) \
    (((m) & 1) << 4 | ((m) & 4) << 1 | ((m) & 8) >> 1 | ((m) & 16) >> 3 | \
     ((m) & 32) >> 5)
#define FFLAGS_4(m) FFLAGS(m), FFLAGS(m + 1), FFLAGS(m + 2), FFLAGS(m + 3)
#define FFLAGS_16(m) \
    FFLAGS_4(m), FFLAGS_4(m + 4), FFLAGS_4(m + 8), FFLAGS_4(m + 12)

static inline unsigned host_fflags(uint32_t mxcsr)
{
    static const uint8_t fflags[] = {
        FFLAGS_16(0), FFLAGS_16(16), FFLAGS_16(32), FFLAGS_16(48),
    };

    return fflags[mxcsr & MXCSR_FLAGS];
}

static inline uint32_t mxcsr_get(void)
{
    uint32_t v;

    __asm__ volatile("stmxcsr %0" : "=m"(v));
    return v;
}

static inline void mxcsr_set(uint32_t v)
{
    __asm__ volatile("ldmxcsr %0" : : "m"(v));
}

/*
 * Makes MXCSR ready for one operation; false: not for this rounding mode.
 * Changing the mode and back costs more than doing it all in integers, so
 * that only the usual one is for the host. Flags that stand in MXCSR already
 * do no harm if `flags` has them too: the slow ldmxcsr is mostly left out.
 */
static inline bool host_enter(unsigned rm, unsigned flags)
{
    uint32_t now = mxcsr_get();

    if (rm != RM_RNE)
        return false;
    if (__builtin_expect((now & ~MXCSR_FLAGS) != MXCSR_DEFAULT ||
                         (host_fflags(now) & ~flags), 0))
        mxcsr_set(MXCSR_DEFAULT);
    return true;
}

/* After it: the flags. */
static inline unsigned host_leave(void)
{
    return host_fflags(mxcsr_get());
}

static inline bool host_has_fma(void)
{
    return __builtin_cpu_supports("fma");
}

union host_f32 {
    uint32_t bits;
    float value;
};

union host_f64 {
    uint64_t bits;
    double value;
};

/* The operations themselves, on raw bits, between host_enter and host_leave. */
#define HOST_BINARY(name, format, raw, operation) \
    static inline raw host_##format##_##name(raw a, raw b) \
    { \
        union host_##format x = {a}, y = {b}; \
        __asm__ volatile(operation " %1, %0" : "+x"(x.value) : "x"(y.value)); \
        return x.bits; \
    }
HOST_BINARY(add, f32, uint32_t, "addss")
HOST_BINARY(sub, f32, uint32_t, "subss")
HOST_BINARY(mul, f32, uint32_t, "mulss")
HOST_BINARY(div, f32, uint32_t, "divss")
HOST_BINARY(add, f64, uint64_t, "addsd")
HOST_BINARY(sub, f64, uint64_t, "subsd")
HOST_BINARY(mul, f64, uint64_t, "mulsd")
HOST_BINARY(div, f64, uint64_t, "divsd")
#undef HOST_BINARY

#define HOST_SQRT_FMA(format, raw, root, multiply_add) \
    static inline raw host_##format##_sqrt(raw a) \
    { \
        union host_##format x = {a}; \
        __asm__ volatile(root " %0, %0" : "+x"(x.value)); \
        return x.bits; \
    } \
    static inline raw host_##format##_fma(raw a, raw b, raw c) \
    { \
        union host_##format x = {a}, y = {b}, z = {c}; \
        __asm__ volatile(multiply_add " %2, %1, %0" \
                         : "+x"(x.value) \
                         : "x"(y.value), "x"(z.value)); \
        return x.bits; \
    }
HOST_SQRT_FMA(f32, uint32_t, "sqrtss", "vfmadd213ss")
HOST_SQRT_FMA(f64, uint64_t, "sqrtsd", "vfmadd213sd")
#undef HOST_SQRT_FMA

static inline uint32_t host_f32_from_f64(uint64_t a)
{
    union host_f64 x = {a};
    union host_f32 y = {0};

    __asm__ volatile("cvtsd2ss %1, %0" : "+x"(y.value) : "x"(x.value));
    return y.bits;
}

/*
 * Where the guest rounds to nearest even and its inexact flag stands already,
 * an operation need not touch MXCSR: what else it could raise shows in its
 * result. Invalid gives a NaN, overflow and division by zero infinity, and
 * underflow at most the smallest normal number. MXCSR's flags may grow by this;
 * host_enter copes with whatever stands there.
 */
static inline bool host_f32_shows_no_flag(uint32_t result)
{
    return (result >> 23 & 0xff) - 2 <= 0xfe - 2;
}

static inline bool host_f64_shows_no_flag(uint64_t result)
{
    return (result >> 52 & 0x7ff) - 2 <= 0x7fe - 2;
}

#else
#define FPU_HOST 0
#endif

#endif
