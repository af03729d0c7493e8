/*
 * The TIME extension (SBI 2.0, chapter 6). A hart with Sstc compares time
 * with its own stimecmp; for others the M-mode timer stands in: when it
 * fires, M-mode makes the supervisor's timer interrupt pending.
 */
#include "timer.h"

#include "csr.h"
#include "hart.h"
#include "platform.h"
#include "sbi.h"

static void timer_set(uint64_t when)
{
    struct hart *self = this_hart();

    if (self->has_sstc) {
        csr_write(CSR_STIMECMP, when);
        return;
    }
    platform_timer_set(self->id, when);
    csr_clear(CSR_MIP, MIP_STIP);
    csr_set(CSR_MIE, MIP_MTIP);
}

/*
 * mip.MTIP stays up until mtimecmp moves, so it is masked meanwhile: the
 * supervisor's next set_timer opens it again.
 */
void timer_fired(void)
{
    csr_clear(CSR_MIE, MIP_MTIP);
    csr_set(CSR_MIP, MIP_STIP);
}

struct sbi_ret sbi_time(const struct sbi_call *call)
{
    if (call->function != 0)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    timer_set(call->arg[0]);
    return sbi_value(0);
}

struct sbi_ret sbi_legacy_set_timer(const struct sbi_call *call)
{
    timer_set(call->arg[0]);
    return sbi_error(SBI_SUCCESS);
}
