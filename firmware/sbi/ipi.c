/*
 * Inter-processor interrupts, and the IPI extension (SBI 2.0, chapter 7).
 *
 * A message is a bit in the target's `ipi` word and its msip line. The sender
 * sets the bit first; the receiver lowers the line first: so a bit set at any
 * moment is either seen now or raises the line again.
 */
#include "ipi.h"

#include "csr.h"
#include "hart.h"
#include "hsm.h"
#include "platform.h"
#include "rfence.h"
#include "sbi.h"

void ipi_post(unsigned long hart, unsigned int what)
{
    __atomic_fetch_or(&harts[hart].ipi, what, __ATOMIC_SEQ_CST);
    platform_soft_raise(hart);
}

unsigned int ipi_receive(void)
{
    struct hart *self = this_hart();
    unsigned int asked;

    platform_soft_clear(self->id);
    __asm__ volatile("fence o, rw" ::: "memory");
    asked = __atomic_exchange_n(&self->ipi, 0, __ATOMIC_SEQ_CST);
    if (asked & IPI_SOFT)
        csr_set(CSR_MIP, MIP_SSIP);
    if (asked & IPI_FENCE)
        rfence_serve();
    return asked;
}

void ipi_poll(void)
{
    if (__atomic_load_n(&this_hart()->ipi, __ATOMIC_SEQ_CST))
        ipi_receive();
    hart_pause();
}

bool ipi_targets(unsigned long mask, unsigned long base, unsigned long *harts_)
{
    unsigned long all = platform_get()->harts;

    *harts_ = all;
    if (base == -1UL)
        return true;
    if (base >= MAX_HARTS) {
        *harts_ = 0;
        return mask == 0;
    }
    *harts_ = mask << base;
    /* No hart may be lost by the shift, and none be absent. */
    return *harts_ >> base == mask && !(*harts_ & ~all);
}

struct sbi_ret sbi_ipi(const struct sbi_call *call)
{
    unsigned long targets;

    if (call->function != 0)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    if (!ipi_targets(call->arg[0], call->arg[1], &targets))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    for (unsigned long hart = 0; hart < MAX_HARTS; hart++)
        if (targets >> hart & 1 && hsm_is_running(hart))
            ipi_post(hart, IPI_SOFT);
    return sbi_value(0);
}

struct sbi_ret sbi_legacy_clear_ipi(const struct sbi_call *call)
{
    (void)call;
    csr_clear(CSR_MIP, MIP_SSIP);
    return sbi_error(SBI_SUCCESS);
}
