/*
 * The SBI specification, version 2.0, as far as this firmware implements it:
 * numbers, and what an extension looks like to the call table in ecall.c.
 */
#ifndef SBI_SBI_H
#define SBI_SBI_H

#define SBI_SPEC_VERSION 0x02000000UL /* major 2, minor 0 */
/* "Pogo" in ASCII; not a registered id. */
#define SBI_IMPLEMENTATION_ID      0x506f676fUL
#define SBI_IMPLEMENTATION_VERSION 0x00000001UL
#define SBI_IMPLEMENTATION_NAME    "Pogo SBI 0.1"

#define SBI_SUCCESS               0L
#define SBI_ERR_FAILED            (-1L)
#define SBI_ERR_NOT_SUPPORTED     (-2L)
#define SBI_ERR_INVALID_PARAM     (-3L)
#define SBI_ERR_DENIED            (-4L)
#define SBI_ERR_INVALID_ADDRESS   (-5L)
#define SBI_ERR_ALREADY_AVAILABLE (-6L)

/* Extension ids: the ASCII of their names. */
#define SBI_EXT_BASE   0x10UL
#define SBI_EXT_TIME   0x54494d45UL
#define SBI_EXT_IPI    0x735049UL
#define SBI_EXT_RFENCE 0x52464e43UL
#define SBI_EXT_HSM    0x48534dUL
#define SBI_EXT_SRST   0x53525354UL
#define SBI_EXT_DBCN   0x4442434eUL
/* The calls of SBI 0.1: one extension a function, result in a0 only. */
#define SBI_LEGACY_SET_TIMER 0x0UL
#define SBI_LEGACY_PUTCHAR   0x1UL
#define SBI_LEGACY_GETCHAR   0x2UL
#define SBI_LEGACY_CLEAR_IPI 0x3UL
#define SBI_LEGACY_SHUTDOWN  0x8UL

struct sbi_ret {
    long error;          /* to a0 */
    unsigned long value; /* to a1 */
};

/* One call: a7 chose the extension, a6 the function; a0..a5 follow. */
struct sbi_call {
    unsigned long function;
    unsigned long arg[6];
};

typedef struct sbi_ret sbi_function(const struct sbi_call *call);

/* The extensions, one in each file named after it. */
sbi_function sbi_time, sbi_ipi, sbi_rfence, sbi_hsm, sbi_srst, sbi_dbcn;
sbi_function sbi_legacy_putchar, sbi_legacy_getchar;
sbi_function sbi_legacy_set_timer, sbi_legacy_clear_ipi;
sbi_function sbi_legacy_shutdown;

static inline struct sbi_ret sbi_error(long error)
{
    return (struct sbi_ret){ .error = error };
}

static inline struct sbi_ret sbi_value(unsigned long value)
{
    return (struct sbi_ret){ .error = SBI_SUCCESS, .value = value };
}

#endif
