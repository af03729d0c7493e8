/* A small board of devices for fuzz targets, and a reader of their input. */
#ifndef POGO_TESTS_FUZZ_DEVICE_BOARD_H
#define POGO_TESTS_FUZZ_DEVICE_BOARD_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "devices/device_list.h"

#define FUZZ_RAM       UINT64_C(0x80000000)
#define FUZZ_RAM_SIZE  UINT64_C(0x10000)
#define FUZZ_DISK_SIZE 5000
#define FUZZ_WIDTH     40
#define FUZZ_HEIGHT    30

#define REQUIRE(condition)                                                     \
    do {                                                                       \
        if (!(condition))                                                      \
            abort();                                                           \
    } while (0)

struct device_board {
    struct bus bus;
    struct devices devices;
    struct console console, virtio_console;
    struct console port[2];
    struct virtio_console_port named[2];
    struct net_cable net;
    struct share_end share;
    struct display display;
    uint64_t heard; /* bytes at its far end, added up */
    struct disk disk[2];
    uint64_t lines[ACLINT_MAX_HARTS];
};

/* What is left of the input. Past its end there are zeros. */
struct fuzz_input {
    const uint8_t *bytes;
    size_t left;
};

static inline uint64_t fuzz_take(struct fuzz_input *in, unsigned size)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < size && in->left; i++, in->left--)
        v |= (uint64_t)*in->bytes++ << (8 * i);
    return v;
}

static void fuzz_line(void *context, unsigned hart, unsigned irq, bool level)
{
    struct device_board *b = context;

    REQUIRE(hart < b->devices.config.harts && irq < 12);
    REQUIRE(b->bus.attention);
    b->lines[hart] = bits_merge(b->lines[hart], level ? BIT(irq) : 0, BIT(irq));
}

static void fuzz_time_written(void *context)
{
    (void)context;
}

static void fuzz_finish(void *context, int status)
{
    (void)context;
    REQUIRE(status >= 0 && status <= 65535);
}

static void fuzz_reset(void *context)
{
    (void)context;
}

static void fuzz_hear(void *context, const uint8_t *frame, size_t size)
{
    struct device_board *b = context;

    REQUIRE(size >= NET_FRAME_MIN && size <= NET_FRAME_MAX);
    for (size_t i = 0; i < size; i++)
        b->heard += frame[i];
}

/* Any number of bytes that fit, which depend on the request. */
static inline size_t fuzz_answer(void *far, const uint8_t *request, size_t n,
                                 uint8_t *reply, size_t max)
{
    struct device_board *b = far;
    size_t size = 0;

    REQUIRE(n <= SHARE_MESSAGE && max <= SHARE_MESSAGE);
    for (size_t i = 0; i < n; i++)
        b->heard += size += request[i];
    size = max ? size % (max + 1) : 0;
    for (size_t i = 0; i < size; i++)
        reply[i] = (uint8_t)i;
    return size;
}

static void fuzz_given(void *context, uint64_t gpa_page, bool taken)
{
    (void)context;
    (void)taken;
    REQUIRE(gpa_page - FUZZ_RAM / BALLOON_PAGE < FUZZ_RAM_SIZE / BALLOON_PAGE);
}

/* A fresh board, and disks that are the same at every start. */
static inline struct device_board *device_board_new(void)
{
    struct device_board *b = calloc(1, sizeof *b);
    struct disk *disk[2];
    struct devices_config config = {
        .harts = 3,
        .disk = disk,
        .disks = 2,
        .context = b,
        .hart_line = fuzz_line,
        .time_written = fuzz_time_written,
        .finish = fuzz_finish,
        .reset = fuzz_reset,
    };

    REQUIRE(b);
    for (int i = 0; i < 2; i++) {
        b->disk[i] = (struct disk){ .fd = memfd_create("disk", MFD_CLOEXEC),
                                    .size = FUZZ_DISK_SIZE,
                                    .read_only = i == 1 };
        REQUIRE(b->disk[i].fd >= 0);
        REQUIRE(ftruncate(b->disk[i].fd, FUZZ_DISK_SIZE) == 0);
        disk[i] = &b->disk[i];
    }
    config.console = &b->console;
    config.virtio_console = &b->virtio_console;
    config.port = b->named;
    config.ports = 2;
    config.balloon = true;
    config.net = &b->net;
    config.display = &b->display;
    REQUIRE(display_init(&b->display, FUZZ_WIDTH, FUZZ_HEIGHT) == STATUS_OK);
    b->net = (struct net_cable){ .sent = fuzz_hear, .far = b };
    config.share = &b->share;
    b->share = (struct share_end){ .answer = fuzz_answer, .far = b };
    REQUIRE(ram_init(&b->bus.ram, FUZZ_RAM, FUZZ_RAM_SIZE) == STATUS_OK);
    clock_init(&b->bus.clock);
    bus_init(&b->bus);
    console_init(&b->console, NULL, NULL);
    console_init(&b->virtio_console, NULL, NULL);
    for (int i = 0; i < 2; i++) {
        console_init(&b->port[i], NULL, NULL);
        b->named[i] =
            (struct virtio_console_port){ i ? "b" : "a", &b->port[i] };
    }
    REQUIRE(devices_init(&b->devices, &b->bus, &config) == STATUS_OK);
    b->devices.balloon.manager.given = fuzz_given;
    return b;
}

static inline void device_board_free(struct device_board *b)
{
    disk_close(&b->disk[0]);
    disk_close(&b->disk[1]);
    devices_free(&b->devices);
    display_free(&b->display);
    ram_free(&b->bus.ram);
    free(b);
}

/* What holds of the virtio slots whatever a driver does. */
static inline void device_board_check_virtio(const struct device_board *b)
{
    size_t n;
    const struct device_slot *slot = device_slots(&n);

    for (size_t i = 0; i < n; i++) {
        const struct virtio_mmio *m = &b->devices.virtio[slot[i].index];
        bool level = b->devices.plic.level[0] >> slot[i].irq & 1;

        if (slot[i].kind != DEVICE_VIRTIO)
            continue;

        REQUIRE(level == (m->interrupt != 0));
        for (unsigned q = 0; q < VIRTIO_QUEUES; q++)
            REQUIRE(!m->queue[q].broken || m->status & 64);
    }
}

#endif
