/*
 * All that brings a hart into the kernel: interrupts, system calls, and what
 * a program did that it may not do, or not yet.
 */
#include "kernel.h"
#include "riscv.h"

#define TICKS_PER_SECOND 10000

static uint64_t tick_length; /* in units of the time register */
static uint64_t next_tick;
static bool has_fp;

static void set_alarm(void)
{
    next_tick += tick_length;
    sbi_set_timer(next_tick);
}

/*
 * stvec is where traps go. sie selects the interrupts; in U-mode the selected
 * ones are always taken, in S-mode only while sstatus.SIE is set.
 */
void trap_init(const struct machine_info *info)
{
    has_fp = info->has_fp;
    tick_length = info->timebase / TICKS_PER_SECOND;
    csr_write(sscratch, 0);
    csr_write(stvec, trap_entry);
    next_tick = csr_read(time);
    set_alarm();
    csr_write(sie, SIE_TIMER | SIE_EXTERNAL);
}

/* A hart that was held up may be behind by many ticks: count each once. */
static void timer_interrupt(void)
{
    stats.ticks++;
    if (next_tick + tick_length < csr_read(time))
        next_tick = csr_read(time);
    set_alarm();
    wake_sleepers();
}

static void external_interrupt(void)
{
    int irq = plic_claim();

    if (irq == UART_IRQ)
        console_interrupt();
    if (irq)
        plic_complete(irq);
    stats.external++;
}

static const char *cause_name(uint64_t cause)
{
    static const char *const names[16] = {
        [0] = "misaligned fetch",    [1] = "fetch access fault",
        [2] = "illegal instruction", [3] = "breakpoint",
        [4] = "misaligned load",     [5] = "load access fault",
        [6] = "misaligned store",    [7] = "store access fault",
        [12] = "fetch page fault",   [13] = "load page fault",
        [15] = "store page fault",
    };

    return cause < 16 && names[cause] ? names[cause] : "unknown trap";
}

static _Noreturn void kill(uint64_t cause, uint64_t value)
{
    turn_take();
    print("kernel: pid %d (%s) killed: %s", current->pid, current->name,
          cause_name(cause));
    if (cause == CAUSE_ILLEGAL) /* stval may hold the instruction, or 0 */
        print("\n");
    else
        print(" at %x\n", value);
    proc_die();
}

/*
 * With FS off, floating-point instructions are illegal. So the first one says
 * that the program wants its registers: load them, and let it try again. If
 * FS was on, the instruction is illegal for another reason.
 */
static bool fp_wanted(struct frame *frame)
{
    if (!has_fp || frame->sstatus & SSTATUS_FS)
        return false;
    stats.fp_traps++;
    csr_set(sstatus, SSTATUS_FS);
    fp_restore(current->fp);
    frame->sstatus |= SSTATUS_FS_CLEAN;
    return true;
}

static bool page_fault(uint64_t cause, uint64_t va)
{
    stats.faults++;
    return vm_fault(current, va, cause == CAUSE_STORE_PAGE);
}

static void exception(struct frame *frame, uint64_t cause, uint64_t value)
{
    bool ok = false;

    switch (cause) {
    case CAUSE_ECALL_U:
        frame->sepc += 4; /* sepc is the ecall itself */
        syscall(frame);
        return;
    case CAUSE_FETCH_PAGE:
    case CAUSE_LOAD_PAGE:
    case CAUSE_STORE_PAGE:
        ok = page_fault(cause, value);
        break;
    case CAUSE_ILLEGAL:
        ok = fp_wanted(frame);
        break;
    }
    if (!ok)
        kill(cause, value);
}

void trap_handle(struct frame *frame)
{
    uint64_t cause = csr_read(scause);
    uint64_t value = csr_read(stval);
    bool from_kernel = frame->sstatus & SSTATUS_SPP;

    if (cause == CAUSE_TIMER) {
        timer_interrupt();
        if (!from_kernel)
            yield(); /* preemption: the program did not ask for it */
    } else if (cause == CAUSE_EXTERNAL) {
        external_interrupt();
    } else if (from_kernel || cause & CAUSE_INTERRUPT) {
        panic(cause_name(cause), frame->sepc);
    } else {
        exception(frame, cause, value);
    }
}
