/*
 * SiFive's test finisher: one register through which the guest ends the run
 * with an exit status, or asks for a reset.
 */
#ifndef POGO_DEVICES_SYSCON_H
#define POGO_DEVICES_SYSCON_H

#include "bus/bus.h"

/* For the device tree: `compatible`, and what syscon-poweroff and
   syscon-reboot write at offset 0. */
#define SYSCON_COMPATIBLE   "sifive,test1"
#define SYSCON_COMPATIBLE_2 "sifive,test0"
#define SYSCON_COMPATIBLE_3 "syscon"
#define SYSCON_FAIL         0x3333u /* with the exit status in bits 31..16 */
#define SYSCON_PASS         0x5555u
#define SYSCON_RESET        0x7777u

struct syscon {
    void *context;
    void (*finish)(void *context, int status); /* 0 to 65535 */
    void (*reset)(void *context);
};

/* struct bus_device load and store. */
bool syscon_load(void *syscon, uint64_t offset, unsigned size, uint64_t *v);
bool syscon_store(void *syscon, uint64_t offset, unsigned size, uint64_t v);

#endif
