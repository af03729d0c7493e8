/*
 * One hart as the firmware sees it, and the M-mode set-up each goes through.
 */
#ifndef SBI_HART_H
#define SBI_HART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "layout.h"

/* Registers of the interrupted program, as trap.S saves and restores them. */
struct trap_frame {
    unsigned long x[32]; /* x[0] is unused */
    unsigned long mepc;
    unsigned long mstatus;
};

struct hart {
    /* The M-mode stack. It is first: trap.S finds the rest from the stack. */
    unsigned char stack[HART_STACK_SIZE];
    unsigned long id;
    /* HSM state (enum hsm_state), changed by compare-and-swap only. */
    unsigned int state;
    /* What other harts ask for (IPI_* bits), taken by ipi_receive(). */
    unsigned int ipi;
    /* Where to enter S-mode, valid once IPI_START is seen. */
    unsigned long start_addr;
    unsigned long start_arg;
    /* Found by hart_init(). */
    bool has_sstc;
    bool has_pmp;
    bool has_time; /* the CSR; else trap.c reads mtime for the supervisor */
    unsigned long misa;
    unsigned long menvcfg;
} __attribute__((aligned(HART_SIZE)));

_Static_assert(sizeof(struct hart) == HART_SIZE, "start.S counts on it");
_Static_assert(offsetof(struct hart, id) == HART_STACK_SIZE, "trap.S too");
_Static_assert(sizeof(struct trap_frame) == FRAME_SIZE, "and trap.S again");

extern struct hart harts[MAX_HARTS];

/* The hart this code runs on: tp, in M-mode, always. */
static inline struct hart *this_hart(void)
{
    struct hart *self;

    __asm__("mv %0, tp" : "=r"(self));
    return self;
}

/* A hint to the machine that this hart only waits for another. */
static inline void hart_pause(void)
{
    __asm__ volatile(".word 0x0100000f" ::: "memory");
}

/*
 * Prepares the calling hart for a supervisor: delegation, counters, PMP, and
 * the optional extensions that M-mode has to switch on.
 */
void hart_init(struct hart *self);

/*
 * Enters S-mode at physical address `addr` with address translation off,
 * interrupts off, a0 = the hart's id, a1 = `arg` and all other registers 0.
 * The M-mode stack is empty afterwards: nothing returns here.
 */
_Noreturn void hart_enter_supervisor(unsigned long addr, unsigned long arg);

#endif
