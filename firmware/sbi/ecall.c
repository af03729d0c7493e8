/*
 * From an `ecall` in S-mode to the function that serves it, and the BASE
 * extension, which tells the caller what there is. SBI 2.0, chapters 3 and 4.
 */
#include "ecall.h"

#include "csr.h"
#include "sbi.h"

struct extension {
    unsigned long id;
    sbi_function *handle;
    bool legacy; /* the result goes to a0, a1 is kept */
};

static sbi_function sbi_base;

static const struct extension extensions[] = {
    { SBI_EXT_BASE, sbi_base, false },
    { SBI_EXT_TIME, sbi_time, false },
    { SBI_EXT_IPI, sbi_ipi, false },
    { SBI_EXT_RFENCE, sbi_rfence, false },
    { SBI_EXT_HSM, sbi_hsm, false },
    { SBI_EXT_SRST, sbi_srst, false },
    { SBI_EXT_DBCN, sbi_dbcn, false },
    { SBI_LEGACY_SET_TIMER, sbi_legacy_set_timer, true },
    { SBI_LEGACY_PUTCHAR, sbi_legacy_putchar, true },
    { SBI_LEGACY_GETCHAR, sbi_legacy_getchar, true },
    { SBI_LEGACY_CLEAR_IPI, sbi_legacy_clear_ipi, true },
    { SBI_LEGACY_SHUTDOWN, sbi_legacy_shutdown, true },
};

static const struct extension *find_extension(unsigned long id)
{
    for (unsigned i = 0; i < sizeof extensions / sizeof *extensions; i++)
        if (extensions[i].id == id)
            return &extensions[i];
    return NULL;
}

static struct sbi_ret sbi_base(const struct sbi_call *call)
{
    switch (call->function) {
    case 0:
        return sbi_value(SBI_SPEC_VERSION);
    case 1:
        return sbi_value(SBI_IMPLEMENTATION_ID);
    case 2:
        return sbi_value(SBI_IMPLEMENTATION_VERSION);
    case 3: /* probe: 0 means "not here", any other value "yes" */
        return sbi_value(find_extension(call->arg[0]) != NULL);
    case 4:
        return sbi_value(csr_read(CSR_MVENDORID));
    case 5:
        return sbi_value(csr_read(CSR_MARCHID));
    case 6:
        return sbi_value(csr_read(CSR_MIMPID));
    default:
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    }
}

void ecall_handle(struct trap_frame *frame)
{
    unsigned long *a = &frame->x[10]; /* a0..a7 are x10..x17 */
    const struct extension *extension = find_extension(a[7]);
    struct sbi_call call = {
        .function = a[6],
        .arg = { a[0], a[1], a[2], a[3], a[4], a[5] },
    };
    struct sbi_ret ret = sbi_error(SBI_ERR_NOT_SUPPORTED);

    /* mepc is the ecall itself; it is never compressed. */
    frame->mepc += 4;
    if (extension)
        ret = extension->handle(&call);
    a[0] = ret.error;
    if (!extension || !extension->legacy)
        a[1] = ret.value;
}
