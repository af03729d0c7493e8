/*
 * A random driver of the screen, the keyboard and the tablet: rings are mostly
 * set up well, commands are mostly whole, and what is in them is anything.
 * Nothing crashes or hangs, memory stays bounded and accounted for, and what is
 * shown lies inside what is there.
 */
#include "device_board.h"

#include <string.h>

#include "devices/gpu_protocol.h"

enum { QUEUE_SIZE = 16, RINGS = 0x1000, COMMAND = 0xc000, ANSWER = 0xe000 };

#define PIXELS_MOST (UINT64_C(1) << 18) /* of what is looked at every time */

static const unsigned slots[] = { DEVICES_GPU_SLOT, DEVICES_KEYBOARD_SLOT,
                                  DEVICES_TABLET_SLOT };

static uint64_t ring(unsigned device, uint64_t queue)
{
    return FUZZ_RAM + (device * 2 + queue) * RINGS;
}

static void set(struct device_board *b, unsigned device, uint64_t reg,
                uint64_t v)
{
    uint64_t base = UINT64_C(0x10001000) + slots[device] * 0x1000;

    bus_store(&b->bus, base + reg, 4, v);
}

static void start(struct device_board *b, unsigned device)
{
    set(b, device, 0x70, 0);
    set(b, device, 0x24, 1);
    set(b, device, 0x20, 1);
    set(b, device, 0x70, 11);
    for (uint64_t queue = 0; queue < 2; queue++) {
        set(b, device, 0x30, queue);
        set(b, device, 0x38, QUEUE_SIZE);
        set(b, device, 0x80, ring(device, queue));
        set(b, device, 0x90, ring(device, queue) + 0x400);
        set(b, device, 0xa0, ring(device, queue) + 0x800);
        set(b, device, 0x44, 1);
        for (uint64_t at = 0; at < RINGS; at += 8)
            bus_store(&b->bus, ring(device, queue) + at, 8, 0);
    }
    set(b, device, 0x70, 15);
}

static void describe(struct device_board *b, uint64_t table, unsigned i,
                     uint64_t pa, uint64_t length, unsigned flags)
{
    bus_store(&b->bus, table + 16 * i, 8, pa);
    bus_store(&b->bus, table + 16 * i + 8, 4, length);
    bus_store(&b->bus, table + 16 * i + 12, 2, flags);
    bus_store(&b->bus, table + 16 * i + 14, 2, i + 1);
}

static void offer(struct device_board *b, unsigned device, uint64_t queue)
{
    uint64_t at = ring(device, queue) + 0x400, index = 0;

    bus_load(&b->bus, at + 2, 2, &index);
    bus_store(&b->bus, at + 4 + index % QUEUE_SIZE * 2, 2, 0);
    bus_store(&b->bus, at + 2, 2, index + 1);
    set(b, device, 0x50, queue);
}

/* A word as commands have them: mostly small, sometimes anything. */
static uint64_t word(struct fuzz_input *in)
{
    uint64_t v = fuzz_take(in, 1);

    return v < 0xf0 ? v % 72 : v < 0xf8 ? fuzz_take(in, 4) : 0 - (v & 7);
}

/* One command of the gpu's. Its entries, if it has some, lie in RAM. */
static void command(struct device_board *b, struct fuzz_input *in)
{
    static const uint32_t types[] = {
        GPU_GET_DISPLAY_INFO,        GPU_RESOURCE_CREATE_2D,
        GPU_RESOURCE_UNREF,          GPU_SET_SCANOUT,
        GPU_RESOURCE_FLUSH,          GPU_TRANSFER_TO_HOST_2D,
        GPU_RESOURCE_ATTACH_BACKING, GPU_RESOURCE_DETACH_BACKING,
        GPU_UPDATE_CURSOR,           GPU_MOVE_CURSOR,
    };
    uint64_t what = fuzz_take(in, 1), at = FUZZ_RAM + COMMAND;
    unsigned n = (unsigned)(sizeof types / sizeof types[0]);
    uint32_t type = types[what % n];
    uint64_t queue = type >= GPU_UPDATE_CURSOR ? 1 : 0;
    unsigned words = type == GPU_RESOURCE_ATTACH_BACKING ? 14 : 8;

    bus_store(&b->bus, at, 4, type);
    bus_store(&b->bus, at + 4, 4, what >> 7);
    for (unsigned i = 0; i < words; i++)
        bus_store(&b->bus, at + 24 + 4 * i, 4,
                  i >= 2 && i % 4 == 2 && type == GPU_RESOURCE_ATTACH_BACKING
                      ? FUZZ_RAM + word(in) * 64
                      : word(in));
    describe(b, ring(0, queue), 0, at, 24 + 4 * words, 1);
    describe(b, ring(0, queue), 1, FUZZ_RAM + ANSWER, 512, 2);
    offer(b, 0, queue);
}

static void push(struct device_board *b, struct fuzz_input *in,
                 struct virtio_input *v)
{
    uint8_t events[16 * VIRTIO_INPUT_EVENT];
    size_t n = fuzz_take(in, 1) % (sizeof events + 1), taken;
    uint32_t waiting = v->waiting;

    (void)b;
    for (size_t i = 0; i + VIRTIO_INPUT_EVENT <= n; i += VIRTIO_INPUT_EVENT)
        virtio_input_event(events + i, (uint16_t)(fuzz_take(in, 1) % 4), 0, 0);
    taken = virtio_input_push(v, events, n);
    REQUIRE(taken <= n && taken % VIRTIO_INPUT_EVENT == 0);
    REQUIRE(taken == 0 || events[taken - VIRTIO_INPUT_EVENT] == 0);
    REQUIRE(v->waiting <= waiting + taken / VIRTIO_INPUT_EVENT);
}

/* Buffers for events, or a report that nobody reads. */
static void give(struct device_board *b, struct fuzz_input *in, unsigned device)
{
    uint64_t what = fuzz_take(in, 1);

    describe(b, ring(device, what & 1), 0, FUZZ_RAM + ANSWER, what >> 2,
             what & 2);
    offer(b, device, what & 1);
}

/* ---- what holds ---- */

static void check_pictures(const struct virtio_gpu *g)
{
    const struct gpu_resources *all = &g->resources;
    uint64_t bytes = 0, entries = 0, count = 0;

    for (const struct gpu_resource *p = all->first; p; p = p->next, count++) {
        bytes += (uint64_t)p->width * p->height * 4;
        entries += p->entries;
        REQUIRE(p->id && p->width && p->height && !p->entry == !p->entries);
        REQUIRE(gpu_resource_find(all, p->id) == p);
    }
    REQUIRE(count == all->count && count <= GPU_RESOURCES);
    REQUIRE(bytes == all->bytes && bytes <= all->bytes_max);
    REQUIRE(entries == all->entries && entries <= GPU_ENTRIES);
}

static void check_screen(const struct device_board *b)
{
    const struct virtio_gpu *g = &b->devices.gpu;
    const struct display *d = &b->display;
    struct display_rect all = { .width = d->width, .height = d->height };
    const struct gpu_resource *p =
        gpu_resource_find(&g->resources, g->scanout_id);
    struct display_rect inside = display_clip(d->dirty, all);
    static uint32_t seen[PIXELS_MOST];

    REQUIRE((uint64_t)d->width * d->height <= DISPLAY_PIXELS_MAX);
    REQUIRE(memcmp(&inside, &d->dirty, sizeof inside) == 0);
    if (g->scanout_id)
        REQUIRE(p && gpu_resource_has(p, g->scanout) &&
                g->scanout.width == d->width && g->scanout.height == d->height);
    if ((uint64_t)inside.width * inside.height <= PIXELS_MOST)
        display_look(d, inside, seen, inside.width);
}

static void step(struct device_board *b, struct fuzz_input *in)
{
    uint64_t what = fuzz_take(in, 1), v;
    unsigned device = (unsigned)(what >> 4) % 3;
    struct virtio_input *inputs[] = { &b->devices.keyboard,
                                      &b->devices.tablet };

    switch (what % 16) {
    case 0:
        start(b, device);
        break;
    case 1: /* the configuration, which the input devices' drivers write */
        set(b, device, 0x100 + fuzz_take(in, 1) / 4 * 4, fuzz_take(in, 4));
        bus_load(&b->bus,
                 UINT64_C(0x10001100) + slots[device] * 0x1000 +
                     fuzz_take(in, 1),
                 1, &v);
        break;
    case 2:
        push(b, in, inputs[what >> 7]);
        break;
    case 3:
        give(b, in, device);
        break;
    case 4: /* rings, tables, commands */
        v = FUZZ_RAM + fuzz_take(in, 2);
        bus_store(&b->bus, v & ~UINT64_C(7), 8, fuzz_take(in, 8));
        break;
    case 5: /* whoever looks has seen it */
        b->display.dirty = (struct display_rect){ 0 };
        break;
    default:
        command(b, in);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct device_board *b = device_board_new();
    struct fuzz_input in = { data, size < 4096 ? size : 4096 };

    for (unsigned device = 0; device < 3; device++)
        start(b, device);
    while (in.left) {
        step(b, &in);
        check_pictures(&b->devices.gpu);
        check_screen(b);
        REQUIRE(b->devices.keyboard.waiting <= VIRTIO_INPUT_QUEUE);
        device_board_check_virtio(b);
    }
    device_board_free(b);
    return 0;
}
