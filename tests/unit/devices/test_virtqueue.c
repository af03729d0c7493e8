/* A hostile driver against a queue: it gives up, and never runs astray. */
#include "devices/virtio_driver.h"

#include <string.h>

#define RNG      DEVICES_RNG_SLOT
#define CONSOLE  DEVICES_CONSOLE_SLOT
#define TRANSMIT 1
#define END      (FIXTURE_RAM + FIXTURE_RAM_SIZE)

static void a_head_outside_the_table_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_submit(f, RNG, 0, QUEUE_SIZE);
    assert_virtio_gave_up(f, RNG, 0);
}

static void more_available_than_the_ring_holds_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    bus_put(f, AVAIL(0) + 2, 2, QUEUE_SIZE + 1);
    virtio_set(f, RNG, V_QUEUE_NOTIFY, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void an_index_that_goes_back_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    bus_put(f, AVAIL(0) + 2, 2, 0xffff);
    virtio_set(f, RNG, V_QUEUE_NOTIFY, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void a_buffer_that_is_not_in_ram_breaks_the_queue(void **state)
{
    static const struct {
        uint64_t pa;
        uint32_t len;
    } bad[] = {
        { 0, 16 },        { FIXTURE_RAM - 1, 16 }, { END - 8, 16 },
        { END, 1 },       { UINT64_MAX - 7, 16 },  { BUFFER, UINT32_MAX },
        { UART_BASE, 1 },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        virtio_start(f, RNG, 1);
        bus_put(f, AVAIL(0) + 2, 2, 0);
        virtio_describe(f, DESC(0), 0, bad[i].pa, bad[i].len, WRITE, 0);
        virtio_submit(f, RNG, 0, 0);
        assert_virtio_gave_up(f, RNG, 0);
    }
}

static void a_chain_is_checked_before_any_of_it_is_written(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, WRITE | NEXT, 1);
    virtio_describe(f, DESC(0), 1, END, 16, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(bus_get(f, BUFFER, 8), 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void a_buffer_that_ends_with_ram_is_fine(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, END - 16, 16, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used(f, 0), 1);
    assert_int_equal(virtio_used_length(f, 0, 0), 16);
}

static void a_loop_of_descriptors_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, WRITE | NEXT, 1);
    virtio_describe(f, DESC(0), 1, BUFFER, 16, WRITE | NEXT, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void a_loop_of_empty_descriptors_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, 0, 0, WRITE | NEXT, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void a_next_outside_the_table_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, WRITE | NEXT, QUEUE_SIZE);
    virtio_submit(f, RNG, 0, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void readable_after_writable_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, WRITE | NEXT, 1);
    virtio_describe(f, DESC(0), 1, BUFFER, 16, 0, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void a_chain_longer_than_ram_breaks_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, FIXTURE_RAM, FIXTURE_RAM_SIZE, WRITE | NEXT,
                    1);
    virtio_describe(f, DESC(0), 1, BUFFER, 1, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void the_longest_direct_chain_is_as_long_as_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    for (unsigned i = 0; i < QUEUE_SIZE; i++)
        virtio_describe(f, DESC(0), i, BUFFER + 2 * i, 1,
                        WRITE | (i + 1 < QUEUE_SIZE ? NEXT : 0), i + 1);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used_length(f, 0, 0), QUEUE_SIZE);
    for (unsigned i = 0; i < QUEUE_SIZE; i++)
        assert_int_equal(bus_get(f, BUFFER + 2 * i + 1, 1), 0);
}

/* An indirect table of n descriptors at BUFFER, n bytes of data behind it. */
static void make_indirect(struct fixture *f, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        virtio_describe(f, BUFFER, i, BUFFER + 0x4000 + i, 1,
                        WRITE | (i + 1 < n ? NEXT : 0), i + 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 16 * n, INDIRECT, 0);
}

static void indirect_descriptors_are_followed(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    make_indirect(f, VIRTQUEUE_MAX);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used_length(f, 0, 0), VIRTQUEUE_MAX);
    /* After direct ones too: */
    virtio_describe(f, DESC(0), 1, BUFFER + 0x8000, 5, WRITE | NEXT, 0);
    make_indirect(f, 3);
    virtio_submit(f, RNG, 0, 1);
    assert_int_equal(virtio_used_length(f, 0, 1), 8);
}

static void too_many_indirect_descriptors_break_the_queue(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    make_indirect(f, VIRTQUEUE_MAX + 1);
    virtio_submit(f, RNG, 0, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void bad_indirect_tables_break_the_queue(void **state)
{
    static const struct {
        uint64_t pa;
        uint32_t len;
        unsigned flags;
    } bad[] = {
        { BUFFER, 0, INDIRECT },           { BUFFER, 15, INDIRECT },
        { BUFFER, 24, INDIRECT },          { BUFFER, 32, INDIRECT | NEXT },
        { END - 16, 32, INDIRECT },        { 0, 16, INDIRECT },
        { UINT64_MAX - 15, 32, INDIRECT }, { BUFFER, 0xfffffff0, INDIRECT },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        virtio_start(f, RNG, 1);
        bus_put(f, AVAIL(0) + 2, 2, 0);
        make_indirect(f, 2);
        virtio_describe(f, DESC(0), 0, bad[i].pa, bad[i].len, bad[i].flags, 0);
        virtio_submit(f, RNG, 0, 0);
        assert_virtio_gave_up(f, RNG, 0);
    }
}

static void an_indirect_table_in_an_indirect_table_breaks_the_queue(
    void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, BUFFER, 0, BUFFER, 16, INDIRECT, 0);
    virtio_describe(f, DESC(0), 0, BUFFER, 16, INDIRECT, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

static void indirect_tables_that_were_not_negotiated_break_the_queue(
    void **state)
{
    struct fixture *f = *state;

    virtio_set(f, RNG, V_STATUS, ACKNOWLEDGE | DRIVER);
    virtio_set(f, RNG, V_DRIVER_FEATURES_SEL, 1);
    virtio_set(f, RNG, V_DRIVER_FEATURES, 1);
    virtio_set(f, RNG, V_STATUS, FEATURES_OK);
    virtio_place_queue(f, RNG, 0, QUEUE_SIZE);
    virtio_set(f, RNG, V_STATUS, RUNNING);
    make_indirect(f, 1);
    virtio_submit(f, RNG, 0, 0);
    assert_virtio_gave_up(f, RNG, 0);
}

/* The device's own write makes more available than there was. */
static void a_transfer_over_the_ring_cannot_keep_the_device_busy(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, AVAIL(0), 4 + 2 * QUEUE_SIZE, WRITE, 0);
    for (int i = 0; i < 1000; i++)
        virtio_submit(f, RNG, 0, 0);
    virtio_describe(f, DESC(0), 0, USED(0), 64, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    virtio_describe(f, DESC(0), 0, DESC(0), 128, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
}

static void indices_wrap_around_at_16_bits(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER, 8, WRITE, 0);
    for (unsigned i = 0; i < 0x10005; i++)
        virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used(f, 0), 5);
    assert_int_equal(virtio_get(f, RNG, V_STATUS), RUNNING);
}

static void a_full_ring_is_served_in_order(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, RNG, 1);
    for (unsigned i = 0; i < QUEUE_SIZE; i++) {
        virtio_describe(f, DESC(0), i, BUFFER + 64 * i, i + 1, WRITE, 0);
        virtio_offer(f, 0, QUEUE_SIZE - 1 - i);
    }
    virtio_set(f, RNG, V_QUEUE_NOTIFY, 0);
    assert_int_equal(virtio_used(f, 0), QUEUE_SIZE);
    for (unsigned i = 0; i < QUEUE_SIZE; i++)
        assert_int_equal(virtio_used_length(f, 0, i), QUEUE_SIZE - i);
}

static void one_broken_queue_leaves_the_other_alone(void **state)
{
    struct fixture *f = *state;

    virtio_start(f, CONSOLE, 2);
    console_push(&f->virtio_console, (const uint8_t *)"k", 1);
    virtio_submit(f, CONSOLE, 0, QUEUE_SIZE);
    assert_true(virtio_get(f, CONSOLE, V_STATUS) & NEEDS_RESET);
    bus_put(f, BUFFER, 4, 0x64636261);
    virtio_describe(f, DESC(TRANSMIT), 0, BUFFER, 4, 0, 0);
    virtio_submit(f, CONSOLE, TRANSMIT, 0);
    assert_int_equal(f->outputs, 4);
    assert_memory_equal(f->output, "abcd", 4);
}

/* A virtual machine's RAM may have holes that its range does not show. */
static uint8_t *lookup(void *context, uint64_t pa, uint64_t len, bool write)
{
    uint8_t *memory = context;

    (void)len;
    (void)write;
    return pa < BUFFER ? memory + (pa - FIXTURE_RAM) : NULL;
}

static void a_hole_in_looked_up_ram_breaks_the_queue(void **state)
{
    struct fixture *f = *state;
    struct ram own = f->bus.ram;

    ram_init_lookup(&f->bus.ram, own.base, own.size, lookup, own.bytes);
    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER - 8, 8, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(virtio_used(f, 0), 1);
    virtio_describe(f, DESC(0), 0, BUFFER - 8, 16, WRITE, 0);
    virtio_submit(f, RNG, 0, 0);
    assert_virtio_gave_up(f, RNG, 0);
    f->bus.ram = own;
}

static void transfers_note_the_pages_they_write(void **state)
{
    struct fixture *f = *state;
    uint64_t page = (BUFFER - FIXTURE_RAM) / RAM_PAGE;

    virtio_start(f, RNG, 1);
    virtio_describe(f, DESC(0), 0, BUFFER + RAM_PAGE - 4, 8, WRITE, 0);
    memset(f->bus.ram.flags, 0, FIXTURE_RAM_SIZE / RAM_PAGE);
    virtio_submit(f, RNG, 0, 0);
    assert_int_equal(f->bus.ram.flags[page], RAM_DIRTY);
    assert_int_equal(f->bus.ram.flags[page + 1], RAM_DIRTY);
    assert_int_equal(f->bus.ram.flags[page + 2], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FIXTURE_TEST(a_head_outside_the_table_breaks_the_queue),
        FIXTURE_TEST(more_available_than_the_ring_holds_breaks_the_queue),
        FIXTURE_TEST(an_index_that_goes_back_breaks_the_queue),
        FIXTURE_TEST(a_buffer_that_is_not_in_ram_breaks_the_queue),
        FIXTURE_TEST(a_chain_is_checked_before_any_of_it_is_written),
        FIXTURE_TEST(a_buffer_that_ends_with_ram_is_fine),
        FIXTURE_TEST(a_loop_of_descriptors_breaks_the_queue),
        FIXTURE_TEST(a_loop_of_empty_descriptors_breaks_the_queue),
        FIXTURE_TEST(a_next_outside_the_table_breaks_the_queue),
        FIXTURE_TEST(readable_after_writable_breaks_the_queue),
        FIXTURE_TEST(a_chain_longer_than_ram_breaks_the_queue),
        FIXTURE_TEST(the_longest_direct_chain_is_as_long_as_the_queue),
        FIXTURE_TEST(indirect_descriptors_are_followed),
        FIXTURE_TEST(too_many_indirect_descriptors_break_the_queue),
        FIXTURE_TEST(bad_indirect_tables_break_the_queue),
        FIXTURE_TEST(an_indirect_table_in_an_indirect_table_breaks_the_queue),
        FIXTURE_TEST(indirect_tables_that_were_not_negotiated_break_the_queue),
        FIXTURE_TEST(a_transfer_over_the_ring_cannot_keep_the_device_busy),
        FIXTURE_TEST(indices_wrap_around_at_16_bits),
        FIXTURE_TEST(a_full_ring_is_served_in_order),
        FIXTURE_TEST(one_broken_queue_leaves_the_other_alone),
        FIXTURE_TEST(a_hole_in_looked_up_ram_breaks_the_queue),
        FIXTURE_TEST(transfers_note_the_pages_they_write),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
