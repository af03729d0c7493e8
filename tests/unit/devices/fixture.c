/* A board's devices on a bus; see fixture.h. */
#include "devices/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void hart_line(void *context, unsigned hart, unsigned irq, bool level)
{
    struct fixture *f = context;

    assert_true(f->bus.attention);
    if (irq == 1) {
        assert_true(level);
        f->ssip[hart]++;
    } else {
        assert_int_not_equal(f->lines[hart] >> irq & 1, level);
        f->lines[hart] ^= BIT(irq);
    }
}

static void time_written(void *context)
{
    struct fixture *f = context;

    f->times_written++;
}

static void finish(void *context, int status)
{
    struct fixture *f = context;

    f->finished = status;
}

static void reset(void *context)
{
    struct fixture *f = context;

    f->reset = true;
}

static void output(void *context, const uint8_t *bytes, size_t n)
{
    struct fixture *f = context;

    assert_true(n <= sizeof f->output - f->outputs);
    memcpy(f->output + f->outputs, bytes, n);
    f->outputs += n;
}

static size_t answer(void *far, const uint8_t *request, size_t n,
                     uint8_t *reply, size_t max)
{
    (void)far, (void)request, (void)n, (void)reply, (void)max;
    return 0;
}

/* A file of 8.5 sectors: byte i of sector s is s ^ i. */
static void make_disks(struct fixture *f)
{
    char path[] = "/tmp/pogo-test-disk-XXXXXX";
    int fd = mkstemp(path);
    uint8_t bytes[8 * 512 + 256];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i / 512 ^ i);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, sizeof bytes), sizeof bytes);
    close(fd);
    assert_int_equal(disk_open(&f->disk[0], path, false), STATUS_OK);
    assert_int_equal(disk_open(&f->disk[1], path, true), STATUS_OK);
    unlink(path);
}

static int set_up(void **state, bool disks, bool ports)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct disk *disk[2] = { &f->disk[0], &f->disk[1] };
    struct devices_config config = {
        .harts = FIXTURE_HARTS,
        .seed = 1,
        .console = &f->console,
        .virtio_console = &f->virtio_console,
        .port = f->port_named,
        .ports = ports ? FIXTURE_PORTS : 0,
        .net = &f->net,
        .share = &f->share,
        .balloon = true,
        .display = &f->display,
        .disk = disk,
        .disks = disks ? 2 : 0,
        .context = f,
        .hart_line = hart_line,
        .time_written = time_written,
        .finish = finish,
        .reset = reset,
    };

    f->finished = -1;
    f->disk[0].fd = f->disk[1].fd = -1;
    if (disks)
        make_disks(f);
    assert_int_equal(ram_init(&f->bus.ram, FIXTURE_RAM, FIXTURE_RAM_SIZE),
                     STATUS_OK);
    clock_init(&f->bus.clock);
    bus_init(&f->bus);
    f->share = (struct share_end){ .answer = answer };
    assert_int_equal(display_init(&f->display, FIXTURE_WIDTH, FIXTURE_HEIGHT),
                     STATUS_OK);
    memcpy(f->net.mac, "\x02pogo\x01", NET_MAC);
    console_init(&f->console, output, f);
    console_init(&f->virtio_console, output, f);
    for (unsigned i = 0; i < FIXTURE_PORTS; i++) {
        console_init(&f->port[i], output, f);
        f->port_named[i] = (struct virtio_console_port){ i ? "beta" : "alpha",
                                                         &f->port[i] };
    }
    assert_int_equal(devices_init(&f->devices, &f->bus, &config), STATUS_OK);
    *state = f;
    return 0;
}

int fixture_set_up(void **state)
{
    return set_up(state, false, false);
}

int fixture_set_up_disks(void **state)
{
    return set_up(state, true, false);
}

int fixture_set_up_ports(void **state)
{
    return set_up(state, false, true);
}

int fixture_tear_down(void **state)
{
    struct fixture *f = *state;

    disk_close(&f->disk[0]);
    disk_close(&f->disk[1]);
    devices_free(&f->devices);
    display_free(&f->display);
    ram_free(&f->bus.ram);
    free(f);
    return 0;
}

uint64_t bus_get(struct fixture *f, uint64_t pa, unsigned size)
{
    uint64_t v = 0;

    assert_int_equal(bus_load(&f->bus, pa, size, &v), STATUS_OK);
    return v;
}

void bus_put(struct fixture *f, uint64_t pa, unsigned size, uint64_t v)
{
    assert_int_equal(bus_store(&f->bus, pa, size, v), STATUS_OK);
}

void assert_load_faults(struct fixture *f, uint64_t pa, unsigned size)
{
    uint64_t v;

    assert_int_equal(bus_load(&f->bus, pa, size, &v), STATUS_FAULT);
}

void assert_store_faults(struct fixture *f, uint64_t pa, unsigned size)
{
    assert_int_equal(bus_store(&f->bus, pa, size, 0), STATUS_FAULT);
}

bool plic_pending(struct fixture *f, unsigned irq)
{
    return bus_get(f, PLIC_BASE + 0x1000 + irq / 32 * 4, 4) >> (irq % 32) & 1;
}
