/*
 * What M-mode prepares on every hart before a supervisor may run.
 * Privileged Architecture, chapter 3 (machine level).
 *
 * Registers and fields that are optional are found by trying: a CSR that is
 * absent traps, a field that is absent reads back as written by the hardware
 * (WARL: write any, read legal).
 */
#include "hart.h"

#include "csr.h"
#include "platform.h"

#define BIT(n) (1UL << (n))

/* Traps that are the supervisor's own affair go to it without our help. */
#define DELEGATED                                                              \
    (BIT(CAUSE_FETCH_MISALIGNED) | BIT(CAUSE_ILLEGAL) |                        \
     BIT(CAUSE_BREAKPOINT) | BIT(CAUSE_ECALL_U) | BIT(CAUSE_FETCH_PAGE) |      \
     BIT(CAUSE_LOAD_PAGE) | BIT(CAUSE_STORE_PAGE))

/*
 * With the H extension a trap may come from a guest of the supervisor, and
 * handing it on takes more registers than trap_redirect() knows. So there the
 * hardware does all of it.
 */
#define DELEGATED_WITH_H                                                       \
    (BIT(CAUSE_FETCH_ACCESS) | BIT(CAUSE_LOAD_MISALIGNED) |                    \
     BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_STORE_MISALIGNED) |                    \
     BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_ECALL_VS) |                           \
     BIT(CAUSE_GUEST_FETCH_PAGE) | BIT(CAUSE_GUEST_LOAD_PAGE) |                \
     BIT(CAUSE_VIRTUAL_INSTRUCTION) | BIT(CAUSE_GUEST_STORE_PAGE))

#define MISA_H BIT('H' - 'A')

static void delegate(const struct hart *self)
{
    unsigned long causes = DELEGATED;

    if (self->misa & MISA_H)
        causes |= DELEGATED_WITH_H;
    if (!self->has_time)
        causes &= ~BIT(CAUSE_ILLEGAL);
    csr_write(CSR_MEDELEG, causes);
    csr_write(CSR_MIDELEG, MIP_SSIP | MIP_STIP | MIP_SEIP);
}

/* Lets S-mode read cycle, time and instret. */
static void open_counters(void)
{
    csr_try_write(CSR_MCOUNTINHIBIT, 0);
    csr_try_write(CSR_MCOUNTEREN, COUNTEREN_CY_TM_IR);
    csr_try_write(CSR_SCOUNTEREN, COUNTEREN_CY_TM_IR);
}

/*
 * menvcfg switches on what the supervisor may use. Each bit sticks only if
 * the hart has the extension. ADUE stays 0: the supervisor sets the A and D
 * bits of its page tables itself (Svade).
 */
static void open_environment(struct hart *self)
{
    unsigned long want = MENVCFG_STCE | MENVCFG_PBMTE | MENVCFG_CBZE |
                         MENVCFG_CBCFE | MENVCFG_CBIE;

    self->menvcfg = 0;
    if (csr_try_write(CSR_MENVCFG, want))
        self->menvcfg = csr_read(CSR_MENVCFG);
    /* STCE may stick on a hart whose stimecmp is missing: look at both. */
    self->has_sstc =
        (self->menvcfg & MENVCFG_STCE) && csr_try_write(CSR_STIMECMP, -1UL);
    /* Smstateen would otherwise hide senvcfg and friends from S-mode. */
    csr_try_write(CSR_MSTATEEN0, -1UL);
}

/*
 * PMP entry 0 denies the firmware's own memory to S and U, entry 1 allows the
 * rest; the lowest matching entry decides. NAPOT: the number of trailing ones
 * in pmpaddr gives the size, in units of 8 bytes.
 */
static void protect_firmware(struct hart *self)
{
    unsigned long firmware =
        ((unsigned long)FIRMWARE_BASE >> 2) | ((FIRMWARE_SIZE >> 3) - 1);
    unsigned long rules = PMP_NAPOT | (PMP_NAPOT | PMP_RWX) << 8;

    self->has_pmp = csr_try_write(CSR_PMPADDR0, firmware) &&
                    csr_try_write(CSR_PMPADDR1, -1UL) &&
                    csr_try_write(CSR_PMPCFG0, rules);
    /* PMP results may be cached with translations. */
    __asm__ volatile("sfence.vma" ::: "memory");
}

void hart_init(struct hart *self)
{
    unsigned long now;

    self->misa = csr_read(CSR_MISA);
    self->has_time = csr_try_read(CSR_TIME, &now);
    csr_write(CSR_MIE, 0);
    csr_write(CSR_SATP, 0);
    delegate(self);
    open_counters();
    open_environment(self);
    protect_firmware(self);
    platform_timer_set(self->id, -1UL);
    platform_soft_clear(self->id);
    csr_clear(CSR_MIP, MIP_SSIP | MIP_STIP);
    csr_write(CSR_MIE, MIP_MSIP);
}
