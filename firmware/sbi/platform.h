/*
 * The board: which harts, memory and devices the device tree names, and the
 * few device registers M-mode itself needs.
 */
#ifndef SBI_PLATFORM_H
#define SBI_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MAX_RAM_REGIONS 4
#define ISA_STRING_SIZE 256

struct ram_region {
    unsigned long base;
    unsigned long size; /* bytes */
};

struct platform {
    unsigned long harts; /* bit n: hart n exists and is enabled */
    struct ram_region ram[MAX_RAM_REGIONS];
    unsigned ram_count;
    unsigned long uart;        /* ns16550a, one byte a register */
    unsigned long msip;        /* software interrupts: 4 bytes a hart */
    unsigned long mtimecmp;    /* timer compare: 8 bytes a hart */
    unsigned long mtime;       /* the time: 8 bytes */
    unsigned long finisher;    /* sifive,test */
    char isa[ISA_STRING_SIZE]; /* riscv,isa of the first hart, or "" */
};

/* What the machine exits with. */
enum stop_code {
    STOP_PASS,
    STOP_SYSTEM_FAILURE, /* the supervisor's word: exit code 1 */
    STOP_FIRMWARE_FAULT, /* a bug in here, or no payload: exit code 2 */
    STOP_RESET,
};

/*
 * Reads the tree at `fdt`; what it does not say is as on QEMU's `virt`.
 * Returns false if there is no usable tree at all.
 */
bool platform_init(const void *fdt, unsigned long boot_hart);

const struct platform *platform_get(void);

bool platform_has_hart(unsigned long hart);

/*
 * Whether S-mode may name [addr, addr + size) to us: all of it RAM, none of
 * it the firmware's.
 */
bool platform_is_payload_ram(unsigned long addr, unsigned long size);

/* Whether `addr` can be where S-mode starts: not inside the firmware. */
bool platform_is_entry(unsigned long addr);

/* Raises and clears hart's M-mode software interrupt. */
void platform_soft_raise(unsigned long hart);
void platform_soft_clear(unsigned long hart);

/* The time now, as mtime has it. */
uint64_t platform_time(void);

/* Hart's M-mode timer interrupt is pending from time `when` on. */
void platform_timer_set(unsigned long hart, uint64_t when);

_Noreturn void platform_stop(enum stop_code code);

#endif
