/*
 * What arrives in M-mode: SBI calls, our own two interrupts, traps that
 * belong to the supervisor but were not delegated, and our own mistakes.
 */
#include "trap.h"

#include "console.h"
#include "csr.h"
#include "ecall.h"
#include "ipi.h"
#include "platform.h"
#include "timer.h"

/* Stores what M-mode's xRET will use, then lets S-mode see a trap. */
void hart_enter_supervisor(unsigned long addr, unsigned long arg)
{
    extern _Noreturn void enter_supervisor(unsigned long, unsigned long,
                                           unsigned long);
    unsigned long mstatus = csr_read(CSR_MSTATUS);

    mstatus &= ~(MSTATUS_MPP | MSTATUS_MPIE | MSTATUS_SIE | MSTATUS_SPIE |
                 MSTATUS_SPP | MSTATUS_MPRV | MSTATUS_SUM | MSTATUS_MXR |
                 MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR | MSTATUS_MPV);
    csr_write(CSR_SATP, 0);
    csr_write(CSR_STVEC, addr & ~3UL);
    csr_write(CSR_SSCRATCH, 0);
    enter_supervisor(addr, arg, mstatus | MSTATUS_MPP_S);
}

/*
 * Gives a trap to S-mode, doing by hand what delegated hardware does: see
 * "supervisor trap entry". An exception goes to stvec's base even when
 * interrupts are vectored.
 */
static void trap_redirect(struct trap_frame *frame, unsigned long cause,
                          unsigned long value)
{
    unsigned long old = frame->mstatus;
    unsigned long status = old;

    csr_write(CSR_SEPC, frame->mepc);
    csr_write(CSR_SCAUSE, cause);
    csr_write(CSR_STVAL, value);
    status &= ~(MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE | MSTATUS_MPP);
    if ((old & MSTATUS_MPP) == MSTATUS_MPP_S)
        status |= MSTATUS_SPP;
    if (old & MSTATUS_SIE)
        status |= MSTATUS_SPIE;
    frame->mstatus = status | MSTATUS_MPP_S;
    frame->mepc = csr_read(CSR_STVEC) & ~3UL;
}

/*
 * A hart without Zicntr has no `time`, and supervisors cannot do without it:
 * "csrr rd, time" (rdtime) is carried out here, with the board's clock. mtval
 * has the instruction's bits, or this is not tried.
 */
#define RDTIME      0xc0102073UL
#define RDTIME_MASK 0xfffff07fUL

static bool emulate_time(struct trap_frame *frame, unsigned long cause,
                         unsigned long insn)
{
    if (cause != CAUSE_ILLEGAL || this_hart()->has_time ||
        (insn & RDTIME_MASK) != RDTIME)
        return false;
    frame->x[insn >> 7 & 31] = platform_time();
    frame->mepc += 4;
    return true;
}

/* A trap nobody planned for: say all there is to say, and stop. */
static _Noreturn void trap_fatal(const struct trap_frame *frame,
                                 unsigned long cause, unsigned long value)
{
    static unsigned int dying;

    /* A second trap, from here or another hart, must not print over us. */
    if (__atomic_exchange_n(&dying, 1, __ATOMIC_ACQ_REL))
        for (;;)
            __asm__ volatile("wfi");
    print("\nsbi: unexpected trap on hart %d\n", (int)this_hart()->id);
    print("  mcause %x  mepc %x  mtval %x  mstatus %x\n", cause, frame->mepc,
          value, frame->mstatus);
    for (int i = 1; i < 32; i++)
        print("  x%d %x%s", i, frame->x[i], i % 4 == 0 ? "\n" : "");
    print("\n");
    platform_stop(STOP_FIRMWARE_FAULT);
}

static bool handle_interrupt(unsigned long cause)
{
    switch (cause & ~CAUSE_INTERRUPT) {
    case IRQ_M_SOFT:
        ipi_receive();
        return true;
    case IRQ_M_TIMER:
        timer_fired();
        return true;
    default:
        return false;
    }
}

void trap_handle(struct trap_frame *frame)
{
    unsigned long cause = csr_read(CSR_MCAUSE);
    unsigned long value = csr_read(CSR_MTVAL);

    if ((frame->mstatus & MSTATUS_MPP) == MSTATUS_MPP)
        trap_fatal(frame, cause, value);
    if (cause & CAUSE_INTERRUPT) {
        if (!handle_interrupt(cause))
            trap_fatal(frame, cause, value);
    } else if (cause == CAUSE_ECALL_S) {
        ecall_handle(frame);
    } else if (!emulate_time(frame, cause, value)) {
        trap_redirect(frame, cause, value);
    }
}
