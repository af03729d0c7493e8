/*
 * A random virtio driver: sets queues up properly or at random, and writes
 * anything into rings, tables and buffers. Nothing crashes or hangs; a queue
 * that has broken is reported; the interrupt line is what the register says.
 */
#include "device_board.h"

enum { QUEUE_SIZE = 16, RING_BYTES = 0x1000 };

/* The rings of a queue: fixed places, so that random steps find them. */
static uint64_t ring(uint64_t slot, uint64_t queue)
{
    return FUZZ_RAM + (slot * 2 + queue) % 16 * RING_BYTES;
}

static uint64_t queues_of(uint64_t slot)
{
    return slot == DEVICES_CONSOLE_SLOT   ? 10
           : slot == DEVICES_BALLOON_SLOT ? 3
                                          : 2;
}

static void set(struct device_board *b, uint64_t slot, uint64_t reg, uint64_t v)
{
    uint64_t base = UINT64_C(0x10001000) + slot * 0x1000;

    bus_store(&b->bus, base + reg, 4, v);
}

/* A proper driver's start, so that most inputs get to the queues. */
static void start(struct device_board *b, uint64_t slot)
{
    set(b, slot, 0x70, 0);
    /* With more than two queues: the feature that they come with. */
    set(b, slot, 0x20, BIT(28) | (queues_of(slot) > 2 ? BIT(1) : 0));
    set(b, slot, 0x24, 1);
    set(b, slot, 0x20, 1);
    set(b, slot, 0x70, 11);
    for (uint64_t queue = 0; queue < queues_of(slot); queue++) {
        set(b, slot, 0x30, queue);
        set(b, slot, 0x38, QUEUE_SIZE);
        set(b, slot, 0x80, ring(slot, queue));
        set(b, slot, 0x90, ring(slot, queue) + 0x400);
        set(b, slot, 0xa0, ring(slot, queue) + 0x800);
        set(b, slot, 0x44, 1);
    }
    set(b, slot, 0x70, 15);
}

static void describe(struct device_board *b, struct fuzz_input *in,
                     uint64_t slot)
{
    uint64_t at =
        ring(slot, fuzz_take(in, 1)) + fuzz_take(in, 1) % QUEUE_SIZE * 16;

    bus_store(&b->bus, at, 8, FUZZ_RAM + fuzz_take(in, 2));
    bus_store(&b->bus, at + 8, 4, fuzz_take(in, 2));
    bus_store(&b->bus, at + 12, 2, fuzz_take(in, 1) % 8);
    bus_store(&b->bus, at + 14, 2, fuzz_take(in, 1) % (QUEUE_SIZE + 1));
}

static void offer(struct device_board *b, struct fuzz_input *in, uint64_t slot)
{
    uint64_t queue = fuzz_take(in, 1) % queues_of(slot);
    uint64_t at = ring(slot, queue) + 0x400;
    uint64_t index = 0;

    bus_load(&b->bus, at + 2, 2, &index);
    bus_store(&b->bus, at + 4 + index % QUEUE_SIZE * 2, 2, fuzz_take(in, 1));
    bus_store(&b->bus, at + 2, 2, index + 1);
    set(b, slot, 0x50, queue);
}

/* A frame of any size arrives from outside. */
static void deliver(struct device_board *b, struct fuzz_input *in)
{
    uint8_t frame[NET_FRAME_MAX] = { 0 };
    size_t size =
        NET_FRAME_MIN + fuzz_take(in, 2) % (NET_FRAME_MAX - NET_FRAME_MIN + 1);
    const struct virtio_mmio *m = &b->devices.virtio[DEVICES_NET_SLOT];
    uint16_t used = m->queue[0].next_used;

    frame[size - 1] = 1;
    if (b->net.deliver(b->net.device, frame, size))
        REQUIRE(m->queue[0].next_used == (uint16_t)(used + 1));
    else
        REQUIRE(m->queue[0].next_used == used);
}

static void step(struct device_board *b, struct fuzz_input *in)
{
    static const uint8_t slots[] = { 0, 5, 1, 8, 6, 12, 7, 6 };
    uint64_t what = fuzz_take(in, 1), v;
    uint64_t slot = slots[what >> 3 & 7];
    uint8_t bytes[8];

    switch (what % 8) {
    case 0:
        start(b, slot);
        break;
    case 1: /* any register */
        v = fuzz_take(in, 1) * 4;
        set(b, slot, v, fuzz_take(in, 4));
        break;
    case 2:
        v = fuzz_take(in, 2) % 0x1000;
        bus_load(&b->bus, UINT64_C(0x10001000) + slot * 0x1000 + v,
                 1u << (what >> 6), &v);
        break;
    case 3:
        describe(b, in, slot);
        break;
    case 4:
        offer(b, in, slot);
        break;
    case 5: /* a request's header, an indirect table, a ring … */
        v = FUZZ_RAM + fuzz_take(in, 2);
        bus_store(&b->bus, v & ~UINT64_C(7), 8, fuzz_take(in, 8));
        break;
    case 6:
        if (slot == DEVICES_NET_SLOT) {
            deliver(b, in);
            break;
        }
        v = fuzz_take(in, 8);
        for (int i = 0; i < 8; i++)
            bytes[i] = (uint8_t)(v >> (8 * i));
        if (slot == DEVICES_BALLOON_SLOT)
            virtio_balloon_push(&b->devices.balloon, bytes, 8);
        else if (what >> 7)
            console_port_push(&b->port[v >> 63], bytes, 1 + (v >> 56 & 7));
        else
            console_push(&b->virtio_console, bytes, 1 + (what >> 5));
        break;
    case 7:
        set(b, slot, 0x50, what >> 6);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct device_board *b = device_board_new();
    struct fuzz_input in = { data, size };

    while (in.left) {
        step(b, &in);
        device_board_check_virtio(b);
    }
    device_board_free(b);
    return 0;
}
