/* A board's devices on a bus with some RAM, and a record of what they do. */
#ifndef POGO_TESTS_DEVICES_FIXTURE_H
#define POGO_TESTS_DEVICES_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "devices/device_list.h"

#define FIXTURE_RAM      UINT64_C(0x80000000)
#define FIXTURE_RAM_SIZE UINT64_C(0x40000)
#define FIXTURE_HARTS    4
#define FIXTURE_PORTS    2
#define FIXTURE_WIDTH    80
#define FIXTURE_HEIGHT   70

#define UART_BASE         UINT64_C(0x10000000)
#define ACLINT_BASE       UINT64_C(0x02000000)
#define SSWI_BASE         UINT64_C(0x02f00000)
#define PLIC_BASE         UINT64_C(0x0c000000)
#define RTC_BASE          UINT64_C(0x00101000)
#define SYSCON_BASE       UINT64_C(0x00100000)
#define ROM_BASE          UINT64_C(0x1000)
#define VIRTIO_BASE(slot) (UINT64_C(0x10001000) + (slot)*UINT64_C(0x1000))

struct fixture {
    struct bus bus;
    struct devices devices;
    struct console console, virtio_console;
    struct console port[FIXTURE_PORTS]; /* of further ports, if there are any */
    struct virtio_console_port port_named[FIXTURE_PORTS];
    struct net_cable net; /* nothing is at its far end */
    struct share_end share; /* gives no replies */
    struct display display; /* of FIXTURE_WIDTH by FIXTURE_HEIGHT */
    struct disk disk[2];
    uint64_t lines[8]; /* per hart: level of each interrupt line */
    unsigned ssip[8];  /* edges */
    unsigned times_written;
    int finished; /* exit status, -1 before */
    bool reset;
    uint8_t output[8192]; /* of all consoles */
    size_t outputs;
};

/* cmocka set-up and tear-down: *state is the fixture. With `_disks`, disk 0 is
   a temporary file of 8.5 sectors and disk 1 the same file read-only; virtio
   console, network, 9P device, screen and balloon are there in all; with `_ports` the
   console has the further ports "alpha" and "beta". */
int fixture_set_up(void **state);
int fixture_set_up_disks(void **state);
int fixture_set_up_ports(void **state);
int fixture_tear_down(void **state);

/* Bus accesses that must succeed. */
uint64_t bus_get(struct fixture *f, uint64_t pa, unsigned size);
void bus_put(struct fixture *f, uint64_t pa, unsigned size, uint64_t v);

/* And that must fault. */
void assert_load_faults(struct fixture *f, uint64_t pa, unsigned size);
void assert_store_faults(struct fixture *f, uint64_t pa, unsigned size);

/* Is the interrupt of this number pending at the PLIC? */
bool plic_pending(struct fixture *f, unsigned irq);

#define FIXTURE_TEST(name)                                                     \
    cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
#define FIXTURE_DISK_TEST(name)                                                \
    cmocka_unit_test_setup_teardown(name, fixture_set_up_disks,                \
                                    fixture_tear_down)
#define FIXTURE_PORTS_TEST(name)                                               \
    cmocka_unit_test_setup_teardown(name, fixture_set_up_ports,                \
                                    fixture_tear_down)

#endif
