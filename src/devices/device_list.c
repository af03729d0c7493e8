/* The devices of the board and where they are; see device_list.h. */
#include "devices/device_list.h"

#include <string.h>

/* The interrupts' bits in mip (privileged manual, mip). */
enum { MIP_SSI = 1, MIP_MSI = 3, MIP_MTI = 7, MIP_SEI = 9, MIP_MEI = 11 };

/* In ascending order of address. */
/* clang-format off */
static const struct device_slot slots[] = {
    /* name       kind        index  base        size      irq */
    { "rom",     DEVICE_ROM,    0, 0x00001000, 0x00f000,  0 },
    { "syscon",  DEVICE_SYSCON, 0, 0x00100000, 0x001000,  0 },
    { "rtc",     DEVICE_RTC,    0, 0x00101000, 0x001000, 11 },
    { "aclint",  DEVICE_ACLINT, 0, 0x02000000, 0x010000,  0 },
    { "sswi",    DEVICE_SSWI,   0, 0x02f00000, 0x004000,  0 },
    { "plic",    DEVICE_PLIC,   0, 0x0c000000, 0x600000,  0 },
    { "uart",    DEVICE_UART,   0, 0x10000000, 0x000100, 10 },
    { "virtio0", DEVICE_VIRTIO, 0, 0x10001000, 0x001000,  1 },
    { "virtio1", DEVICE_VIRTIO, 1, 0x10002000, 0x001000,  2 },
    { "virtio2", DEVICE_VIRTIO, 2, 0x10003000, 0x001000,  3 },
    { "virtio3", DEVICE_VIRTIO, 3, 0x10004000, 0x001000,  4 },
    { "virtio4", DEVICE_VIRTIO, 4, 0x10005000, 0x001000,  5 },
    { "virtio5", DEVICE_VIRTIO, 5, 0x10006000, 0x001000,  6 },
    { "virtio6", DEVICE_VIRTIO, 6, 0x10007000, 0x001000,  7 },
    { "virtio7", DEVICE_VIRTIO, 7, 0x10008000, 0x001000,  8 },
    { "virtio8", DEVICE_VIRTIO, 8, 0x10009000, 0x001000, 12 },
    { "virtio9", DEVICE_VIRTIO, 9, 0x1000a000, 0x001000, 13 },
    { "virtio10", DEVICE_VIRTIO, 10, 0x1000b000, 0x001000, 14 },
    { "virtio11", DEVICE_VIRTIO, 11, 0x1000c000, 0x001000, 15 },
    { "virtio12", DEVICE_VIRTIO, 12, 0x1000d000, 0x001000, 16 },
};
/* clang-format on */

#define SLOTS (sizeof slots / sizeof slots[0])

/* How the bus reaches each kind: the first of them is at `offset` in struct
   devices, the next ones `stride` bytes apart. */
static const struct {
    bool (*load)(void *, uint64_t, unsigned, uint64_t *);
    bool (*store)(void *, uint64_t, unsigned, uint64_t);
    size_t offset, stride;
} kinds[] = {
#define KIND(load, store, member)                                              \
    {                                                                          \
        load, store, offsetof(struct devices, member), 0                       \
    }
    [DEVICE_ROM] = KIND(rom_load, rom_store, rom),
    [DEVICE_SYSCON] = KIND(syscon_load, syscon_store, syscon),
    [DEVICE_RTC] = KIND(rtc_load, rtc_store, rtc),
    [DEVICE_ACLINT] = KIND(aclint_load, aclint_store, aclint),
    [DEVICE_SSWI] = KIND(aclint_sswi_load, aclint_sswi_store, aclint),
    [DEVICE_PLIC] = KIND(plic_load, plic_store, plic),
    [DEVICE_UART] = KIND(uart_load, uart_store, uart),
    [DEVICE_VIRTIO] = { virtio_mmio_load, virtio_mmio_store,
                        offsetof(struct devices, virtio),
                        sizeof(struct virtio_mmio) },
#undef KIND
};

const struct device_slot *device_slots(size_t *n)
{
    *n = SLOTS;
    return slots;
}

/* The wires: every one that leaves ends the hart's run. */

static void drive_hart(struct devices *d, unsigned hart, unsigned irq,
                       bool level)
{
    d->bus->attention = true;
    d->config.hart_line(d->config.context, hart, irq, level);
}

static void drive_software(void *devices, unsigned hart, bool level)
{
    drive_hart(devices, hart, MIP_MSI, level);
}

static void drive_timer(void *devices, unsigned hart, bool level)
{
    drive_hart(devices, hart, MIP_MTI, level);
}

static void drive_supervisor(void *devices, unsigned hart)
{
    drive_hart(devices, hart, MIP_SSI, true);
}

static void drive_external(void *devices, unsigned context, bool level)
{
    drive_hart(devices, context / 2, context % 2 ? MIP_SEI : MIP_MEI, level);
}

static void time_written(void *devices)
{
    struct devices *d = devices;

    d->bus->attention = true;
    d->config.time_written(d->config.context);
}

static void finish(void *devices, int status)
{
    struct devices *d = devices;

    d->bus->attention = true;
    d->config.finish(d->config.context, status);
}

static void reset(void *devices)
{
    struct devices *d = devices;

    d->bus->attention = true;
    d->config.reset(d->config.context);
}

static struct irq_line line_of(struct devices *d, const struct device_slot *s)
{
    return (struct irq_line){ .set = plic_set,
                              .context = &d->plic,
                              .number = s->irq };
}

/* Slot i of those that a display brings. */
static void init_screen(struct devices *d, unsigned i, struct irq_line irq)
{
    struct virtio_mmio *m = &d->virtio[i];
    bool keyboard = i == DEVICES_KEYBOARD_SLOT;
    struct virtio_input *v = keyboard ? &d->keyboard : &d->tablet;
    struct ram *ram = &d->bus->ram;

    if (i == DEVICES_GPU_SLOT) {
        uint64_t features = virtio_gpu_init(&d->gpu, d->config.display, m);

        virtio_mmio_init(m, ram, irq, &virtio_gpu_ops, &d->gpu, features);
        return;
    }
    virtio_input_init(
        v, keyboard ? VIRTIO_INPUT_KEYBOARD : VIRTIO_INPUT_TABLET, m);
    virtio_mmio_init(m, ram, irq, &virtio_input_ops, v, 0);
}

/* What sits in virtio slot i: disks from 0 on, the others in fixed places. */
static void init_virtio(struct devices *d, unsigned i, struct irq_line irq)
{
    const struct devices_config *c = &d->config;
    struct virtio_mmio *m = &d->virtio[i];
    struct ram *ram = &d->bus->ram;

    if (i < c->disks) {
        uint64_t features = virtio_blk_init(&d->blk[i], c->disk[i], i);

        virtio_mmio_init(m, ram, irq, &virtio_blk_ops, &d->blk[i], features);
    } else if (i == DEVICES_RNG_SLOT) {
        virtio_rng_init(&d->rng, c->seed);
        virtio_mmio_init(m, ram, irq, &virtio_rng_ops, &d->rng, 0);
    } else if (i == DEVICES_CONSOLE_SLOT && c->virtio_console) {
        uint64_t features = virtio_console_init(&d->console, c->virtio_console,
                                                c->port, c->ports, m);

        virtio_mmio_init(m, ram, irq,
                         c->ports ? &virtio_console_ports_ops
                                  : &virtio_console_ops,
                         &d->console, features);
    } else if (i == DEVICES_BALLOON_SLOT && c->balloon) {
        uint64_t features = virtio_balloon_init(&d->balloon, c->balloon_oom, m);

        virtio_mmio_init(m, ram, irq, &virtio_balloon_ops, &d->balloon,
                         features);
    } else if (i == DEVICES_NET_SLOT && c->net) {
        uint64_t features = virtio_net_init(&d->net, c->net, m);

        virtio_mmio_init(m, ram, irq, &virtio_net_ops, &d->net, features);
    } else if (i == DEVICES_SHARE_SLOT && c->share) {
        uint64_t features = virtio_9p_init(&d->share, c->share);

        virtio_mmio_init(m, ram, irq, &virtio_9p_ops, &d->share, features);
    } else if (c->display && i >= DEVICES_GPU_SLOT && i <= DEVICES_TABLET_SLOT) {
        init_screen(d, i, irq);
    } else {
        virtio_mmio_init(m, ram, irq, NULL, NULL, 0);
    }
}

static void init_device(struct devices *d, const struct device_slot *s)
{
    const struct devices_config *c = &d->config;
    struct clock *clock = &d->bus->clock;
    uint64_t epoch = c->epoch ? c->epoch : RTC_DEFAULT_EPOCH;

    switch (s->kind) {
    case DEVICE_SYSCON:
        d->syscon =
            (struct syscon){ .context = d, .finish = finish, .reset = reset };
        break;
    case DEVICE_RTC:
        rtc_init(&d->rtc, clock, epoch, line_of(d, s));
        break;
    case DEVICE_ACLINT:
        aclint_init(&d->aclint, clock, c->harts,
                    (struct aclint_wires){ .context = d,
                                           .software = drive_software,
                                           .timer = drive_timer,
                                           .supervisor = drive_supervisor,
                                           .time_written = time_written });
        break;
    case DEVICE_UART:
        uart_init(&d->uart, c->console, line_of(d, s));
        break;
    case DEVICE_VIRTIO:
        init_virtio(d, s->index, line_of(d, s));
        break;
    case DEVICE_ROM:  /* all zero */
    case DEVICE_SSWI: /* part of the ACLINT */
    case DEVICE_PLIC: /* at the end of all wires: done before them */
        break;
    }
}

bool devices_present(const struct devices *d, const struct device_slot *s)
{
    return s->kind != DEVICE_VIRTIO || s->index < DEVICES_FIXED_SLOTS ||
           d->virtio[s->index].ops;
}

unsigned devices_max_disks(bool virtio_console, bool net)
{
    return net              ? DEVICES_NET_SLOT
           : virtio_console ? DEVICES_CONSOLE_SLOT
                            : DEVICES_MAX_DISKS;
}

enum status devices_init(struct devices *d, struct bus *b,
                         const struct devices_config *c)
{
    if (c->harts < 1 || c->harts > ACLINT_MAX_HARTS ||
        c->disks > devices_max_disks(c->virtio_console, c->net) ||
        c->ports > (c->virtio_console ? VIRTIO_CONSOLE_PORTS - 1u : 0))
        return STATUS_BAD_ARGUMENT;

    memset(d, 0, sizeof *d);
    d->bus = b;
    d->config = *c;
    plic_init(&d->plic, c->harts, drive_external, d);
    for (size_t i = 0; i < SLOTS; i++) {
        const struct device_slot *s = &slots[i];
        char *first = (char *)d + kinds[s->kind].offset;
        struct bus_device device = {
            .name = s->name,
            .base = s->base,
            .size = s->size,
            .context = first + s->index * kinds[s->kind].stride,
            .load = kinds[s->kind].load,
            .store = kinds[s->kind].store,
            .memory = s->kind == DEVICE_ROM ? d->rom.bytes : NULL,
        };
        enum status status = STATUS_OK;

        init_device(d, s);
        if (devices_present(d, s))
            status = bus_add(b, device);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static void device_state(struct devices *d, const struct device_slot *slot,
                         struct state *s)
{
    switch (slot->kind) {
    case DEVICE_ROM:
        rom_state(&d->rom, s);
        break;
    case DEVICE_RTC:
        rtc_state(&d->rtc, s);
        break;
    case DEVICE_ACLINT:
        aclint_state(&d->aclint, s);
        break;
    case DEVICE_PLIC:
        plic_state(&d->plic, s);
        break;
    case DEVICE_UART:
        uart_state(&d->uart, s);
        break;
    case DEVICE_VIRTIO:
        virtio_mmio_state(&d->virtio[slot->index], s);
        break;
    case DEVICE_SYSCON: /* has none: what it asks for is the board's */
    case DEVICE_SSWI:   /* part of the ACLINT */
        break;
    }
}

void devices_state(struct devices *d, struct state *s)
{
    for (size_t i = 0; i < SLOTS && !s->bad; i++) {
        state_tag(s, "dev.");
        device_state(d, &slots[i], s);
    }
}

void devices_free(struct devices *d)
{
    virtio_gpu_free(&d->gpu);
}
