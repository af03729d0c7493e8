/*
 * Arithmetic: the host's where it gives the right answer quickly, otherwise
 * fpu_soft.
 */
#include "cpu/fpu_host.h"
#include "cpu/fpu_soft.h"

#if FPU_HOST

static inline bool f32_is_nan(uint32_t a)
{
    return (a & 0x7fffffff) > 0x7f800000;
}

static inline bool f64_is_nan(uint64_t a)
{
    return (a & (BIT(63) - 1)) > UINT64_C(0x7ff0000000000000);
}

/*
 * Returns what the host makes of `operation` from the function it stands in,
 * unless the host cannot do it or the result is a NaN.
 */
#define TRY_HOST(format, raw, operation) \
    if (host_enter(rm, *flags)) { \
        raw result = operation; \
        unsigned raised = host_leave(); \
        if (__builtin_expect(!format##_is_nan(result), 1)) { \
            *flags |= raised; \
            return result; \
        } \
    }
#define TRY_HOST_FMA(format, raw, operation) \
    if (host_has_fma()) \
        TRY_HOST(format, raw, operation)

#else
#define TRY_HOST(format, raw, operation)
#define TRY_HOST_FMA(format, raw, operation)
#endif

#define BINARY(name, format, raw) \
    raw format##_##name(raw a, raw b, unsigned rm, unsigned *flags) \
    { \
        TRY_HOST(format, raw, host_##format##_##name(a, b)) \
        return (raw)soft_##name(&soft_##format, a, b, rm, flags); \
    }
BINARY(add, f32, uint32_t)
BINARY(sub, f32, uint32_t)
BINARY(mul, f32, uint32_t)
BINARY(div, f32, uint32_t)
BINARY(add, f64, uint64_t)
BINARY(sub, f64, uint64_t)
BINARY(mul, f64, uint64_t)
BINARY(div, f64, uint64_t)

uint32_t f32_sqrt(uint32_t a, unsigned rm, unsigned *flags)
{
    TRY_HOST(f32, uint32_t, host_f32_sqrt(a))
    return (uint32_t)soft_sqrt(&soft_f32, a, rm, flags);
}

uint64_t f64_sqrt(uint64_t a, unsigned rm, unsigned *flags)
{
    TRY_HOST(f64, uint64_t, host_f64_sqrt(a))
    return soft_sqrt(&soft_f64, a, rm, flags);
}

uint32_t f32_fma(uint32_t a, uint32_t b, uint32_t c, unsigned rm,
                 unsigned *flags)
{
    TRY_HOST_FMA(f32, uint32_t, host_f32_fma(a, b, c))
    return (uint32_t)soft_fma(&soft_f32, a, b, c, rm, flags);
}

uint64_t f64_fma(uint64_t a, uint64_t b, uint64_t c, unsigned rm,
                 unsigned *flags)
{
    TRY_HOST_FMA(f64, uint64_t, host_f64_fma(a, b, c))
    return soft_fma(&soft_f64, a, b, c, rm, flags);
}

uint32_t f32_from_f64(uint64_t a, unsigned rm, unsigned *flags)
{
    TRY_HOST(f32, uint32_t, host_f32_from_f64(a))
    return (uint32_t)soft_convert(&soft_f64, &soft_f32, a, rm, flags);
}
