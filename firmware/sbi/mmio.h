/*
 * Device registers. The fences keep an access in order with memory: without
 * them another hart may see the device change before the data it announces.
 */
#ifndef SBI_MMIO_H
#define SBI_MMIO_H

#include <stdint.h>

static inline uint8_t mmio_read8(unsigned long addr)
{
    uint8_t value = *(volatile uint8_t *)addr;

    __asm__ volatile("fence i, rw" ::: "memory");
    return value;
}

static inline void mmio_write8(unsigned long addr, uint8_t value)
{
    __asm__ volatile("fence rw, o" ::: "memory");
    *(volatile uint8_t *)addr = value;
}

static inline void mmio_write32(unsigned long addr, uint32_t value)
{
    __asm__ volatile("fence rw, o" ::: "memory");
    *(volatile uint32_t *)addr = value;
}

static inline uint64_t mmio_read64(unsigned long addr)
{
    return *(volatile uint64_t *)addr;
}

static inline void mmio_write64(unsigned long addr, uint64_t value)
{
    __asm__ volatile("fence rw, o" ::: "memory");
    *(volatile uint64_t *)addr = value;
}

#endif
