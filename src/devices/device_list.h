/*
 * The devices of the board, where they are, and their wires: the memory map
 * and interrupt numbers of QEMU's `virt` machine. One table (device_slots)
 * says it; the bus and the device tree are both made from it.
 */
#ifndef POGO_DEVICES_DEVICE_LIST_H
#define POGO_DEVICES_DEVICE_LIST_H

#include "devices/aclint.h"
#include "devices/plic.h"
#include "devices/rom.h"
#include "devices/rtc.h"
#include "devices/syscon.h"
#include "devices/uart.h"
#include "devices/virtio_blk.h"
#include "devices/virtio_console.h"
#include "devices/virtio_net.h"
#include "devices/virtio_rng.h"

#define DEVICES_VIRTIO_SLOTS 8
#define DEVICES_RNG_SLOT     7 /* disks fill the slots from 0 on */
#define DEVICES_CONSOLE_SLOT 6 /* if there is a virtio console */
#define DEVICES_NET_SLOT     5 /* if there is a network device */
#define DEVICES_MAX_DISKS    7

enum device_kind {
    DEVICE_ROM,
    DEVICE_SYSCON,
    DEVICE_RTC,
    DEVICE_ACLINT,
    DEVICE_SSWI,
    DEVICE_PLIC,
    DEVICE_UART,
    DEVICE_VIRTIO,
};

/* One row of the memory map. */
struct device_slot {
    const char *name; /* "uart", "virtio0" */
    enum device_kind kind;
    unsigned index; /* among those of its kind */
    uint64_t base, size;
    unsigned irq; /* PLIC source; 0: none */
};

/* The memory map, n rows in ascending order of address. */
const struct device_slot *device_slots(size_t *n);

/* What the devices are given, and the wires that leave them. */
struct devices_config {
    unsigned harts;          /* 1..8 */
    uint64_t seed;           /* of virtio-rng */
    uint64_t epoch;          /* RTC at count 0, s since 1970; 0: the default */
    struct console *console; /* borrowed; the UART's; NULL: none */
    struct console *virtio_console; /* borrowed; another one; NULL: no device */
    struct net_cable *net;          /* borrowed; NULL: no network device */
    struct disk *const *disk;       /* `disks` of them, each borrowed */
    unsigned disks;

    void *context; /* goes to each of these; none may be NULL */
    /*
     * Interrupt `irq` (its bit in mip: 3 MSI, 7 MTI, 9 SEI, 11 MEI) of a hart
     * has become `level`. SSI (1) is an edge: SSIP is to be set as csrs would;
     * the line never falls. bus.attention has been set.
     */
    void (*hart_line)(void *context, unsigned hart, unsigned irq, bool level);
    /* mtime was written: count-derived state (Sstc) is to be looked at anew. */
    void (*time_written)(void *context);
    /* The guest asks to end with this exit status, or for a reset. */
    void (*finish)(void *context, int status);
    void (*reset)(void *context);
};

/* Once initialised it must stay where it is. */
struct devices {
    struct bus *bus; /* borrowed */
    struct devices_config config;
    struct rom rom;
    struct syscon syscon;
    struct rtc rtc;
    struct aclint aclint;
    struct plic plic;
    struct uart uart;
    struct virtio_mmio virtio[DEVICES_VIRTIO_SLOTS];
    struct virtio_blk blk[DEVICES_MAX_DISKS];
    struct virtio_rng rng;
    struct virtio_console console;
    struct virtio_net net;
};

/* How many disks there is room for below the others that have a slot. */
unsigned devices_max_disks(bool virtio_console, bool net);

/*
 * All devices in reset state, on the bus `b` (initialised, with RAM and clock,
 * no device there yet). STATUS_BAD_ARGUMENT: too many harts, or more disks than
 * devices_max_disks.
 */
enum status devices_init(struct devices *d, struct bus *b,
                         const struct devices_config *c);

#endif
