/* The memory map: that of QEMU's virt machine, and nothing amiss in it. */
#include "devices/fixture.h"

static void the_map_is_qemus_virt(void **state)
{
    static const struct {
        enum device_kind kind;
        unsigned index;
        uint64_t base, size;
        unsigned irq;
    } virt[] = {
        { DEVICE_ROM, 0, 0x1000, 0xf000, 0 },
        { DEVICE_SYSCON, 0, 0x100000, 0x1000, 0 },
        { DEVICE_RTC, 0, 0x101000, 0x1000, 11 },
        { DEVICE_ACLINT, 0, 0x2000000, 0x10000, 0 },
        { DEVICE_PLIC, 0, 0xc000000, 0x600000, 0 },
        { DEVICE_UART, 0, 0x10000000, 0x100, 10 },
        { DEVICE_VIRTIO, 0, 0x10001000, 0x1000, 1 },
        { DEVICE_VIRTIO, 7, 0x10008000, 0x1000, 8 },
    };
    size_t n, found = 0;
    const struct device_slot *slot = device_slots(&n);

    (void)state;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < sizeof virt / sizeof virt[0]; k++)
            if (slot[i].kind == virt[k].kind &&
                slot[i].index == virt[k].index) {
                assert_int_equal(slot[i].base, virt[k].base);
                assert_int_equal(slot[i].size, virt[k].size);
                assert_int_equal(slot[i].irq, virt[k].irq);
                found++;
            }
    assert_int_equal(found, sizeof virt / sizeof virt[0]);
}

static void every_slot_is_on_the_bus_in_ascending_order(void **state)
{
    struct fixture *f = *state;
    size_t n;
    const struct device_slot *slot = device_slots(&n);

    unsigned there = 0;

    for (size_t i = 0; i < n; i++) {
        assert_true(i == 0 || slot[i - 1].base < slot[i].base);
        if (!devices_present(&f->devices, &slot[i]))
            continue;
        assert_int_equal(f->bus.device[there].base, slot[i].base);
        assert_int_equal(f->bus.device[there].size, slot[i].size);
        there++;
    }
    assert_int_equal(f->bus.devices, there);
    assert_true(there >= n - (DEVICES_VIRTIO_SLOTS - DEVICES_FIXED_SLOTS));
}

static void interrupt_numbers_are_distinct(void **state)
{
    size_t n;
    const struct device_slot *slot = device_slots(&n);
    uint64_t seen = 0;

    (void)state;
    for (size_t i = 0; i < n; i++) {
        assert_true(slot[i].irq <= PLIC_SOURCES);
        if (slot[i].irq) {
            assert_false(seen & BIT(slot[i].irq));
            seen |= BIT(slot[i].irq);
        }
    }
}

static void what_does_not_fit_is_refused(void **state)
{
    struct fixture *f = *state;
    static struct devices d;
    struct devices_config good = f->devices.config, bad;
    struct bus bus = { .ram = f->bus.ram };

    bad = good, bad.harts = 0;
    assert_int_equal(devices_init(&d, &bus, &bad), STATUS_BAD_ARGUMENT);
    bad = good, bad.harts = 9;
    assert_int_equal(devices_init(&d, &bus, &bad), STATUS_BAD_ARGUMENT);
    bad = good, bad.disks = 8;
    assert_int_equal(devices_init(&d, &bus, &bad), STATUS_BAD_ARGUMENT);
    bad = good, bad.disks = 6; /* and a network device */
    assert_int_equal(devices_init(&d, &bus, &bad), STATUS_BAD_ARGUMENT);
    bad = good, bad.disks = 7, bad.net = NULL; /* and a virtio console */
    assert_int_equal(devices_init(&d, &bus, &bad), STATUS_BAD_ARGUMENT);
    /* The bus is not empty. */
    assert_int_equal(devices_init(&d, &f->bus, &good), STATUS_BAD_ARGUMENT);
}

static void disks_fill_the_slots_that_the_others_leave(void **state)
{
    struct fixture *f = *state;
    static const struct {
        bool console, net;
        unsigned disks; /* the most */
    } boards[] = {
        { false, false, 7 },
        { true, false, 6 },
        { false, true, 5 },
        { true, true, 5 },
    };
    static struct devices d;
    struct disk *disk[DEVICES_MAX_DISKS];

    for (unsigned i = 0; i < DEVICES_MAX_DISKS; i++)
        disk[i] = &f->disk[0];
    for (size_t i = 0; i < sizeof boards / sizeof boards[0]; i++) {
        struct devices_config c = f->devices.config;
        struct bus bus = { .ram = f->bus.ram };

        assert_int_equal(devices_max_disks(boards[i].console, boards[i].net),
                         boards[i].disks);
        c.virtio_console = boards[i].console ? &f->virtio_console : NULL;
        c.net = boards[i].net ? &f->net : NULL;
        c.disk = disk;
        c.disks = boards[i].disks;
        assert_int_equal(devices_init(&d, &bus, &c), STATUS_OK);
        for (unsigned slot = 0; slot < DEVICES_VIRTIO_SLOTS; slot++) {
            uint32_t id = slot < c.disks                   ? VIRTIO_ID_BLOCK
                          : slot == DEVICES_RNG_SLOT       ? VIRTIO_ID_RNG
                          : slot == 6 && boards[i].console ? VIRTIO_ID_CONSOLE
                          : slot == 5 && boards[i].net     ? VIRTIO_ID_NET
                          : slot == DEVICES_SHARE_SLOT     ? VIRTIO_ID_9P
                          : slot == DEVICES_GPU_SLOT       ? VIRTIO_ID_GPU
                          : slot == DEVICES_KEYBOARD_SLOT  ? VIRTIO_ID_INPUT
                          : slot == DEVICES_TABLET_SLOT    ? VIRTIO_ID_INPUT
                          : slot == DEVICES_BALLOON_SLOT   ? VIRTIO_ID_BALLOON
                                                           : VIRTIO_ID_NONE;
            const struct virtio_ops *ops = d.virtio[slot].ops;

            assert_int_equal(ops ? ops->id : VIRTIO_ID_NONE, id);
        }
    }
}

static void the_finisher_ends_the_run_with_the_guests_status(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(bus_get(f, SYSCON_BASE, 4), 0);
    bus_put(f, SYSCON_BASE, 4, 0x1234);
    bus_put(f, SYSCON_BASE + 4, 4, SYSCON_PASS);
    assert_int_equal(f->finished, -1);
    assert_false(f->bus.attention);
    bus_put(f, SYSCON_BASE, 4, 42u << 16 | SYSCON_FAIL);
    assert_int_equal(f->finished, 42);
    assert_true(f->bus.attention);
    bus_put(f, SYSCON_BASE, 2, SYSCON_PASS);
    assert_int_equal(f->finished, 0);
    bus_put(f, SYSCON_BASE, 4, 0xffff3333);
    assert_int_equal(f->finished, 65535);
    assert_false(f->reset);
    bus_put(f, SYSCON_BASE, 4, SYSCON_RESET);
    assert_true(f->reset);
    assert_store_faults(f, SYSCON_BASE, 8);
    assert_store_faults(f, SYSCON_BASE, 1);
}

static void the_rom_can_be_read_and_not_written(void **state)
{
    struct fixture *f = *state;
    struct rom *rom = &f->devices.rom;

    assert_int_equal(rom_fill(rom, 8, "\x01\x02\x03\x04\x05\x06\x07\x08", 8),
                     STATUS_OK);
    assert_int_equal(bus_get(f, ROM_BASE + 8, 8), UINT64_C(0x0807060504030201));
    assert_int_equal(bus_get(f, ROM_BASE + 10, 2), 0x0403);
    assert_int_equal(bus_get(f, ROM_BASE, 4), 0);
    assert_store_faults(f, ROM_BASE + 8, 4);
    assert_int_equal(bus_get(f, ROM_BASE + 8, 1), 1);
    assert_int_equal(rom_fill(rom, ROM_SIZE - 1, "ab", 2), STATUS_TOO_BIG);
    assert_int_equal(rom_fill(rom, UINT64_MAX, "ab", 2), STATUS_TOO_BIG);
    assert_int_equal(rom_fill(rom, ROM_SIZE - 2, "ab", 2), STATUS_OK);
    assert_int_equal(bus_get(f, ROM_BASE + ROM_SIZE - 1, 1), 'b');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(the_map_is_qemus_virt),
        FIXTURE_TEST(every_slot_is_on_the_bus_in_ascending_order),
        FIXTURE_TEST(interrupt_numbers_are_distinct),
        FIXTURE_TEST(what_does_not_fit_is_refused),
        FIXTURE_TEST(disks_fill_the_slots_that_the_others_leave),
        FIXTURE_TEST(the_finisher_ends_the_run_with_the_guests_status),
        FIXTURE_TEST(the_rom_can_be_read_and_not_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
