/*
 * The board: QEMU's `virt` memory map, devices, clock and wires, without a
 * processor. The bare machine puts interpreted harts on it; a virtual machine
 * puts virtual harts on one of its own. The devices are the same.
 */
#ifndef POGO_MACHINE_BOARD_H
#define POGO_MACHINE_BOARD_H

#include "bus/bus.h"
#include "devices/device_list.h"
#include "isa/csr_file.h"
#include "machine/inputs.h"

#define BOARD_MAX_HARTS 8
#define BOARD_MAX_DISKS 7
#define BOARD_MAX_PORTS (VIRTIO_CONSOLE_PORTS - 1)
#define BOARD_RAM_BASE UINT64_C(0x80000000)
#define BOARD_ROM_BASE UINT64_C(0x1000) /* where harts come out of reset */
#define BOARD_KERNEL_OFFSET UINT64_C(0x200000)

struct board_config {
    unsigned harts;       /* 1..8 */
    uint64_t memory;      /* bytes of RAM, a multiple of 4096 */
    struct isa isa;
    uint64_t seed;        /* of virtio-rng and /chosen/rng-seed */
    uint64_t epoch;       /* RTC at count 0, s since 1970; 0: a fixed date */
    struct inputs *inputs; /* borrowed; through which inputs come; may be NULL */
    struct console *console; /* borrowed; where the UART's bytes go; NULL:
                                nowhere */
    struct console *virtio_console; /* borrowed; NULL: no such device */
    struct virtio_console_port port[BOARD_MAX_PORTS]; /* its further ports */
    unsigned ports;
    bool balloon, balloon_oom; /* a balloon; one that the guest lets out */
    struct net_cable *net;   /* borrowed; NULL: no network device */
    const struct share_end *share; /* borrowed; NULL: no shared folder */
    struct display *display; /* borrowed; NULL: no gpu, keyboard and tablet */
    struct disk *disk[BOARD_MAX_DISKS]; /* borrowed */
    unsigned disks;          /* at most devices_max_disks */
};

/* One hart's Sstc comparator, as an event on the board's clock. */
struct board_timer {
    struct board *board;
    unsigned hart;
    struct clock_event event;
};

/* Where machine_run (machine/run.h) is in its rounds. */
struct run_turn {
    bool idle; /* in the last round every hart did nothing but wait; or in this
                  one so far */
    bool open; /* in the middle of a round of several harts … */
    unsigned hart;   /* … whose turn it is … */
    uint64_t target; /* … and the count to which each turn goes */
};

struct board {
    struct bus bus;
    struct board_config config;
    struct csr_file *csr[BOARD_MAX_HARTS]; /* whose `lines` the board drives;
                                              set by the machine on it */
    struct devices devices;
    /* What the devices are given in place of config.net and config.share, with
       config.inputs between. */
    struct net_cable net;
    struct share_end share;
    struct board_timer timer[BOARD_MAX_HARTS];
    bool finished; /* the guest has asked to stop … */
    int status;    /* … with this exit status */
    bool reset_wanted; /* … or to be reset */
    struct run_turn turn;
};

/*
 * Builds the board. Its RAM is its own, or, with `lookup` not NULL, found
 * through it (bus/ram.h). Harts do not exist yet: csr[] is NULL. It must stay
 * where it is: devices point into it. On error nothing needs to be freed.
 */
enum status board_init(struct board *b, const struct board_config *c,
                       uint8_t *(*lookup)(void *, uint64_t, uint64_t, bool),
                       void *context);
void board_free(struct board *b);

/*
 * Brings csr's count-derived inputs up to date and re-arms hart's Sstc
 * comparator on the board's clock: after csr_write said CSR_EFFECT_TIMER, and
 * whenever that may have happened. Cheap if nothing has changed.
 */
void board_timer_update(struct board *b, unsigned hart);

/*
 * The state of devices, clock and comparators (base/state.h); RAM and what the
 * disks hold are not in it. The harts' CSR files are to be loaded after it: the
 * clock is then at the count that was saved.
 */
void board_state(struct board *b, struct state *s);

#endif
