/*
 * The platform-level interrupt controller: it gathers the devices' lines and
 * raises one interrupt, "S external", in a hart that enabled the source. The
 * handler claims the source, serves it, and completes it.
 */
#include "kernel.h"

/* Each hart has two contexts: M-mode first, then S-mode. */
static int context;

static volatile uint32_t *reg(uint64_t offset)
{
    return (volatile uint32_t *)(PLIC_BASE + offset);
}

static volatile uint32_t *priority(int irq)
{
    return reg(4 * irq);
}

static volatile uint32_t *enable(int irq)
{
    return reg(0x2000 + 0x80 * context + 4 * (irq / 32));
}

static volatile uint32_t *threshold(void)
{
    return reg(0x200000 + 0x1000 * context);
}

static volatile uint32_t *claim(void)
{
    return reg(0x200004 + 0x1000 * context);
}

void plic_init(int hart)
{
    context = 2 * hart + 1;
    *priority(UART_IRQ) = 1;
    *enable(UART_IRQ) = 1U << UART_IRQ % 32;
    *threshold() = 0;
}

int plic_claim(void)
{
    return *claim();
}

void plic_complete(int irq)
{
    *claim() = irq;
}
