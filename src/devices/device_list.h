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
#include "devices/virtio_9p.h"
#include "devices/virtio_balloon.h"
#include "devices/virtio_blk.h"
#include "devices/virtio_console.h"
#include "devices/virtio_gpu.h"
#include "devices/virtio_input.h"
#include "devices/virtio_net.h"
#include "devices/virtio_rng.h"

/*
 * The first eight virtio slots are QEMU's, and always there; what is in those
 * behind them comes only with the device that sits in it.
 */
#define DEVICES_VIRTIO_SLOTS  13
#define DEVICES_FIXED_SLOTS   8
#define DEVICES_RNG_SLOT      7 /* disks fill the slots from 0 on */
#define DEVICES_CONSOLE_SLOT  6 /* if there is a virtio console */
#define DEVICES_NET_SLOT      5 /* if there is a network device */
#define DEVICES_SHARE_SLOT    8 /* a shared folder */
#define DEVICES_GPU_SLOT      9 /* a display */
#define DEVICES_KEYBOARD_SLOT 10
#define DEVICES_TABLET_SLOT   11
#define DEVICES_BALLOON_SLOT  12
#define DEVICES_MAX_DISKS     7

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

/* The memory map, n rows in ascending order of address; devices_present says
   which of them a machine has. */
const struct device_slot *device_slots(size_t *n);

/* What the devices are given, and the wires that leave them. */
struct devices_config {
    unsigned harts;          /* 1..8 */
    uint64_t seed;           /* of virtio-rng */
    uint64_t epoch;          /* RTC at count 0, s since 1970; 0: the default */
    struct console *console; /* borrowed; the UART's; NULL: none */
    struct console *virtio_console; /* borrowed; another one; NULL: no device */
    const struct virtio_console_port *port; /* its further ports: `ports` … */
    unsigned ports; /* … of them, each borrowed; 0: a plain console */
    bool balloon;     /* there is one … */
    bool balloon_oom; /* … which the guest may let out by itself */
    struct net_cable *net;          /* borrowed; NULL: no network device */
    const struct share_end *share;  /* borrowed; NULL: no shared folder */
    struct display *display; /* borrowed; NULL: no gpu, keyboard and tablet */
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
    struct virtio_9p share;
    struct virtio_balloon balloon;
    struct virtio_gpu gpu;
    struct virtio_input keyboard, tablet;
};

/* Is there anything at this row's address? */
bool devices_present(const struct devices *d, const struct device_slot *s);

/* How many disks there is room for below the others that have a slot. */
unsigned devices_max_disks(bool virtio_console, bool net);

/*
 * All devices in reset state, on the bus `b` (initialised, with RAM and clock,
 * no device there yet). STATUS_BAD_ARGUMENT: too many harts, more disks than
 * devices_max_disks, too many ports, or ports without a virtio console.
 */
enum status devices_init(struct devices *d, struct bus *b,
                         const struct devices_config *c);
void devices_free(struct devices *d);

/* The state of them all (base/state.h), in the order of their addresses. */
void devices_state(struct devices *d, struct state *s);

#endif
