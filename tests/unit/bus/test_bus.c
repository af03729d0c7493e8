/* The address map: who gets an access, and which accesses nobody gets. */
#include "bus/bus.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define RAM_BASE UINT64_C(0x80000000)

struct probe {
    uint64_t offset, value;
    unsigned size, loads, stores;
    bool refuse;
};

static bool probe_load(void *context, uint64_t offset, unsigned size,
                       uint64_t *v)
{
    struct probe *p = context;

    p->offset = offset;
    p->size = size;
    p->loads++;
    *v = UINT64_C(0x1122334455667788);
    return !p->refuse;
}

static bool probe_store(void *context, uint64_t offset, unsigned size,
                        uint64_t v)
{
    struct probe *p = context;

    p->offset = offset;
    p->size = size;
    p->value = v;
    p->stores++;
    return !p->refuse;
}

static struct bus_device device(struct probe *p, uint64_t base, uint64_t size)
{
    return (struct bus_device){ .name = "probe",
                                .base = base,
                                .size = size,
                                .context = p,
                                .load = probe_load,
                                .store = probe_store };
}

static int set_up(void **state)
{
    static struct bus b;

    assert_int_equal(ram_init(&b.ram, RAM_BASE, 2 * RAM_PAGE), STATUS_OK);
    clock_init(&b.clock);
    bus_init(&b);
    *state = &b;
    return 0;
}

static int tear_down(void **state)
{
    struct bus *b = *state;

    ram_free(&b->ram);
    return 0;
}

static void devices_are_kept_in_ascending_order(void **state)
{
    struct bus *b = *state;
    struct probe p[3] = { 0 };
    uint64_t v;

    assert_int_equal(bus_add(b, device(&p[2], 0x3000, 0x100)), STATUS_OK);
    assert_int_equal(bus_add(b, device(&p[0], 0x1000, 0x100)), STATUS_OK);
    assert_int_equal(bus_add(b, device(&p[1], 0x2000, 0x100)), STATUS_OK);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(b->device[i].base, 0x1000 * (i + 1));
        assert_int_equal(bus_load(b, 0x1000 * (i + 1) + 0xf8, 8, &v),
                         STATUS_OK);
        assert_int_equal(p[i].loads, 1);
        assert_int_equal(p[i].offset, 0xf8);
        assert_int_equal(p[i].size, 8);
    }
}

static void overlapping_empty_or_wrapping_ranges_are_refused(void **state)
{
    struct bus *b = *state;
    struct probe p = { 0 };
    static const struct {
        uint64_t base, size;
    } bad[] = {
        { 0x1000, 0x100 }, { 0x1080, 8 },     { 0x0ff8, 16 },
        { 0x0f00, 0x300 }, { RAM_BASE, 8 },   { RAM_BASE - 8, 16 },
        { 0x5000, 0 },     { UINT64_MAX, 2 },
    };

    assert_int_equal(bus_add(b, device(&p, 0x1000, 0x100)), STATUS_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(bus_add(b, device(&p, bad[i].base, bad[i].size)),
                         STATUS_BAD_ARGUMENT);
    assert_int_equal(bus_add(b, device(&p, 0x1100, 0x100)), STATUS_OK);
    assert_int_equal(bus_add(b, device(&p, 0x0f00, 0x100)), STATUS_OK);
}

static void no_more_devices_than_there_is_room_for(void **state)
{
    struct bus *b = *state;
    struct probe p = { 0 };

    for (unsigned i = 0; i < BUS_MAX_DEVICES; i++)
        assert_int_equal(bus_add(b, device(&p, 0x1000 * i, 8)), STATUS_OK);
    assert_int_equal(bus_add(b, device(&p, 0x100000, 8)), STATUS_BAD_ARGUMENT);
}

static void misaligned_odd_or_straddling_accesses_fault(void **state)
{
    struct bus *b = *state;
    struct probe p = { 0 };
    uint64_t v = 0;

    assert_int_equal(bus_add(b, device(&p, 0x1000, 0x104)), STATUS_OK);
    assert_int_equal(bus_load(b, 0x1002, 4, &v), STATUS_FAULT);
    assert_int_equal(bus_load(b, 0x1000, 3, &v), STATUS_FAULT);
    assert_int_equal(bus_load(b, 0x1000, 16, &v), STATUS_FAULT);
    assert_int_equal(bus_load(b, 0x1000, 0, &v), STATUS_FAULT);
    assert_int_equal(bus_load(b, 0x1100, 8, &v), STATUS_FAULT);
    assert_int_equal(bus_load(b, 0x1104, 4, &v), STATUS_FAULT);
    assert_int_equal(bus_store(b, 0x0ffc, 8, 0), STATUS_FAULT);
    assert_int_equal(bus_store(b, RAM_BASE + 1, 2, 0), STATUS_FAULT);
    assert_int_equal(p.loads + p.stores, 0);
    assert_int_equal(bus_load(b, 0x1100, 4, &v), STATUS_OK);
}

static void nothing_there_faults(void **state)
{
    uint64_t v;

    assert_int_equal(bus_load(*state, 0x1000, 4, &v), STATUS_FAULT);
    assert_int_equal(bus_store(*state, UINT64_MAX, 1, 0), STATUS_FAULT);
}

static void a_device_may_refuse(void **state)
{
    struct bus *b = *state;
    struct probe p = { .refuse = true };
    uint64_t v;

    assert_int_equal(bus_add(b, device(&p, 0x1000, 0x100)), STATUS_OK);
    assert_int_equal(bus_load(b, 0x1000, 4, &v), STATUS_FAULT);
    assert_int_equal(bus_store(b, 0x1000, 4, 1), STATUS_FAULT);
}

static void values_are_cut_to_the_size_of_the_access(void **state)
{
    struct bus *b = *state;
    struct probe p = { 0 };
    uint64_t v;

    assert_int_equal(bus_add(b, device(&p, 0x1000, 0x100)), STATUS_OK);
    assert_int_equal(bus_load(b, 0x1000, 2, &v), STATUS_OK);
    assert_int_equal(v, 0x7788);
    assert_int_equal(bus_load(b, 0x1000, 8, &v), STATUS_OK);
    assert_int_equal(v, UINT64_C(0x1122334455667788));
    assert_int_equal(bus_store(b, 0x1000, 1, 0xabcd), STATUS_OK);
    assert_int_equal(p.value, 0xcd);
}

static void ram_is_little_endian_and_noted_when_written(void **state)
{
    struct bus *b = *state;
    uint64_t v;

    assert_int_equal(bus_store(b, RAM_BASE + 8, 4, 0x11223344), STATUS_OK);
    assert_int_equal(b->ram.bytes[8], 0x44);
    assert_int_equal(b->ram.bytes[11], 0x11);
    assert_int_equal(b->ram.flags[0], RAM_DIRTY);
    assert_int_equal(bus_load(b, RAM_BASE + 10, 2, &v), STATUS_OK);
    assert_int_equal(v, 0x1122);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(devices_are_kept_in_ascending_order),
        TEST(overlapping_empty_or_wrapping_ranges_are_refused),
        TEST(no_more_devices_than_there_is_room_for),
        TEST(misaligned_odd_or_straddling_accesses_fault),
        TEST(nothing_there_faults),
        TEST(a_device_may_refuse),
        TEST(values_are_cut_to_the_size_of_the_access),
        TEST(ram_is_little_endian_and_noted_when_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
