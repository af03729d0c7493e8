/*
 * The platform-level interrupt controller (RISC-V PLIC specification 1.0.0):
 * level-triggered sources; two contexts a hart, M then S. 32-bit registers.
 */
#ifndef POGO_DEVICES_PLIC_H
#define POGO_DEVICES_PLIC_H

#include "bus/bus.h"

/* For the device tree. */
#define PLIC_COMPATIBLE   "sifive,plic-1.0.0"
#define PLIC_COMPATIBLE_2 "riscv,plic0"
#define PLIC_SOURCES      95 /* numbered 1 to 95; riscv,ndev */
#define PLIC_MAX_PRIORITY 7

#define PLIC_MAX_HARTS 8
#define PLIC_CONTEXTS  (2 * PLIC_MAX_HARTS)
#define PLIC_WORDS     (PLIC_SOURCES / 32 + 1)

struct plic {
    unsigned contexts;
    /* Drives one context's interrupt: M-mode's of hart context / 2 if even,
       S-mode's if odd. Not NULL. */
    void (*drive)(void *wires, unsigned context, bool level);
    void *wires;
    uint32_t priority[PLIC_SOURCES + 1];
    uint32_t level[PLIC_WORDS];   /* the sources' wires */
    uint32_t pending[PLIC_WORDS]; /* forwarded by the gateway, not claimed */
    uint32_t claimed[PLIC_WORDS]; /* claimed, not completed: gateway closed */
    uint32_t enable[PLIC_CONTEXTS][PLIC_WORDS];
    uint32_t threshold[PLIC_CONTEXTS];
    bool driven[PLIC_CONTEXTS];
};

/* Reset state: all zero. 1 <= harts <= PLIC_MAX_HARTS. */
void plic_init(struct plic *p, unsigned harts,
               void (*drive)(void *wires, unsigned context, bool level),
               void *wires);

/* struct irq_line's set: source 1..PLIC_SOURCES; the context is the plic. */
void plic_set(void *plic, unsigned source, bool level);

/* struct bus_device load and store. */
bool plic_load(void *plic, uint64_t offset, unsigned size, uint64_t *v);
bool plic_store(void *plic, uint64_t offset, unsigned size, uint64_t v);

/* The state (base/state.h), of as many contexts as it was made with. */
void plic_state(struct plic *p, struct state *s);

#endif
