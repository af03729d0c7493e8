/*
 * The runtime on the bare machine, the board of QEMU's `virt`: a marker line on
 * the UART before and after the work, and the end through the test finisher.
 * RAM is all zero at reset, so .bss needs no clearing.
 */
#include "bench.h"
#include "text.h"

#define UART ((volatile uint8_t *)0x10000000)
#define UART_STATUS 5
#define UART_EMPTY 0x20
#define FINISHER ((volatile uint32_t *)0x100000)
#define FINISHER_PASS 0x5555
#define MTIMECMP ((volatile uint64_t *)0x02004000)
#define MTIME ((volatile uint64_t *)0x0200bff8)
#define SETTLE 1000 /* ticks of 100 ns */
#define MIE_MTIE (1 << 7)

static void say(const struct text *t)
{
    for (unsigned k = 0; k < t->length; k++) {
        while (!(UART[UART_STATUS] & UART_EMPTY))
            ;
        UART[0] = (uint8_t)t->bytes[k];
    }
}

/* A machine may collect console output and hand it on later: a hart that
   waits is the time for that. Interrupts stay off in mstatus, wfi wakes all
   the same. */
static void settle(void)
{
    *MTIMECMP = *MTIME + SETTLE;
    __asm__ volatile("csrs mie, %0\n\twfi\n\tcsrc mie, %0"
                     : : "r"(MIE_MTIE) : "memory");
    *MTIMECMP = UINT64_MAX;
}

void bare_main(void)
{
    struct text start = { .length = 0 }, stop = { .length = 0 };

    text_add(&start, "@start " NAME "\n");
    say(&start);
    settle();
    text_add(&stop, "@stop " NAME " ");
    text_number(&stop, workload());
    text_add(&stop, " 0 ");
    text_number(&stop, workload_operations);
    text_add(&stop, "\n");
    say(&stop);
    settle();
    *FINISHER = FINISHER_PASS;
}
