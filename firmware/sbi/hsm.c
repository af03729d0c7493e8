/*
 * The HSM extension (SBI 2.0, chapter 9).
 *
 *   STOPPED --start--> START_PENDING --> STARTED --stop--> STOP_PENDING
 *      ^                                    |                   |
 *      +------------------------------------|-------------------+
 *                                           +--suspend--> SUSPENDED --+
 *                                           ^----- interrupt ---------+
 *
 * A start claims its target by compare-and-swap from STOPPED, so of two harts
 * that start a third one wins. All other changes are a hart's own.
 */
#include "hsm.h"

#include "csr.h"
#include "hart.h"
#include "ipi.h"
#include "platform.h"
#include "sbi.h"

enum {
    HART_START = 0,
    HART_STOP = 1,
    HART_GET_STATUS = 2,
    HART_SUSPEND = 3,
};

/* The two suspend types every SBI has; others are a platform's own. */
#define SUSPEND_RETENTIVE     0x00000000U
#define SUSPEND_NON_RETENTIVE 0x80000000U

static enum hsm_state get_state(unsigned long hart)
{
    return __atomic_load_n(&harts[hart].state, __ATOMIC_SEQ_CST);
}

static void set_state(enum hsm_state state)
{
    __atomic_store_n(&this_hart()->state, state, __ATOMIC_SEQ_CST);
}

void hsm_init(unsigned long boot_hart)
{
    for (unsigned long hart = 0; hart < MAX_HARTS; hart++)
        harts[hart].state = hart == boot_hart ? HSM_STARTED : HSM_STOPPED;
}

bool hsm_is_running(unsigned long hart)
{
    switch (get_state(hart)) {
    case HSM_STOPPED:
    case HSM_START_PENDING:
        return false;
    default:
        return true;
    }
}

/*
 * Only now is the hart a target of remote fences, so it catches up with what
 * was changed before.
 */
static _Noreturn void start_supervisor(unsigned long addr, unsigned long arg)
{
    set_state(HSM_STARTED);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    __asm__ volatile("fence.i\n\tsfence.vma" ::: "memory");
    hart_enter_supervisor(addr, arg);
}

void hsm_wait_for_start(void)
{
    struct hart *self = this_hart();

    while (!(ipi_receive() & IPI_START))
        __asm__ volatile("wfi" ::: "memory");
    csr_clear(CSR_MIP, MIP_SSIP | MIP_STIP);
    start_supervisor(self->start_addr, self->start_arg);
}

static _Noreturn void hart_stop(void)
{
    set_state(HSM_STOP_PENDING);
    /* wfi wakes for what mie allows: nothing of the old supervisor's. */
    csr_write(CSR_MIE, MIP_MSIP);
    set_state(HSM_STOPPED);
    hsm_wait_for_start();
}

static long hart_start(unsigned long hart, unsigned long addr,
                       unsigned long arg)
{
    unsigned int expected = HSM_STOPPED;

    if (!platform_has_hart(hart))
        return SBI_ERR_INVALID_PARAM;
    if (!platform_is_entry(addr))
        return SBI_ERR_INVALID_ADDRESS;
    if (!__atomic_compare_exchange_n(&harts[hart].state, &expected,
                                     HSM_START_PENDING, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST))
        return expected == HSM_STOP_PENDING ? SBI_ERR_FAILED
                                            : SBI_ERR_ALREADY_AVAILABLE;
    harts[hart].start_addr = addr;
    harts[hart].start_arg = arg;
    ipi_post(hart, IPI_START);
    return SBI_SUCCESS;
}

/* Sleeps until an interrupt that the supervisor enabled is pending. */
static void suspend(void)
{
    unsigned long wakeups = csr_read(CSR_MIDELEG) & csr_read(CSR_MIE);

    set_state(HSM_SUSPENDED);
    while (!(csr_read(CSR_MIP) & wakeups)) {
        __asm__ volatile("wfi" ::: "memory");
        if (csr_read(CSR_MIP) & MIP_MSIP)
            ipi_receive();
        /* Without Sstc the supervisor's timer comes through ours. */
        if (csr_read(CSR_MIP) & csr_read(CSR_MIE) & MIP_MTIP) {
            csr_clear(CSR_MIE, MIP_MTIP);
            csr_set(CSR_MIP, MIP_STIP);
        }
    }
    set_state(HSM_RESUME_PENDING);
}

static long hart_suspend(uint32_t type, unsigned long addr, unsigned long arg)
{
    if (type != SUSPEND_RETENTIVE && type != SUSPEND_NON_RETENTIVE)
        return SBI_ERR_INVALID_PARAM;
    if (type == SUSPEND_NON_RETENTIVE && !platform_is_entry(addr))
        return SBI_ERR_INVALID_ADDRESS;
    set_state(HSM_SUSPEND_PENDING);
    suspend();
    if (type == SUSPEND_NON_RETENTIVE)
        start_supervisor(addr, arg);
    set_state(HSM_STARTED);
    return SBI_SUCCESS;
}

static struct sbi_ret hart_get_status(unsigned long hart)
{
    if (!platform_has_hart(hart))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    return sbi_value(get_state(hart));
}

struct sbi_ret sbi_hsm(const struct sbi_call *call)
{
    switch (call->function) {
    case HART_START:
        return sbi_error(hart_start(call->arg[0], call->arg[1], call->arg[2]));
    case HART_STOP:
        hart_stop();
    case HART_GET_STATUS:
        return hart_get_status(call->arg[0]);
    case HART_SUSPEND:
        return sbi_error(
            hart_suspend(call->arg[0], call->arg[1], call->arg[2]));
    default:
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    }
}
